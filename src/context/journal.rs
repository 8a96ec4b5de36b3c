//! Which journal a command uses: the one that is named, else the profile's.

use std::path::PathBuf;

use clap::Args;

use super::Context;
use crate::error::Error;
use crate::files::for_shell;
use crate::journal::{Access, Journal, JournalError, Reason};

/// The flag of every command that reads or writes a journal.
#[derive(Debug, Default, Clone, Args)]
pub(crate) struct JournalArgs {
    /// Journal to use instead of the profile's
    #[arg(id = "journal", long = "journal", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl JournalArgs {
    /// The flag as the user has to give it again, with a space before it.
    pub(crate) fn flag(&self) -> String {
        self.file.as_ref().map(|file| format!(" --journal {}", for_shell(file))).unwrap_or_default()
    }
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

    /// Opens the journal to look at it. Where the profile has none yet, that is said, with what makes one.
    pub(crate) fn journal_if_any(&self, args: &JournalArgs) -> Result<Option<Journal>, Error> {
        match Journal::open(&self.journal_file(args)?, Access::Existing) {
            Err(error) if error.reason == Reason::Missing && args.file.is_none() => {
                self.note_no_events(args);
                Ok(None)
            }
            opened => opened.map(Some).map_err(|error| self.no_journal(error, args, Access::Existing)),
        }
    }

    /// Says that there are no events yet, and what makes some.
    pub(crate) fn note_no_events(&self, args: &JournalArgs) {
        let place = match (&args.file, self.settings()) {
            (Some(file), _) => format!("in {}", file.display()),
            (None, Ok(settings)) => format!("of profile {}", settings.profile.value),
            (None, Err(_)) => "here".to_owned(),
        };
        let (vsai, flag) = (self.vsai(), args.flag());
        self.printer.note(format!("there are no events {place} yet; {vsai} listen{flag} receives them"));
    }

    fn no_journal(&self, error: JournalError, args: &JournalArgs, access: Access) -> Error {
        let is_protected = matches!(error.reason, Reason::ReadOnly | Reason::Denied);
        let error = Error::of_journal(error, &self.vsai(), &args.flag());
        match access {
            // SQLite keeps its log beside the file, also for those who only read.
            Access::Existing if is_protected => {
                error.hint("looking at it needs write access to the file and its folder, too; a copy can be looked at")
            }
            _ => error,
        }
    }

    /// A command of `vsai events` as the user has to call it for the same journal.
    pub(crate) fn events_command(&self, words: &str, args: &JournalArgs) -> String {
        format!("{} events {words}{}", self.vsai(), args.flag())
    }

    /// Opens the journal. Must be called inside the runtime.
    pub(crate) fn journal(&self, args: &JournalArgs, access: Access) -> Result<Journal, Error> {
        Journal::open(&self.journal_file(args)?, access).map_err(|error| self.no_journal(error, args, access))
    }
}
