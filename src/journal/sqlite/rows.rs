//! Rows of the tables from and to the types of the log.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{CachedStatement, Connection, Error, Result, Row, params};

use super::super::entry::{Logged, Outcome, Position, Verdict};
use super::super::record::{Arrival, EventRecord, Kept, Reformatted};
use super::super::refused::{Facts, Refused};
use crate::protocol::Matched;

/// The columns that [`logged`] reads.
pub(super) const DELIVERY: &str = "position, id, number, duplicate, received_at, matched, secret, target, headers, \
    reformatted_length, reformatted_sha256, payload";

/// The columns that [`outcome`] reads.
pub(super) const OUTCOME: &str =
    "delivery, consumer, attempt, at, target, status, error, duration_ms, answer, state, next_attempt_at";

const INSERT_DELIVERY: &str = "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_OUTCOME: &str = "INSERT INTO outcomes (delivery, consumer, attempt, at, target, status, error, \
    duration_ms, answer, state, next_attempt_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_REFUSAL: &str = "INSERT INTO refusals (received_at, peer, reason, answered, size, target, signatures, \
    body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

pub(super) fn insert_delivery(
    connection: &Connection,
    position: i64,
    number: u32,
    duplicate: bool,
    record: &EventRecord,
) -> Result<()> {
    let mut insert: CachedStatement<'_> = connection.prepare_cached(INSERT_DELIVERY)?;
    let reformatted = record.reformatted();
    insert.execute(params![
        position,
        record.id(),
        number,
        duplicate,
        record.received_at().as_microsecond(),
        record.event_type(),
        record.render_id(),
        record.variation_id(),
        matched_number(record.matched()),
        record.secret(),
        record.target(),
        record.headers().to_json(),
        reformatted.map(|body| body.length as i64),
        reformatted.map(|body| body.sha256.as_str()),
        record.payload(),
    ])?;
    Ok(())
}

pub(super) fn logged(row: &Row<'_>) -> Result<Logged> {
    let reformatted = match (row.get::<_, Option<i64>>(9)?, row.get(10)?) {
        (Some(length), Some(sha256)) => Some(Reformatted { length: length.unsigned_abs() as usize, sha256 }),
        _ => None,
    };
    let arrival = Arrival { received_at: time(row, 4)?, target: row.get(7)?, headers: from_json(row, 8)?, reformatted };
    let kept = Kept {
        id: row.get(1)?,
        number: row.get(2)?,
        duplicate: row.get(3)?,
        matched: matched(row, 5)?,
        secret: row.get(6)?,
        arrival,
        payload: row.get(11)?,
    };
    Ok(Logged { position: position(row, 0)?, record: Box::new(EventRecord::kept(kept)) })
}

pub(super) fn insert_outcome(connection: &Connection, outcome: &Outcome) -> Result<()> {
    let (state, next_attempt_at) = match outcome.verdict {
        Verdict::Delivered => (0, None),
        Verdict::Waiting { next_attempt_at } => (1, Some(next_attempt_at.as_microsecond())),
        Verdict::Failed => (2, None),
    };
    connection.prepare_cached(INSERT_OUTCOME)?.execute(params![
        outcome.of.0 as i64,
        outcome.consumer,
        outcome.attempt,
        outcome.at.as_microsecond(),
        outcome.target,
        outcome.status,
        outcome.error,
        outcome.duration_ms as i64,
        outcome.answer,
        state,
        next_attempt_at,
    ])?;
    Ok(())
}

pub(super) fn outcome(row: &Row<'_>) -> Result<Outcome> {
    let verdict = match row.get::<_, i64>(9)? {
        0 => Verdict::Delivered,
        1 => Verdict::Waiting { next_attempt_at: time(row, 10)? },
        _ => Verdict::Failed,
    };
    Ok(Outcome {
        of: position(row, 0)?,
        consumer: row.get(1)?,
        attempt: row.get(2)?,
        at: time(row, 3)?,
        target: row.get(4)?,
        status: row.get(5)?,
        error: row.get(6)?,
        duration_ms: row.get::<_, i64>(7)?.unsigned_abs(),
        answer: row.get(8)?,
        verdict,
        finished_to: None,
    })
}

pub(super) fn insert_refusal(connection: &Connection, refused: &Refused) -> Result<i64> {
    connection.prepare_cached(INSERT_REFUSAL)?.execute(params![
        refused.received_at().as_microsecond(),
        refused.peer().to_string(),
        refused.reason(),
        refused.answered(),
        refused.size() as i64,
        refused.target(),
        json(refused.signatures()),
        refused.evidence().unwrap_or_default(),
    ])?;
    Ok(connection.last_insert_rowid())
}

/// Reads `number, received_at, peer, reason, answered, size, target, signatures, body`.
pub(super) fn refusal(row: &Row<'_>) -> Result<Refused> {
    let facts = Facts {
        received_at: time(row, 1)?,
        peer: row.get_ref(2)?.as_str()?.parse().map_err(|error| unreadable(2, Type::Text, error))?,
        target: row.get(6)?,
        signatures: from_json(row, 7)?,
    };
    let size = row.get::<_, i64>(5)?.unsigned_abs() as usize;
    let refused = Refused::kept(facts, row.get(3)?, row.get(4)?, size, row.get(8)?);
    Ok(refused.named(row.get::<_, i64>(0)?.unsigned_abs()))
}

fn position(row: &Row<'_>, column: usize) -> Result<Position> {
    Ok(Position(row.get::<_, i64>(column)?.unsigned_abs()))
}

fn time(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|error| unreadable(column, Type::Integer, error))
}

fn matched(row: &Row<'_>, column: usize) -> Result<Matched> {
    Ok(match row.get::<_, i64>(column)? {
        0 => Matched::Both,
        1 => Matched::Raw,
        _ => Matched::Canonical,
    })
}

fn matched_number(matched: Matched) -> i64 {
    match matched {
        Matched::Both => 0,
        Matched::Raw => 1,
        Matched::Canonical => 2,
    }
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("texts in lists serialise")
}

fn from_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(column, Type::Text, error))
}

fn unreadable(column: usize, of: Type, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, of, Box::new(error))
}
