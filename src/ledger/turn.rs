//! One at a time: requests whose renders cannot be told apart wait for each other, also among processes.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
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
    _file: Arc<File>,
    _own: OwnedMutexGuard<()>,
}

/// Who waits for whom, within this process.
#[derive(Debug, Default)]
pub(super) struct Turns {
    lines: Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>>,
    files: Mutex<HashMap<u8, Arc<LockFile>>>,
}

/// A lock file while any turn of this process needs it. One for each twin would be left behind for each kind of request, and
/// making a file takes longer than all else about a turn. So another process may wait for a stranger, for as long as a request
/// takes.
type LockFile = tokio::sync::Mutex<Weak<File>>;

impl Turns {
    /// Waits for the turn of `twin`.
    pub(super) async fn take(&self, ledger: &Path, twin: [u8; 32]) -> Result<Turn, LedgerError> {
        let line = self.lines.lock().unwrap_or_else(PoisonError::into_inner).entry(twin).or_default().clone();
        let own = line.lock_owned().await;
        let shared = self.files.lock().unwrap_or_else(PoisonError::into_inner).entry(twin[0]).or_default().clone();
        Ok(Turn { _file: locked(&shared, ledger, twin[0]).await?, _own: own })
    }
}

async fn locked(shared: &LockFile, ledger: &Path, number: u8) -> Result<Arc<File>, LedgerError> {
    let mut shared = shared.lock().await;
    if let Some(file) = shared.upgrade() {
        return Ok(file);
    }
    let path = lock_file(ledger, number);
    loop {
        match files::try_lock(&path) {
            Ok(Some(file)) => {
                let file = Arc::new(file);
                *shared = Arc::downgrade(&file);
                return Ok(file);
            }
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                let reason = format!("cannot lock {}: {}", path.display(), files::reason(&error));
                return Err(LedgerError::new(ledger, Reason::Other(reason)));
            }
        }
    }
}

fn lock_file(ledger: &Path, number: u8) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(format!(".{number:02x}.lock"));
    PathBuf::from(name)
}
