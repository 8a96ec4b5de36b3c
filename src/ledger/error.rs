//! Why the ledger cannot be read or written.

use std::path::PathBuf;

use crate::database::Reason;

/// The reason, and the file that it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger {}: {reason}", path.display())]
pub(crate) struct LedgerError {
    pub(crate) path: PathBuf,
    pub(crate) reason: Reason,
}

impl LedgerError {
    pub(super) fn new(path: impl Into<PathBuf>, reason: Reason) -> Self {
        Self { path: path.into(), reason }
    }
}
