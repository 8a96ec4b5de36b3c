//! What waits to be shown: bounded in number and in bytes, with places that only verified events get.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::refused::Refused;
use crate::journal::EventRecord;

/// Deliveries that wait at most.
const PLACES: usize = 1024;
/// Bytes of payload that wait at most; a single larger payload waits alone.
const BYTES: usize = 32 * 1024 * 1024;

/// What a listener hands on.
#[derive(Debug)]
pub(crate) enum Received {
    /// A verified event, which has been answered 200.
    Event(Box<EventRecord>),
    /// Anything else.
    Unverified(Box<Refused>),
}

type Entry = (Received, OwnedSemaphorePermit);

/// The end that deliveries come in by.
#[derive(Debug)]
pub(crate) struct Queue {
    entries: mpsc::Sender<Entry>,
    bytes: Arc<Semaphore>,
    refusals: Arc<AtomicU64>,
}

/// The end that they are shown from.
#[derive(Debug)]
pub(crate) struct Waiting {
    entries: mpsc::Receiver<Entry>,
    refusals: Arc<AtomicU64>,
}

/// A place for one event.
pub(super) struct Place<'a> {
    place: mpsc::Permit<'a, Entry>,
    bytes: OwnedSemaphorePermit,
}

/// A queue's two ends.
pub(crate) fn queue() -> (Queue, Waiting) {
    let (sender, receiver) = mpsc::channel(PLACES);
    let (bytes, refusals) = (Arc::new(Semaphore::new(BYTES)), Arc::new(AtomicU64::new(0)));
    (Queue { entries: sender, bytes, refusals: refusals.clone() }, Waiting { entries: receiver, refusals })
}

impl Queue {
    /// A place for an event with a payload of this size, unless the queue is full.
    pub(super) fn place(&self, size: usize) -> Option<Place<'_>> {
        Some(Place { bytes: self.reserve(size)?, place: self.entries.try_reserve().ok()? })
    }

    /// Counts a delivery that was not verified and lets it wait for being shown, unless half of the places are taken:
    /// a stranger's may go unreported when many come at once, an event may not.
    pub(super) fn refused(&self, refused: impl FnOnce(u64) -> Refused) {
        let number = self.refusals.fetch_add(1, Ordering::Relaxed) + 1;
        if self.entries.capacity() <= PLACES / 2 || self.bytes.available_permits() <= BYTES / 2 {
            return;
        }
        let refused = refused(number);
        if let Some(bytes) = self.reserve(refused.kept_bytes()) {
            let _ = self.entries.try_send((Received::Unverified(Box::new(refused)), bytes));
        }
    }

    fn reserve(&self, size: usize) -> Option<OwnedSemaphorePermit> {
        let size = u32::try_from(size.min(BYTES)).expect("the whole budget fits");
        self.bytes.clone().try_acquire_many_owned(size).ok()
    }
}

impl Place<'_> {
    pub(super) fn take(self, record: EventRecord) {
        self.place.send((Received::Event(Box::new(record)), self.bytes));
    }
}

impl Waiting {
    /// The same as [`Waiting::next`] for a task.
    pub(crate) async fn received(&mut self) -> Option<Received> {
        self.entries.recv().await.map(|(received, _)| received)
    }

    /// Blocks until there is something to show; `None` when the listener has gone and all is shown.
    pub(crate) fn next(&mut self) -> Option<Received> {
        self.entries.blocking_recv().map(|(received, _)| received)
    }

    /// Deliveries so far that were not verified, shown or not.
    pub(crate) fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }
}
