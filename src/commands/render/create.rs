//! `vsai render create`: submits a photo, or two views of one room, and takes it as far as it is told to.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use clap::Args;
use tokio::sync::watch;

use super::paying::Purse;
use super::pictures::Sum;
use super::report::RenderReport;
use super::settings::Settings;
use super::waiting::Outcomes;
use super::wanted::Wanted;
use super::work::{Order, Work, WorkArgs};
use crate::context::{Context, PlannedRequest};
use crate::error::{Error, Exit};
use crate::files::for_shell;
use crate::jobs::{End, Image, Paid, Saver, Source, whole_render};
use crate::ledger::Job;
use crate::signals::{Signal, Signals};

/// Pictures of one render that are downloaded at a time.
const PICTURES_AT_ONCE: usize = 4;

/// Submit one photo; this costs one photo, whatever the number of styles and variations
///
/// What was bought once is not paid for again: the same command goes on with it. --again buys it once more.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The photo: a JPEG, PNG or WebP file, an http(s) URL, a data:image/…;base64, URL, or - for standard input
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<String>,
    #[command(flatten)]
    settings: Settings,
    /// The two images are views of one room, to be furnished alike: living rooms and bedrooms only, without removal
    #[arg(long)]
    multi_view: bool,
    /// Wait until all variations have ended
    #[arg(long)]
    wait: bool,
    /// Wait, and save the pictures in this folder, with a page to look at them
    #[arg(long, value_name = "DIR")]
    download: Option<PathBuf>,
    #[command(flatten)]
    work: WorkArgs,
    /// Show the request and what it costs; send nothing
    #[arg(long)]
    dry_run: bool,
}

/// All that one run has.
struct Course<'a> {
    work: &'a Work<'a>,
    order: &'a Order<'a>,
    job: &'a Job,
    stop: &'a watch::Receiver<bool>,
    signal: &'a Cell<Option<Signal>>,
    context: &'a Context,
}

impl Create {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let wanted = self.settings.build()?;
        let images = self.images()?;
        if self.multi_view {
            wanted.check_multi_view()?;
        }
        wanted.warn(&context.printer);
        if self.dry_run {
            return self.show_plan(&wanted, &images, context);
        }
        let label = images.iter().map(|image| image.label.as_str()).collect::<Vec<_>>().join(" and ");
        let order = Order { images: &images, wanted: &wanted, label: &label, row: None };
        context.block_on(self.carry_out(&order, context))
    }

    /// The images, read and checked.
    fn images(&self) -> Result<Vec<Image>, Error> {
        match (self.multi_view, self.images.len()) {
            (false, 1) | (true, 2) => {
                let images = self.images.iter().map(|image| Source::parse(image).read(self.work.as_is));
                Ok(images.collect::<Result<_, _>>()?)
            }
            (false, _) => Err(Error::usage("one photo at a time")
                .hint("two views of one room go together with --multi-view; many photos with render batch")),
            (true, number) => Err(Error::usage(format!("--multi-view takes two images, not {number}"))),
        }
    }

    fn show_plan(&self, wanted: &Wanted, images: &[Image], context: &Context) -> Result<Exit, Error> {
        let webhook_url = self.work.webhook.url(context)?;
        let api = &context.settings()?.api_url.value;
        let urls = context.block_on(async {
            let mut urls = Vec::new();
            for image in images {
                urls.push(image.url().await?);
            }
            Ok(urls)
        })?;
        let request = wanted.request(&urls, webhook_url.as_deref());
        Ok(PlannedRequest::new(api, "/renders", 1, wanted.count(), request).show(context))
    }

    async fn carry_out(&self, order: &Order<'_>, context: &Context) -> Result<Exit, Error> {
        let waits = self.wait || self.download.is_some() || self.work.listening.listen;
        let saver = match &self.download {
            Some(folder) => {
                let api = Arc::new(context.api()?);
                Some(Arc::new(self.work.saving.saver(context, Some(api), folder, PICTURES_AT_ONCE)?))
            }
            None => None,
        };
        self.work.webhook_url(context)?;
        let purse = Purse::open(&self.work.pay, context).await?;
        let work = Work::begin(&self.work, waits, saver.clone(), purse, context).await?;
        let purchase = order.purchase(&work.purse);
        let job = work.purse.job(purchase, &self.work.pay, context).await?;
        let (stop, stopping) = watch::channel(false);
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let signal = Cell::new(None);
        let course = Course { work: &work, order, job: &job, stop: &stopping, signal: &signal, context };
        let exit = {
            let mut run = pin!(self.run_course(course, waits, saver.as_deref()));
            loop {
                tokio::select! {
                    exit = &mut run => break exit,
                    came = signals.next() => match signal.replace(Some(came)) {
                        None => drop(stop.send_replace(true)),
                        // The first one lets a request that is on its way come to its end; a second one is for those who
                        // cannot wait.
                        Some(_) => return Ok(came.into()),
                    },
                }
            }
        };
        work.end().await;
        exit.map(|exit| signal.get().map_or(exit, Exit::from))
    }

    /// Pays, waits and saves, as far as it is told to.
    async fn run_course(&self, course: Course<'_>, waits: bool, saver: Option<&Saver>) -> Result<Exit, Error> {
        let Course { work, order, job, stop, signal, context } = course;
        let (printer, vsai) = (&context.printer, context.vsai());
        let bought = work.pay(order, job, stop).await?;
        let id = bought.render_id.clone();
        match &bought.paid {
            Paid::Now(_) => {}
            Paid::Before(_) => {
                printer.note(format!("paid for before, as {}: nothing was sent (--again buys it once more)", job.id));
            }
            Paid::Found(_) => printer.note(format!("the render of {} was found; nothing was sent again", job.id)),
        }
        if !waits {
            let render = match bought.paid {
                Paid::Now(render) => *render,
                Paid::Before(_) | Paid::Found(_) => whole_render(&work.purse.api, &id).await?,
            };
            printer.report(&RenderReport::of(&render));
            printer.note(format!("{vsai} render wait {}", for_shell(Path::new(&id))));
            return Ok(Exit::Done);
        }
        printer.note(format!("{} is render {id}", order.label));
        let waited = work.wait(bought, job, stop).await?;
        let (is_settled, render) = (matches!(waited.end, End::Settled), waited.render.clone());
        let mut outcomes = Outcomes::default();
        outcomes.take(waited, context);
        let exit = outcomes.end(self.work.timeout, signal.get(), &format!("{vsai} render wait"), context);
        let Some(saver) = saver.filter(|_| is_settled) else { return Ok(exit) };
        let mut sum = Sum::default();
        work.save(&render, order, job).await?.into_iter().for_each(|outcome| sum.add(outcome));
        let saved = sum.conclude(context, saver)?;
        Ok(if saved == Exit::Done { exit } else { saved })
    }
}
