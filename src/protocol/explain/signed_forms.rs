//! What signers take for the body: the text encoded once more, its digest, nothing at all.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::Finding;
use super::encodings::encode_utf16;
use super::placeholders;
use super::python;
use super::version::Version;

const SIGN_BODY: &str = "sign the very bytes that are posted: HMAC-SHA256(secret, body)";
const READ_BODY_ONCE: &str = "the body was read before it was signed or checked, or a variable was not filled: keep the raw bytes and use those \
     (Express: express.raw(), Next.js: await request.text() once)";

/// Versions in which the signer signed something made of the body, or a fixed text in its place.
pub(super) fn versions(body: &[u8], canonical: Option<&str>) -> Vec<Version> {
    let text = std::str::from_utf8(body).ok();
    let mut versions: Vec<Version> = placeholders::BODIES.iter().map(|text| placeholder(text)).collect();
    versions.extend(text.into_iter().chain(canonical).flat_map(encoded));
    versions.extend(canonical.and_then(python::signed_repr));
    for bytes in [Some(body), canonical.map(str::as_bytes)].into_iter().flatten() {
        versions.extend(digested(bytes));
    }
    versions
}

/// Versions that have the header's time before the body, as Stripe and Slack sign.
pub(super) fn timed(body: &[u8], canonical: Option<&str>, time: &str) -> Vec<Version> {
    let bodies = [Some(body), canonical.map(str::as_bytes)];
    let timed = |prefix: String, body: &[u8]| {
        let what = "what was signed is the time in the header, then the body, as Stripe and Slack sign";
        let fix = "sign the body alone: this API's signature covers no time";
        Version::new([prefix.as_bytes(), body].concat(), Finding::new("body_signed_with_time", what, fix))
    };
    let prefixes = [format!("{time}."), format!("v0:{time}:"), time.to_owned()];
    bodies.into_iter().flatten().flat_map(|body| prefixes.clone().map(|prefix| timed(prefix, body))).collect()
}

fn placeholder(text: &str) -> Version {
    let finding = if text.is_empty() {
        Finding::new("body_signed_empty", "the signature is that of the empty text, not of the body", READ_BODY_ONCE)
    } else {
        let what = format!("the signature is that of the fixed text `{text}`, not of the body");
        Finding::new("body_signed_placeholder", what, READ_BODY_ONCE)
    };
    Version::new(text, finding)
}

fn encoded(text: &str) -> Vec<Version> {
    let mut versions = Vec::new();
    if let Ok(string) = serde_json::to_string(text) {
        let what = "what was signed is the body as a JSON string, in quotes: it was stringified twice";
        versions.push(Version::new(string, Finding::new("body_signed_as_string", what, SIGN_BODY)));
    }
    let what = "what was signed is base64 of the body";
    versions.push(Version::new(BASE64.encode(text.as_bytes()), Finding::new("body_signed_as_base64", what, SIGN_BODY)));
    let what = "what was signed is the body in UTF-16, as .NET's Encoding.Unicode writes it";
    versions.push(Version::new(encode_utf16(text), Finding::new("body_signed_as_utf16", what, SIGN_BODY)));
    versions
}

fn digested(bytes: &[u8]) -> [Version; 2] {
    let digest = Sha256::digest(bytes);
    [hex::encode(digest).into_bytes(), digest.to_vec()].map(|bytes| {
        let what = "what was signed is the SHA-256 digest of the body, not the body";
        Version::new(bytes, Finding::new("body_signed_as_digest", what, SIGN_BODY))
    })
}
