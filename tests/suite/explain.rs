//! `vsai verify --explain`: the commonest causes of a mismatch as the user is told them, and which secrets are tried.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use snapbox::str;

use super::Home;
use super::payloads::file_of_zeros;

const SECRET: &str = "test-secret-of-23-bytes";
const OTHER: &str = "another-secret-altogether";
const EVENT: &str = r#"{"event_type":"error","render_id":"rnd_1","error_message":"Kein Möbelstück","timestamp":1}"#;

fn home() -> Home {
    let home = Home::new();
    home.secret_file("secret", SECRET);
    home
}

/// HMAC-SHA256 in hex, made apart from the program.
fn sign(key: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("any length");
    mac.update(text.as_ref());
    hex::encode(mac.finalize().into_bytes())
}

/// What is said of a body with this signature's file beside it.
fn explained(home: &Home, body: impl AsRef<[u8]>, signature: impl AsRef<[u8]>, flags: &str) -> Output {
    home.file("event.json", body);
    home.file("event.json.sig", signature);
    home.run(&format!("verify event.json --sig --explain {flags}"))
}

/// The same with the file of [`SECRET`], and a body that is as it was signed but for the signature or the key.
fn header(signature: impl AsRef<[u8]>) -> Output {
    explained(&home(), EVENT, signature, "--secret-file secret")
}

fn body(body: impl AsRef<[u8]>, signed: impl AsRef<[u8]>) -> Output {
    explained(&home(), body, sign(SECRET, signed), "--secret-file secret")
}

fn key(key: impl AsRef<[u8]>) -> Output {
    explained(&home(), EVENT, sign(key, EVENT), "--secret-file secret")
}

/// Stores these credentials as only their owner may read them.
fn store(home: &Home, credentials: &str) {
    let path = home.file(".config/vsai/credentials.toml", credentials);
    fs::set_permissions(path, Permissions::from_mode(0o600)).expect("changed");
    for text in [SECRET, OTHER] {
        home.confidential(text);
    }
}

#[test]
fn a_newline_at_the_end_is_found() {
    home().compare(&body("not JSON\n", "not JSON"), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (not JSON: expected a value at byte 0)
  cause: the body ends in a newline (0x0A) that was not signed
  fix: keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, and no editor that ends files with a newline
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
}

#[test]
fn pretty_printing_by_the_signer_is_found() {
    let pretty = "{\n  \"event_type\": \"done\",\n  \"render_id\": \"rnd_1\"\n}";
    home().compare(&body(r#"{"event_type":"done","render_id":"rnd_1"}"#, pretty), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: what was signed is pretty-printed, with an indentation of 2 blanks
  fix: serialise once, then sign and post that one string; the vendor signs JSON.stringify(payload), as `vsai sign FILE` does
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
}

#[test]
fn escaped_letters_are_found() {
    home().compare(&body(EVENT, EVENT.replace('ö', "\\u00f6").replace('ü', "\\u00fc")), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: what was signed has non-ASCII characters as \u00e9 escapes, as Python's json.dumps writes by default
  fix: Python: json.dumps(payload, separators=(',', ':'), ensure_ascii=False), and post that very text (data=…, not json=…)
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
}

#[test]
fn line_ends_are_found() {
    home().compare(&body("not\r\nJSON\r\n", "not\nJSON\n"), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (not JSON: expected a value at byte 0)
  cause: the body has 2 line ends as CRLF that were signed as LF
  fix: keep the line ends: `git config core.autocrlf false`, or `*.json -text` in .gitattributes, and a binary mode wherever the body is read or written
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
}

#[test]
fn a_byte_order_mark_is_found() {
    home().compare(
        &body("\u{feff}not JSON", "not JSON"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (not JSON: expected a value at byte 3)
  cause: the body starts with a byte order mark (EF BB BF) that was not signed
  fix: write the file as UTF-8 without a byte order mark (PowerShell: `-Encoding utf8NoBOM`)
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn text_in_another_encoding_is_found() {
    let latin1: Vec<u8> = EVENT.chars().map(|char| u8::try_from(char).expect("Latin-1")).collect();
    home().compare(&body(latin1, EVENT), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (invalid UTF-8 at byte 65)
  cause: the body is Latin-1 (2 non-ASCII bytes), and was signed as UTF-8
  fix: handle the body as bytes from end to end, or as UTF-8 wherever it must be text (Python: request.get_data(), Java: getBytes(UTF_8), C#: Encoding.UTF8)
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
}

#[test]
fn a_body_that_was_cut_is_told_from_one_that_was_changed() {
    home().compare(&body(&EVENT[..40], EVENT), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (not JSON: the text ends too early at byte 40)
  not explained: none of 112 combinations of known causes fits. Most likely another secret signed it, or the body's content was changed
  noticed: the body is cut: its JSON breaks off at byte 40, after 40 bytes
  fix: read the body to its end: all of Content-Length, all chunks; and look for size limits on the way
--- stderr

"#]]);
}

#[test]
fn base64_instead_of_hex_is_found() {
    let digest = hex::decode(sign(SECRET, EVENT)).expect("hex");
    home().compare(&header(data_encoding::BASE64.encode(&digest)), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the signature is base64 of the 32 bytes, not hex
  fix: write the digest in lower-case hex: digest('hex') in Node, hexdigest() in Python, hash_hmac() without its 4th argument in PHP
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
    home().compare(
        &header(digest),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the signature is 32 raw bytes, not hex
  fix: write it in hex: openssl dgst without -binary, or xxd -p -c 64
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn upper_case_is_found() {
    let home = home();
    home.compare(&header("0123456789abcdef".repeat(4).to_uppercase()), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  not explained: none of 342 combinations of known causes fits. Most likely another secret signed it, or the body's content was changed
  noticed: the signature has 24 upper-case hex digits; receivers compare text, and take lower case only
  fix: write lower-case digits: toLowerCase(), or a format of %x rather than %X
--- stderr

"#]]);
    let signature = sign(SECRET, EVENT).to_uppercase();
    let upper = signature.bytes().filter(u8::is_ascii_uppercase).count();
    let said = String::from_utf8(header(signature).stdout).expect("UTF-8");
    assert!(said.contains(&format!("cause: the signature has {upper} upper-case hex digits")), "{said}");
}

#[test]
fn what_stands_around_the_digits_is_found() {
    let right = sign(SECRET, EVENT);
    home().compare(
        &header(format!("sha256={right}\n")),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the digits come after a prefix, `sha256`, that other APIs use
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
    home().compare(
        &header(format!("\"{right}\"\n")),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the signature stands in quotes
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
    home().compare(
        &header(format!("X-VSAI-Signature: {right}\r\n")),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the header's name stands in its value, before the digits
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn a_signature_that_was_cut_is_found() {
    home().compare(
        &header(&sign(SECRET, EVENT)[..60]),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the signature is cut: it is the first 60 digits of the right one, and lacks 4 at its end
  fix: copy it as a whole, all 64 digits: a narrow terminal, a double click or a database column may cut it
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn a_signature_file_in_utf16_is_found() {
    let text = format!("\u{feff}{}\r\n", sign(SECRET, EVENT));
    let units = text.encode_utf16();
    home().compare(
        &header(units.clone().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the signature's file is UTF-16, as PowerShell's `>` writes it
  fix: write the file as plain ASCII: in PowerShell `Set-Content -NoNewline -Encoding ascii`, not `>`
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
    home().compare(
        &header(units.flat_map(u16::to_be_bytes).collect::<Vec<_>>()),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the signature's file is UTF-16, as PowerShell's `>` writes it
  fix: write the file as plain ASCII: in PowerShell `Set-Content -NoNewline -Encoding ascii`, not `>`
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn a_secret_that_won_or_lost_characters_is_found() {
    home().compare(&key(format!("{SECRET}\n")), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer's secret ends in a newline (0x0A) that the secret here does not have
  fix: store it without a final newline: `printf %s` rather than echo, `vsai secret set --stdin`, `echo -n` in Kubernetes manifests
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
    home().compare(
        &key(format!("\"{SECRET}\"")),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer's secret is in quotes, and the secret here is not
  fix: store it without quotes: `docker --env-file`, systemd and secret stores keep quotes as part of the value
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
    home().compare(
        &key(""),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer's secret is empty: anybody can sign like that
  fix: fill in the signer's variable: it was unset, not expanded, or left at an example's value
  proved: with this undone, the signature is right
--- stderr

"#]],
    );
}

#[test]
fn a_secret_that_was_decoded_is_found() {
    let home = home();
    let digits = "00112233445566778899aabbccddeeff";
    home.secret_file("hex", digits);
    let signature = sign(hex::decode(digits).expect("hex"), EVENT);
    home.compare(
        &explained(&home, EVENT, signature, "--secret-file hex"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer's key is the bytes that the secret's hex digits stand for, not the digits
  fix: use the secret's text as the key, as it is: this API's secret is UTF-8 text, not encoded bytes
  proved: with this undone, the signature is right (secret 0052393d)
--- stderr

"#]],
    );
}

#[test]
fn two_causes_at_once_are_found() {
    home().compare(
        &explained(
            &home(),
            "not JSON\r\n",
            format!("sha256={}", sign(format!("{SECRET}\n"), "not JSON")),
            "--secret-file secret",
        ),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the digits come after a prefix, `sha256`, that other APIs use
  cause: the body ends in a line end (0x0D 0x0A) that was not signed
  cause: the signer's secret ends in a newline (0x0A) that the secret here does not have
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  fix: keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, and no editor that ends files with a newline
  fix: store it without a final newline: `printf %s` rather than echo, `vsai secret set --stdin`, `echo -n` in Kubernetes manifests
  proved: with these 3 undone together, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn the_api_key_as_secret_is_found() {
    let home = home().variable("VSAI_API_KEY", OTHER);
    home.confidential(OTHER);
    home.compare(&explained(&home, EVENT, sign(OTHER, EVENT), "--secret-file secret"), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer used the API key as its secret
  fix: sign with the webhook secret, which is another text than the API key: `vsai secret show`; and never give the key away
  proved: with this undone, the signature is right (secret 06043afd)
--- stderr

"#]]);
    let home = self::home();
    store(&home, &format!("[profiles.default]\napi_key = '{OTHER}'\napi_url = 'https://elsewhere.example/v2'\n"));
    let output = explained(&home, EVENT, sign(OTHER, EVENT), "--secret-file secret");
    assert!(String::from_utf8_lossy(&output.stdout).contains("the signer used the API key"), "{output:?}");
}

#[test]
fn secrets_that_are_stored_but_not_in_force_are_found() {
    let home = home();
    let previous = format!("[profiles.default]\nwebhook_secret = '{SECRET}'\nprevious_webhook_secret = '{OTHER}'\n");
    store(&home, &previous);
    home.compare(&explained(&home, EVENT, sign(OTHER, EVENT), ""), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer still uses the previous secret
  fix: if it was signed before the change, it is genuine: give that secret as a second --secret-file; else give the signer the new one
  proved: with this undone, the signature is right (secret 06043afd)
--- stderr

"#]]);
    store(&home, &format!("[profiles.default]\npending_webhook_secrets = ['{OTHER}']\n"));
    home.compare(
        &explained(&home, EVENT, sign(OTHER, EVENT), "--secret-file secret"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer uses a pending secret, which was sent to the API without a clear answer: it was taken
  fix: verify without --secret-file, which tries the profile's pending secrets too; then settle it: `vsai secret set`
  proved: with this undone, the signature is right (secret 06043afd)
--- stderr

"#]],
    );
    let staging =
        format!("[profiles.default]\nwebhook_secret = '{SECRET}'\n[profiles.staging]\nwebhook_secret = '{OTHER}'\n");
    store(&home, &staging);
    home.compare(
        &explained(&home, EVENT, sign(OTHER, EVENT), ""),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer uses the secret of profile `staging`, not the one tried here
  fix: verify with that profile: -p NAME, and no --secret-file; else give the signer the secret that is tried here
  proved: with this undone, the signature is right (secret 06043afd)
--- stderr

"#]],
    );
    let own = format!("[profiles.default]\nwebhook_secret = '{OTHER}'\n");
    store(&home, &own);
    let output = explained(&home, EVENT, sign(OTHER, EVENT), "--secret-file secret");
    assert!(String::from_utf8_lossy(&output.stdout).contains("the secret of profile `default`"), "{output:?}");
}

#[test]
fn the_secret_of_the_environment_is_tried_where_a_file_sets_it_aside() {
    let home = home().variable("VSAI_WEBHOOK_SECRET", OTHER);
    home.confidential(OTHER);
    home.compare(
        &explained(&home, EVENT, sign(OTHER, EVENT), "--secret-file secret"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer uses the secret in VSAI_WEBHOOK_SECRET, not the one tried here
  fix: verify with it: leave out -p and --secret-file; else give the signer the secret that is tried here
  proved: with this undone, the signature is right (secret 06043afd)
--- stderr

"#]],
    );
}

#[test]
fn credentials_that_cannot_be_read_leave_the_diagnosis_with_less() {
    let home = home();
    home.file(".config/vsai/credentials.toml", "[profiles.default]\n");
    home.compare(&explained(&home, "not JSON\n", sign(SECRET, "not JSON"), "--secret-file secret --verbose"), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (not JSON: expected a value at byte 0)
  cause: the body ends in a newline (0x0A) that was not signed
  fix: keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, and no editor that ends files with a newline
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr
no stored secret is tried: other users can read the credentials in [HOME]/.config/vsai/credentials.toml (mode 0644)

"#]]);
}

#[test]
fn where_nothing_fits_that_is_said_with_what_was_noticed() {
    home().compare(&key(OTHER), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  not explained: none of 342 combinations of known causes fits. Most likely another secret signed it, or the body's content was changed
--- stderr

"#]]);
    home().compare(&body(EVENT.replace("rnd_1", "rnd_2"), EVENT), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  not explained: none of 342 combinations of known causes fits. Most likely another secret signed it, or the body's content was changed
--- stderr

"#]]);
    home().compare(
        &header("no signature"),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  not explained: there is no signature to compare with
  noticed: the header's 12 characters hold no signature in any notation known
  fix: sign with HMAC-SHA256, keyed with the webhook secret, and write it as 64 lower-case hex digits
--- stderr

"#]],
    );
}

#[test]
fn of_a_large_body_only_header_and_secret_are_looked_at() {
    let home = home();
    let large = format!("[{}0]", "1,".repeat(1 << 20));
    let flags = "--secret-file secret";
    let prefixed = format!("sha256={}", sign(SECRET, &large));
    home.compare(
        &explained(&home, &large, prefixed, flags),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the digits come after a prefix, `sha256`, that other APIs use
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
    home.compare(&explained(&home, &large, sign(format!("{SECRET}\n"), &large), flags), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  cause: the signer's secret ends in a newline (0x0A) that the secret here does not have
  fix: store it without a final newline: `printf %s` rather than echo, `vsai secret set --stdin`, `echo -n` in Kubernetes manifests
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
    home.compare(&explained(&home, &large, sign(SECRET, format!("{large}x")), flags), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch
  not explained: none of 100 combinations of known causes fits; causes within so large a body were not tried. Most likely another secret signed it, or the body's content was changed
--- stderr

"#]]);
}

#[test]
fn of_a_payload_that_is_streamed_only_the_header_is_looked_at() {
    let home = home();
    file_of_zeros(&home, "large.json", (64 << 20) + 1);
    let right = home.stdout("sign large.json --raw --secret-file secret");
    home.compare(
        &home.run(&format!("verify large.json --sig sha256={right} --explain --secret-file secret")),
        str![[r#"
exit 1
--- stdout
large.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  cause: the digits come after a prefix, `sha256`, that other APIs use
  fix: give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them
  proved: with this undone, the signature is right
--- stderr
large.json is larger than 64 MiB: only its exact bytes are tried

"#]],
    );
    let other = "5".repeat(64);
    home.compare(
        &home.run(&format!("verify large.json --sig {other} --explain --raw --secret-file secret")),
        str![[r#"
exit 1
--- stdout
large.json: ✗ not verified: signature mismatch (only the exact bytes were tried)
  not explained: it is not the header alone; causes within so large a body were not tried
--- stderr

"#]],
    );
}

#[test]
fn with_raw_what_is_small_is_explained_as_well() {
    let home = home();
    let flags = "--raw --secret-file secret";
    home.compare(
        &explained(&home, "{ \"a\": 1 }", sign(SECRET, "{\"a\":1}"), flags),
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (only the exact bytes were tried)
  cause: the JSON was reformatted on the way: not its bytes but its canonical form is what was signed
  fix: verify without --raw, which takes the exact bytes only
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]],
    );
    home.compare(&explained(&home, "not JSON\n", sign(SECRET, "not JSON"), flags), str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: signature mismatch (only the exact bytes were tried)
  cause: the body ends in a newline (0x0A) that was not signed
  fix: keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, and no editor that ends files with a newline
  proved: with this undone, the signature is right (secret 9d602eec)
--- stderr

"#]]);
    home.compare(
        &explained(&home, "{ \"a\": 1 }", sign(SECRET, "{ \"a\": 1 }"), flags),
        str![[r#"
exit 0
--- stdout
event.json: ✓ verified, the exact bytes (secret 9d602eec)
--- stderr

"#]],
    );
}

#[test]
fn records_are_explained_one_by_one() {
    let home = home();
    let record = |signature: &str, payload: &str| {
        let headers = serde_json::json!([["X-VSAI-Signature", signature]]);
        format!("{}\n", serde_json::json!({ "kind": "event", "headers": headers, "payload": payload }))
    };
    let lines = [
        record(&sign(SECRET, EVENT), EVENT),
        record(&sign(SECRET, "not JSON"), "not JSON\n"),
        record("", EVENT),
        "{\"kind\":\"event\"}\n".to_owned(),
    ];
    home.file("events.jsonl", lines.concat());
    home.check("verify events.jsonl --record --explain --secret-file secret", str![[r#"
exit 1
--- stdout
events.jsonl:1: ✓ verified (secret 9d602eec)
events.jsonl:2: ✗ not verified: signature mismatch (not JSON: expected a value at byte 0)
  cause: the body ends in a newline (0x0A) that was not signed
  fix: keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, and no editor that ends files with a newline
  proved: with this undone, the signature is right (secret 9d602eec)
events.jsonl:3: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
  not explained: there is no signature to compare with
  noticed: there is no signature
  fix: send the header X-VSAI-Signature; this API sends none while the account has no webhook secret: `vsai secret set`
events.jsonl:4: ✗ not verified: the event record has no payload
--- stderr

"#]]);
}

#[test]
fn the_diagnosis_is_in_the_record() {
    let home = home();
    let flags = "--secret-file secret --json";
    home.compare(&explained(&home, "not JSON\n", sign(SECRET, "not JSON"), flags), str![[r#"
exit 1
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":false,"reason":"signature mismatch (not JSON: expected a value at byte 0)","diagnosis":{"verdict":"explained","cause":[{"code":"body_newline_added","part":"body","what":"the body ends in a newline (0x0A) that was not signed","fix":"keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, and no editor that ends files with a newline"}],"hints":[],"secret":"9d602eec","tried":6,"complete":true,"summary":"proved: with this undone, the signature is right"}}
--- stderr

"#]]);
    home.compare(&explained(&home, EVENT, sign(OTHER, EVENT), flags), str![[r#"
exit 1
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":false,"reason":"signature mismatch","diagnosis":{"verdict":"unexplained","cause":[],"hints":[],"secret":null,"tried":342,"complete":true,"summary":"not explained: none of 342 combinations of known causes fits. Most likely another secret signed it, or the body's content was changed"}}
--- stderr

"#]]);
    home.compare(&explained(&home, EVENT, sign(SECRET, EVENT), flags), str![[r#"
exit 0
--- stdout
{"kind":"verification","schema":"vsai.verification/1","file":"event.json","verified":true,"matched":"both","secret":"9d602eec"}
--- stderr

"#]]);
}

#[test]
fn without_explain_its_name_is_given_once() {
    let home = home();
    home.file("other.json", "[2]");
    home.file("other.json.sig", "5".repeat(64));
    home.file("event.json", "[1]");
    home.file("event.json.sig", "malformed");
    home.check(
        "verify event.json other.json --sig --secret-file secret",
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
other.json: ✗ not verified: signature mismatch
--- stderr
--explain looks for the cause

"#]],
    );
    home.check(
        "verify event.json --sig --secret-file secret --quiet",
        str![[r#"
exit 1
--- stdout
event.json: ✗ not verified: the signature is malformed: a signature is 64 lower-case hex digits
--- stderr

"#]],
    );
}
