//! The record of what was received: one `event` a verified delivery, the same in every command that prints or reads it.

mod record;

pub(crate) use record::{Arrival, EventRecord, StoredRecord};
