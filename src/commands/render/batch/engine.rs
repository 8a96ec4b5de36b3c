//! What a batch asks of those who pay for a row, wait for it and save its pictures, and what they tell of it.

use tokio::sync::watch;

use super::row::Row;
use crate::error::Exit;

/// Pays for rows, waits for them and saves their pictures.
pub(super) trait Engine {
    /// Brings the row to its end, or to where it stands when `stop` turns true: a request that is under way is finished,
    /// but nothing further is paid or waited for.
    async fn run(&self, row: &Row, stop: watch::Receiver<bool>) -> Outcome;
}

/// What is known of a row before the batch begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It will cost a photo.
    New,
    /// It will cost a photo, though one was paid for its photo with other settings or another number of variations.
    NewOfPaidPhoto,
    /// It is paid for and goes on, or it has to be cleared up first: it costs nothing now.
    Begun,
    /// All its pictures are there.
    Done,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) status: Status,
    /// The ledger's name for it.
    pub(super) job: Option<String>,
    pub(super) render: Option<String>,
    /// Whether it was paid for in this run.
    pub(super) paid: bool,
    /// Files, relative to the folder of the batch.
    pub(super) pictures: Vec<String>,
    /// What went wrong, in one line.
    pub(super) error: Option<String>,
    /// Set where no other row would fare better: nothing further is paid for, and the run ends with this code.
    pub(super) halt: Option<Exit>,
}

/// How a row has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// Every picture is there.
    Done,
    /// Some pictures failed.
    Partly,
    /// No picture came of it.
    Failed,
    /// Whether it was paid for is not known.
    Unclear,
    /// It was paid for, and its pictures were not waited for.
    Waiting,
    /// Nothing was sent.
    NotSent,
}

impl Outcome {
    /// An outcome of which nothing else is known.
    pub(super) fn of(status: Status) -> Self {
        let (job, render, paid, pictures, error, halt) = Default::default();
        Self { status, job, render, paid, pictures, error, halt }
    }

    /// It is paid for, and for this reason not waited for.
    pub(super) fn wait(&mut self, why: &str) {
        self.status = Status::Waiting;
        self.error = Some(why.to_owned());
    }

    /// Nothing was sent, for this reason.
    pub(super) fn not_sent(why: impl Into<String>) -> Self {
        Self { error: Some(why.into()), ..Self::of(Status::NotSent) }
    }
}
