//! Waiting as the user sees it: a line for each render meanwhile, each render when it has ended, and what all came to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::report::RenderReport;
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::files::for_shell;
use crate::jobs::{By, End, Heard, Step, Waited};
use crate::output::{Line, Printer, Report, Text};
use crate::protocol::render::{RenderStatus, Tally, VariationStatus};
use crate::signals::Signal;

/// One render that is waited for.
pub(super) struct Watched {
    id: String,
    line: Line,
    printer: Arc<Printer>,
    /// The failure that was told last; told again only when another one has come in between.
    told: Option<String>,
}

impl Watched {
    pub(super) fn new(id: &str, printer: &Arc<Printer>) -> Self {
        let line = printer.progress().waiting(id);
        Self { id: id.to_owned(), line, printer: printer.clone(), told: None }
    }

    /// Shows what happens.
    pub(super) fn show(&mut self, step: Step<'_>) {
        match step {
            Step::Standing(tally) => {
                self.told = None;
                self.line.say(&format!("{}  {}", self.id, in_words(tally)));
            }
            Step::Ended(variation, by) => {
                self.printer.detail(format!("{}: {} {} ({})", self.id, variation.id, variation.status, by.as_str()));
            }
            Step::Unread(error, rest) => {
                let failure = error.failure.to_string();
                self.line.say(&format!("{}  {failure}", self.id));
                if self.told.as_ref() != Some(&failure) {
                    self.printer.note(format!("{error}; trying again in {:.1} s", rest.as_secs_f64()));
                    self.told = Some(failure);
                }
            }
        }
    }
}

fn in_words(tally: Tally) -> String {
    let all = tally.pending + tally.done + tally.error + tally.deleted;
    let failed = if tally.error > 0 { format!(", {} failed", tally.error) } else { String::new() };
    if all == 0 { "queued".to_owned() } else { format!("{} of {all} done{failed}", tally.done) }
}

/// What a run has waited for, all told.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outcomes {
    renders: usize,
    /// Everything that was asked for is there.
    done: usize,
    /// Something failed, was deleted or never came.
    failed: usize,
    /// Not ended when the waiting did.
    pending: usize,
    /// The API gave a definite no.
    refused: usize,
    /// Variations whose end a webhook told first.
    by_webhook: usize,
    by_poll: usize,
    /// Reads of renders.
    polls: u32,
    /// Renders whose webhooks were expected and never came.
    webhook_never_came: usize,
    #[serde(skip)]
    going_on: Vec<String>,
    #[serde(skip)]
    first_refusal: Option<Exit>,
}

impl Report for Outcomes {
    const KIND: &'static str = "summary";
}

impl Outcomes {
    /// Shows a render that is not waited for any more, and counts it.
    pub(super) fn take(&mut self, waited: Waited, context: &Context) {
        self.renders += 1;
        self.polls += waited.polls;
        self.by_webhook += waited.by.values().filter(|by| **by == By::Webhook).count();
        self.by_poll += waited.by.values().filter(|by| **by == By::Poll).count();
        if waited.render.variations.is_some() {
            context.printer.report(&RenderReport::waited(&waited));
        }
        warn(&waited, context);
        self.webhook_never_came += usize::from(waited.webhooks == Heard::Never);
        let is_done = waited.render.status() == Some(RenderStatus::Done) && waited.missing == 0;
        match waited.end {
            End::Settled if is_done => self.done += 1,
            End::Settled => self.failed += 1,
            End::TimedOut | End::Interrupted => {
                self.pending += 1;
                self.going_on.push(waited.render.id);
            }
            End::Refused(error) => {
                let error = Error::from(error);
                context.printer.error(error.kind.code(), &error.message, error.hint.as_deref());
                self.refused += 1;
                self.first_refusal.get_or_insert(error.kind.exit());
            }
        }
    }

    /// Tells what it came to, and for what goes on, the command that goes on with these ids.
    pub(super) fn end(
        self,
        timeout: Duration,
        signal: Option<Signal>,
        go_on: impl Fn(&str) -> String,
        context: &Context,
    ) -> Exit {
        context.printer.note(self.text());
        context.printer.report(&self);
        if self.going_on.is_empty() {
            return self.verdict();
        }
        let ids: Vec<_> = self.going_on.iter().map(|id| for_shell(Path::new(id))).collect();
        let again = go_on(&ids.join(" "));
        match signal {
            Some(signal) => {
                let what = if ids.len() == 1 { "the render goes on" } else { "the renders go on" };
                context.printer.note(format!("{what}, nothing was cancelled: {again}"));
                signal.into()
            }
            None => {
                let message = format!("{timeout:?} passed: not ended yet: {}", self.going_on.join(", "));
                context.printer.error("timeout", &message, Some(&again));
                Exit::TimedOut
            }
        }
    }

    fn verdict(&self) -> Exit {
        match (self.done, self.failed, self.first_refusal) {
            (_, 0, None) => Exit::Done,
            (1.., _, _) => Exit::Partly,
            (0, 0, Some(exit)) => exit,
            (0, ..) => Exit::No,
        }
    }

    fn text(&self) -> Text {
        let mut parts = Vec::new();
        for (number, what) in
            [(self.done, "done"), (self.failed, "failed"), (self.pending, "not ended yet"), (self.refused, "refused")]
        {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        let mut brought = Vec::new();
        for (number, by) in [(self.by_webhook, By::Webhook), (self.by_poll, By::Poll)] {
            if number > 0 {
                brought.push(format!("{number} by {}", by.as_str()));
            }
        }
        let brought =
            if brought.is_empty() { String::new() } else { format!("; ended variations: {}", brought.join(", ")) };
        let plural = if self.polls == 1 { "" } else { "s" };
        format!("{}{brought}; {} read{plural}", parts.join(", "), self.polls).into()
    }
}

/// Says what is not to be seen from the render alone.
fn warn(waited: &Waited, context: &Context) {
    let id = &waited.render.id;
    if !matches!(waited.end, End::Settled) {
        return;
    }
    if waited.missing > 0 {
        let message = format!("{id} has fewer variations than were asked for: {} never came", waited.missing);
        context.printer.warning("fewer_variations", &message);
    }
    for variation in waited.render.variations.iter().flat_map(|page| &page.items) {
        if variation.status == VariationStatus::Done && variation.results.iter().all(|result| result.url.is_none()) {
            let message = format!("{id}: {} is done, but the API gives no link to it", variation.id);
            context.printer.warning("no_link", &message);
        }
    }
    if waited.webhooks == Heard::Never {
        let message = format!("{id}: no webhook came, all was read from the API");
        context.printer.warning("no_webhook", &message);
    }
}
