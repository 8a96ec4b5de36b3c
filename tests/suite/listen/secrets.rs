//! Which secrets verify: given, stored, changed on disk, or none.

use std::path::Path;

use serde_json::json;
use snapbox::str;

use crate::home::Home;
use crate::listening::{Listening, of_kind};
use crate::sender::{Post, done, signature};

/// A delivery signed with this secret.
fn signed_with(secret: &str, variation: &str) -> Post {
    Post::with(done("r", variation), signature(secret, done("r", variation)))
}

fn status(listening: &Listening, secret: &str, variation: &str) -> u16 {
    signed_with(secret, variation).send(listening.address).status
}

/// Writes the profile's credentials as the program does: whole, under another name first.
fn store(home: &Home, contents: &str) {
    let folder = home.path().join(".config/vsai");
    let file = home.file(".config/vsai/new", contents);
    private(&file);
    std::fs::rename(file, folder.join("credentials.toml")).expect("renamed");
}

fn private(file: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("changed");
}

#[test]
fn without_a_secret_it_does_not_start_and_says_how_to_get_one() {
    Home::new().check(
        "listen --port 0",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET
  hint: --unverified mark goes on without one

"#]],
    );
}

#[test]
fn an_empty_secret_is_none_wherever_it_comes_from() {
    let home = Home::new();
    home.file("empty", "\n");
    for arguments in ["--secret-file empty", "--secret-file empty --unverified mark"] {
        let output = home.run(&format!("listen --port 0 {arguments}"));
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(
            (output.status.code(), said.as_str()),
            (Some(2), "error: cannot take the secret from empty: it is empty\n")
        );
    }
    let home = home.variable("VSAI_WEBHOOK_SECRET", "");
    assert_eq!(home.run("listen --port 0").status.code(), Some(2));
}

#[test]
fn a_secret_is_not_taken_as_an_argument() {
    let output = Home::new().run("listen --port 0 --secret hunter2");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("shell history") && !said.contains("hunter2"), "{said}");
}

#[test]
fn several_secrets_are_live_at_once_and_the_record_tells_which_signed() {
    let home = Home::new();
    home.file("old", "old-secret\n");
    home.file("new", "new-secret");
    let mut listening = home.listen_as("", "--json --secret-file old --secret-file new");
    let ready: serde_json::Value = serde_json::from_str(&listening.line("ready")).expect("JSON");
    let secrets = ready["secrets"].as_array().expect("a list").clone();
    assert!(secrets.len() == 2 && secrets[0] != secrets[1], "{secrets:?}");
    assert_eq!(status(&listening, "new-secret", "1"), 200);
    assert_eq!(status(&listening, "old-secret", "2"), 200);
    assert_eq!(status(&listening, "old-secret\n", "3"), 401, "the file's newline is no part of it");
    let (_, records) = listening.interrupt_with_records();
    let signers: Vec<_> = of_kind(&records, "event").iter().map(|event| event["secret"].clone()).collect();
    assert_eq!(signers, [secrets[1].clone(), secrets[0].clone()]);
}

#[test]
fn the_environment_wins_over_the_profile_and_a_profile_flag_over_both() {
    let home = Home::new().variable("VSAI_WEBHOOK_SECRET", "of-environment");
    store(&home, "[profiles.default]\nwebhook_secret = 'of-profile'\n");
    for (before, secret) in [("", "of-environment"), ("-p default", "of-profile")] {
        let listening = home.listen_as(before, "");
        for tried in ["of-environment", "of-profile"] {
            let expected = if tried == secret { 200 } else { 401 };
            assert_eq!(status(&listening, tried, "1"), expected, "{before} {tried}");
        }
    }
}

#[test]
fn a_secret_that_changes_on_disk_is_picked_up_by_the_next_delivery_that_fails() {
    let home = Home::new();
    store(&home, "[profiles.default]\nwebhook_secret = 'first'\n");
    let listening = home.listen_as("", "--json");
    assert_eq!(status(&listening, "first", "1"), 200);
    assert_eq!(status(&listening, "second", "2"), 401);
    store(&home, "[profiles.default]\nwebhook_secret = 'first'\npending_webhook_secrets = ['second']\n");
    assert_eq!(status(&listening, "second", "2"), 200, "sent without a clear answer: both are live");
    assert_eq!(status(&listening, "first", "3"), 200);
    store(&home, "[profiles.default]\nwebhook_secret = 'second'\nprevious_webhook_secret = 'first'\n");
    assert_eq!(status(&listening, "third", "4"), 401);
    assert_eq!(status(&listening, "first", "4"), 401, "what is kept to explain failures verifies nothing");
    // A file that cannot be read for a while is tried again.
    store(&home, "[profiles.default]\nwebhook_secret = 'third'\n");
    let file = home.path().join(".config/vsai/credentials.toml");
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("changed");
    assert_eq!(status(&listening, "third", "4"), 401);
    assert_eq!(status(&listening, "second", "5"), 200, "the last readable secrets stay");
    private(&file);
    assert_eq!(status(&listening, "third", "4"), 200);
    let (_, records) = listening.interrupt_with_records();
    assert_eq!(of_kind(&records, "event").len(), 5);
}

#[test]
fn a_given_secret_is_not_mixed_with_the_stored_ones() {
    let home = Home::new();
    let listening = home.listen("");
    store(&home, "[profiles.default]\nwebhook_secret = 'stored'\n");
    assert_eq!(status(&listening, "stored", "1"), 401);
}

#[test]
fn secret_set_reaches_a_running_listener() {
    let home = Home::new();
    let sandbox = home.sandbox("");
    let vsai = format!("-p sandbox --api-url http://{}/v2", sandbox.address);
    home.file("one", "first-secret-of-sixteen");
    home.file("two", "second-secret-of-sixteen");
    home.stdout(&format!("{vsai} secret set --from-file one --yes"));
    let listening = home.listen_as(&vsai, "--count 2");
    assert_eq!(status(&listening, "first-secret-of-sixteen", "1"), 200);
    home.stdout(&format!("{vsai} secret set --from-file two --yes"));
    assert_eq!(status(&listening, "first-secret-of-sixteen", "1"), 200, "until a delivery fails");
    assert_eq!(status(&listening, "second-secret-of-sixteen", "2"), 200);
    assert_eq!(listening.end().0, Some(0));
}

#[test]
fn what_cannot_be_verified_can_be_marked_but_never_becomes_an_event() {
    let home = Home::new();
    home.file("secret", "test-secret");
    for arguments in ["--unverified mark", "--unverified mark --secret-file secret"] {
        let listening = home.listen_as("", &format!("--json --timeout 2s --count 1 --until-done v {arguments}"));
        let payload = done("r", "v");
        let forged = Post::with(payload.clone(), signature("forged", &payload));
        for (post, status) in [
            (Post::unsigned(payload.clone()), 200),
            (forged, 200),
            (Post::unsigned(payload.clone()).line("GET / HTTP/1.1"), 405),
            (Post::unsigned(b"\xff".to_vec()), 200),
        ] {
            assert_eq!(post.send(listening.address).status, status);
        }
        let (code, records) = listening.end_with_records();
        assert_eq!((code, of_kind(&records, "event").len()), (Some(124), 0), "it counts for nothing");
        let unverified = of_kind(&records, "unverified");
        let shown: Vec<_> = unverified.iter().map(|record| record["unverified_payload"].as_str()).collect();
        assert_eq!(shown, [Some(payload.as_str()), Some(&payload), None, Some("\u{fffd}")]);
        assert_eq!(unverified[0]["claims"], json!({"event_type": "done", "render_id": "r", "variation_id": "v"}));
        let marked = if arguments.contains("secret") { 0 } else { 1 };
        assert_eq!(of_kind(&records, "warning").len(), marked);
    }
    let home = Home::new();
    let listening = home.listen("--unverified mark --count 1");
    Post::unsigned(done("r", "v")).send(listening.address);
    assert_eq!(status(&listening, "test-secret", "v"), 200);
    let (code, stdout, _) = listening.end();
    assert_eq!((code, stdout.lines().count()), (Some(0), 2));
    assert!(stdout.contains("UNVERIFIED ref_1  \"done\"  \"r\"  no X-VSAI-Signature header"), "{stdout}");
}

#[test]
fn secrets_are_never_in_the_output() {
    let home = Home::new().variable("VSAI_WEBHOOK_SECRET", "hunter2-of-environment");
    home.file("secret", "hunter2-of-file\n");
    for (before, after) in [("-v", "--secret-file secret"), ("-v --json", "--unverified mark"), ("-v", "")] {
        let secret = if after.contains("file") { "hunter2-of-file" } else { "hunter2-of-environment" };
        let listening = home.listen_as(before, after);
        assert_eq!(status(&listening, secret, "1"), 200);
        status(&listening, "forged", "2");
        let (_, stdout, stderr) = listening.interrupt();
        assert!(stdout.contains("verified") && !(stdout + &stderr).contains("hunter2"));
    }
}
