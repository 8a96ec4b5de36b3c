//! A text that may be what was signed, and how the body differs from it.

use super::Finding;

/// Bytes to try, with the changes that lead to them from the body.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) bytes: Vec<u8>,
    pub(super) changes: Vec<Finding>,
}

impl Version {
    pub(super) fn new(bytes: impl Into<Vec<u8>>, change: Finding) -> Self {
        Self { bytes: bytes.into(), changes: vec![change] }
    }

    /// The versions that one more step makes of this one.
    pub(super) fn then(&self, step: impl Fn(&[u8]) -> Vec<Self>) -> Vec<Self> {
        let mut versions = step(&self.bytes);
        for version in &mut versions {
            version.changes.splice(0..0, self.changes.iter().cloned());
        }
        versions
    }
}

/// `s` unless there is exactly one.
pub(super) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
