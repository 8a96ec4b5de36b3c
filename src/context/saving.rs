//! The flags of every command that saves pictures, and what saves them.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use super::Context;
use crate::client::Api;
use crate::error::Error;
use crate::jobs::{Downloader, Folder, Saver, Template, Variant};

/// Which pictures are saved and under which names.
#[derive(Debug, Args)]
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
    /// What saves into `folder`, `at_once` pictures at a time, and renews links through `api`.
    pub(crate) fn saver(
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
