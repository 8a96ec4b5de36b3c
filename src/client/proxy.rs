//! The proxy variables, read as curl reads them, and the rule that loopback is never proxied.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;
use url::Url;

use super::SetupError;
use crate::address::is_loopback;

/// What the environment says about proxies. An empty variable counts as not set.
#[derive(Clone, Default)]
pub(crate) struct ProxyVariables {
    https: Option<Variable>,
    http: Option<Variable>,
    all: Option<Variable>,
    no: Option<Variable>,
}

#[derive(Clone)]
struct Variable {
    name: &'static str,
    value: String,
}

/// A proxy to go through. Its address is shown without user name and password.
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) address: String,
    authorization: Option<HeaderValue>,
}

impl ProxyVariables {
    /// Reads the variables through `lookup`; the upper-case name goes first.
    pub(crate) fn read(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: [&'static str; 2]| {
            let found = names.into_iter().map(|name| (name, lookup(name).unwrap_or_default()));
            found.filter(|(_, value)| !value.is_empty()).map(|(name, value)| Variable { name, value }).next()
        };
        Self {
            https: first(["HTTPS_PROXY", "https_proxy"]),
            http: first(["HTTP_PROXY", "http_proxy"]),
            all: first(["ALL_PROXY", "all_proxy"]),
            no: first(["NO_PROXY", "no_proxy"]),
        }
    }

    /// The proxy on the way to `target`, if there is to be one.
    pub(super) fn on_the_way_to(&self, target: &Url) -> Result<Option<Proxy>, SetupError> {
        if is_loopback(target) {
            return Ok(None);
        }
        let own = if target.scheme() == "https" { &self.https } else { &self.http };
        let Some(variable) = own.as_ref().or(self.all.as_ref()) else { return Ok(None) };
        let unusable = || SetupError::Proxy { variable: variable.name };
        let address = variable.http_address().ok_or_else(unusable)?;
        let target = target.as_str().parse().map_err(|_| unusable())?;
        let matcher = |no: &str| Matcher::builder().all(address.as_str()).no(no).build();
        if matcher("").intercept(&target).is_none() {
            return Err(unusable());
        }
        let exceptions = self.no.as_ref().map_or("", |no| &no.value);
        Ok(matcher(exceptions).intercept(&target).map(|proxy| Proxy {
            address: proxy.uri().to_string().trim_end_matches('/').to_owned(),
            authorization: proxy.basic_auth().cloned(),
        }))
    }
}

impl Variable {
    /// The address with a scheme, if it is http or https: other proxies would be sent requests that they can't read.
    fn http_address(&self) -> Option<String> {
        let address =
            if self.value.contains("://") { self.value.clone() } else { format!("http://{}", self.value.trim()) };
        Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(|_| address)
    }
}

impl Proxy {
    pub(super) fn for_reqwest(&self) -> Result<reqwest::Proxy, reqwest::Error> {
        let proxy = reqwest::Proxy::all(&self.address)?;
        Ok(match &self.authorization {
            Some(authorization) => proxy.custom_http_auth(authorization.clone()),
            None => proxy,
        })
    }
}
