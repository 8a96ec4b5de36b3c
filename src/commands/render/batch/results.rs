//! What became of the rows: a record each, and the summary.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::engine::{Outcome, Status};
use super::plan::{Fate, Item, photos};
use super::runner::Ended;
use crate::error::Exit;
use crate::output::{Meaning, Report, Text, counted};

/// A row and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowReport {
    pub(super) row: u64,
    pub(super) image: String,
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) room: Option<String>,
    pub(super) styles: Vec<String>,
    pub(super) status: Status,
    pub(super) job: Option<String>,
    pub(super) render: Option<String>,
    /// Photos that it has cost, in this run or an earlier one.
    pub(super) photos: u32,
    /// Whether it was paid for in this run.
    pub(super) paid_now: bool,
    pub(super) pictures: Vec<String>,
    pub(super) error: Option<String>,
    #[serde(skip)]
    title: String,
}

/// What a batch came to.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    rows: u64,
    done: u64,
    partly: u64,
    failed: u64,
    unclear: u64,
    waiting: u64,
    not_sent: u64,
    /// Photos that were paid for in this run.
    photos: u64,
    pictures: u64,
}

impl RowReport {
    pub(super) fn new(item: &Item<'_>, outcome: &Outcome) -> Self {
        let row = item.row;
        // A row that repeats another has its render, which costs once.
        let has_cost = outcome.paid || outcome.render.is_some() && item.fate != Fate::Repeated;
        Self {
            row: row.place.row,
            image: row.label.clone(),
            name: row.name.clone(),
            kind: row.wanted.kind().map(str::to_owned),
            room: row.wanted.room().map(str::to_owned),
            styles: row.wanted.styles().into_iter().map(str::to_owned).collect(),
            status: outcome.status,
            job: outcome.job.clone(),
            render: outcome.render.clone(),
            photos: u32::from(has_cost),
            paid_now: outcome.paid,
            pictures: outcome.pictures.clone(),
            error: outcome.error.clone(),
            title: row.title(),
        }
    }
}

impl Status {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly",
            Self::Failed => "failed",
            Self::Unclear => "unclear",
            Self::Waiting => "waiting",
            Self::NotSent => "not sent",
        }
    }
}

impl Report for RowReport {
    const KIND: &'static str = "row";
    const VERSION: u32 = 2;

    /// Nothing for a row that was not begun: there may be very many, and the summary counts them.
    fn human(&self) -> Text {
        if self.status == Status::NotSent && self.job.is_none() {
            return Text::new();
        }
        let meaning = match self.status {
            Status::Done => Meaning::Success,
            Status::Failed => Meaning::Failure,
            Status::Partly | Status::Unclear | Status::Waiting | Status::NotSent => Meaning::Warning,
        };
        let mut text = Text::new();
        text.add(Meaning::Identifier, &self.title).plain("  ").add(meaning, self.status.word());
        if let Some(render) = &self.render {
            text.plain("  ").add(Meaning::Identifier, render);
        }
        if !self.pictures.is_empty() {
            text.plain(format!("  {}", counted(self.pictures.len() as u64, "picture")));
        }
        if let Some(error) = &self.error {
            text.plain("  ").add(meaning, error);
        }
        text
    }
}

impl Summary {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut this = Self { rows: outcomes.len() as u64, ..Self::default() };
        for outcome in outcomes {
            let number = match outcome.status {
                Status::Done => &mut this.done,
                Status::Partly => &mut this.partly,
                Status::Failed => &mut this.failed,
                Status::Unclear => &mut this.unclear,
                Status::Waiting => &mut this.waiting,
                Status::NotSent => &mut this.not_sent,
            };
            *number += 1;
            this.photos += u64::from(outcome.paid);
        }
        // Rows that repeat another have its pictures.
        let pictures: HashSet<&String> = outcomes.iter().flat_map(|outcome| &outcome.pictures).collect();
        this.pictures = pictures.len() as u64;
        this
    }

    pub(super) fn text(&self) -> Text {
        let mut text = Text::from(format!("{} of {} rows done", self.done, self.rows));
        for (number, what) in [
            (self.partly, "partly"),
            (self.failed, "failed"),
            (self.unclear, "unclear"),
            (self.waiting, "not waited for"),
            (self.not_sent, "not sent"),
        ] {
            if number > 0 {
                text.plain(format!(", {number} {what}"));
            }
        }
        text.plain(format!("; {} paid for, {}", photos(self.photos), counted(self.pictures, "picture")));
        text
    }

    /// Whether the same command would go on with something.
    pub(super) fn is_unfinished(&self) -> bool {
        self.partly + self.unclear + self.waiting + self.not_sent > 0
    }

    fn exit(&self) -> Exit {
        match self {
            Self { done, rows, .. } if done == rows => Exit::Done,
            Self { failed, rows, .. } if failed == rows => Exit::No,
            Self { unclear: 0, waiting: 1.., .. } => Exit::TimedOut,
            _ => Exit::Partly,
        }
    }
}

impl Report for Summary {
    const KIND: &'static str = "summary";
}

impl Ended {
    /// How the run has ended; `left_out` is whether --max-photos has stopped it.
    pub(super) fn exit(&self, left_out: bool) -> Exit {
        match (self.stopped_by, self.halted) {
            (Some(signal), _) => signal.into(),
            (None, Some(exit)) => exit,
            (None, None) if left_out => Exit::Quota,
            (None, None) => Summary::of(&self.outcomes).exit(),
        }
    }
}
