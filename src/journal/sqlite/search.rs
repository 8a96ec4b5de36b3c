//! Searching the log: what admits little looks at much, in many short transactions. A long one would hold up the
//! write-ahead log, which then grows.

use rusqlite::types::Value;
use rusqlite::{Connection, Result, params_from_iter};

use super::super::entry::{Logged, Position};
use super::super::selection::{Page, Selection};
use super::rows;

/// Positions that are looked at in one transaction; few in tests, so that they come to the edges.
const STRETCH: u64 = if cfg!(test) { 3 } else { 20_000 };

/// What is still to be looked at: positions from the first to the last one, from either end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    first: u64,
    last: u64,
    oldest_first: bool,
}

impl Search {
    /// Over a page, as far as there is anything.
    pub(super) fn over(page: &Page, connection: &Connection) -> Result<Self> {
        let edge = |which: &str| {
            let mut find = connection.prepare_cached(&format!("SELECT {which}(position) FROM deliveries"))?;
            find.query_row([], |row| row.get::<_, Option<i64>>(0)).map(|found| found.unwrap_or(0).unsigned_abs())
        };
        let (first, last) = (edge("min")?, edge("max")?);
        Ok(match page {
            Page::After(Position(after)) => {
                Self { first: first.max(after.saturating_add(1)), last, oldest_first: true }
            }
            Page::Before(None) => Self { first, last, oldest_first: false },
            Page::Before(Some(before)) => Self { first, last: last.min(before.before().0), oldest_first: false },
        })
    }

    pub(super) fn is_over(&self) -> bool {
        self.first > self.last || self.last == 0
    }

    /// Looks at one stretch.
    pub(super) fn step(&mut self, selection: &Selection, limit: usize, connection: &Connection) -> Result<Vec<Logged>> {
        let (mut first, mut last) = (self.first, self.last);
        if self.oldest_first {
            last = last.min(first.saturating_add(STRETCH - 1));
            self.first = last + 1;
        } else {
            first = first.max((last + 1).saturating_sub(STRETCH));
            self.last = first.saturating_sub(1);
        }
        let (sql, values) = query(first, last, self.oldest_first, selection, limit);
        connection.prepare_cached(&sql)?.query_map(params_from_iter(values), rows::logged)?.collect()
    }
}

fn query(first: u64, last: u64, oldest_first: bool, selection: &Selection, limit: usize) -> (String, Vec<Value>) {
    let integer = |number: u64| Value::Integer(number as i64);
    let mut conditions = vec!["position BETWEEN ? AND ?".to_owned()];
    let mut values = vec![integer(first), integer(last)];
    let mut add = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            conditions.push(condition.to_owned());
            values.push(value);
        }
    };
    add("render_id = ?", selection.render_id.clone().map(Value::Text));
    add("variation_id = ?", selection.variation_id.clone().map(Value::Text));
    add("received_at >= ?", selection.since.map(|time| Value::Integer(time.as_microsecond())));
    add("received_at < ?", selection.until.map(|time| Value::Integer(time.as_microsecond())));
    if !selection.event_types.is_empty() {
        let marks = vec!["?"; selection.event_types.len()].join(", ");
        conditions.push(format!("event_type IN ({marks})"));
        values.extend(selection.event_types.iter().cloned().map(Value::Text));
    }
    if selection.without_duplicates {
        conditions.push("NOT duplicate".to_owned());
    }
    let (clause, order) = (conditions.join(" AND "), if oldest_first { "ASC" } else { "DESC" });
    values.push(integer(limit as u64));
    (format!("SELECT {} FROM deliveries WHERE {clause} ORDER BY position {order} LIMIT ?", rows::DELIVERY), values)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::Timestamp;

    use crate::journal::{Access, Arrival, Engine, Entry, EventRecord, Journal, Keep, Page, Position, Selection};
    use crate::protocol::{Secret, SigningKey, Verifier};

    /// Ten events, every second one an error, received at the second of their number from 1.
    async fn journal(folder: &Path) -> Journal {
        let journal = Journal::open(&folder.join("j.db"), Access::Create).expect("opened");
        let entry = |second: i64| {
            let event_type = if second % 2 == 0 { "error" } else { "done" };
            let text = format!(r#"{{"event_type":"{event_type}","render_id":"r","variation_id":"v{second}"}}"#);
            let secret = Secret::new("s").expect("not empty");
            let signature = SigningKey::new(&secret).sign(text.as_bytes());
            let verified = Verifier::new(&[secret]).verify(text.as_bytes(), signature).expect("verified");
            let received_at = Timestamp::from_second(second).expect("in range");
            let arrival = Arrival { received_at, target: "/".into(), headers: Default::default(), reformatted: None };
            Entry::Delivery(Box::new(EventRecord::new(verified, String::new(), arrival)))
        };
        journal.append((1..=10).map(entry).collect()).await.expect("appended");
        journal
    }

    async fn read(journal: &Journal, page: Page, selection: &Selection, limit: usize) -> Vec<i64> {
        let found = journal.read(page, selection.clone(), limit).await.expect("read");
        found.iter().map(|logged| logged.record.received_at().as_second()).collect()
    }

    #[tokio::test]
    async fn finds_what_is_admitted_from_either_end_and_no_more_than_asked() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path()).await;
        let errors = Selection { event_types: vec!["error".into()], ..Selection::default() };
        let (all, nothing) = (Selection::default(), Selection { render_id: Some("x".into()), ..Selection::default() });
        for (page, selection, limit, expected) in [
            (Page::After(Position::START), &all, 100, (1..=10).collect()),
            (Page::After(Position(10)), &all, 100, vec![]),
            (Page::After(Position(u64::MAX)), &all, 100, vec![]),
            (Page::Before(None), &all, 4, vec![10, 9, 8, 7]),
            (Page::Before(Some(Position(3))), &all, 100, vec![2, 1]),
            (Page::Before(Some(Position(1))), &all, 100, vec![]),
            (Page::After(Position(2)), &errors, 2, vec![4, 6]),
            (Page::Before(None), &errors, 100, vec![10, 8, 6, 4, 2]),
            (Page::Before(Some(Position(10))), &errors, 3, vec![8, 6, 4]),
            (Page::After(Position::START), &nothing, 1, vec![]),
            (Page::Before(None), &nothing, 1, vec![]),
        ] {
            assert_eq!(read(&journal, page.clone(), selection, limit).await, expected, "{page:?} {limit}");
        }
    }

    #[tokio::test]
    async fn finds_nothing_in_an_empty_log_and_nothing_that_was_pruned() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path()).await;
        let second = |second| Some(Timestamp::from_second(second).expect("in range"));
        journal.prune(Keep { since: second(5), ..Keep::default() }).await.expect("pruned");
        let all = Selection::default();
        assert_eq!(read(&journal, Page::After(Position::START), &all, 100).await, (5..=10).collect::<Vec<_>>());
        assert_eq!(read(&journal, Page::Before(Some(Position(7))), &all, 100).await, [6, 5]);
        let behind = Some(Position(8));
        journal.prune(Keep { since: second(100), behind, ..Keep::default() }).await.expect("pruned");
        assert_eq!(read(&journal, Page::After(Position::START), &all, 100).await, [9, 10], "unfinished ones are kept");
        journal.prune(Keep { since: second(100), ..Keep::default() }).await.expect("pruned");
        for page in [Page::After(Position::START), Page::Before(None)] {
            assert!(read(&journal, page, &all, 100).await.is_empty());
        }
        assert_eq!(journal.end().await.expect("an end"), Position(10));
    }
}
