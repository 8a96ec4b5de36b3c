//! `vsai events prune`: drops the oldest of the journal.

use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::reading::on_journal;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::journal::{Engine, Journal, JournalError, Keep, Page, Position, Pruned, Selection, Standing};
use crate::output::{Report, Text, exact_local_time, local_time};
use crate::quantity::{self, Moment};

/// Drop the oldest events
///
/// What a consumer has not finished yet is kept, unless --force is given; then it exits 3.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["older_than", "max_size"]))]
pub(super) struct Prune {
    /// Drop what was received longer ago than this
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration)]
    older_than: Option<Duration>,
    /// Drop the oldest until the journal is no larger than this
    #[arg(long, value_name = "SIZE", value_parser = quantity::size)]
    max_size: Option<usize>,
    /// Drop also what a consumer has not finished yet
    #[arg(long)]
    force: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    journal: JournalArgs,
}

/// What was dropped.
#[derive(Serialize)]
struct Dropped {
    deliveries: u64,
    /// Bytes of the journal afterwards.
    bytes: u64,
    /// Consumers for which older deliveries were kept.
    kept_for: Vec<String>,
}

impl Prune {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let none = || context.printer.report(&Dropped { deliveries: 0, bytes: 0, kept_for: Vec::new() });
        on_journal(context, &self.journal, none, async |journal| {
            let since = self.older_than.map(|ago| Moment::Ago(ago).before(Timestamp::now()));
            let mut keep = Keep { since, bytes: self.max_size.map(|bytes| bytes as u64), behind: None };
            if !self.yes {
                let journal = context.journal_file(&self.journal)?;
                context.confirm(&format!("Drop {} from {}?", what(&keep), journal.display()))?;
            }
            if !self.force {
                keep.behind = journal.consumers().await?.into_iter().map(|consumer| consumer.finished_to).min();
            }
            let Pruned { deliveries, bytes } = journal.prune(keep).await?;
            let kept_for = kept_for(journal, keep, bytes).await?;
            if !kept_for.is_empty() {
                context.printer.warning("unfinished", &self.what_is_kept(&kept_for, context));
            }
            let exit = if kept_for.is_empty() { Exit::Done } else { Exit::Partly };
            let kept_for = kept_for.into_iter().map(|consumer| consumer.name).collect();
            context.printer.report(&Dropped { deliveries, bytes, kept_for });
            Ok(exit)
        })
    }

    /// Names whom older events are kept for, so that one that is no longer used is known by it.
    fn what_is_kept(&self, kept_for: &[Standing], context: &Context) -> String {
        let consumer = |Standing { name, goal, started_at, .. }: &Standing| {
            let goal = goal.as_ref().map(|goal| format!("{goal}, ")).unwrap_or_default();
            let started = started_at.map(|at| format!(", last started {}", local_time(at, Timestamp::now())));
            format!("{goal}consumer {name}{}", started.unwrap_or_default())
        };
        let consumers: Vec<_> = kept_for.iter().map(consumer).collect();
        let remove = context.events_command("consumers remove NAME", &self.journal);
        format!(
            "older events are kept for who has not finished them ({}); {remove} removes one that is no longer used, --force \
             drops what is not finished",
            consumers.join("; ")
        )
    }
}

fn what(keep: &Keep) -> String {
    let older = keep.since.map(|since| format!("every event received before {}", exact_local_time(since)));
    let larger = keep.bytes.map(|bytes| format!("the oldest events until it has {}", kibibytes(bytes)));
    older.into_iter().chain(larger).collect::<Vec<_>>().join(", and ")
}

/// The consumers without which more had been dropped.
async fn kept_for(journal: &Journal, keep: Keep, bytes: u64) -> Result<Vec<Standing>, JournalError> {
    if keep.behind.is_none() {
        return Ok(Vec::new());
    }
    let oldest = journal.read(Page::After(Position::START), Selection::default(), 1).await?;
    let Some(oldest) = oldest.first() else { return Ok(Vec::new()) };
    let is_old = keep.since.is_some_and(|since| oldest.record.received_at() < since);
    if !is_old && keep.bytes.is_none_or(|allowed| bytes <= allowed) {
        return Ok(Vec::new());
    }
    let consumers = journal.consumers().await?.into_iter();
    Ok(consumers.filter(|consumer| consumer.finished_to < oldest.position).collect())
}

fn kibibytes(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}

impl Report for Dropped {
    const KIND: &'static str = "pruned";

    fn human(&self) -> Text {
        let deliveries = if self.deliveries == 1 { "delivery" } else { "deliveries" };
        Text::from(format!("dropped {} {deliveries}; the journal has {} now", self.deliveries, kibibytes(self.bytes)))
    }
}
