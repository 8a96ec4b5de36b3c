//! Where a listener keeps what it receives, and what it says when it cannot.

use clap::Args;

use crate::context::{Context, JournalArgs, SecretArgs};
use crate::error::Error;
use crate::journal::{Access, Journal};

/// The flags about the journal.
#[derive(Debug, Args)]
pub(super) struct Keeping {
    #[command(flatten)]
    journal: JournalArgs,
    /// Keep nothing: what nobody reads here is lost, and nothing can be shown or replayed later
    #[arg(long, conflicts_with = "journal")]
    no_journal: bool,
}

impl Keeping {
    pub(super) fn has_journal(&self) -> bool {
        !self.no_journal
    }

    /// Opens the journal, unless there is to be none. Must be called inside the runtime.
    pub(super) fn open(&self, context: &Context) -> Result<Option<Journal>, Error> {
        if self.no_journal {
            context
                .printer
                .note("no journal: what nobody reads here is lost, and nothing can be shown or replayed later");
            return Ok(None);
        }
        context.journal(&self.journal, Access::Create).map(Some).map_err(|error| {
            let other = error.hint.clone().map(|hint| hint + "\n").unwrap_or_default();
            error.hint(other + "--no-journal listens without one, and keeps nothing")
        })
    }

    /// How a refused delivery is explained, up to its name.
    pub(super) fn explain(&self, context: &Context, secret: &SecretArgs) -> String {
        context.events_command(&format!("explain{}", secret.flags()), &self.journal)
    }
}
