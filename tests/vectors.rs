//! Holds canonical JSON and signatures to texts that Node judged (`tests/vectors/generate.mjs`).

use data_encoding::BASE64;
use vsai::protocol::canonical_json::canonicalize;
use vsai::protocol::{Secret, SigningKey};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    text: Option<String>,
    base64: Option<String>,
    canonical: Option<String>,
    signature: Option<String>,
    #[serde(default)]
    refused: bool,
}

impl Vector {
    fn bytes(&self) -> Vec<u8> {
        match (&self.text, &self.base64) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(base64)) => BASE64.decode(base64.as_bytes()).expect("base64"),
            _ => panic!("a vector is either text or base64"),
        }
    }
}

fn vectors() -> Vec<Vector> {
    include_str!("vectors/canonical.jsonl").lines().map(|line| serde_json::from_str(line).expect("a vector")).collect()
}

#[test]
fn writes_and_signs_what_node_writes_and_signs() {
    let key = SigningKey::new(&Secret::new("test-secret").expect("not empty"));
    let accepted: Vec<_> = vectors().into_iter().filter(|vector| !vector.refused).collect();
    assert!(accepted.len() > 1_500, "only {} vectors", accepted.len());
    for vector in accepted {
        let bytes = vector.bytes();
        let shown = String::from_utf8_lossy(&bytes);
        let canonical = canonicalize(&bytes).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(canonical, vector.canonical.as_deref().unwrap_or(&shown), "{shown}");
        assert_eq!(Some(key.sign(canonical.as_bytes()).to_string()), vector.signature, "{shown}");
    }
}

#[test]
fn refuses_what_node_refuses() {
    let refused: Vec<_> = vectors().into_iter().filter(|vector| vector.refused).collect();
    assert!(refused.len() > 500, "only {} vectors", refused.len());
    for vector in refused {
        let bytes = vector.bytes();
        if let Ok(canonical) = canonicalize(&bytes) {
            panic!("{} became {canonical}", String::from_utf8_lossy(&bytes));
        }
    }
}
