//! `vsai events list`: the deliveries that the journal holds, newest first.

use clap::Args;

use super::reading::{Order, Pages};
use super::selecting::SelectionArgs;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::journal::{Access, Engine};

/// List events, newest first
#[derive(Debug, Args)]
pub(super) struct List {
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
    limit: usize,
    /// All of them
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        context.block_on(async {
            let journal = context.journal(&self.journal, Access::Existing)?;
            let mut pages = Pages::new(&journal, self.selection.wanted(), Order::NewestFirst);
            let mut left = if self.all { usize::MAX } else { self.limit };
            while let Some(page) = pages.next().await? {
                for found in page.iter().take(left) {
                    context.printer.report(&found.logged.record);
                }
                left = left.saturating_sub(page.len());
                if left == 0 {
                    break;
                }
            }
            journal.close().await;
            Ok(Exit::Done)
        })
    }
}
