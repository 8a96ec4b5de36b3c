//! Dropping the oldest records, a little at a time, so that appends come in between.

use rusqlite::{Connection, TransactionBehavior};

use super::super::engine::{Keep, Pruned};
use super::runs;
use super::writer::Writer;

/// Deliveries that are dropped in one transaction.
const TOGETHER: i64 = 2_000;

/// Drops one portion; `None` when there is nothing more to drop.
pub(super) fn portion(writer: &mut Writer, keep: Keep) -> rusqlite::Result<Option<u64>> {
    let transaction = writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let last = match last_to_drop(&transaction, keep)? {
        Some(last) => last,
        None => return Ok(None),
    };
    let dropped = transaction.execute("DELETE FROM deliveries WHERE position <= ?", [last])?;
    transaction.execute("DELETE FROM outcomes WHERE delivery <= ?", [last])?;
    transaction.execute("UPDATE pruned SET up_to = ?", [last])?;
    runs::prune(&transaction, last)?;
    transaction.commit()?;
    writer.keys.doubt();
    Ok(Some(dropped as u64))
}

/// The last delivery of a portion, if there is one to drop.
fn last_to_drop(connection: &Connection, keep: Keep) -> rusqlite::Result<Option<i64>> {
    let last = last_of_portion(connection, keep)?;
    let last = last.map(|last| keep.behind.map_or(last, |behind| last.min(behind.0 as i64)));
    let first: Option<i64> = connection.query_row("SELECT min(position) FROM deliveries", [], |row| row.get(0))?;
    Ok(last.filter(|last| first.is_some_and(|first| first <= *last)))
}

/// Positions follow the order of arrival, so the oldest are the first.
fn last_of_portion(connection: &Connection, keep: Keep) -> rusqlite::Result<Option<i64>> {
    let oldest = "SELECT position, received_at FROM deliveries ORDER BY position LIMIT ?";
    let all: Option<i64> =
        connection.query_row(&format!("SELECT max(position) FROM ({oldest})"), [TOGETHER], |row| row.get(0))?;
    if keep.bytes.is_some_and(|bytes| used(connection).is_ok_and(|used| used > bytes)) {
        return Ok(all);
    }
    let Some(since) = keep.since else { return Ok(None) };
    let first_kept = format!("SELECT min(position) FROM ({oldest}) WHERE received_at >= ?");
    let kept: Option<i64> = connection.query_row(&first_kept, [TOGETHER, since.as_microsecond()], |row| row.get(0))?;
    Ok(match kept {
        Some(first) => Some(first - 1),
        None => all,
    })
}

/// Gives the room that was freed back to the file system.
pub(super) fn shrink(writer: &mut Writer, deliveries: u64) -> rusqlite::Result<Pruned> {
    // Each step frees one page.
    let mut vacuum = writer.connection.prepare("PRAGMA incremental_vacuum")?;
    let mut freed = vacuum.query([])?;
    while freed.next()?.is_some() {}
    drop(freed);
    drop(vacuum);
    writer.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(Pruned { deliveries, bytes: used(&writer.connection)? })
}

/// Bytes of the pages in use.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = number("page_count")? - number("freelist_count")?;
    Ok((pages * number("page_size")?).unsigned_abs())
}
