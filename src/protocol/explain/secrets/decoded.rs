//! Secrets that one side decoded, encoded or hashed before it signed.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::super::Finding;
use super::super::encodings::encode_utf16;
use super::super::header::decode_base64;
use super::super::wrappings::percent_decoded;
use super::SAME_TEXT;
use super::key::Variant;

const TEXT_IS_KEY: &str =
    "use the secret's text as the key, as it is: this API's secret is UTF-8 text, not encoded bytes";
const ENCODED_ONCE: &str =
    "encode it once: Kubernetes' `data:` wants base64 of the secret, `stringData:` the secret itself; and `echo -n`";

/// Hex, base64 and digests.
pub(super) fn variants(secret: &[u8]) -> Vec<Variant> {
    let mut variants = Vec::new();
    let mut add = |bytes: Vec<u8>, code, what: &str, fix| {
        variants.push((Zeroizing::new(bytes), Finding::new(code, what, fix)));
    };
    if let Ok(bytes) = hex::decode(secret.trim_ascii()) {
        let what = "the signer's key is the bytes that the secret's hex digits stand for, not the digits";
        add(bytes, "secret_hex_decoded", what, TEXT_IS_KEY);
    }
    if let Some(bytes) = std::str::from_utf8(secret).ok().and_then(decode_base64) {
        let what = "the signer's key is what the secret decodes to as base64, not its text";
        if let Some(shorter) = bytes.strip_suffix(b"\n") {
            let what = "the secret here is base64 of the signer's secret and a newline, as `echo … | base64` makes it";
            add(shorter.to_vec(), "secret_base64_decoded", what, ENCODED_ONCE);
        }
        add(bytes, "secret_base64_decoded", what, TEXT_IS_KEY);
    }
    let what = "the signer's secret is base64 of the secret here";
    add(BASE64.encode(secret).into_bytes(), "secret_base64_encoded", what, ENCODED_ONCE);
    add(BASE64URL_NOPAD.encode(secret).into_bytes(), "secret_base64_encoded", what, ENCODED_ONCE);
    let what = "the signer's secret is base64 of the secret here and a newline, as `echo … | base64` makes it";
    add(BASE64.encode(&[secret, b"\n"].concat()).into_bytes(), "secret_base64_encoded", what, ENCODED_ONCE);
    let what = "the signer's secret is the hex of the bytes of the secret here";
    add(hex::encode(secret).into_bytes(), "secret_hex_encoded", what, TEXT_IS_KEY);
    let what = "the signer's key is the SHA-256 digest of the secret, not the secret";
    let digest = Sha256::digest(secret);
    add(hex::encode(digest).into_bytes(), "secret_hashed", what, TEXT_IS_KEY);
    add(digest.to_vec(), "secret_hashed", what, TEXT_IS_KEY);
    variants
}

/// Prefixes, percent signs, letter case and character encodings.
pub(super) fn of_text(secret: &str) -> Vec<Variant> {
    let prefix = ["whsec_", "whsec-", "secret_", "sha256=", "Bearer ", "Api-Key "];
    let rest = prefix.into_iter().find_map(|prefix| secret.strip_prefix(prefix)).filter(|rest| !rest.is_empty());
    let latin1: Option<Vec<u8>> = secret.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let found = [
        (
            rest.map(|rest| rest.as_bytes().to_vec()),
            "secret_prefix_removed",
            "the signer's secret is the one here without its prefix (such as `whsec_`)",
        ),
        (
            rest.and_then(decode_base64),
            "secret_prefix_removed",
            "the signer's key is what follows the prefix (such as `whsec_`) decoded as base64, as Standard Webhooks do it",
        ),
        (
            Some(format!("whsec_{secret}").into_bytes()),
            "secret_prefix_added",
            "the signer's secret has the prefix `whsec_` that the secret here lacks",
        ),
        (
            percent_decoded(secret, false),
            "secret_percent_decoded",
            "the signer's secret has the characters that the %XX in the secret here stand for",
        ),
        (
            Some(encoded.into_bytes()),
            "secret_percent_encoded",
            "the signer's secret is the one here percent-encoded, as in a URL",
        ),
        (
            Some(secret.to_lowercase().into_bytes()),
            "secret_letter_case",
            "the signer's secret is the one here in lower case",
        ),
        (
            Some(secret.to_uppercase().into_bytes()),
            "secret_letter_case",
            "the signer's secret is the one here in upper case",
        ),
        (
            Some(encode_utf16(secret)),
            "secret_utf16",
            "the signer's key is the secret's UTF-16 bytes, as .NET's Encoding.Unicode writes them, not UTF-8",
        ),
        (latin1, "secret_latin1", "the signer's key is the secret's Latin-1 bytes, not UTF-8"),
    ];
    found
        .into_iter()
        .filter_map(|(bytes, code, what)| Some((Zeroizing::new(bytes?), Finding::new(code, what, SAME_TEXT))))
        .collect()
}
