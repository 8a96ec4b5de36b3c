//! What waits to be shown: bounded in number and in bytes, with places that only verified events get.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;

use crate::delivery::Forward;
use crate::journal::{EventRecord, Refused};

/// Deliveries that wait at most.
const PLACES: usize = 1024;
/// Bytes of payload that wait at most; a single larger payload waits alone.
const BYTES: usize = 32 * 1024 * 1024;
/// How long an event waits for a place.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the next events are looked for while there are some.
const MOMENT: Duration = Duration::from_millis(2);

/// What a listener hands on.
#[derive(Debug)]
pub(crate) enum Received {
    /// A verified event, which has been answered 200.
    Event(Box<EventRecord>),
    /// Anything else.
    Unverified(Box<Refused>),
    /// An attempt to pass an event on.
    Forward(Box<Forward>),
}

type Entry = (Received, OwnedSemaphorePermit);

/// The end that deliveries come in by. Clones lead to the same end.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    entries: mpsc::Sender<Entry>,
    bytes: Arc<Semaphore>,
    counts: Arc<Counts>,
}

/// What is counted and may go unshown.
#[derive(Debug, Default)]
struct Counts {
    refusals: AtomicU64,
    unshown: AtomicU64,
    is_stalled: AtomicBool,
}

/// The end that they are shown from.
#[derive(Debug)]
pub(crate) struct Waiting {
    entries: mpsc::Receiver<Entry>,
    counts: Arc<Counts>,
}

/// A place for one event.
pub(super) struct Place<'a> {
    place: mpsc::Permit<'a, Entry>,
    bytes: OwnedSemaphorePermit,
}

/// A queue's two ends.
pub(crate) fn queue() -> (Queue, Waiting) {
    let (sender, receiver) = mpsc::channel(PLACES);
    let (bytes, counts) = (Arc::new(Semaphore::new(BYTES)), Arc::<Counts>::default());
    let waiting = Waiting { entries: receiver, counts: counts.clone() };
    (Queue { entries: sender, bytes, counts }, waiting)
}

impl Queue {
    /// A place for an event with a payload of this size. A full queue is waited for, unless it was in vain before: then
    /// its reader does not read at all.
    pub(super) async fn place(&self, size: usize) -> Option<Place<'_>> {
        let place = match self.free_place(size) {
            Some(place) => Some(place),
            None if self.counts.is_stalled.load(Ordering::Relaxed) => None,
            None => timeout(PATIENCE, self.next_place(size)).await.ok().flatten(),
        };
        self.counts.is_stalled.store(place.is_none(), Ordering::Relaxed);
        place
    }

    fn free_place(&self, size: usize) -> Option<Place<'_>> {
        Some(Place { bytes: self.reserve(size)?, place: self.entries.try_reserve().ok()? })
    }

    async fn next_place(&self, size: usize) -> Option<Place<'_>> {
        let bytes = self.bytes.clone().acquire_many_owned(permits(size)).await.ok()?;
        Some(Place { bytes, place: self.entries.reserve().await.ok()? })
    }

    /// Lets an attempt wait for being shown. Where nobody reads it is left out: the journal has it.
    pub(crate) async fn tell(&self, forward: Forward) {
        if let Some(Place { place, bytes }) = self.place(0).await {
            place.send((Received::Forward(Box::new(forward)), bytes));
        }
    }

    /// Counts an event that is kept, but for which there was no place to be shown.
    pub(super) fn count_unshown(&self) {
        self.counts.unshown.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a delivery that was not verified.
    pub(super) fn count_refusal(&self) {
        self.counts.refusals.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether there is room to show a refusal: not when half of the places are taken, since a stranger's delivery may go
    /// unreported when many come at once, an event may not.
    pub(super) fn has_room_for_refusals(&self) -> bool {
        self.entries.capacity() > PLACES / 2 && self.bytes.available_permits() > BYTES / 2
    }

    /// Lets a refusal wait for being shown, if there is room.
    pub(super) fn refused(&self, refused: Refused) {
        if self.has_room_for_refusals()
            && let Some(bytes) = self.reserve(refused.kept_bytes())
        {
            let _ = self.entries.try_send((Received::Unverified(Box::new(refused)), bytes));
        }
    }

    fn reserve(&self, size: usize) -> Option<OwnedSemaphorePermit> {
        self.bytes.clone().try_acquire_many_owned(permits(size)).ok()
    }
}

fn permits(size: usize) -> u32 {
    u32::try_from(size.min(BYTES)).expect("the whole budget fits")
}

impl Place<'_> {
    pub(super) fn take(self, record: Box<EventRecord>) {
        self.place.send((Received::Event(record), self.bytes));
    }
}

impl Waiting {
    /// The same as [`Waiting::next`] for a task.
    pub(crate) async fn received(&mut self) -> Option<Received> {
        self.entries.recv().await.map(|(received, _)| received)
    }

    /// Blocks until there is something to show; `None` when the listener has gone and all is shown.
    pub(crate) fn next(&mut self) -> Option<Received> {
        if let Some(received) = self.ready() {
            return Some(received);
        }
        // To be woken for each event costs the receiving thread more than all else: while many come, they are shown by the
        // moment instead.
        std::thread::sleep(MOMENT);
        self.entries.blocking_recv().map(|(received, _)| received)
    }

    /// What waits already.
    pub(crate) fn ready(&mut self) -> Option<Received> {
        self.entries.try_recv().ok().map(|(received, _)| received)
    }

    /// Deliveries so far that were not verified, shown or not.
    pub(crate) fn refusals(&self) -> u64 {
        self.counts.refusals.load(Ordering::Relaxed)
    }

    /// Events so far that were kept without being shown.
    pub(crate) fn unshown(&self) -> u64 {
        self.counts.unshown.load(Ordering::Relaxed)
    }
}
