//! Saved pictures as the user sees them: what all came to, and the page to look at them.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::jobs::{Folder, How, Outcome, Saver};
use crate::output::{Meaning, Printer, Text};
use crate::protocol::render::{Render, RenderStatus, Tally, VariationStatus};

/// Makes the contact sheet anew, and says so where somebody else's page is in the way.
pub(super) fn write_sheet(folder: &Folder, context: &Context) -> Result<Option<PathBuf>, Error> {
    let sheet = folder.write_sheet()?;
    if sheet.is_none() {
        left_alone(&folder.file("index.html"), "there is no page to look at the pictures", context);
    }
    Ok(sheet)
}

/// Says that a file of the user's has the name of one of ours.
pub(super) fn left_alone(file: &Path, meaning: &str, context: &Context) {
    let message = format!("{} is not of vsai and was left as it is: {meaning}", file.display());
    context.printer.warning("left_alone", &message);
}

/// What came of all renders.
#[derive(Default)]
pub(super) struct Sum {
    saved: usize,
    there_already: usize,
    /// Renders with something still to come.
    pending: Vec<String>,
    /// Variations that failed, and renders with nothing to save.
    without_picture: usize,
    errors: Vec<Kind>,
}

impl Sum {
    /// Counts what of a render cannot be saved, and says so.
    pub(super) fn look_at(&mut self, render: &Render, context: &Context) {
        let variations = render.variations.as_ref().map_or(&[][..], |page| &page.items);
        let tally = Tally::of(variations);
        if tally.status() == RenderStatus::Pending {
            self.pending.push(render.id.clone());
        }
        if tally.status() == RenderStatus::Deleted {
            self.without_picture += 1;
            context.printer.warning("deleted", &format!("all variations of render {} are deleted", render.id));
        }
        for failed in variations.iter().filter(|variation| variation.status == VariationStatus::Error) {
            self.without_picture += 1;
            let why = failed.error_message.as_deref().unwrap_or("the API does not tell why");
            context.printer.warning("variation_failed", &format!("variation {} has failed: {why}", failed.id));
        }
    }

    pub(super) fn note(&mut self, error: Error, printer: &Printer) {
        error.tell(printer);
        self.errors.push(error.kind);
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        match outcome.result {
            Ok(How::Saved) => self.saved += 1,
            Ok(How::ThereAlready) => self.there_already += 1,
            Err(error) => self.errors.push(Error::from(&error).kind),
        }
    }

    pub(super) fn conclude(self, context: &Context, saver: &Saver) -> Result<Exit, Error> {
        let (folder, vsai) = (saver.folder(), context.vsai());
        for render in &self.pending {
            context.printer.note(format!("render {render} is not finished; go on with: {vsai} render wait {render}"));
        }
        if self.saved + self.there_already > 0 {
            let counts = [(self.saved, "saved"), (self.there_already, "there already")];
            let counts = counts.into_iter().filter(|(number, _)| *number > 0);
            let counts: Vec<_> = counts.map(|(number, what)| format!("{number} {what}")).collect();
            let mut text = Text::from(counts.join(", "));
            if let Some(sheet) = write_sheet(folder, context)? {
                text.plain("; look at them: ").add(Meaning::Path, sheet.display());
            }
            context.printer.note(text);
        }
        Ok(self.exit())
    }

    fn exit(&self) -> Exit {
        if self.errors.contains(&Kind::Unwritable) {
            return Exit::CannotStart;
        }
        let has_pictures = self.saved + self.there_already > 0;
        match self.errors.first() {
            None if self.pending.is_empty() && self.without_picture == 0 => Exit::Done,
            _ if has_pictures || !self.pending.is_empty() => Exit::Partly,
            Some(kind) => kind.exit(),
            None => Exit::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_tells_how_much_was_saved() {
        let sum = |saved, pending: usize, without_picture, errors: &[Kind]| Sum {
            saved,
            pending: vec![String::new(); pending],
            without_picture,
            errors: errors.to_vec(),
            ..Sum::default()
        };
        for (sum, exit) in [
            (sum(2, 0, 0, &[]), Exit::Done),
            (Sum { there_already: 2, ..Sum::default() }, Exit::Done),
            (sum(2, 1, 0, &[]), Exit::Partly),
            (sum(0, 1, 0, &[]), Exit::Partly),
            (sum(2, 0, 1, &[]), Exit::Partly),
            (sum(0, 0, 1, &[]), Exit::No),
            (sum(0, 0, 0, &[Kind::Refused]), Exit::No),
            (sum(0, 0, 0, &[Kind::Network]), Exit::Network),
            (sum(1, 0, 0, &[Kind::Network]), Exit::Partly),
            (sum(1, 0, 0, &[Kind::Network, Kind::Unwritable]), Exit::CannotStart),
        ] {
            assert_eq!(sum.exit(), exit);
        }
    }
}
