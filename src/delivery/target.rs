//! Where deliveries go: a port, a loopback address or a URL, as the user writes it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::address;

/// An http or https URL without credentials or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target(Url);

/// Why a text is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TargetError {
    /// The text is neither a port, a loopback address nor a URL.
    #[error("`{text}` is no target: write a port, `localhost:PORT/path` or a URL")]
    Unreadable { text: String },
    /// `example.com/hook` could mean two things.
    #[error("`{text}` names another machine: write its whole URL, with http:// or https://")]
    NoScheme { text: String },
    /// `ftp://…`
    #[error("a target's scheme is http or https, not {scheme}")]
    Scheme { scheme: String },
    /// Credentials in a URL end up in logs and histories.
    #[error("a target's URL must not carry a user name or password")]
    Credentials,
}

impl Target {
    /// Reads `3000`, `:3000/hook`, `localhost:3000/hook` or a URL.
    pub(crate) fn parse(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        if text.contains("://") {
            return Self::from_url(text);
        }
        let starts_with_port = text.starts_with(|first: char| first.is_ascii_digit())
            && text.split(['/', '?']).next().is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
        let url = match text {
            _ if starts_with_port => format!("http://localhost:{text}"),
            _ if text.starts_with(':') => format!("http://localhost{text}"),
            _ => format!("http://{text}"),
        };
        // A port of five digits can still be no port; then the text as the user wrote it is shown, not our URL.
        let target = Self::from_url(&url).map_err(|error| match error {
            TargetError::Unreadable { .. } => TargetError::Unreadable { text: shown(text) },
            other => other,
        })?;
        if target.is_loopback() { Ok(target) } else { Err(TargetError::NoScheme { text: shown(text) }) }
    }

    fn from_url(text: &str) -> Result<Self, TargetError> {
        let mut url = Url::parse(text).map_err(|_| TargetError::Unreadable { text: shown(text) })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme { scheme: url.scheme().to_owned() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Credentials);
        }
        if url.port() == Some(0) {
            return Err(TargetError::Unreadable { text: shown(text) });
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The URL that is posted to, query included.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// The same with the query of what was received, which tells the vendor's callers apart; one of its own stays.
    pub(crate) fn with_query_of(&self, received: &str) -> Self {
        let mut url = self.0.clone();
        if url.query().is_none() {
            url.set_query(received.split_once('?').map(|(_, query)| query).filter(|query| !query.is_empty()));
        }
        Self(url)
    }

    /// Whether a listener that is bound to `own` is what answers there. Names of this machine are not looked up.
    pub(crate) fn leads_to(&self, own: SocketAddr) -> bool {
        let is_own = match self.0.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address) == own.ip(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address) == own.ip(),
            _ => false,
        };
        let takes_loopback = own.ip().is_loopback() || own.ip().is_unspecified();
        self.0.port_or_known_default() == Some(own.port()) && (is_own || takes_loopback && self.is_loopback())
    }

    /// The URL without its scheme where that is plain http, for people.
    pub(crate) fn short(&self) -> String {
        self.0.as_str().trim_start_matches("http://").to_owned()
    }

    /// True for `localhost`, loopback addresses and the unspecified address, which all mean this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let unspecified = match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_unspecified(),
            Some(Host::Ipv6(address)) => address.to_canonical().is_unspecified(),
            _ => false,
        };
        unspecified || address::is_loopback(&self.0)
    }
}

/// What an error may repeat: no credentials, nothing long.
fn shown(text: &str) -> String {
    text.rsplit('@').next().unwrap_or(text).chars().take(80).collect()
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ports_addresses_and_urls() {
        for (text, url, loopback) in [
            ("3000", "http://localhost:3000/", true),
            ("3000/hook?a=1", "http://localhost:3000/hook?a=1", true),
            (":3000/hook", "http://localhost:3000/hook", true),
            ("localhost:3000/hook", "http://localhost:3000/hook", true),
            ("LOCALHOST:3000", "http://localhost:3000/", true),
            ("127.0.0.1:3000", "http://127.0.0.1:3000/", true),
            ("[::1]:3000/x", "http://[::1]:3000/x", true),
            ("0.0.0.0:3000", "http://0.0.0.0:3000/", true),
            ("http://[::ffff:127.0.0.1]:3000/", "http://[::ffff:7f00:1]:3000/", true),
            ("https://example.com/hook#part", "https://example.com/hook", false),
            ("http://10.0.0.1/hook?order=7", "http://10.0.0.1/hook?order=7", false),
            ("http://localhost.example.com/", "http://localhost.example.com/", false),
        ] {
            let target = Target::parse(text).expect(text);
            assert_eq!((target.url().as_str(), target.is_loopback()), (url, loopback), "{text}");
        }
    }

    #[test]
    fn a_listener_knows_itself() {
        for (target, own, leads) in [
            ("4242", "127.0.0.1:4242", true),
            ("4242/hook", "0.0.0.0:4242", true),
            ("[::1]:4242", "[::1]:4242", true),
            ("http://10.0.0.1:4242/", "10.0.0.1:4242", true),
            ("http://10.0.0.1/", "10.0.0.1:80", true),
            ("4243", "127.0.0.1:4242", false),
            ("4242", "10.0.0.1:4242", false),
            ("https://example.com:4242/", "0.0.0.0:4242", false),
        ] {
            let own = own.parse().expect("an address");
            assert_eq!(Target::parse(target).expect(target).leads_to(own), leads, "{target} {own}");
        }
    }

    #[test]
    fn takes_the_query_of_what_was_received_unless_it_has_one() {
        for (target, received, url) in [
            ("3000/hook", "/w?job=7&a=%20b", "http://localhost:3000/hook?job=7&a=%20b"),
            ("3000/hook?own=1", "/?job=7", "http://localhost:3000/hook?own=1"),
            ("3000", "/w", "http://localhost:3000/"),
            ("3000", "/w?", "http://localhost:3000/"),
        ] {
            assert_eq!(Target::parse(target).expect(target).with_query_of(received).url().as_str(), url);
        }
    }

    #[test]
    fn refuses_what_could_go_elsewhere_than_meant() {
        for (text, error) in [
            ("", TargetError::Unreadable { text: String::new() }),
            ("99999", TargetError::Unreadable { text: "99999".to_owned() }),
            ("0", TargetError::Unreadable { text: "0".to_owned() }),
            ("example.com/hook", TargetError::NoScheme { text: "example.com/hook".to_owned() }),
            ("10.0.0.1:80", TargetError::NoScheme { text: "10.0.0.1:80".to_owned() }),
            ("ftp://localhost/", TargetError::Scheme { scheme: "ftp".to_owned() }),
            ("http://me:secret@localhost/", TargetError::Credentials),
            ("http://me:secret@[/", TargetError::Unreadable { text: "[/".to_owned() }),
        ] {
            assert_eq!(Target::parse(text).expect_err(text), error);
        }
    }

    #[test]
    fn errors_never_show_a_password() {
        for text in ["http://me:hunter2@localhost/", "http://me:hunter2@[/", "me:hunter2@localhost:3000"] {
            assert!(!Target::parse(text).expect_err(text).to_string().contains("hunter2"), "{text}");
        }
    }
}
