//! The engine on real files: what it numbers, what it refuses to touch, what it keeps, and how it shares a file.

mod appending;
mod keeping;
mod opening;
mod sharing;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::{
    Access, Appended, Arrival, Engine, Entry, EventRecord, Facts, Journal, Logged, Page, Position, Reason, Refused,
    Selection,
};
use crate::protocol::{Secret, SigningKey, Verifier};

/// A folder for a journal's file.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("events.db")
    }

    fn open(&self) -> Journal {
        open(&self.path()).expect("opened")
    }

    /// What a killed process would leave: the files as they are now, in a folder of their own.
    fn killed(&self) -> Self {
        let copy = Self::new();
        for end in ["", "-wal"] {
            let name = format!("events.db{end}");
            fs::copy(self.0.path().join(&name), copy.0.path().join(&name)).expect("copied");
        }
        copy
    }

    /// Keeps what is appended in the side file, as long as this connection lives.
    fn pinned(&self) -> Connection {
        let reader = Connection::open(self.path()).expect("opened");
        reader.execute_batch("BEGIN").expect("begun");
        reader.query_row("SELECT count(*) FROM deliveries", [], |_| Ok(())).expect("read");
        reader
    }

    fn wal(&self) -> PathBuf {
        self.0.path().join("events.db-wal")
    }
}

fn open(path: &Path) -> Result<Journal, Reason> {
    Journal::open(path, Access::Create).map_err(|error| error.reason)
}

/// A time in seconds since 1970.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("in range")
}

/// A verified delivery of this payload.
fn delivery_of(payload: &str, received_at: Timestamp) -> EventRecord {
    let secret = Secret::new("s").expect("not empty");
    let signature = SigningKey::new(&secret).sign(payload.as_bytes());
    let verified = Verifier::new(&[secret]).verify(payload.as_bytes(), signature).expect("verified");
    let headers = [("x-vsai-signature", signature.to_string())].into_iter().collect();
    let arrival = Arrival { received_at, target: "/?a=b".to_owned(), headers, reformatted: None };
    EventRecord::new(verified, "0badcafe".to_owned(), arrival)
}

/// A finished variation, padded to about this many bytes.
fn done(variation: &str, received_at: Timestamp, bytes: usize) -> EventRecord {
    let padding = "x".repeat(bytes);
    let payload = format!(
        r#"{{"event_type":"done","render_id":"r","variation_id":"{variation}","result":{{"url":"{padding}"}}}}"#
    );
    delivery_of(&payload, received_at)
}

fn delivery(record: EventRecord) -> Entry {
    Entry::Delivery(Box::new(record))
}

/// A refused delivery with a body of this size.
fn refusal(bytes: usize) -> Entry {
    let peer = SocketAddr::from(([127, 0, 0, 1], 4242));
    let facts = Facts { received_at: at(0), peer, target: "/".to_owned(), signatures: vec!["00".to_owned()] };
    let body = vec![b'x'; bytes];
    Entry::Refusal(Box::new(Refused::new(facts, "signature mismatch".to_owned(), 401, &body).with_evidence(&body)))
}

/// Appends one delivery.
async fn append(journal: &Journal, record: EventRecord) -> Result<Logged, Reason> {
    let appended = journal.append(vec![delivery(record)]).await.map_err(|error| error.reason)?.pop();
    match appended {
        Some(Appended::Delivery(logged)) => Ok(logged),
        other => panic!("{other:?}"),
    }
}

/// Everything that is kept, oldest first.
async fn all(journal: &Journal) -> Vec<Logged> {
    journal.read(Page::After(Position::START), Selection::default(), 1_000_000).await.expect("read")
}

/// The names of all deliveries that are kept, oldest first.
async fn names(journal: &Journal) -> Vec<String> {
    all(journal).await.iter().map(|logged| logged.record.delivery()).collect()
}
