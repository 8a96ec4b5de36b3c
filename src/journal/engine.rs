//! The one interface to the log, and the engines behind it.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::entry::{Appended, Entry, Logged, Outcome, Position};
use super::error::JournalError;
use super::hold::Hold;
use super::refused::Refused;
use super::selection::{Page, Selection};
use super::sqlite::Sqlite;

/// An append-only log of typed records.
pub(crate) trait Engine: Clone + Send + Sync + 'static {
    /// Appends all entries or none; they are durable when it returns.
    fn append(&self, batch: Vec<Entry>) -> impl Future<Output = Result<Vec<Appended>, JournalError>> + Send;

    /// Deliveries that `selection` admits, at most `limit` of them.
    fn read(
        &self,
        page: Page,
        selection: Selection,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Logged>, JournalError>> + Send;

    /// All deliveries of one event, oldest first.
    fn deliveries_of(&self, id: &str) -> impl Future<Output = Result<Vec<Logged>, JournalError>> + Send;

    /// Attempts to forward the deliveries from `first` to `last`, in the order of the deliveries and then of time;
    /// of one consumer, or of all.
    fn outcomes(
        &self,
        first: Position,
        last: Position,
        consumer: Option<&str>,
    ) -> impl Future<Output = Result<Vec<Outcome>, JournalError>> + Send;

    /// The refusal `ref_N`, while it is kept.
    fn refusal(&self, number: u64) -> impl Future<Output = Result<Option<Refused>, JournalError>> + Send;

    /// The last delivery's position.
    fn end(&self) -> impl Future<Output = Result<Position, JournalError>> + Send;

    /// Returns when there is something behind `position`.
    fn grown_past(&self, position: Position) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Takes note of a consumer that starts, and tells where it stands: every delivery up to there is finished for it.
    fn consumer(&self, start: Start) -> impl Future<Output = Result<Position, JournalError>> + Send;

    /// Every consumer and where it stands, by name.
    fn consumers(&self) -> impl Future<Output = Result<Vec<Standing>, JournalError>> + Send;

    /// Moves a consumer that makes no attempts: every delivery up to there is finished for it.
    fn finish(&self, consumer: &str, up_to: Position) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Forgets a consumer; whether there was one. What it was to try again has failed.
    fn forget(&self, consumer: &str) -> impl Future<Output = Result<bool, JournalError>> + Send;

    /// Drops the oldest records.
    fn prune(&self, keep: Keep) -> impl Future<Output = Result<Pruned, JournalError>> + Send;

    /// Ends in order: what is appended is on disk, and no side files stay.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// Where a new consumer begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// With the next delivery.
    Now,
    /// With the oldest that is kept.
    Start,
}

/// A consumer that starts.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) name: String,
    /// Where deliveries go to, for people.
    pub(crate) goal: String,
    pub(crate) at: Timestamp,
    /// Where a new one begins.
    pub(crate) begin: Begin,
}

/// A consumer as the log knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) name: String,
    /// Where deliveries go to, for people; none where a former vsai has not noted it.
    pub(crate) goal: Option<String>,
    /// When it was last started; none likewise.
    pub(crate) started_at: Option<Timestamp>,
    /// Every delivery up to there is finished for it.
    pub(crate) finished_to: Position,
}

/// What is not pruned.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keep {
    /// Deliveries received at this time or later.
    pub(crate) since: Option<Timestamp>,
    /// Bytes that the file may have.
    pub(crate) bytes: Option<u64>,
    /// Deliveries behind this place, whatever the others say.
    pub(crate) behind: Option<Position>,
}

/// What was pruned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pruned {
    pub(crate) deliveries: u64,
    /// Bytes of the file afterwards.
    pub(crate) bytes: u64,
}

/// How a journal is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Created when it is missing.
    Create,
    /// Missing is an error.
    Existing,
}

/// A log, whichever engine keeps it. Clones share it.
#[derive(Debug, Clone)]
pub(crate) enum Journal {
    /// A file of this machine.
    Sqlite(Sqlite),
}

impl Journal {
    /// Opens a file. Must be called inside the runtime.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Self, JournalError> {
        Sqlite::open(path, access).map(Self::Sqlite)
    }

    /// How long another process's records may go unnoticed.
    pub(crate) const NOTICE: Duration = Duration::from_millis(200);

    /// Takes hold of a consumer until the hold is dropped; one that is held in another process is [`super::Reason::Held`].
    pub(crate) fn hold(&self, consumer: &str) -> Result<Hold, JournalError> {
        Hold::take(self.path(), consumer)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        let Self::Sqlite(engine) = self;
        engine.path()
    }
}

impl Engine for Journal {
    async fn append(&self, batch: Vec<Entry>) -> Result<Vec<Appended>, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.append(batch).await
    }

    async fn read(&self, page: Page, selection: Selection, limit: usize) -> Result<Vec<Logged>, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.read(page, selection, limit).await
    }

    async fn deliveries_of(&self, id: &str) -> Result<Vec<Logged>, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.deliveries_of(id).await
    }

    async fn outcomes(
        &self,
        first: Position,
        last: Position,
        consumer: Option<&str>,
    ) -> Result<Vec<Outcome>, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.outcomes(first, last, consumer).await
    }

    async fn refusal(&self, number: u64) -> Result<Option<Refused>, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.refusal(number).await
    }

    async fn end(&self) -> Result<Position, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.end().await
    }

    async fn grown_past(&self, position: Position) -> Result<(), JournalError> {
        let Self::Sqlite(engine) = self;
        engine.grown_past(position).await
    }

    async fn consumer(&self, start: Start) -> Result<Position, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.consumer(start).await
    }

    async fn consumers(&self) -> Result<Vec<Standing>, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.consumers().await
    }

    async fn finish(&self, consumer: &str, up_to: Position) -> Result<(), JournalError> {
        let Self::Sqlite(engine) = self;
        engine.finish(consumer, up_to).await
    }

    async fn forget(&self, consumer: &str) -> Result<bool, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.forget(consumer).await
    }

    async fn prune(&self, keep: Keep) -> Result<Pruned, JournalError> {
        let Self::Sqlite(engine) = self;
        engine.prune(keep).await
    }

    async fn close(self) {
        let Self::Sqlite(engine) = self;
        engine.close().await;
    }
}
