//! Building the clients: TLS, proxy, timeouts, and every automatic repetition switched off.

use reqwest::header::HeaderValue;
use reqwest::{Certificate, Client};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::proxy::Proxy;
use super::{Options, SetupError};
use crate::address::is_loopback;
use crate::files::reason;
use crate::http_client;

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
    let pem = std::fs::read(path).map_err(|error| unusable(reason(&error)))?;
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
    let builder = if is_loopback(&options.base_url) {
        http_client::builder_for_this_machine()
    } else {
        http_client::builder().no_proxy()
    };
    let builder =
        builder.http1_only().connect_timeout(options.connect_timeout).pool_max_idle_per_host(idle_connections);
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

fn unbuildable(options: &Options, error: &reqwest::Error) -> SetupError {
    let reason = http_client::root_cause(error);
    match &options.ca_file {
        Some(path) => SetupError::CaFile { path: path.clone(), reason },
        None => SetupError::Tls { reason },
    }
}
