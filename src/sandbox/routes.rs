//! The table of contents: every path of the API, what is wrapped around it, and the server.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use super::body;
use super::cut::{self, Cut};
use super::endpoints::{analysis, renders, user, variations};
use super::faults::{Effect, Fault};
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
    if response.extensions().get::<Cut>().is_some() {
        return response;
    }
    let said = response.extensions().get::<Said>().map(|said| said.0.clone());
    sandbox.tell(SandboxEvent::Request { method, path, status: response.status(), said });
    response
}

/// Answers as it must not, or not at all, where the seed says so; some times only after the request took effect.
async fn put_in_faults(
    State(sandbox): State<Arc<Sandbox>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let kind = format!("{} {}", request.method(), path.as_str());
    let name = format!("{kind} {}", sandbox.request_number(&kind));
    let mut faults = [Fault::Hang, Fault::Cut, Fault::Http429, Fault::Http500].into_iter();
    let Some(fault) = faults.find(|fault| sandbox.faults().strikes(*fault, &name)) else {
        let answer = next.run(request).await;
        // Even a sleep of no time takes a millisecond.
        if !sandbox.faults().rates.slow.is_zero() {
            tokio::time::sleep(sandbox.faults().rates.slow).await;
        }
        return answer;
    };
    let effect = sandbox.faults().effect(fault, &name);
    sandbox.tell(SandboxEvent::Fault { fault: fault.name(), subject: format!("{} {name}", effect.fault_is()) });
    let answer = if effect == Effect::Never { None } else { Some(next.run(request).await) };
    match (fault, answer) {
        (Fault::Hang, _) => std::future::pending().await,
        (Fault::Cut, Some(answer)) if effect == Effect::Within => cut::in_the_middle(answer).await,
        (Fault::Cut, _) => cut::at_once(),
        (Fault::Http429, _) => {
            let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
            ([(header::RETRY_AFTER, "1")], refusal).into_response()
        }
        _ => Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error").into_response(),
    }
}
