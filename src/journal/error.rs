//! Why the journal cannot be read or written.

use std::path::PathBuf;

/// The reason, and the file that it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal {}: {reason}", path.display())]
pub(crate) struct JournalError {
    pub(crate) path: PathBuf,
    pub(crate) reason: Reason,
}

/// What is wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reason {
    /// No space, or a quota.
    #[error("the disk is full")]
    Full,
    #[error("it cannot be written: it is read-only")]
    ReadOnly,
    /// Somebody else holds the write lock for longer than is waited for.
    #[error("another program has locked it")]
    Locked,
    #[error("it is damaged ({0})")]
    Corrupt(String),
    /// A later vsai has written it.
    #[error("a newer vsai has written it (format {found}, this one knows {known})")]
    Newer { found: u32, known: u32 },
    #[error("it is no journal of vsai")]
    Foreign,
    /// Somebody has moved, removed or replaced the file.
    #[error("its file was removed or replaced; it is needed back in its place")]
    Gone,
    /// The file is gone or empty, but its write-ahead log is not; SQLite would delete that.
    #[error("its file is gone, but {} holds events of it", .0.display())]
    Parted(PathBuf),
    #[error("there is none")]
    Missing,
    /// Another process forwards for this consumer.
    #[error("consumer {0} is at work in another process")]
    Held(String),
    #[error("{0}")]
    Other(String),
}

impl JournalError {
    pub(super) fn new(path: impl Into<PathBuf>, reason: Reason) -> Self {
        Self { path: path.into(), reason }
    }
}
