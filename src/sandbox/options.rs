//! What a sandbox is told at its start: pace, limits, webhooks and faults.

use std::time::Duration;

/// Everything that can be set. Nothing here is secret.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Decides faults, drawn rooms and which photos count as furnished.
    pub(crate) seed: u64,
    /// Decides ids and result tokens: random for ids that no journal has seen, or the seed for the same ids each run.
    pub(crate) id_seed: u64,
    /// How long work takes.
    pub(crate) pace: Pace,
    /// Photos of an account; `None` is `"UNLIMITED"`.
    pub(crate) photo_limit: Option<u64>,
    /// After this time a result link answers 403, after twice this time 410.
    pub(crate) link_lifetime: Duration,
    /// Refuse unknown members of requests. The real API's tolerance is not known, so a client should send none.
    pub(crate) strict: bool,
    /// How webhooks are sent.
    pub(crate) webhooks: WebhookOptions,
    /// What goes wrong.
    pub(crate) faults: FaultRates,
}

impl Options {
    /// No faults, 100 photos, a render of three in about three seconds.
    pub(crate) fn new(seed: u64, id_seed: u64) -> Self {
        Self {
            seed,
            id_seed,
            pace: Pace::default(),
            photo_limit: Some(100),
            link_lifetime: Duration::from_secs(3600),
            strict: true,
            webhooks: WebhookOptions::default(),
            faults: FaultRates::default(),
        }
    }
}

/// How long work takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pace {
    /// From accepted to rendering.
    pub(crate) queued: Duration,
    /// From rendering to the first variation's end.
    pub(crate) rendering: Duration,
    /// From one variation's end to the next one's.
    pub(crate) between: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let [queued, rendering, between] = [400, 1200, 300].map(Duration::from_millis);
        Self { queued, rendering, between }
    }
}

impl Pace {
    /// The default pace times `factor`, which is taken as within a thousandth and a million.
    pub(crate) fn times_faster(factor: f64) -> Self {
        let factor = if factor.is_nan() { 1.0 } else { factor.clamp(1e-3, 1e6) };
        let Self { queued, rendering, between } = Self::default();
        let [queued, rendering, between] = [queued, rendering, between].map(|time| time.div_f64(factor));
        Self { queued, rendering, between }
    }
}

/// How webhooks are sent.
#[derive(Debug, Clone)]
pub(crate) struct WebhookOptions {
    /// The pauses before the second, third and fourth try.
    pub(crate) pauses: [Duration; 3],
    /// Time that a receiver gets to answer.
    pub(crate) timeout: Duration,
    /// Deliver to other machines too. Off, so that a sandbox never sends anything outside.
    pub(crate) allow_remote: bool,
}

impl Default for WebhookOptions {
    fn default() -> Self {
        Self { pauses: [1, 2, 4].map(Duration::from_secs), timeout: Duration::from_secs(10), allow_remote: false }
    }
}

/// What goes wrong: shares between 0 and 1, of which the seed decides which ones, and times.
#[derive(Debug, Clone, Default)]
pub(crate) struct FaultRates {
    /// Variations and analyses that end in error.
    pub(crate) fail: f64,
    /// Webhooks that are delivered twice.
    pub(crate) duplicate: f64,
    /// Every second webhook of a render overtakes the one before it.
    pub(crate) reorder: bool,
    /// Webhooks come this much after what they tell.
    pub(crate) late: Duration,
    /// Webhooks that are signed with another secret.
    pub(crate) wrong_secret: f64,
    /// Webhooks in which one byte is changed after signing.
    pub(crate) tamper: f64,
    /// Requests that are answered 500, some before and some after they took effect.
    pub(crate) http_500: f64,
    /// Requests that are never answered, likewise.
    pub(crate) hang: f64,
    /// Requests whose connection is closed: before they took effect, after it, or in the middle of the answer.
    pub(crate) cut: f64,
    /// Requests that are answered 429 and have no effect.
    pub(crate) http_429: f64,
    /// Answers come this much after what they tell.
    pub(crate) slow: Duration,
    /// Variations that are deleted instead of being done.
    pub(crate) vanish: f64,
    /// The removal that comes by itself is listed only this much after the end of the others.
    pub(crate) late_removal: Option<Duration>,
    /// For this long, a variation that is done is read without its links.
    pub(crate) link_late: Duration,
}
