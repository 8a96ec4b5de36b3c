//! The pictures of a row: saved into the folder of the batch, each beside the photo that it was made from.

use std::sync::Arc;

use data_encoding::BASE64;

use super::row::Row;
use crate::context::{Context, SaveArgs};
use crate::error::{Error, Kind};
use crate::jobs::{About, FolderError, Outcome, Plan, Saver};
use crate::protocol::render::Render;

/// Where pictures go and what they are called.
pub(super) struct Saving<'a> {
    pub(super) saver: Arc<Saver>,
    pub(super) args: &'a SaveArgs,
    pub(super) context: &'a Context,
}

/// What became of a row's pictures.
#[derive(Debug, Default)]
pub(super) struct Saved {
    /// Their files.
    pub(super) pictures: Vec<String>,
    /// Why one is missing: the first error, but one about the disk before all others.
    pub(super) error: Option<Error>,
}

impl Saving<'_> {
    /// Keeps the photo of a row as it is sent, for the page that shows before and after. A link is not fetched for that.
    pub(super) fn keep_photo(&self, row: &Row, url: &str) -> Result<Option<String>, FolderError> {
        let jpeg = url.strip_prefix("data:image/jpeg;base64,").and_then(|data| BASE64.decode(data.as_bytes()).ok());
        jpeg.map(|jpeg| self.saver.folder().save_before(row.source(), &jpeg)).transpose()
    }

    /// Saves the pictures that are not there yet.
    pub(super) async fn save(&self, row: &Row, render: &Render, photo: Option<String>) -> Saved {
        match self.outcomes(row, render, photo).await {
            Ok(outcomes) => Saved::of(outcomes),
            Err(error) => Saved { error: Some(error), ..Saved::default() },
        }
    }

    async fn outcomes(&self, row: &Row, render: &Render, photo: Option<String>) -> Result<Vec<Outcome>, Error> {
        let before = match photo {
            Some(photo) => Some(photo),
            None => self.photo_of_before(row, render).await?,
        };
        let styles = row.wanted.styles();
        let about = About {
            source: Some(row.source().to_owned()),
            before,
            room: row.wanted.room().map(str::to_owned),
            style: (styles.len() == 1).then(|| styles[0].to_owned()),
            row: Some(row.place.row),
        };
        let plan = Plan::of(render, &about, self.args.variant, &self.args.name);
        Plan::check_names([&plan])?;
        let outcomes = self.saver.save(plan).await?;
        for (asked, entry) in outcomes.iter().filter_map(|saved| Some((saved.instead_of?, &saved.entry))) {
            let (variation, given) = (&entry.variation, entry.variant);
            self.context.printer.note(format!("variation {variation}: no link to it as {asked}: saved as {given}"));
        }
        Ok(outcomes)
    }

    /// The photo that an earlier run kept, or else the photo once more.
    async fn photo_of_before(&self, row: &Row, render: &Render) -> Result<Option<String>, Error> {
        let mut entries = self.saver.folder().entries()?.into_iter();
        match entries.find(|entry| entry.render == render.id) {
            Some(entry) => Ok(entry.before),
            None => Ok(self.keep_photo(row, &row.image.url().await?)?),
        }
    }
}

impl Saved {
    fn of(outcomes: Vec<Outcome>) -> Self {
        let mut this = Self::default();
        for outcome in outcomes {
            match &outcome.result {
                Ok(_) => this.pictures.push(outcome.entry.file),
                Err(error) => {
                    let error = Error::from(error);
                    if this.error.is_none() || error.kind == Kind::Unwritable {
                        this.error = Some(error);
                    }
                }
            }
        }
        this
    }
}
