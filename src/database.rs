//! SQLite files of ours: private, durable at each commit, and never taken for what they are not.

use std::fs::File;
use std::io::{self, Read};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::files;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reason {
    /// No space, or a quota.
    #[error("the disk is full")]
    Full,
    #[error("it cannot be written: it is read-only")]
    ReadOnly,
    #[error("permission denied")]
    Denied,
    /// Somebody else holds the write lock for longer than is waited for.
    #[error("another program has locked it")]
    Locked,
    #[error("it is damaged ({0})")]
    Corrupt(String),
    /// A later vsai has written it.
    #[error("a newer vsai has written it (format {found}, this one knows {known})")]
    Newer { found: u32, known: u32 },
    #[error("it is not a file that vsai has made")]
    Foreign,
    /// Somebody has moved, removed or replaced the file.
    #[error("its file was removed or replaced; it is needed back in its place")]
    Gone,
    /// The file is gone or empty, but its write-ahead log is not; SQLite would delete that.
    #[error("its file is gone, but {} holds the rest of it", .0.display())]
    Parted(PathBuf),
    #[error("there is none")]
    Missing,
    /// Another process does what only one may do.
    #[error("{0} is at work in another process")]
    Held(String),
    #[error("{0}")]
    Other(String),
}

/// How long another process's transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of a page of a new file. With pages of 4 KiB a group of appends takes nearly twice the system calls.
const PAGE: i64 = 8 * 1024;

/// Pages that the side file holds before they are moved to their place.
const WAL_PAGES: i64 = 2_000;

/// Which file stands behind a name, to notice when another one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity(u64, u64);

impl Identity {
    /// Whether the file still stands there.
    pub(crate) fn is_at(self, path: &Path) -> bool {
        Self::of(path).is_ok_and(|found| found == self)
    }

    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path)?;
        Ok(Self(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|_| Self(0, 0))
    }
}

/// A connection to a file of ours. As long as this process has one, SQLite alone may open the file: POSIX drops all of a
/// process's locks on a file when any descriptor of it is closed, and others would take it for closed then, and its
/// write-ahead log for a leftover (<https://www.sqlite.org/howtocorrupt.html>, 2.2).
#[derive(Debug)]
pub(crate) struct Database {
    /// None while it is dropped.
    connection: Option<Connection>,
    identity: Identity,
}

impl Database {
    /// The file.
    pub(crate) fn identity(&self) -> Identity {
        self.identity
    }
}

const OPEN: &str = "it is closed when it is dropped";

impl Deref for Database {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect(OPEN)
    }
}

impl DerefMut for Database {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect(OPEN)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut open = open_files();
        drop(self.connection.take());
        if let Some(index) = open.iter().position(|identity| *identity == self.identity) {
            open.swap_remove(index);
        }
    }
}

/// One entry for each [`Database`]; locked while one is opened or closed.
fn open_files() -> MutexGuard<'static, Vec<Identity>> {
    static OPEN: Mutex<Vec<Identity>> = Mutex::new(Vec::new());
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a file is: its mark, and the way from each version of its tables to the next.
#[derive(Debug)]
pub(crate) struct Schema {
    /// In the file's header: what has another mark is not ours.
    pub(crate) application_id: u32,
    /// Each step leads from one version to the next. Steps are never changed once they were released.
    pub(crate) steps: &'static [&'static str],
}

impl Schema {
    /// The version that this program writes.
    pub(crate) fn version(&self) -> u32 {
        self.steps.len() as u32
    }

    /// Brings a file to the present version; a new one gets its mark and its tables.
    pub(crate) fn migrate(&self, connection: &mut Connection) -> Result<(), Reason> {
        if self.found(connection)? == self.version() {
            return Ok(());
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive).map_err(reason_of)?;
        // Another process may have been faster.
        let found = self.found(&transaction)?;
        for step in self.steps.iter().skip(found as usize) {
            transaction.execute_batch(step).map_err(reason_of)?;
        }
        transaction.pragma_update(None, "application_id", self.application_id).map_err(reason_of)?;
        transaction.pragma_update(None, "user_version", self.version()).map_err(reason_of)?;
        transaction.commit().map_err(reason_of)
    }

    fn found(&self, connection: &Connection) -> Result<u32, Reason> {
        let found = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(reason_of)?;
        if found > self.version() {
            return Err(Reason::Newer { found, known: self.version() });
        }
        Ok(found)
    }
}

/// Opens a file to write it, after having made sure that it is what it should be. What is not is left untouched.
pub(crate) fn open(path: &Path, schema: &Schema, create_missing: bool) -> Result<Database, Reason> {
    let mut open = open_files();
    refuse_parted(path)?;
    if create_missing && !path.exists() {
        create(path, schema)?;
    }
    let is_open = Identity::of(path).is_ok_and(|identity| open.contains(&identity));
    if !(cfg!(unix) && is_open) {
        inspect(path, schema)?;
    }
    keep_private(path);
    let connection = set_up(path, schema)?;
    let identity = Identity::of(path).map_err(|error| from_io(&error))?;
    open.push(identity);
    Ok(Database { connection: Some(connection), identity })
}

/// Makes an empty file one of ours, and an older one one of today.
fn set_up(path: &Path, schema: &Schema) -> Result<Connection, Reason> {
    let mut connection = connect(path)?;
    // Outside of WAL, so that the mark is in the file's header and not in a side file.
    let is_new = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    if is_new {
        connection.pragma_update(None, "page_size", PAGE).map_err(reason_of)?;
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(reason_of)?;
    }
    schema.migrate(&mut connection)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(reason_of)?;
    Ok(connection)
}

/// A connection that syncs each commit, to a file that is known to be ours.
pub(crate) fn connect(path: &Path) -> Result<Connection, Reason> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(reason_of)?;
    connection.busy_timeout(PATIENCE).map_err(reason_of)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(reason_of)?;
    // macOS: fsync alone leaves data in the drive's cache.
    connection.pragma_update(None, "fullfsync", true).map_err(reason_of)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(reason_of)?;
    // Moving pages to their place holds up appends, so it is done rarely under load, and otherwise in quiet times.
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES).map_err(reason_of)?;
    connection.pragma_update(None, "journal_size_limit", 4 * WAL_PAGES * PAGE).map_err(reason_of)?;
    Ok(connection)
}

/// A write-ahead log without its file: SQLite would take it for a leftover and delete it.
fn refuse_parted(path: &Path) -> Result<(), Reason> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    // In this order: the log of a file that is just being made is not written before the file.
    if length(Path::new(&log)) > 0 && length(path) == 0 {
        return Err(Reason::Parted(log.into()));
    }
    Ok(())
}

/// A file of mode 0600 in a folder of mode 0700. Whoever comes at the same time finds a whole one or none.
fn create(path: &Path, schema: &Schema) -> Result<(), Reason> {
    let folder = files::folder_of(path);
    files::create_private_folder(folder).map_err(|error| from_io(&error))?;
    let new = tempfile::NamedTempFile::new_in(folder).map_err(|error| from_io(&error))?;
    drop(set_up(new.path(), schema)?);
    match new.persist_noclobber(path) {
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(from_io(&error.error)),
        Ok(_) => files::sync_folder(folder).map_err(|error| from_io(&error)),
    }
}

/// Looks at the header without SQLite, which would begin to recover whatever it is given.
fn inspect(path: &Path, schema: &Schema) -> Result<(), Reason> {
    if !std::fs::metadata(path).map_err(|error| from_io(&error))?.is_file() {
        return Err(Reason::Foreign);
    }
    // To write as well: SQLite does not tell why it cannot.
    let file = File::options().read(true).write(true).open(path).map_err(|error| from_io(&error))?;
    let mut header = Vec::new();
    file.take(100).read_to_end(&mut header).map_err(|error| from_io(&error))?;
    if header.is_empty() {
        return Ok(());
    }
    let number = |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    // Offsets from https://www.sqlite.org/fileformat2.html#the_database_header
    if !header.starts_with(b"SQLite format 3\0") || number(68) != Some(schema.application_id) {
        return Err(Reason::Foreign);
    }
    match number(60) {
        Some(found) if found > schema.version() => Err(Reason::Newer { found, known: schema.version() }),
        _ => Ok(()),
    }
}

/// Takes everybody else's rights from a file of ours and from its side files, which SQLite makes with the same ones. Only
/// their owner can.
fn keep_private(path: &Path) {
    #[cfg(unix)]
    for end in ["", "-wal", "-shm"] {
        use std::os::unix::fs::PermissionsExt;
        let mut file = path.as_os_str().to_owned();
        file.push(end);
        let mode = std::fs::metadata(&file).map_or(0, |metadata| metadata.permissions().mode());
        if mode & 0o077 != 0 {
            let _ = std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600));
        }
    }
}

pub(crate) fn from_io(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound => Reason::Missing,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Reason::Full,
        io::ErrorKind::ReadOnlyFilesystem => Reason::ReadOnly,
        io::ErrorKind::PermissionDenied => Reason::Denied,
        _ => Reason::Other(files::reason(error)),
    }
}

/// What SQLite says, in our words.
pub(crate) fn reason_of(error: rusqlite::Error) -> Reason {
    let rusqlite::Error::SqliteFailure(failure, message) = &error else {
        return Reason::Corrupt(error.to_string());
    };
    match failure.code {
        ErrorCode::DiskFull => Reason::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Reason::ReadOnly,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Reason::Locked,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Reason::Corrupt(message.clone().unwrap_or_else(|| failure.to_string()))
        }
        _ => Reason::Other(message.clone().unwrap_or_else(|| failure.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_opened_again_keeps_its_locks() {
        static SCHEMA: Schema = Schema { application_id: 7, steps: &["CREATE TABLE t (n INTEGER) STRICT"] };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("j.db");
        let first = open(&path, &SCHEMA, true).expect("opened");
        first.execute("INSERT INTO t VALUES (1)", []).expect("written");
        let inode = format!(":{} ", first.identity().1);
        let locks = || {
            let all = std::fs::read_to_string("/proc/locks").expect("Linux");
            all.lines().filter(|lock| lock.contains("POSIX") && lock.contains(&inode)).count()
        };
        let held = locks();
        assert!(held > 0, "others see that it is open");
        let again = open(&path, &SCHEMA, true).expect("opened again");
        assert_eq!(locks(), held);
        drop(again);
        assert_eq!(locks(), held);
        drop(first);
        std::fs::write(&path, "no database at all").expect("written");
        assert_eq!(open(&path, &SCHEMA, true).map(|_| ()), Err(Reason::Foreign), "once closed it is looked at again");
    }

    #[test]
    fn those_who_begin_a_file_at_once_all_have_the_same() {
        static SCHEMA: Schema = Schema { application_id: 7, steps: &["CREATE TABLE t (n INTEGER) STRICT"] };
        for _ in 0..20 {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("folder").join("j.db");
            let open = || open(&path, &SCHEMA, true).expect("opened").identity();
            let found = std::thread::scope(|scope| {
                let openers: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
                openers.into_iter().map(|opener| opener.join().expect("no panic")).collect::<Vec<_>>()
            });
            assert!(found.iter().all(|identity| *identity == found[0]));
            // SQLite's side files may stay where several close at once.
            let left = std::fs::read_dir(folder.path().join("folder")).expect("listed").flatten();
            let strange: Vec<_> = left
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|name| !["j.db", "j.db-wal", "j.db-shm"].contains(&name.as_str()))
                .collect();
            assert!(strange.is_empty(), "nothing but the file is left: {strange:?}");
        }
    }
}
