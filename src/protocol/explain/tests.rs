//! Every cause, as made by other tools (`tests/vectors/explain.mjs`), and the promises that hold for any input.

use data_encoding::BASE64;
use proptest::prelude::*;
use serde_json::Value;

use super::{Clues, Diagnosis, MAX_BODY, MAX_HASHED, MAX_HMACS, SecretOrigin, Verdict, explain};
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
        profile => SecretOrigin::OtherProfile(profile.to_owned()),
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

fn diagnosed(body: &[u8], header: &str, live: &[Secret]) -> Diagnosis {
    explain(&Clues { body, header: header.as_bytes(), live, others: &[] })
}

fn sign(secret: &Secret, bytes: &[u8]) -> String {
    SigningKey::new(secret).sign(bytes).to_string()
}

#[test]
fn timing() {
    let event = vectors().find(|vector| vector.name == "another secret").expect("it").body;
    let event = String::from_utf8(event).expect("text");
    let many = 1_040_000 / event.len();
    let live = [secret("one live secret"), secret("and another")];
    let lone = format!("{:?}", "{\"a\":\"{}\"}");
    for (name, body) in [
        ("events", format!("[{}]", vec![event.as_str(); many].join(","))),
        ("events a line", vec![event.as_str(); many].join("\n")),
        ("deep", "[".repeat(500_000) + &"]".repeat(500_000)),
        ("deep objects", "{\"a\":".repeat(170_000) + "1" + &"}".repeat(170_000)),
        ("open", "[".repeat(1_000_000)),
        ("open objects", "{\"a\":".repeat(200_000)),
        ("newlines", "\n".repeat(1_000_000)),
        ("quotes", "\"".repeat(1_000_000)),
        ("backslashes", "\\".repeat(1_000_000)),
        ("strings", format!("[{}]", vec![lone.as_str(); 50_000].join(","))),
        ("zeros", format!("[{}]", vec!["0"; 500_000].join(","))),
        ("amps", "&lt;".repeat(250_000)),
        ("percent", "%41".repeat(300_000)),
        ("accents", format!("\"{}\"", "é".repeat(500_000))),
        ("members", format!("{{{}}}", (0..80_000).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(","))),
        ("base64", "QUJD".repeat(260_000)),
        ("form", "a={&".repeat(260_000)),
        ("repr", "{'a'".repeat(200_000)),
    ] {
        let start = std::time::Instant::now();
        let diagnosis = diagnosed(body.as_bytes(), &"0".repeat(64), &live);
        let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = peak.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
        eprintln!("{name}: {} bytes {} tried {} {:?} {peak}", body.len(), diagnosis.tried, diagnosis.complete, start.elapsed());
    }
}
