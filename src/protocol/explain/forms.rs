//! The two forms of a body that verification tries.

use super::MAX_BODY;
use crate::protocol::canonical_json::{CanonicalError, canonicalize};

/// The largest body, in bytes, that is brought into canonical form, as `vsai verify` does.
const MAX_CANONICAL: usize = 64 << 20;

/// A body as it came, and its canonical form.
#[derive(Debug)]
pub(super) struct Forms<'a> {
    pub(super) raw: &'a [u8],
    pub(super) canonical: Result<String, CanonicalError>,
}

impl<'a> Forms<'a> {
    pub(super) fn of(raw: &'a [u8]) -> Self {
        let too_long = CanonicalError::TooLong { limit: MAX_CANONICAL };
        Self { raw, canonical: if raw.len() > MAX_CANONICAL { Err(too_long) } else { canonicalize(raw) } }
    }

    /// Whether the body is too large for its own causes to be tried.
    pub(super) fn is_large(&self) -> bool {
        self.raw.len() > MAX_BODY
    }

    pub(super) fn canonical(&self) -> Option<&str> {
        self.canonical.as_deref().ok()
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &[u8]> {
        [Some(self.raw), self.canonical().map(str::as_bytes)].into_iter().flatten()
    }
}
