//! A request's JSON body, up to 32 MiB.

use std::fmt::Display;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use serde_json::Value;

use super::refusal::Refusal;
use super::state::Sandbox;

/// Bytes of a request's body.
pub(super) const BODY_AT_MOST: usize = 32 * 1024 * 1024;

/// The body as JSON of any shape.
pub(super) struct JsonBody(pub(super) Value);

impl FromRequest<Arc<Sandbox>> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, sandbox: &Arc<Sandbox>) -> Result<Self, Refusal> {
        let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            let essence = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
            essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
        });
        if !is_json {
            return Err(Refusal::invalid("Invalid request body: its content type must be application/json"));
        }
        let unreadable = |why: &dyn Display| Refusal::invalid(format!("Invalid request body: {why}"));
        let bytes = Bytes::from_request(request, sandbox).await.map_err(|error| unreadable(&error))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| unreadable(&format!("not JSON: {error}")))
    }
}

/// Reads a request's body before anything is answered: a client that is still sending would not see the answer.
pub(super) async fn whole(request: Request, next: Next) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let bytes = read(body).await?;
    Ok(next.run(Request::from_parts(head, Body::from(bytes))).await)
}

async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let (mut bytes, mut length) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::invalid(format!("Invalid request body: {error}")))?;
        let data = frame.into_data().unwrap_or_default();
        length += data.len();
        if length <= BODY_AT_MOST {
            bytes.extend_from_slice(&data);
        } else if length > 2 * BODY_AT_MOST {
            break;
        }
    }
    if length > BODY_AT_MOST {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body is larger than 32 MiB"));
    }
    Ok(bytes.freeze())
}
