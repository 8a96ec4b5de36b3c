//! Why a call did not succeed, in enough detail to choose an exit code, a hint, and whether a payment is unclear.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::address::is_loopback;

/// Why the API cannot be called at all. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("{0} is no API address: it needs http or https, a host, and no user name, query or fragment")]
    BadUrl(String),
    #[error("plain http to {0} would show the API key to the network: use https (http is for loopback only)")]
    InsecureUrl(String),
    #[error("the API key cannot be sent: {reason}")]
    UnusableKey { reason: &'static str },
    #[error("cannot use the CA file {}: {reason}", path.display())]
    CaFile { path: PathBuf, reason: String },
    #[error("{variable} names no http or https proxy")]
    Proxy { variable: &'static str },
    #[error("cannot prepare TLS: {reason}")]
    Tls { reason: String },
}

/// A call that did not succeed: what was tried, where, and what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientError {
    /// Method and path: `POST /renders`.
    pub(crate) operation: String,
    /// Scheme, host and port of the API.
    pub(crate) origin: String,
    /// What went wrong on the last attempt.
    pub(crate) failure: Failure,
    /// How often it was tried.
    pub(crate) attempts: u32,
    /// An attempt before the last may have been carried out.
    pub(super) earlier_unclear: bool,
}

/// What went wrong. `message` is the server's own text, shortened, without control characters and secrets; it may be
/// empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("refused as invalid (400){}", said(message))]
    BadRequest { message: String },
    #[error("the API key was refused (401){}", said(message))]
    Unauthorized { message: String },
    #[error("payment required (402){}", said(message))]
    PaymentRequired { message: String },
    /// A plan without the API, or the photo limit: `quota` is guessed from the message.
    #[error("forbidden (403){}", said(message))]
    Forbidden { message: String, quota: bool },
    #[error("not found (404){}", said(message))]
    NotFound { message: String },
    #[error("too many requests (429){}{}", said(message), asks_to_wait(*retry_after))]
    TooManyRequests { message: String, retry_after: Option<Duration> },
    /// 5xx.
    #[error("the API failed ({status}){}{}", said(message), asks_to_wait(*retry_after))]
    Server { status: u16, message: String, retry_after: Option<Duration> },
    #[error("unexpected answer ({status}){}", said(message))]
    OtherStatus { status: u16, message: String },
    /// Never followed: it would carry the key elsewhere.
    #[error("a redirect ({status}){}, which is not followed", to(location))]
    Redirect { status: u16, location: Option<String> },
    /// The request may have arrived.
    #[error("no complete answer within {}", seconds(*after))]
    Timeout { after: Duration },
    /// No connection came about: nothing was sent.
    #[error("{0}")]
    Connect(ConnectFailure),
    /// The request may have arrived.
    #[error("the connection broke before the answer was complete: {detail}")]
    Broken { detail: String },
    /// A success that is no JSON, such as a login page.
    #[error("answered {status} with {content_type} instead of JSON{}", said(start))]
    NotJson { status: u16, content_type: String, start: String },
    #[error("answered {status} with JSON that is not understood: {reason}")]
    NotUnderstood { status: u16, reason: String },
    #[error("the answer is larger than {} KiB", limit / 1024)]
    TooLarge { limit: usize },
    /// It would change the path; nothing was sent.
    #[error("{id:?} cannot be an id")]
    BadId { id: String },
    /// Nothing was sent.
    #[error("the request cannot be built: {reason}")]
    Unsendable { reason: String },
}

/// Why no connection came about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConnectFailure {
    #[error("connection refused")]
    Refused,
    #[error("the host name cannot be resolved ({0})")]
    Dns(String),
    #[error("the TLS connection failed: {0}")]
    Tls(String),
    #[error("no connection within {}", seconds(*.after))]
    TimedOut { after: Duration },
    /// The proxy could not be reached, or did not open the tunnel.
    #[error("the proxy {proxy} did not connect: {detail}")]
    Proxy { proxy: String, detail: String },
    #[error("no connection: {0}")]
    Other(String),
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.operation, self.origin, self.failure)?;
        if self.attempts > 1 {
            write!(f, " (tried {} times)", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for ClientError {}

impl ClientError {
    /// A read that went wrong like this, without any API.
    #[cfg(test)]
    pub(crate) fn of_read(failure: Failure) -> Self {
        let (operation, origin) = ("GET /renders/rnd_1".to_owned(), "https://api.example".to_owned());
        Self { operation, origin, failure, attempts: 1, earlier_unclear: false }
    }

    /// Whether the API is on this machine.
    pub(crate) fn is_for_loopback(&self) -> bool {
        Url::parse(&self.origin).is_ok_and(|url| is_loopback(&url))
    }

    /// Whether the API may have carried the call out all the same: a payment that is unclear, a secret that may be set.
    pub(crate) fn outcome_unclear(&self) -> bool {
        self.earlier_unclear || self.failure.outcome_unclear()
    }

    /// Whether a call that must not be carried out twice may be sent once more, and may then go better: it was certainly
    /// not carried out, and the reason may pass.
    pub(crate) fn may_be_sent_again(&self) -> bool {
        !self.outcome_unclear() && self.failure.is_transient()
    }
}

impl Failure {
    /// False for a definite no: the API refused, or it never got the request.
    pub(super) fn outcome_unclear(&self) -> bool {
        match self {
            Self::BadRequest { .. }
            | Self::Unauthorized { .. }
            | Self::PaymentRequired { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::TooManyRequests { .. }
            | Self::Connect(_)
            | Self::BadId { .. }
            | Self::Unsendable { .. } => false,
            Self::OtherStatus { status, .. } => !(400..500).contains(status),
            // 302 and 303 may follow a POST that was carried out; these three ask for it to be sent elsewhere.
            Self::Redirect { status, .. } => !matches!(status, 301 | 307 | 308),
            Self::Server { .. }
            | Self::Timeout { .. }
            | Self::Broken { .. }
            | Self::NotJson { .. }
            | Self::NotUnderstood { .. }
            | Self::TooLarge { .. } => true,
        }
    }

    /// Whether another attempt may go better.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::TooManyRequests { .. } | Self::Server { .. } | Self::Timeout { .. } | Self::Broken { .. } => true,
            Self::Connect(reason) => !matches!(reason, ConnectFailure::Tls(_) | ConnectFailure::Proxy { .. }),
            _ => false,
        }
    }

    /// How long the server asks to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after, .. } | Self::Server { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

fn asks_to_wait(retry_after: Option<Duration>) -> String {
    retry_after.map(|wait| format!("; it asks to wait {}", seconds(wait))).unwrap_or_default()
}

fn to(location: &Option<String>) -> String {
    location.as_deref().map(|host| format!(" to {host}")).unwrap_or_default()
}

fn seconds(duration: Duration) -> String {
    format!("{} s", (duration.as_secs_f64() * 10.0).round() / 10.0)
}
