//! `vsai render download`: saves the finished pictures of renders into a folder.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio::task::JoinSet;

use super::paying::RENDERS;
use super::pictures::Sum;
use super::work::keep_before;
use crate::client::Api;
use crate::context::{Context, SaveArgs};
use crate::error::{Error, Exit, Kind};
use crate::jobs::{About, Plan, SaveError, Saver, Source, whole_render};
use crate::ledger::{Job, Ledger};
use crate::signals::Signals;

/// Save the finished pictures of renders into a folder, with a page to look at them
///
/// What is there already is not downloaded again: run it again to go on. The folder describes itself in pictures.json, and
/// index.html shows it.
#[derive(Debug, Args)]
pub(super) struct Download {
    /// The renders; ids of version 1 of the API will do as well
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Folder for the pictures
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    #[command(flatten)]
    saving: SaveArgs,
    /// Pictures that are downloaded at a time
    #[arg(short = 'j', long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
}

impl Download {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = Arc::new(context.api()?);
        let saver = self.saving.saver(context, Some(api.clone()), &self.to, usize::from(self.jobs))?;
        let saver = Arc::new(saver);
        context.block_on(async {
            let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
            tokio::select! {
                exit = self.download(context, &api, &saver) => exit,
                signal = signals.next() => Ok(signal.into()),
            }
        })
    }

    async fn download(&self, context: &Context, api: &Api, saver: &Arc<Saver>) -> Result<Exit, Error> {
        let mut sum = Sum::default();
        // Without it there is less to look at, and no picture less.
        let ledger = context.ledger().ok();
        let origin = context.api_origin()?;
        let mut plans = Vec::new();
        for id in &self.ids {
            match whole_render(api, id).await.map_err(Error::from) {
                Ok(render) => {
                    sum.look_at(&render, context);
                    let about = match &ledger {
                        Some(ledger) => about(id, ledger, &origin, saver).await,
                        None => About::default(),
                    };
                    plans.push(Plan::of(&render, &about, self.saving.variant, &self.saving.name));
                }
                // The others may be there.
                Err(error) if error.kind == Kind::Refused && self.ids.len() > 1 => sum.note(error, &context.printer),
                Err(error) => return Err(error),
            }
        }
        Plan::check_names(&plans)?;
        let mut renders = JoinSet::new();
        for plan in plans {
            let saver = saver.clone();
            renders.spawn(async move { saver.save(plan).await });
        }
        while let Some(outcomes) = renders.join_next().await {
            for outcome in outcomes.map_err(|_| Error::from(&SaveError::Interrupted))?? {
                sum.add(outcome);
            }
        }
        sum.conclude(context, saver)
    }
}

/// What the ledger knows of the photo that a render was made from.
async fn about(render: &str, ledger: &Ledger, origin: &str, saver: &Saver) -> About {
    let Ok(Some(job)) = ledger.job_at(origin, render).await else { return About::default() };
    let before = match saver.folder().photo_of(render) {
        None => photo(&job, saver).await,
        known => known,
    };
    About { source: Some(job.source), before, ..About::default() }
}

/// The photo beside its pictures, while its file is there as it was sent.
async fn photo(job: &Job, saver: &Saver) -> Option<String> {
    let image = Source::File(PathBuf::from(&job.source)).read(false).ok()?;
    if !job.is_of_photo(RENDERS, image.identity) {
        return None;
    }
    keep_before(saver, &image.url().await.ok()?, &job.source)
}
