//! Listening as several commands need it: the way in from outside, the announcement, and a whole listener beside other work.

mod announce;
mod entrance;
mod session;
mod way_in;

use std::net::{IpAddr, Ipv4Addr};

use super::{Context, SecretArgs};
use crate::error::Error;
use crate::journal::{Journal, JournalError};
use crate::listener::{Keeper, LiveSecrets, Reload};
use crate::protocol::Secret;
pub(crate) use announce::{Announcer, ReadyFile};
pub(crate) use entrance::Door;
pub(crate) use session::{ListenArgs, Session};
pub(crate) use way_in::WayIn;

impl Context {
    /// Keeps in the journal; says on stderr that it fails, and that it works again: once each.
    pub(crate) fn keeper(&self, journal: Option<&Journal>) -> Keeper {
        let Some(journal) = journal else { return Keeper::memory() };
        let printer = self.printer.clone();
        let on_fault = Box::new(move |fault: Option<&JournalError>| match fault {
            Some(error) => {
                let message = format!("cannot write {error}; events are answered 503 until it works again");
                printer.warning("journal_fails", &message);
            }
            None => printer.note("the journal can be written again"),
        });
        Keeper::journal(journal.clone(), on_fault)
    }

    /// The secrets of a running listener: those of the profile are read again once its file has changed.
    pub(crate) fn live_secrets(&self, from: &SecretArgs, secrets: &[Secret]) -> Result<LiveSecrets, Error> {
        Ok(LiveSecrets::new(secrets, self.reload(from)?))
    }

    fn reload(&self, from: &SecretArgs) -> Result<Reload, Error> {
        if !from.files.is_empty() || !self.takes_secrets_from_profile() {
            return Ok(Box::new(|| None));
        }
        let (file, profile) = (self.credentials_file()?, self.settings()?.profile.value.clone());
        let mut known = file.version();
        Ok(Box::new(move || {
            let version = file.version();
            if version == known {
                return None;
            }
            let stored = file.read().ok()?.remove(&profile).unwrap_or_default();
            known = version;
            Some(stored.live_secrets())
        }))
    }
}

/// An address of this machine. Names are not looked up, but for the one that everybody has.
pub(crate) fn own_address(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse().map_err(|_| "an address looks like 127.0.0.1, ::1 or localhost".to_owned())
}
