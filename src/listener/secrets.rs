//! The live secrets of a running listener, read again when a check fails after the credentials have changed on disk.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::protocol::{Secret, Signature, Unverified, Verified, Verifier};

/// Reads the secrets anew; `None` when nothing has changed since the last call.
pub(crate) type Reload = Box<dyn FnMut() -> Option<Vec<Secret>> + Send>;

/// Secrets that deliveries are verified with.
pub(crate) struct LiveSecrets {
    current: RwLock<Arc<Keyring>>,
    reload: Mutex<Reload>,
}

struct Keyring {
    verifier: Verifier,
    fingerprints: Vec<String>,
}

impl Keyring {
    fn new(secrets: &[Secret]) -> Arc<Self> {
        let fingerprints = secrets.iter().map(Secret::fingerprint).collect();
        Arc::new(Self { verifier: Verifier::new(secrets), fingerprints })
    }

    fn verify(&self, body: &[u8], signature: Signature) -> Result<(Verified, String), Unverified> {
        let verified = self.verifier.verify(body, signature)?;
        let fingerprint = self.fingerprints[verified.secret()].clone();
        Ok((verified, fingerprint))
    }
}

impl LiveSecrets {
    pub(crate) fn new(secrets: &[Secret], reload: Reload) -> Self {
        Self { current: RwLock::new(Keyring::new(secrets)), reload: Mutex::new(reload) }
    }

    /// Verifies with the live secrets, and once more if that failed and there are others by now. Tells the fingerprint of
    /// the secret that signed.
    pub(crate) fn verify(&self, body: &[u8], signature: Signature) -> Result<(Verified, String), Unverified> {
        let keyring = self.keyring();
        let first = keyring.verify(body, signature);
        if first.is_ok() || !self.reloaded(&keyring) {
            return first;
        }
        self.keyring().verify(body, signature)
    }

    /// Whether a live secret made this signature over exactly these bytes.
    pub(crate) fn signed_as_it_is(&self, body: &[u8], signature: Signature) -> bool {
        self.keyring().verifier.signer_of(body, signature).is_some()
    }

    fn keyring(&self) -> Arc<Keyring> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether there are other secrets than in `tried`: read just now, or by another delivery meanwhile.
    fn reloaded(&self, tried: &Arc<Keyring>) -> bool {
        let mut reload = self.reload.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(secrets) = reload() {
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Keyring::new(&secrets);
        }
        !Arc::ptr_eq(&self.keyring(), tried)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::protocol::SigningKey;

    #[test]
    fn a_failed_check_reads_changed_secrets_once() {
        let [old, new, other] = ["old", "new", "other"].map(|text| Secret::new(text).expect("not empty"));
        let (calls, fresh) = (Arc::new(AtomicUsize::new(0)), new.clone());
        let counted = calls.clone();
        let reload = move || (counted.fetch_add(1, Ordering::Relaxed) == 0).then(|| vec![fresh.clone()]);
        let live = LiveSecrets::new(std::slice::from_ref(&old), Box::new(reload));
        let signed_by = |secret: &Secret| SigningKey::new(secret).sign(b"{}");
        assert!(live.verify(b"{}", signed_by(&old)).is_ok());
        assert_eq!(calls.load(Ordering::Relaxed), 0, "nothing is read while checks succeed");
        assert_eq!(live.verify(b"{}", signed_by(&new)).expect("verified").1, new.fingerprint());
        assert!(live.verify(b"{}", signed_by(&other)).is_err());
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }
}
