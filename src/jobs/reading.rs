//! Reading a render with all of its variations, which the API hands out in pages.

use crate::client::{Api, ClientError, PageQuery};
use crate::protocol::render::Render;

/// Pages of variations that are read; a render has 20 at most, so more means a server that never ends.
const MAX_PAGES: usize = 10;

/// The render with all of its variations.
pub(crate) async fn whole_render(api: &Api, id: &str) -> Result<Render, ClientError> {
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
