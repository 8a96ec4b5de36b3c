//! Verified events as a journal gets them, whichever process receives them, for those who wait for some of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;

use crate::journal::{Engine, EventRecord, Journal, JournalError, Logged, Page, Position, Selection};
use crate::protocol::Event;

/// Events that wait for one reader at most. More are left out: who reads so slowly has to find out otherwise.
const WAITING: usize = 1024;
/// Deliveries that are read at once.
const PAGE: usize = 128;
/// How long a journal that cannot be read is left alone.
const BREATHER: Duration = Duration::from_secs(1);

/// A journal that is followed until this is dropped.
pub(crate) struct Arrivals {
    readers: Readers,
    all: broadcast::Sender<Arc<Event>>,
    following: JoinHandle<()>,
}

type Readers = Arc<Mutex<Vec<Reader>>>;

struct Reader {
    admits: Box<dyn Fn(&EventRecord) -> bool + Send>,
    events: mpsc::Sender<Box<EventRecord>>,
}

impl Arrivals {
    /// Follows a journal from its end on. Must be called inside the runtime.
    pub(crate) async fn follow(journal: Journal) -> Result<Self, JournalError> {
        let (readers, all) = (Readers::default(), broadcast::Sender::new(WAITING));
        let position = journal.end().await?;
        let following = tokio::spawn(follow(journal, position, readers.clone(), all.clone()));
        Ok(Self { readers, all, following })
    }

    /// What all events from here on say, duplicates left out.
    pub(crate) fn all(&self) -> broadcast::Receiver<Arc<Event>> {
        self.all.subscribe()
    }

    /// Those of the events from here on that are wanted, with all that is known of them, duplicates left out.
    pub(crate) fn of(
        &self,
        admits: impl Fn(&EventRecord) -> bool + Send + 'static,
    ) -> mpsc::Receiver<Box<EventRecord>> {
        let (events, arrived) = mpsc::channel(WAITING);
        locked(&self.readers).push(Reader { admits: Box::new(admits), events });
        arrived
    }
}

impl Drop for Arrivals {
    fn drop(&mut self) {
        self.following.abort();
    }
}

async fn follow(journal: Journal, mut position: Position, readers: Readers, all: broadcast::Sender<Arc<Event>>) {
    loop {
        match page_after(&journal, position).await {
            Ok((page, read_to)) => {
                position = read_to;
                for new in page.into_iter().filter(|logged| !logged.record.is_duplicate()) {
                    // Nobody may wait for it.
                    let _ = all.send(Arc::new(new.record.event()));
                    hand_out(&readers, new.record);
                }
            }
            // Who writes it tells of its trouble.
            Err(_) => tokio::time::sleep(BREATHER).await,
        }
    }
}

/// Waits for what comes behind a place, and tells how far it has read.
async fn page_after(journal: &Journal, position: Position) -> Result<(Vec<Logged>, Position), JournalError> {
    journal.grown_past(position).await?;
    let end = journal.end().await?;
    let page = journal.read(Page::After(position), Selection::default(), PAGE).await?;
    let last = page.last().map_or(position, |logged| logged.position);
    // What is missing up to the end was pruned.
    let read_to = if page.len() < PAGE { last.max(end) } else { last };
    Ok((page, read_to))
}

fn hand_out(readers: &Readers, record: Box<EventRecord>) {
    let mut readers = locked(readers);
    readers.retain(|reader| !reader.events.is_closed());
    for reader in readers.iter().filter(|reader| (reader.admits)(&record)) {
        let _ = reader.events.try_send(record.clone());
    }
}

fn locked(readers: &Readers) -> std::sync::MutexGuard<'_, Vec<Reader>> {
    readers.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::journal::{Access, Arrival, Entry, Headers};
    use crate::protocol::{Secret, SigningKey, Verifier};

    fn event(variation: &str) -> Entry {
        let text = format!(r#"{{"event_type":"done","render_id":"r","variation_id":"{variation}"}}"#);
        let secret = Secret::new("s").expect("not empty");
        let signature = SigningKey::new(&secret).sign(text.as_bytes());
        let verified = Verifier::new(&[secret]).verify(text.as_bytes(), signature).expect("verified");
        let (received_at, target) = (Timestamp::UNIX_EPOCH, format!("/?job={variation}"));
        let arrival = Arrival { received_at, target, headers: Headers::default(), reformatted: None };
        Entry::Delivery(Box::new(EventRecord::new(verified, String::new(), arrival)))
    }

    async fn next(events: &mut mpsc::Receiver<Box<EventRecord>>) -> Option<String> {
        let record = tokio::time::timeout(Duration::from_secs(10), events.recv()).await.expect("in time")?;
        record.variation_id().map(str::to_owned)
    }

    #[tokio::test]
    async fn each_reader_gets_what_it_wants_of_what_any_process_appends_from_then_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("journal.db");
        let open = || Journal::open(&file, Access::Create).expect("opened");
        let (here, elsewhere) = (open(), open());
        here.append(vec![event("before")]).await.expect("kept");
        let arrivals = Arrivals::follow(here.clone()).await.expect("followed");
        let (mut all, mut told) = (arrivals.of(|_| true), arrivals.all());
        let mut some = arrivals.of(|record| record.target() == "/?job=b");
        here.append(vec![event("a"), event("before")]).await.expect("kept");
        elsewhere.append((0..2 * PAGE).map(|number| event(&number.to_string())).collect()).await.expect("kept");
        elsewhere.append(vec![event("a"), event("b")]).await.expect("kept");
        assert_eq!(next(&mut all).await.as_deref(), Some("a"));
        for number in 0..2 * PAGE {
            assert_eq!(next(&mut all).await, Some(number.to_string()));
        }
        assert_eq!(next(&mut all).await.as_deref(), Some("b"), "and no duplicate");
        assert_eq!(next(&mut some).await.as_deref(), Some("b"));
        let said = std::iter::from_fn(|| told.try_recv().ok()).map(|event| event.identity().variation_id);
        let said: Vec<_> = said.flatten().collect();
        assert_eq!((said.len(), said.first().map(String::as_str)), (2 * PAGE + 2, Some("a")));
        drop(arrivals);
        assert_eq!(next(&mut some).await, None, "nothing more comes");
    }
}
