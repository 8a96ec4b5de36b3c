//! `vsai render show`: draws the pictures of a render in the terminal.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::images::Picture;
use crate::jobs::{About, Downloader, Entry, Folder, Plan, Saver, Shown, Template, Variant, whole_render};
use crate::output::{Meaning, Text};

/// From this width on, a picture stands beside what it was made from.
const WIDE: usize = 90;

/// Pictures that are downloaded at a time.
const AT_ONCE: usize = 4;

/// Draw a render's pictures in the terminal, before and after
///
/// In kitty, iTerm2, WezTerm, Ghostty, Konsole, foot and others as they are, elsewhere in coloured half-blocks.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The render
    id: String,
    /// One variation only
    #[arg(long, value_name = "ID")]
    variation: Option<String>,
    /// Folder in which its pictures may have been saved; else they are downloaded and not kept
    #[arg(long, value_name = "DIR", default_value = ".")]
    from: PathBuf,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        if !context.printer.can_draw() {
            let links = format!("{} render get {} prints the links", context.vsai(), self.id);
            return Err(Error::usage("cannot draw pictures: standard output is no terminal").hint(links));
        }
        let passing = tempfile::tempdir().map_err(|error| Error::unwritable(&std::env::temp_dir(), &error))?;
        let mut folder = Folder::at(&self.from);
        let mut entries = self.entries(&folder)?;
        if entries.is_empty() {
            folder = Folder::at(passing.path());
            self.download(context, &folder)?;
            entries = self.entries(&folder)?;
        }
        let shown = Shown::of(&entries);
        let wanted = |shown: &&Shown<'_>| self.variation.as_ref().is_none_or(|id| shown.entry.variation == *id);
        let mut drawn = 0;
        for shown in shown.iter().filter(wanted) {
            draw(context, &folder, shown)?;
            drawn += 1;
        }
        if drawn == 0 {
            let of = self.variation.as_ref().map_or(format!("render {}", self.id), |id| format!("variation {id}"));
            let how = format!("{} render get {} tells how it stands", context.vsai(), self.id);
            return Err(Error::new(Kind::Refused, format!("there is no finished picture of {of}")).hint(how));
        }
        Ok(Exit::Done)
    }

    /// The pictures of this render that are in a folder, with all that they were made from.
    fn entries(&self, folder: &Folder) -> Result<Vec<Entry>, Error> {
        let all = folder.entries()?;
        let complete = all.iter().filter(|entry| entry.render == self.id);
        Ok(complete.filter_map(|entry| folder.complete(&all, entry)).collect())
    }

    fn download(&self, context: &Context, folder: &Folder) -> Result<(), Error> {
        let api = Arc::new(context.api()?);
        let downloader = Downloader::new(&context.settings()?.api_url.value)?;
        let saver = Arc::new(Saver::new(downloader, Some(api.clone()), folder.clone(), AT_ONCE));
        context.block_on(async {
            let render = whole_render(&api, &self.id).await?;
            let plan = Plan::of(&render, &About::default(), Variant::Optimized, &Template::default());
            for outcome in saver.save(plan).await? {
                outcome.result.as_ref().map_err(Error::from)?;
            }
            Ok(())
        })
    }
}

fn draw(context: &Context, folder: &Folder, shown: &Shown<'_>) -> Result<(), Error> {
    let read = |name: &str| {
        let path = folder.file(name);
        let bytes = std::fs::read(&path).map_err(|error| Error::unreadable(&path, &error))?;
        let unusable = |error| Error::new(Kind::Input, format!("cannot draw {}: {error}", path.display()));
        Picture::decode(&bytes).map_err(unusable)
    };
    let after = read(&shown.entry.file)?;
    let mut title = Text::new();
    title.add(Meaning::Strong, shown.title()).plain("  ").add(Meaning::Identifier, &shown.entry.variation);
    if let Some((_, what)) = shown.before {
        title.add(Meaning::Dim, format!("  {} and after", what.to_lowercase()));
    }
    context.printer.note(title);
    let mut pictures = Vec::new();
    match shown.before.map(|(name, _)| read(name)).transpose()? {
        Some(before) if context.printer.columns().is_some_and(|columns| columns >= WIDE) => {
            pictures.push(before.beside(&after));
        }
        before => pictures.extend(before.into_iter().chain([after])),
    }
    for picture in pictures {
        context.draw(&picture.image())?;
    }
    Ok(())
}
