//! The work behind an accepted request: queued, rendering, done, one variation after the other, and word of each end.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::account::{Finding, Photos, Render, Status, Variation};
use super::auth::Caller;
use super::faults::Fault;
use super::pictures::Photo;
use super::sources::Source;
use super::state::{Place, Sandbox};
use super::validate::NewAnalysis;
use super::webhooks::{self, Notice};
use crate::delivery::Target;

/// What a failure says that has no cause but a fault; the documentation's own example.
const FAILED: &str = "Failed to process image";

/// What one request has booked.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) place: Place,
    /// The photos of a new render; none when variations are added.
    pub(super) sources: Vec<Source>,
    pub(super) variations: Vec<String>,
    pub(super) removal: Option<Extra>,
    pub(super) webhook: Option<Target>,
}

/// The removal variation that comes by itself, and late: it is listed only when the first one is done already.
#[derive(Debug)]
pub(super) struct Extra {
    pub(super) variation: Variation,
    pub(super) only_if_furnished: bool,
    /// The variations that are staged on the emptied room.
    pub(super) staged: Vec<String>,
}

/// Starts the work and goes on; it ends even when the client has gone.
pub(super) fn start(sandbox: &Arc<Sandbox>, batch: Batch) {
    tokio::spawn(work(sandbox.clone(), batch));
}

/// Passes time, unless it is too short for a timer: even a sleep of no time takes a millisecond.
async fn pause(time: Duration) {
    if time >= Duration::from_millis(1) {
        sleep(time).await;
    }
}

async fn work(sandbox: Arc<Sandbox>, mut batch: Batch) {
    let (pace, late) = (sandbox.options().pace.clone(), sandbox.faults().rates.late_removal);
    // Read at once: until then an upload of megabytes is kept as it came.
    let ((), photos) = tokio::join!(pause(pace.queued), batch.photos(&sandbox));
    batch.removal = batch.removal.take().filter(|extra| extra.is_needed(&photos));
    sandbox.change(|accounts| batch.begin(accounts.render(&batch.place)));
    pause(pace.rendering).await;
    for (n, id) in batch.variations.iter().enumerate() {
        if n > 0 {
            pause(pace.between).await;
        }
        end(&sandbox, &batch, id, &photos);
        if n == 0 && late.is_none() && batch.removal.is_some() {
            // For a moment all that is listed is done: who stops looking then misses the removal.
            pause(pace.between / 2).await;
            batch.list_removal(&sandbox);
        }
    }
    if let Some(extra) = &batch.removal {
        if let Some(late) = late {
            sleep(late).await;
            batch.list_removal(&sandbox);
        }
        pause(pace.between).await;
        end(&sandbox, &batch, &extra.variation.id, &photos);
    }
}

impl Batch {
    /// Reads the photos of a new render, or waits for those of an old one.
    async fn photos(&mut self, sandbox: &Sandbox) -> Photos {
        if self.sources.is_empty() {
            return sandbox.until(|accounts| accounts.render(&self.place).photos.clone()).await;
        }
        let photos = read(sandbox, std::mem::take(&mut self.sources)).await;
        sandbox.change(|accounts| accounts.keep_photos(&self.place, photos.clone()));
        photos
    }

    fn list_removal(&self, sandbox: &Sandbox) {
        let Some(extra) = &self.removal else { return };
        let removal = Variation { status: Status::Rendering, created_at: sandbox.now(), ..extra.variation.clone() };
        sandbox.change(|accounts| accounts.render(&self.place).variations.push(removal));
    }

    fn begin(&self, render: &mut Render) {
        for variation in &mut render.variations {
            if self.variations.contains(&variation.id) {
                variation.status = Status::Rendering;
            }
            if let Some(extra) = &self.removal
                && extra.staged.contains(&variation.id)
            {
                variation.base = Some(extra.variation.id.clone());
            }
        }
    }

    /// What the request that made this batch needs to know after it was started.
    pub(super) fn booked(&self) -> Booked {
        Booked { place: self.place.clone(), variations: self.variations.clone() }
    }
}

/// What one request has asked for, without what comes by itself.
#[derive(Debug)]
pub(super) struct Booked {
    pub(super) place: Place,
    pub(super) variations: Vec<String>,
}

impl Booked {
    /// Waits until all of it has ended.
    pub(super) async fn ended(&self, sandbox: &Sandbox) {
        let pending = |variation: &Variation| variation.is_pending() && self.variations.contains(&variation.id);
        sandbox.until(|accounts| (!accounts.render(&self.place).variations.iter().any(pending)).then_some(())).await;
    }
}

impl Extra {
    fn is_needed(&self, photos: &Photos) -> bool {
        let furnished = |photos: &Arc<[Photo]>| photos.iter().any(Photo::seems_furnished);
        photos.as_ref().is_ok_and(|photos| !self.only_if_furnished || furnished(photos))
    }
}

/// Reads the photos of one request; two views must have one size.
pub(super) async fn read(sandbox: &Sandbox, sources: Vec<Source>) -> Photos {
    let mut photos = Vec::new();
    for source in sources {
        photos.push(source.photo(sandbox).await?);
    }
    if photos.windows(2).any(|two| two[0].size() != two[1].size()) {
        return Err("Failed to process image: the two views differ in size".to_owned());
    }
    Ok(photos.into())
}

fn end(sandbox: &Arc<Sandbox>, batch: &Batch, id: &str, photos: &Photos) {
    let notice = sandbox.change(|accounts| {
        let render = accounts.render(&batch.place);
        let render_ordinal = render.ordinal;
        let place = render.variations.iter().position(|variation| variation.id == id)?;
        let variation = &mut render.variations[place];
        let (ordinal, name) = (variation.ordinal, format!("render {render_ordinal} variation {}", variation.ordinal));
        if sandbox.struck(Fault::Vanish, &name, &name) {
            render.variations.remove(place);
            return None;
        }
        variation.status = outcome(sandbox, &name, photos);
        let link_late = i64::try_from(sandbox.faults().rates.link_late.as_millis()).unwrap_or(i64::MAX);
        variation.links_at = sandbox.now().saturating_add(link_late);
        let is_done = variation.status == Status::Done;
        accounts.account(&batch.place.uid).variations_done += usize::from(is_done);
        Some(Notice::variation(batch.place.clone(), id.to_owned(), name, ordinal, sandbox.now()))
    });
    if let Some(notice) = notice {
        webhooks::notify(sandbox, batch.webhook.as_ref(), notice);
    }
}

fn outcome(sandbox: &Sandbox, name: &str, photos: &Photos) -> Status {
    match photos {
        Err(reason) => Status::Failed(reason.clone()),
        Ok(_) if sandbox.struck(Fault::Fail, name, name) => Status::Failed(FAILED.to_owned()),
        Ok(_) => Status::Done,
    }
}

/// Starts an analysis and goes on.
pub(super) fn start_analysis(sandbox: &Arc<Sandbox>, caller: Caller, id: String, new: NewAnalysis) {
    tokio::spawn(analyse(sandbox.clone(), caller.0, id, new));
}

async fn analyse(sandbox: Arc<Sandbox>, uid: String, id: String, new: NewAnalysis) {
    sleep(sandbox.options().pace.rendering).await;
    let found = find(&sandbox, new.source).await;
    let notice = sandbox.change(|accounts| {
        let analysis = accounts.account(&uid).analyses.iter_mut().find(|analysis| analysis.id == id)?;
        let name = format!("analysis {}", analysis.ordinal);
        let failed = found.is_ok() && sandbox.struck(Fault::Fail, &name, &name);
        analysis.finding = Some(if failed { Err(FAILED.to_owned()) } else { found });
        Some(Notice::analysis(uid.clone(), id.clone(), name, sandbox.now()))
    });
    if let Some(notice) = notice {
        webhooks::notify(&sandbox, new.webhook.as_ref(), notice);
    }
}

async fn find(sandbox: &Sandbox, source: Source) -> Result<Finding, String> {
    let photo = source.photo(sandbox).await?;
    let (mask, share) = sandbox.in_background(move || Ok(photo.mask())).await?;
    Ok(Finding { mask: mask.into(), percentage_masked: (share * 10.0).round() / 10.0 })
}
