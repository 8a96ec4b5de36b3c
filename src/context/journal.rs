//! Which journal a command uses: the one that is named, else the profile's.

use std::path::PathBuf;

use clap::Args;

use super::Context;
use crate::error::Error;
use crate::journal::{Access, Journal};

/// The flag of every command that reads or writes a journal.
#[derive(Debug, Default, Clone, Args)]
pub(crate) struct JournalArgs {
    /// Journal to use instead of the profile's
    #[arg(id = "journal", long = "journal", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Context {
    /// The journal's file.
    pub(crate) fn journal_file(&self, args: &JournalArgs) -> Result<PathBuf, Error> {
        if let Some(file) = &args.file {
            return match file.to_str() {
                Some(url) if url.contains("://") => {
                    Err(Error::usage(format!("--journal {url:?}: this vsai keeps journals in files only")))
                }
                _ => Ok(file.clone()),
            };
        }
        let profile = &self.settings()?.profile.value;
        Ok(self.paths()?.data().join("journal").join(format!("{profile}.db")))
    }

    /// Opens the journal. Must be called inside the runtime.
    pub(crate) fn journal(&self, args: &JournalArgs, access: Access) -> Result<Journal, Error> {
        Ok(Journal::open(&self.journal_file(args)?, access)?)
    }
}
