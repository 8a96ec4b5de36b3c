//! When a delivery that a handler did not take is tried again. Pure: chance comes in.

use std::time::Duration;

/// Tries that a delivery gets.
pub(crate) const TRIES: u32 = 12;

/// Each pause is so many times the one before: from 5 s on, the eleven of them make up 24 hours.
const GROWTH: f64 = 2.52;

/// The pauses between the tries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    /// The first pause; the others grow from it.
    pub(crate) first_pause: Duration,
}

impl Schedule {
    /// The pause after so many tries; none when they are used up. `chance` is from 0 to 1 and spreads the pause from half of
    /// its length to one and a half, so that what failed together does not come back together. Never close to nothing:
    /// twelve tries in a minute would help nobody.
    pub(crate) fn pause_after(&self, tries: u32, chance: f64) -> Option<Duration> {
        let exponent = i32::try_from(tries.saturating_sub(1)).ok().filter(|_| tries < TRIES)?;
        let seconds = self.first_pause.as_secs_f64() * GROWTH.powi(exponent) * (0.5 + chance);
        Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_tries_take_a_day() {
        let schedule = Schedule { first_pause: Duration::from_secs(5) };
        let hours = |chance: f64| {
            let pauses: Vec<_> = (1..).map_while(|tries| schedule.pause_after(tries, chance)).collect();
            assert_eq!(pauses.len(), 11);
            assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]), "{pauses:?}");
            pauses.iter().sum::<Duration>().as_secs_f64() / 3600.0
        };
        assert!((23.5..24.5).contains(&hours(0.5)), "{}", hours(0.5));
        assert!((11.7..12.3).contains(&hours(0.0)) && (35.0..37.0).contains(&hours(1.0)));
        assert_eq!(schedule.pause_after(1, 0.5), Some(Duration::from_secs(5)));
    }

    #[test]
    fn no_first_pause_is_too_long() {
        let schedule = Schedule { first_pause: Duration::MAX };
        assert_eq!(schedule.pause_after(11, 1.0), Some(Duration::MAX));
    }
}
