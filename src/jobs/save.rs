//! Saves the finished pictures of renders into a folder. What is there already stays; a link that has expired is renewed by
//! reading its render again. Prints nothing and knows nothing of the ledger.

mod download;
mod folder;
mod names;
mod plan;
mod report;
mod sheet;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;

use super::whole_render;
use crate::client::{Api, ClientError};
use crate::protocol::render::Render;
pub(crate) use download::{DownloadError, Downloader};
pub(crate) use folder::{Entry, Folder, FolderError};
pub(crate) use names::Template;
use plan::Wanted;
pub(crate) use plan::{About, Plan, SameName, Variant};
pub(crate) use report::Download;
pub(crate) use sheet::Shown;

/// How often a render is read again for the links of one picture.
const RENEWALS: u32 = 2;

/// Why a picture was not saved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SaveError {
    #[error(transparent)]
    Download(#[from] DownloadError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("its link has expired, and the render cannot be read for a new one: {0}")]
    Renewal(ClientError),
    #[error("the API has told no link to it yet")]
    NoLink,
    #[error("it was interrupted")]
    Interrupted,
}

/// How a picture came to be in its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It was downloaded now.
    Saved,
    /// It was complete before.
    ThereAlready,
}

/// What became of one picture.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// As it is described in its folder; of a picture that was not saved, as it was planned.
    pub(crate) entry: Entry,
    /// What was asked for, where the API gives no link to that.
    pub(crate) instead_of: Option<Variant>,
    pub(crate) result: Result<How, SaveError>,
}

/// What is going on, for a display.
#[derive(Debug)]
pub(crate) enum Progress<'a> {
    /// So many bytes more have come.
    Bytes(u64),
    /// A picture is done with.
    Ended(&'a Outcome),
}

type OnProgress = Box<dyn Fn(Progress<'_>) + Send + Sync>;

/// Saves pictures, some at a time however many callers there are.
pub(crate) struct Saver {
    downloader: Downloader,
    /// To renew links with.
    api: Option<Arc<Api>>,
    folder: Folder,
    overwrite: bool,
    turns: Semaphore,
    on_progress: OnProgress,
}

impl fmt::Debug for Saver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Saver").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Saver {
    /// Saves into `folder`, `at_once` pictures at a time. Without an API no link is renewed.
    pub(crate) fn new(downloader: Downloader, api: Option<Arc<Api>>, folder: Folder, at_once: usize) -> Self {
        let turns = Semaphore::new(at_once.max(1));
        Self { downloader, api, folder, overwrite: false, turns, on_progress: Box::new(|_| {}) }
    }

    /// Downloads again what is there, and replaces files that are not ours.
    pub(crate) fn overwriting(self, overwrite: bool) -> Self {
        Self { overwrite, ..self }
    }

    /// Tells how it goes on.
    pub(crate) fn telling(self, on_progress: impl Fn(Progress<'_>) + Send + Sync + 'static) -> Self {
        Self { on_progress: Box::new(on_progress), ..self }
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Saves the pictures of a plan and tells what became of each, in the plan's order.
    pub(crate) async fn save(self: &Arc<Self>, plan: Plan) -> Result<Vec<Outcome>, FolderError> {
        let entries = Arc::new(self.folder.entries()?);
        let links = Arc::new(Links { render: plan.render, read: Mutex::new((0, None)) });
        let mut tasks = JoinSet::new();
        let mut outcomes = Vec::new();
        for (at, wanted) in plan.wanted.into_iter().enumerate() {
            let (this, entries, links) = (self.clone(), entries.clone(), links.clone());
            let Wanted { entry, instead_of, .. } = wanted.clone();
            outcomes.push(Outcome { entry, instead_of, result: Err(SaveError::Interrupted) });
            tasks.spawn(async move { (at, this.picture(wanted, &entries, &links).await) });
        }
        while let Some(ended) = tasks.join_next().await {
            let Ok((at, result)) = ended else { continue };
            let outcome: &mut Outcome = &mut outcomes[at];
            outcome.result = result.map(|(entry, how)| {
                outcome.entry = entry;
                how
            });
            (self.on_progress)(Progress::Ended(outcome));
        }
        Ok(outcomes)
    }

    async fn picture(&self, wanted: Wanted, entries: &[Entry], links: &Links) -> Result<(Entry, How), SaveError> {
        if !self.overwrite
            && let Some(entry) = self.folder.complete(entries, &wanted.entry)
        {
            return Ok((entry, How::ThereAlready));
        }
        let _turn = self.turns.acquire().await.map_err(|_| SaveError::Interrupted)?;
        let came = |bytes| (self.on_progress)(Progress::Bytes(bytes));
        let Wanted { entry, mut link, .. } = wanted;
        let mut renewals = 0;
        let fetched = loop {
            let failed = match &link {
                Some(link) => match self.downloader.fetch(link, self.folder.path(), &came).await {
                    Ok(fetched) => break fetched,
                    Err(error) if error.asks_for_a_new_link() => error.into(),
                    Err(error) => return Err(error.into()),
                },
                None => SaveError::NoLink,
            };
            let Some(api) = self.api.as_ref().filter(|_| renewals < RENEWALS) else { return Err(failed) };
            renewals += 1;
            link = links.renewed(api, renewals, &entry).await.map_err(SaveError::Renewal)?;
        };
        let (folder, overwrite) = (self.folder.clone(), self.overwrite);
        // Syncing takes its time, and another process may have the folder.
        let kept = tokio::task::spawn_blocking(move || folder.keep(fetched, entry, overwrite));
        let entry = kept.await.map_err(|_| SaveError::Interrupted)??;
        Ok((entry, How::Saved))
    }
}

/// The links of one render. When many have expired together, the render is read again once.
struct Links {
    render: String,
    read: Mutex<(u32, Option<Render>)>,
}

impl Links {
    /// The link of the same variant after so many readings.
    async fn renewed(&self, api: &Api, readings: u32, of: &Entry) -> Result<Option<String>, ClientError> {
        let mut read = self.read.lock().await;
        if read.0 < readings {
            *read = (readings, Some(whole_render(api, &self.render).await?));
        }
        let variations = read.1.iter().flat_map(|render| &render.variations).flat_map(|page| &page.items);
        let result =
            variations.filter(|found| found.id == of.variation).find_map(|found| found.results.get(of.view - 1));
        Ok(result.and_then(|result| of.variant.link(result)).cloned())
    }
}
