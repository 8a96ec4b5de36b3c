//! `vsai verify`: verdicts, where signatures come from, records, and exit codes.

use snapbox::str;

use super::Home;
use super::payloads::{feed, fifo, file_of_zeros, unreadable};

/// Of `{"event_type":"done"}` with `test-secret`.
const DONE: &str = "68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6";

fn home() -> Home {
    let mut home = Home::new();
    home.secret_file("secret", "test-secret");
    home.secret_file("new-secret", "another-secret");
    home.file("event.json", "{\"event_type\":\"done\"}");
    home.file("spaced.json", "{ \"event_type\": \"done\" }\n");
    home.file("event.json.sig", format!("{DONE}\n"));
    home.redact("[DONE]", DONE);
    home
}

fn verify(home: &Home, arguments: &str) -> std::process::Output {
    home.run(&format!("verify {arguments} --secret-file secret"))
}

#[test]
fn what_was_signed_is_verified() {
    let home = home();
    home.compare(
        &verify(&home, &format!("event.json --sig {DONE}")),
        str![[r#"
exit 0
--- stdout
event.json: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    home.compare(&verify(&home, &format!("--sig {DONE} event.json --json")), str![[r#"
exit 0
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":true,"matched":"both","secret":"282fdcd7"}
--- stderr

"#]]);
}

#[test]
fn says_which_form_was_signed() {
    let home = home();
    home.compare(
        &verify(&home, &format!("spaced.json --sig {DONE}")),
        str![[r#"
exit 0
--- stdout
spaced.json: ✓ verified, its canonical form: it was reformatted on the way (secret 282fdcd7)
--- stderr

"#]],
    );
    let raw = home.stdout("sign spaced.json --raw --secret-file secret");
    home.compare(
        &verify(&home, &format!("spaced.json --sig {raw}")),
        str![[r#"
exit 0
--- stdout
spaced.json: ✓ verified, the exact bytes (secret 282fdcd7)
--- stderr
warning: spaced.json is not canonical JSON: the documented receiver, which parses and writes it again, would refuse it

"#]],
    );
    home.compare(&verify(&home, &format!("spaced.json --sig {raw} --json")), str![[r#"
exit 0
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"spaced.json","verified":true,"matched":"raw","secret":"282fdcd7"}
{"kind":"warning","schema":"vsai.warning/1","code":"not_canonical","message":"spaced.json is not canonical JSON: the documented receiver, which parses and writes it again, would refuse it"}
--- stderr
warning: spaced.json is not canonical JSON: the documented receiver, which parses and writes it again, would refuse it

"#]]);
    home.compare(
        &verify(&home, &format!("spaced.json --sig {raw} --raw")),
        str![[r#"
exit 0
--- stdout
spaced.json: ✓ verified, the exact bytes (secret 282fdcd7)
--- stderr

"#]],
    );
    home.compare(
        &verify(&home, &format!("spaced.json --sig {DONE} --raw")),
        str![[r#"
exit 1
--- stdout
spaced.json: ✗ not verified: signature mismatch (only the exact bytes were tried)
--- stderr
--explain looks for the cause

"#]],
    );
}

#[test]
fn the_signature_is_read_from_beside_the_file_from_a_file_or_from_the_command_line() {
    let home = home();
    home.file("received.txt", format!("  {DONE}\r\n"));
    home.compare(
        &verify(&home, "event.json --sig"),
        str![[r#"
exit 0
--- stdout
event.json: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    home.compare(
        &verify(&home, "spaced.json --sig-file received.txt"),
        str![[r#"
exit 0
--- stdout
spaced.json: ✓ verified, its canonical form: it was reformatted on the way (secret 282fdcd7)
--- stderr

"#]],
    );
    home.check_with(
        &format!("verify - --sig {DONE} --secret-file secret"),
        b"{\"event_type\":\"done\"}",
        str![[r#"
exit 0
--- stdout
-: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
}

#[test]
fn what_sign_writes_verify_reads() {
    let home = home();
    home.file("other.json", "[1]");
    home.run("sign spaced.json other.json --write --secret-file secret");
    home.compare(
        &verify(&home, "spaced.json other.json --sig"),
        str![[r#"
exit 0
--- stdout
spaced.json: ✓ verified, its canonical form: it was reformatted on the way (secret 282fdcd7)
other.json: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
}

#[test]
fn a_changed_payload_is_not_verified() {
    let home = home();
    home.file("event.json", "{\"event_type\":\"dome\"}");
    home.compare(
        &verify(&home, "event.json --sig"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
--- stderr
--explain looks for the cause

"#]],
    );
    home.compare(&verify(&home, "event.json --sig --json"), str![[r#"
exit 1
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":false,"reason":"signature mismatch"}
--- stderr
--explain looks for the cause

"#]]);
    home.file("event.json", "{\"event_type\":\"done\"");
    home.compare(
        &verify(&home, "event.json --sig"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (not JSON: the text ends too early at byte 20)
--- stderr
--explain looks for the cause

"#]],
    );
}

#[test]
fn a_malformed_signature_is_a_no() {
    let home = home();
    home.compare(
        &verify(&home, &format!("event.json --sig {}", DONE.to_uppercase())),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
--- stderr
--explain looks for the cause

"#]],
    );
    home.compare(
        &verify(&home, &format!("event.json --sig sha256={DONE}")),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
--- stderr
--explain looks for the cause

"#]],
    );
    home.compare(
        &verify(&home, &format!("event.json --sig {}", &DONE[1..])),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
--- stderr
--explain looks for the cause

"#]],
    );
    home.file("event.json.sig", "");
    home.compare(
        &verify(&home, "event.json --sig"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
--- stderr
--explain looks for the cause

"#]],
    );
    home.file("event.json.sig", format!("{DONE}\n{DONE}\n"));
    home.compare(&verify(&home, "event.json --sig --json"), str![[r#"
exit 1
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":false,"reason":"the signature is malformed: a signature is 64 lower-case hex digits"}
--- stderr
--explain looks for the cause

"#]]);
}

#[test]
fn any_of_several_secrets_will_do() {
    let home = home();
    home.check(
        "verify event.json --sig --secret-file new-secret --secret-file secret",
        str![[r#"
exit 0
--- stdout
event.json: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    home.check(
        "verify event.json --sig --secret-file new-secret",
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
--- stderr
--explain looks for the cause

"#]],
    );
}

#[test]
fn secrets_are_refused_as_for_sign() {
    let home = home();
    home.confidential("hunter2-hunter2");
    home.file("empty", "\n");
    home.check(
        "verify event.json --sig",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
    home.check(
        "verify event.json --sig --secret-file empty --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from empty: it is empty

"#]],
    );
    home.check(
        "verify event.json --sig --secret-file secret --secret-file missing",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the secret from missing: no such file or directory

"#]],
    );
    home.check(
        "verify event.json --sig --secret hunter2-hunter2",
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
fn refuses_files_that_cannot_be_read() {
    let home = home();
    home.compare(
        &verify(&home, &format!("missing.json --sig {DONE}")),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read missing.json: no such file or directory

"#]],
    );
    home.compare(
        &verify(&home, &format!(". --sig {DONE}")),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read .: is a directory

"#]],
    );
    let arguments = format!("verify locked.json --sig {DONE} --secret-file secret");
    home.compare(
        &unreadable(&home, "locked.json", &arguments),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read locked.json: permission denied

"#]],
    );
    home.compare(
        &verify(&home, "spaced.json --sig"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the signature from spaced.json.sig: no such file or directory
  hint: give the signature that came with it: --sig HEX; or make one: vsai sign spaced.json --write

"#]],
    );
    home.compare(&verify(&home, "spaced.json --sig-file missing.sig --json"), str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"unreadable","message":"cannot read the signature from missing.sig: no such file or directory"}
--- stderr
error: cannot read the signature from missing.sig: no such file or directory

"#]]);
}

#[test]
fn the_exit_code_of_several_files_tells_mismatched_before_unread() {
    let home = home();
    home.file("bad.json", "[2]");
    home.file("bad.json.sig", DONE);
    let good = "event.json";
    home.compare(
        &verify(&home, &format!("{good} bad.json missing.json --sig")),
        str![[r#"
exit 1
--- stdout
event.json: ✓ verified (secret 282fdcd7)
bad.json: ✗ not verified: signature mismatch
--- stderr
error: cannot read missing.json: no such file or directory
--explain looks for the cause

"#]],
    );
    home.compare(&verify(&home, &format!("{good} missing.json --sig --json")), str![[r#"
exit 3
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":true,"matched":"both","secret":"282fdcd7"}
{"kind":"error","schema":"vsai.error/1","code":"unreadable","message":"cannot read missing.json: no such file or directory"}
--- stderr
error: cannot read missing.json: no such file or directory

"#]]);
    home.compare(
        &verify(&home, "missing.json absent.json --sig"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read missing.json: no such file or directory
error: cannot read absent.json: no such file or directory

"#]],
    );
    home.compare(
        &verify(&home, "bad.json missing.json --sig"),
        str![[r#"
exit 1
--- stdout
bad.json: ✗ not verified: signature mismatch
--- stderr
error: cannot read missing.json: no such file or directory
--explain looks for the cause

"#]],
    );
}

#[test]
fn refuses_combinations_that_make_no_sense() {
    let home = home();
    home.check(
        "verify event.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: <--sig [<HEX>]|--sig-file <FILE>|--record>
  hint: vsai verify <--sig [<HEX>]|--sig-file <FILE>|--record> <FILE>...

"#]],
    );
    home.check(
        "verify --sig event.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: no payload file is named: event.json was taken as the signature
  hint: vsai verify event.json --sig reads event.json.sig; vsai verify FILE --sig HEX takes the signature

"#]],
    );
    home.check(
        &format!("verify event.json spaced.json --sig {DONE}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: one signature cannot be that of several files
  hint: --sig alone reads FILE.sig beside each

"#]],
    );
    home.check(
        "verify event.json spaced.json --sig-file event.json.sig",
        str![[r#"
exit 2
--- stdout
--- stderr
error: one signature cannot be that of several files
  hint: --sig alone reads FILE.sig beside each

"#]],
    );
    home.check(
        "verify - --sig",
        str![[r#"
exit 2
--- stdout
--- stderr
error: standard input has no FILE.sig beside it
  hint: --sig HEX, or --sig-file FILE

"#]],
    );
    home.check(
        &format!("verify - - --sig {DONE}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: one signature cannot be that of several files
  hint: --sig alone reads FILE.sig beside each

"#]],
    );
    home.check(
        "verify event.json --record --sig-file event.json.sig",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the argument '--record' cannot be used with '--sig-file <FILE>'
  hint: vsai verify <--sig [<HEX>]|--sig-file <FILE>|--record> <FILE>...

"#]],
    );
}

fn record(payload: &str, body: &str, signature: &str) -> String {
    let (payload, headers) = (serde_json::json!(payload), serde_json::json!([["X-VSAI-Signature", signature]]));
    let beginning = r#"{"kind":"event","schema":"vsai.event/1","id":"evt_1","received_at":"2026-01-01T00:00:00Z""#;
    format!("{beginning},\"headers\":{headers},\"payload\":{payload},\"body\":{body}}}\n")
}

#[test]
fn records_are_verified_line_by_line() {
    let home = home();
    let payload = "{\"event_type\":\"done\"}";
    let ready = "{\"kind\":\"ready\",\"schema\":\"vsai.ready/1\"}\n";
    home.file("events.jsonl", format!("{ready}{}\n{}", record(payload, payload, DONE), record(payload, payload, DONE)));
    home.compare(
        &verify(&home, "events.jsonl --record"),
        str![[r#"
exit 0
--- stdout
events.jsonl:2: ✓ verified (secret 282fdcd7)
events.jsonl:4: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    home.compare(&verify(&home, "events.jsonl --record --json"), str![[r#"
exit 0
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"events.jsonl","line":2,"id":"evt_1","verified":true,"matched":"both","secret":"282fdcd7"}
{"kind":"verification","schema":"vsai.verification/1","file":"events.jsonl","line":4,"id":"evt_1","verified":true,"matched":"both","secret":"282fdcd7"}
--- stderr

"#]]);
    let other_body = "{\"event_type\":\"error\"}";
    let lines = [
        record(payload, payload, DONE),
        record(payload, other_body, DONE),
        record(other_body, other_body, DONE),
        record(payload, payload, &DONE.to_uppercase()),
        record(payload, payload, DONE).replace("[[", "[[\"X-VSAI-Signature\",\"x\"],["),
        record(payload, payload, DONE).replace("\"payload\"", "\"text\""),
        "not JSON\n".to_owned(),
    ];
    home.file("events.jsonl", lines.concat());
    home.compare(
        &verify(&home, "events.jsonl --record"),
        str![[r#"
exit 1
--- stdout
events.jsonl:1: ✓ verified (secret 282fdcd7)
events.jsonl:2: ✗ not verified: its body differs from its payload: the record was changed
events.jsonl:3: ✗ not verified: signature mismatch
events.jsonl:4: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
events.jsonl:5: ✗ not verified: the event record has 2 X-VSAI-Signature headers instead of one
events.jsonl:6: ✗ not verified: the event record has no payload
events.jsonl:7: ✗ not verified: it is not a JSON record
--- stderr
--explain looks for the cause

"#]],
    );
}

#[test]
fn a_file_without_records_is_no_proof() {
    let home = home();
    home.file("empty.jsonl", "");
    home.file("ready.jsonl", "{\"kind\":\"ready\"}\n");
    home.file("binary.jsonl", b"\xff");
    home.compare(
        &verify(&home, "empty.jsonl --record"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no event record in empty.jsonl
  hint: records are the lines that vsai listen --json prints

"#]],
    );
    home.compare(
        &verify(&home, "ready.jsonl binary.jsonl --record"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no event record in ready.jsonl
  hint: records are the lines that vsai listen --json prints
error: cannot take records from binary.jsonl: it is not UTF-8 text

"#]],
    );
}

#[test]
fn a_record_on_standard_input_is_verified() {
    let payload = "{\"event_type\":\"done\"}";
    let line = record(payload, payload, DONE);
    home().check_with(
        "verify - --record --secret-file secret",
        line.as_bytes(),
        str![[r#"
exit 0
--- stdout
-:1: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
}

#[test]
fn a_byte_order_mark_is_stripped_and_bytes_that_are_no_text_are_refused() {
    let home = home();
    home.file("mark.json", "\u{feff}{\"event_type\":\"done\"}");
    home.compare(
        &verify(&home, &format!("mark.json --sig {DONE}")),
        str![[r#"
exit 0
--- stdout
mark.json: ✓ verified, its canonical form: it was reformatted on the way (secret 282fdcd7)
--- stderr

"#]],
    );
    home.file("binary", b"\xff\xfe");
    home.run("sign binary --raw --write --secret-file secret");
    home.compare(
        &verify(&home, "binary --sig"),
        str![[r#"
exit 1
--- stdout
binary: ✗ not verified: signed, but not UTF-8 text
--- stderr
--explain looks for the cause

"#]],
    );
    home.compare(
        &verify(&home, "binary --sig --raw"),
        str![[r#"
exit 0
--- stdout
binary: ✓ verified, the exact bytes (secret 282fdcd7)
--- stderr

"#]],
    );
    home.compare(
        &verify(&home, &format!("binary --sig {DONE}")),
        str![[r#"
exit 1
--- stdout
binary: ✗ not verified: signature mismatch (invalid UTF-8 at byte 0)
--- stderr
--explain looks for the cause

"#]],
    );
}

#[test]
fn a_large_file_is_streamed_and_that_is_said() {
    let home = home();
    file_of_zeros(&home, "large.json", (64 << 20) + 1);
    home.run("sign large.json --raw --write --secret-file secret");
    home.compare(
        &verify(&home, "large.json --sig"),
        str![[r#"
exit 0
--- stdout
large.json: ✓ verified, the exact bytes (secret 282fdcd7)
--- stderr
large.json is larger than 64 MiB: only its exact bytes are tried

"#]],
    );
    home.compare(&verify(&home, "large.json --sig --raw --json"), str![[r#"
exit 0
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"large.json","verified":true,"matched":"raw","secret":"282fdcd7"}
--- stderr

"#]]);
    home.compare(
        &verify(&home, "large.json --record"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take records from large.json: it is larger than 64 MiB

"#]],
    );
}

/// Where a file is read whole, this ends with an abort: 2 GiB do not fit into 512 MiB of addresses.
#[test]
fn two_gibibytes_are_signed_and_verified_in_little_memory() {
    let home = home();
    file_of_zeros(&home, "huge", 2 << 30);
    let output = home.bash(
        "ulimit -v 524288
         vsai sign huge --raw --write --secret-file secret &&
         vsai verify huge --sig --raw --secret-file secret &&
         vsai verify huge --sig --secret-file secret",
    );
    home.compare(
        &output,
        str![[r#"
exit 0
--- stdout
d2f4e62274f5169297a16e278c97a4b35660d17813f73d35fb0eedcc55afa326
huge: ✓ verified, the exact bytes (secret 282fdcd7)
huge: ✓ verified, the exact bytes (secret 282fdcd7)
--- stderr
wrote huge.sig
huge is larger than 64 MiB: only its exact bytes are tried

"#]],
    );
}

#[test]
fn payload_and_secret_are_read_once() {
    let home = home();
    for raw in ["", " --raw"] {
        let (payload, secret) = (fifo(&home, "payload.fifo"), fifo(&home, "secret.fifo"));
        let (payload, secret) = (feed(payload, "{\"event_type\":\"done\"}"), feed(secret, "test-secret"));
        let running = home.start(&format!("verify payload.fifo --sig {DONE}{raw} --secret-file secret.fifo"));
        let (code, verdict, _) = running.end();
        assert_eq!(code, Some(0), "{verdict}");
        payload.join().expect("read to its end");
        secret.join().expect("read to its end");
    }
}

#[test]
fn settings_and_credentials_are_not_read_when_the_secret_is_given() {
    let home = home();
    home.file(".config/vsai/config.toml", "this is no TOML");
    home.file(".config/vsai/credentials.toml", "nor is this");
    home.compare(
        &verify(&home, "event.json --sig"),
        str![[r#"
exit 0
--- stdout
event.json: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    home.check(
        "verify event.json --sig",
        str![[r#"
exit 2
--- stdout
--- stderr
error: other users can read the credentials in [HOME]/.config/vsai/credentials.toml (mode 0644)
  hint: chmod 600 [HOME]/.config/vsai/credentials.toml

"#]],
    );
}
