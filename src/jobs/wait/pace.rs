//! How long to rest between two polls: quick at first, easing off to a bound.

use std::time::Duration;

/// The first rest, and the one before a set that looks finished is read again.
pub(super) const FIRST: Duration = Duration::from_millis(800);
/// No rest is longer, unless the API asks for it.
pub(super) const LONGEST: Duration = Duration::from_secs(12);
/// Each rest is longer than the one before by this factor.
const GROWTH: f64 = 1.4;
/// So much of a rest is left to chance, so that many who wait do not ask all at once.
const JITTER: f64 = 0.2;

/// The rests of one wait.
#[derive(Debug)]
pub(super) struct Pace {
    next: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { next: FIRST }
    }

    /// Quick again.
    pub(super) fn restart(&mut self) {
        self.next = FIRST;
    }

    /// The next rest. What is expected only later is not asked for before, within the bound, and then quickly.
    pub(super) fn rest(&mut self, until_expected: Option<Duration>) -> Duration {
        let rest = match until_expected.filter(|expected| *expected > self.next) {
            Some(expected) => expected.min(LONGEST),
            None => {
                let rest = self.next;
                self.next = rest.mul_f64(GROWTH).min(LONGEST);
                rest
            }
        };
        rest.mul_f64(1.0 - JITTER * fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(rests: impl IntoIterator<Item = Duration>) -> Vec<f64> {
        rests.into_iter().map(|rest| rest.as_secs_f64()).collect()
    }

    #[test]
    fn quick_at_first_and_never_slower_than_the_bound() {
        let mut pace = Pace::new();
        let rests = seconds((0..40).map(|_| pace.rest(None)));
        assert!((0.5..=1.0).contains(&rests[0]) && rests[5] > 2.0 * rests[0], "{rests:?}");
        assert!(rests.iter().all(|rest| *rest <= 12.0) && rests[39] >= 9.0, "{rests:?}");
        let last: std::collections::BTreeSet<_> = rests[20..].iter().map(|rest| rest.to_bits()).collect();
        assert!(last.len() > 10, "no two who wait keep step: {rests:?}");
        pace.restart();
        assert!(pace.rest(None) <= FIRST);
    }

    #[test]
    fn what_is_expected_later_is_asked_for_then_and_quickly() {
        let mut pace = Pace::new();
        let rests = seconds([Some(6), Some(3600), None, Some(0)].map(|expected| {
            let expected = expected.map(Duration::from_secs);
            pace.rest(expected)
        }));
        for (rest, bounds) in rests.iter().zip([4.8..=6.0, 9.6..=12.0, 0.6..=0.8, 0.8..=1.2]) {
            assert!(bounds.contains(rest), "{rests:?}");
        }
    }
}
