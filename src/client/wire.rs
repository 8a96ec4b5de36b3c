//! What reqwest's errors mean: above all, whether the request can have arrived.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::{ConnectFailure, Failure};
use crate::http_client::root_cause;

/// Why no answer came. `timeout` and `connect_timeout` are what the request was given.
pub(super) fn while_sending(
    error: &reqwest::Error,
    timeout: Duration,
    connect_timeout: Duration,
    proxy: Option<&str>,
) -> Failure {
    if error.is_connect() {
        return Failure::Connect(while_connecting(error, connect_timeout, proxy));
    }
    if error.is_builder() {
        return Failure::Unsendable { reason: root_cause(error) };
    }
    while_reading(error, timeout)
}

/// Why the answer stopped.
pub(super) fn while_reading(error: &reqwest::Error, timeout: Duration) -> Failure {
    if error.is_timeout() { Failure::Timeout { after: timeout } } else { Failure::Broken { detail: root_cause(error) } }
}

fn while_connecting(error: &reqwest::Error, after: Duration, proxy: Option<&str>) -> ConnectFailure {
    let detail = root_cause(error);
    if let Some(proxy) = proxy.filter(|_| causes(error).any(|cause| cause.to_string().starts_with("tunnel error"))) {
        return ConnectFailure::Proxy { proxy: proxy.to_owned(), detail };
    }
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return ConnectFailure::Tls(tls.to_string());
    }
    let refused = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
    };
    if error.is_timeout() {
        ConnectFailure::TimedOut { after }
    } else if error.is_dns() {
        ConnectFailure::Dns(detail)
    } else if causes(error).any(refused) {
        ConnectFailure::Refused
    } else {
        ConnectFailure::Other(detail)
    }
}

/// The error and all that caused it. An `io::Error` hides the error that it wraps from `source()`.
fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |&error| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}
