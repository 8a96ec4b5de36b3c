//! `vsai render get`: renders with all of their variations.

use clap::Args;

use super::report::RenderReport;
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::jobs::whole_render;

/// Show renders and their variations
#[derive(Debug, Args)]
pub(super) struct Get {
    /// The renders; ids of version 1 of the API will do as well
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

impl Get {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let mut missing = None;
        let found = context.block_on(async {
            let mut found = 0;
            for id in &self.ids {
                match whole_render(&api, id).await.map_err(Error::from) {
                    Ok(render) => {
                        found += 1;
                        context.printer.report(&RenderReport::of(&render));
                    }
                    Err(error) if error.kind == Kind::Refused && self.ids.len() > 1 => {
                        error.tell(&context.printer);
                        missing.get_or_insert(error.kind.exit());
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(found)
        })?;
        Ok(match missing {
            Some(_) if found > 0 => Exit::Partly,
            Some(exit) => exit,
            None => Exit::Done,
        })
    }
}
