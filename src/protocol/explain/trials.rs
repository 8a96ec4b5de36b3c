//! Trials: a key on a text, against the header, within the bounds on work.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow::{self, Break, Continue};

use super::Finding;
use super::header::Header;
use super::secrets::Key;

/// The most digests that one diagnosis computes.
pub const MAX_HMACS: usize = 1_024;
/// The most bytes that one diagnosis digests: about a second's work.
pub const MAX_HASHED: usize = 512 << 20;
/// The largest body, in bytes, whose own causes are tried; above it only those of header and secret are.
pub const MAX_BODY: usize = 1 << 20;

/// Why a search ends before everything is tried.
#[derive(Debug)]
pub(super) enum End {
    Proved(Proof),
    /// A bound on work is reached.
    Bound,
}

/// What makes the signature right.
#[derive(Debug)]
pub(super) struct Proof {
    pub(super) changes: Vec<Finding>,
    /// Fingerprint of the secret behind it.
    pub(super) secret: Option<String>,
}

/// Counts what is tried, and tries nothing twice.
#[derive(Debug)]
pub(super) struct Trials<'a> {
    pub(super) header: &'a Header,
    pub(super) tried: usize,
    hashed: usize,
    /// Hashes of keys and texts.
    seen: HashSet<(u64, u64)>,
}

impl<'a> Trials<'a> {
    pub(super) fn new(header: &'a Header) -> Self {
        Self { header, tried: 0, hashed: 0, seen: HashSet::new() }
    }

    /// Signs the bytes with the key, and ends the search if the header was meant to be that.
    pub(super) fn test(&mut self, key: &Key, bytes: &[u8], changes: impl FnOnce() -> Vec<Finding>) -> ControlFlow<End> {
        if bytes.len() <= MAX_BODY && !self.seen.insert((hash(&key.bytes), hash(bytes))) {
            return Continue(());
        }
        self.spend(bytes)?;
        self.compare(key, key.signing.sign(bytes).as_bytes(), changes)
    }

    /// Ends the search if the header was meant to be this digest.
    pub(super) fn compare(
        &self,
        key: &Key,
        digest: &[u8; 32],
        changes: impl FnOnce() -> Vec<Finding>,
    ) -> ControlFlow<End> {
        match self.header.matches(digest) {
            Some(header) => proved(key, [header, changes()].concat()),
            None => Continue(()),
        }
    }

    /// Counts one more digest over the bytes, and ends the search if that goes over a bound.
    pub(super) fn spend(&mut self, bytes: &[u8]) -> ControlFlow<End> {
        if self.tried >= MAX_HMACS || self.hashed + bytes.len() > MAX_HASHED {
            return Break(End::Bound);
        }
        self.tried += 1;
        self.hashed += bytes.len();
        Continue(())
    }
}

/// Ends the search with the changes and those that belong to the key.
pub(super) fn proved(key: &Key, changes: Vec<Finding>) -> ControlFlow<End> {
    Break(End::Proved(Proof { changes: [changes, key.changes.clone()].concat(), secret: key.fingerprint.clone() }))
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
