//! The public URL in what a tunnel's tool says, among links to its documentation and addresses of this machine.

use std::time::Duration;

use url::{Host, Url};

use crate::address::{is_loopback, is_public};

/// How long a URL that may not be the best one waits for a better.
const MOMENT: Duration = Duration::from_secs(2);
/// How long the URL of a Cloudflare quick tunnel waits for its connection: it is printed before the name can be looked up,
/// and a resolver that was asked too early remembers for half an hour that there is no such name.
const CONNECTING: Duration = Duration::from_secs(10);
/// What cloudflared says when the tunnel is connected.
const CONNECTED: &str = "Registered tunnel connection";

/// First labels of hosts at which services describe or manage themselves.
const OF_THE_SERVICE: [&str; 11] =
    ["www", "docs", "api", "admin", "dashboard", "console", "developers", "help", "support", "status", "blog"];

/// A URL, and how long to wait for a better one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) url: Url,
    pub(super) wait: Duration,
}

/// Reads a tool's lines and keeps the best URL so far.
#[derive(Debug, Default)]
pub(super) struct Search {
    best: Option<Candidate>,
}

impl Search {
    /// Takes a line. The best URL so far is the tunnel's once its wait is over.
    pub(super) fn read(&mut self, line: &str) -> Option<&Candidate> {
        for found in candidates(line) {
            if self.best.as_ref().is_none_or(|best| found.wait < best.wait) {
                self.best = Some(found);
            }
        }
        if line.contains(CONNECTED)
            && let Some(best) = &mut self.best
        {
            best.wait = Duration::ZERO;
        }
        self.best.as_ref()
    }
}

fn candidates(line: &str) -> impl Iterator<Item = Candidate> {
    let alone = line.trim_matches(|c: char| c.is_whitespace() || c == '|');
    let links = line.match_indices("http").filter_map(move |(at, _)| {
        let text = &line[at..];
        let end = text.find(|c: char| c.is_whitespace() || "\"'<>()[]{}|,;`".contains(c)).unwrap_or(text.len());
        let text = text[..end].trim_end_matches(['.', ':']);
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        // What carries credentials is not to be told to anybody.
        let url = (url.username().is_empty() && url.password().is_none()).then_some(url)?;
        Some(Candidate { wait: wait(&url, text == alone)?, url })
    });
    links.chain(listening_at(line))
}

/// How long to wait for a better URL, or none if this one is no tunnel's.
fn wait(url: &Url, is_alone: bool) -> Option<Duration> {
    let host = url.host()?;
    if let Host::Domain(name) = host
        && name.contains('.')
        && is_of_the_service(name, url.port())
    {
        return None;
    }
    let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    // A script that prints nothing but a URL means it, whatever it is.
    if !is_origin || is_of_this_machine(url) {
        return is_alone.then_some(MOMENT);
    }
    match host {
        Host::Domain(name) if name.ends_with(".trycloudflare.com") => Some(CONNECTING),
        _ if url.scheme() == "https" => Some(Duration::ZERO),
        _ => Some(MOMENT),
    }
}

/// Whether a service shows itself there: tunnels are at names below its domain, or at ports.
fn is_of_the_service(name: &str, port: Option<u16>) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    OF_THE_SERVICE.contains(&first) || (name.matches('.').count() < 2 && port.is_none())
}

/// Whether nobody outside can mean this machine by it, such as `localhost`, `10.0.0.1` or a container's name.
fn is_of_this_machine(url: &Url) -> bool {
    is_loopback(url)
        || match url.host() {
            Some(Host::Ipv4(address)) => !is_public(address.into()),
            Some(Host::Ipv6(address)) => !is_public(address.into()),
            Some(Host::Domain(name)) => !name.contains('.') || name.ends_with(".localhost"),
            None => true,
        }
}

/// `listening at HOST:PORT`, as bore says it.
fn listening_at(line: &str) -> Option<Candidate> {
    let (_, rest) = line.split_once("listening at ")?;
    let address = rest.split_whitespace().next()?;
    let url = Url::parse(&format!("http://{address}")).ok().filter(|url| url.port().is_some())?;
    (!is_of_this_machine(&url)).then_some(Candidate { url, wait: MOMENT })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_public_url_in_what_tools_say() {
        let logs: Vec<_> = include_str!("../../../tests/fixtures/tunnels.txt").split("\n== ").skip(1).collect();
        assert!(logs.len() > 15);
        for log in logs {
            let (title, lines) = log.split_once('\n').expect("a title");
            let mut search = Search::default();
            let found = lines.lines().filter_map(|line| search.read(line).cloned()).last();
            let is_sure = found.as_ref().is_some_and(|found| found.wait.is_zero());
            let found = found.map_or("-".to_owned(), |found| found.url.to_string());
            let wait = if is_sure || found == "-" { "" } else { " WAIT" };
            let name = title.split(' ').next().unwrap_or_default();
            assert_eq!(format!("{name} {found}{wait}"), title, "{lines}");
        }
    }
}
