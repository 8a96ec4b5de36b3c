//! What came of a replay, told at its end.

use serde::Serialize;

use crate::error::Exit;
use crate::output::{Report, Text};

/// Attempts by how they were answered.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    /// Attempts that were made.
    sent: u64,
    expected: u64,
    unexpected: u64,
    /// Attempts that got no answer.
    unanswered: u64,
    /// Events of the journal that could not be changed or signed anew.
    pub(super) left_out: u64,
}

impl Tally {
    /// Counts an attempt; none stands for no answer.
    pub(super) fn note(&mut self, is_expected: Option<bool>) {
        self.sent += 1;
        match is_expected {
            Some(true) => self.expected += 1,
            Some(false) => self.unexpected += 1,
            None => self.unanswered += 1,
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Self { sent: 1.., expected: 0, unexpected: 0, .. } => Exit::Network,
            Self { unexpected: 1.., .. } | Self { unanswered: 1.., .. } => Exit::No,
            Self { left_out: 1.., .. } => Exit::Partly,
            _ => Exit::Done,
        }
    }

    pub(super) fn text(&self) -> Text {
        let Self { sent, expected, .. } = self;
        let mut text = Text::from(format!("{sent} sent, {expected} answered as expected"));
        let others = [(self.unexpected, "otherwise"), (self.unanswered, "not answered"), (self.left_out, "left out")];
        for (number, what) in others.into_iter().filter(|(number, _)| *number > 0) {
            text.plain(format!(", {number} {what}"));
        }
        text
    }
}

impl Report for Tally {
    const KIND: &'static str = "summary";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_decides_and_silence_alone_is_the_networks() {
        for (answers, left_out, exit) in [
            (&[][..], 0, Exit::Done),
            (&[Some(true)], 0, Exit::Done),
            (&[Some(true)], 1, Exit::Partly),
            (&[Some(true), Some(false)], 1, Exit::No),
            (&[Some(true), None], 0, Exit::No),
            (&[Some(false), None], 0, Exit::No),
            (&[None, None], 1, Exit::Network),
        ] {
            let mut tally = Tally { left_out, ..Tally::default() };
            answers.iter().for_each(|answer| tally.note(*answer));
            assert_eq!(tally.exit(), exit, "{tally:?}");
        }
    }
}
