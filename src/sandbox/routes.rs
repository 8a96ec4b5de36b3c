//! The table of contents: every path of the API, what is wrapped around it, and the server.

use std::future::Future;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::TcpListener;

use super::body;
use super::endpoints::{analysis, renders, user, variations};
use super::faults::Fault;
use super::refusal::{Refusal, Said};
use super::results;
use super::state::{Sandbox, SandboxEvent};
use crate::serve::{Limits, serve};

/// The sandbox as a service.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    let api = Router::new()
        .route("/v2/status", get(user::status))
        .route("/v2/user", get(user::show))
        .route("/v2/user/webhook-secret", post(user::set_secret).delete(user::delete_secret))
        .route("/v2/renders", get(renders::list).post(renders::create))
        .route("/v2/renders/{render_id}", get(renders::show))
        .route("/v2/renders/{render_id}/variations", get(variations::list).post(variations::create))
        .route("/v2/renders/{render_id}/variations/{variation_id}", get(variations::show))
        .route("/v2/analyze", post(analysis::create))
        .route("/v2/multi-view-compatability", post(analysis::check_multi_view))
        .method_not_allowed_fallback(unknown)
        .route_layer(from_fn_with_state(sandbox.clone(), put_in_faults))
        .route_layer(from_fn(body::whole))
        .layer(DefaultBodyLimit::disable());
    let pictures = Router::new()
        .route("/results/{render_id}/{variation_id}/{view}/{file}", get(results::picture))
        .route("/results/{analysis_id}/mask.png", get(results::mask));
    api.merge(pictures).fallback(unknown).layer(from_fn_with_state(sandbox.clone(), tell)).with_state(sandbox)
}

/// Serves until `stop` resolves. Requests that hang on purpose are cut then.
pub(crate) async fn run(listener: TcpListener, sandbox: Arc<Sandbox>, stop: impl Future<Output = ()>) {
    serve(listener, TowerToHyperService::new(router(sandbox)), Limits::default(), stop).await;
}

async fn unknown(method: Method, uri: Uri) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("There is no {method} {}", uri.path()))
}

async fn tell(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let said = response.extensions().get::<Said>().map(|said| said.0.clone());
    sandbox.tell(SandboxEvent::Request { method, path, status: response.status(), said });
    response
}

/// Answers 500 or hangs where the seed says so; every other time only after the request took effect.
async fn put_in_faults(
    State(sandbox): State<Arc<Sandbox>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let kind = format!("{} {}", request.method(), path.as_str());
    let name = format!("{kind} {}", sandbox.request_number(&kind));
    let struck = [Fault::Hang, Fault::Http500].into_iter().find(|fault| sandbox.faults().strikes(*fault, &name));
    let Some(fault) = struck else { return next.run(request).await };
    let takes_effect = sandbox.faults().takes_effect(&name);
    let when = if takes_effect { "after" } else { "before" };
    sandbox.tell(SandboxEvent::Fault { fault: fault.name(), subject: format!("{when} {name}") });
    if takes_effect {
        drop(next.run(request).await);
    }
    if fault == Fault::Hang {
        std::future::pending::<()>().await;
    }
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "message": "Internal server error" }))).into_response()
}
