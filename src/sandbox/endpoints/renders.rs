//! GET and POST /renders, GET /renders/{render_id}.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::super::auth::Caller;
use super::super::body::JsonBody;
use super::super::pages::{Page, Query};
use super::super::refusal::Refusal;
use super::super::state::Sandbox;
use super::super::validate;
use super::super::worker;

pub(in super::super) async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let new = validate::render(&body, sandbox.options().strict)?;
    drop(body);
    let wait = new.variations.wait;
    let batch = sandbox.book_render(&caller, new)?;
    let booked = batch.booked();
    let queued = sandbox.render_answer(sandbox.accounts().render(&booked.place), Some(&Page::first()))?;
    worker::start(&sandbox, batch);
    if !wait {
        return Ok((StatusCode::CREATED, Json(queued)));
    }
    booked.ended(&sandbox).await;
    let done = sandbox.render_answer(sandbox.accounts().render(&booked.place), Some(&Page::first()))?;
    Ok((StatusCode::OK, Json(done)))
}

pub(in super::super) async fn list(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let names = ["limit", "cursor", "order"];
    let page = Query::read(query.as_deref(), &names, sandbox.options().strict)?.page(names, true)?;
    let mut accounts = sandbox.accounts();
    Ok(Json(sandbox.renders_answer(accounts.account(&caller.0), &page)?))
}

pub(in super::super) async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    Path(render_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let names = ["variations_limit", "variations_cursor", "variations_order"];
    let known = ["include_variations", names[0], names[1], names[2]];
    let query = Query::read(query.as_deref(), &known, sandbox.options().strict)?;
    let page = query.page(names, false)?;
    let variations = query.flag("include_variations")?.then_some(&page);
    let mut accounts = sandbox.accounts();
    Ok(Json(sandbox.render_answer(accounts.account(&caller.0).render(&render_id)?, variations)?))
}
