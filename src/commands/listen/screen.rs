//! What `vsai listen` shows: event lines as they come, and at the stop the summary and the verdict.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::Listen;
use crate::error::{Error, Exit};
use crate::journal::EventRecord;
use crate::listener::{Conditions, Interest, Received, Waiting};
use crate::output::{Lines, Printer, Report, Text};
use crate::protocol::Matched;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FailOn {
    /// An event that reports a failure.
    Error,
    /// A delivery that was not verified.
    Unverified,
}

/// What has come, told at the stop.
#[derive(Debug, Default, Serialize)]
struct Summary {
    /// Verified events of interest, duplicates left out.
    events: u64,
    duplicates: u64,
    /// Verified events that `--events` or `--filter` left out.
    filtered: u64,
    /// Events that report a failure.
    failed: u64,
    unverified: u64,
    /// Events signed over bytes that the documented receiver would refuse.
    raw_only: u64,
    stopped_by: StoppedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoppedBy {
    #[default]
    Condition,
    Timeout,
    Interrupt,
    Terminate,
    StdinClosed,
    ReaderLeft,
}

impl Report for Summary {
    const KIND: &'static str = "summary";
}

impl Summary {
    fn text(&self) -> Text {
        let mut text = Text::new();
        let plural = if self.events == 1 { "" } else { "s" };
        text.plain(format!("{} verified event{plural}", self.events));
        for (number, what) in [
            (self.failed, "reporting a failure"),
            (self.duplicates, "duplicate"),
            (self.filtered, "filtered out"),
            (self.raw_only, "signed over bytes that are not canonical"),
            (self.unverified, "not verified"),
        ] {
            if number > 0 {
                text.plain(format!(", {number} {what}"));
            }
        }
        text
    }
}

/// Prints what comes and keeps the tally.
pub(super) struct Screen {
    printer: Arc<Printer>,
    interest: Interest,
    conditions: Conditions,
    fail_on: Vec<FailOn>,
    /// Nothing but the reader's leaving or a signal ends it.
    is_endless: bool,
    summary: Summary,
    stop: watch::Sender<Option<StoppedBy>>,
}

impl Screen {
    pub(super) fn new(listen: &Listen, printer: Arc<Printer>, stop: watch::Sender<Option<StoppedBy>>) -> Self {
        let conditions = Conditions::new(listen.count, listen.until_done.clone());
        Self {
            printer,
            interest: Interest { types: listen.events.clone(), filters: listen.filter.clone() },
            is_endless: !conditions.any() && listen.timeout.is_none() && !listen.exit_with_stdin,
            conditions,
            fail_on: listen.fail_on.clone(),
            summary: Summary::default(),
            stop,
        }
    }

    /// Prints until the listener has gone and all is printed.
    pub(super) fn show(mut self, mut waiting: Waiting) -> Self {
        let printer = self.printer.clone();
        let mut lines = printer.lines();
        while let Some(first) = waiting.next() {
            self.take(first, &mut lines);
            while let Some(received) = waiting.ready() {
                self.take(received, &mut lines);
            }
            lines.print();
            if self.is_endless && self.printer.reader_left() {
                self.stop.send_replace(Some(StoppedBy::ReaderLeft));
            }
        }
        self.summary.unverified = waiting.refusals();
        self
    }

    fn take(&mut self, received: Received, lines: &mut Lines<'_>) {
        match received {
            Received::Event(record) if !self.interest.admits(&record) => self.summary.filtered += 1,
            Received::Event(record) => {
                lines.add(&*record);
                self.tally(&record);
            }
            Received::Unverified(refused) => lines.add(&*refused),
        }
        if self.conditions.met() {
            self.stop.send_replace(Some(StoppedBy::Condition));
        }
    }

    fn tally(&mut self, record: &EventRecord) {
        self.conditions.note(record);
        if record.is_duplicate() {
            self.summary.duplicates += 1;
            return;
        }
        self.summary.events += 1;
        self.summary.failed += u64::from(record.identity().is_error());
        self.summary.raw_only += u64::from(record.matched() == Matched::Raw);
    }

    /// The summary and the verdict. A condition that was met while others stopped the listener is met all the same.
    pub(super) fn end(mut self, stopped_by: StoppedBy, timeout: Option<Duration>) -> Result<Exit, Error> {
        self.summary.stopped_by = if self.conditions.met() { StoppedBy::Condition } else { stopped_by };
        self.printer.note(self.summary.text());
        self.printer.report(&self.summary);
        let failed = self.fail_on.iter().any(|what| match what {
            FailOn::Error => self.summary.failed > 0,
            FailOn::Unverified => self.summary.unverified > 0,
        });
        if failed {
            return Ok(Exit::No);
        }
        let unmet = self.conditions.any() && !self.conditions.met();
        match self.summary.stopped_by {
            StoppedBy::Timeout if unmet => {
                let message = format!("{:?} passed: {}", timeout.unwrap_or_default(), self.conditions.progress());
                self.printer.error("timeout", &message, Some("run the same command again to go on waiting"));
                Ok(Exit::TimedOut)
            }
            StoppedBy::StdinClosed if unmet => {
                self.printer.error(
                    "stdin_closed",
                    &format!("standard input was closed: {}", self.conditions.progress()),
                    None,
                );
                Ok(Exit::No)
            }
            StoppedBy::Condition | StoppedBy::Timeout | StoppedBy::StdinClosed => Ok(Exit::Done),
            StoppedBy::Interrupt => Ok(Exit::Interrupted),
            StoppedBy::Terminate => Ok(Exit::Terminated),
            StoppedBy::ReaderLeft => Ok(Exit::ReaderLeft),
        }
    }
}
