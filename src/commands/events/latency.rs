//! A histogram of latencies in constant memory: eight buckets for each doubling, so a percentile is off by at most a tenth.

use serde::Serialize;

/// Buckets for each doubling.
const FINENESS: f64 = 8.0;
/// Doublings from one millisecond to beyond [`PLAUSIBLE`].
const DOUBLINGS: usize = 28;
/// Beyond this, in milliseconds, the two clocks or the event are not of one time: the vendor's retries are over long before.
const PLAUSIBLE: i64 = 24 * 3600 * 1000;

/// How often each latency was seen.
pub(super) struct Latencies {
    buckets: [u64; DOUBLINGS * FINENESS as usize],
    count: u64,
    max: u64,
    implausible: u64,
}

/// Latencies in milliseconds.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Percentiles {
    /// Deliveries that the rest is about.
    pub(super) count: u64,
    pub(super) p50: u64,
    pub(super) p90: u64,
    pub(super) p99: u64,
    pub(super) max: u64,
    /// Deliveries that came before they were sent, or more than a day after: not counted.
    pub(super) implausible: u64,
}

impl Latencies {
    pub(super) fn new() -> Self {
        Self { buckets: [0; DOUBLINGS * FINENESS as usize], count: 0, max: 0, implausible: 0 }
    }

    pub(super) fn note(&mut self, milliseconds: i64) {
        match u64::try_from(milliseconds) {
            Ok(latency) if milliseconds <= PLAUSIBLE => {
                self.buckets[bucket(latency)] += 1;
                self.count += 1;
                self.max = self.max.max(latency);
            }
            _ => self.implausible += 1,
        }
    }

    pub(super) fn percentiles(&self) -> Percentiles {
        Percentiles {
            count: self.count,
            p50: self.percentile(50),
            p90: self.percentile(90),
            p99: self.percentile(99),
            max: self.max,
            implausible: self.implausible,
        }
    }

    fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.count * percent).div_ceil(100);
        let mut seen = 0;
        let reached = self.buckets.iter().position(|count| {
            seen += count;
            seen >= rank
        });
        reached.map_or(self.max, upper_bound).min(self.max)
    }
}

fn bucket(latency: u64) -> usize {
    ((latency.max(1) as f64).log2() * FINENESS) as usize
}

fn upper_bound(bucket: usize) -> u64 {
    ((bucket + 1) as f64 / FINENESS).exp2() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_off_by_a_tenth_at_most() {
        let mut latencies = Latencies::new();
        (1..=1000).for_each(|latency| latencies.note(latency));
        let found = latencies.percentiles();
        for (found, exact) in [(found.p50, 500), (found.p90, 900), (found.p99, 990)] {
            assert!((exact..=exact + exact / 10).contains(&found), "{found} for {exact}");
        }
        assert_eq!((found.max, found.count), (1000, 1000));
    }

    #[test]
    fn what_cannot_be_is_counted_apart() {
        let mut latencies = Latencies::new();
        for latency in [-1, i64::MIN, i64::MAX, PLAUSIBLE + 1, PLAUSIBLE, 0] {
            latencies.note(latency);
        }
        let found = latencies.percentiles();
        assert_eq!((found.count, found.implausible, found.max), (2, 4, PLAUSIBLE as u64));
        assert_eq!(Latencies::new().percentiles().p99, 0);
    }
}
