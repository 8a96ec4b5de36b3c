//! POST /analyze and POST /multi-view-compatability.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::super::auth::Caller;
use super::super::body::JsonBody;
use super::super::refusal::Refusal;
use super::super::state::Sandbox;
use super::super::{validate, worker};

/// Answered when done, or at once when a webhook will tell.
pub(in super::super) async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, Refusal> {
    let new = validate::analysis(&body, sandbox.options().strict)?;
    drop(body);
    let waits = new.webhook.is_none();
    let id = sandbox.book_analysis(&caller);
    let queued = sandbox.analysis_answer(sandbox.accounts().account(&caller.0).analysis(&id)?);
    worker::start_analysis(&sandbox, caller.clone(), id.clone(), new);
    if !waits {
        return Ok(Json(queued));
    }
    sandbox
        .until(|accounts| {
            accounts.account(&caller.0).analysis(&id).is_ok_and(|one| one.finding.is_some()).then_some(())
        })
        .await;
    Ok(Json(sandbox.analysis_answer(sandbox.accounts().account(&caller.0).analysis(&id)?)))
}

pub(in super::super) async fn check_multi_view(
    State(sandbox): State<Arc<Sandbox>>,
    _: Caller,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, Refusal> {
    let sources = validate::multi_view(&body, sandbox.options().strict)?;
    drop(body);
    Ok(Json(json!({ "compatible": worker::read(&sandbox, sources).await.is_ok() })))
}
