//! A render with all of its variations, read page by page.

use std::future::Future;

use crate::client::{Api, ClientError, PageQuery};
use crate::protocol::render::Render;

/// Pages of variations that are read; a render has 20 variations at most, so more means a server that never ends.
const MAX_PAGES: usize = 10;

/// Reads the render with all of its variations, each page as often as the client tries.
pub(crate) async fn whole_render(api: &Api, id: &str) -> Result<Render, ClientError> {
    all_pages(|query| async move { api.get_render(id, Some(&query)).await }).await
}

/// Puts the pages of one render together. A cursor that comes again ends it, and no variation is there twice.
pub(super) async fn all_pages<F>(mut read: impl FnMut(PageQuery) -> F) -> Result<Render, ClientError>
where
    F: Future<Output = Result<Render, ClientError>>,
{
    let query = |cursor| PageQuery { limit: Some(20), cursor, order: None };
    let mut whole = read(query(None)).await?;
    let Some(all) = whole.variations.as_mut() else { return Ok(whole) };
    let mut cursors = Vec::new();
    while let Some(cursor) = all.next_cursor.take().filter(|cursor| !cursors.contains(cursor)) {
        cursors.push(cursor.clone());
        if cursors.len() == MAX_PAGES {
            break;
        }
        let Some(next) = read(query(Some(cursor))).await?.variations else { break };
        for variation in next.items {
            if all.items.iter().all(|known| known.id != variation.id) {
                all.items.push(variation);
            }
        }
        all.next_cursor = next.next_cursor;
    }
    Ok(whole)
}
