//! Other ways to make a digest of a secret and a body than HMAC-SHA256(secret, body).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::Finding;
use crate::protocol::SigningKey;

const USE_HMAC: &str = "use HMAC-SHA256 with the secret as key and the body as message: `openssl dgst -sha256 -hmac`, createHmac in Node, \
     hmac.new(secret, body, sha256) in Python, hash_hmac('sha256', $body, $secret) in PHP";

/// Digests of 32 bytes that are mistaken for the HMAC.
pub(super) fn mistaken(key: &[u8], body: &[u8]) -> [([u8; 32], Finding); 4] {
    let finding = |what: &str| Finding::new("header_other_digest", what, USE_HMAC);
    let sha256 = |parts: [&[u8]; 2]| Sha256::new().chain_update(parts[0]).chain_update(parts[1]).finalize().into();
    [
        (
            sha256([b"", body]),
            finding("the signature is the plain SHA-256 of the body, made without the secret: anybody can make it"),
        ),
        (sha256([key, body]), finding("the signature is SHA-256 of the secret followed by the body, not an HMAC")),
        (sha256([body, key]), finding("the signature is SHA-256 of the body followed by the secret, not an HMAC")),
        (
            *SigningKey::from_bytes(body).sign(key).as_bytes(),
            finding("the HMAC was made with its two arguments swapped: the body as key, the secret as message"),
        ),
    ]
}

/// Whether a longer digest is the HMAC-SHA384 or HMAC-SHA512 of the body.
pub(super) fn longer(digest: &[u8], key: &[u8], body: &[u8]) -> Option<Finding> {
    let (right, name) = if digest.len() == 48 {
        (
            Hmac::<Sha384>::new_from_slice(key).map(|hmac| hmac.chain_update(body).finalize().into_bytes().to_vec()),
            "SHA384",
        )
    } else {
        (
            Hmac::<Sha512>::new_from_slice(key).map(|hmac| hmac.chain_update(body).finalize().into_bytes().to_vec()),
            "SHA512",
        )
    };
    let what = format!("the signature is HMAC-{name} of the body, not HMAC-SHA256");
    (right.ok()? == digest).then(|| Finding::new("header_other_digest", what, USE_HMAC))
}
