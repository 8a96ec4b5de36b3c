//! `vsai events`: what the journal holds.

mod explain;
mod list;
mod reading;
mod selecting;

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
    Explain(explain::Explain),
}

impl Events {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::List(list) => list.run(context),
            Action::Explain(explain) => explain.run(context),
        }
    }
}
