//! `vsai events export`: event records as JSON lines or as files, oldest first.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::reading::{Order, Pages, on_journal};
use super::selecting::SelectionArgs;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::files;
use crate::journal::{EventRecord, Journal, JournalError, StoredRecord};
use crate::output::{Report, json_record};

/// Export events, oldest first: JSON lines on standard output, or files
///
/// The records are those that `vsai listen --json` prints: `vsai verify --record` and `vsai events replay` read them.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Write each record to a file of its own in this folder, evt_….N.json; files that are there already stay as they are
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

/// What was written to a folder.
#[derive(Serialize)]
struct Exported {
    folder: String,
    written: u64,
    /// Records that were in the folder already.
    present: u64,
}

impl Report for Exported {
    const KIND: &'static str = "exported";
}

impl Exported {
    /// Nothing yet.
    fn to(folder: &Path) -> Self {
        Self { folder: folder.display().to_string(), written: 0, present: 0 }
    }
}

impl Export {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let none = || {
            if let Some(folder) = &self.dir {
                context.printer.report(&Exported::to(folder));
            }
        };
        on_journal(context, &self.journal, none, async |journal| {
            match &self.dir {
                Some(folder) => self.to_folder(folder, journal, context).await?,
                None => self.to_stdout(journal, context).await?,
            }
            Ok(Exit::Done)
        })
    }

    async fn to_stdout(&self, journal: &Journal, context: &Context) -> Result<(), Error> {
        let mut records = self.records(journal, context);
        while let Some(page) = records.next().await?.filter(|_| !context.printer.reader_left()) {
            for record in page {
                context.printer.bytes((json_record(&*record) + "\n").as_bytes());
            }
        }
        Ok(())
    }

    async fn to_folder(&self, folder: &Path, journal: &Journal, context: &Context) -> Result<(), Error> {
        std::fs::create_dir_all(folder).map_err(|error| Error::unwritable(folder, &error))?;
        let mut exported = Exported::to(folder);
        let mut records = self.records(journal, context);
        while let Some(page) = records.next().await? {
            for record in &page {
                let path = folder.join(format!("{}.json", record.delivery()));
                if is_complete(&path) {
                    exported.present += 1;
                    continue;
                }
                let line = json_record(&**record) + "\n";
                files::replace(&path, line.as_bytes()).map_err(|error| Error::unwritable(&path, &error))?;
                exported.written += 1;
            }
        }
        let present = match exported.present {
            0 => String::new(),
            present => format!(", {present} were there already"),
        };
        context.printer.note(format!("{} event records written to {}{present}", exported.written, exported.folder));
        context.printer.report(&exported);
        Ok(())
    }

    fn records<'a>(&self, journal: &'a Journal, context: &Context) -> Records<'a> {
        Records(Pages::new(journal, self.selection.wanted(context), Order::OldestFirst))
    }
}

struct Records<'a>(Pages<'a>);

impl Records<'_> {
    async fn next(&mut self) -> Result<Option<Vec<Box<EventRecord>>>, JournalError> {
        let page = self.0.next().await?;
        Ok(page.map(|page| page.into_iter().map(|found| found.logged.record).collect()))
    }
}

/// Whether there is a whole record; what was broken off is written anew.
fn is_complete(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| matches!(StoredRecord::read(&text), Ok(Some(_))))
}
