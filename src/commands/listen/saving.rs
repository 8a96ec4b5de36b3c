//! `listen --download`: a consumer of the journal that saves the pictures of finished variations. It works beside the
//! listener, which answers without it, and goes on where the last run has ended.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::context::{Context, SaveArgs};
use crate::error::{Error, Kind};
use crate::files::for_shell;
use crate::jobs::{About, Plan, SaveError, Saver};
use crate::journal::{Begin, Engine, EventRecord, Journal, Page, Position, Selection, Start};
use crate::listener::{Interest, StoppedBy};
use crate::output::Printer;
use crate::protocol::render::Render;
use crate::protocol::{Event, ResultLinks};

/// Pictures that are downloaded at a time.
const AT_ONCE: usize = 4;
/// Events whose pictures are saved before the place is kept.
const PAGE: usize = 16;
/// How long a disk that takes nothing is left alone.
const BREATHER: Duration = Duration::from_secs(10);

/// The flags about saving pictures.
#[derive(Debug, Args)]
#[command(next_help_heading = "Saving pictures")]
pub(super) struct Saving {
    /// Save the pictures of each verified `done` event into this folder
    #[arg(long, value_name = "DIR")]
    download: Option<PathBuf>,
    #[command(flatten)]
    how: SaveArgs,
}

/// What saves pictures beside the listener, if anything does.
pub(super) struct Saved(Option<(JoinHandle<usize>, watch::Sender<bool>)>);

struct Worker {
    saver: Arc<Saver>,
    how: SaveArgs,
    interest: Interest,
    journal: Journal,
    name: String,
    /// The command that saves the pictures of a render later, up to its options.
    later: String,
    printer: Arc<Printer>,
}

impl Saving {
    /// Starts to save what the journal gets from now on, or has got since the last run. Must be called inside the runtime.
    pub(super) async fn start(
        &self,
        context: &Context,
        interest: &Interest,
        journal: Option<&Journal>,
    ) -> Result<Saved, Error> {
        let Some(folder) = &self.download else {
            return self.how.check(false).map(|()| Saved(None));
        };
        let journal = journal.ok_or_else(|| Error::usage("--no-journal leaves no events to save the pictures of"))?;
        // Without a key the events' own links have to do.
        let api = match context.api() {
            Ok(api) => Some(Arc::new(api)),
            Err(error) if error.kind == Kind::NoKey => None,
            Err(error) => return Err(error),
        };
        let saver = Arc::new(self.how.saver(context, api, folder, AT_ONCE)?);
        let name = consumer_of(folder)?;
        let hold = journal.hold(&name)?;
        let goal = format!("pictures in {}", folder.display());
        let start = Start { name: name.clone(), goal, at: Timestamp::now(), begin: Begin::Now };
        let position = journal.consumer(start).await?;
        let (journal, interest, printer) = (journal.clone(), interest.clone(), context.printer.clone());
        let (how, later) = (self.how.clone(), format!("{} render download", context.vsai()));
        let worker = Worker { saver, how, interest, journal, name, later, printer };
        let (end, ending) = watch::channel(false);
        let working = tokio::spawn(async move {
            let _hold = hold;
            worker.run(position, ending).await
        });
        Ok(Saved(Some((working, end))))
    }
}

impl Saved {
    /// Who has waited for events wants their pictures; who interrupts does not want to wait, and the next run goes on.
    /// Tells how many pictures could not be saved.
    pub(super) async fn end(self, stopped_by: StoppedBy) -> usize {
        let Some((working, end)) = self.0 else { return 0 };
        match stopped_by {
            StoppedBy::Condition | StoppedBy::Timeout | StoppedBy::StdinClosed => drop(end.send_replace(true)),
            StoppedBy::Interrupt | StoppedBy::Terminate | StoppedBy::ReaderLeft => working.abort(),
        }
        working.await.unwrap_or_default()
    }
}

impl Worker {
    /// Saves until the end of the journal once it is to end, and tells how many pictures could not be saved.
    async fn run(self, mut position: Position, mut ending: watch::Receiver<bool>) -> usize {
        let mut lost = 0;
        loop {
            match self.page(position, &mut lost).await {
                Ok(Some(last)) => position = last,
                Ok(None) if *ending.borrow() => return lost,
                Ok(None) => tokio::select! {
                    _ = self.journal.grown_past(position) => {}
                    _ = ending.wait_for(|ends| *ends) => {}
                },
                Err(error) => {
                    self.printer.warning("saving_waits", &format!("pictures wait to be saved: {}", error.message));
                    if *ending.borrow() {
                        return lost + 1;
                    }
                    sleep(BREATHER).await;
                }
            }
        }
    }

    /// Saves the pictures of what follows in the journal and keeps the place behind it.
    async fn page(&self, position: Position, lost: &mut usize) -> Result<Option<Position>, Error> {
        let page = self.journal.read(Page::After(position), Selection::default(), PAGE).await?;
        let Some(last) = page.last().map(|logged| logged.position) else { return Ok(None) };
        let mut renders = JoinSet::new();
        for record in page.into_iter().map(|logged| logged.record) {
            if let Some(render) = self.finished(&record) {
                let plan = Plan::of(&render, &About::default(), self.how.variant, &self.how.name);
                let saver = self.saver.clone();
                renders.spawn(async move { saver.save(plan).await });
            }
        }
        let has_any = !renders.is_empty();
        while let Some(outcomes) = renders.join_next().await {
            let outcomes = outcomes.map_err(|_| Error::from(&SaveError::Interrupted))??;
            for error in outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err()).map(Error::from) {
                // The others are lost to this run: reading the render again may bring them.
                if error.kind == Kind::Unwritable {
                    return Err(error);
                }
                *lost += 1;
            }
            if let Some(outcome) = outcomes.iter().find(|outcome| outcome.result.is_err()) {
                let (id, folder) = (&outcome.entry.render, for_shell(self.saver.folder().path()));
                self.printer.note(format!("later: {} {id} --to {folder}", self.later));
            }
        }
        if has_any {
            self.saver.folder().write_sheet()?;
        }
        self.journal.finish(&self.name, last).await?;
        Ok(Some(last))
    }

    /// What a `done` event tells of its render; none of other events, and of those that were seen before.
    fn finished(&self, record: &EventRecord) -> Option<Render> {
        if record.is_duplicate() || !self.interest.admits(record) {
            return None;
        }
        let Event::Done(done) = record.event() else { return None };
        let links = |result: &ResultLinks| {
            json!({
                "url": result.url,
                "optimized_url": result.optimized_url,
                "thumbnail_url": result.thumbnail_url,
            })
        };
        let variation = json!({
            "id": done.variation_id,
            "type": done.variation_type,
            "status": "done",
            "base_variation_id": done.base_variation_id,
            "result": done.results.iter().map(links).collect::<Vec<_>>(),
        });
        serde_json::from_value(json!({"id": done.render_id, "variations": [variation]})).ok()
    }
}

/// One folder has one place in the journal, by whichever path it is named.
fn consumer_of(folder: &Path) -> Result<String, Error> {
    let path = folder.canonicalize().map_err(|error| Error::unreadable(folder, &error))?;
    let digest = hex::encode(Sha256::digest(path.as_os_str().as_encoded_bytes()));
    Ok(format!("download-{}", &digest[..12]))
}
