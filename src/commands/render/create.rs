//! `vsai render create`: submits a photo, or two views of one room, and takes it as far as it is told to.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use clap::Args;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::paying::Purse;
use super::pictures::Sum;
use super::report::RenderReport;
use super::settings::Settings;
use super::waiting::Outcomes;
use super::work::{Order, Work, WorkArgs};
use crate::context::{Context, PlannedRequest};
use crate::error::{Error, Exit, Kind};
use crate::files::for_shell;
use crate::jobs::{End, Image, Paid, Saver, Source, whole_render};
use crate::ledger::Job;
use crate::protocol::render::RenderStatus;
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
    deadline: Instant,
    stop: &'a watch::Receiver<bool>,
    halted: &'a Cell<Option<Halt>>,
    context: &'a Context,
}

/// Why a run stops before its end.
#[derive(Debug, Clone, Copy)]
enum Halt {
    Signal(Signal),
    Timeout,
}

impl Halt {
    fn signal(self) -> Option<Signal> {
        match self {
            Self::Signal(signal) => Some(signal),
            Self::Timeout => None,
        }
    }
}

impl Create {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let wanted = self.settings.build()?;
        self.work.saving.check(self.download.is_some())?;
        let images = self.images()?;
        if self.multi_view {
            wanted.check_multi_view()?;
        }
        wanted.warn(&context.printer);
        let label = match &images[..] {
            [one] => one.label.clone(),
            views => views.iter().map(|view| without_extension(&view.label)).collect::<Vec<_>>().join(" and "),
        };
        let order = Order { images: &images, wanted: &wanted, label: &label, row: None };
        context.block_on(async {
            if self.dry_run { self.show_plan(&order, context).await } else { self.carry_out(&order, context).await }
        })
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

    /// Shows what would be sent, and what of it is paid for already. Without a key nothing is known of that.
    async fn show_plan(&self, order: &Order<'_>, context: &Context) -> Result<Exit, Error> {
        let webhook_url = self.work.webhook_url(context)?;
        let pay = &self.work.pay;
        let begun = match Purse::open_for(true, pay, context).await? {
            Some(purse) => purse.known(&order.purchase(&purse), order.wanted, pay, context).await?,
            None => None,
        };
        let begun = begun.filter(|job| !job.state.is_to_be_sent());
        let request = order.wanted.request(order.urls().await?, webhook_url.as_deref());
        let (photos, variations) = if begun.is_some() { (0, 0) } else { (1, order.wanted.count()) };
        let planned = PlannedRequest::new(&context.settings()?.api_url.value, "/renders", photos, variations, request);
        let Some(job) = begun else { return Ok(planned.show(context)) };
        context.printer.report(&planned);
        let known = match &job.render_id {
            Some(render) => format!("it is paid for as render {render}, and the same command goes on with that"),
            None => format!(
                "it is unclear whether it was paid for as {}, and the same command looks for its render",
                job.id
            ),
        };
        context.printer.note(format!("nothing was sent; {known}"));
        Ok(Exit::Done)
    }

    async fn carry_out(&self, order: &Order<'_>, context: &Context) -> Result<Exit, Error> {
        let deadline = Instant::now() + self.work.timeout;
        let waits = self.wait || self.download.is_some() || self.work.listening.listen;
        let saver = match &self.download {
            Some(folder) => {
                let api = Arc::new(context.api()?);
                Some(Arc::new(self.work.saving.saver(context, Some(api), folder, PICTURES_AT_ONCE)?))
            }
            None => None,
        };
        self.work.webhook_url(context)?;
        let pay = &self.work.pay;
        let Ok(purse) = timeout_at(deadline, Purse::open(pay, context)).await else {
            return Ok(self.timed_out(order, context));
        };
        let purse = purse?;
        let job = purse.job(order.purchase(&purse), order.wanted, pay, context).await?;
        let work = Work::begin(&self.work, waits, saver.clone(), purse, context).await?;
        let (stop, stopping) = watch::channel(false);
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let halted = Cell::new(None);
        let course = Course { work: &work, order, job: &job, deadline, stop: &stopping, halted: &halted, context };
        let exit = {
            let mut run = pin!(self.run_course(course, waits, saver.as_deref()));
            loop {
                tokio::select! {
                    exit = &mut run => break exit,
                    came = signals.next() => match halted.replace(Some(Halt::Signal(came))) {
                        // The first one lets a request that is on its way come to its end; a second one is for those who
                        // cannot wait.
                        Some(Halt::Signal(_)) => return Ok(came.into()),
                        None | Some(Halt::Timeout) => drop(stop.send_replace(true)),
                    },
                    () = sleep_until(deadline), if halted.get().is_none() => {
                        halted.set(Some(Halt::Timeout));
                        stop.send_replace(true);
                    }
                }
            }
        };
        work.end().await;
        match (exit, halted.get()) {
            (Err(error), Some(Halt::Timeout)) if error.kind == Kind::Stopped => Ok(self.timed_out(order, context)),
            (Err(error), Some(Halt::Signal(signal))) if error.kind == Kind::Stopped => {
                context.printer.note(format!("{}: {}; nothing was paid", order.label, error.message));
                Ok(signal.into())
            }
            (Ok(_), Some(Halt::Signal(signal))) => Ok(signal.into()),
            (exit, _) => exit,
        }
    }

    /// Tells that there was no time to send it.
    fn timed_out(&self, order: &Order<'_>, context: &Context) -> Exit {
        let message = format!("{:?} passed: {} was not sent, and nothing was paid", self.work.timeout, order.label);
        context.printer.error("timeout", &message, Some("the same command goes on, and pays for nothing twice"));
        Exit::TimedOut
    }

    /// Pays, waits and saves, as far as it is told to.
    async fn run_course(&self, course: Course<'_>, waits: bool, saver: Option<&Saver>) -> Result<Exit, Error> {
        let Course { work, order, job, deadline, stop, halted, context } = course;
        let (printer, vsai) = (&context.printer, context.vsai());
        let bought = work.pay(order, job, stop).await?;
        let id = bought.render_id.clone();
        match &bought.paid {
            Paid::Now(_) => {}
            Paid::Before(_) if self.work.pay.again => {
                printer.note(format!("another vsai has just bought it once more, as {}: nothing was sent", job.id));
            }
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
            let (what, word) = match render.status() {
                Some(RenderStatus::Done | RenderStatus::Partial) => ("save its pictures", "download"),
                _ => ("wait for its pictures", "wait"),
            };
            printer.note(format!("{what}: {vsai} render {word} {}", for_shell(Path::new(&id))));
            return Ok(Exit::Done);
        }
        printer.note(format!("{} is render {id}", order.label));
        let waited = work.wait(bought, job, deadline, stop).await?;
        let (is_settled, render) = (matches!(waited.end, End::Settled), waited.render.clone());
        let mut outcomes = Outcomes::default();
        outcomes.take(waited, context);
        let signal = halted.get().and_then(Halt::signal);
        let exit = outcomes.end(self.work.timeout, signal, |id| self.go_on(id, &vsai), context);
        let Some(saver) = saver.filter(|_| is_settled) else { return Ok(exit) };
        let mut sum = Sum::default();
        work.save(&render, order, job).await?.into_iter().for_each(|outcome| sum.add(outcome));
        let saved = sum.conclude(context, saver)?;
        Ok(if saved == Exit::Done { exit } else { saved })
    }

    /// What goes on with a render that is paid for.
    fn go_on(&self, id: &str, vsai: &str) -> String {
        let wait = format!("{vsai} render wait {id}");
        match &self.download {
            Some(folder) => {
                format!("{wait}; {vsai} render download {id} --to {}{}", for_shell(folder), self.work.saving.flags())
            }
            None => wait,
        }
    }
}

/// A view is named without the ending of its file, so that both together look like one name.
fn without_extension(label: &str) -> String {
    Path::new(label).with_extension("").display().to_string()
}
