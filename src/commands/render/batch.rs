//! `vsai render batch`: a folder, a CSV or JSON lines of photos, each paid for once.

mod columns;
mod engine;
mod manifest;
mod plan;
mod results;
mod row;
mod runner;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use self::engine::Engine;
use self::manifest::Manifest;
use self::plan::{Fate, Plan, photos};
use self::results::{RowReport, Summary};
use self::row::Row;
use super::settings::Settings;
use crate::context::{Context, WebhookArgs};
use crate::error::{Error, Exit, Kind};
use crate::output::Format;
use crate::signals::Signals;

/// Render every photo of a folder or manifest; each costs one photo, once
///
/// A folder's JPEG, PNG and WebP files are taken in order of their names. A manifest is a CSV file with a header row, or JSON lines
/// (.jsonl); its columns are image, name, type, room, style, remove, mask, base_variation, watermark, resolution, sky, variations.
/// Only image has to be there: flags are for the rows that say nothing else. The same command goes on after a stop and pays for
/// nothing twice.
#[derive(Debug, Args)]
pub(super) struct Batch {
    /// Folder of photos, or a manifest: FILE.csv or FILE.jsonl
    #[arg(value_name = "DIR|MANIFEST")]
    manifest: PathBuf,
    #[command(flatten)]
    settings: Settings,
    /// Send files as they are, not upright and scaled to 3072 pixels
    #[arg(long)]
    as_is: bool,
    #[command(flatten)]
    webhook: WebhookArgs,
    /// Save the pictures in this folder, with results.csv and results.json
    #[arg(long, value_name = "DIR")]
    download: Option<PathBuf>,
    /// Rows at a time
    #[arg(short, long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// Pay for this many photos at most, and leave the other rows out
    #[arg(long, value_name = "N")]
    max_photos: Option<u32>,
    /// Pay without asking
    #[arg(long)]
    yes: bool,
    /// Show the plan and what it costs; send nothing
    #[arg(long)]
    dry_run: bool,
}

impl Batch {
    /// Everything from the manifest to the results, with whoever pays for a row.
    async fn run_with(self, engine: &impl Engine, context: &Context) -> Result<Exit, Error> {
        let rows = self.rows(context)?;
        let mut plan = Plan::new(&rows, &engine.standings(&rows).await?, self.max_photos);
        self.look_up_quota(&mut plan, context).await?;
        self.show(&plan, context);
        if self.dry_run {
            return Ok(Exit::Done);
        }
        plan.check_quota()?;
        if plan.photos() > 0 && !self.yes {
            context.confirm(&format!("Pay for {}?", photos(plan.photos())))?;
        }
        self.carry_out(&plan, engine, context).await
    }

    /// The rows, or all that is wrong with them.
    fn rows(&self, context: &Context) -> Result<Vec<Row>, Error> {
        self.check_folder()?;
        let manifest = Manifest::read(&self.manifest)?;
        let (number, left_out) = (manifest.rows.len(), manifest.left_out);
        let rows = row::rows(manifest, &self.settings, self.as_is).map_err(|wrong| {
            wrong.iter().for_each(|why| Error::new(Kind::Input, why).tell(&context.printer));
            let name = self.manifest.display();
            Error::new(Kind::Input, format!("{} of {number} rows of {name} cannot be sent; none was", wrong.len()))
        })?;
        if left_out > 0 {
            context.printer.note(format!("{left_out} other files are left out: photos are JPEG, PNG or WebP"));
        }
        let mut said = HashSet::new();
        for caution in rows.iter().flat_map(|row| &row.wanted.cautions).filter(|caution| said.insert(&caution.message))
        {
            context.printer.warning(caution.code, &caution.message);
        }
        Ok(rows)
    }

    /// Pictures among the photos would be photos of the next run.
    fn check_folder(&self) -> Result<(), Error> {
        let Some(download) = &self.download else { return Ok(()) };
        match (self.manifest.canonicalize(), download.canonicalize()) {
            (Ok(photos), Ok(pictures)) if photos == pictures => Err(Error::usage(
                "--download names the folder of the photos: the next run would take the pictures for photos",
            )
            .hint(format!("--download {}", self.manifest.join("staged").display()))),
            _ => Ok(()),
        }
    }

    /// A dry run does without, where there is no key or no network.
    async fn look_up_quota(&self, plan: &mut Plan<'_>, context: &Context) -> Result<(), Error> {
        let account = match context.api() {
            Ok(api) => api.account().await.map_err(Error::from),
            Err(error) => Err(error),
        };
        match account {
            Ok(account) => plan.with_quota(&account),
            Err(error) if self.dry_run => context.printer.detail(format!("the quota is not known: {}", error.message)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn show(&self, plan: &Plan<'_>, context: &Context) {
        if self.dry_run || context.printer.format() == Format::Json {
            context.printer.report(plan);
        }
        context.printer.note(plan.overview());
    }

    async fn carry_out(&self, plan: &Plan<'_>, engine: &impl Engine, context: &Context) -> Result<Exit, Error> {
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let tell = |item: &_, outcome: &_| context.printer.report(&RowReport::new(item, outcome));
        let ended = runner::run(&plan.items, engine, self.jobs.into(), async || signals.next().await, tell).await;
        if let Some(folder) = &self.download {
            let reports = plan.items.iter().zip(&ended.outcomes).map(|(item, outcome)| RowReport::new(item, outcome));
            results::write(folder, &reports.collect::<Vec<_>>())?;
        }
        let summary = Summary::of(&ended.outcomes);
        context.printer.report(&summary);
        context.printer.note(summary.text());
        if summary.is_unfinished() {
            context.printer.note("the same command goes on, and pays for nothing twice");
        }
        Ok(ended.exit(plan.items.iter().any(|item| item.fate == Fate::LeftOut)))
    }
}
