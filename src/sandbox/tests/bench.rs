//! What the tests stand on: a sandbox without waiting times, calls that are judged, and a receiver for webhooks.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use data_encoding::BASE64;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt;

use super::super::options::{Options, Pace};
use super::super::routes::router;
use super::super::{Sandbox, SandboxEvent};
use crate::contract;
use crate::images::Picture;
use crate::serve::{Limits, serve};

pub(super) const KEY: &str = "vsai-sandbox";
pub(super) const ROOM: &str = "https://example.com/room.jpg";

/// A sandbox and what it has told.
pub(super) struct Bench {
    pub(super) sandbox: Arc<Sandbox>,
    pub(super) clock: Arc<AtomicI64>,
    told: watch::Receiver<Vec<SandboxEvent>>,
}

/// Options under which all work is done at once.
pub(super) fn at_once() -> Options {
    let mut options = Options::new(1, 1);
    options.pace = Pace { queued: Duration::ZERO, rendering: Duration::ZERO, between: Duration::ZERO };
    options.webhooks.pauses = [Duration::ZERO; 3];
    options.webhooks.timeout = Duration::from_secs(5);
    options
}

/// A small empty room as a data URL: drawn in a tenth of the time of a room that stands for a URL.
pub(super) fn small_room() -> String {
    format!("data:image/png;base64,{}", BASE64.encode(&Picture::empty_room((300, 200), 1).png()))
}

/// A render request of one staged living room, with members put over it.
pub(super) fn staging(over: Value) -> Value {
    let mut request = json!({
        "config": { "type": "staging", "add_furniture": { "room_type": "living", "style": "modern" } },
        "image_url": ROOM,
    });
    for (member, value) in over.as_object().expect("an object") {
        request[member] = value.clone();
    }
    request
}

impl Bench {
    pub(super) fn new(options: Options) -> Self {
        let clock = Arc::new(AtomicI64::new(1_760_000_000_000));
        let (tell, told) = watch::channel(Vec::new());
        let log = Arc::new(move |event| tell.send_modify(|events| events.push(event)));
        let now = clock.clone();
        let clock_of_sandbox = Arc::new(move || now.load(Ordering::Relaxed));
        let sandbox = Sandbox::new(options, "http://127.0.0.1:4010", clock_of_sandbox, log).expect("a client");
        Self { sandbox, clock, told }
    }

    /// One exchange as it is.
    pub(super) async fn exchange(&self, request: Request) -> (StatusCode, HeaderMap, Bytes) {
        let response = router(self.sandbox.clone()).oneshot(request).await.expect("a router does not fail");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a whole body");
        (parts.status, parts.headers, bytes)
    }

    /// One call with another key; its answer is judged.
    pub(super) async fn call_as(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let request = Request::builder().method(method).uri(format!("/v2{path}"));
        let request = request.header("authorization", format!("Api-Key {key}"));
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let (status, _, bytes) = self.exchange(request.expect("a request")).await;
        let answer = if bytes.is_empty() { None } else { Some(serde_json::from_slice(&bytes).expect("JSON")) };
        contract::answer_fits(method, path, status.as_u16(), answer.as_ref()).expect("an answer as described");
        (status.as_u16(), answer.unwrap_or(Value::Null))
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        self.call_as(KEY, "GET", path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call_as(KEY, "POST", path, Some(&body)).await
    }

    /// Creates a render, waits for it, and returns it with its variations.
    pub(super) async fn rendered(&self, over: Value) -> Value {
        let mut request = staging(over);
        request["wait_for_completion"] = json!(true);
        let (status, render) = self.post("/renders", request).await;
        assert_eq!(status, 200, "{render}");
        render
    }

    /// Fetches a result link.
    pub(super) async fn fetch(&self, link: &Value) -> (StatusCode, HeaderMap, Bytes) {
        let path = link.as_str().and_then(|link| link.strip_prefix("http://127.0.0.1:4010")).expect("a link of ours");
        self.exchange(Request::builder().uri(path).body(Body::empty()).expect("a request")).await
    }

    /// Waits until a variation list is as wanted.
    pub(super) async fn until_variations(&self, render: &Value, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let id = render["id"].as_str().expect("an id").to_owned();
        let look = self.sandbox.until(|accounts| {
            let account = accounts.all().find(|account| account.render(&id).is_ok())?;
            let render = account.render(&id).ok()?;
            let list: Vec<Value> =
                render.variations.iter().map(|variation| self.sandbox.variation_answer(render, variation)).collect();
            wanted(&list).then_some(list)
        });
        tokio::time::timeout(Duration::from_secs(10), look).await.expect("in time")
    }

    /// Waits until the sandbox has told what is wanted.
    pub(super) async fn until_told(&self, wanted: impl Fn(&[SandboxEvent]) -> bool) -> Vec<SandboxEvent> {
        let mut told = self.told.clone();
        let wait = told.wait_for(|events| wanted(events));
        let events = tokio::time::timeout(Duration::from_secs(10), wait).await.expect("in time");
        events.expect("the sandbox lives").clone()
    }

    /// What the sandbox has told so far.
    pub(super) fn told(&self) -> Vec<SandboxEvent> {
        self.told.borrow().clone()
    }
}

/// A webhook as it came.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) target: String,
    pub(super) signature: Option<String>,
    pub(super) body: String,
}

impl Received {
    pub(super) fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// A receiver on a real socket that answers the statuses it was given, then 200.
pub(super) struct Receiver {
    pub(super) url: String,
    received: watch::Receiver<Vec<Received>>,
}

#[derive(Clone)]
struct Inbox {
    received: Arc<watch::Sender<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    pub(super) async fn start(answers: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
        let (sender, received) = watch::channel(Vec::new());
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect()));
        let inbox = Inbox { received: Arc::new(sender), answers };
        let service = TowerToHyperService::new(Router::new().fallback(receive).with_state(inbox));
        tokio::spawn(serve(listener, service, Limits::default(), std::future::pending()));
        Self { url, received }
    }

    /// Waits for so many deliveries.
    pub(super) async fn wait_unjudged(&self, count: usize) -> Vec<Received> {
        let mut received = self.received.clone();
        let wait = received.wait_for(|received| received.len() >= count);
        let all = tokio::time::timeout(Duration::from_secs(10), wait).await.expect("in time");
        all.expect("the receiver lives").clone()
    }

    /// Waits for so many deliveries. Each is held to the API's description.
    pub(super) async fn wait_for(&self, count: usize) -> Vec<Received> {
        let all = self.wait_unjudged(count).await;
        for one in &all {
            contract::webhook_fits(&one.event()).expect("a webhook as described");
        }
        all
    }
}

async fn receive(State(inbox): State<Inbox>, request: Request) -> StatusCode {
    let target = request.uri().to_string();
    let signature = request.headers().get("x-vsai-signature").map(|value| value.to_str().expect("ASCII").to_owned());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.expect("a whole body");
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    inbox.received.send_modify(|received| received.push(Received { target, signature, body }));
    let status = inbox.answers.lock().expect("not poisoned").pop_front().unwrap_or(200);
    StatusCode::from_u16(status).expect("a status")
}
