//! Why the journal cannot be read or written.

use std::path::PathBuf;

pub(crate) use crate::database::Reason;

/// The reason, and the file that it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal {}: {reason}", path.display())]
pub(crate) struct JournalError {
    pub(crate) path: PathBuf,
    pub(crate) reason: Reason,
}

impl JournalError {
    pub(super) fn new(path: impl Into<PathBuf>, reason: Reason) -> Self {
        Self { path: path.into(), reason }
    }
}
