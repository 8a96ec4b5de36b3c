//! `vsai sign`: what it prints and writes, and what it refuses.

use snapbox::str;

use super::Home;
use super::payloads::{feed, fifo, file_of_zeros, unreadable};

fn home() -> Home {
    let home = Home::new();
    home.secret_file("secret", "test-secret");
    home.file("event.json", "{ \"event_type\": \"done\" }\n");
    home.file("other.json", "[1]");
    home
}

#[test]
fn one_file_prints_bare_hex_of_the_canonical_form() {
    home().check(
        "sign event.json --secret-file secret",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6
--- stderr

"#]],
    );
}

#[test]
fn the_documented_payload_has_the_documented_signature() {
    let home = home();
    home.file("event.json", DOCUMENTED);
    let signature = home.stdout("sign event.json --secret-file secret");
    assert_eq!(signature, "1a0ce703d32efd12433d4402d633a54c7455de46bd82b66a3ddc7570acc2b853");
}

const DOCUMENTED: &str = r#"{"render_id":"rnd_abc123","variation_id":"var_xyz789","variation_type":"staging","base_variation_id":"var_removal123","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/image.jpg","optimized_url":"https://results.example.com/image_optimized.webp","thumbnail_url":"https://results.example.com/image_thumb.jpg"}}"#;

#[test]
fn several_files_print_hex_and_file() {
    home().check(
        "sign event.json other.json --secret-file secret",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6  event.json
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  other.json
--- stderr

"#]],
    );
}

#[test]
fn standard_input_is_a_dash() {
    home().check_with(
        "sign - --secret-file secret",
        b"{\"event_type\":\"done\"}",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6
--- stderr

"#]],
    );
}

#[test]
fn raw_signs_the_exact_bytes() {
    home().check(
        "sign event.json --raw --secret-file secret",
        str![[r#"
exit 0
--- stdout
7083e9cac14b434463ce98a37af2a9546136736aebcef4406deceef338281e8e
--- stderr

"#]],
    );
}

#[test]
fn header_prints_what_curl_takes() {
    home().check(
        "sign event.json --header --secret-file secret",
        str![[r#"
exit 0
--- stdout
X-VSAI-Signature: 68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6
--- stderr

"#]],
    );
}

#[test]
fn write_leaves_the_signature_beside_each_file() {
    let home = home();
    home.check(
        "sign event.json other.json --write --secret-file secret",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6  event.json
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  other.json
--- stderr
wrote event.json.sig
wrote other.json.sig

"#]],
    );
    assert_eq!(home.read("event.json.sig"), format!("{}\n", home.stdout("sign event.json --secret-file secret")));
}

#[test]
fn json_prints_one_record_a_file() {
    home().check("sign event.json other.json --raw --secret-file secret --json", str![[r#"
exit 0
--- stdout
{"kind":"signature","schema":"vsai.signature/1","file":"event.json","signature":"7083e9cac14b434463ce98a37af2a9546136736aebcef4406deceef338281e8e","form":"raw","secret":"282fdcd7"}
{"kind":"signature","schema":"vsai.signature/1","file":"other.json","signature":"c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7","form":"raw","secret":"282fdcd7"}
--- stderr

"#]]);
}

#[test]
fn verbose_says_that_the_file_is_not_canonical() {
    home().check(
        "sign event.json -v --secret-file secret",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6
--- stderr
event.json is not canonical as it stands; its canonical form was signed

"#]],
    );
}

#[test]
fn a_secret_file_loses_one_newline_and_that_is_said() {
    let home = home();
    home.secret_file("with-newline", "test-secret\n");
    home.check(
        "sign event.json --secret-file with-newline",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6
--- stderr
with-newline: left out the newline at the end

"#]],
    );
}

#[test]
fn without_a_secret_it_says_how_to_get_one() {
    home().check(
        "sign event.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
}

#[test]
fn an_empty_variable_is_no_secret() {
    home().variable("VSAI_WEBHOOK_SECRET", "").check(
        "sign event.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
}

#[test]
fn refuses_secret_files_without_a_secret() {
    let home = home();
    home.file("empty", "");
    home.file("newline", "\n");
    home.file("binary", b"\xff\xfe\x00");
    home.file("page", "x".repeat(70_000));
    home.check(
        "sign event.json --secret-file empty",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from empty: it is empty

"#]],
    );
    home.check(
        "sign event.json --secret-file newline",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from newline: it is empty

"#]],
    );
    home.check(
        "sign event.json --secret-file binary",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from binary: it is not UTF-8 text

"#]],
    );
    home.check(
        "sign event.json --secret-file page",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the secret from page: it is larger than 64 KiB

"#]],
    );
    home.check(
        "sign event.json --secret-file missing",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the secret from missing: no such file or directory

"#]],
    );
    home.check(
        "sign event.json --secret-file .",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the secret from .: is a directory

"#]],
    );
}

#[test]
fn a_secret_as_argument_is_refused_and_not_repeated() {
    let home = home();
    home.confidential("hunter2-hunter2");
    home.check(
        "sign event.json --secret hunter2-hunter2",
        str![[r#"
exit 2
--- stdout
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: --secret-file FILE or VSAI_WEBHOOK_SECRET; vsai secret set --from-file FILE or --stdin

"#]],
    );
    home.check("sign event.json --secret=hunter2-hunter2 --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"a secret is not taken as an argument: shell history keeps it, and other users see it in ps","hint":"--secret-file FILE or VSAI_WEBHOOK_SECRET; vsai secret set --from-file FILE or --stdin"}
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: --secret-file FILE or VSAI_WEBHOOK_SECRET; vsai secret set --from-file FILE or --stdin

"#]]);
}

#[test]
fn signs_with_one_secret_only() {
    home().check(
        "sign event.json --secret-file secret --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: a payload is signed with one secret, not with several --secret-file

"#]],
    );
}

#[test]
fn refuses_files_that_cannot_be_read() {
    let home = home();
    home.check(
        "sign missing.json --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read missing.json: no such file or directory

"#]],
    );
    home.check(
        "sign . --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read .: is a directory

"#]],
    );
    let output = unreadable(&home, "locked.json", "sign locked.json --secret-file secret");
    home.compare(
        &output,
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read locked.json: permission denied

"#]],
    );
    home.check("sign missing.json --secret-file secret --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"unreadable","message":"cannot read missing.json: no such file or directory"}
--- stderr
error: cannot read missing.json: no such file or directory

"#]]);
}

#[test]
fn with_several_files_the_exit_code_tells_whether_all_some_or_none_were_signed() {
    let home = home();
    home.check(
        "sign event.json missing.json other.json --secret-file secret",
        str![[r#"
exit 3
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6  event.json
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  other.json
--- stderr
error: cannot read missing.json: no such file or directory

"#]],
    );
    home.check("sign missing.json . --secret-file secret --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"unreadable","message":"cannot read missing.json: no such file or directory"}
{"kind":"error","schema":"vsai.error/1","code":"unreadable","message":"cannot read .: is a directory"}
--- stderr
error: cannot read missing.json: no such file or directory
error: cannot read .: is a directory

"#]]);
}

#[test]
fn refuses_what_has_no_canonical_form() {
    let home = home();
    home.file("text.json", "hello");
    home.file("cut.json", "{\"a\":[1,");
    home.file("empty.json", "");
    home.file("latin1.json", b"{\"a\":\"\xe9\"}");
    home.file("zero.json", "{}\0");
    home.file("deep.json", "[".repeat(1_001) + &"]".repeat(1_001));
    home.check(
        "sign text.json --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot sign text.json: it has no canonical form: not JSON: expected a value at byte 0
  hint: --raw signs the exact bytes, whatever they are

"#]],
    );
    home.check(
        "sign cut.json empty.json latin1.json zero.json deep.json --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot sign cut.json: it has no canonical form: not JSON: the text ends too early at byte 8
  hint: --raw signs the exact bytes, whatever they are
error: cannot sign empty.json: it has no canonical form: not JSON: the text ends too early at byte 0
  hint: --raw signs the exact bytes, whatever they are
error: cannot sign latin1.json: it has no canonical form: invalid UTF-8 at byte 6
  hint: --raw signs the exact bytes, whatever they are
error: cannot sign zero.json: it has no canonical form: not JSON: unexpected text after the value at byte 2
  hint: --raw signs the exact bytes, whatever they are
error: cannot sign deep.json: it has no canonical form: nested deeper than 1000
  hint: --raw signs the exact bytes, whatever they are

"#]],
    );
}

#[test]
fn signs_a_depth_of_1000_and_a_file_with_a_byte_order_mark() {
    let home = home();
    home.file("deep.json", "[".repeat(1_000) + &"]".repeat(1_000));
    home.file("mark.json", "\u{feff}[1]");
    home.check(
        "sign deep.json mark.json other.json --secret-file secret",
        str![[r#"
exit 0
--- stdout
78f477a9dfe2ee8737a4de0e4b0da806bbfe78bd80aa89acf98881cf9b297b2c  deep.json
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  mark.json
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  other.json
--- stderr

"#]],
    );
}

#[test]
fn a_top_level_scalar_is_signed_with_a_warning() {
    let home = home();
    home.file("scalar.json", "42");
    home.check(
        "sign scalar.json --secret-file secret",
        str![[r#"
exit 0
--- stdout
0c448d9ba9697edc6e65d581ad07fba78e907baad3c1e452d3ead109363f97bf
--- stderr
warning: scalar.json is neither an object nor an array: Express refuses such a body

"#]],
    );
    home.check("sign scalar.json --secret-file secret --json", str![[r#"
exit 0
--- stdout
{"kind":"warning","schema":"vsai.warning/1","code":"not_a_container","message":"scalar.json is neither an object nor an array: Express refuses such a body"}
{"kind":"signature","schema":"vsai.signature/1","file":"scalar.json","signature":"0c448d9ba9697edc6e65d581ad07fba78e907baad3c1e452d3ead109363f97bf","form":"canonical","secret":"282fdcd7"}
--- stderr
warning: scalar.json is neither an object nor an array: Express refuses such a body

"#]]);
}

#[test]
fn refuses_combinations_that_make_no_sense() {
    let home = home();
    home.check(
        "sign",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: <FILE>...
  hint: vsai sign <FILE>...

"#]],
    );
    home.check(
        "sign event.json other.json --header --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: --header is for one file

"#]],
    );
    home.check(
        "sign - --write --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: --write has no place for the signature of standard input

"#]],
    );
    home.check(
        "sign - - --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: standard input can be read once only

"#]],
    );
}

#[test]
fn a_signature_that_cannot_be_written_is_no_signature() {
    let home = home();
    std::fs::create_dir(home.path().join("event.json.sig")).expect("made");
    home.check(
        "sign event.json --write --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write event.json.sig: is a directory

"#]],
    );
}

#[test]
fn a_large_file_needs_raw() {
    let home = home();
    file_of_zeros(&home, "large.json", (64 << 20) + 1);
    home.check(
        "sign large.json --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot sign large.json: it is larger than 64 MiB, too large for canonical JSON
  hint: --raw signs the exact bytes, of any size

"#]],
    );
    home.check(
        "sign large.json --raw --secret-file secret",
        str![[r#"
exit 0
--- stdout
dca0f4a244f2a2c8a1358d39d0acd232244d921977184669af4ee662893ae422
--- stderr

"#]],
    );
}

#[test]
fn payload_and_secret_are_read_once() {
    let home = home();
    for arguments in
        ["sign payload.fifo --secret-file secret.fifo", "sign payload.fifo --raw --secret-file secret.fifo"]
    {
        let (payload, secret) = (fifo(&home, "payload.fifo"), fifo(&home, "secret.fifo"));
        let (payload, secret) = (feed(payload, "{\"event_type\":\"done\"}"), feed(secret, "test-secret"));
        let (code, signature, _) = home.start(arguments).end();
        let expected = "68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6\n";
        assert_eq!((code, signature.as_str()), (Some(0), expected));
        payload.join().expect("read to its end");
        secret.join().expect("read to its end");
    }
}

#[test]
fn the_name_of_a_file_cannot_steer_the_terminal() {
    let home = home();
    let name = "a\u{1b}[31m\u{202e}.json";
    home.file(name, "[1]");
    let output = home.command("sign other.json --secret-file secret").arg(name).output().expect("started");
    home.compare(
        &output,
        str![[r#"
exit 0
--- stdout
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  other.json
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  a[31m.json
--- stderr

"#]],
    );
}
