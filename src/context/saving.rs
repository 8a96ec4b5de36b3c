//! The flags of every command that saves pictures, and what saves them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use clap::Args;

use super::Context;
use crate::client::Api;
use crate::error::Error;
use crate::files::for_shell;
use crate::jobs::{Download, Downloader, Folder, Outcome, Progress, Saver, Template, Variant};
use crate::output::Printer;

/// Which pictures are saved and under which names.
#[derive(Debug, Clone, Args)]
pub(crate) struct SaveArgs {
    /// Which of a result's pictures to save
    #[arg(long, value_enum, default_value_t)]
    pub(crate) variant: Variant,
    /// Names of the pictures; in braces: render, variation, n, view, kind, source, room, style, row, variant
    #[arg(long, value_name = "TEMPLATE", default_value = Template::DEFAULT)]
    pub(crate) name: Template,
    /// Download again what is there, and replace files that are not vsai's
    #[arg(long)]
    pub(crate) overwrite: bool,
}

impl SaveArgs {
    /// The flags that say the same again, each after a space; what goes without saying is left out.
    pub(crate) fn flags(&self) -> String {
        let variant = (self.variant != Variant::default()).then(|| format!(" --variant {}", self.variant));
        let name = (self.name != Template::default())
            .then(|| format!(" --name {}", for_shell(Path::new(&self.name.to_string()))));
        let overwrite = self.overwrite.then(|| " --overwrite".to_owned());
        [variant, name, overwrite].into_iter().flatten().collect()
    }

    /// Refuses these flags where no pictures are saved.
    pub(crate) fn check(&self, saves: bool) -> Result<(), Error> {
        match self.flags() {
            flags if saves || flags.is_empty() => Ok(()),
            flags => Err(Error::usage(format!("no pictures are saved that{flags} could be about"))
                .hint("--download DIR saves them")),
        }
    }

    /// What saves into `folder`, `at_once` pictures at a time, renews links through `api`, and tells of each picture.
    pub(crate) fn saver(
        &self,
        context: &Context,
        api: Option<Arc<Api>>,
        folder: &Path,
        at_once: usize,
    ) -> Result<Saver, Error> {
        let saver = self.silent_saver(context, api, folder, at_once)?;
        let (printer, place) = (context.printer.clone(), saver.folder().clone());
        let downloaded = OnceLock::new();
        Ok(saver.telling(move |progress| match progress {
            Progress::Bytes(bytes) => {
                downloaded.get_or_init(|| printer.progress().bytes("downloading", None)).advance(bytes);
            }
            Progress::Ended(outcome) => tell(&printer, &place, outcome),
        }))
    }

    /// The same, for who tells of the pictures otherwise.
    pub(crate) fn silent_saver(
        &self,
        context: &Context,
        api: Option<Arc<Api>>,
        folder: &Path,
        at_once: usize,
    ) -> Result<Saver, Error> {
        let downloader = Downloader::new(&context.settings()?.api_url.value)?;
        Ok(Saver::new(downloader, api, Folder::open(folder)?, at_once).overwriting(self.overwrite))
    }
}

/// Tells of a picture as soon as it is done with.
fn tell(printer: &Printer, folder: &Folder, outcome: &Outcome) {
    let variation = &outcome.entry.variation;
    match &outcome.result {
        Ok(how) => {
            printer.report(&Download::of(folder, &outcome.entry, *how));
            if let Some(asked) = outcome.instead_of {
                let given = outcome.entry.variant;
                printer.note(format!("variation {variation}: there is no link to it as {asked}: saved as {given}"));
            }
        }
        Err(error) => {
            let error = Error::from(error);
            let message = format!("cannot save variation {variation}: {}", error.message);
            Error { message, ..error }.tell(printer);
        }
    }
}
