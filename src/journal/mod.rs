//! The journal: an append-only log of verified deliveries, of what became of forwarding them, and of the last refusals.
//! What it has taken is on disk.

mod backlog;
mod consumer;
mod engine;
mod entry;
mod error;
mod forwarded;
mod headers;
mod hold;
mod record;
mod refused;
mod selection;
mod sqlite;

pub(crate) use consumer::{Consumer, Due, Takes};
pub(crate) use engine::{Access, Begin, Engine, Journal, Keep, Pruned, Standing, Start};
pub(crate) use entry::{Appended, Entry, Logged, Outcome, Position, Verdict};
pub(crate) use error::{JournalError, Reason};
pub(crate) use forwarded::{Forwarded, REPLAY, last_attempts};
pub(crate) use headers::Headers;
pub(crate) use record::{Arrival, EventRecord, Reformatted, StoredRecord};
pub(crate) use refused::{Facts, Refused, cut, quoted};
pub(crate) use selection::{Page, Selection};
