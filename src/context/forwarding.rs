//! Where a command passes events on to, and with which headers: the flags, and the handlers that they name.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::Context;
use crate::delivery::{
    Destination, EVENT_ID_HEADER, Forward, Forwarder, Forwarders, Handler, OnTrouble, Schedule, Sender, Target,
    destinations,
};
use crate::error::{Error, Kind};
use crate::journal::{Begin, Consumer, EventRecord, Journal, Start, Takes};
use crate::output::{Meaning, Text};
use crate::protocol::SIGNATURE_HEADER;
use crate::quantity;

/// Bytes of a file with headers.
const MAX_HEADER_FILE: u64 = 64 * 1024;

/// Headers that are what they are: of the connection, or of what was verified.
const NOT_TO_BE_SET: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The flags of every command that sends a user's own headers along.
#[derive(Debug, Clone, Args)]
pub(crate) struct HeaderArgs {
    /// Send this header along; a credential belongs into --header-file
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// Send the headers in this file along, one a line
    #[arg(long, value_name = "FILE")]
    header_file: Vec<PathBuf>,
}

/// Handlers and what they get.
pub(crate) type Handlers = Vec<(Destination, Handler)>;

/// Where events are passed on from.
pub(crate) struct EventSource<'a> {
    pub(crate) journal: &'a Journal,
    /// The name whose place is kept, unless it is made of the handler's.
    pub(crate) consumer: Option<&'a str>,
    pub(crate) begin: Begin,
}

/// The flags of every command that passes events on.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("targets").args(["forward_to", "route"]).multiple(true))]
pub(crate) struct ForwardArgs {
    /// Pass verified events on to this handler: 3000, :3000/hook, localhost:3000/hook or a URL
    #[arg(long, value_name = "TARGET")]
    forward_to: Vec<String>,
    /// Pass events of this type on to this handler, and not to those of --forward-to
    #[arg(long, value_name = "TYPE=TARGET")]
    route: Vec<String>,
    #[command(flatten)]
    headers: HeaderArgs,
    /// Time that a handler gets for each try
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = quantity::time_limit, requires = "targets")]
    attempt_timeout: Duration,
    /// About the pause before the second try. It grows: with 5s, twelve tries take a day
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = quantity::time_limit, requires = "targets")]
    retry_pause: Duration,
}

impl ForwardArgs {
    /// Whether anything is passed on.
    pub(crate) fn any(&self) -> bool {
        !self.forward_to.is_empty() || !self.route.is_empty()
    }

    /// The handlers that are named, and which events they get.
    pub(crate) fn handlers(&self, context: &Context) -> Result<Handlers, Error> {
        if self.headers.any() && !self.any() {
            return Err(Error::usage("there are headers to send along, but nowhere to send them")
                .hint("name your handler, such as --forward-to localhost:3000/hook"));
        }
        let headers = self.headers.read(context)?;
        let targets = self.forward_to.iter().map(|text| Ok(Target::parse(text)?)).collect::<Result<Vec<_>, Error>>()?;
        let routes = self.route.iter().map(|text| route(text)).collect::<Result<Vec<_>, Error>>()?;
        context.warn_of_unknown_types(routes.iter().map(|(event_type, _)| event_type.as_str()));
        let sender = Sender::new(self.attempt_timeout)?;
        let handler = |destination: Destination| {
            let handler = Handler::new(destination.target.clone(), headers.clone(), sender.clone());
            (destination, handler)
        };
        Ok(destinations(&targets, &routes).into_iter().map(handler).collect())
    }

    /// Passes on what the journal holds and gets, and announces to whom. Each handler has one holder: its consumer.
    pub(crate) async fn pass_on<F, R>(
        &self,
        context: &Context,
        source: EventSource<'_>,
        handlers: Handlers,
        admits: impl Fn(&EventRecord) -> bool + Clone + Send + Sync + 'static,
        tell: F,
    ) -> Result<Forwarders, Error>
    where
        F: Fn(Forward) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let is_one = handlers.len() == 1;
        let (mut ready, schedule) = (Vec::new(), Schedule { first_pause: self.retry_pause });
        for (destination, handler) in handlers {
            let name = match source.consumer {
                None => destination.name(),
                Some(consumer) if is_one => consumer.to_owned(),
                Some(consumer) => format!("{consumer}-{}", destination.name()),
            };
            let goal = destination.to_string();
            let takes = takes(destination, admits.clone());
            let (journal, now) = (source.journal.clone(), Timestamp::now);
            let start = Start { name: name.clone(), goal, at: now(), begin: source.begin };
            let consumer = Consumer::open(journal, start, takes, now).await?;
            context.announce_handler(&handler, "passing on to ", Some(&name));
            ready.push(Forwarder::new(consumer, handler, schedule, now, context.on_trouble()));
        }
        let mut forwarders = Forwarders::new();
        ready.into_iter().for_each(|forwarder| forwarders.add(forwarder, tell.clone()));
        Ok(forwarders)
    }
}

impl HeaderArgs {
    fn any(&self) -> bool {
        !(self.header.is_empty() && self.header_file.is_empty())
    }

    /// The headers that are named.
    pub(crate) fn read(&self, context: &Context) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for path in &self.header_file {
            for (number, line) in (1..).zip(read_lines(path)?.lines()) {
                if !line.trim().is_empty() {
                    let place = format!("{} line {number}", path.display());
                    let (name, value) = header(line, &place)?;
                    headers.insert(name, value);
                }
            }
        }
        for text in &self.header {
            let (name, value) = header(text, "--header")?;
            if is_credential(&name) {
                let message = format!("--header {name}: shell history keeps its value, and other users see it in ps");
                context.printer.warning("header_on_command_line", &format!("{message}; --header-file keeps it off"));
            }
            headers.insert(name, value);
        }
        Ok(headers)
    }
}

impl Context {
    /// Says which handler gets events now.
    pub(crate) fn announce_handler(&self, handler: &Handler, what: &str, consumer: Option<&str>) {
        let mut text = Text::from(what);
        text.add(Meaning::Path, handler.target().to_string());
        if let Some(consumer) = consumer {
            text.add(Meaning::Dim, format!("  consumer {consumer}"));
        }
        self.printer.note(text);
    }

    fn on_trouble(&self) -> OnTrouble {
        let printer = self.printer.clone();
        Box::new(move |trouble| match trouble {
            Some(error) => {
                let message = format!("events wait to be passed on: {error}; trying on");
                printer.warning("forwarding_waits", &message);
            }
            None => printer.note("events are passed on again"),
        })
    }
}

/// Reads `TYPE=TARGET`.
fn route(text: &str) -> Result<(String, Target), Error> {
    match text.split_once('=') {
        Some((event_type, target)) if is_type(event_type) => Ok((event_type.to_owned(), Target::parse(target)?)),
        _ => Err(Error::usage("--route takes TYPE=TARGET, such as done=localhost:3000/done")),
    }
}

fn is_type(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn read_lines(path: &Path) -> Result<String, Error> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|error| Error::unreadable(path, &error))?;
    let mut text = String::new();
    file.take(MAX_HEADER_FILE + 1).read_to_string(&mut text).map_err(|error| Error::unreadable(path, &error))?;
    if text.len() as u64 > MAX_HEADER_FILE {
        let message = format!("cannot take headers from {}: it is larger than 64 KiB", path.display());
        return Err(Error::new(Kind::Unreadable, message));
    }
    Ok(text)
}

/// Reads `NAME: VALUE`. The text may be a secret and is not repeated.
fn header(text: &str, place: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let refused = |reason: &str| Error::usage(format!("{place}: {reason}"));
    let (name, value) = text.split_once(':').ok_or_else(|| refused("a header looks like NAME: VALUE"))?;
    let name: HeaderName = name.trim().parse().map_err(|_| refused("that is no header's name"))?;
    let own = name == EVENT_ID_HEADER || name.as_str().eq_ignore_ascii_case(SIGNATURE_HEADER);
    if own || NOT_TO_BE_SET.contains(&name.as_str()) {
        return Err(refused(&format!("{name} is set by vsai alone")));
    }
    let mut value = HeaderValue::from_bytes(value.trim().as_bytes())
        .map_err(|_| refused(&format!("the value of {name} has a control character")))?;
    value.set_sensitive(true);
    Ok((name, value))
}

fn is_credential(name: &HeaderName) -> bool {
    let name = name.as_str();
    let words = ["authorization", "cookie", "token", "secret", "password", "api-key", "apikey"];
    words.iter().any(|word| name.contains(word))
}

/// Which events a destination gets, out of those that are of interest.
fn takes(destination: Destination, admits: impl Fn(&EventRecord) -> bool + Send + Sync + 'static) -> Takes {
    Box::new(move |record| destination.takes(record.event_type()) && admits(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_and_never_repeated() {
        let (name, value) = header("Authorization:  Bearer a:b ", "here").expect("a header");
        assert_eq!((name.as_str(), value.as_bytes()), ("authorization", &b"Bearer a:b"[..]));
        for (text, message) in [
            ("hunter2", "here: a header looks like NAME: VALUE"),
            ("hun ter2: x", "here: that is no header's name"),
            ("Host: hunter2", "here: host is set by vsai alone"),
            ("x-vsai-signature: hunter2", "here: x-vsai-signature is set by vsai alone"),
            ("X-Vsai-Cli-Event-Id: hunter2", "here: x-vsai-cli-event-id is set by vsai alone"),
            ("a: hunter2\u{0}", "here: the value of a has a control character"),
        ] {
            assert_eq!(header(text, "here").expect_err(text).message, message);
        }
    }

    #[test]
    fn routes_are_a_type_and_a_target() {
        let (event_type, target) = route("done=3000/hook?a=b").expect("a route");
        assert_eq!((event_type.as_str(), target.url().as_str()), ("done", "http://localhost:3000/hook?a=b"));
        for text in ["", "done", "=3000", "done=", "http://me:hunter2@x/?a=b", "done=http://me:hunter2@x/"] {
            assert!(!route(text).expect_err(text).message.contains("hunter2"), "{text}");
        }
    }
}
