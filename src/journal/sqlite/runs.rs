//! Runs of sorted keys in the file: where each is, how one is written, how several become one.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::filter::Filter;

/// Deliveries of one run: as many as a hash table of 65,536 places takes.
pub(super) const RUN: usize = 57_344;
/// Pages of one run: about 180 keys of 16 bytes each, so that a page of the run fits a page of the file.
const PAGES: u64 = 318;
/// Runs that are merged into one.
pub(super) const FAN: usize = 16;
/// Bytes of one key: its hash and its delivery's position.
const KEY: usize = 16;

/// Where a run is, and how far in the log it goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) number: i64,
    pub(super) level: u32,
    pub(super) first_page: i64,
    /// The last delivery that may be in it.
    pub(super) last: i64,
}

impl Extent {
    fn pages(level: u32) -> u64 {
        PAGES * (FAN as u64).pow(level)
    }

    /// Positions of the deliveries in it whose ids have this hash.
    pub(super) fn positions(&self, connection: &Connection, hash: u64) -> rusqlite::Result<Vec<i64>> {
        let keys = read_page(connection, self.first_page + page_of(hash, self.level))?;
        Ok(keys.into_iter().filter(|key| key.0 == hash).map(|key| key.1 as i64).collect())
    }

    fn drop_from(&self, connection: &Connection) -> rusqlite::Result<()> {
        let last_page = self.first_page + Self::pages(self.level) as i64 - 1;
        connection.execute("DELETE FROM key_pages WHERE number BETWEEN ? AND ?", [self.first_page, last_page])?;
        connection.execute("DELETE FROM key_runs WHERE number = ?", [self.number])?;
        Ok(())
    }
}

/// All runs, the oldest first.
pub(super) fn extents(connection: &Connection) -> rusqlite::Result<Vec<Extent>> {
    let mut list = connection.prepare_cached("SELECT number, level, first_page, last FROM key_runs ORDER BY number")?;
    let extent = |row: &Row<'_>| {
        Ok(Extent { number: row.get(0)?, level: row.get(1)?, first_page: row.get(2)?, last: row.get(3)? })
    };
    list.query_map([], extent)?.collect()
}

/// The last delivery that is in one of these runs.
pub(super) fn end_of(runs: &[Extent]) -> i64 {
    runs.iter().map(|run| run.last).max().unwrap_or(0)
}

/// Drops the runs of which every delivery was pruned.
pub(super) fn prune(connection: &Connection, up_to: i64) -> rusqlite::Result<()> {
    let mut runs = extents(connection)?.into_iter().filter(|run| run.last <= up_to);
    runs.try_for_each(|run| run.drop_from(connection))
}

/// Writes a run of which `keys` are pieces, each sorted and behind the one before.
pub(super) fn write_run(
    transaction: &Transaction<'_>,
    last: i64,
    level: u32,
    keys: impl IntoIterator<Item = rusqlite::Result<Vec<(u64, u64)>>>,
) -> rusqlite::Result<()> {
    let first_page: i64 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM key_pages", [], |row| row.get(0))?;
    let mut filter = Filter::for_keys(RUN * FAN.pow(level));
    let mut insert = transaction.prepare_cached("INSERT INTO key_pages VALUES (?, ?)")?;
    // An empty last page keeps the numbers of the next run apart from this one's.
    let last_page = Extent::pages(level) as i64 - 1;
    for piece in keys {
        for page in piece?.chunk_by(|one, other| page_of(one.0, level) == page_of(other.0, level)) {
            page.iter().for_each(|key| filter.add(key.0));
            let bytes: Vec<u8> =
                page.iter().flat_map(|key| [key.0.to_be_bytes(), key.1.to_be_bytes()]).flatten().collect();
            insert.execute(params![first_page + page_of(page[0].0, level), bytes])?;
        }
    }
    transaction.execute("INSERT OR IGNORE INTO key_pages VALUES (?, x'')", [first_page + last_page])?;
    transaction.execute(
        "INSERT INTO key_runs (level, first_page, last, filter) VALUES (?, ?, ?, ?)",
        params![level, first_page, last, filter.to_bytes()],
    )?;
    Ok(())
}

/// Makes one run of the runs of level 0 when there are enough. A page of theirs becomes [`FAN`] pages, so a few pages
/// at a time are all that has to be in memory.
pub(super) fn merge(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut runs = extents(transaction)?;
    runs.retain(|run| run.level == 0);
    if runs.len() < FAN {
        return Ok(());
    }
    let pieces = (0..PAGES as i64).map(|page| {
        let mut keys = Vec::new();
        for run in &runs {
            keys.extend(read_page(transaction, run.first_page + page)?);
        }
        keys.sort_unstable();
        Ok(keys)
    });
    write_run(transaction, end_of(&runs), 1, pieces)?;
    runs.iter().try_for_each(|run| run.drop_from(transaction))
}

fn page_of(hash: u64, level: u32) -> i64 {
    ((u128::from(hash) * u128::from(Extent::pages(level))) >> 64) as i64
}

fn read_page(connection: &Connection, page: i64) -> rusqlite::Result<Vec<(u64, u64)>> {
    let mut read = connection.prepare_cached("SELECT keys FROM key_pages WHERE number = ?")?;
    let bytes: Option<Vec<u8>> = read.query_row([page], |row| row.get(0)).optional()?;
    let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().expect("eight bytes"));
    Ok(bytes.unwrap_or_default().chunks_exact(KEY).map(|key| (number(&key[..8]), number(&key[8..]))).collect())
}
