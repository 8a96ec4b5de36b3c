//! What `vsai listen` shows: event lines as they come, and at the stop the summary and the verdict.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::Listen;
use crate::context::Context;
use crate::delivery::Forward;
use crate::error::{Error, Exit};
use crate::journal::{EventRecord, Refused};
use crate::listener::{Conditions, Interest, Passed, Received, StoppedBy, Summary, Waiting};
use crate::output::{Lines, Meaning, Printer, Report, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FailOn {
    /// An event that reports a failure.
    Error,
    /// A delivery that was not verified.
    Unverified,
}

/// A refusal and how it is explained.
#[derive(Serialize)]
#[serde(transparent)]
struct Explainable<'a> {
    refused: &'a Refused,
    #[serde(skip)]
    explain: &'a str,
}

impl Report for Explainable<'_> {
    const KIND: &'static str = Refused::KIND;
    const VERSION: u32 = Refused::VERSION;

    fn human(&self) -> Text {
        let mut text = self.refused.human();
        if let Some(reference) = self.refused.reference() {
            text.plain("  ").add(Meaning::Path, format!("{} {reference}", self.explain));
        }
        text
    }
}

/// Prints what comes and keeps the tally.
pub(super) struct Screen {
    printer: Arc<Printer>,
    /// The command that explains a refusal, up to its name.
    explain: String,
    interest: Interest,
    conditions: Conditions,
    fail_on: Vec<FailOn>,
    /// Nothing but the reader's leaving or a signal ends it.
    is_endless: bool,
    summary: Summary,
    /// What was passed on, where anything is.
    passed: Option<Passed>,
    stop: watch::Sender<Option<StoppedBy>>,
}

impl Screen {
    pub(super) fn new(listen: &Listen, context: &Context, stop: watch::Sender<Option<StoppedBy>>) -> Self {
        let conditions = Conditions::new(listen.count, listen.until_done.clone());
        Self {
            printer: context.printer.clone(),
            explain: listen.keeping.explain(context, &listen.secret),
            interest: listen.interest(),
            is_endless: !conditions.any() && listen.timeout.is_none() && !listen.exit_with_stdin,
            conditions,
            fail_on: listen.fail_on.clone(),
            summary: Summary::default(),
            passed: listen.forwarding.any().then(Passed::default),
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
        self.summary.unshown = waiting.unshown();
        self
    }

    fn take(&mut self, received: Received, lines: &mut Lines<'_>) {
        match received {
            Received::Event(record) if !self.interest.admits(&record) => self.summary.filtered += 1,
            Received::Event(record) => {
                lines.add(&*record);
                self.tally(&record);
            }
            Received::Forward(forward) => self.note_attempt(&forward, lines),
            Received::Unverified(refused) => lines.add(&Explainable { refused: &refused, explain: &self.explain }),
        }
        if self.conditions.met() {
            self.stop.send_replace(Some(StoppedBy::Condition));
        }
    }

    fn note_attempt(&mut self, forward: &Forward, lines: &mut Lines<'_>) {
        if let Some(warning) = self.passed.as_mut().and_then(|passed| passed.note(forward)) {
            lines.print();
            self.printer.warning("not_200", &warning);
        }
        lines.add(forward);
    }

    fn tally(&mut self, record: &EventRecord) {
        self.conditions.note(record);
        self.summary.note(record);
    }

    /// The summary and the verdict. A condition that was met while others stopped the listener is met all the same.
    pub(super) fn end(
        mut self,
        stopped_by: StoppedBy,
        timeout: Option<Duration>,
        unfinished: usize,
    ) -> Result<Exit, Error> {
        self.summary.stopped_by = if self.conditions.met() { StoppedBy::Condition } else { stopped_by };
        if let Some(passed) = self.passed.take() {
            let passed = Passed { unfinished, ..passed };
            self.printer.note(passed.text());
            if unfinished > 0 {
                self.printer.note("the same command again goes on with what is to be tried again");
            }
            self.printer.report(&passed);
        }
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
                let hint = format!("the same command with {} goes on waiting", self.conditions.missing());
                self.printer.error("timeout", &message, Some(&hint));
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
