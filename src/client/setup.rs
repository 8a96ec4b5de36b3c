//! Building the clients: TLS, proxy, timeouts, and every automatic repetition switched off.

use std::sync::Once;

use reqwest::header::HeaderValue;
use reqwest::{Certificate, Client, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::proxy::{Proxy, is_loopback};
use super::{Options, SetupError};

const USER_AGENT: &str = concat!("vsai/", env!("CARGO_PKG_VERSION"));

/// Refuses an address that would leak the key or can't be called.
pub(super) fn check_url(url: &Url) -> Result<(), SetupError> {
    let plain = url.username().is_empty() && url.password().is_none() && url.query().or(url.fragment()).is_none();
    if !plain || !url.has_host() || !matches!(url.scheme(), "http" | "https") {
        let mut shown = url.clone();
        let _ = shown.set_password(None);
        shown.set_query(None);
        return Err(SetupError::BadUrl(shown.into()));
    }
    if url.scheme() == "http" && !is_loopback(url) {
        return Err(SetupError::InsecureUrl(url.origin().ascii_serialization()));
    }
    Ok(())
}

/// `Api-Key <key>`, marked so that no log shows it.
pub(super) fn authorization(key: &SecretString) -> Result<HeaderValue, SetupError> {
    let key = key.expose_secret();
    let unusable = |reason| SetupError::UnusableKey { reason };
    if key.is_empty() {
        return Err(unusable("it is empty"));
    }
    if key.contains(char::is_whitespace) {
        return Err(unusable("there is white space in it"));
    }
    let mut value = match HeaderValue::from_str(&format!("Api-Key {key}")) {
        Ok(value) if key.is_ascii() => value,
        _ => return Err(unusable("it has characters that a header cannot carry")),
    };
    value.set_sensitive(true);
    Ok(value)
}

/// The certificates of the CA file.
pub(super) fn certificates(options: &Options) -> Result<Vec<Certificate>, SetupError> {
    let Some(path) = &options.ca_file else { return Ok(Vec::new()) };
    let unusable = |reason: String| SetupError::CaFile { path: path.clone(), reason };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if certificates.is_empty() => Err(unusable("there is no PEM certificate in it".to_owned())),
        Ok(certificates) => Ok(certificates),
        Err(_) => Err(unusable("it is not valid PEM".to_owned())),
    }
}

/// One client. With `idle_connections` of 0 no connection is used twice.
pub(super) fn client(
    options: &Options,
    certificates: &[Certificate],
    proxy: Option<&Proxy>,
    idle_connections: usize,
) -> Result<Client, SetupError> {
    install_tls_provider();
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(options.connect_timeout)
        .pool_max_idle_per_host(idle_connections)
        .no_proxy();
    let builder = if options.base_url.scheme() == "http" {
        // Plain http needs no roots, and reading the system's takes longer than the call.
        builder.tls_certs_only([])
    } else {
        builder.tls_certs_merge(certificates.iter().cloned())
    };
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy.for_reqwest().map_err(|error| unbuildable(options, &error))?),
        None => builder,
    };
    builder.build().map_err(|error| unbuildable(options, &error))
}

/// reqwest is built without a TLS provider of its own.
fn install_tls_provider() {
    static INSTALLED: Once = Once::new();
    // An error would mean that there is a provider already, which is as good.
    INSTALLED.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

fn unbuildable(options: &Options, error: &reqwest::Error) -> SetupError {
    let reason = super::wire::root_of(error);
    match &options.ca_file {
        Some(path) => SetupError::CaFile { path: path.clone(), reason },
        None => SetupError::Tls { reason },
    }
}
