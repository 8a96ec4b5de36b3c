//! What every HTTP client of vsai has in common: one TLS provider, no redirects, no repetition of its own.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{Client, ClientBuilder, redirect, retry};

/// Begins a client that sends each request once and follows nothing.
pub(crate) fn builder() -> ClientBuilder {
    // An error says that a provider is there already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("vsai/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
}

/// Begins a client for this machine alone: no proxy, and `localhost` is loopback whatever a resolver says.
pub(crate) fn builder_for_this_machine() -> ClientBuilder {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let addresses = loopback.map(|address| SocketAddr::new(address, 0));
    builder().no_proxy().resolve_to_addrs("localhost", &addresses)
}

/// The innermost reason of an error, in the system's words without its number. It carries no URL.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if std::ptr::addr_eq(cause, error) {
        return "the request failed".to_owned();
    }
    cause.to_string().split(" (os error").next().unwrap_or_default().to_owned()
}
