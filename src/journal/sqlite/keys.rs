//! Finds the deliveries of an event among millions, at a cost that hardly grows with them.
//!
//! Ids are random: an ordinary index over them touches another page for each delivery, and each of those pages has to be
//! synced. So keys are collected in memory and written sorted, 57,344 at a time, as a run; sixteen runs are merged into
//! one. A page of a run holds a fixed share of all hashes, so it is found without a search, and a filter in memory tells
//! which runs need not be looked at.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::super::entry::Position;
use super::filter::Filter;

/// Deliveries of one run: as many as a hash table of 65,536 places takes.
const RUN: usize = 57_344;
/// Pages of one run: about 180 keys of 16 bytes each, so that a page of the run fits a page of the file.
const PAGES: u64 = 318;
/// Runs that are merged into one.
const FAN: usize = 16;
/// Bytes of one key: its hash and its delivery's position.
const KEY: usize = 16;

/// What is known of the deliveries of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// Deliveries so far.
    pub(super) number: u32,
    /// When the last one came that was no duplicate; microseconds since 1970.
    pub(super) new_at: i64,
}

/// A run of sorted keys.
struct Run {
    number: i64,
    level: u32,
    first_page: i64,
    filter: Filter,
}

impl Run {
    fn pages(level: u32) -> u64 {
        PAGES * (FAN as u64).pow(level)
    }
}

/// The index over ids, as the one who writes knows it.
#[derive(Default)]
pub(super) struct Keys {
    runs: Vec<Run>,
    /// The last delivery that is in a run.
    in_runs_to: i64,
    /// Deliveries behind that one: their keys, and what is known of their events.
    waiting: Vec<(u64, u64)>,
    recent: HashMap<u128, Known>,
    /// The last delivery that is known here.
    end: i64,
    /// SQLite's count of changes by others, at the last look; none when memory may be wrong.
    seen: Option<i64>,
}

impl Keys {
    /// Takes in what others have written. To be called at the begin of each transaction.
    pub(super) fn refresh(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.seen == Some(version) {
            return Ok(());
        }
        if self.seen.is_none() {
            self.forget_recent();
        }
        self.load_runs(connection)?;
        self.load_recent(connection)?;
        self.seen = Some(version);
        Ok(())
    }

    /// Forgets what is in memory, since a transaction was rolled back.
    pub(super) fn doubt(&mut self) {
        self.seen = None;
    }

    /// The last position that was given out.
    pub(super) fn end(&self) -> Position {
        Position(self.end.unsigned_abs())
    }

    /// What is known of an event's earlier deliveries.
    pub(super) fn known(&self, connection: &Connection, id: &str) -> rusqlite::Result<Option<Known>> {
        if let Some(known) = self.recent.get(&number_of(id)) {
            return Ok(Some(*known));
        }
        let hash = hash_of(id);
        let mut found = None;
        for run in self.runs.iter().filter(|run| run.filter.may_hold(hash)) {
            for position in positions_in(connection, run.first_page, run.level, hash)? {
                found = combined(found, delivery_at(connection, position, id)?);
            }
        }
        Ok(found)
    }

    /// Notes a delivery that was just written.
    pub(super) fn note(&mut self, position: Position, id: &str, known: Known) {
        self.end = position.0 as i64;
        self.waiting.push((hash_of(id), position.0));
        self.recent.insert(number_of(id), known);
    }

    /// Whether there is enough for a run.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= RUN
    }

    /// Writes what waits as a run, and merges runs when there are enough. Nothing is lost when this fails.
    pub(super) fn settle(&mut self, connection: &mut Connection) -> rusqlite::Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.refresh(&transaction)?;
        if self.is_full() {
            self.seen = None;
            self.waiting.sort_unstable();
            write_run(&transaction, self.end, 0, [std::mem::take(&mut self.waiting)])?;
            merge(&transaction)?;
        }
        transaction.commit()
    }

    fn load_runs(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut list =
            connection.prepare_cached("SELECT number, level, first_page, last FROM key_runs ORDER BY number")?;
        let found: Vec<(i64, u32, i64, i64)> = list
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        self.runs.retain(|run| found.iter().any(|found| found.0 == run.number));
        for (number, level, first_page, _) in &found {
            if self.runs.iter().all(|run| run.number != *number) {
                let filter: Vec<u8> = connection
                    .prepare_cached("SELECT filter FROM key_runs WHERE number = ?")?
                    .query_row([number], |row| row.get(0))?;
                let filter = Filter::from_bytes(&filter);
                self.runs.push(Run { number: *number, level: *level, first_page: *first_page, filter });
            }
        }
        let in_runs_to = found.iter().map(|run| run.3).max().unwrap_or(0);
        if in_runs_to > self.in_runs_to {
            self.in_runs_to = in_runs_to;
            self.forget_recent();
        }
        Ok(())
    }

    fn forget_recent(&mut self) {
        self.waiting.clear();
        self.recent.clear();
        self.end = 0;
    }

    fn load_recent(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut read = connection.prepare_cached(
            "SELECT position, id, number, duplicate, received_at FROM deliveries WHERE position > ? ORDER BY position",
        )?;
        let mut rows = read.query([self.end.max(self.in_runs_to)])?;
        while let Some(row) = rows.next()? {
            let (position, id): (i64, String) = (row.get(0)?, row.get(1)?);
            let earlier = self.known(connection, &id)?;
            let known = combined(earlier, Some(known_of(row.get(2)?, row.get(3)?, row.get(4)?)));
            self.note(Position(position.unsigned_abs()), &id, known.expect("it was just combined with one"));
        }
        let pruned: i64 = connection.prepare_cached("SELECT up_to FROM pruned")?.query_row([], |row| row.get(0))?;
        self.end = self.end.max(self.in_runs_to).max(pruned);
        Ok(())
    }
}

/// Positions of all deliveries of an event, for who has no filters in memory.
pub(super) fn positions(connection: &Connection, id: &str) -> rusqlite::Result<Vec<i64>> {
    let hash = hash_of(id);
    let mut list = connection.prepare_cached("SELECT first_page, level, last FROM key_runs")?;
    let runs: Vec<(i64, u32, i64)> =
        list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut found = Vec::new();
    for (first_page, level, _) in &runs {
        found.extend(positions_in(connection, *first_page, *level, hash)?);
    }
    let in_runs_to = runs.iter().map(|run| run.2).max().unwrap_or(0);
    let mut recent = connection.prepare_cached("SELECT position FROM deliveries WHERE position > ? AND id = ?")?;
    for position in recent.query_map(params![in_runs_to, id], |row| row.get(0))? {
        found.push(position?);
    }
    found.sort_unstable();
    Ok(found)
}

/// Drops the runs of which every delivery was pruned.
pub(super) fn prune(connection: &Connection, up_to: i64) -> rusqlite::Result<()> {
    let mut list = connection.prepare("SELECT number, first_page, level FROM key_runs WHERE last <= ?")?;
    let runs: Vec<(i64, i64, u32)> =
        list.query_map([up_to], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    runs.into_iter().try_for_each(|(number, first_page, level)| drop_run(connection, number, first_page, level))
}

/// An id's twenty characters of base32 as a number.
fn number_of(id: &str) -> u128 {
    id.bytes().skip("evt_".len()).fold(0, |number, digit| {
        let five_bits = if digit.is_ascii_digit() { digit.wrapping_sub(b'2') + 26 } else { digit.wrapping_sub(b'a') };
        number << 5 | u128::from(five_bits & 31)
    })
}

/// The upper 64 of an id's 100 bits. Ids are digests, so they are spread evenly.
fn hash_of(id: &str) -> u64 {
    (number_of(id) >> 36) as u64
}

fn page_of(hash: u64, level: u32) -> i64 {
    ((u128::from(hash) * u128::from(Run::pages(level))) >> 64) as i64
}

fn positions_in(connection: &Connection, first_page: i64, level: u32, hash: u64) -> rusqlite::Result<Vec<i64>> {
    let keys = read_page(connection, first_page + page_of(hash, level))?;
    Ok(keys.into_iter().filter(|key| key.0 == hash).map(|key| key.1 as i64).collect())
}

fn read_page(connection: &Connection, page: i64) -> rusqlite::Result<Vec<(u64, u64)>> {
    let mut read = connection.prepare_cached("SELECT keys FROM key_pages WHERE number = ?")?;
    let bytes: Option<Vec<u8>> = read.query_row([page], |row| row.get(0)).optional()?;
    let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().expect("eight bytes"));
    Ok(bytes.unwrap_or_default().chunks_exact(KEY).map(|key| (number(&key[..8]), number(&key[8..]))).collect())
}

/// What one delivery says of its event, if it is of this event and still kept.
fn delivery_at(connection: &Connection, position: i64, id: &str) -> rusqlite::Result<Option<Known>> {
    connection
        .prepare_cached("SELECT number, duplicate, received_at FROM deliveries WHERE position = ? AND id = ?")?
        .query_row(params![position, id], |row| Ok(known_of(row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
}

fn known_of(number: u32, duplicate: bool, received_at: i64) -> Known {
    Known { number, new_at: if duplicate { i64::MIN } else { received_at } }
}

fn combined(one: Option<Known>, other: Option<Known>) -> Option<Known> {
    match (one, other) {
        (Some(one), Some(other)) => {
            Some(Known { number: one.number.max(other.number), new_at: one.new_at.max(other.new_at) })
        }
        (one, other) => one.or(other),
    }
}

/// Writes a run of which `keys` are pieces, each sorted and behind the one before.
fn write_run(
    transaction: &Transaction<'_>,
    last: i64,
    level: u32,
    keys: impl IntoIterator<Item = Vec<(u64, u64)>>,
) -> rusqlite::Result<()> {
    let first_page: i64 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM key_pages", [], |row| row.get(0))?;
    let mut filter = Filter::for_keys(RUN * FAN.pow(level));
    let mut insert = transaction.prepare_cached("INSERT INTO key_pages VALUES (?, ?)")?;
    // An empty last page keeps the numbers of the next run apart from this one's.
    let last_page = Run::pages(level) as i64 - 1;
    for piece in keys {
        for page in piece.chunk_by(|one, other| page_of(one.0, level) == page_of(other.0, level)) {
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
fn merge(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut list =
        transaction.prepare("SELECT number, first_page, last FROM key_runs WHERE level = 0 ORDER BY number")?;
    let runs: Vec<(i64, i64, i64)> =
        list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    if runs.len() < FAN {
        return Ok(());
    }
    let last = runs.iter().map(|run| run.2).max().unwrap_or(0);
    let mut failed = Ok(());
    let pieces = (0..PAGES as i64).map_while(|page| {
        let mut keys = Vec::new();
        for (_, first_page, _) in &runs {
            match read_page(transaction, first_page + page) {
                Ok(more) => keys.extend(more),
                Err(error) => {
                    failed = Err(error);
                    return None;
                }
            }
        }
        keys.sort_unstable();
        Some(keys)
    });
    write_run(transaction, last, 1, pieces)?;
    failed?;
    runs.into_iter().try_for_each(|(number, first_page, _)| drop_run(transaction, number, first_page, 0))
}

fn drop_run(connection: &Connection, number: i64, first_page: i64, level: u32) -> rusqlite::Result<()> {
    let last_page = first_page + Run::pages(level) as i64 - 1;
    connection.execute("DELETE FROM key_pages WHERE number BETWEEN ? AND ?", [first_page, last_page])?;
    connection.execute("DELETE FROM key_runs WHERE number = ?", [number])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::super::schema;
    use super::*;

    fn id(number: u64) -> String {
        let digest = data_encoding::BASE32_NOPAD.encode(&Sha256::digest(number.to_be_bytes())).to_ascii_lowercase();
        format!("evt_{}", &digest[..20])
    }

    /// What the writer does, without the payloads.
    fn append(connection: &mut Connection, keys: &mut Keys, numbers: std::ops::Range<u64>) {
        let transaction = connection.transaction().expect("begun");
        keys.refresh(&transaction).expect("read");
        for number in numbers {
            let (id, position) = (id(number), Position(keys.end().0 + 1));
            let known = keys.known(&transaction, &id).expect("looked up");
            let known = Known { number: known.map_or(1, |known| known.number + 1), new_at: 7 };
            let sql = "INSERT INTO deliveries VALUES (?, ?, ?, ?, 7, NULL, NULL, NULL, 0, '', '', '', NULL, NULL, '')";
            let mut insert = transaction.prepare_cached(sql).expect("prepared");
            insert.execute(params![position.0 as i64, id, known.number, known.number > 1]).expect("inserted");
            keys.note(position, &id, known);
        }
        transaction.commit().expect("committed");
        if keys.is_full() {
            keys.settle(connection).expect("written");
        }
    }

    #[test]
    fn finds_every_delivery_in_memory_in_runs_and_in_merged_runs() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut connection = Connection::open(file.path()).expect("opened");
        connection.pragma_update(None, "journal_mode", "WAL").expect("set");
        connection.pragma_update(None, "synchronous", "OFF").expect("set");
        schema::SCHEMA.migrate(&mut connection).expect("made");
        let mut keys = Keys::default();
        let total = (RUN * (FAN + 1)) as u64 + 100;
        for start in (0..total).step_by(RUN / 2) {
            append(&mut connection, &mut keys, start..(start + RUN as u64 / 2).min(total));
        }
        let levels: Vec<u32> = keys.runs.iter().map(|run| run.level).collect();
        assert_eq!(levels, [1, 0], "sixteen runs were merged");
        // Once more: from the merged run, the other run, and memory.
        let again = [0, 1, RUN as u64 * 16 + 5, total - 1];
        for number in again {
            append(&mut connection, &mut keys, number..number + 1);
        }
        let mut other = Keys::default();
        other.refresh(&connection).expect("read");
        for number in (0..total).step_by(997).chain(again) {
            let deliveries = positions(&connection, &id(number)).expect("found");
            let expected = if again.contains(&number) { 2 } else { 1 };
            assert_eq!(deliveries.len(), expected, "{number}");
            assert_eq!(deliveries[0], number as i64 + 1, "{number}");
            let known = Some(Known { number: expected as u32, new_at: 7 });
            assert_eq!(
                keys.known(&connection, &id(number)).expect("looked up").map(|known| known.number),
                Some(expected as u32)
            );
            assert_eq!(other.known(&connection, &id(number)).expect("looked up"), known, "{number}");
        }
        assert_eq!(keys.known(&connection, &id(total + 1)).expect("looked up"), None);
        prune(&connection, RUN as i64 * 16).expect("pruned");
        assert_eq!(positions(&connection, &id(3)).expect("looked up"), [0; 0]);
    }

    #[test]
    fn notices_what_others_have_written() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut one = Connection::open(file.path()).expect("opened");
        one.pragma_update(None, "journal_mode", "WAL").expect("set");
        schema::SCHEMA.migrate(&mut one).expect("made");
        let mut other = Connection::open(file.path()).expect("opened");
        let (mut keys, mut other_keys) = (Keys::default(), Keys::default());
        append(&mut one, &mut keys, 0..10);
        append(&mut other, &mut other_keys, 5..15);
        append(&mut one, &mut keys, 14..15);
        assert_eq!(keys.end(), Position(21));
        assert_eq!(keys.known(&one, &id(14)).expect("looked up").map(|known| known.number), Some(2));
        assert_eq!(keys.known(&one, &id(12)).expect("looked up").map(|known| known.number), Some(1));
    }
}
