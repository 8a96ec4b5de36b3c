//! `--ack forward`: the sender gets the handler's own answer. The handler decides, so it gets an event again until it has
//! answered 200; nothing is tried again by itself.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, RETRY_AFTER};
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use tokio::sync::watch;

use super::queue::Queue;
use super::seen::Seen;
use crate::delivery::{Attempt, AttemptError, Destination, Handler, Tried, WIND_DOWN};
use crate::journal::{Engine, Entry, EventRecord, Journal, JournalError, Outcome, Position, Verdict};

/// Headers of a handler's answer that are handed back.
const HANDED_BACK: [hyper::header::HeaderName; 2] = [CONTENT_TYPE, RETRY_AFTER];

/// Decides which events are passed on.
pub(crate) type Admits = Box<dyn Fn(&EventRecord) -> bool + Send + Sync>;

/// The handlers that answer in the listener's place. Clones share them.
#[derive(Clone)]
pub(crate) struct Relay {
    shared: Arc<Shared>,
    closing: watch::Receiver<bool>,
}

struct Shared {
    handlers: Vec<(Destination, Handler)>,
    admits: Admits,
    journal: Option<Journal>,
    /// Without a journal, what was answered 200 in this run.
    taken: Mutex<Seen>,
    now: fn() -> Timestamp,
    queue: Queue,
}

impl Relay {
    /// When `closing` is true, attempts under way get a little time more.
    pub(crate) fn new(
        handlers: Vec<(Destination, Handler)>,
        admits: Admits,
        journal: Option<Journal>,
        now: fn() -> Timestamp,
        queue: Queue,
        closing: watch::Receiver<bool>,
    ) -> Self {
        Self { shared: Arc::new(Shared { handlers, admits, journal, taken: Mutex::default(), now, queue }), closing }
    }

    /// The answer of the event's handler; none where no handler is asked: nobody takes the type, or it was taken before.
    /// `position` is where the journal keeps the delivery.
    pub(super) async fn answer(
        &self,
        record: Box<EventRecord>,
        position: Position,
    ) -> Result<Option<Response<Full<Bytes>>>, JournalError> {
        let Shared { handlers, admits, .. } = &*self.shared;
        let taker = handlers.iter().position(|(destination, _)| destination.takes(record.event_type()));
        let Some(taker) = taker.filter(|_| admits(&record)) else { return Ok(None) };
        let consumer = handlers[taker].0.name();
        if record.is_duplicate() && self.shared.was_taken(&consumer, record.id()).await? {
            return Ok(None);
        }
        // On its own: a sender that leaves must not take the outcome with it.
        let relay = self.clone();
        let handing = tokio::spawn(async move { relay.hand(taker, &consumer, &record, position).await });
        Ok(Some(handing.await.unwrap_or(Ok(None))?.map_or_else(without_answer, handed_back)))
    }

    /// Makes the attempt and records it; none when the time is over.
    async fn hand(
        mut self,
        taker: usize,
        consumer: &str,
        record: &EventRecord,
        position: Position,
    ) -> Result<Option<Attempt>, JournalError> {
        let (_, handler) = &self.shared.handlers[taker];
        let time_is_over = async {
            let _ = self.closing.wait_for(|closing| *closing).await;
            tokio::time::sleep(WIND_DOWN).await;
        };
        let attempt = tokio::select! {
            attempt = handler.hand(record) => attempt,
            () = time_is_over => return Ok(None),
        };
        let is_taken = attempt.outcome.as_ref().is_ok_and(|answer| answer.status == StatusCode::OK);
        let verdict = if is_taken { Verdict::Delivered } else { Verdict::Failed };
        let tried = Tried { consumer, position, record, number: 1, at: (self.shared.now)(), verdict };
        let (outcome, forward) = handler.account(&tried, &attempt);
        self.shared.note(outcome, record).await?;
        self.shared.queue.tell(forward).await;
        Ok(Some(attempt))
    }
}

impl Shared {
    async fn was_taken(&self, consumer: &str, id: &str) -> Result<bool, JournalError> {
        let Some(journal) = &self.journal else {
            return Ok(self.taken.lock().unwrap_or_else(PoisonError::into_inner).holds(id));
        };
        for delivery in journal.deliveries_of(id).await? {
            let outcomes = journal.outcomes(delivery.position, delivery.position, Some(consumer)).await?;
            if outcomes.iter().any(|outcome| outcome.verdict == Verdict::Delivered) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Before the answer goes out: an event that was taken must not be passed on again after a restart.
    async fn note(&self, outcome: Outcome, record: &EventRecord) -> Result<(), JournalError> {
        match &self.journal {
            Some(journal) => journal.append(vec![Entry::Outcome(Box::new(outcome))]).await.map(drop),
            None if outcome.verdict == Verdict::Delivered => {
                self.taken.lock().unwrap_or_else(PoisonError::into_inner).delivered(record.id());
                Ok(())
            }
            None => Ok(()),
        }
    }
}

fn without_answer() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"the listener is stopping\n")));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

fn handed_back(attempt: Attempt) -> Response<Full<Bytes>> {
    let answer = match attempt.outcome {
        Ok(answer) => answer,
        Err(error) => {
            let mut response = Response::new(Full::new(Bytes::from_static(b"the handler gave no answer\n")));
            *response.status_mut() = match error {
                AttemptError::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
                AttemptError::Connect(_) | AttemptError::NoTls | AttemptError::Broken(_) => StatusCode::BAD_GATEWAY,
            };
            return response;
        }
    };
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    for name in HANDED_BACK {
        if let Some(value) = answer.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
