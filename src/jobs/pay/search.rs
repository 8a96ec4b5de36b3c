//! Looking for the render of a request whose answer was lost: among the renders that are newer than its anchor, belong to
//! no other job, and are what was asked for.

use super::likeness::{Likeness, likeness};
use super::{ANCHOR_LASTS, Payer};
use crate::client::{ClientError, Order, PageQuery};
use crate::jobs::whole_render;
use crate::ledger::{Anchor, Job, LedgerError};
use crate::protocol::render::Render;

/// Pages of 100 renders that are looked through; an anchor that lies further back is not found any more.
const PAGES: usize = 20;

/// What a look has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The job's render.
    One(String),
    /// None, or some that may be the job's.
    Unsure(Vec<String>),
}

#[derive(Debug, thiserror::Error)]
pub(super) enum SearchError {
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    #[error("{0}")]
    Api(#[from] ClientError),
}

impl Payer {
    /// Looks once. A render that cannot be told apart from the job's makes it unsure; on the last look it does so only if
    /// it is no clear match of its own.
    pub(super) async fn look(&self, job: &Job, is_last: bool) -> Result<Found, SearchError> {
        let newer = self.newer_than(job.anchor.as_ref()).await?;
        // Read before the claims: what is accepted in between is claimed.
        let rivals = self.rivals(job).await?;
        let (mut full, mut perhaps) = (Vec::new(), Vec::new());
        for render in &newer {
            if self.ledger.job_of(&job.owner, &render.id).await?.is_some() {
                continue;
            }
            let whole = whole_render(&self.api, &render.id).await?;
            match likeness(job, &whole) {
                Likeness::None => {}
                Likeness::Certain => return Ok(Found::One(whole.id)),
                Likeness::Full if is_contested(&whole, &rivals) => perhaps.push(whole.id),
                Likeness::Full => full.push(whole.id),
                Likeness::Perhaps => perhaps.push(whole.id),
            }
        }
        match full.as_slice() {
            [one] if perhaps.is_empty() || is_last => Ok(Found::One(one.clone())),
            _ => Ok(Found::Unsure(full.into_iter().chain(perhaps).collect())),
        }
    }

    /// Renders that are newer than the anchor, newest first.
    async fn newer_than(&self, anchor: Option<&Anchor>) -> Result<Vec<Render>, ClientError> {
        let mut query = PageQuery { limit: Some(100), order: Some(Order::NewestFirst), cursor: None };
        let mut newer = Vec::new();
        for _ in 0..PAGES {
            let page = self.api.list_renders(&query).await?;
            for render in page.items {
                if anchor.is_some_and(|anchor| is_before(&render, anchor)) {
                    return Ok(newer);
                }
                if anchor.is_none_or(|anchor| anchor.render_id != render.id) {
                    newer.push(render);
                }
            }
            match page.next_cursor {
                Some(next) if query.cursor.as_ref() != Some(&next) => query.cursor = Some(next),
                _ => break,
            }
        }
        Ok(newer)
    }

    /// Other unclear jobs that may have been on their way at the same time. Their settings need not be the same: a render
    /// can be what several have asked for, as one says less than another. An earlier twin is no rival: the job was sent,
    /// and its anchor read, when the twin's request could have no effect any more.
    async fn rivals(&self, job: &Job) -> Result<Vec<Job>, LedgerError> {
        let unclear = self.ledger.unclear().await?;
        let is_rival = |other: &Job| {
            other.id != job.id
                && other.owner == job.owner
                && (other.sent_at >= job.sent_at || !other.is_twin_of(job) && self.overlaps(other, job))
        };
        Ok(unclear.into_iter().filter(is_rival).collect())
    }

    /// Whether the earlier request may still have had an effect when the later one's anchor was read.
    fn overlaps(&self, earlier: &Job, later: &Job) -> bool {
        let (Some(earlier), Some(later)) = (earlier.sent_at, later.sent_at) else { return true };
        later.duration_since(earlier).unsigned_abs() < self.settle_within + ANCHOR_LASTS
    }
}

/// Renders of one moment come in any order, so the anchor alone is no end while they have its time.
fn is_before(render: &Render, anchor: &Anchor) -> bool {
    match (render.created_at, anchor.created_at) {
        (Some(created), Some(anchor)) => created < anchor,
        _ => render.id == anchor.render_id,
    }
}

/// Whether a render may be what a rival has asked for, and is newer than the rival's anchor.
fn is_contested(render: &Render, rivals: &[Job]) -> bool {
    let is_newer = |anchor: &Anchor| anchor.render_id != render.id && !is_before(render, anchor);
    let mut rivals = rivals.iter().filter(|rival| rival.anchor.as_ref().is_none_or(is_newer));
    rivals.any(|rival| likeness(rival, render) != Likeness::None)
}
