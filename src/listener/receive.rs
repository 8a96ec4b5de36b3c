//! One delivery over HTTP: the limits of the socket, the signature, and the answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HeaderMap, HeaderValue, RETRY_AFTER,
    TRANSFER_ENCODING,
};
use hyper::service::Service;
use hyper::{Method, Request, Response, StatusCode};
use jiff::Timestamp;

use super::keeper::Keeper;
use super::queue::Queue;
use super::secrets::LiveSecrets;
use crate::journal::{Arrival, EventRecord, Facts, Headers, Reformatted, Refused, cut, quoted};
use crate::protocol::{Matched, SIGNATURE_HEADER, Signature, Verified};
use crate::serve::Peer;

/// Bytes of a refused body that are read and thrown away, so that its sender gets to see the answer.
const DISCARDED: u64 = 16 * 1024 * 1024;

/// What becomes of a delivery that cannot be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Unverifiable {
    /// Answered 401 and reported as refused.
    Reject,
    /// Answered 200 and reported as unverified, never as an event.
    Mark,
}

/// How a listener receives.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The one path that is served.
    pub(crate) path: String,
    /// Bytes of a body; more is answered 413.
    pub(crate) max_body: usize,
    /// Time for a body to arrive; after it, 408.
    pub(crate) body_time: Duration,
    pub(crate) unverified: Unverifiable,
}

/// The service behind the socket. Clones share one state.
#[derive(Clone)]
pub(crate) struct Listener(Arc<State>);

struct State {
    options: Options,
    secrets: LiveSecrets,
    now: fn() -> Timestamp,
    keeper: Keeper,
    queue: Queue,
}

/// Why a delivery is not taken, with the status that says so.
struct Refusal {
    status: StatusCode,
    reason: String,
}

impl Refusal {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }
}

impl Listener {
    /// Gives what it receives to `keeper` and then to `queue`. Where there is no room it is answered 503, and the
    /// vendor's retry brings the event back.
    pub(crate) fn new(
        options: Options,
        secrets: LiveSecrets,
        now: fn() -> Timestamp,
        keeper: Keeper,
        queue: Queue,
    ) -> Self {
        Self(Arc::new(State { options, secrets, now, keeper, queue }))
    }
}

impl Service<Request<Incoming>> for Listener {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let state = self.0.clone();
        Box::pin(async move { Ok(state.answer(request).await) })
    }
}

impl State {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let received_at = (self.now)();
        let peer = request.extensions().get::<Peer>().map_or(SocketAddr::from(([0, 0, 0, 0], 0)), |peer| peer.0);
        let (head, mut body) = request.into_parts();
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let received = match self.admit(&head.method, head.uri.path(), &head.headers) {
            Ok(()) => self.read(&mut body).await,
            Err(refusal) => Err(refusal),
        };
        let (outcome, bytes) = match received {
            Ok(bytes) => (self.verify(&head.headers, &bytes), bytes),
            Err(refusal) => {
                // Who asks before sending is sent away unread; who is too slow has had its time.
                if !head.headers.contains_key(EXPECT) && refusal.status != StatusCode::REQUEST_TIMEOUT {
                    discard(body, self.options.body_time).await;
                }
                (Err(refusal), Bytes::new())
            }
        };
        match outcome {
            Ok((verified, secret)) => {
                let reformatted = (verified.matched() == Matched::Canonical).then(|| Reformatted::of(&bytes));
                let headers = listed(&head.headers);
                let arrival = Arrival { received_at, target: target.to_owned(), headers, reformatted };
                self.hand_on(EventRecord::new(verified, secret, arrival)).await
            }
            Err(refusal) => {
                let facts =
                    Facts { received_at, peer, target: target.to_owned(), signatures: signatures(&head.headers) };
                self.refuse(refusal, facts, bytes)
            }
        }
    }

    /// What can be told from the head alone.
    fn admit(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        if path != self.options.path {
            return Err(Refusal::new(StatusCode::NOT_FOUND, format!("nothing is served at {}", quoted(path))));
        }
        if method != Method::POST {
            return Err(Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("{} instead of POST", cut(method.as_str())),
            ));
        }
        if let Some(problem) = unsupported(headers) {
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
        }
        match headers
            .get(CONTENT_LENGTH)
            .map(|length| length.to_str().ok().and_then(|length| length.parse::<u64>().ok()))
        {
            None if !headers.contains_key(TRANSFER_ENCODING) => {
                Err(Refusal::new(StatusCode::LENGTH_REQUIRED, "neither a length nor a chunked body"))
            }
            Some(Some(0)) => Err(empty()),
            Some(Some(length)) if length > self.options.max_body as u64 => Err(self.too_large()),
            _ => Ok(()),
        }
    }

    async fn read(&self, body: &mut Incoming) -> Result<Bytes, Refusal> {
        let limited = Limited::new(body, self.options.max_body);
        match tokio::time::timeout(self.options.body_time, limited.collect()).await {
            Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(self.too_large()),
            Ok(Err(_)) => Err(Refusal::new(StatusCode::BAD_REQUEST, "the body was cut off or badly chunked")),
            Ok(Ok(body)) => match body.to_bytes() {
                bytes if bytes.is_empty() => Err(empty()),
                bytes => Ok(bytes),
            },
        }
    }

    fn too_large(&self) -> Refusal {
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("larger than {} bytes", self.options.max_body))
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(Verified, String), Refusal> {
        let unauthorized = |reason: String| Refusal::new(StatusCode::UNAUTHORIZED, reason);
        let signature = signature(headers).map_err(unauthorized)?;
        if std::str::from_utf8(body).is_err() {
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body is not UTF-8 text"));
        }
        self.secrets.verify(body, signature).map_err(|error| unauthorized(error.to_string()))
    }

    async fn hand_on(&self, record: EventRecord) -> Response<Full<Bytes>> {
        let Some(place) = self.queue.place(record.payload().len()) else {
            return try_again("too many events wait to be printed");
        };
        match self.keeper.keep(record).await {
            Ok(record) => {
                place.take(record);
                answer(StatusCode::OK, "")
            }
            // The reason names a path of this machine.
            Err(_) => try_again("the event cannot be kept now"),
        }
    }

    fn refuse(self: Arc<Self>, refusal: Refusal, facts: Facts, body: Bytes) -> Response<Full<Bytes>> {
        let marks = self.options.unverified == Unverifiable::Mark && refusal.status == StatusCode::UNAUTHORIZED;
        let status = if marks { StatusCode::OK } else { refusal.status };
        self.queue.count_refusal();
        if self.queue.has_room_for_refusals() {
            let refused = Refused::new(facts, refusal.reason.clone(), status.as_u16(), &body);
            self.clone().report(if marks { refused.with_payload(&body) } else { refused }, body);
        }
        let mut response = answer(status, &refusal.reason);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        if matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// Shows a refusal, and keeps it before, so that it can be shown under the name that it is kept by.
    fn report(self: Arc<Self>, refused: Refused, body: Bytes) {
        if !self.keeper.keeps_refusals() {
            return self.queue.refused(refused);
        }
        let refused = refused.with_evidence(&body);
        tokio::spawn(async move { self.queue.refused(self.keeper.keep_refusal(refused).await) });
    }
}

fn try_again(text: &str) -> Response<Full<Bytes>> {
    let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn signatures(headers: &HeaderMap) -> Vec<String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).chars().take(200).collect();
    headers.get_all(SIGNATURE_HEADER).iter().take(10).map(text).collect()
}

fn empty() -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "an empty body")
}

/// Exactly one well-formed signature header, or what is wrong with it.
fn signature(headers: &HeaderMap) -> Result<Signature, String> {
    let mut values = headers.get_all(SIGNATURE_HEADER).iter();
    let value = match (values.next(), values.count()) {
        (None, _) => return Err(format!("no {SIGNATURE_HEADER} header")),
        (Some(value), 0) => value,
        (Some(_), more) => return Err(format!("{} {SIGNATURE_HEADER} headers instead of one", more + 1)),
    };
    let text = value.to_str().map_err(|_| format!("a malformed {SIGNATURE_HEADER} header"))?;
    Signature::parse(text).map_err(|error| format!("a malformed {SIGNATURE_HEADER} header: {error}"))
}

/// A content coding or charset that the vendor never uses and that would change what the bytes mean.
fn unsupported(headers: &HeaderMap) -> Option<String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase();
    if let Some(coding) = headers.get_all(CONTENT_ENCODING).iter().map(text).find(|coding| coding != "identity") {
        return Some(format!("content encoding {}; only identity is taken", quoted(&coding)));
    }
    let content_type = headers.get(CONTENT_TYPE).map(text)?;
    let charset = content_type.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("charset="))?;
    let charset = charset.trim_matches('"');
    (!matches!(charset, "utf-8" | "utf8" | "us-ascii"))
        .then(|| format!("charset {}; only UTF-8 is taken", quoted(charset)))
}

fn listed(headers: &HeaderMap) -> Headers {
    headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect()
}

/// Reads what the sender is still writing: closing at once would reset the connection under the answer.
async fn discard(mut body: Incoming, time: Duration) {
    let mut left = DISCARDED;
    if body.size_hint().lower() > left {
        return;
    }
    let drained = async {
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, Bytes::len) as u64;
            let Some(rest) = left.checked_sub(length) else { break };
            left = rest;
        }
    };
    let _ = tokio::time::timeout(time, drained).await;
}

fn answer(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let text = if text.is_empty() { Bytes::new() } else { Bytes::from(format!("{text}\n")) };
    let mut response = Response::new(Full::new(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
