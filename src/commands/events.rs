//! `vsai events`: what the journal holds.

mod consumers;
mod explain;
mod export;
mod latency;
mod list;
mod naming;
mod passing;
mod prune;
mod reading;
mod replay;
mod selecting;
mod show;
mod stats;
mod tail;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::{Error, Exit};

/// Look at what the journal holds
///
/// `vsai listen` writes the journal: every verified delivery, what became of forwarding it, and the last refusals.
#[derive(Debug, Args)]
pub(crate) struct Events {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(list::List),
    Show(show::Show),
    Explain(explain::Explain),
    Stats(stats::Stats),
    Tail(tail::Tail),
    Replay(replay::Replay),
    Export(export::Export),
    Prune(prune::Prune),
    Consumers(consumers::Consumers),
}

impl Events {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::List(list) => list.run(context),
            Action::Show(show) => show.run(context),
            Action::Explain(explain) => explain.run(context),
            Action::Stats(stats) => stats.run(context),
            Action::Tail(tail) => tail.run(context),
            Action::Replay(replay) => replay.run(context),
            Action::Export(export) => export.run(context),
            Action::Prune(prune) => prune.run(context),
            Action::Consumers(consumers) => consumers.run(context),
        }
    }
}
