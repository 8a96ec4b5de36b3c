//! The writer's thread: one transaction for as many appends as are waiting, durable before any of them is answered.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use tokio::sync::{oneshot, watch};

use super::super::engine::Access;
use super::super::entry::{Appended, Entry, Logged, Position};
use super::super::error::{JournalError, Reason};
use super::super::record::EventRecord;
use super::file::{self, Identity, reason_of};
use super::rows;

/// Within this time an event that can happen again is taken for the same.
const SAME_WITHIN: SignedDuration = SignedDuration::from_hours(24);
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
    pub(super) connection: Connection,
    identity: Identity,
    grown: watch::Sender<Position>,
}

impl Writer {
    pub(super) fn open(path: PathBuf, access: Access, grown: watch::Sender<Position>) -> Result<Self, JournalError> {
        match file::open(&path, access) {
            Ok((connection, identity)) => Ok(Self { path, connection, identity, grown }),
            Err(reason) => Err(JournalError::new(path, reason)),
        }
    }

    /// Works until it is told to end or nobody can ask any more.
    pub(super) fn run(mut self, work: &Receiver<Work>) {
        while let Ok(work) = work.recv() {
            match work {
                Work::Append(entries, reply) => drop(reply.send(self.append(entries))),
                Work::Run(run) => run(&mut self),
                Work::Close => break,
            }
        }
    }

    pub(super) fn error(&self, reason: Reason) -> JournalError {
        JournalError::new(&self.path, reason)
    }

    fn append(&mut self, entries: Vec<Entry>) -> Result<Vec<Appended>, JournalError> {
        self.check_file()?;
        let (appended, end) = self.commit(entries).map_err(|error| self.error(reason_of(error)))?;
        if let Some(end) = end {
            self.grown.send_replace(end);
        }
        Ok(appended)
    }

    /// SQLite would go on writing into a file that nobody can find any more.
    fn check_file(&mut self) -> Result<(), JournalError> {
        if Identity::of(&self.path).is_ok_and(|found| found == self.identity) {
            return Ok(());
        }
        let (connection, identity) = file::open(&self.path, Access::Create).map_err(|_| self.error(Reason::Gone))?;
        (self.connection, self.identity) = (connection, identity);
        Ok(())
    }

    fn commit(&mut self, entries: Vec<Entry>) -> rusqlite::Result<(Vec<Appended>, Option<Position>)> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut end = None;
        let mut appended = Vec::with_capacity(entries.len());
        for entry in entries {
            appended.push(match entry {
                Entry::Delivery(record) => {
                    let logged = append_delivery(&transaction, *record, end)?;
                    end = Some(logged.position);
                    Appended::Delivery(logged)
                }
                Entry::Outcome(outcome) => {
                    rows::insert_outcome(&transaction, &outcome)?;
                    if let Some(finished_to) = outcome.finished_to {
                        move_consumer(&transaction, &outcome.consumer, finished_to)?;
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

fn append_delivery(connection: &Connection, record: EventRecord, last: Option<Position>) -> rusqlite::Result<Logged> {
    let last = match last {
        Some(last) => last,
        None => end(connection)?,
    };
    let position = Position(last.0 + 1);
    let (number, duplicate) = number_of(connection, &record)?;
    rows::insert_delivery(connection, position.0 as i64, number, duplicate, &record)?;
    Ok(Logged { position, record: record.numbered(number, duplicate) })
}

/// Which delivery of its event this is, and whether it is a duplicate.
fn number_of(connection: &Connection, record: &EventRecord) -> rusqlite::Result<(u32, bool)> {
    let mut find = connection
        .prepare_cached("SELECT max(number), max(iif(duplicate, NULL, received_at)) FROM deliveries WHERE id = ?")?;
    let (number, first): (Option<u32>, Option<i64>) =
        find.query_row([record.id()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(number) = number else { return Ok((1, false)) };
    let first = first.and_then(|first| Timestamp::from_microsecond(first).ok());
    let recent = first.is_none_or(|first| record.received_at().duration_since(first) < SAME_WITHIN);
    Ok((number.saturating_add(1), record.happens_once() || recent))
}

pub(super) fn move_consumer(connection: &Connection, name: &str, finished_to: Position) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO consumers VALUES (?, ?)")?
        .execute(params![name, finished_to.0 as i64])?;
    Ok(())
}

pub(super) fn consumer_position(connection: &Connection, name: &str) -> rusqlite::Result<Option<Position>> {
    let position: Option<i64> = connection
        .prepare_cached("SELECT finished_to FROM consumers WHERE name = ?")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(position.map(|position| Position(position.unsigned_abs())))
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
