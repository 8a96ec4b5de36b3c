//! One POST of exact bytes with given headers: no redirects, no retries of its own, no proxy to this machine.

use std::future::ready;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Body, Client, ClientBuilder, StatusCode};
use tokio::sync::OnceCell;

use super::Target;
use super::trickle::Trickle;
use crate::http_client::{self, root_cause};
use crate::protocol::{SIGNATURE_HEADER, Signature};

/// Bytes of an answer's body that are kept; the rest is not read.
const BODY_KEPT: usize = 16 * 1024;

/// The bytes and headers of one delivery.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    body: Bytes,
    headers: HeaderMap,
    over: Option<Duration>,
}

impl Message {
    /// A body, sent exactly as it is, of no content type.
    pub(crate) fn new(body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), headers: HeaderMap::new(), over: None }
    }

    /// A JSON body, sent exactly as it is.
    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self::new(body).header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
    }

    /// Sets a header, in place of one of that name.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The headers that were set.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Adds the signature header.
    pub(crate) fn signed(self, signature: Signature) -> Self {
        let value = HeaderValue::from_str(&signature.to_string()).expect("hex is a header value");
        self.header(signature_header(), value)
    }

    /// Sends the body bit by bit over this time, which is added to what the try gets.
    pub(crate) fn slowly(mut self, over: Duration) -> Self {
        self.over = Some(over);
        self
    }

    fn body(&self) -> Body {
        match self.over {
            Some(over) => Body::wrap(Trickle::new(self.body.clone(), over)),
            None => self.body.clone().into(),
        }
    }
}

/// The header that carries the signature.
pub(crate) fn signature_header() -> HeaderName {
    HeaderName::from_bytes(SIGNATURE_HEADER.as_bytes()).expect("the constant is a header name")
}

/// One try and how it went.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// 1 for the first try.
    pub(crate) number: u32,
    /// The answer, or why there is none.
    pub(crate) outcome: Result<Answer, AttemptError>,
    /// From before the connection until the answer was read.
    pub(crate) duration: Duration,
}

/// What the target answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Any status; a redirect is shown, not followed.
    pub(crate) status: StatusCode,
    /// As they came.
    pub(crate) headers: HeaderMap,
    /// The first bytes of the body, at most 16 KiB.
    pub(crate) body: Bytes,
}

impl Answer {
    /// A success that the vendor does not take for one: it sends again after all but 200.
    pub(crate) fn is_other_success(&self) -> bool {
        self.status.is_success() && self.status != StatusCode::OK
    }

    /// Where a redirect leads, as it was written.
    pub(crate) fn location(&self) -> Option<String> {
        let location = self.headers.get(LOCATION).filter(|_| self.status.is_redirection())?;
        Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
    }

    /// The beginning of the body as text: so many lines, none of them long or blank.
    pub(crate) fn first_lines(&self, count: usize) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let cut = |line: &str| line.chars().take(120).collect::<String>();
        text.lines().filter(|line| !line.trim().is_empty()).take(count).map(cut).collect::<Vec<_>>().join("\n")
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AttemptError {
    /// Nothing was sent: name not found, refused, TLS failed.
    #[error("no connection: {0}")]
    Connect(String),
    /// Somebody answers there, but not over TLS.
    #[error("it does not speak TLS: its URL begins with http://")]
    NoTls,
    /// The target may or may not have worked on it.
    #[error("no answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The same, with the connection lost.
    #[error("the connection broke: {0}")]
    Broken(String),
}

/// The HTTP client could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client for deliveries: {0}")]
pub(crate) struct SenderError(reqwest::Error);

/// Sends messages, each on its own connection: a receiver that restarts between two never breaks the second.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    timeout: Duration,
    plain_loopback: Client,
    // Reading the system's certificates takes a hundred times longer than all else, and few need them.
    secure_loopback: OnceCell<Client>,
    elsewhere: OnceCell<Client>,
}

impl Sender {
    /// A sender that gives each try this long.
    pub(crate) fn new(timeout: Duration) -> Result<Self, SenderError> {
        let plain_loopback = loopback_client(timeout)?;
        Ok(Self { timeout, plain_loopback, secure_loopback: OnceCell::new(), elsewhere: OnceCell::new() })
    }

    async fn client(&self, target: &Target) -> Result<&Client, SenderError> {
        match (target.is_loopback(), target.url().scheme()) {
            (true, "http") => Ok(&self.plain_loopback),
            (true, _) => {
                self.secure_loopback
                    .get_or_try_init(|| ready(build(http_client::builder_for_this_machine(), self.timeout)))
                    .await
            }
            (false, _) => self.elsewhere.get_or_try_init(|| ready(build(http_client::builder(), self.timeout))).await,
        }
    }

    /// Makes one POST.
    pub(crate) async fn post(&self, target: &Target, message: &Message) -> Attempt {
        let started = Instant::now();
        let outcome = self.exchange(target, message).await;
        Attempt { number: 1, outcome, duration: started.elapsed() }
    }

    async fn exchange(&self, target: &Target, message: &Message) -> Result<Answer, AttemptError> {
        let client = self.client(target).await.map_err(|error| AttemptError::Connect(error.to_string()))?;
        let time = self.timeout.saturating_add(message.over.unwrap_or_default());
        let request =
            client.post(target.url().clone()).headers(message.headers.clone()).body(message.body()).timeout(time);
        let mut response = request.send().await.map_err(|error| self.failure(&error))?;
        let mut body = BytesMut::new();
        // The status has arrived and decides; a body that breaks off is kept as far as it came.
        while body.len() < BODY_KEPT
            && let Ok(Some(chunk)) = response.chunk().await
        {
            body.extend_from_slice(&chunk[..chunk.len().min(BODY_KEPT - body.len())]);
        }
        Ok(Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body: body.freeze() })
    }

    fn failure(&self, error: &reqwest::Error) -> AttemptError {
        let reason = root_cause(error);
        match error {
            // As rustls says it.
            _ if reason.contains("InvalidContentType") => AttemptError::NoTls,
            error if error.is_connect() => AttemptError::Connect(reason),
            error if error.is_timeout() => AttemptError::Timeout(self.timeout),
            _ => AttemptError::Broken(reason),
        }
    }
}

/// A client for plain http to this machine alone.
pub(crate) fn loopback_client(timeout: Duration) -> Result<Client, SenderError> {
    build(http_client::builder_for_this_machine().tls_certs_only([]), timeout)
}

fn build(builder: ClientBuilder, timeout: Duration) -> Result<Client, SenderError> {
    builder.pool_max_idle_per_host(0).timeout(timeout).build().map_err(SenderError)
}
