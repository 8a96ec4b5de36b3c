//! One purchase and how far it is.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, types::FromSqlError};
use serde::Serialize;
use serde_json::Value;

use super::{Owner, Purchase};

/// How far a purchase is: planned → sending → accepted | rejected | unclear → done → saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Nothing was sent.
    Planned,
    /// On disk before the connection is made. Found by another run, it means that the one before was killed.
    Sending,
    /// The API has answered with a render, or the render was found.
    Accepted,
    /// A definite no: nothing was paid.
    Rejected,
    /// It may have been paid: no answer came, or none that can be understood.
    Unclear,
    /// All variations have ended.
    Done,
    /// All pictures are on disk.
    Saved,
}

const STATES: [State; 7] =
    [State::Planned, State::Sending, State::Accepted, State::Rejected, State::Unclear, State::Done, State::Saved];

impl State {
    /// Whether there is a render that was paid for.
    pub(crate) fn is_paid(self) -> bool {
        matches!(self, Self::Accepted | Self::Done | Self::Saved)
    }

    /// Whether its request goes out when its command runs next.
    pub(crate) fn is_to_be_sent(self) -> bool {
        matches!(self, Self::Planned | Self::Rejected)
    }

    /// Whether it may have been paid for without anybody knowing.
    pub(crate) fn is_unclear(self) -> bool {
        matches!(self, Self::Sending | Self::Unclear)
    }

    /// As it is called in output.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unclear => "unclear",
            Self::Done => "done",
            Self::Saved => "saved",
        }
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok((*self as i64).into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        usize::try_from(number).ok().and_then(|at| STATES.get(at).copied()).ok_or(FromSqlError::OutOfRange(number))
    }
}

/// The newest render before a request was sent: what the request made is newer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) render_id: String,
    /// Milliseconds since 1970, by the API's clock.
    pub(crate) created_at: Option<i64>,
}

/// A purchase as the ledger has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Job {
    /// `job_` and ten letters; also the correlation id in the query of a webhook's URL.
    pub(crate) id: String,
    pub(crate) state: State,
    pub(crate) owner: Owner,
    /// The photo in words.
    pub(crate) source: String,
    /// The request without photo, webhook and count; JSON.
    pub(crate) settings: String,
    pub(crate) count: u32,
    pub(crate) created_at: Timestamp,
    /// None before it is sent, and where the account had no render then.
    pub(crate) anchor: Option<Anchor>,
    pub(crate) sent_at: Option<Timestamp>,
    pub(crate) render_id: Option<String>,
    /// The render was found, not answered.
    pub(crate) adopted: bool,
    /// What went wrong last.
    pub(crate) said: Option<String>,
    pub(super) twin: [u8; 32],
    pub(super) photo: [u8; 32],
}

/// The columns that [`Job::of`] reads, in its order.
pub(super) const COLUMNS: &str = "id, state, origin, account, source, settings, count, created_at, anchor, \
     anchor_created_at, sent_at, render_id, adopted, said, twin, photo";

impl Job {
    /// Whether their renders cannot be told apart.
    pub(crate) fn is_twin_of(&self, other: &Self) -> bool {
        self.twin == other.twin
    }

    /// Whether it was bought at this endpoint for this photo: SHA-256 of its bytes, or of its exact URL.
    pub(crate) fn is_of_photo(&self, endpoint: &'static str, photo: [u8; 32]) -> bool {
        let (owner, source, settings) = (self.owner.clone(), String::new(), Value::Null);
        Purchase { owner, endpoint, photo, source, settings, count: self.count }.photo_key() == self.photo
    }

    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let anchor: Option<String> = row.get(8)?;
        let anchor_created_at = row.get(9)?;
        let moment = |at: Option<i64>| at.map(|at| Timestamp::from_millisecond(at).unwrap_or_default());
        Ok(Self {
            id: row.get(0)?,
            state: row.get(1)?,
            owner: Owner { origin: row.get(2)?, account: row.get(3)? },
            source: row.get(4)?,
            settings: row.get(5)?,
            count: row.get(6)?,
            created_at: moment(row.get(7)?).unwrap_or_default(),
            anchor: anchor.map(|render_id| Anchor { render_id, created_at: anchor_created_at }),
            sent_at: moment(row.get(10)?),
            render_id: row.get(11)?,
            adopted: row.get(12)?,
            said: row.get(13)?,
            twin: row.get(14)?,
            photo: row.get(15)?,
        })
    }
}
