//! Finds the deliveries of an event among millions, at a cost that hardly grows with them.
//!
//! Ids are random: an ordinary index over them touches another page for each delivery, and each of those pages has to be
//! synced. So keys are collected in memory and written sorted, 57,344 at a time, as a run; sixteen runs are merged into
//! one. A page of a run holds a fixed share of all hashes, so it is found without a search, and a filter in memory tells
//! which runs need not be looked at.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::super::entry::Position;
use super::filter::Filter;
use super::runs::{Extent, RUN, end_of, extents, merge, write_run};

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
    extent: Extent,
    filter: Filter,
}

/// The index over ids, as the one who writes knows it.
#[derive(Default)]
pub(super) struct Keys {
    runs: Vec<Run>,
    /// The last delivery that is in a run.
    in_runs_to: i64,
    /// Deliveries behind that one: their keys, and what is known of their events.
    waiting: Vec<(u64, u64)>,
    recent: HashMap<u128, Known, RandomState>,
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
            for position in run.extent.positions(connection, hash)? {
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
            write_run(&transaction, self.end, 0, [Ok(std::mem::take(&mut self.waiting))])?;
            merge(&transaction)?;
        }
        transaction.commit()
    }

    fn load_runs(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let found = extents(connection)?;
        self.runs.retain(|run| found.iter().any(|found| found.number == run.extent.number));
        for extent in &found {
            if self.runs.iter().all(|run| run.extent.number != extent.number) {
                let filter: Vec<u8> = connection
                    .prepare_cached("SELECT filter FROM key_runs WHERE number = ?")?
                    .query_row([extent.number], |row| row.get(0))?;
                self.runs.push(Run { extent: *extent, filter: Filter::from_bytes(&filter) });
            }
        }
        let in_runs_to = end_of(&found);
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
    let runs = extents(connection)?;
    let mut found = Vec::new();
    for run in &runs {
        found.extend(run.positions(connection, hash)?);
    }
    let mut recent = connection.prepare_cached("SELECT position FROM deliveries WHERE position > ? AND id = ?")?;
    for position in recent.query_map(params![end_of(&runs), id], |row| row.get(0))? {
        found.push(position?);
    }
    found.sort_unstable();
    Ok(found)
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

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::super::runs::{FAN, prune};
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
        let levels: Vec<u32> = keys.runs.iter().map(|run| run.extent.level).collect();
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
