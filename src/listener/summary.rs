//! What has come, as it is told at the stop.

use serde::Serialize;

use crate::journal::EventRecord;
use crate::output::{Report, Text};
use crate::protocol::Matched;

/// What has come, told at the stop.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Verified events of interest, duplicates left out.
    pub(crate) events: u64,
    pub(crate) duplicates: u64,
    /// Verified events that `--events` or `--filter` left out.
    pub(crate) filtered: u64,
    /// Events that report a failure.
    pub(crate) failed: u64,
    pub(crate) unverified: u64,
    /// Events signed over bytes that the documented receiver would refuse.
    pub(crate) raw_only: u64,
    /// Events that were kept, but came faster than they were read here.
    pub(crate) unshown: u64,
    pub(crate) stopped_by: StoppedBy,
}

/// Why it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoppedBy {
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
    /// Counts an event.
    pub(crate) fn note(&mut self, record: &EventRecord) {
        if record.is_duplicate() {
            self.duplicates += 1;
            return;
        }
        self.events += 1;
        self.failed += u64::from(record.identity().is_error());
        self.raw_only += u64::from(record.matched() == Matched::Raw);
    }

    /// The same for people.
    pub(crate) fn text(&self) -> Text {
        let mut text = Text::new();
        let plural = if self.events == 1 { "" } else { "s" };
        text.plain(format!("{} verified event{plural}", self.events));
        for (number, what) in [
            (self.failed, "reporting a failure"),
            (self.duplicates, "duplicate"),
            (self.filtered, "filtered out"),
            (self.raw_only, "signed over bytes that are not canonical"),
            (self.unshown, "more kept but not shown, since nobody read them here (vsai events list)"),
            (self.unverified, "not verified"),
        ] {
            if number > 0 {
                text.plain(format!(", {number} {what}"));
            }
        }
        text
    }
}
