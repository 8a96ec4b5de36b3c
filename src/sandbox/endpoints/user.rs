//! GET /status, GET /user, POST and DELETE /user/webhook-secret.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::auth::Caller;
use super::super::body::JsonBody;
use super::super::refusal::Refusal;
use super::super::state::Sandbox;
use super::super::validate;
use crate::protocol::Secret;

/// 200 without a body, also without a key.
pub(in super::super) async fn status() -> StatusCode {
    StatusCode::OK
}

pub(in super::super) async fn show(State(sandbox): State<Arc<Sandbox>>, caller: Caller) -> Json<Value> {
    let mut accounts = sandbox.accounts();
    Json(sandbox.user_answer(accounts.account(&caller.0)))
}

pub(in super::super) async fn set_secret(
    State(sandbox): State<Arc<Sandbox>>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, Refusal> {
    let text = validate::secret(&body, sandbox.options().strict)?;
    let secret = Secret::new(text).map_err(|error| Refusal::invalid(format!("secret: {error}")))?;
    sandbox.change(|accounts| accounts.account(&caller.0).secret = Some(secret));
    Ok(Json(json!({ "message": "Webhook secret set" })))
}

pub(in super::super) async fn delete_secret(State(sandbox): State<Arc<Sandbox>>, caller: Caller) -> StatusCode {
    sandbox.change(|accounts| accounts.account(&caller.0).secret = None);
    StatusCode::NO_CONTENT
}
