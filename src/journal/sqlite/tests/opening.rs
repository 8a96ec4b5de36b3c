//! Whose a file is, who may read it, and what a file that is damaged, gone or not ours comes to.

use std::os::unix::fs::PermissionsExt;

use super::super::schema::SCHEMA;
use super::*;
use crate::journal::Standing;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

/// Opens a file that is to be refused: why, and that nothing in its folder has changed.
async fn refused(folder: &Folder) -> Reason {
    let files = || {
        let entries = fs::read_dir(folder.0.path()).expect("there").flatten();
        let mut files: Vec<_> = entries.map(|entry| (entry.path(), fs::read(entry.path()).ok())).collect();
        files.sort();
        files
    };
    let before = files();
    let reason = open(&folder.path()).expect_err("refused");
    assert!(files() == before, "{reason}, and yet something was written");
    reason
}

#[tokio::test]
async fn nobody_else_may_read_it() {
    let folder = Folder::new();
    let path = folder.0.path().join("new/journal/default.db");
    let journal = open(&path).expect("opened");
    append(&journal, done("v", at(0), 0)).await.expect("appended");
    for (name, expected) in [
        ("new", 0o700),
        ("new/journal", 0o700),
        ("new/journal/default.db", 0o600),
        ("new/journal/default.db-wal", 0o600),
        ("new/journal/default.db-shm", 0o600),
    ] {
        assert_eq!(mode(&folder.0.path().join(name)), expected, "{name}");
    }
    fs::set_permissions(folder.0.path(), fs::Permissions::from_mode(0o755)).expect("set");
    let _other = open(&folder.path()).expect("opened");
    assert_eq!(mode(folder.0.path()), 0o755, "a folder that was there stays as it was");
}

#[tokio::test]
async fn a_file_that_was_there_becomes_private_unless_it_is_somebody_elses() {
    let folder = Folder::new();
    let open_to_all = |name: &str| {
        let path = folder.0.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        path
    };
    fs::write(folder.path(), "").expect("written");
    let empty = open_to_all("events.db");
    let journal = folder.open();
    append(&journal, done("v", at(0), 0)).await.expect("appended");
    assert_eq!([mode(&empty), mode(&folder.wal())], [0o600, 0o600]);
    let killed = folder.killed();
    for name in ["events.db", "events.db-wal"] {
        fs::set_permissions(killed.0.path().join(name), fs::Permissions::from_mode(0o644)).expect("set");
    }
    let journal = killed.open();
    append(&journal, done("v", at(0), 0)).await.expect("appended");
    for name in ["events.db", "events.db-wal", "events.db-shm"] {
        assert_eq!(mode(&killed.0.path().join(name)), 0o600, "{name}");
    }
    fs::write(folder.0.path().join("text"), "a text").expect("written");
    let text = open_to_all("text");
    assert_eq!(open(&text).expect_err("refused"), Reason::Foreign);
    assert_eq!(mode(&text), 0o644);
}

#[tokio::test]
async fn what_is_not_a_journal_is_left_as_it_is() {
    let folder = Folder::new();
    for contents in [b"a text".as_slice(), b"SQLite format 3\0", &[0; 4096], b"\xff\xd8\xff\xe0"] {
        fs::write(folder.path(), contents).expect("written");
        assert_eq!(refused(&folder).await, Reason::Foreign);
    }
    fs::remove_file(folder.path()).expect("there");
    let other = Connection::open(folder.path()).expect("opened");
    other.execute_batch("PRAGMA user_version = 1; CREATE TABLE deliveries (x);").expect("made");
    drop(other);
    assert_eq!(refused(&folder).await, Reason::Foreign);
    fs::remove_file(folder.path()).expect("there");
    fs::create_dir(folder.path()).expect("made");
    assert_eq!(refused(&folder).await, Reason::Foreign);
}

#[tokio::test]
async fn what_a_newer_vsai_has_written_is_left_as_it_is() {
    let folder = Folder::new();
    folder.open().close().await;
    let newer = Connection::open(folder.path()).expect("opened");
    newer.execute_batch(&format!("PRAGMA user_version = {}", SCHEMA.version() + 1)).expect("set");
    drop(newer);
    assert_eq!(refused(&folder).await, Reason::Newer { found: SCHEMA.version() + 1, known: SCHEMA.version() });
}

#[tokio::test]
async fn a_file_of_an_older_format_is_brought_up_to_date() {
    let folder = Folder::new();
    let older = Connection::open(folder.path()).expect("opened");
    older.pragma_update(None, "application_id", SCHEMA.application_id).expect("set");
    drop(older);
    let journal = folder.open();
    append(&journal, done("v", at(0), 0)).await.expect("appended");
    assert_eq!(all(&journal).await.len(), 1);
}

#[tokio::test]
async fn consumers_of_the_first_format_keep_their_places() {
    let folder = Folder::new();
    let older = Connection::open(folder.path()).expect("opened");
    older.execute_batch(SCHEMA.steps[0]).expect("made");
    older.execute_batch("INSERT INTO consumers VALUES ('c', 7); PRAGMA user_version = 1").expect("written");
    older.pragma_update(None, "application_id", SCHEMA.application_id).expect("set");
    drop(older);
    let consumers = folder.open().consumers().await.expect("read");
    let place = Standing { name: "c".to_owned(), goal: None, started_at: None, finished_to: Position(7) };
    assert_eq!(consumers, [place]);
}

#[tokio::test]
async fn an_empty_file_becomes_one_and_a_missing_one_only_when_asked() {
    let folder = Folder::new();
    let missing = Journal::open(&folder.path(), Access::Existing).map_err(|error| error.reason);
    assert_eq!(missing.expect_err("refused"), Reason::Missing);
    assert!(!folder.path().exists());
    fs::write(folder.path(), "").expect("written");
    append(&folder.open(), done("v", at(0), 0)).await.expect("appended");
}

#[tokio::test]
async fn damage_is_called_damage() {
    let folder = Folder::new();
    let journal = folder.open();
    for number in 0..200 {
        append(&journal, done(&number.to_string(), at(0), 500)).await.expect("appended");
    }
    journal.close().await;
    let whole = fs::read(folder.path()).expect("there");
    for damaged_from in [100, 4096] {
        let mut bytes = whole.clone();
        bytes[damaged_from..].fill(0xa5);
        fs::write(folder.path(), bytes).expect("written");
        let reason = match open(&folder.path()) {
            Err(reason) => reason,
            Ok(journal) => append(&journal, done("v", at(0), 0)).await.map(drop).expect_err("damaged"),
        };
        assert!(matches!(reason, Reason::Corrupt(_)), "from {damaged_from}: {reason:?}");
    }
}

#[tokio::test]
async fn after_a_kill_every_append_is_there_and_a_torn_one_is_not() {
    let folder = Folder::new();
    let journal = folder.open();
    let _pinned = folder.pinned();
    let mut lengths = Vec::new();
    for number in 0..20 {
        append(&journal, done(&number.to_string(), at(0), 0)).await.expect("appended");
        lengths.push(fs::metadata(folder.wal()).expect("there").len());
    }
    let expected = names(&journal).await;
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..40 {
        let killed = folder.killed();
        let length = random.u64(..=*lengths.last().expect("twenty"));
        let log = fs::OpenOptions::new().write(true).open(killed.wal()).expect("opened");
        log.set_len(length).expect("cut");
        let whole = lengths.iter().filter(|end| **end <= length).count();
        // Without a header there is no log, and the tables came before it.
        assert_eq!(names(&killed.open()).await, expected[..whole], "cut at {length}");
    }
}

#[tokio::test]
async fn a_file_that_is_moved_away_is_missed_and_taken_up_again_when_it_is_back() {
    let folder = Folder::new();
    let journal = folder.open();
    append(&journal, done("1", at(0), 0)).await.expect("appended");
    let aside = folder.0.path().join("aside");
    fs::rename(folder.path(), &aside).expect("moved");
    assert_eq!(append(&journal, done("2", at(0), 0)).await.expect_err("gone"), Reason::Gone);
    assert_eq!(refused(&folder).await, Reason::Parted(folder.wal()), "another start would lose what is in the log");
    fs::write(folder.path(), "something else").expect("written");
    assert_eq!(append(&journal, done("2", at(0), 0)).await.expect_err("replaced"), Reason::Gone);
    fs::rename(&aside, folder.path()).expect("moved back");
    append(&journal, done("2", at(0), 0)).await.expect("appended");
    assert_eq!(names(&folder.killed().open()).await.len(), 2);
}

#[tokio::test]
async fn ending_while_the_file_is_moved_away_loses_nothing() {
    let folder = Folder::new();
    let journal = folder.open();
    append(&journal, done("1", at(0), 0)).await.expect("appended");
    let aside = folder.0.path().join("aside");
    fs::rename(folder.path(), &aside).expect("moved");
    journal.close().await;
    assert_eq!(refused(&folder).await, Reason::Parted(folder.wal()));
    fs::rename(&aside, folder.path()).expect("moved back");
    assert_eq!(names(&folder.open()).await.len(), 1);
}
