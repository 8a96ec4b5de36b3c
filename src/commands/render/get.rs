//! `vsai render get`: a render and all of its variations.

use clap::Args;

use super::report::RenderReport;
use crate::client::{Api, PageQuery};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::protocol::render;

/// Show a render and its variations
#[derive(Debug, Args)]
pub(super) struct Get {
    /// The render
    id: String,
}

impl Get {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let render = context.block_on(whole_render(&api, &self.id))?;
        context.printer.report(&RenderReport(&render));
        Ok(Exit::Done)
    }
}

/// Pages of variations that are read; a render has 20 at most, so more means a server that never ends.
const MAX_PAGES: usize = 10;

/// The render with all of its variations.
async fn whole_render(api: &Api, id: &str) -> Result<render::Render, Error> {
    let mut query = PageQuery { limit: Some(20), ..PageQuery::default() };
    let mut whole = api.get_render(id, Some(&query)).await?;
    for _ in 1..MAX_PAGES {
        let Some(cursor) = whole.variations.as_mut().and_then(|page| page.next_cursor.take()) else { break };
        query.cursor = Some(cursor);
        let next = api.get_render(id, Some(&query)).await?.variations;
        let (Some(whole), Some(next)) = (whole.variations.as_mut(), next) else { break };
        whole.items.extend(next.items);
        whole.next_cursor = next.next_cursor;
    }
    Ok(whole)
}
