//! What was passed on to handlers, as it is told at the stop.

use serde::Serialize;

use crate::delivery::Forward;
use crate::journal::Forwarded;
use crate::output::{Report, Text};

/// What was passed on, told at the stop.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Passed {
    pub(crate) attempts: u64,
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
    /// Events that wait for the next run, as far as they are known.
    pub(crate) unfinished: usize,
    #[serde(skip)]
    pub(crate) has_warned: bool,
}

impl Passed {
    /// Counts an attempt; a warning, once, where the vendor would take the answer for a failure.
    pub(crate) fn note(&mut self, forward: &Forward) -> Option<String> {
        self.attempts += 1;
        match forward.verdict().map(Forwarded::from) {
            Some(Forwarded::Delivered) => self.delivered += 1,
            Some(Forwarded::Failed) => self.failed += 1,
            _ => {}
        }
        let warning = forward.warning().filter(|_| !self.has_warned)?;
        self.has_warned = true;
        Some(warning)
    }

    pub(crate) fn text(&self) -> Text {
        let Self { attempts, delivered, failed, unfinished, .. } = self;
        let plural = if *attempts == 1 { "" } else { "s" };
        Text::from(format!(
            "{attempts} attempt{plural}, {delivered} delivered, {failed} failed, {unfinished} to be tried again"
        ))
    }
}

impl Report for Passed {
    const KIND: &'static str = "forward_summary";
}
