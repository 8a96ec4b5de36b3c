//! The journal's tables.

use crate::database::Schema;

/// `vsai` in the file's header.
pub(super) const SCHEMA: Schema = Schema { application_id: u32::from_be_bytes(*b"vsai"), steps: &STEPS };

/// From an empty file to the present version.
const STEPS: [&str; 2] = [
    "
    CREATE TABLE deliveries (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        number INTEGER NOT NULL,
        duplicate INTEGER NOT NULL,
        received_at INTEGER NOT NULL, -- microseconds since 1970
        event_type TEXT,
        render_id TEXT,
        variation_id TEXT,
        matched INTEGER NOT NULL,
        secret TEXT NOT NULL, -- its fingerprint
        target TEXT NOT NULL,
        headers TEXT NOT NULL, -- JSON
        reformatted_length INTEGER,
        reformatted_sha256 TEXT,
        payload TEXT NOT NULL
    ) STRICT;
    -- The index over ids: see keys.rs.
    CREATE TABLE key_pages (number INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;
    CREATE TABLE key_runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        level INTEGER NOT NULL,
        first_page INTEGER NOT NULL,
        last INTEGER NOT NULL, -- position
        filter BLOB NOT NULL
    ) STRICT;
    CREATE TABLE outcomes (
        number INTEGER PRIMARY KEY,
        delivery INTEGER NOT NULL,
        consumer TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        at INTEGER NOT NULL,
        target TEXT NOT NULL,
        status INTEGER,
        error TEXT,
        duration_ms INTEGER NOT NULL,
        answer TEXT,
        state INTEGER NOT NULL, -- 0 delivered, 1 waiting, 2 failed
        next_attempt_at INTEGER
    ) STRICT;
    CREATE INDEX outcomes_by_delivery ON outcomes (delivery, number);
    CREATE TABLE consumers (name TEXT PRIMARY KEY, finished_to INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE refusals (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        received_at INTEGER NOT NULL,
        peer TEXT NOT NULL,
        reason TEXT NOT NULL,
        answered INTEGER NOT NULL,
        size INTEGER NOT NULL,
        target TEXT NOT NULL,
        signatures TEXT NOT NULL, -- JSON
        body BLOB NOT NULL
    ) STRICT;
    -- Positions are never given out twice, also when everything before was pruned.
    CREATE TABLE pruned (up_to INTEGER NOT NULL) STRICT;
    INSERT INTO pruned VALUES (0);
",
    // Whom events are kept for.
    "
    ALTER TABLE consumers ADD COLUMN goal TEXT; -- where deliveries go to, for people
    ALTER TABLE consumers ADD COLUMN started_at INTEGER; -- microseconds since 1970
",
];
