//! Why a delivery was refused.

use snapbox::str;

use super::{json, received};
use crate::home::Home;
use crate::sender::{Post, SECRET, done, signature};

#[test]
fn the_listener_tells_how_a_refusal_is_explained() {
    let home = Home::new();
    home.file("secret", SECRET);
    let mut listening = home.listen_as("-p sandbox", "--secret-file secret --journal it's.db");
    Post::unsigned("{}").send(listening.address);
    let line = listening.line("refused");
    assert!(
        line.ends_with(r"  vsai -p sandbox events explain --secret-file secret --journal 'it'\''s.db' ref_1"),
        "{line}"
    );
    listening.interrupt();
    let output = home.bash(r"vsai -p sandbox events explain --secret-file secret --journal 'it'\''s.db' ref_1");
    home.compare(
        &output,
        str![[r#"
exit 1
--- stdout
[..]  -->  refused ref_1  no X-VSAI-Signature header  (2 bytes from 127.0.0.1, answered 401)
  sent to /
  not explained: there is no signature to compare with
  noticed: there is no signature
  noticed: the live secret 282fdcd7 is a placeholder's text
  fix: send the header X-VSAI-Signature; this API sends none while the account has no webhook secret: `vsai secret set`
  fix: fill in the variable or file that it comes from
--- stderr

"#]],
    );
}

#[test]
fn a_cause_is_proved_and_it_stays_refused() {
    let body = done("rnd_abc", "var_1");
    let sig = signature(SECRET, &body);
    let (home, _) = received(&[Post::with(body, format!("sha256={sig}")).line("POST /?job=7 HTTP/1.1")]);
    home.check("events explain ref_1 --secret-file secret", str![[r#"
exit 1
--- stdout
[..]  -->  refused ref_1  "done"  "rnd_abc"  a malformed X-VSAI-Signature header: a signature is 64 lower-case hex digits  (214 bytes from 127.0.0.1, answered 401)
  sent to /?job=7
  cause: the digits come after a prefix, `sha256`, that other APIs use
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  proved: with this undone, the signature is right (secret 282fdcd7)
--- stderr

"#]]);
    let explanation = json_of_no(&home, "events explain ref_1 --secret-file secret");
    assert_eq!(explanation["diagnosis"]["cause"][0]["code"], "header_prefixed");
    assert_eq!((&explanation["verified"], &explanation["refused"]["ref"]), (&false.into(), &"ref_1".into()));
}

/// The record of a run whose answer is no.
#[track_caller]
fn json_of_no(home: &Home, arguments: &str) -> serde_json::Value {
    let output = home.run(&format!("--json {arguments}"));
    assert_eq!(output.status.code(), Some(1));
    serde_json::from_slice(&output.stdout).expect("one record")
}

#[test]
fn what_a_later_secret_has_signed_is_right_by_now() {
    let body = done("rnd_abc", "var_1");
    let (home, _) = received(&[Post::with(body.as_str(), signature("later-secret", &body))]);
    home.file("later", "later-secret");
    assert_eq!(home.run("events explain ref_1 --secret-file secret").status.code(), Some(1));
    home.check(
        "events explain ref_1 --secret-file secret --secret-file later",
        str![[r#"
exit 0
--- stdout
[..]  -->  refused ref_1  "done"  "rnd_abc"  signature mismatch  (214 bytes from 127.0.0.1, answered 401)
  sent to /
  ✓ its signature is right with a secret of today (secret 4ab9d0e5)
--- stderr

"#]],
    );
    assert_eq!(json(&home, "events explain ref_1 --secret-file later")[0]["verified"], true);
}

#[test]
fn a_body_that_is_kept_in_part_is_not_explained() {
    let body = format!(r#"{{"event_type":"done","padding":"{}"}}"#, "x".repeat(400_000));
    let changed = signature(SECRET, format!("{body}\n"));
    let (home, _) = received(&[Post::with(body, changed)]);
    home.check(
        "events explain ref_1 --secret-file secret",
        str![[r#"
exit 1
--- stdout
[..]  -->  refused ref_1  signature mismatch  (400034 bytes from 127.0.0.1, answered 401)
  sent to /
  not explained: of the 400034 bytes of its body only the first 262144 are kept
--- stderr

"#]],
    );
}

#[test]
fn only_the_last_hundred_are_kept() {
    let (home, _) = received(&[]);
    home.check(
        "events explain ref_7 --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no refused delivery ref_7: the last 100 are kept

"#]],
    );
    home.check(
        "events explain evt_7 --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'evt_7' for '<REF_N>': a refused delivery is called ref_1, ref_2 and so on

"#]],
    );
}
