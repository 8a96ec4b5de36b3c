//! The other end of a connection: who it is, and since when it owes us something.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The other end of a connection. Two plain stores a request: nothing else is paid for knowing who may be dropped.
#[derive(Debug)]
pub(crate) struct Caller {
    peer: SocketAddr,
    started: Instant,
    /// Nanoseconds from `started`; 0 while its request is in our hands.
    owes_since: AtomicU64,
    has_sent_head: AtomicBool,
}

impl Caller {
    pub(super) fn new(peer: SocketAddr, started: Instant) -> Self {
        let this = Self { peer, started, owes_since: AtomicU64::new(0), has_sent_head: AtomicBool::new(false) };
        this.owes_a_request();
        this
    }

    /// Its address.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Its request is here as a whole: the connection is not dropped before the answer.
    pub(crate) fn has_sent(&self) {
        self.owes_since.store(0, Ordering::Relaxed);
    }

    pub(super) fn has_sent_head(&self) {
        self.has_sent_head.store(true, Ordering::Relaxed);
    }

    pub(super) fn owes_a_request(&self) {
        let passed = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.owes_since.store(passed.max(1), Ordering::Relaxed);
        self.has_sent_head.store(false, Ordering::Relaxed);
    }

    /// Since when it owes a part of its request; `None` while it owes nothing.
    pub(super) fn owes_since(&self) -> Option<Instant> {
        match self.owes_since.load(Ordering::Relaxed) {
            0 => None,
            passed => Some(self.started + Duration::from_nanos(passed)),
        }
    }

    /// Since when it owes a request head.
    pub(super) fn owes_head_since(&self) -> Option<Instant> {
        if self.has_sent_head.load(Ordering::Relaxed) { None } else { self.owes_since() }
    }
}
