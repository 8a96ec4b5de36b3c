//! What one delivery, and all deliveries in flight together, may take up.

use std::time::Duration;

/// What deliveries may take up.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// Bytes of a body; more is answered 413.
    pub(crate) body: usize,
    /// Time for a body to arrive; after it, 408.
    pub(crate) body_time: Duration,
    /// Bytes of large bodies in flight together; at least one of the largest size is taken.
    pub(crate) bodies: usize,
    /// Verified deliveries that are not answered yet.
    pub(crate) requests: usize,
    /// Checks at once that may take long, each of which may take 16 times the size of its body.
    pub(crate) checks: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            body_time: Duration::from_secs(10),
            bodies: 8 * 1024 * 1024,
            requests: 256,
            checks: 1,
        }
    }
}
