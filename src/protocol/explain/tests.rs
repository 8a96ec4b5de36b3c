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
