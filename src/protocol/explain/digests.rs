//! Other ways to make a digest of a secret and a body than HMAC-SHA256(secret, body).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::Finding;
use crate::protocol::SigningKey;

const USE_HMAC: &str = "use HMAC-SHA256 with the secret as key and the body as message: `openssl dgst -sha256 -hmac`, createHmac in Node, \
     hmac.new(secret, body, sha256) in Python, hash_hmac('sha256', $body, $secret) in PHP";

/// A digest of a key and a body.
type MakeDigest = fn(&[u8], &[u8]) -> [u8; 32];

/// Digests of 32 bytes that are mistaken for the HMAC, with what to say of them.
pub(super) const MISTAKEN: [(MakeDigest, &str); 4] = [
    (
        |_, body| Sha256::digest(body).into(),
        "the signature is the plain SHA-256 of the body, made without a secret: anybody can make it",
    ),
    (|key, body| sha256(key, body), "the signature is SHA-256 of the secret followed by the body, not an HMAC"),
    (|key, body| sha256(body, key), "the signature is SHA-256 of the body followed by the secret, not an HMAC"),
    (
        |key, body| *SigningKey::from_bytes(body).sign(key).as_bytes(),
        "the HMAC was made with its arguments swapped: the body as key, the secret as message",
    ),
];

fn sha256(first: &[u8], second: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(first).chain_update(second).finalize().into()
}

pub(super) fn finding(what: impl Into<String>) -> Finding {
    Finding::new("header_other_digest", what, USE_HMAC)
}

/// What to say if a longer digest is the HMAC-SHA384 or HMAC-SHA512 of the body.
pub(super) fn longer(digest: &[u8], key: &[u8], body: &[u8]) -> Option<Finding> {
    let (right, name) = if digest.len() == 48 {
        (Hmac::<Sha384>::new_from_slice(key).ok()?.chain_update(body).finalize().into_bytes().to_vec(), "SHA384")
    } else {
        (Hmac::<Sha512>::new_from_slice(key).ok()?.chain_update(body).finalize().into_bytes().to_vec(), "SHA512")
    };
    (right == digest).then(|| finding(format!("the signature is HMAC-{name} of the body, not HMAC-SHA256")))
}
