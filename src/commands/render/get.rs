//! `vsai render get`: a render and all of its variations.

use clap::Args;

use super::report::RenderReport;
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::jobs::whole_render;

/// Show a render and its variations
#[derive(Debug, Args)]
pub(super) struct Get {
    /// The render
    id: String,
}

impl Get {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let render = context.block_on(async { Ok(whole_render(&api, &self.id).await?) })?;
        context.printer.report(&RenderReport(&render));
        Ok(Exit::Done)
    }
}
