//! The socket and the way that leads to it: the tunnel is opened, checked, watched, announced, and ended with the listener.

use std::future::{Future, pending};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;
use url::Url;

use crate::address::is_loopback;
use crate::error::{Error, Kind};
use crate::listener::{Listener, News, Plan, Probe, Probed, Tool, Tunnel, Unchecked};
use crate::output::{Printer, Report};
use crate::serve::{Limits, bind, serve};

/// Time for a URL that stands already to lead here.
const CHECKING: Duration = Duration::from_secs(10);

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
pub(crate) struct Entrance {
    path: String,
    public: Option<Url>,
    tool: Option<Tool>,
    tunnel: Option<Tunnel>,
    probe: Probe,
    last: Option<Url>,
}

/// Told where webhooks are to be sent to: a public URL, or this machine; again when that changes.
pub(crate) trait Announce: FnMut(Option<&Url>) -> Result<(), Error> {}

impl<F: FnMut(Option<&Url>) -> Result<(), Error>> Announce for F {}

impl Entrance {
    pub(super) fn new(path: String, public: Option<Url>, tool: Option<Tool>) -> Self {
        Self { path, public, tool, tunnel: None, probe: Probe::default(), last: None }
    }

    /// The path that the listener serves.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The public URL, where it is known before.
    #[cfg(test)]
    pub(super) fn public(&self) -> Option<&Url> {
        self.public.as_ref()
    }

    /// Whether webhooks come through a tunnel or proxy.
    fn is_from_outside(&self) -> bool {
        self.public.is_some() || self.tool.is_some()
    }

    /// Takes hold of a port.
    pub(crate) fn open(self, address: SocketAddr, printer: Arc<Printer>) -> Result<Door, Error> {
        let listener = bind(address).map_err(|error| Error::cannot_bind(address, &error))?;
        let address = listener.local_addr().map_err(|error| Error::cannot_bind(address, &error))?;
        if !address.ip().is_loopback() {
            let message = format!("listening on {}: everybody who can reach this machine can send to it", address.ip());
            printer.warning("not_loopback", &message);
        }
        Ok(Door { entrance: self, listener, address, printer })
    }

    fn reached_url(&self, address: SocketAddr) -> String {
        format!("http://{}{}", reached_at(address), self.path)
    }

    /// Starts the tool, if there is one. The listener is bound to `address`.
    fn start(&mut self, address: SocketAddr) -> Result<(), Error> {
        let Some(tool) = self.tool.clone() else { return Ok(()) };
        let local = self.reached_url(address);
        let local = Url::parse(&local).map_err(|error| Error::new(Kind::Tunnel, format!("{local}: {error}")))?;
        let (public, probe) = (self.public.clone(), self.probe.clone());
        self.tunnel = Some(Tunnel::open(Plan { tool, local, public, probe }));
        Ok(())
    }

    /// Announces the way in once it is open and keeps it open. Returns only what makes that impossible.
    async fn keep_open(&mut self, printer: &Printer, announce: &mut impl Announce) -> Error {
        let kept = match (&mut self.tunnel, self.public.clone()) {
            (Some(_), _) => self.keep_tunnel(printer, announce).await,
            (None, Some(public)) => {
                printer.note(format!("checking that {public} leads to this listener"));
                let checked = self.probe.check(&public, &self.path, CHECKING).await;
                self.announce(printer, announce, public, checked)
            }
            (None, None) => Ok(()),
        };
        match kept {
            Ok(()) => pending().await,
            Err(error) => error,
        }
    }

    async fn keep_tunnel(&mut self, printer: &Printer, announce: &mut impl Announce) -> Result<(), Error> {
        let name = self.tool.as_ref().map_or("the tunnel", Tool::name);
        printer.note(format!("waiting for {name} to say its public URL"));
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
                    self.announce(printer, announce, url, checked)?;
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
        announce: &mut impl Announce,
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
        announce(Some(&url))
    }
}

/// A port that is held, and the way that leads to it.
pub(crate) struct Door {
    entrance: Entrance,
    listener: TcpListener,
    address: SocketAddr,
    printer: Arc<Printer>,
}

impl Door {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL on this machine.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.address, self.entrance.path)
    }

    /// The same, as something to connect to.
    pub(crate) fn reached_url(&self) -> String {
        self.entrance.reached_url(self.address)
    }

    /// Serves until `stop` resolves or there can be no way in. `closing` is called when nothing new is taken any more.
    pub(crate) async fn serve<T>(
        self,
        service: Listener,
        limits: Limits,
        mut announce: impl Announce,
        stop: impl Future<Output = T>,
        closing: impl FnOnce(),
    ) -> Result<T, Error> {
        let Self { mut entrance, listener, address, printer } = self;
        let service = Probed::new(service, entrance.probe.clone());
        entrance.start(address)?;
        if !entrance.is_from_outside() {
            announce(None)?;
        }
        let mut stopped = Err(Error::new(Kind::Failed, "the listener has ended too early"));
        let until = async {
            stopped = tokio::select! {
                stopped = stop => Ok(stopped),
                error = entrance.keep_open(&printer, &mut announce) => Err(error),
            };
            closing();
        };
        serve(listener, service, limits, until).await;
        if stopped.is_ok() && entrance.is_from_outside() && entrance.last.is_none() {
            printer.warning(
                "never_ready",
                "no webhook could come from outside: the stop came before the way in was ready",
            );
        }
        if let Some(tunnel) = entrance.tunnel {
            tunnel.end().await;
        }
        stopped
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
