//! A request's JSON body, up to 32 MiB.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use bytes::BytesMut;
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

    async fn from_request(request: Request, _: &Arc<Sandbox>) -> Result<Self, Refusal> {
        let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            let essence = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
            essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
        });
        let bytes = read(request).await?;
        if !is_json {
            return Err(Refusal::invalid("Invalid request body: its content type must be application/json"));
        }
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| Refusal::invalid(format!("Invalid request body: not JSON: {error}")))?;
        Ok(Self(value))
    }
}

async fn read(request: Request) -> Result<BytesMut, Refusal> {
    let mut body = request.into_body();
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
        // In between the rest is read and dropped: a client that is still sending would not see the answer.
    }
    if length > BODY_AT_MOST {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body is larger than 32 MiB"));
    }
    Ok(bytes)
}
