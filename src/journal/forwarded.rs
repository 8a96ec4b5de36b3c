//! What forwarding has made of a delivery, folded from the attempts.

use serde::Serialize;

use super::entry::{Outcome, Verdict};
use crate::output::Meaning;

/// How forwarding a delivery stands, where it was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Forwarded {
    /// Every handler took it.
    Delivered,
    /// It is tried again.
    Waiting,
    /// A handler did not take it, and it is not tried again by itself.
    Failed,
}

/// Who makes the attempts of a replay. It is no consumer: they tell nothing of how forwarding stands.
pub(crate) const REPLAY: &str = "replay";

/// The last attempt of each consumer. A replay that settles a failure is kept as an attempt of the consumer that failed.
/// `attempts` are of one delivery, oldest first.
pub(crate) fn last_attempts(attempts: &[Outcome]) -> impl Iterator<Item = &Outcome> {
    let is_last = |at: usize| attempts[at + 1..].iter().all(|later| later.consumer != attempts[at].consumer);
    let last = attempts.iter().enumerate().filter(move |(at, _)| is_last(*at)).map(|(_, outcome)| outcome);
    last.filter(|outcome| outcome.consumer != REPLAY)
}

impl Forwarded {
    /// The last attempt of each consumer counts; of several consumers, the worst.
    pub(crate) fn folded(attempts: &[Outcome]) -> Option<Self> {
        last_attempts(attempts).map(|outcome| Self::from(outcome.verdict)).max()
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn meaning(self) -> Meaning {
        match self {
            Self::Delivered => Meaning::Success,
            Self::Waiting => Meaning::Warning,
            Self::Failed => Meaning::Failure,
        }
    }
}

impl From<Verdict> for Forwarded {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Delivered => Self::Delivered,
            Verdict::Waiting { .. } => Self::Waiting,
            Verdict::Failed => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::journal::Position;

    #[test]
    fn the_last_attempt_of_each_consumer_counts_and_the_worst_of_them() {
        let waiting = Verdict::Waiting { next_attempt_at: Timestamp::UNIX_EPOCH };
        let (delivered, failed) = (Verdict::Delivered, Verdict::Failed);
        for (attempts, state) in [
            (&[][..], None),
            (&[("a", waiting), ("a", delivered)], Some(Forwarded::Delivered)),
            (&[("a", waiting), ("b", delivered)], Some(Forwarded::Waiting)),
            (&[("a", failed), ("b", waiting), ("b", delivered)], Some(Forwarded::Failed)),
            (&[("a", failed), ("a", delivered)], Some(Forwarded::Delivered)),
            (&[(REPLAY, failed)], None),
            (&[("a", delivered), (REPLAY, failed)], Some(Forwarded::Delivered)),
            (&[("a", waiting), (REPLAY, delivered)], Some(Forwarded::Waiting)),
        ] {
            let outcome = |(consumer, verdict): &(&str, Verdict)| Outcome {
                consumer: (*consumer).into(),
                of: Position::START,
                attempt: 1,
                at: Timestamp::UNIX_EPOCH,
                target: "http://localhost:3000/".into(),
                status: None,
                error: None,
                duration_ms: 0,
                answer: None,
                verdict: *verdict,
                finished_to: None,
            };
            let attempts: Vec<_> = attempts.iter().map(outcome).collect();
            assert_eq!(Forwarded::folded(&attempts), state, "{attempts:?}");
        }
    }
}
