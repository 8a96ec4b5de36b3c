//! `vsai secret`: set, shown and deleted. Whatever happens on the way, no secret is lost and none is shown.

use std::fs;

use snapbox::str;

use super::Home;
use super::api::{Answer, Api, Sandbox, full, json};
use super::terminal::Terminal;

const KEY: &str = "vsai-sandbox-5f2c9a";
const SECRET: &str = "whsec-e3b0c44298fc1c14";
const OLD: &str = "whsec-older-7d865e959b";

fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    for text in [KEY, SECRET, OLD] {
        home.confidential(text);
    }
    home
}

/// A home whose profile holds [`OLD`] as the account's secret.
fn home_with_secret(url: &str) -> Home {
    let home = home_at(url);
    let good = Api::answering(|_| json(200, "{}"));
    let output = home.run_with(&format!("secret set --stdin --api-url {}", good.url), OLD.as_bytes());
    assert!(output.status.success(), "{output:?}");
    home
}

fn set(home: &Home, flags: &str) -> std::process::Output {
    home.run_with(&format!("secret set --stdin {flags}"), SECRET.as_bytes())
}

fn credentials(home: &Home) -> String {
    fs::read_to_string(home.path().join(".config/vsai/credentials.toml")).unwrap_or_default()
}

#[test]
fn a_secret_is_set_from_standard_input_or_a_file_and_shown_as_a_fingerprint() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.compare(
        &set(&home, ""),
        str![[r#"
exit 0
--- stdout
✓ webhook secret ce47e13c is set for profile default and kept in it
--- stderr

"#]],
    );
    assert_eq!(credentials(&home), format!("[profiles.default]\nwebhook_secret = \"{SECRET}\"\n"));
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
webhook secret ce47e13c from the profile
--- stderr

"#]],
    );
    home.secret_file("secret.txt", format!("{OLD}\n"));
    home.check("secret set --from-file secret.txt --json", str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"set","profile":"default","fingerprint":"08cd0812","source":null,"stored":true}
--- stderr
secret.txt: left out the newline at the end

"#]]);
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
webhook secret 08cd0812 from the profile
previous ce47e13c, kept to explain failed signatures
--- stderr

"#]],
    );
    home.check("secret show --json", str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"shown","profile":"default","fingerprint":"08cd0812","source":"profile","stored":true,"previous":"ce47e13c"}
--- stderr

"#]]);
}

#[test]
fn the_request_carries_the_secret_under_the_documented_guess_or_the_name_that_is_set() {
    let api = Api::answering(|_| full(204, "", ""));
    let home = home_at(&api.url);
    home.file(".config/vsai/config.toml", "[profiles.default]\nwebhook_secret_member = 'webhook_secret'\n");
    for flags in ["", "--member webhookSecret"] {
        assert!(set(&home, flags).status.success());
    }
    let home = home_at(&api.url);
    assert!(set(&home, "").status.success());
    let sent: Vec<_> = api.requests().into_iter().map(|request| (request.line, request.body)).collect();
    let line = "POST /v2/user/webhook-secret".to_owned();
    let body = |member: &str| format!("{{\"{member}\":\"{SECRET}\"}}");
    assert_eq!(sent, ["webhook_secret", "webhookSecret", "secret"].map(|member| (line.clone(), body(member))));
}

#[test]
fn a_generated_secret_is_shown_only_with_reveal() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let said = home.stdout("secret set --generate");
    let stored = credentials(&home);
    let secret = stored.split('"').nth(1).expect("a secret").to_owned();
    assert!(secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit()), "{stored}");
    assert!(!said.contains(&secret), "{said}");
    assert_eq!(home.stdout("secret show --reveal"), secret);
    let revealed = home.stdout("secret set --generate --reveal");
    assert!(credentials(&home).contains(&format!("webhook_secret = \"{revealed}\"")));
    assert_ne!(revealed, secret);
    home.confidential(secret);
    home.confidential(revealed);
}

#[test]
fn reveal_prints_the_secret_as_it_is() {
    let sandbox = Sandbox::start("");
    let home = Home::new().variable("VSAI_API_URL", &sandbox.url).variable("VSAI_API_KEY", KEY);
    let secret = "tab\there\u{202e} and a quote\" 0123456789";
    let output = home.run_with("secret set --stdin --reveal", secret.as_bytes());
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{secret}\n"));
    assert_eq!(home.stdout("secret show --reveal"), secret);
    let shown: serde_json::Value = serde_json::from_str(&home.stdout("secret show --reveal --json")).expect("JSON");
    assert_eq!(shown["secret"], secret);
}

#[test]
fn a_first_secret_of_which_the_api_said_nothing_clear_is_shown_as_unclear() {
    let api = Api::answering(|_| full(503, "retry-after: 3600\r\n", ""));
    let home = home_at(&api.url);
    set(&home, "");
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
no webhook secret is known to be set
unclear whether set: ce47e13c
--- stderr

"#]],
    );
    home.check("secret show --json", str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"shown","profile":"default","fingerprint":null,"source":null,"stored":true,"pending":["ce47e13c"]}
--- stderr

"#]]);
}

#[test]
fn a_secret_that_is_not_to_be_stored_is_in_no_file() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.compare(
        &set(&home, "--no-store"),
        str![[r#"
exit 0
--- stdout
✓ webhook secret ce47e13c is set for profile default; it was not kept here
--- stderr

"#]],
    );
    home.compare(&set(&home, "--no-store --json"), str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"set","profile":"default","fingerprint":"ce47e13c","source":null,"stored":false}
--- stderr

"#]]);
    home.check(
        "secret set --generate --no-store",
        str![[r#"
exit 2
--- stdout
--- stderr
error: --generate --no-store without --reveal would lose the secret

"#]],
    );
    let revealed = home.stdout("secret set --generate --no-store --reveal");
    assert!(revealed.len() == 64 && credentials(&home).is_empty());
}

#[test]
fn a_secret_is_typed_unseen_and_asked_about() {
    let sandbox = Sandbox::start("");
    let home = home_with_secret(&sandbox.url);
    let mut terminal = Terminal::start(&home, "secret set");
    terminal.asks("Webhook secret: ").answer_unseen(SECRET).asks("[y/N] ").answer("y");
    home.compare_text(&terminal.end(), str![[r#"
exit 0
Webhook secret: 
This replaces the webhook secret of profile default: every receiver with the old one will refuse from now on. Go on? [y/N] y
✓ webhook secret ce47e13c is set for profile default and kept in it

"#]]);
    assert!(credentials(&home).contains(&format!("\nwebhook_secret = \"{SECRET}\"")));
}

#[test]
fn anything_but_yes_changes_nothing() {
    let api = Api::answering(|_| json(200, "{}"));
    let home = home_with_secret(&api.url);
    let before = credentials(&home);
    for answer in ["n", "", "yess"] {
        let mut terminal = Terminal::start(&home, "secret set --generate");
        terminal.asks("[y/N] ").answer(answer);
        assert!(terminal.end().starts_with("exit 1"));
    }
    let mut terminal = Terminal::start(&home, "secret set --generate");
    terminal.asks("[y/N] ").answer("no");
    home.compare_text(&terminal.end(), str![[r#"
exit 1
This replaces the webhook secret of profile default: every receiver with the old one will refuse from now on. Go on? [y/N] no
error: nothing was changed

"#]]);
    let mut terminal = Terminal::start(&home, "secret delete");
    terminal.asks("[y/N] ").answer("n");
    home.compare_text(
        &terminal.end(),
        str![[r#"
exit 1
Delete the webhook secret of profile default? Webhooks come unsigned from then on. [y/N] n
error: nothing was changed

"#]],
    );
    assert_eq!((api.requests().len(), credentials(&home)), (0, before));
}

#[test]
fn yes_asks_nothing() {
    let sandbox = Sandbox::start("");
    let home = home_with_secret(&sandbox.url);
    home.secret_file("new", SECRET);
    let terminal = Terminal::start(&home, "secret set --from-file new --yes");
    assert!(terminal.end().starts_with("exit 0"));
    let mut terminal = Terminal::start(&home, "secret delete");
    terminal.asks("[y/N] ").answer("yes");
    home.compare_text(
        &terminal.end(),
        str![[r#"
exit 0
Delete the webhook secret of profile default? Webhooks come unsigned from then on. [y/N] yes
✓ the webhook secret is deleted: webhooks come unsigned from now on
previous ce47e13c, kept to explain failed signatures

"#]],
    );
}

#[test]
fn with_nobody_to_ask_it_says_how_else() {
    let home = home_at("http://127.0.0.1:9/v2");
    home.check(
        "secret set",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot ask for "Webhook secret": there is no terminal
  hint: --generate, --from-file FILE, or --stdin

"#]],
    );
}

#[test]
fn a_secret_as_argument_is_refused_and_not_repeated() {
    let home = home_at("http://127.0.0.1:9/v2");
    home.check(
        &format!("secret set {SECRET}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: vsai secret set asks for it; or --from-file FILE, or --stdin

"#]],
    );
    home.check(
        &format!("secret set {SECRET} {OLD} --yes"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: vsai secret set asks for it; or --from-file FILE, or --stdin

"#]],
    );
    home.check(
        &format!("secret set --secret={SECRET}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: --secret-file FILE or VSAI_WEBHOOK_SECRET; vsai secret set --from-file FILE or --stdin

"#]],
    );
}

#[test]
fn odd_secrets_are_taken_with_a_warning() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    for (secret, expected) in [
        (
            "short",
            str![[r#"
exit 0
--- stdout
✓ webhook secret 38e58bcc is set for profile default and kept in it
--- stderr
warning: the secret is shorter than 16 bytes: it can be guessed; it is taken as it is

"#]],
        ),
        (
            " whsec-0123456789abcdef",
            str![[r#"
exit 0
--- stdout
✓ webhook secret ae0a90b0 is set for profile default and kept in it
--- stderr
warning: the secret begins or ends with white space; it is taken as it is

"#]],
        ),
        (
            "'whsec-0123456789abcdef'",
            str![[r#"
exit 0
--- stdout
✓ webhook secret dcb1d24d is set for profile default and kept in it
--- stderr
warning: the secret stands in quotes; it is taken as it is

"#]],
        ),
    ] {
        home.compare(&home.run_with("secret set --stdin", secret.as_bytes()), expected);
    }
    home.check_with(
        "secret set --stdin",
        b"\n",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from standard input: it is empty

"#]],
    );
    home.check_with(
        "secret set --stdin",
        b"\xff",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from standard input: it is not UTF-8 text

"#]],
    );
}

#[test]
fn a_definite_no_drops_the_new_secret() {
    for (status, message, expected) in [
        (
            401,
            "Invalid API key",
            str![[r#"
exit 4
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: the API key was refused (401): Invalid API key
  hint: vsai login stores another key; vsai whoami tells which is used

"#]],
        ),
        (
            403,
            "no API plan",
            str![[r#"
exit 4
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: forbidden (403): no API plan
  hint: the account's plan may lack the API, or its photos are used up: vsai whoami

"#]],
        ),
        (
            404,
            "no such route",
            str![[r#"
exit 1
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: not found (404): no such route
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it

"#]],
        ),
        (
            402,
            "pay first",
            str![[r#"
exit 5
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: payment required (402): pay first
  hint: the account has to pay first; vsai whoami shows its quota

"#]],
        ),
    ] {
        let api = Api::answering(move |_| json(status, &format!("{{\"message\":\"{message}\"}}")));
        let home = home_with_secret(&api.url);
        let before = credentials(&home);
        home.compare(&set(&home, ""), expected);
        assert_eq!((credentials(&home), api.requests().len()), (before, 1));
    }
}

#[test]
fn a_member_that_the_api_does_not_take_is_named_with_the_setting() {
    let api = Api::answering(|_| json(400, r#"{"message":"\"webhook_secret\" is required"}"#));
    let home = home_with_secret(&api.url);
    home.compare(
        &set(&home, ""),
        str![[r#"
exit 1
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: refused as invalid (400): "webhook_secret" is required
  hint: the request's member "secret" is a guess: try --member webhook_secret or --member webhookSecret,
  hint: and keep what works as webhook_secret_member in [HOME]/.config/vsai/config.toml

"#]],
    );
    home.compare(&set(&home, "--json"), str![[r#"
exit 1
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"refused","message":"POST /user/webhook-secret at http://127.0.0.1:[PORT]: refused as invalid (400): \"webhook_secret\" is required","hint":"the request's member \"secret\" is a guess: try --member webhook_secret or --member webhookSecret,\nand keep what works as webhook_secret_member in [HOME]/.config/vsai/config.toml"}
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: refused as invalid (400): "webhook_secret" is required
  hint: the request's member "secret" is a guess: try --member webhook_secret or --member webhookSecret,
  hint: and keep what works as webhook_secret_member in [HOME]/.config/vsai/config.toml

"#]]);
    assert!(!credentials(&home).contains(SECRET));
}

#[test]
fn after_an_unclear_outcome_both_secrets_are_kept_and_both_verify() {
    let api = Api::answering(|_| full(503, "retry-after: 3600\r\n", ""));
    let home = home_with_secret(&api.url);
    home.compare(
        &set(&home, ""),
        str![[r#"
exit 6
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: the API failed (503); it asks to wait 3600 s
  hint: secret ce47e13c may be set by now: it is kept and accepted beside the old one; set it again to be sure

"#]],
    );
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
webhook secret 08cd0812 from the profile
unclear whether set: ce47e13c
--- stderr

"#]],
    );
    home.check("secret show --json", str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"shown","profile":"default","fingerprint":"08cd0812","source":"profile","stored":true,"pending":["ce47e13c"]}
--- stderr

"#]]);
    both_verify(&home);
    // Once the API has answered, only the new one is left.
    let sandbox = Sandbox::start("");
    home.check(
        &format!("whoami -q --api-url {}", sandbox.url),
        str![[r#"
exit 0
--- stdout
account        developer@example.com
uid            sandbox_[..]
staging        0 of 100 photos used, 100 left
image editing  0 photos used, no limit
profile        default  (default)
API            http://127.0.0.1:[PORT]/v2  (flag)
API key        set  (environment)
webhook secret 08cd0812, ce47e13c  (profile)
--- stderr

"#]],
    );
    home.compare(
        &set(&home, &format!("--api-url {}", sandbox.url)),
        str![[r#"
exit 0
--- stdout
✓ webhook secret ce47e13c is set for profile default and kept in it
--- stderr

"#]],
    );
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
webhook secret ce47e13c from the profile
previous 08cd0812, kept to explain failed signatures
--- stderr

"#]],
    );
}

/// What is signed with the old or the new secret is verified with those of the profile.
#[track_caller]
fn both_verify(home: &Home) {
    home.file("event.json", "[1]");
    for secret in [SECRET, OLD] {
        home.secret_file("one-secret", secret);
        let signature = home.stdout("sign event.json --secret-file one-secret");
        home.stdout(&format!("verify event.json --sig {signature}"));
    }
}

#[test]
fn an_unclear_outcome_of_a_secret_that_is_not_stored_says_what_to_do() {
    let api = Api::answering(|_| full(503, "retry-after: 3600\r\n", ""));
    let home = home_at(&api.url);
    home.compare(
        &set(&home, "--no-store"),
        str![[r#"
exit 6
--- stdout
--- stderr
error: POST /user/webhook-secret at http://127.0.0.1:[PORT]: the API failed (503); it asks to wait 3600 s
  hint: secret ce47e13c may be set by now; set it again to be sure

"#]],
    );
}

#[test]
fn killed_while_the_api_has_not_answered_it_keeps_both_secrets() {
    let api = Api::answering(|_| Answer::Silence);
    let home = home_with_secret(&api.url);
    home.secret_file("new", SECRET);
    let running = home.start("secret set --from-file new");
    api.wait_for(1);
    let command_line = fs::read(format!("/proc/{}/cmdline", running.pid())).expect("it runs");
    assert!(!String::from_utf8_lossy(&command_line).contains(SECRET));
    running.signal("KILL");
    assert_eq!(running.end().0, None);
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
webhook secret 08cd0812 from the profile
unclear whether set: ce47e13c
--- stderr

"#]],
    );
    both_verify(&home);
}

#[test]
fn deleting_asks_the_api_first_and_keeps_the_secret_for_diagnosis() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    set(&home, "");
    home.check("secret delete --json", str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"deleted","profile":"default","fingerprint":null,"source":null,"stored":false,"previous":"ce47e13c"}
--- stderr

"#]]);
    home.check(
        "secret show",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
    assert!(credentials(&home).contains(&format!("previous_webhook_secret = \"{SECRET}\"")));
    home.check(
        "secret delete",
        str![[r#"
exit 0
--- stdout
✓ the webhook secret is deleted: webhooks come unsigned from now on
previous ce47e13c, kept to explain failed signatures
--- stderr

"#]],
    );
    let gone = Api::answering(|_| json(404, r#"{"message":"no secret"}"#));
    home.check(
        &format!("secret delete --api-url {}", gone.url),
        str![[r#"
exit 0
--- stdout
✓ the webhook secret is deleted: webhooks come unsigned from now on
previous ce47e13c, kept to explain failed signatures
--- stderr
the account had no webhook secret

"#]],
    );
}

#[test]
fn a_secret_that_was_not_deleted_stays() {
    for (status, expected) in [
        (
            401,
            str![[r#"
exit 4
--- stdout
--- stderr
error: DELETE /user/webhook-secret at http://127.0.0.1:[PORT]: the API key was refused (401)
  hint: vsai login stores another key; vsai whoami tells which is used

"#]],
        ),
        (
            500,
            str![[r#"
exit 6
--- stdout
--- stderr
error: DELETE /user/webhook-secret at http://127.0.0.1:[PORT]: the API failed (500); it asks to wait 3600 s
  hint: try again later

"#]],
        ),
    ] {
        let api = Api::answering(move |_| full(status, "retry-after: 3600\r\n", ""));
        let home = home_with_secret(&api.url);
        let before = credentials(&home);
        home.check("secret delete", expected);
        assert_eq!(credentials(&home), before);
    }
}

#[test]
fn the_secret_of_the_environment_is_shown_as_such() {
    let home = Home::new().variable("VSAI_WEBHOOK_SECRET", SECRET);
    home.confidential(SECRET);
    home.check(
        "secret show",
        str![[r#"
exit 0
--- stdout
webhook secret ce47e13c from the environment
--- stderr

"#]],
    );
    home.check("secret show --json", str![[r#"
exit 0
--- stdout
{"kind":"secret","schema":"vsai.secret/1","state":"shown","profile":"default","fingerprint":"ce47e13c","source":"environment","stored":false}
--- stderr

"#]]);
}

#[test]
fn without_a_key_nothing_is_kept() {
    let home = Home::new();
    home.check_with(
        "secret set --stdin",
        SECRET.as_bytes(),
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile default
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]],
    );
    assert!(!home.path().join(".config").exists());
}

#[test]
fn a_secret_that_cannot_be_kept_is_not_sent() {
    let api = Api::answering(|_| json(200, "{}"));
    let home = home_at(&api.url);
    home.file("file", "");
    home.compare(
        &set(&home, "--config-dir file"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the credentials in file/credentials.toml: not a directory

"#]],
    );
    assert!(api.requests().is_empty());
}

#[test]
fn a_secret_set_without_being_kept_retires_the_one_that_is_kept() {
    let api = Api::answering(|_| json(200, "{}"));
    let home = home_with_secret(&api.url);
    assert!(set(&home, "--no-store").status.success());
    let stored = credentials(&home);
    assert!(stored.contains(&format!("previous_webhook_secret = \"{OLD}\"")), "{}", stored.replace(OLD, "[old]"));
    assert_eq!(home.run("secret show").status.code(), Some(2));
}

#[test]
fn no_input_on_a_terminal_needs_yes() {
    let api = Api::answering(|_| json(200, "{}"));
    let home = home_at(&api.url);
    let shown = Terminal::start(&home, "--no-input secret set --generate").end();
    assert!(shown.starts_with("exit 2") && shown.contains("hint: --yes"), "{shown}");
    assert!(api.requests().is_empty());
    assert!(Terminal::start(&home, "--no-input secret set --generate --yes").end().starts_with("exit 0"));
}
