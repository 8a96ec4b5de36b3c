//! One delivery over HTTP: the limits of the socket, the signature, and the answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderMap, HeaderName,
    HeaderValue, RETRY_AFTER, TRANSFER_ENCODING,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode, Version};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::body::{self, Whole};
use super::bounds::Bounds;
use super::budget::{Budget, place};
use super::finish::Finish;
use super::keeper::Keeper;
use super::queue::Queue;
use super::refusal::Refusal;
use super::relay::Relay;
use super::secrets::LiveSecrets;
use crate::journal::{Arrival, EventRecord, Facts, Headers, Logged, Reformatted, Refused, cut, quoted};
use crate::protocol::canonical_json::CanonicalError;
use crate::protocol::{Matched, SIGNATURE_HEADER, Signature, Unverified, Verified};
use crate::serve::{Caller, Serve};

/// A body of at most so many bytes is judged at once, whoever sent it: handing it to another thread would take longer.
const QUICK: usize = 1024;
/// The same for a body that somebody with the secret has signed as it is. Others can make the search for a canonical form
/// take long, which would hold up everybody.
const QUICK_IF_SIGNED: usize = 16 * 1024;

/// Refusals that wait to be kept at most.
const REFUSALS: usize = 64;

/// The reason itself names a path of this machine.
const NOT_KEPT: &str = "the event cannot be kept now";

type Answer = Response<Full<Bytes>>;

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
    pub(crate) unverified: Unverifiable,
    /// Verified events that are older by their own account are answered 403. Those that tell no time are taken.
    pub(crate) max_age: Option<Duration>,
    pub(crate) bounds: Bounds,
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
    relay: Option<Relay>,
    bodies: Arc<Budget>,
    requests: Arc<Semaphore>,
    checks: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
}

/// A delivery without its body.
struct Delivery {
    received_at: Timestamp,
    peer: SocketAddr,
    head: Parts,
}

impl Delivery {
    /// Path and query.
    fn target(&self) -> &str {
        self.head.uri.path_and_query().map_or("/", |target| target.as_str())
    }

    fn facts(&self) -> Facts {
        let signatures = signatures(&self.head.headers);
        Facts { received_at: self.received_at, peer: self.peer, target: self.target().to_owned(), signatures }
    }
}

impl Listener {
    /// Gives what it receives to `keeper` and then to `queue`; a `relay` answers for it. Where there is no room it is answered 503, and the
    /// vendor's retry brings the event back.
    pub(crate) fn new(
        options: Options,
        secrets: LiveSecrets,
        now: fn() -> Timestamp,
        keeper: Keeper,
        queue: Queue,
        relay: Option<Relay>,
    ) -> Self {
        let bounds = &options.bounds;
        let places = |number: usize| Arc::new(Semaphore::new(number.clamp(1, Semaphore::MAX_PERMITS)));
        let bodies = Arc::new(Budget::new(bounds.bodies.max(bounds.body)));
        let (requests, checks, refusals) = (places(bounds.requests), places(bounds.checks), places(REFUSALS));
        Self(Arc::new(State { options, secrets, now, keeper, queue, relay, bodies, requests, checks, refusals }))
    }
}

impl Serve for Listener {
    type Body = Full<Bytes>;

    fn serve(&self, request: Request<Incoming>, caller: &Caller) -> impl Future<Output = Answer> + Send {
        self.0.answer(request, caller)
    }
}

impl State {
    async fn answer(self: &Arc<Self>, request: Request<Incoming>, caller: &Caller) -> Answer {
        let received_at = (self.now)();
        let (head, mut body) = request.into_parts();
        let delivery = Delivery { received_at, peer: caller.peer(), head };
        let read = match self.admit(&delivery.head) {
            Ok(()) => self.read(&mut body).await,
            Err(refusal) => Err(refusal),
        };
        let whole = match read {
            Ok(whole) => whole,
            Err(refusal) => return Box::pin(self.turn_away(refusal, &delivery, body)).await,
        };
        let judged = if self.is_quick(&delivery.head.headers, whole.bytes()) {
            self.judge(&delivery, whole.bytes())
        } else {
            Box::pin(self.judged_aside(delivery, whole, caller)).await
        };
        let record = match judged {
            Ok(record) => record,
            Err(answer) => return *answer,
        };
        caller.has_sent();
        // Only events get as far as here: what strangers send takes no place from them.
        match place(&self.requests).await {
            Some(_place) => self.hand_on(record).await,
            None => busy("too many events are in flight"),
        }
    }

    /// Answers what was refused by its head or while its body was read.
    async fn turn_away(self: &Arc<Self>, refusal: Refusal, delivery: &Delivery, body: Incoming) -> Answer {
        // Who asks before sending is sent away unread.
        if refusal.lets_sender_finish() && !delivery.head.headers.contains_key(EXPECT) {
            body::discard(body, self.options.bounds.body_time).await;
        }
        self.refuse(&refusal, delivery, &[])
    }

    fn read(&self, body: &mut Incoming) -> impl Future<Output = Result<Whole, Refusal>> {
        let bounds = &self.options.bounds;
        body::read(body, bounds.body, bounds.body_time, &self.bodies)
    }

    /// What can be told from the head alone.
    fn admit(&self, head: &Parts) -> Result<(), Refusal> {
        let (method, path, headers) = (&head.method, head.uri.path(), &head.headers);
        // Ends in front of this one may have read another host out of it, and with it another end of the message.
        if head.version == Version::HTTP_11 && headers.get_all(HOST).iter().count() != 1 {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "not exactly one Host header"));
        }
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
            Some(Some(0)) => Err(Refusal::empty()),
            Some(Some(length)) if length > self.options.bounds.body as u64 => {
                Err(Refusal::too_large(self.options.bounds.body))
            }
            _ => Ok(()),
        }
    }

    /// The verdict on a body that may take long: it is judged aside, so that no other delivery waits for it, and keeps its
    /// place there though its sender leaves.
    async fn judged_aside(
        self: &Arc<Self>,
        delivery: Delivery,
        whole: Whole,
        caller: &Caller,
    ) -> Result<Box<EventRecord>, Box<Answer>> {
        // Until then its connection can make room for others.
        let Some(place) = place(&self.checks).await else {
            return Err(Box::new(busy("too many signatures are being checked")));
        };
        caller.has_sent();
        let state = self.clone();
        let judging = tokio::task::spawn_blocking(move || {
            let judged = state.judge(&delivery, whole.bytes());
            drop((whole, place));
            judged
        });
        judging.await.unwrap_or_else(|_| Err(Box::new(busy("the check was broken off"))))
    }

    fn is_quick(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let is_signed = || signature(headers).is_ok_and(|signature| self.secrets.signed_as_it_is(body, signature));
        body.len() <= QUICK || (body.len() <= QUICK_IF_SIGNED && is_signed())
    }

    fn judge(self: &Arc<Self>, delivery: &Delivery, body: &[u8]) -> Result<Box<EventRecord>, Box<Answer>> {
        let (verified, secret) = self
            .verify(&delivery.head.headers, body)
            .map_err(|refusal| Box::new(self.refuse(&refusal, delivery, body)))?;
        let reformatted = (verified.matched() == Matched::Canonical).then(|| Reformatted::of(body));
        let (received_at, headers) = (delivery.received_at, delivery.head.headers.iter().collect::<Headers>());
        let arrival = Arrival { received_at, target: delivery.target().to_owned(), headers, reformatted };
        let record = EventRecord::new(verified, secret, arrival);
        match self.too_old(&record, received_at) {
            Some(refusal) => Err(Box::new(self.refuse(&refusal, delivery, body))),
            None => Ok(Box::new(record)),
        }
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(Verified, String), Refusal> {
        let unauthorized = |reason: String| Refusal::new(StatusCode::UNAUTHORIZED, reason);
        let signature = signature(headers).map_err(unauthorized)?;
        self.secrets.verify(body, signature).map_err(|error| match error {
            Unverified::NotUtf8 | Unverified::MismatchNotCanonical(CanonicalError::NotUtf8 { .. }) => {
                Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body is not UTF-8 text")
            }
            _ => unauthorized(error.to_string()),
        })
    }

    /// The signature is right, so the status is not that of a wrong one; the vendor repeats itself after either.
    fn too_old(&self, record: &EventRecord, now: Timestamp) -> Option<Refusal> {
        let max_age = self.options.max_age?;
        let signed_at = Timestamp::from_millisecond(record.identity().timestamp?).ok()?;
        let age = Duration::try_from(now.duration_since(signed_at)).ok()?;
        let reason = || format!("signed, but {} s old", age.as_secs());
        (age > max_age).then(|| Refusal::new(StatusCode::FORBIDDEN, reason()))
    }

    async fn hand_on(self: &Arc<Self>, record: Box<EventRecord>) -> Answer {
        let kept = if self.keeper.is_durable() {
            let state = self.clone();
            // Its sender may go away meanwhile, and would take everything with it that is not done then.
            Finish::new(async move { state.keep(record).await }).await
        } else {
            self.keep(record).await
        };
        let answered = match (kept, &self.relay) {
            (Err(reason), _) => return busy(reason),
            (Ok(Some(logged)), Some(relay)) => Box::pin(relay.answer(logged.record, logged.position)).await,
            (Ok(_), _) => Ok(None),
        };
        answered.map_or_else(|_| busy(NOT_KEPT), |answered| answered.unwrap_or_else(|| answer(StatusCode::OK, "")))
    }

    /// Keeps an event and lets it wait for being shown; it comes back where a handler is to answer for it. Tells why it is
    /// not taken now.
    async fn keep(&self, record: Box<EventRecord>) -> Result<Option<Logged>, &'static str> {
        let place = self.queue.place(record.payload().len()).await;
        if place.is_none() && !self.keeper.is_durable() {
            return Err("too many events wait to be printed");
        }
        let logged = self.keeper.keep(record).await.map_err(|_| NOT_KEPT)?;
        let to_answer_for = self.relay.is_some().then(|| logged.clone());
        match place {
            Some(place) => place.take(logged.record),
            None => self.queue.count_unshown(),
        }
        Ok(to_answer_for)
    }

    fn refuse(self: &Arc<Self>, refusal: &Refusal, delivery: &Delivery, body: &[u8]) -> Answer {
        if refusal.is_busy() {
            return busy(&refusal.reason);
        }
        let marks = self.options.unverified == Unverifiable::Mark && refusal.status == StatusCode::UNAUTHORIZED;
        let status = if marks { StatusCode::OK } else { refusal.status };
        self.queue.count_refusal();
        if self.queue.has_room_for_refusals() {
            let refused = Refused::new(delivery.facts(), refusal.reason.clone(), status.as_u16(), body);
            self.report(if marks { refused.with_payload(body) } else { refused }, body);
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
    fn report(self: &Arc<Self>, refused: Refused, body: &[u8]) {
        if !self.keeper.keeps_refusals() {
            return self.queue.refused(refused);
        }
        // A journal that falls behind is no reason to pile up what strangers send.
        let Ok(place) = self.refusals.clone().try_acquire_owned() else { return };
        let (state, refused) = (self.clone(), refused.with_evidence(body));
        tokio::spawn(async move {
            state.queue.refused(state.keeper.keep_refusal(refused).await);
            drop(place);
        });
    }
}

fn signatures(headers: &HeaderMap) -> Vec<String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).chars().take(200).collect();
    headers.get_all(SIGNATURE_HEADER).iter().take(10).map(text).collect()
}

/// The listener cannot take this now: the vendor's retry brings it back.
fn busy(reason: &str) -> Answer {
    let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, reason);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Exactly one well-formed signature header, or what is wrong with it.
fn signature(headers: &HeaderMap) -> Result<Signature, String> {
    static NAME: HeaderName = HeaderName::from_static("x-vsai-signature");
    let mut values = headers.get_all(&NAME).iter();
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
    let content_type = headers.get(CONTENT_TYPE).filter(|value| value.as_bytes().contains(&b';')).map(text)?;
    let charset = content_type.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("charset="))?;
    let charset = charset.trim_matches('"');
    (!matches!(charset, "utf-8" | "utf8" | "us-ascii"))
        .then(|| format!("charset {}; only UTF-8 is taken", quoted(charset)))
}

fn answer(status: StatusCode, text: &str) -> Answer {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    if !text.is_empty() {
        *response.body_mut() = Full::new(Bytes::from(format!("{text}\n")));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}
