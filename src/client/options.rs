//! What a caller decides about the calls: where to, with which key, and how long to try.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use super::{Failure, ProxyVariables};

/// Told what failed, and how long the wait is before the next attempt.
pub(crate) type OnRetry = Box<dyn Fn(&Failure, Duration) + Send + Sync>;

/// How the API is called. [`Options::new`] gives the defaults.
pub(crate) struct Options {
    /// The API's address with its version: `https://api.virtualstagingai.app/v2`.
    pub(crate) base_url: Url,
    /// Without one only [`super::Api::status`] can succeed.
    pub(crate) key: Option<SecretString>,
    /// PEM certificates to trust beside the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Proxies, as the environment names them.
    pub(crate) proxy: ProxyVariables,
    /// For name, connection and TLS together.
    pub(crate) connect_timeout: Duration,
    /// For each attempt at a free call, from the connect to the last byte.
    pub(crate) timeout: Duration,
    /// For the one attempt at a paid call: it may be answered only when the pictures are done, and giving up early leaves
    /// a payment unclear.
    pub(crate) paid_timeout: Duration,
    /// For free calls only; a paid call is never repeated.
    pub(crate) retries: Retries,
    /// The most bytes of an answer that are read.
    pub(crate) max_answer: usize,
    /// Called before each wait; a caller can show it.
    pub(crate) on_retry: OnRetry,
    /// The clock, for a `Retry-After` that is a date.
    pub(crate) now: fn() -> Timestamp,
}

/// How often and how patiently a free call is tried again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retries {
    /// Attempts after the first.
    pub(crate) count: usize,
    /// The first wait; it doubles each time, and up to as much again is added at random.
    pub(crate) first_wait: Duration,
    /// The longest wait. A server that asks for more is not waited for.
    pub(crate) longest_wait: Duration,
}

impl Options {
    pub(crate) fn new(base_url: Url) -> Self {
        Self {
            base_url,
            key: None,
            ca_file: None,
            proxy: ProxyVariables::default(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            paid_timeout: Duration::from_secs(150),
            retries: Retries {
                count: 3,
                first_wait: Duration::from_millis(500),
                longest_wait: Duration::from_secs(30),
            },
            max_answer: 16 << 20,
            on_retry: Box::new(|_, _| {}),
            now: Timestamp::now,
        }
    }
}
