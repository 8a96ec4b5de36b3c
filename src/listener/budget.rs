//! What deliveries in flight may take up together. Whoever finds a budget used up waits for a bounded time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// How long a delivery waits for its turn before it is put off.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a waiting one looks for others that take too long.
const TICK: Duration = Duration::from_millis(25);
/// Time that a large body has for itself; past it, it has to make room for others that wait.
const GRACE: Duration = Duration::from_millis(100);

/// One of `places`, unless none becomes free in time.
pub(super) async fn place(places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    match places.clone().try_acquire_owned() {
        Ok(place) => Some(place),
        // Boxed, since it is rare and everybody would carry it.
        Err(_) => Box::pin(timeout(PATIENCE, places.clone().acquire_owned())).await.ok()?.ok(),
    }
}

/// Bytes of large bodies in flight. A body has its share before it is read further, for as much as it may become.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: Arc<Semaphore>,
    most: usize,
    arriving: Mutex<Arriving>,
}

/// The shares of bodies that are still arriving, oldest first.
#[derive(Debug, Default)]
struct Arriving {
    next: u64,
    shares: BTreeMap<u64, (Instant, Arc<Notify>)>,
}

/// A body's part of the budget, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    budget: Arc<Budget>,
    number: u64,
    withdrawn: Arc<Notify>,
    _bytes: OwnedSemaphorePermit,
}

impl Budget {
    pub(super) fn new(most: usize) -> Self {
        let most = most.min(Semaphore::MAX_PERMITS).min(u32::MAX as usize);
        Self { bytes: Arc::new(Semaphore::new(most)), most, arriving: Mutex::default() }
    }

    /// Waits for so many bytes; in vain for `None`. Meanwhile bodies that have been arriving for long have to make room.
    pub(super) async fn share(self: &Arc<Self>, bytes: usize) -> Option<Share> {
        let bytes = u32::try_from(bytes.min(self.most)).ok()?;
        let mut granted = std::pin::pin!(self.bytes.clone().acquire_many_owned(bytes));
        let deadline = Instant::now() + PATIENCE;
        let granted = loop {
            match timeout(TICK, granted.as_mut()).await {
                Ok(granted) => break granted.ok()?,
                Err(_) if Instant::now() >= deadline => return None,
                Err(_) => self.arriving().make_room(),
            }
        };
        let (number, withdrawn) = self.arriving().enter();
        Some(Share { budget: self.clone(), number, withdrawn, _bytes: granted })
    }

    fn arriving(&self) -> MutexGuard<'_, Arriving> {
        self.arriving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arriving {
    fn enter(&mut self) -> (u64, Arc<Notify>) {
        self.next += 1;
        let withdrawn = Arc::new(Notify::new());
        self.shares.insert(self.next, (Instant::now(), withdrawn.clone()));
        (self.next, withdrawn)
    }

    /// Withdraws the oldest share, if it is past its grace.
    fn make_room(&mut self) {
        if let Some(oldest) = self.shares.first_entry()
            && oldest.get().0.elapsed() > GRACE
        {
            oldest.remove().1.notify_one();
        }
    }
}

impl Share {
    /// Resolves when the body has to make room for others.
    pub(super) async fn withdrawn(&self) {
        self.withdrawn.notified().await;
    }

    /// The body is here as a whole: from now on its share is not withdrawn.
    pub(super) fn arrived(&self) {
        self.budget.arriving().shares.remove(&self.number);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.arrived();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_keeps_arriving_makes_room_for_one_that_waits() {
        let budget = Arc::new(Budget::new(100));
        let arrived = budget.share(40).await.expect("free");
        arrived.arrived();
        let slow = budget.share(60).await.expect("free");
        let (fast, ()) = tokio::join!(budget.share(50), async {
            slow.withdrawn().await;
            drop(slow);
        });
        assert!(fast.is_some());
    }

    #[tokio::test]
    async fn what_has_arrived_keeps_its_share_and_others_wait_for_a_bounded_time() {
        let budget = Arc::new(Budget::new(100));
        let whole = budget.share(1_000).await.expect("a larger one takes all");
        whole.arrived();
        let started = Instant::now();
        assert!(budget.share(1).await.is_none());
        assert!(started.elapsed() >= PATIENCE);
        drop(whole);
        assert!(budget.share(100).await.is_some());
    }
}
