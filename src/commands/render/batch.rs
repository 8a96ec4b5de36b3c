//! `vsai render batch`: a folder, a CSV or JSON lines of photos, each paid for once.

mod buyer;
mod columns;
mod engine;
mod files;
mod kept;
mod manifest;
mod plan;
mod results;
mod row;
mod runner;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use self::buyer::{Buyer, planned, standings};
use self::engine::{Outcome, Standing, Status};
use self::kept::Kept;
use self::manifest::Manifest;
use self::plan::{Fate, Plan, photos};
use self::results::{RowReport, Summary};
use self::row::Row;
use super::paying::Purse;
use super::pictures::{left_alone, write_sheet};
use super::settings::Settings;
use super::work::{Work, WorkArgs};
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::jobs::Saver;
use crate::output::{Format, counted};
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
    /// Save the pictures in this folder, with index.html to look at them, results.csv and results.json
    #[arg(long, value_name = "DIR")]
    download: Option<PathBuf>,
    #[command(flatten)]
    work: WorkArgs,
    /// Rows at a time
    #[arg(short, long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// Pay without asking
    #[arg(long)]
    yes: bool,
    /// Show the plan and what it costs; send nothing
    #[arg(long)]
    dry_run: bool,
}

impl Batch {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let rows = self.rows(context)?;
        context.block_on(async {
            self.work.webhook_url(context)?;
            let purse = Purse::open_for(self.dry_run, &self.work.pay, context).await?;
            let plan = self.plan(&rows, purse.as_ref()).await?;
            self.show(&plan, context);
            let Some(purse) = purse.filter(|_| !self.dry_run) else { return Ok(Exit::Done) };
            plan.check_quota(&context.vsai())?;
            if plan.photos() > 0 && !self.yes {
                let answer = context.confirm(&format!("Pay for {}?", photos(plan.photos())));
                answer.map_err(|error| match error.kind {
                    Kind::Declined => Error { message: "nothing was sent, and nothing paid".to_owned(), ..error },
                    _ => error,
                })?;
            }
            self.carry_out(&plan, purse, context).await
        })
    }

    /// What there is to do. Without a purse every row is taken for new.
    async fn plan<'a>(&self, rows: &'a [Row], purse: Option<&Purse>) -> Result<Plan<'a>, Error> {
        let max_photos = self.work.pay.max_photos;
        let Some(purse) = purse else { return Ok(Plan::new(rows, &vec![Standing::New; rows.len()], max_photos)) };
        let standings = standings(rows, purse, &self.work.pay, self.download.is_some()).await?;
        let mut plan = Plan::new(rows, &standings, max_photos);
        plan.with_quota(&purse.account);
        Ok(plan)
    }

    /// The rows, or all that is wrong with them.
    fn rows(&self, context: &Context) -> Result<Vec<Row>, Error> {
        self.check_folder()?;
        self.work.saving.check(self.download.is_some())?;
        let manifest = Manifest::read(&self.manifest)?;
        if self.manifest.is_dir() {
            // The flags are all that its rows have.
            self.settings.build()?;
        }
        let (number, left_out) = (manifest.rows.len(), manifest.left_out);
        let rows = row::rows(manifest, &self.settings, self.work.as_is).map_err(|wrong| {
            wrong.iter().for_each(|why| Error::new(Kind::Input, why).tell(&context.printer));
            let name = self.manifest.display();
            Error::new(Kind::Input, format!("{} of {number} rows of {name} cannot be sent; none was", wrong.len()))
        })?;
        if left_out > 0 {
            let (files, are) = (counted(left_out as u64, "other file"), if left_out == 1 { "is" } else { "are" });
            context.printer.note(format!("{files} {are} left out: photos are JPEG, PNG or WebP"));
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

    fn show(&self, plan: &Plan<'_>, context: &Context) {
        if self.dry_run || context.printer.format() == Format::Json {
            context.printer.report(plan);
        }
        context.printer.note(plan.overview());
    }

    async fn carry_out(&self, plan: &Plan<'_>, purse: Purse, context: &Context) -> Result<Exit, Error> {
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let saver = self.download.as_deref().map(|folder| self.saver(folder, context)).transpose()?;
        let work = Work::begin(&self.work, true, saver.clone(), purse, context).await?.at_once(self.jobs.into());
        let kept = saver.as_ref().map(|saver| Kept::read(saver.folder(), &self.work.saving)).transpose()?;
        let again = self.work.pay.again();
        let planned = planned(&plan.items, &work.purse, again).await?;
        let buyer = Buyer { work, again, planned, kept };
        let line = context.printer.progress().batch("rows", plan.items.len() as u64);
        let tell = |item: &_, outcome: &_| {
            context.printer.report(&RowReport::new(item, outcome));
            line.advance(1);
        };
        let ended = runner::run(&plan.items, &buyer, self.jobs.into(), async || signals.next().await, tell).await;
        drop(line);
        buyer.work.end().await;
        if let Some(saver) = saver {
            let reports = plan.items.iter().zip(&ended.outcomes).map(|(item, outcome)| RowReport::new(item, outcome));
            for file in files::write(saver.folder(), reports.collect())? {
                left_alone(&file, "this batch is not in it", context);
            }
            if let Some(sheet) = write_sheet(saver.folder(), context)? {
                context.printer.note(format!("look at them: {}", sheet.display()));
            }
        }
        let summary = Summary::of(&ended.outcomes);
        context.printer.report(&summary);
        context.printer.note(summary.text());
        if let Some(instead) = instead_of_failed(plan, &ended.outcomes) {
            let vsai = context.vsai();
            context.printer.note(format!("what failed can be tried again for nothing, such as: {vsai} {instead}"));
        }
        if summary.is_unfinished() {
            context.printer.note("the same command goes on, and pays for nothing twice");
        }
        Ok(ended.exit(plan.items.iter().any(|item| item.fate == Fate::LeftOut)))
    }

    fn saver(&self, folder: &Path, context: &Context) -> Result<Arc<Saver>, Error> {
        let api = Arc::new(context.api()?);
        Ok(Arc::new(self.work.saving.saver(context, Some(api), folder, self.jobs.into())?))
    }
}

/// The command that makes another variation in place of the first that failed, without the program.
fn instead_of_failed(plan: &Plan<'_>, outcomes: &[Outcome]) -> Option<String> {
    plan.items.iter().zip(outcomes).find_map(|(item, outcome)| match (outcome.status, &outcome.render) {
        (Status::Failed | Status::Partly, Some(render)) => {
            Some(format!("render add {render}{}", item.row.wanted.flags_with(1)))
        }
        _ => None,
    })
}
