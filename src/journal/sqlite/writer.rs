//! The writer's thread: one transaction for as many appends as are waiting, durable before any of them is answered.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{oneshot, watch};

use super::super::engine::Access;
use super::super::entry::{Appended, Entry, Logged, Position};
use super::super::error::{JournalError, Reason};
use super::super::record::EventRecord;
use super::keys::{Keys, Known};
use super::{consumers, rows, schema};
use crate::database::{self, Database, reason_of};

/// Microseconds within which an event that can happen again is taken for the same.
const SAME_WITHIN: i64 = 24 * 60 * 60 * 1_000_000;
/// Time without work after which there is time to tidy up.
const QUIET: Duration = Duration::from_millis(500);
/// Refusals that are kept, and bytes of their bodies.
const REFUSALS: i64 = 100;
const REFUSED_BYTES: i64 = 8 * 1024 * 1024;

/// What the thread is asked to do.
pub(super) enum Work {
    Append(Vec<Entry>, oneshot::Sender<Result<Vec<Appended>, JournalError>>),
    /// Anything rare.
    Run(Box<dyn FnOnce(&mut Writer) + Send>),
    /// End, when all before is done.
    Close,
}

/// The one connection that writes.
pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) connection: Database,
    pub(super) keys: Keys,
    grown: watch::Sender<Position>,
}

impl Writer {
    pub(super) fn open(path: PathBuf, access: Access, grown: watch::Sender<Position>) -> Result<Self, JournalError> {
        let opened = database::open(&path, &schema::SCHEMA, access == Access::Create);
        // The first transaction opens the side files: now, since later strangers may have taken all descriptors.
        let opened = opened.and_then(|connection| end(&connection).map(|_| connection).map_err(reason_of));
        match opened {
            Ok(connection) => Ok(Self { path, connection, keys: Keys::default(), grown }),
            Err(reason) => Err(JournalError::new(path, reason)),
        }
    }

    /// Works until it is told to end or nobody can ask any more.
    pub(super) fn run(mut self, work: &Receiver<Work>) {
        while let Some(next) = self.next(work) {
            match next {
                Work::Append(entries, reply) => {
                    let _ = reply.send(self.append(entries));
                    // After the answer: it may take longer than an append, and can be tried again.
                    if self.keys.is_full() && self.keys.settle(&mut self.connection).is_err() {
                        self.keys.doubt();
                    }
                }
                Work::Run(run) => run(&mut self),
                Work::Close => break,
            }
        }
    }

    /// Waits for work. In quiet times what was appended is moved from the side file to its place.
    fn next(&self, work: &Receiver<Work>) -> Option<Work> {
        match work.recv_timeout(QUIET) {
            Ok(next) => Some(next),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                // All is durable where it is; what fails now is tried again when the side file has grown.
                let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                work.recv().ok()
            }
        }
    }

    pub(super) fn error(&self, reason: Reason) -> JournalError {
        JournalError::new(&self.path, reason)
    }

    fn append(&mut self, entries: Vec<Entry>) -> Result<Vec<Appended>, JournalError> {
        self.check_file()?;
        let committed = self.commit(entries);
        if committed.is_err() {
            self.keys.doubt();
        }
        let (appended, end) = committed.map_err(|error| self.error(reason_of(error)))?;
        if let Some(end) = end {
            self.grown.send_replace(end);
        }
        Ok(appended)
    }

    /// SQLite would go on writing into a file that nobody can find any more. Another file in its place is not taken up:
    /// the side files still stand there, with events of the first one that are nowhere else.
    fn check_file(&self) -> Result<(), JournalError> {
        if self.connection.identity().is_at(&self.path) { Ok(()) } else { Err(self.error(Reason::Gone)) }
    }

    fn commit(&mut self, entries: Vec<Entry>) -> rusqlite::Result<(Vec<Appended>, Option<Position>)> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.keys.refresh(&transaction)?;
        let mut end = None;
        let mut appended = Vec::with_capacity(entries.len());
        for entry in entries {
            appended.push(match entry {
                Entry::Delivery(record) => {
                    let logged = append_delivery(&transaction, &mut self.keys, record)?;
                    end = Some(logged.position);
                    Appended::Delivery(logged)
                }
                Entry::Outcome(outcome) => {
                    rows::insert_outcome(&transaction, &outcome)?;
                    if let Some(finished_to) = outcome.finished_to {
                        consumers::finish(&transaction, &outcome.consumer, finished_to)?;
                    }
                    Appended::Outcome
                }
                Entry::Refusal(refused) => {
                    let number = rows::insert_refusal(&transaction, &refused)?;
                    forget_refusals(&transaction, number)?;
                    Appended::Refusal(Box::new(refused.named(number.unsigned_abs())))
                }
            });
        }
        transaction.commit()?;
        Ok((appended, end))
    }
}

/// The last position that was given out.
pub(super) fn end(connection: &Connection) -> rusqlite::Result<Position> {
    let last: i64 = connection
        .prepare_cached("SELECT max(coalesce((SELECT max(position) FROM deliveries), 0), (SELECT up_to FROM pruned))")?
        .query_row([], |row| row.get(0))?;
    Ok(Position(last.unsigned_abs()))
}

fn append_delivery(connection: &Connection, keys: &mut Keys, record: Box<EventRecord>) -> rusqlite::Result<Logged> {
    let position = Position(keys.end().0 + 1);
    let received_at = record.received_at().as_microsecond();
    let earlier = keys.known(connection, record.id())?;
    let number = earlier.map_or(1, |known| known.number.saturating_add(1));
    let same = earlier.filter(|known| record.happens_once() || received_at.saturating_sub(known.new_at) < SAME_WITHIN);
    let (duplicate, new_at) = same.map_or((false, received_at), |known| (true, known.new_at));
    rows::insert_delivery(connection, position.0 as i64, number, duplicate, &record)?;
    keys.note(position, record.id(), Known { number, new_at });
    Ok(Logged { position, record: record.numbered(number, duplicate) })
}

fn forget_refusals(connection: &Connection, newest: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM refusals WHERE number <= ?")?.execute([newest - REFUSALS])?;
    connection
        .prepare_cached(
            "DELETE FROM refusals WHERE number IN (SELECT number FROM
                (SELECT number, sum(length(body)) OVER (ORDER BY number DESC) AS total FROM refusals)
             WHERE total > ?)",
        )?
        .execute([REFUSED_BYTES])?;
    Ok(())
}
