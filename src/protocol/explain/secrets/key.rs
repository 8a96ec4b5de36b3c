//! A key to try, and where keys come from.

use std::fmt;

use zeroize::Zeroizing;

use super::super::{Finding, SecretOrigin, placeholders};
use super::{decoded, kept_in, mangled};
use crate::protocol::{Secret, SigningKey};

/// Bytes of a key with what tells them from the secret.
pub(super) type Variant = (Zeroizing<Vec<u8>>, Finding);

/// A key, ready to sign with.
#[derive(Clone)]
pub(in super::super) struct Key {
    pub(in super::super) bytes: Zeroizing<Vec<u8>>,
    pub(in super::super) signing: SigningKey,
    /// Of the secret that it comes from; none for a fixed text.
    pub(in super::super) fingerprint: Option<String>,
    pub(in super::super) changes: Vec<Finding>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?})", self.fingerprint)
    }
}

impl Key {
    fn new(bytes: Zeroizing<Vec<u8>>, fingerprint: Option<String>, changes: Vec<Finding>) -> Self {
        let signing = SigningKey::from_bytes(&bytes);
        Self { bytes, signing, fingerprint, changes }
    }

    /// A live secret as it is.
    pub(in super::super) fn live(secret: &Secret) -> Self {
        Self::new(Zeroizing::new(secret.expose().into()), Some(secret.fingerprint()), Vec::new())
    }

    /// A secret that is not live.
    pub(in super::super) fn other(origin: &SecretOrigin, secret: &Secret) -> Self {
        Self { changes: vec![of(origin)], ..Self::live(secret) }
    }

    fn varied(&self, (bytes, finding): Variant) -> Self {
        Self::new(bytes, self.fingerprint.clone(), [self.changes.clone(), vec![finding]].concat())
    }
}

fn of(origin: &SecretOrigin) -> Finding {
    match origin {
        SecretOrigin::ApiKey => Finding::new(
            "secret_api_key",
            "the signer used the API key as its secret",
            "sign with the webhook secret, which is another text than the API key: `vsai secret show`; and never give the key away",
        ),
        SecretOrigin::Previous => Finding::new(
            "secret_previous",
            "the signer still uses the previous secret",
            "if it was signed before the change, it is genuine: give that secret as a second --secret-file; else give the signer the new one",
        ),
        SecretOrigin::Pending => Finding::new(
            "secret_pending",
            "the signer uses a pending secret, which was sent to the API without a clear answer: it was taken",
            "verify without --secret-file, which tries the profile's pending secrets too; then settle it: `vsai secret set`",
        ),
        SecretOrigin::Profile(name) => Finding::new(
            "secret_other_profile",
            format!("the signer uses the secret of profile `{}`, not the one tried here", name.escape_debug()),
            "verify with that profile: -p NAME, and no --secret-file; else give the signer the secret that is tried here",
        ),
        SecretOrigin::Environment => Finding::new(
            "secret_environment",
            "the signer uses the secret in VSAI_WEBHOOK_SECRET, not the one tried here",
            "verify with it: leave out -p and --secret-file; else give the signer the secret that is tried here",
        ),
    }
}

/// The keys that differ by a newline, blanks or quotes: what goes together with other causes.
pub(in super::super) fn near(key: &Key) -> Vec<Key> {
    mangled::at_its_edges(&key.bytes).into_iter().map(|variant| key.varied(variant)).collect()
}

/// Every other key that a secret may have become, likeliest first.
pub(in super::super) fn variants(key: &Key) -> Vec<Key> {
    let mut variants: Vec<Variant> = decoded::variants(&key.bytes);
    if let Ok(text) = std::str::from_utf8(&key.bytes) {
        variants.extend(kept_in::variants(text));
        variants.extend(mangled::by_a_shell(text));
        variants.extend(decoded::of_text(text));
    }
    variants.into_iter().map(|variant| key.varied(variant)).collect()
}

/// Keys that stand for a secret that was never filled in.
pub(in super::super) fn placeholders() -> Vec<Key> {
    let key = |text: &&str| {
        let what = match *text {
            "" => "the signer's secret is empty: anybody can sign like that".to_owned(),
            text => format!("the signer's secret is the fixed text `{text}`: anybody can sign like that"),
        };
        let fix = "fill in the signer's variable: it was unset, not expanded, or left at an example's value";
        let finding = Finding::new("secret_placeholder", what, fix);
        Key::new(Zeroizing::new(text.as_bytes().to_vec()), None, vec![finding])
    };
    placeholders::SECRETS.iter().map(key).collect()
}
