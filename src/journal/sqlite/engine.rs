//! The engine's handle: appends go to the writer's thread, reads to threads of the runtime.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc as threads};

use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::{mpsc, oneshot, watch};

use super::super::engine::{Access, Engine, Journal, Keep, Pruned, Standing, Start};
use super::super::entry::{Appended, Entry, Logged, Outcome, Position};
use super::super::error::{JournalError, Reason};
use super::super::refused::Refused;
use super::super::selection::{Page, Selection};
use super::group::{Call, collect};
use super::search::Search;
use super::writer::{Work, Writer, end};
use super::{consumers, keys, pruning, rows};
use crate::database::{Identity, connect, reason_of};

/// A journal's file. Clones share it.
#[derive(Clone)]
pub(crate) struct Sqlite {
    path: PathBuf,
    identity: Identity,
    calls: mpsc::UnboundedSender<Call>,
    work: threads::Sender<Work>,
    ended: watch::Receiver<()>,
    grown: watch::Receiver<Position>,
    reader: Arc<Mutex<Option<Connection>>>,
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sqlite").field(&self.path).finish()
    }
}

impl Sqlite {
    /// Opens a file and starts its writer. Must be called inside the runtime.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Self, JournalError> {
        let (tell_growth, grown) = watch::channel(Position::START);
        let writer = Writer::open(path.to_owned(), access, tell_growth)?;
        let identity = writer.connection.identity();
        let (work, to_do) = threads::channel();
        let (tell_end, ended) = watch::channel(());
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                writer.run(&to_do);
                drop(tell_end);
            })
            .map_err(|error| JournalError::new(path, Reason::Other(error.to_string())))?;
        let (calls, waiting) = mpsc::unbounded_channel();
        tokio::spawn(collect(waiting, work.clone()));
        Ok(Self { path: path.to_owned(), identity, calls, work, ended, grown, reader: Arc::default() })
    }

    /// The file, by the name that it was opened by.
    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    fn ended(&self) -> JournalError {
        JournalError::new(&self.path, Reason::Other("its writer has ended".to_owned()))
    }

    /// Runs something on the writer's thread.
    async fn on_writer<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut Writer) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (reply, answer) = oneshot::channel();
        let run = move |writer: &mut Writer| {
            let outcome = run(writer).map_err(|error| writer.error(reason_of(error)));
            drop(reply.send(outcome));
        };
        self.work.send(Work::Run(Box::new(run))).map_err(|_| self.ended())?;
        answer.await.unwrap_or_else(|_| Err(self.ended()))
    }

    /// Runs something short on the reading connection, off the runtime's threads.
    async fn on_reader<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (reader, path, identity) = (self.reader.clone(), self.path.clone(), self.identity);
        let read = move || {
            let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let connection = match reader.take() {
                Some(connection) => connection,
                // Another file's connection would take this one's side files for its own.
                None if !identity.is_at(&path) => return Err(Reason::Gone),
                None => connect(&path)?,
            };
            let outcome = run(&connection).map_err(reason_of);
            // A connection that failed is opened anew.
            *reader = outcome.is_ok().then_some(connection);
            outcome
        };
        let outcome = tokio::task::spawn_blocking(read).await;
        outcome
            .unwrap_or_else(|_| Err(Reason::Other("reading was broken off".to_owned())))
            .map_err(|reason| JournalError::new(&self.path, reason))
    }
}

impl Engine for Sqlite {
    async fn append(&self, batch: Vec<Entry>) -> Result<Vec<Appended>, JournalError> {
        let (reply, answer) = oneshot::channel();
        self.calls.send(Call { batch, reply }).map_err(|_| self.ended())?;
        answer.await.unwrap_or_else(|_| Err(self.ended()))
    }

    async fn read(&self, page: Page, selection: Selection, limit: usize) -> Result<Vec<Logged>, JournalError> {
        let mut found = Vec::new();
        let mut search = None;
        loop {
            let (page, selection, left) = (page.clone(), selection.clone(), limit - found.len());
            let (went_on, more) = self
                .on_reader(move |connection| {
                    let mut search = search.map_or_else(|| Search::over(&page, connection), Ok)?;
                    let more = if search.is_over() { Vec::new() } else { search.step(&selection, left, connection)? };
                    Ok((search, more))
                })
                .await?;
            found.extend(more);
            if went_on.is_over() || found.len() >= limit {
                return Ok(found);
            }
            search = Some(went_on);
        }
    }

    async fn deliveries_of(&self, id: &str) -> Result<Vec<Logged>, JournalError> {
        let id = id.to_owned();
        self.on_reader(move |connection| {
            let sql = format!("SELECT {} FROM deliveries WHERE position = ? AND id = ?", rows::DELIVERY);
            let mut read = connection.prepare_cached(&sql)?;
            let found = keys::positions(connection, &id)?.into_iter();
            found
                .filter_map(|position| read.query_row(params![position, id], rows::logged).optional().transpose())
                .collect()
        })
        .await
    }

    async fn outcomes(
        &self,
        first: Position,
        last: Position,
        consumer: Option<&str>,
    ) -> Result<Vec<Outcome>, JournalError> {
        let consumer = consumer.map(str::to_owned);
        self.on_reader(move |connection| {
            let sql = format!(
                "SELECT {} FROM outcomes WHERE delivery BETWEEN ? AND ? AND (?3 IS NULL OR consumer = ?3)
                 ORDER BY delivery, number",
                rows::OUTCOME
            );
            let (first, last) = (first.0 as i64, last.0 as i64);
            connection.prepare_cached(&sql)?.query_map(params![first, last, consumer], rows::outcome)?.collect()
        })
        .await
    }

    async fn refusal(&self, number: u64) -> Result<Option<Refused>, JournalError> {
        self.on_reader(move |connection| {
            let sql = "SELECT number, received_at, peer, reason, answered, size, target, signatures, body
                       FROM refusals WHERE number = ?";
            connection.prepare_cached(sql)?.query_row([number as i64], rows::refusal).optional()
        })
        .await
    }

    async fn end(&self) -> Result<Position, JournalError> {
        self.on_reader(end).await
    }

    async fn grown_past(&self, position: Position) -> Result<(), JournalError> {
        let mut grown = self.grown.clone();
        loop {
            // This process tells at once; others are noticed in time.
            let told = tokio::time::timeout(Journal::NOTICE, grown.wait_for(|end| *end > position)).await;
            match told.map(|told| told.is_ok()) {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(self.ended()),
                Err(_) if self.end().await? > position => return Ok(()),
                Err(_) => {}
            }
        }
    }

    async fn consumer(&self, start: Start) -> Result<Position, JournalError> {
        self.on_writer(move |writer| consumers::start(&writer.connection, &start)).await
    }

    async fn consumers(&self) -> Result<Vec<Standing>, JournalError> {
        self.on_reader(consumers::all).await
    }

    async fn finish(&self, consumer: &str, up_to: Position) -> Result<(), JournalError> {
        let name = consumer.to_owned();
        self.on_writer(move |writer| consumers::finish(&writer.connection, &name, up_to)).await
    }

    async fn forget(&self, consumer: &str) -> Result<bool, JournalError> {
        let name = consumer.to_owned();
        self.on_writer(move |writer| consumers::forget(&mut writer.connection, &name)).await
    }

    async fn prune(&self, keep: Keep) -> Result<Pruned, JournalError> {
        let mut deliveries = 0;
        while let Some(dropped) = self.on_writer(move |writer| pruning::portion(writer, keep)).await? {
            deliveries += dropped;
        }
        self.on_writer(move |writer| pruning::shrink(writer, deliveries)).await
    }

    async fn close(self) {
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut ended = self.ended.clone();
        if self.work.send(Work::Close).is_ok() {
            let _ = ended.changed().await;
        }
    }
}
