//! A saved picture as it is told.

use std::path::PathBuf;

use serde::Serialize;

use super::folder::{Entry, Folder};
use super::{How, Variant};
use crate::output::{Meaning, Report, Text};

/// A picture on disk.
#[derive(Debug, Serialize)]
pub(crate) struct Download {
    path: PathBuf,
    bytes: u64,
    width: u32,
    height: u32,
    render_id: String,
    variation_id: String,
    view: usize,
    variant: Variant,
    /// Whether it was complete before.
    there_already: bool,
}

impl Download {
    pub(crate) fn of(folder: &Folder, entry: &Entry, how: How) -> Self {
        Self {
            path: folder.file(&entry.file),
            bytes: entry.bytes,
            width: entry.width,
            height: entry.height,
            render_id: entry.render.clone(),
            variation_id: entry.variation.clone(),
            view: entry.view,
            variant: entry.variant,
            there_already: how == How::ThereAlready,
        }
    }
}

impl Report for Download {
    const KIND: &'static str = "download";

    fn human(&self) -> Text {
        let mut text = Text::from(if self.there_already { "there " } else { "saved " });
        text.add(Meaning::Path, self.path.display());
        let size = format!("  {}x{}  {} KiB", self.width, self.height, self.bytes.div_ceil(1024));
        text.add(Meaning::Dim, size);
        text
    }
}
