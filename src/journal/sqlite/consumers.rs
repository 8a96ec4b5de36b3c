//! Consumers in the file: who they are and where they stand.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::super::engine::{Begin, Standing, Start};
use super::super::entry::Position;
use super::writer::end;

/// Takes note of one that starts; where it stands.
pub(super) fn start(connection: &Connection, start: &Start) -> rusqlite::Result<Position> {
    let new = match start.begin {
        Begin::Now => end(connection)?,
        Begin::Start => Position::START,
    };
    connection
        .prepare_cached(
            "INSERT INTO consumers (name, finished_to, goal, started_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET goal = ?3, started_at = ?4 RETURNING finished_to",
        )?
        .query_row(params![start.name, new.0 as i64, start.goal, start.at.as_microsecond()], |row| position(row, 0))
}

/// Moves one: every delivery up to there is finished for it.
pub(super) fn finish(connection: &Connection, name: &str, up_to: Position) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE consumers SET finished_to = ? WHERE name = ?")?
        .execute(params![up_to.0 as i64, name])?;
    Ok(())
}

/// All of them, by name.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Standing>> {
    let mut list =
        connection.prepare_cached("SELECT name, finished_to, goal, started_at FROM consumers ORDER BY name")?;
    let standing = |row: &Row<'_>| {
        let started_at: Option<i64> = row.get(3)?;
        let started_at = started_at.and_then(|time| Timestamp::from_microsecond(time).ok());
        Ok(Standing { name: row.get(0)?, goal: row.get(2)?, started_at, finished_to: position(row, 1)? })
    };
    list.query_map([], standing)?.collect()
}

/// Forgets one. What it was to try again is behind what it has finished; now nobody tries it.
pub(super) fn forget(connection: &mut Connection, name: &str) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let finished_to: Option<i64> = transaction
        .query_row("DELETE FROM consumers WHERE name = ? RETURNING finished_to", [name], |row| row.get(0))
        .optional()?;
    if let Some(finished_to) = finished_to {
        transaction.execute(
            "UPDATE outcomes SET state = 2, next_attempt_at = NULL WHERE delivery > ? AND consumer = ? AND state = 1",
            params![finished_to, name],
        )?;
    }
    transaction.commit()?;
    Ok(finished_to.is_some())
}

fn position(row: &Row<'_>, column: usize) -> rusqlite::Result<Position> {
    Ok(Position(row.get::<_, i64>(column)?.unsigned_abs()))
}
