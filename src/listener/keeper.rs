//! Who keeps what is received: the journal, or, without one, a memory of which events have come before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::seen::Seen;
use crate::journal::{Appended, Engine, Entry, EventRecord, Journal, JournalError, Logged, Position, Reason, Refused};

/// Refusals that are kept in a second at most: a flood of them must not keep the disk busy.
const REFUSALS_A_SECOND: u32 = 20;

/// Tells that the journal fails, once, and that it works again.
pub(crate) type OnFault = Box<dyn Fn(Option<&JournalError>) + Send + Sync>;

/// Keeps verified events before they are answered 200.
pub(crate) struct Keeper {
    store: Store,
    on_fault: OnFault,
    is_failing: AtomicBool,
    refusals: Mutex<(Instant, u32)>,
}

enum Store {
    Journal(Journal),
    Memory(Mutex<Seen>),
}

impl Keeper {
    pub(crate) fn journal(journal: Journal, on_fault: OnFault) -> Self {
        Self::new(Store::Journal(journal), on_fault)
    }

    /// Keeps nothing but which events have come before.
    pub(crate) fn memory() -> Self {
        Self::new(Store::Memory(Mutex::default()), Box::new(|_| {}))
    }

    fn new(store: Store, on_fault: OnFault) -> Self {
        Self { store, on_fault, is_failing: AtomicBool::new(false), refusals: Mutex::new((Instant::now(), 0)) }
    }

    /// Whether what is kept can be read later.
    pub(super) fn is_durable(&self) -> bool {
        matches!(self.store, Store::Journal(_))
    }

    /// Numbers a delivery. With a journal it is on disk when this returns.
    pub(super) async fn keep(&self, record: Box<EventRecord>) -> Result<Logged, JournalError> {
        match &self.store {
            Store::Memory(seen) => {
                let number = seen.lock().unwrap_or_else(PoisonError::into_inner).delivered(record.id());
                Ok(Logged { position: Position::START, record: record.numbered(number, number > 1) })
            }
            Store::Journal(journal) => {
                let appended = journal.append(vec![Entry::Delivery(record)]).await;
                self.note(appended.as_ref().err());
                match appended?.pop() {
                    Some(Appended::Delivery(logged)) => Ok(logged),
                    _ => unreachable_answer(),
                }
            }
        }
    }

    /// Whether a refusal can be kept now, to be explained later.
    pub(super) fn keeps_refusals(&self) -> bool {
        if matches!(self.store, Store::Memory(_)) {
            return false;
        }
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.0.elapsed() >= Duration::from_secs(1) {
            *refusals = (Instant::now(), 0);
        }
        refusals.1 += 1;
        refusals.1 <= REFUSALS_A_SECOND
    }

    /// Names a refusal after the place where it is kept; where it cannot be, it stays without a name.
    pub(super) async fn keep_refusal(&self, refused: Refused) -> Refused {
        let Store::Journal(journal) = &self.store else { return refused };
        match journal.append(vec![Entry::Refusal(Box::new(refused.clone()))]).await.map(|mut appended| appended.pop()) {
            Ok(Some(Appended::Refusal(named))) => *named,
            _ => refused,
        }
    }

    fn note(&self, fault: Option<&JournalError>) {
        if self.is_failing.swap(fault.is_some(), Ordering::Relaxed) != fault.is_some() {
            (self.on_fault)(fault);
        }
    }
}

fn unreachable_answer<T>() -> Result<T, JournalError> {
    Err(JournalError { path: "".into(), reason: Reason::Other("it gave no answer".to_owned()) })
}
