//! The verdict on a delivery: which bytes were signed, with which secret, and in which form.

use super::canonical_json::{CanonicalError, canonical_members, canonicalize_within};
use super::{Identity, Signature, SigningKey};

/// Arrays and objects that a delivery may nest before its canonical form is no longer looked for.
pub const MAX_DEPTH: usize = 1_000;

/// Which form of a body the signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matched {
    /// The bytes as they came, which are canonical: the normal case.
    Both,
    /// The bytes as they came, which are not canonical: the vendor's documented receiver would refuse them.
    Raw,
    /// Only the canonical form: something on the way has reformatted the JSON.
    Canonical,
}

/// A payload whose signature was right. There is no other way to make one than [`Verifier::verify`], so what takes a
/// `Verified` cannot be given anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    text: String,
    matched: Matched,
    secret: usize,
    identity: Identity,
}

impl Verified {
    /// The exact text that was signed. Where only the canonical form matched, that form: two texts with one canonical
    /// form can mean different things to two parsers.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the event is about.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What the event is about, and the exact text that was signed.
    pub fn into_parts(self) -> (Identity, String) {
        (self.identity, self.text)
    }

    /// Which form matched.
    pub fn matched(&self) -> Matched {
        self.matched
    }

    /// Index of the secret that signed, in the order given to [`Verifier::new`].
    pub fn secret(&self) -> usize {
        self.secret
    }
}

/// Why a delivery is not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// No live secret made this signature over the bytes or their canonical form.
    #[error("signature mismatch")]
    Mismatch,
    /// The bytes as they came do not match, and they have no canonical form to try.
    #[error("signature mismatch ({0})")]
    MismatchNotCanonical(CanonicalError),
    /// The signature is right, but over bytes that are no text.
    #[error("signed, but not UTF-8 text")]
    NotUtf8,
}

/// The live secrets, ready to verify with.
#[derive(Debug, Clone)]
pub struct Verifier {
    keys: Vec<SigningKey>,
    max_depth: usize,
}

impl Verifier {
    /// A verifier that accepts any of these secrets, tried in order.
    pub fn new(secrets: &[super::Secret]) -> Self {
        Self { keys: secrets.iter().map(SigningKey::new).collect(), max_depth: MAX_DEPTH }
    }

    /// Tries the bytes as they came, then their canonical form, with each secret.
    ///
    /// # Errors
    /// [`Unverified`] when nothing matched, or what matched is no text.
    pub fn verify(&self, body: &[u8], signature: Signature) -> Result<Verified, Unverified> {
        if let Some(secret) = self.signer_of(body, signature) {
            let text = std::str::from_utf8(body).map_err(|_| Unverified::NotUtf8)?;
            // One pass tells the form and finds what the event is about.
            let (matched, identity) = match canonical_members(text, self.max_depth) {
                Some(members) => (Matched::Both, Identity::of_members(members)),
                None => (Matched::Raw, Identity::salvaged(text)),
            };
            return Ok(Verified { text: text.to_owned(), matched, secret, identity });
        }
        let text = canonicalize_within(body, self.max_depth).map_err(Unverified::MismatchNotCanonical)?;
        match self.signer_of(text.as_bytes(), signature) {
            Some(secret) => {
                let identity = Identity::salvaged(&text);
                Ok(Verified { text, matched: Matched::Canonical, secret, identity })
            }
            None => Err(Unverified::Mismatch),
        }
    }

    /// Index of the first secret that made this signature over exactly these bytes.
    pub fn signer_of(&self, bytes: &[u8], signature: Signature) -> Option<usize> {
        self.keys.iter().position(|key| key.sign(bytes) == signature)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Secret;
    use super::*;

    fn secrets() -> [Secret; 2] {
        ["first", "second"].map(|text| Secret::new(text).expect("not empty"))
    }

    fn signed_by(secret: usize, bytes: &[u8]) -> Signature {
        SigningKey::new(&secrets()[secret]).sign(bytes)
    }

    #[test]
    fn tells_the_form_and_the_secret() {
        let verifier = Verifier::new(&secrets());
        let spaced = br#"{ "a": 1 }"#;
        let tight = br#"{"a":1}"#;
        for (body, signature, matched, text) in [
            (&tight[..], signed_by(1, tight), Matched::Both, r#"{"a":1}"#),
            (spaced, signed_by(1, spaced), Matched::Raw, r#"{ "a": 1 }"#),
            (spaced, signed_by(1, tight), Matched::Canonical, r#"{"a":1}"#),
        ] {
            let verified = verifier.verify(body, signature).expect("verified");
            assert_eq!((verified.text(), verified.matched(), verified.secret()), (text, matched, 1));
        }
    }

    #[test]
    fn refuses_one_flipped_bit_anywhere() {
        let verifier = Verifier::new(&secrets());
        let body = br#"{"event_type":"done","n":[1,2]}"#;
        let signature = signed_by(0, body);
        for bit in 0..body.len() * 8 {
            let mut flipped = body.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(verifier.verify(&flipped, signature).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn the_canonical_bytes_go_on_where_only_they_were_signed() {
        let signature = signed_by(0, br#"{"a":2}"#);
        let verified = Verifier::new(&secrets()).verify(br#"{"a":1,"a":2}"#, signature).expect("verified");
        assert_eq!(verified.text(), r#"{"a":2}"#);
    }

    #[test]
    fn signed_bytes_that_are_no_text_are_refused() {
        let signature = signed_by(0, b"\xff");
        assert_eq!(Verifier::new(&secrets()).verify(b"\xff", signature), Err(Unverified::NotUtf8));
    }
}
