//! Looking for the render of a request whose answer was lost: among the renders that are newer than its anchor, belong to
//! no other job, and are what was asked for.

use super::Payer;
use super::likeness::{Likeness, likeness};
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
        let rivals = self.rivals(job).await?;
        let (mut full, mut perhaps) = (Vec::new(), Vec::new());
        for (at, render) in newer.iter().enumerate() {
            if self.ledger.job_of(&job.owner, &render.id).await?.is_some() {
                continue;
            }
            let whole = whole_render(&self.api, &render.id).await?;
            match likeness(job, &whole) {
                Likeness::None => {}
                Likeness::Certain => return Ok(Found::One(whole.id)),
                Likeness::Full if is_contested(&newer, at, &rivals) => perhaps.push(whole.id),
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

    /// Other unclear jobs whose render could be taken for this one's: requests that cannot be told apart, and that may
    /// have been on their way at the same time.
    async fn rivals(&self, job: &Job) -> Result<Vec<Job>, LedgerError> {
        let twins = self.ledger.unclear_twins(job).await?;
        Ok(twins.into_iter().filter(|twin| twin.sent_at >= job.sent_at || self.overlaps(twin, job)).collect())
    }

    /// Whether the earlier request may still have had an effect when the later one was sent.
    fn overlaps(&self, earlier: &Job, later: &Job) -> bool {
        let (Some(earlier), Some(later)) = (earlier.sent_at, later.sent_at) else { return true };
        later.duration_since(earlier).unsigned_abs() < self.settle_within
    }
}

/// Renders of one moment come in any order, so the anchor alone is no end while they have its time.
fn is_before(render: &Render, anchor: &Anchor) -> bool {
    match (render.created_at, anchor.created_at) {
        (Some(created), Some(anchor)) => created < anchor,
        _ => render.id == anchor.render_id,
    }
}

/// Whether a render is newer than the anchor of a rival, and so may be the rival's.
fn is_contested(newest_first: &[Render], at: usize, rivals: &[Job]) -> bool {
    rivals.iter().any(|rival| {
        let Some(anchor) = &rival.anchor else { return true };
        let end = newest_first.iter().position(|render| render.id == anchor.render_id);
        end.is_none_or(|end| at < end)
    })
}
