//! The ledger's file and all that is done with it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Params, params};
use tokio::sync::oneshot;

use super::job::COLUMNS;
use super::turn::Turns;
use super::writer::{Answer, Change, Writer, apart};
use super::{Anchor, Job, LedgerError, Owner, Purchase, State, Turn};
use crate::database::{self, Reason, Schema, reason_of};

const SCHEMA: Schema = Schema {
    application_id: u32::from_be_bytes(*b"vsal"),
    steps: &["
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key BLOB NOT NULL,
        copy INTEGER NOT NULL, -- bought again on purpose
        twin BLOB NOT NULL,
        photo BLOB NOT NULL,
        origin TEXT NOT NULL,
        account TEXT NOT NULL,
        source TEXT NOT NULL,
        settings TEXT NOT NULL, -- JSON
        count INTEGER NOT NULL,
        state INTEGER NOT NULL,
        created_at INTEGER NOT NULL, -- milliseconds since 1970
        anchor TEXT,
        anchor_created_at INTEGER,
        sent_at INTEGER,
        render_id TEXT,
        adopted INTEGER NOT NULL DEFAULT 0,
        said TEXT,
        UNIQUE (key, copy)
    ) STRICT;
    -- A render belongs to one job.
    CREATE UNIQUE INDEX jobs_by_render ON jobs (origin, account, render_id) WHERE render_id IS NOT NULL;
    CREATE INDEX jobs_by_twin ON jobs (twin);
    CREATE INDEX jobs_by_photo ON jobs (photo);
    CREATE INDEX unclear_jobs ON jobs (state) WHERE state IN (1, 4);
"],
};

/// The ledger. Clones share the file.
#[derive(Clone)]
pub(crate) struct Ledger {
    path: PathBuf,
    changes: mpsc::Sender<Change>,
    turns: Arc<Turns>,
}

/// Whether something that was bought already is bought once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// What was bought is what is wanted.
    No,
    /// Once more, on purpose. One that has not come to an end is gone on with all the same.
    Yes,
}

/// What came of claiming a render for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It belongs to the job now.
    Made,
    /// It belongs to this other job.
    Taken(String),
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ledger").field(&self.path).finish()
    }
}

impl Ledger {
    /// Opens the file, which is made if there is none, and starts its writer.
    pub(crate) fn open(path: &Path) -> Result<Self, LedgerError> {
        let failed = |reason| LedgerError::new(path, reason);
        let connection = database::open(path, &SCHEMA, true).map_err(failed)?;
        // Or else SQLite would read each statement anew for each value that may fit a partial index: a third of all work here.
        let stable = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
        stable.map_err(|error| failed(reason_of(error)))?;
        let (changes, waiting) = mpsc::channel();
        let writer = Writer { path: path.to_owned(), connection };
        let thread = std::thread::Builder::new().name("ledger".to_owned());
        let started = thread.spawn(move || writer.run(&waiting));
        started.map_err(|error| failed(Reason::Other(error.to_string())))?;
        Ok(Self { path: path.to_owned(), changes, turns: Arc::default() })
    }

    /// The job of each purchase: the one that there is, or a new one.
    pub(crate) async fn plan(
        &self,
        purchases: Vec<Purchase>,
        again: Again,
        now: Timestamp,
    ) -> Result<Vec<Job>, LedgerError> {
        self.change(move |connection| purchases.iter().map(|purchase| plan(connection, purchase, again, now)).collect())
            .await
    }

    /// The jobs that there are for these purchases, in their order; nothing is planned.
    pub(crate) async fn known(&self, purchases: Vec<Purchase>) -> Result<Vec<Option<Job>>, LedgerError> {
        self.change(move |connection| {
            purchases.iter().map(|purchase| Ok(latest(connection, purchase)?.map(|(_, job)| job))).collect()
        })
        .await
    }

    pub(crate) async fn job(&self, id: &str) -> Result<Option<Job>, LedgerError> {
        let id = id.to_owned();
        self.change(move |connection| Ok(select(connection, "id = ?", [id])?.pop())).await
    }

    /// The job that a render belongs to.
    pub(crate) async fn job_of(&self, owner: &Owner, render_id: &str) -> Result<Option<Job>, LedgerError> {
        let (owner, render_id) = (owner.clone(), render_id.to_owned());
        self.change(move |connection| {
            let found = select(
                connection,
                "origin = ? AND account = ? AND render_id = ?",
                params![owner.origin, owner.account, render_id],
            );
            Ok(found?.pop())
        })
        .await
    }

    /// The job of a render of this API, of whichever account.
    pub(crate) async fn job_at(&self, origin: &str, render_id: &str) -> Result<Option<Job>, LedgerError> {
        let values = (origin.to_owned(), render_id.to_owned());
        self.change(move |connection| Ok(select(connection, "origin = ? AND render_id = ?", values)?.pop())).await
    }

    /// Renders that were paid for with the same photo, other settings or another count; for each purchase its own.
    pub(crate) async fn paid_with_photos(&self, purchases: &[&Purchase]) -> Result<Vec<Vec<Job>>, LedgerError> {
        let keys: Vec<_> = purchases.iter().map(|purchase| (purchase.photo_key(), purchase.key())).collect();
        self.change(move |connection| {
            let paid = "photo = ? AND key <> ? AND render_id IS NOT NULL ORDER BY number DESC";
            keys.iter().map(|(photo, key)| select(connection, paid, params![photo, key])).collect()
        })
        .await
    }

    /// Jobs that may have been paid for without anybody knowing.
    pub(crate) async fn unclear(&self) -> Result<Vec<Job>, LedgerError> {
        self.change(|connection| select(connection, "state IN (1, 4) ORDER BY number", [])).await
    }

    /// Jobs that cannot be told apart from this one and may have been paid for without anybody knowing, oldest first.
    pub(crate) async fn unclear_twins(&self, job: &Job) -> Result<Vec<Job>, LedgerError> {
        let (twin, id) = (job.twin, job.id.clone());
        self.change(move |connection| {
            select(connection, "twin = ? AND id <> ? AND state IN (1, 4) ORDER BY sent_at", params![twin, id])
        })
        .await
    }

    /// Waits until no other process or task sends a request that cannot be told apart from this job's.
    pub(crate) async fn turn(&self, job: &Job) -> Result<Turn, LedgerError> {
        self.turns.take(&self.path, job.twin).await
    }

    /// Notes that the request goes out now. False where the job is no longer one that may be sent.
    pub(crate) async fn sending(&self, id: &str, anchor: Option<Anchor>, now: Timestamp) -> Result<bool, LedgerError> {
        let id = id.to_owned();
        let (anchor, anchor_created_at) =
            anchor.map_or((None, None), |anchor| (Some(anchor.render_id), anchor.created_at));
        self.update(
            "UPDATE jobs SET state = 1, anchor = ?, anchor_created_at = ?, sent_at = ?, said = NULL WHERE id = ? AND state IN (0, 3)",
            (anchor, anchor_created_at, now.as_millisecond(), id),
        )
        .await
    }

    /// The same, unless it is unclear what became of a job that cannot be told apart. False is no verdict: look closer.
    pub(crate) async fn sending_alone(&self, id: &str, anchor: Anchor, now: Timestamp) -> Result<bool, LedgerError> {
        self.update(
            "UPDATE jobs SET state = 1, anchor = ?, anchor_created_at = ?, sent_at = ?, said = NULL
             WHERE id = ? AND state IN (0, 3) AND NOT EXISTS (
                SELECT 1 FROM jobs AS other
                WHERE other.twin = jobs.twin AND other.id <> jobs.id AND other.state IN (1, 4))",
            (anchor.render_id, anchor.created_at, now.as_millisecond(), id.to_owned()),
        )
        .await
    }

    /// The job's render is this one, by the API's answer or because it was found.
    pub(crate) async fn accepted(&self, id: &str, render_id: &str, adopted: bool) -> Result<Claim, LedgerError> {
        let (id, render_id) = (id.to_owned(), render_id.to_owned());
        self.change(move |connection| {
            let other: Option<String> = connection
                .prepare_cached(
                    "SELECT other.id FROM jobs AS other, jobs AS own WHERE own.id = ?1 AND other.id <> ?1
                     AND other.origin = own.origin AND other.account = own.account AND other.render_id = ?2",
                )?
                .query_row(params![id, render_id], |row| row.get(0))
                .optional()?;
            if let Some(other) = other {
                return Ok(Claim::Taken(other));
            }
            connection
                .prepare_cached("UPDATE jobs SET state = 2, render_id = ?, adopted = ?, said = NULL WHERE id = ?")?
                .execute(params![render_id, adopted, id])?;
            Ok(Claim::Made)
        })
        .await
    }

    /// Nothing was paid, and why; the job may be sent again.
    pub(crate) async fn rejected(&self, id: &str, said: &str) -> Result<(), LedgerError> {
        self.update(
            "UPDATE jobs SET state = 3, render_id = NULL, said = ? WHERE id = ?",
            (said.to_owned(), id.to_owned()),
        )
        .await
        .map(drop)
    }

    /// The user knows that it was not paid: its own command sends it again.
    pub(crate) async fn to_be_sent_again(&self, id: &str) -> Result<(), LedgerError> {
        let said = "it is to be sent again";
        self.update("UPDATE jobs SET state = 0, said = ? WHERE id = ? AND state IN (1, 4)", (said, id.to_owned()))
            .await
            .map(drop)
    }

    /// It is not known whether it was paid.
    pub(crate) async fn left_unclear(&self, id: &str, said: &str) -> Result<(), LedgerError> {
        self.update(
            "UPDATE jobs SET state = 4, said = ? WHERE id = ? AND state IN (1, 4)",
            (said.to_owned(), id.to_owned()),
        )
        .await
        .map(drop)
    }

    /// The job has come so far; never a step back.
    pub(crate) async fn reached(&self, id: &str, state: State) -> Result<(), LedgerError> {
        let id = id.to_owned();
        self.update("UPDATE jobs SET state = ?1 WHERE id = ?2 AND state < ?1 AND state IN (2, 5)", (state, id))
            .await
            .map(drop)
    }

    /// Runs one statement, and tells whether it found its row.
    async fn update(&self, statement: &'static str, values: impl Params + Send + 'static) -> Result<bool, LedgerError> {
        self.change(move |connection| Ok(connection.prepare_cached(statement)?.execute(values)? > 0)).await
    }

    /// Makes a change, and returns when it is on disk.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.changes.send(Box::new(move |connection| {
            let changed = connection.and_then(|connection| apart(connection, change).map_err(reason_of));
            let answer: Answer = Box::new(move |fate| drop(reply.send(changed.and_then(|made| fate.map(|()| made)))));
            answer
        }));
        let ended = || Reason::Other("its writer has ended".to_owned());
        let answered = match sent {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(ended())),
            Err(_) => Err(ended()),
        };
        answered.map_err(|reason| LedgerError::new(&self.path, reason))
    }
}

fn select(connection: &Connection, condition: &str, values: impl Params) -> rusqlite::Result<Vec<Job>> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM jobs WHERE {condition}"))?;
    statement.query_map(values, Job::of)?.collect()
}

/// The newest job of a purchase, and its copy's number.
fn latest(connection: &Connection, purchase: &Purchase) -> rusqlite::Result<Option<(i64, Job)>> {
    let Some(job) = select(connection, "key = ? ORDER BY copy DESC LIMIT 1", [purchase.key()])?.pop() else {
        return Ok(None);
    };
    let copy =
        connection.prepare_cached("SELECT copy FROM jobs WHERE id = ?")?.query_row([&job.id], |row| row.get(0))?;
    Ok(Some((copy, job)))
}

fn plan(connection: &Connection, purchase: &Purchase, again: Again, now: Timestamp) -> rusqlite::Result<Job> {
    let copy = match latest(connection, purchase)? {
        Some((copy, job)) if again == Again::Yes && job.state.is_paid() => copy + 1,
        Some((_, job)) => return Ok(job),
        None => 0,
    };
    // Random, so that nobody who learns one can guess another; collisions are refused by the table.
    let id: String =
        connection.prepare_cached("SELECT 'job_' || lower(hex(randomblob(5)))")?.query_row([], |row| row.get(0))?;
    connection
        .prepare_cached(
            "INSERT INTO jobs (id, key, copy, twin, photo, origin, account, source, settings, count, state, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
        )?
        .execute(params![
            id,
            purchase.key(),
            copy,
            purchase.twin(),
            purchase.photo_key(),
            purchase.owner.origin,
            purchase.owner.account,
            purchase.source,
            purchase.settings.to_string(),
            purchase.count,
            now.as_millisecond(),
        ])?;
    Ok(select(connection, "id = ?", [id])?.remove(0))
}
