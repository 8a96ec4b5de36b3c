//! Why a delivery is not taken, with the status that says so.

use hyper::StatusCode;

/// Why a delivery is not taken.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }

    pub(super) fn empty() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "an empty body")
    }

    pub(super) fn too_large(most: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, format!("larger than {most} bytes"))
    }

    pub(super) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")
    }

    /// A limit on what is in flight is reached: nothing is wrong with the delivery, which is to come again.
    pub(super) fn busy(reason: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }

    /// It says nothing about the delivery, only about this listener.
    pub(super) fn is_busy(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
    }

    /// Whether the sender may still be writing and is worth listening to, so that it gets to see the answer.
    pub(super) fn lets_sender_finish(&self) -> bool {
        self.status != StatusCode::REQUEST_TIMEOUT
    }
}
