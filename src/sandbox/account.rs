//! What an account has: its secret, its renders with their variations, its analyses. Plain data without a clock.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::Value;

use super::pictures::{Photo, Work};
use super::refusal::Refusal;
use super::state::Place;
use crate::protocol::Secret;

/// Variations that a render can have, asked for at once or later; a removal that comes by itself does not count.
pub(super) const VARIATIONS_AT_MOST: u64 = 20;

/// Finished analyses that an account keeps, for their masks: nothing reads an analysis back.
const ANALYSES_AT_MOST: usize = 200;

/// All that belongs to one API key.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) uid: String,
    pub(super) secret: Option<Secret>,
    pub(super) photos_used: u64,
    pub(super) renders: Vec<Render>,
    /// Where each render is, by its id.
    places: HashMap<String, usize>,
    /// Variations of all renders that are done.
    pub(super) variations_done: usize,
    pub(super) analyses: Vec<Analysis>,
}

/// The photos of a render once they are read, or why they could not be.
pub(super) type Photos = Result<Arc<[Photo]>, String>;

/// One render: photos in, variations out.
#[derive(Debug)]
pub(super) struct Render {
    pub(super) id: String,
    /// Counts the renders of the sandbox, from 1: the render's name in what the seed decides.
    pub(super) ordinal: u64,
    pub(super) created_at: i64,
    pub(super) multi_view: bool,
    pub(super) photos: Option<Photos>,
    pub(super) variations: Vec<Variation>,
    /// Variations that were numbered, listed or not yet.
    pub(super) variations_made: u64,
}

/// One picture, or one for each view.
#[derive(Debug, Clone)]
pub(super) struct Variation {
    pub(super) id: String,
    /// Counts the variations of the render, from 1.
    pub(super) ordinal: u64,
    pub(super) work: Work,
    pub(super) config: Arc<Value>,
    pub(super) created_at: i64,
    pub(super) eta: i64,
    pub(super) status: Status,
    /// When the links of its result can be read.
    pub(super) links_at: i64,
    pub(super) base: Option<String>,
    /// A removal that nobody asked for by count.
    pub(super) extra: bool,
}

/// How far a variation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    Queued,
    Rendering,
    Done,
    Failed(String),
}

/// A furniture mask.
#[derive(Debug)]
pub(super) struct Analysis {
    pub(super) id: String,
    /// Counts the analyses of the sandbox, from 1.
    pub(super) ordinal: u64,
    pub(super) created_at: i64,
    /// What was found, or why nothing could be; `None` while it is in work.
    pub(super) finding: Option<Result<Finding, String>>,
}

/// What an analysis has found.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    /// A PNG.
    pub(super) mask: Bytes,
    pub(super) percentage_masked: f64,
}

impl Account {
    pub(super) fn new(uid: &str) -> Self {
        Self { uid: uid.to_owned(), ..Self::default() }
    }

    pub(super) fn render(&self, id: &str) -> Result<&Render, Refusal> {
        self.places.get(id).map(|place| &self.renders[*place]).ok_or_else(|| Refusal::not_found("Render"))
    }

    pub(super) fn analysis(&self, id: &str) -> Result<&Analysis, Refusal> {
        self.analyses.iter().find(|analysis| analysis.id == id).ok_or_else(|| Refusal::not_found("Analysis"))
    }

    /// Takes an analysis in, and lets go of the oldest finished one when there are too many.
    pub(super) fn add_analysis(&mut self, analysis: Analysis) {
        let oldest = self.analyses.iter().position(|analysis| analysis.finding.is_some());
        if let Some(oldest) = oldest.filter(|_| self.analyses.len() >= ANALYSES_AT_MOST) {
            self.analyses.remove(oldest);
        }
        self.analyses.push(analysis);
    }

    /// Where the render with this id is.
    pub(super) fn place(&self, id: &str) -> Result<Place, Refusal> {
        let render = *self.places.get(id).ok_or_else(|| Refusal::not_found("Render"))?;
        Ok(Place { uid: self.uid.clone(), render })
    }

    /// Takes a render in.
    pub(super) fn add_render(&mut self, render: Render) -> Place {
        let place = Place { uid: self.uid.clone(), render: self.renders.len() };
        self.places.insert(render.id.clone(), place.render);
        self.renders.push(render);
        place
    }

    /// Takes one photo off the quota.
    pub(super) fn use_photo(&mut self, limit: Option<u64>) -> Result<(), Refusal> {
        if limit.is_some_and(|limit| self.photos_used >= limit) {
            let used = self.photos_used;
            let message = format!("Photo limit reached: {used} of {used} photos of this period are used");
            return Err(Refusal::new(StatusCode::FORBIDDEN, message));
        }
        self.photos_used += 1;
        Ok(())
    }
}

impl Render {
    pub(super) fn variation(&self, id: &str) -> Result<&Variation, Refusal> {
        self.variations.iter().find(|variation| variation.id == id).ok_or_else(|| Refusal::not_found("Variation"))
    }

    /// Variations that were asked for.
    pub(super) fn asked_for(&self) -> u64 {
        self.variations.iter().filter(|variation| !variation.extra).count() as u64
    }

    pub(super) fn done(&self) -> usize {
        self.variations.iter().filter(|variation| variation.status == Status::Done).count()
    }
}

impl Variation {
    pub(super) fn is_pending(&self) -> bool {
        matches!(self.status, Status::Queued | Status::Rendering)
    }

    /// `type` as answers and events show it.
    pub(super) fn kind(&self) -> &'static str {
        match self.work {
            Work::Stage { .. } => "staging",
            Work::Remove => "removal",
            Work::DayToDusk { .. } => "daytodusk",
            Work::Enhance => "enhancement",
        }
    }
}

impl Status {
    /// `status` as answers show it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Rendering => "rendering",
            Self::Done => "done",
            Self::Failed(_) => "error",
        }
    }
}
