//! GET and POST /renders/{render_id}/variations, GET /renders/{render_id}/variations/{variation_id}.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::auth::Caller;
use super::super::body::JsonBody;
use super::super::pages::Query;
use super::super::refusal::Refusal;
use super::super::state::Sandbox;
use super::super::validate;
use super::super::worker::{self, Booked};

pub(in super::super) async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    Path(render_id): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let new = validate::variations(&body, sandbox.options().strict)?;
    let wait = new.wait;
    let batch = sandbox.book_variations(&caller, &render_id, new)?;
    let booked = batch.booked();
    let queued = answer(&sandbox, &booked);
    worker::start(&sandbox, batch);
    if !wait {
        return Ok((StatusCode::CREATED, queued));
    }
    booked.ended(&sandbox).await;
    Ok((StatusCode::OK, answer(&sandbox, &booked)))
}

/// A plain array here, unlike everywhere else.
fn answer(sandbox: &Sandbox, booked: &Booked) -> Json<Value> {
    let mut accounts = sandbox.accounts();
    let render = accounts.render(&booked.place);
    let new = render.variations.iter().filter(|variation| booked.variations.contains(&variation.id));
    let variations: Vec<Value> = new.map(|variation| sandbox.variation_answer(render, variation)).collect();
    Json(json!({ "variations": variations }))
}

/// No documentation names its parameters, so it takes those of other lists.
pub(in super::super) async fn list(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    Path(render_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let names = ["limit", "cursor", "order"];
    let page = Query::read(query.as_deref(), &names, sandbox.options().strict)?.page(names, false)?;
    let mut accounts = sandbox.accounts();
    Ok(Json(sandbox.variations_answer(accounts.account(&caller.0).render(&render_id)?, &page)?))
}

pub(in super::super) async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    Path((render_id, variation_id)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let mut accounts = sandbox.accounts();
    let render = accounts.account(&caller.0).render(&render_id)?;
    Ok(Json(sandbox.variation_answer(render, render.variation(&variation_id)?)))
}
