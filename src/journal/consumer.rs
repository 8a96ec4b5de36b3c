//! Somebody who is handed the log's deliveries one by one, across restarts: a name, a place in the log, what is unfinished.
//! It knows nothing of where they go.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::backlog::{Backlog, Progress};
use super::engine::{Engine, Journal, Start};
use super::entry::{Entry, Logged, Outcome, Position, Verdict};
use super::error::JournalError;
use super::hold::Hold;
use super::record::EventRecord;
use super::selection::{Page, Selection};

/// Bytes of payload that are read at once, as far as can be told before.
const PAGE_BYTES: usize = 1024 * 1024;
/// Deliveries that are read at once.
const PAGE: usize = 128;
/// Bytes of payload that are kept until they are handed out; what is more is read again then.
const KEPT_BYTES: usize = 4 * 1024 * 1024;
/// How long the log may not know how far a consumer has come that passes everything over.
const PLACE_KEPT_FOR: SignedDuration = SignedDuration::from_secs(60);
/// The system's clock may be set while something is waited for.
const NAP: Duration = Duration::from_secs(60);

/// Which events a consumer takes.
pub(crate) type Takes = Box<dyn Fn(&EventRecord) -> bool + Send + Sync>;

/// The one holder of a consumer.
pub(crate) struct Consumer {
    journal: Journal,
    name: String,
    takes: Takes,
    now: fn() -> Timestamp,
    backlog: Backlog,
    /// Nobody has tried what is behind this.
    tried_to: Position,
    /// The place that the log knows, and since when.
    place_kept: (Position, Timestamp),
    page: usize,
    kept: BTreeMap<Position, Box<EventRecord>>,
    kept_bytes: usize,
    _hold: Hold,
}

/// A delivery to be handed over now.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) position: Position,
    pub(crate) record: Box<EventRecord>,
    /// The number of this attempt, from 1.
    pub(crate) attempt: u32,
}

impl Consumer {
    /// Takes hold of a consumer; one that is held in another process is [`super::Reason::Held`]. Duplicates and what it
    /// does not take are passed over.
    pub(crate) async fn open(
        journal: Journal,
        start: Start,
        takes: Takes,
        now: fn() -> Timestamp,
    ) -> Result<Self, JournalError> {
        let (name, hold) = (start.name.clone(), journal.hold(&start.name)?);
        let finished_to = journal.consumer(start).await?;
        let tried_to = journal.end().await?;
        Ok(Self {
            journal,
            name,
            takes,
            now,
            backlog: Backlog::new(finished_to),
            tried_to,
            place_kept: (finished_to, now()),
            page: 1,
            kept: BTreeMap::new(),
            kept_bytes: 0,
            _hold: hold,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Deliveries that are known and not finished, the ones handed out included.
    pub(crate) fn unfinished(&self) -> usize {
        self.backlog.unfinished()
    }

    /// Waits for a delivery to be handed over. May be dropped while it waits.
    pub(crate) async fn next(&mut self) -> Result<Due, JournalError> {
        loop {
            if let Some(due) = self.due().await? {
                return Ok(due);
            }
            if (self.now)().duration_since(self.place_kept.1) >= PLACE_KEPT_FOR {
                self.keep_place().await?;
            }
            self.wait().await?;
        }
    }

    /// Lets the log know what was passed over, too, so that it need not be kept and is not read again.
    pub(crate) async fn keep_place(&mut self) -> Result<(), JournalError> {
        let finished_to = self.backlog.finished_to_with(&HashSet::new());
        if finished_to > self.place_kept.0 {
            self.journal.finish(&self.name, finished_to).await?;
        }
        self.place_kept = (finished_to, (self.now)());
        Ok(())
    }

    /// A delivery that can be handed over now. One of a variation is handed out when the earlier ones are finished.
    pub(crate) async fn due(&mut self) -> Result<Option<Due>, JournalError> {
        loop {
            if let Some(position) = self.backlog.due_at((self.now)()) {
                match self.record(position).await? {
                    Some(record) => {
                        let attempt = self.backlog.hand_out(position) + 1;
                        return Ok(Some(Due { position, record, attempt }));
                    }
                    // It was pruned.
                    None => self.backlog.finish(position),
                }
            } else if !self.backlog.has_room() || !self.read_page().await? {
                return Ok(None);
            }
        }
    }

    /// Records how attempts went, and what follows from it. Durable when it returns; after an error nothing has changed, and
    /// the same can be recorded again.
    pub(crate) async fn settle(&mut self, outcomes: &[Outcome]) -> Result<(), JournalError> {
        let finished = outcomes.iter().filter(|outcome| outcome.verdict.is_final()).map(|outcome| outcome.of).collect();
        let mut batch = outcomes.to_vec();
        let finished_to = self.backlog.finished_to_with(&finished);
        if let Some(last) = batch.last_mut() {
            last.finished_to = Some(finished_to);
        }
        self.journal.append(batch.into_iter().map(|outcome| Entry::Outcome(Box::new(outcome))).collect()).await?;
        self.place_kept = (finished_to, (self.now)());
        for outcome in outcomes {
            match progress_after(outcome) {
                Some(progress) => self.backlog.delay(outcome.of, progress),
                None => self.backlog.finish(outcome.of),
            }
        }
        Ok(())
    }

    /// Makes due what waits because nobody answered.
    pub(crate) fn hurry(&mut self) {
        self.backlog.hurry((self.now)());
    }

    /// Waits until something may have become due.
    async fn wait(&self) -> Result<(), JournalError> {
        let time = self.backlog.next_due().map(|due| due.duration_since((self.now)()));
        let time = time.map(|time| Duration::try_from(time).unwrap_or_default().min(NAP));
        let due = async {
            match time {
                Some(time) => tokio::time::sleep(time).await,
                None => std::future::pending().await,
            }
        };
        let grown = async {
            match self.backlog.has_room() {
                true => self.journal.grown_past(self.backlog.read_to()).await,
                false => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => Ok(()),
            grown = grown => grown,
        }
    }

    /// Reads what follows in the log and what became of it before; whether there was anything.
    async fn read_page(&mut self) -> Result<bool, JournalError> {
        let read_to = self.backlog.read_to();
        let page = self.journal.read(Page::After(read_to), Selection::default(), self.page).await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(false) };
        let (first, last) = (first.position, last.position);
        let mut tried: HashMap<Position, Outcome> = HashMap::new();
        if first <= self.tried_to {
            let outcomes = self.journal.outcomes(first, last, Some(&self.name)).await?;
            tried.extend(outcomes.into_iter().map(|outcome| (outcome.of, outcome)));
        }
        let bytes: usize = page.iter().map(|logged| logged.record.payload().len()).sum();
        self.page = (PAGE_BYTES / (bytes / page.len()).max(1)).clamp(1, PAGE);
        for logged in page {
            let last_try = tried.get(&logged.position);
            self.note(logged, last_try);
        }
        Ok(true)
    }

    fn note(&mut self, Logged { position, record }: Logged, last_try: Option<&Outcome>) {
        let progress = match last_try {
            None => Some(Progress { attempts: 0, due: record.received_at().min((self.now)()), unanswered: false }),
            Some(outcome) => progress_after(outcome),
        };
        match progress.filter(|_| !record.is_duplicate() && (self.takes)(&record)) {
            None => self.backlog.skip(position),
            Some(progress) => {
                self.backlog.add(position, record.variation_id(), progress);
                if self.kept_bytes + record.payload().len() <= KEPT_BYTES {
                    self.kept_bytes += record.payload().len();
                    self.kept.insert(position, record);
                }
            }
        }
    }

    async fn record(&mut self, position: Position) -> Result<Option<Box<EventRecord>>, JournalError> {
        if let Some(record) = self.kept.remove(&position) {
            self.kept_bytes -= record.payload().len();
            return Ok(Some(record));
        }
        let page = self.journal.read(Page::After(position.before()), Selection::default(), 1).await?;
        Ok(page.into_iter().find(|logged| logged.position == position).map(|logged| logged.record))
    }
}

/// What an attempt leaves to be done.
fn progress_after(outcome: &Outcome) -> Option<Progress> {
    match outcome.verdict {
        Verdict::Delivered | Verdict::Failed => None,
        Verdict::Waiting { next_attempt_at } => {
            Some(Progress { attempts: outcome.attempt, due: next_attempt_at, unanswered: outcome.status.is_none() })
        }
    }
}

#[cfg(test)]
mod tests;
