//! `vsai render download`: saves the finished pictures of renders into a folder.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio::task::JoinSet;

use super::pictures::Sum;
use crate::client::Api;
use crate::context::{Context, SaveArgs};
use crate::error::{Error, Exit, Kind};
use crate::jobs::{About, Plan, SaveError, Saver, whole_render};
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
        let mut plans = Vec::new();
        for id in &self.ids {
            match whole_render(api, id).await.map_err(Error::from) {
                Ok(render) => {
                    sum.look_at(&render, context);
                    plans.push(Plan::of(&render, &About::default(), self.saving.variant, &self.saving.name));
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
