//! One at a time: requests whose renders cannot be told apart wait for each other, also among processes.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use super::LedgerError;
use crate::database::Reason;
use crate::files;

/// How often another process is asked whether it has finished.
const PAUSE: Duration = Duration::from_millis(50);

/// The right to send, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Turn {
    _file: File,
    _own: OwnedMutexGuard<()>,
}

/// Who waits for whom, within this process.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for the turn of `twin`.
    pub(super) async fn take(&self, ledger: &Path, twin: [u8; 32]) -> Result<Turn, LedgerError> {
        let line = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(twin).or_default().clone();
        let own = line.lock_owned().await;
        let path = lock_file(ledger, &twin);
        loop {
            match files::try_lock(&path) {
                Ok(Some(file)) => return Ok(Turn { _file: file, _own: own }),
                Ok(None) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    let reason = format!("cannot lock {}: {}", path.display(), files::reason(&error));
                    return Err(LedgerError::new(ledger, Reason::Other(reason)));
                }
            }
        }
    }
}

fn lock_file(ledger: &Path, twin: &[u8; 32]) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(format!(".{}.lock", hex::encode(&twin[..6])));
    PathBuf::from(name)
}
