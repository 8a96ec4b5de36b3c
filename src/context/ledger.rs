//! The ledger, and whose money it is about.

use sha2::{Digest, Sha256};

use super::Context;
use crate::error::Error;
use crate::ledger::{Ledger, Owner};
use crate::protocol::render::Account;

impl Context {
    /// Opens the ledger, which is one for all profiles.
    pub(crate) fn ledger(&self) -> Result<Ledger, Error> {
        Ok(Ledger::open(&self.paths()?.data().join("ledger.db"))?)
    }

    /// Scheme, host and port of the API in force, as the ledger has them.
    pub(crate) fn api_origin(&self) -> Result<String, Error> {
        Ok(self.settings()?.api_url.value.origin().ascii_serialization())
    }

    /// Whose money it is. An account that does not tell its id is known by its address, or by its key.
    pub(crate) fn owner(&self, account: &Account) -> Result<Owner, Error> {
        use secrecy::ExposeSecret;
        let origin = self.api_origin()?;
        let account = match (&account.user.uid, &account.user.email) {
            (Some(uid), _) => uid.clone(),
            (None, Some(email)) => email.clone(),
            (None, None) => {
                let key = self.api_key()?.value;
                let digest = Sha256::new().chain_update("vsai-account:").chain_update(key.expose_secret()).finalize();
                format!("key-{}", hex::encode(&digest[..8]))
            }
        };
        Ok(Owner { origin, account })
    }
}
