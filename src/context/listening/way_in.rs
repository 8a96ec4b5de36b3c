//! How webhooks come in from outside: through a proxy of the user's, or a tunnel that is started and ended with the listener.

use std::future::pending;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use url::Url;

use super::announce::Announcer;
use crate::address::is_loopback;
use crate::context::{Context, random_bytes};
use crate::error::{Error, Kind};
use crate::listener::{News, Plan, Probe, Tool, Tunnel, Unchecked};
use crate::output::{Printer, Report};

/// Time for a URL that stands already to lead here.
const CHECKING: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct WayIn {
    /// The one path that takes webhooks [default: /, or a random one with --public-url or --tunnel]
    #[arg(long)]
    path: Option<String>,
    /// URL by which webhooks reach this listener, through a proxy or tunnel of yours
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,
    /// Start a tunnel with this tool, cloudflared, ngrok or 'cmd:COMMAND' with {port} or {url} in it, and end it with the listener
    #[arg(long, value_name = "TOOL")]
    tunnel: Option<Tool>,
}

/// A tunnel was lost or has come back.
#[derive(Serialize)]
struct TunnelRecord<'a> {
    state: State,
    tool: &'a str,
    /// Where webhooks are to be sent to now.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Milliseconds until the tool is started again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_in: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Lost,
    Back,
}

impl Report for TunnelRecord<'_> {
    const KIND: &'static str = "tunnel";
}

/// A way in that may have to be opened first.
pub(super) struct Entrance {
    path: String,
    public: Option<Url>,
    tool: Option<Tool>,
    tunnel: Option<Tunnel>,
    probe: Probe,
    last: Option<Url>,
}

impl WayIn {
    /// The way in as the flags have it, with its path chosen.
    pub(super) fn entrance(&self) -> Result<Entrance, Error> {
        let is_from_outside = self.public_url.is_some() || self.tunnel.is_some();
        let path = match (&self.path, self.public_url.as_ref().map(Url::path)) {
            (Some(path), _) => plain_path(path)?,
            (None, Some(path)) if path != "/" => path.to_owned(),
            // A URL that nobody can guess keeps strangers from the listener that anybody can reach.
            _ if is_from_outside => {
                let name = data_encoding::BASE32_NOPAD.encode(&random_bytes::<10>()?).to_ascii_lowercase();
                format!("/w/{name}")
            }
            _ => "/".to_owned(),
        };
        let mut public = self.public_url.clone();
        if let Some(public) = public.as_mut().filter(|public| public.path() == "/") {
            public.set_path(&path);
        }
        let (tool, probe) = (self.tunnel.clone(), Probe::default());
        Ok(Entrance { path, public, tool, tunnel: None, probe, last: None })
    }
}

impl Entrance {
    /// The path that the listener serves.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What the listener is to answer while the way in is checked.
    pub(super) fn probe(&self) -> Probe {
        self.probe.clone()
    }

    /// Starts the tool, if there is one. The listener is bound to `address`.
    pub(super) fn start(&mut self, address: SocketAddr) -> Result<(), Error> {
        let Some(tool) = self.tool.clone() else { return Ok(()) };
        let local = format!("http://{}{}", reached_at(address), self.path);
        let local = Url::parse(&local).map_err(|error| Error::new(Kind::Tunnel, format!("{local}: {error}")))?;
        let (public, probe) = (self.public.clone(), self.probe.clone());
        self.tunnel = Some(Tunnel::open(Plan { tool, local, public, probe }));
        Ok(())
    }

    /// Announces a listener that has no way in from outside.
    pub(super) fn announce_at_home(&self, announcer: &mut Announcer<'_>) -> Result<(), Error> {
        if self.public.is_none() && self.tool.is_none() { announcer.announce(None) } else { Ok(()) }
    }

    /// Announces the way in once it is open and keeps it open. Returns only what makes that impossible.
    pub(super) async fn keep_open(&mut self, context: &Context, announcer: &mut Announcer<'_>) -> Error {
        let kept = match (&mut self.tunnel, self.public.clone()) {
            (Some(_), _) => self.keep_tunnel(&context.printer, announcer).await,
            (None, Some(public)) => {
                let checked = self.probe.check(&public, &self.path, CHECKING).await;
                self.announce(&context.printer, announcer, public, checked)
            }
            (None, None) => Ok(()),
        };
        match kept {
            Ok(()) => pending().await,
            Err(error) => error,
        }
    }

    async fn keep_tunnel(&mut self, printer: &Printer, announcer: &mut Announcer<'_>) -> Result<(), Error> {
        while let Some(news) = self.next_news().await {
            let tool = self.tool.as_ref().map_or("", Tool::word);
            match news {
                News::Says(line) => printer.detail(format!("{tool}: {line}")),
                News::Failed(error) => return Err(error.into()),
                News::Lost { reason, pause } => {
                    let seconds = pause.as_secs_f64();
                    printer.note(format!("the tunnel is lost: {reason}; trying again in {seconds:.1} s"));
                    let (reason, retry_in) = (Some(reason.to_string()), u64::try_from(pause.as_millis()).ok());
                    printer.report(&TunnelRecord { state: State::Lost, tool, url: None, reason, retry_in });
                }
                News::Open { url, checked } => {
                    if self.last.is_some() {
                        printer.note("the tunnel is back");
                        let url = Some(url.as_str());
                        printer.report(&TunnelRecord { state: State::Back, tool, url, reason: None, retry_in: None });
                    }
                    self.announce(printer, announcer, url, checked)?;
                }
            }
        }
        Ok(())
    }

    async fn next_news(&mut self) -> Option<News> {
        self.tunnel.as_mut()?.next().await
    }

    /// Announces the public URL unless it is the one that is known, and says what to doubt about it.
    fn announce(
        &mut self,
        printer: &Printer,
        announcer: &mut Announcer<'_>,
        url: Url,
        checked: Result<(), Unchecked>,
    ) -> Result<(), Error> {
        if let Err(reason) = checked {
            let message = format!("could not check that {url} leads to this listener: {reason}");
            printer.warning("not_checked", &message);
        }
        if self.last.as_ref() == Some(&url) {
            return Ok(());
        }
        if let Some(old) = self.last.replace(url.clone()) {
            let message = format!(
                "the tunnel has another URL now: webhooks that are sent to {old} are lost; `vsai render get ID` tells \
                 what became of renders that name it, and --webhook-url @listen is the new one"
            );
            printer.warning("url_changed", &message);
        } else if url.scheme() == "http" && !is_loopback(&url) {
            printer.warning("plain_http", "webhooks come over plain http: who is on their way can read them");
        }
        announcer.announce(Some(&url))
    }

    /// Ends the tunnel, if there is one.
    pub(super) async fn close(self) {
        if let Some(tunnel) = self.tunnel {
            tunnel.end().await;
        }
    }
}

/// Where this machine reaches a listener: the unspecified address is none to connect to everywhere.
fn reached_at(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

fn plain_path(path: &str) -> Result<String, Error> {
    let path = format!("/{}", path.trim_start_matches('/'));
    match path.parse::<hyper::http::uri::PathAndQuery>() {
        Ok(parsed) if parsed.query().is_none() && parsed.path() == path => Ok(path),
        _ => Err(Error::usage(format!("--path {path:?} is not a plain path without a query"))),
    }
}

/// Senders keep the URL: nothing in it may be confidential, and its query is theirs.
fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "a URL looks like https://hooks.example.com/vsai".to_owned())?;
    let is_plain = url.query().is_none() && url.fragment().is_none();
    match url.scheme() {
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
            Err("it must not carry a user name or password".to_owned())
        }
        "http" | "https" if is_plain => Ok(url),
        "http" | "https" => Err("it must have no query and no fragment".to_owned()),
        scheme => Err(format!("its scheme is http or https, not {scheme}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_the_given_one_then_the_urls_then_random() {
        for (path, public, local, outside) in [
            (None, None, "/", None),
            (Some("hooks"), None, "/hooks", None),
            (Some("/a"), Some("https://x.example.com/b"), "/a", Some("https://x.example.com/b")),
            (None, Some("https://x.example.com/b"), "/b", Some("https://x.example.com/b")),
            (Some("/a"), Some("https://x.example.com"), "/a", Some("https://x.example.com/a")),
        ] {
            let public_url = public.map(|url| public_url(url).expect("a URL"));
            let way_in = WayIn { path: path.map(str::to_owned), public_url, tunnel: None };
            let entrance = way_in.entrance().expect("a path");
            assert_eq!((entrance.path(), entrance.public.as_ref().map(Url::as_str)), (local, outside));
        }
    }

    #[test]
    fn without_a_path_of_its_own_a_way_in_gets_one_that_nobody_can_guess() {
        let way_in = || WayIn { path: None, public_url: public_url("https://x.example.com/").ok(), tunnel: None };
        let [first, second] = [(); 2].map(|()| way_in().entrance().expect("a path"));
        assert_ne!(first.path(), second.path());
        assert!(first.path().starts_with("/w/") && first.path().len() == 3 + 16, "{}", first.path());
        assert!(first.public.is_some_and(|public| public.path() == first.path));
    }

    #[test]
    fn urls_that_senders_should_not_keep_are_refused() {
        for text in
            ["hooks.example.com", "ftp://x.example.com/", "https://u:p@x.example.com/", "https://x.example.com/?a"]
        {
            assert!(public_url(text).is_err(), "{text}");
        }
    }
}
