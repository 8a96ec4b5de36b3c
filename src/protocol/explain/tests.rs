//! Every cause, as made by other tools (`tests/vectors/explain.mjs`), and the promises that hold for any input.

use data_encoding::BASE64;
use proptest::prelude::*;
use serde_json::Value;

use super::header::Header;
use super::trials::Trials;
use super::{Clues, Diagnosis, MAX_BODY, MAX_HASHED, MAX_HMACS, SecretOrigin, Verdict, explain, explain_header};
use crate::protocol::{Secret, SigningKey};

const VECTORS: &str = include_str!("../../../tests/vectors/explain.jsonl");

struct Vector {
    name: String,
    codes: Vec<String>,
    body: Vec<u8>,
    header: Vec<u8>,
    live: Vec<Secret>,
    others: Vec<(SecretOrigin, Secret)>,
}

impl Vector {
    fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let bytes = |name: &str| match line[name].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => BASE64.decode(text(&line[format!("{name}64")]).as_bytes()).expect("base64"),
        };
        let other = |pair: &Value| (origin(&text(&pair[0])), secret(&text(&pair[1])));
        Self {
            name: text(&line["name"]),
            codes: list(&line["codes"]).iter().map(text).collect(),
            body: bytes("body"),
            header: bytes("header"),
            live: list(&line["live"]).iter().map(|live| secret(&text(live))).collect(),
            others: list(&line["others"]).iter().map(other).collect(),
        }
    }

    fn explained(&self) -> Diagnosis {
        explain(&Clues { body: &self.body, header: &self.header, live: &self.live, others: &self.others })
    }
}

fn vectors() -> impl Iterator<Item = Vector> {
    VECTORS.lines().map(Vector::read)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn secret(text: &str) -> Secret {
    Secret::new(text).expect("not empty")
}

fn origin(name: &str) -> SecretOrigin {
    match name {
        "api_key" => SecretOrigin::ApiKey,
        "previous" => SecretOrigin::Previous,
        "pending" => SecretOrigin::Pending,
        profile => SecretOrigin::Profile(profile.to_owned()),
    }
}

fn codes(diagnosis: &Diagnosis) -> Vec<&str> {
    diagnosis.cause.iter().map(|finding| finding.code).collect()
}

#[test]
fn names_every_cause_that_other_tools_make() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        let diagnosis = vector.explained();
        let verdict = if vector.codes.is_empty() { Verdict::Unexplained } else { Verdict::Explained };
        if codes(&diagnosis) != vector.codes || diagnosis.verdict != verdict {
            wrong.push(format!(
                "{}: {:?} rather than {:?}, {:?}",
                vector.name,
                codes(&diagnosis),
                vector.codes,
                diagnosis.hints
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

fn diagnosed(body: impl AsRef<[u8]>, header: impl AsRef<[u8]>, live: &[Secret]) -> Diagnosis {
    explain(&Clues { body: body.as_ref(), header: header.as_ref(), live, others: &[] })
}

fn sign(secret: &Secret, bytes: &[u8]) -> String {
    SigningKey::new(secret).sign(bytes).to_string()
}

fn event() -> Vec<u8> {
    vectors().find(|vector| vector.name == "another secret").expect("a vector of that name").body
}

#[test]
fn says_nothing_of_secrets_and_of_the_right_signature() {
    for vector in vectors() {
        let said = serde_json::to_string(&vector.explained()).expect("JSON");
        let others = vector.others.iter().map(|(_, secret)| secret);
        for secret in vector.live.iter().chain(others).filter(|secret| secret.expose().len() > 7) {
            let text = secret.expose().trim();
            assert!(!said.contains(text), "{}: {said}", vector.name);
            assert!(!said.contains(&sign(secret, &vector.body)), "{}: {said}", vector.name);
        }
    }
}

#[test]
fn names_the_secret_behind_the_proof() {
    let live = [secret("first"), secret("second")];
    let diagnosis = diagnosed("text\n", sign(&live[1], b"text"), &live);
    assert_eq!(codes(&diagnosis), ["body_newline_added"]);
    assert_eq!(diagnosis.secret, Some(live[1].fingerprint()));
}

#[test]
fn has_nothing_to_explain_where_the_signature_is_right() {
    let live = [secret("a secret")];
    let diagnosis = diagnosed(event(), sign(&live[0], &event()), &live);
    assert_eq!((diagnosis.verdict, diagnosis.cause, diagnosis.tried), (Verdict::Right, Vec::new(), 1));
}

#[test]
fn says_what_verification_refuses_although_it_is_signed() {
    let live = [secret("a secret")];
    let deep = format!("{}{}", "[".repeat(1_001), "]".repeat(1_001));
    for (body, signed, code) in [
        (b"\xff".to_vec(), b"\xff".to_vec(), "body_not_utf8"),
        (format!("{deep}\n").into_bytes(), deep.into_bytes(), "body_too_deep"),
    ] {
        assert_eq!(codes(&diagnosed(body, sign(&live[0], &signed), &live)), [code]);
    }
}

#[test]
fn notices_what_proves_nothing() {
    let live = [secret("a live secret")];
    let other = "5".repeat(64);
    let odd = |text: &str| [secret(text)];
    for (code, diagnosis) in [
        ("header_missing", diagnosed(event(), " ", &live)),
        ("header_other_digest", diagnosed(event(), "5".repeat(40), &live)),
        ("header_length", diagnosed(event(), "5".repeat(50), &live)),
        ("header_unreadable", diagnosed(event(), "no signature at all", &live)),
        ("header_unreadable", diagnosed(event(), r#"{"sig":1}"#, &live)),
        ("header_upper_case", diagnosed(event(), "AB".repeat(32), &live)),
        ("body_empty", diagnosed("", &other, &live)),
        ("body_compressed", diagnosed(b"\x1f\x8b\x08\0\0", &other, &live)),
        ("body_other_content", diagnosed("<!DOCTYPE html><p>", &other, &live)),
        ("body_other_content", diagnosed("@body.json", &other, &live)),
        ("body_not_utf8", diagnosed(b"{\"a\":\"\xe9\xff\"}", &other, &live)),
        ("body_truncated", diagnosed(r#"{"a":[1,"tw"#, &other, &live)),
        ("body_not_json", diagnosed(r#"{"a":01}"#, &other, &live)),
        ("body_replacement_characters", diagnosed("{\"a\":\"\u{fffd}\"}", &other, &live)),
        ("secret_missing", diagnosed(event(), &other, &[])),
        ("secret_looks_like_api_key", diagnosed(event(), &other, &odd("vsai-pk-0000"))),
        ("secret_looks_like_placeholder", diagnosed(event(), &other, &odd("undefined"))),
        ("secret_has_blanks", diagnosed(event(), &other, &odd("abc\n"))),
    ] {
        let hints: Vec<_> = diagnosis.hints.iter().map(|hint| hint.code).collect();
        assert_eq!((hints.as_slice(), diagnosis.verdict), (&[code][..], Verdict::Unexplained));
    }
}

#[test]
fn a_cut_body_is_said_to_break_off_at_its_end() {
    let cut = diagnosed(r#"{"a":[1,"tw"#, "5".repeat(64), &[secret("a secret")]);
    assert!(cut.hints[0].what.contains("breaks off at byte 11, after 11 bytes"), "{:?}", cut.hints);
}

#[test]
fn stops_at_the_bound_on_digests_and_says_so() {
    let live: Vec<_> = (0..12).map(|number| secret(&format!("secret {number}"))).collect();
    let diagnosis = diagnosed(event(), "5".repeat(64), &live);
    assert_eq!((diagnosis.tried, diagnosis.complete), (MAX_HMACS, false));
    assert!(diagnosis.summary.contains("the bound on work"), "{}", diagnosis.summary);
}

#[test]
fn stops_at_the_bound_on_bytes() {
    let header = Header::read(&[b'5'; 64]);
    let mut trials = Trials::new(&header);
    let piece = vec![0; 1 << 20];
    let spent = (0..MAX_HMACS).take_while(|_| trials.spend(&piece).is_continue()).count();
    assert_eq!(spent * piece.len(), MAX_HASHED);
}

#[test]
fn a_large_body_is_searched_for_causes_of_header_and_secret_only() {
    let live = [secret("a secret")];
    let mut body = b"not JSON".repeat(MAX_BODY / 8 + 1);
    let signature = sign(&live[0], &body);
    let signed_with_newline = sign(&secret("a secret\n"), &body);
    assert_eq!(codes(&diagnosed(&body, signature.to_uppercase(), &live)), ["header_upper_case"]);
    assert_eq!(codes(&diagnosed(&body, signed_with_newline, &live)), ["secret_newline_removed"]);
    body.push(b'\n');
    let unexplained = diagnosed(&body, signature, &live);
    assert_eq!((unexplained.verdict, unexplained.complete), (Verdict::Unexplained, false));
}

#[test]
fn a_body_that_was_not_kept_is_explained_by_its_header_alone() {
    let right = SigningKey::new(&secret("a secret")).sign(b"streamed");
    let diagnosis = explain_header(format!("sha256={right}").as_bytes(), &[right]);
    assert_eq!(codes(&diagnosis), ["header_prefixed"]);
    assert_eq!(explain_header(&[b'5'; 64], &[right]).verdict, Verdict::Unexplained);
}

#[test]
fn shapes_that_could_blow_up_stay_within_bounds() {
    let nested = "[".repeat(8_000) + &"]".repeat(8_000);
    let shapes = [
        nested,
        "{\"a\":".repeat(3_000) + "1" + &"}".repeat(3_000),
        "[".repeat(16_000),
        "\"".repeat(16_000),
        "\\".repeat(16_000),
        "\r\n".repeat(8_000),
        "{}".repeat(8_000),
        "a={&".repeat(4_000),
        "{'".repeat(8_000),
        format!("[{}]", vec![r#""{\"a\":\"{}\"}""#; 1_000].join(",")),
    ];
    for shape in shapes {
        let diagnosis = diagnosed(&shape, "5".repeat(64), &[secret("a secret")]);
        assert!(diagnosis.tried <= MAX_HMACS && diagnosis.verdict == Verdict::Unexplained, "{}", &shape[..9]);
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let jsonish = "[ \\[\\]{}:,\"\\\\'%=&/a-fn0-9+\u{e9}\u{2028}\r\n]{0,60}".prop_map(String::into_bytes);
    let vector =
        (0..VECTORS.lines().count(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(line, at, byte)| {
            let mut body = vectors().nth(line).expect("as many lines").body;
            if !body.is_empty() {
                let at = at.index(body.len());
                body[at] = byte;
            }
            body
        });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..60), jsonish, vector]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn never_panics_names_no_secret_and_gives_no_cause_to_a_stranger(
        body in bytes(),
        header in prop_oneof![bytes(), "[ a-fA-F0-9]{60,70}".prop_map(String::into_bytes)],
        live in "[!-~ \u{e9}\n]{12,40}",
        other in "[!-~]{12,40}",
    ) {
        let (live, others) = ([secret(&live)], [(SecretOrigin::Previous, secret(&other))]);
        let body = [body, other.as_bytes().to_vec()].concat();
        let header = [b"x".to_vec(), header, b" ".to_vec(), other.as_bytes().to_vec()].concat();
        let diagnosis = explain(&Clues { body: &body, header: &header, live: &live, others: &others });
        prop_assert!(diagnosis.tried <= MAX_HMACS);
        prop_assert_eq!(diagnosis.verdict, Verdict::Unexplained);
        let said = format!("{diagnosis:?}");
        prop_assert!(!said.contains(live[0].expose().trim()) && !said.contains(&other), "{}", said);
    }
}
