//! The thread that has the file: as many changes as are waiting in one transaction, on disk before any of them is answered.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::database::{Database, Reason, reason_of};

/// Changes in one transaction at most.
const TOGETHER: usize = 256;

/// A change, or why it cannot be made; what it returns is called with the transaction's fate.
pub(super) type Change = Box<dyn FnOnce(Result<&Connection, Reason>) -> Answer + Send>;
/// Tells who waits.
pub(super) type Answer = Box<dyn FnOnce(Result<(), Reason>) + Send>;

pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) connection: Database,
}

impl Writer {
    /// Works until nobody can ask any more.
    pub(super) fn run(mut self, changes: &Receiver<Change>) {
        while let Ok(first) = changes.recv() {
            let group = std::iter::once(first).chain(changes.try_iter().take(TOGETHER - 1));
            let (answers, fate): (Vec<Answer>, _) = match self.begin() {
                Ok(transaction) => {
                    let answers = group.map(|change| change(still_open(&transaction))).collect();
                    (answers, transaction.commit().map_err(reason_of))
                }
                Err(reason) => (group.map(|change| change(Err(reason.clone()))).collect(), Err(reason)),
            };
            for answer in answers {
                answer(fate.clone());
            }
        }
    }

    fn begin(&mut self) -> Result<Transaction<'_>, Reason> {
        // SQLite would go on writing into a file that nobody can find any more.
        if !self.connection.identity().is_at(&self.path) {
            return Err(Reason::Gone);
        }
        self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(reason_of)
    }
}

/// A grave error ends the whole transaction on its own; what came after would be written outside of it.
fn still_open<'a>(transaction: &'a Transaction<'_>) -> Result<&'a Connection, Reason> {
    if transaction.is_autocommit() {
        Err(Reason::Other("its transaction was undone".to_owned()))
    } else {
        Ok(transaction)
    }
}

/// Makes a change wholly or not at all, without regard to the others in the transaction.
pub(super) fn apart<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.prepare_cached("SAVEPOINT change")?.execute([])?;
    let changed = change(connection);
    if changed.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK TO change")?;
    }
    if !connection.is_autocommit() {
        connection.prepare_cached("RELEASE change")?.execute([])?;
    }
    changed
}
