//! The signature: lower-case hex HMAC-SHA256 in the `X-VSAI-Signature` header, made and compared in constant time.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::Secret;

/// The name of the header that carries the signature (documented; header names ignore case).
pub const SIGNATURE_HEADER: &str = "X-VSAI-Signature";

/// An HMAC-SHA256 tag of 32 bytes. Equality takes the same time wherever the bytes differ.
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

/// A header value or argument that is not a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signature is 64 lower-case hex digits")]
pub struct MalformedSignature;

impl Signature {
    /// Reads 64 lower-case hex digits between optional spaces and tabs; the vendor's receiver compares text, so upper case
    /// is refused.
    ///
    /// # Errors
    /// [`MalformedSignature`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MalformedSignature> {
        let digits: &[u8; 64] = text.trim_matches([' ', '\t']).as_bytes().try_into().map_err(|_| MalformedSignature)?;
        let mut bytes = [0; 32];
        data_encoding::HEXLOWER.decode_mut(digits, &mut bytes).map_err(|_| MalformedSignature)?;
        Ok(Self(bytes))
    }

    /// The 32 bytes of the tag.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Signature {}

/// A secret made ready to sign: the keyed HMAC state, cloned for each message (a fifth cheaper than keying anew).
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Keys the HMAC with the secret's UTF-8 bytes.
    pub fn new(secret: &Secret) -> Self {
        Self::from_bytes(secret.expose().as_bytes())
    }

    /// Keys the HMAC with any bytes; for diagnosis only, since a vendor's secret is text.
    pub(super) fn from_bytes(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    /// Signs exactly these bytes.
    ///
    /// ```
    /// use vsai::protocol::{Secret, SigningKey};
    /// let key = SigningKey::new(&Secret::new("test-secret")?);
    /// assert_eq!(
    ///     key.sign(br#"{"event_type":"done"}"#).to_string(),
    ///     "68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6",
    /// );
    /// # Ok::<(), vsai::protocol::SecretError>(())
    /// ```
    pub fn sign(&self, message: &[u8]) -> Signature {
        let mut signer = self.signer();
        signer.update(message);
        signer.finish()
    }

    /// Starts a signature over a message that comes in pieces, for files larger than memory.
    pub fn signer(&self) -> Signer {
        Signer(self.0.clone())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// A signature in the making.
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// Adds the next bytes of the message.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Ends the message.
    pub fn finish(self) -> Signature {
        Signature(self.0.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the vendor's documentation, signed with Node and checked with OpenSSL.
    const BODY: &str = r#"{"render_id":"rnd_abc123","variation_id":"var_xyz789","variation_type":"staging","base_variation_id":"var_removal123","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/image.jpg","optimized_url":"https://results.example.com/image_optimized.webp","thumbnail_url":"https://results.example.com/image_thumb.jpg"}}"#;
    const SIGNATURE: &str = "1a0ce703d32efd12433d4402d633a54c7455de46bd82b66a3ddc7570acc2b853";

    fn key() -> SigningKey {
        SigningKey::new(&Secret::new("test-secret").expect("not empty"))
    }

    #[test]
    fn signs_the_documented_vector() {
        assert_eq!(key().sign(BODY.as_bytes()).to_string(), SIGNATURE);
    }

    #[test]
    fn signs_in_pieces_as_at_once() {
        let mut signer = key().signer();
        for piece in BODY.as_bytes().chunks(7) {
            signer.update(piece);
        }
        assert_eq!(signer.finish().to_string(), SIGNATURE);
    }

    #[test]
    fn takes_outer_spaces_and_nothing_else() {
        assert!(Signature::parse(&format!(" \t{SIGNATURE} ")).is_ok());
        for text in [
            "",
            &SIGNATURE[1..],
            &SIGNATURE.to_uppercase(),
            &format!("sha256={SIGNATURE}"),
            &format!("{SIGNATURE}, {SIGNATURE}"),
            &format!("{SIGNATURE}\n"),
            &format!("{}g", &SIGNATURE[1..]),
            &format!("{}é", &SIGNATURE[2..]),
        ] {
            assert_eq!(Signature::parse(text).expect_err("refused"), MalformedSignature, "{text:?}");
        }
    }
}
