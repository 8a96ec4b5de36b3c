//! What goes wrong, and when: decided by the seed and the subject's name, so that the same requests meet the same faults.

use std::time::Duration;

use super::options::FaultRates;
use super::seed;

/// The faults that strike at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Fail,
    Duplicate,
    WrongSecret,
    Tamper,
    Http500,
    Hang,
    Cut,
    Http429,
    Vanish,
}

/// When a request that is struck takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Never,
    Before,
    /// Before, and a part of the answer goes out.
    Within,
}

impl Fault {
    /// As logs and the command's flags call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Duplicate => "duplicate",
            Self::WrongSecret => "wrong-secret",
            Self::Tamper => "tamper",
            Self::Http500 => "http-500",
            Self::Hang => "hang",
            Self::Cut => "cut",
            Self::Http429 => "http-429",
            Self::Vanish => "vanish",
        }
    }
}

impl Effect {
    /// Where the fault is in the request's way, as logs call it.
    pub(super) fn fault_is(self) -> &'static str {
        match self {
            Self::Never => "before",
            Self::Before => "after",
            Self::Within => "within",
        }
    }
}

/// The rates and the seed that decides.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    pub(super) seed: u64,
    pub(super) rates: FaultRates,
}

impl Faults {
    /// Does it strike this subject?
    pub(super) fn strikes(&self, fault: Fault, subject: &str) -> bool {
        let rate = match fault {
            Fault::Fail => self.rates.fail,
            Fault::Duplicate => self.rates.duplicate,
            Fault::WrongSecret => self.rates.wrong_secret,
            Fault::Tamper => self.rates.tamper,
            Fault::Http500 => self.rates.http_500,
            Fault::Hang => self.rates.hang,
            Fault::Cut => self.rates.cut,
            Fault::Http429 => self.rates.http_429,
            Fault::Vanish => self.rates.vanish,
        };
        rate > 0.0 && seed::generator(self.seed, &["fault", fault.name(), subject]).f64() < rate
    }

    /// Does a request that is struck take effect first? Half of them do, and two thirds of those that are cut.
    pub(super) fn effect(&self, fault: Fault, subject: &str) -> Effect {
        let mut generator = seed::generator(self.seed, &["takes effect", subject]);
        match fault {
            Fault::Http429 => Effect::Never,
            Fault::Cut => [Effect::Never, Effect::Before, Effect::Within][generator.usize(..3)],
            _ if generator.bool() => Effect::Before,
            _ => Effect::Never,
        }
    }

    /// How long the webhook of a render's n-th variation waits.
    pub(super) fn webhook_delay(&self, ordinal: u64, between: Duration) -> Duration {
        let overtaken = self.rates.reorder && ordinal % 2 == 1;
        // As long after the next one as it would have been before it, also when all end at once.
        let wait = if overtaken { 2 * between.max(Duration::from_millis(25)) } else { Duration::ZERO };
        self.rates.late.saturating_add(wait)
    }

    /// The body with one byte changed, still JSON.
    pub(super) fn tampered(&self, body: &str, subject: &str) -> Vec<u8> {
        let mut generator = seed::generator(self.seed, &["tampered byte", subject]);
        let mut places: Vec<usize> =
            (0..body.len()).filter(|&at| body.as_bytes()[at].is_ascii_alphanumeric()).collect();
        generator.shuffle(&mut places);
        let mut bytes = body.as_bytes().to_vec();
        for at in places {
            bytes[at] ^= 1;
            if serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok() {
                return bytes;
            }
            bytes[at] ^= 1;
        }
        bytes.push(b' ');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(seed: u64, tamper: f64) -> Faults {
        Faults { seed, rates: FaultRates { tamper, ..FaultRates::default() } }
    }

    #[test]
    fn a_rate_is_about_the_share_that_is_struck() {
        for (rate, from, to) in [(0.0, 0, 0), (0.25, 200, 300), (1.0, 1000, 1000)] {
            let faults = faults(7, rate);
            let struck = (0..1000).filter(|n| faults.strikes(Fault::Tamper, &format!("webhook {n}"))).count();
            assert!((from..=to).contains(&struck), "{struck} of 1000 at {rate}");
        }
    }

    #[test]
    fn seeds_strike_differently_and_repeatably() {
        let struck =
            |seed| -> Vec<bool> { (0..64).map(|n| faults(seed, 0.5).strikes(Fault::Tamper, &n.to_string())).collect() };
        assert_eq!(struck(1), struck(1));
        assert_ne!(struck(1), struck(2));
    }

    #[test]
    fn tampering_changes_one_byte_and_leaves_json() {
        let body = r#"{"id":"var_1","timestamp":1760000042000,"done":true,"list":[null,1e3]}"#;
        for n in 0..200 {
            let bytes = faults(n, 1.0).tampered(body, "x");
            let changed = bytes.iter().zip(body.as_bytes()).filter(|(a, b)| a != b).count();
            assert_eq!((changed, bytes.len()), (1, body.len()));
            serde_json::from_slice::<serde_json::Value>(&bytes).expect("still JSON");
        }
    }
}
