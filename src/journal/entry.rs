//! What the log holds: deliveries of verified events, outcomes of forwarding them, refusals.

use jiff::Timestamp;
use serde::Serialize;

use super::record::EventRecord;
use super::refused::Refused;

/// A place in the log. Later is larger; nothing else may be read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Position(pub(super) u64);

impl Position {
    /// Before everything.
    pub(crate) const START: Self = Self(0);

    /// The place just before this one.
    pub(crate) fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// What is appended.
#[derive(Debug)]
pub(crate) enum Entry {
    /// One delivery of a verified event; the log numbers it.
    Delivery(Box<EventRecord>),
    /// How one attempt to forward a delivery went.
    Outcome(Box<Outcome>),
    /// A delivery that was not verified. Only the last hundred are kept.
    Refusal(Box<Refused>),
}

/// What the log made of an entry.
#[derive(Debug)]
pub(crate) enum Appended {
    /// The delivery with its number; from the second on it is a duplicate.
    Delivery(Logged),
    /// Kept.
    Outcome,
    /// The refusal with its `ref_N`.
    Refusal(Box<Refused>),
}

/// A delivery and its place in the log.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) position: Position,
    pub(crate) record: Box<EventRecord>,
}

/// One attempt to hand a delivery to a handler, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Outcome {
    /// The consumer that made the attempt.
    pub(crate) consumer: String,
    /// The delivery that was handed over.
    #[serde(skip)]
    pub(crate) of: Position,
    /// From 1.
    pub(crate) attempt: u32,
    /// When the attempt ended.
    pub(crate) at: Timestamp,
    pub(crate) target: String,
    /// The answer's status; none when there was no answer.
    pub(crate) status: Option<u16>,
    /// Why there was no answer.
    pub(crate) error: Option<String>,
    pub(crate) duration_ms: u64,
    /// The first characters of an answer other than 200.
    pub(crate) answer: Option<String>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// All deliveries up to here are finished for the consumer; none for attempts that are no consumer's, such as replays.
    #[serde(skip)]
    pub(crate) finished_to: Option<Position>,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// The handler took it.
    Delivered,
    /// It is tried again, not before this time.
    Waiting { next_attempt_at: Timestamp },
    /// It is not tried again by itself.
    Failed,
}

impl Verdict {
    /// Whether nothing further is tried.
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, Self::Waiting { .. })
    }
}
