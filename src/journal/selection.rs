//! Which deliveries of the log are asked for.

use jiff::Timestamp;

use super::entry::Position;

/// Members that a delivery must have; what is not named is free.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Any of these types.
    pub(crate) event_types: Vec<String>,
    pub(crate) render_id: Option<String>,
    pub(crate) variation_id: Option<String>,
    /// Received at this time or later.
    pub(crate) since: Option<Timestamp>,
    /// Received before this time.
    pub(crate) until: Option<Timestamp>,
    /// Leave out deliveries of an event past its first.
    pub(crate) without_duplicates: bool,
}

/// One page of the log.
#[derive(Debug, Clone)]
pub(crate) enum Page {
    /// The oldest ones behind a position, oldest first.
    After(Position),
    /// The newest ones before a position, newest first; `None` begins at the end.
    Before(Option<Position>),
}
