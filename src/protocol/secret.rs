//! The webhook secret: UTF-8 text that is shown as a fingerprint only.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A webhook secret: not empty, UTF-8. Its bytes are the HMAC key as they are (inferred from the vendor's receiver).
#[derive(Clone)]
pub struct Secret(SecretString);

/// Why a text is not a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No bytes, or a single newline.
    #[error("it is empty")]
    Empty,
    /// The vendor's receiver reads the secret as UTF-8 text.
    #[error("it is not UTF-8 text")]
    NotUtf8,
}

impl Secret {
    /// Takes the text as it is.
    ///
    /// # Errors
    /// [`SecretError::Empty`] for the empty text: an empty key would verify what anybody signs.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = text.into();
        if text.is_empty() {
            return Err(SecretError::Empty);
        }
        Ok(Self(SecretString::from(text)))
    }

    /// Takes the bytes of a file or of standard input, less exactly one trailing newline (`\n` or `\r\n`).
    /// The flag tells whether there was one.
    ///
    /// # Errors
    /// [`SecretError`] when nothing is left or the bytes are not UTF-8.
    pub fn from_file_bytes(bytes: Vec<u8>) -> Result<(Self, bool), SecretError> {
        let mut text = String::from_utf8(bytes).map_err(|_| SecretError::NotUtf8)?;
        let whole = text.len();
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        let lost_newline = text.len() < whole;
        Ok((Self::new(text)?, lost_newline))
    }

    /// The secret itself: to sign with, to store, or to send to the API; never to print.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What may be shown: 8 hex digits of SHA-256("vsai-fingerprint:" ‖ secret).
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update(b"vsai-fingerprint:").chain_update(self.expose()).finalize();
        hex::encode(&digest[..4])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.fingerprint())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq;
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_loses_exactly_one_newline() {
        for (bytes, text, lost) in [
            (&b"abc"[..], "abc", false),
            (b"abc\n", "abc", true),
            (b"abc\r\n", "abc", true),
            (b"abc\n\n", "abc\n", true),
            (b" abc ", " abc ", false),
            (b"abc\r", "abc\r", false),
        ] {
            let (secret, lost_newline) = Secret::from_file_bytes(bytes.to_vec()).expect("a secret");
            assert_eq!((secret.expose(), lost_newline), (text, lost));
        }
    }

    #[test]
    fn refuses_empty_and_binary_secrets() {
        for (bytes, error) in
            [(&b""[..], SecretError::Empty), (b"\n", SecretError::Empty), (b"\xff\xfe", SecretError::NotUtf8)]
        {
            assert_eq!(Secret::from_file_bytes(bytes.to_vec()).expect_err("refused"), error);
        }
    }

    #[test]
    fn debug_shows_the_fingerprint_only() {
        let shown = format!("{:?}", Secret::new("hunter2-hunter2").expect("a secret"));
        assert!(shown.starts_with("Secret(") && !shown.contains("hunter2"), "{shown}");
    }
}
