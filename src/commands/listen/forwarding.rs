//! Where a listener passes events on to, and who answers the sender: the journal, or the handler.

use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::context::{Context, ForwardArgs, takes};
use crate::delivery::{Destination, Handler, Stop, WIND_DOWN, overlap};
use crate::error::Error;
use crate::journal::{Begin, Journal};
use crate::listener::{Interest, Queue, Relay, StoppedBy};
use crate::output::{Meaning, Text};
use crate::serve::Limits;

/// Who answers the sender of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ack {
    /// 200 when the journal has it; handlers get it from there, again and again if need be.
    Journal,
    /// What the handler answers; a retry of the sender is passed on until the handler has answered 200.
    Forward,
}

/// The flags about passing events on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forwarding")]
pub(super) struct Forwarding {
    #[command(flatten)]
    forward: ForwardArgs,
    /// Who answers the sender
    #[arg(long, value_name = "WHO", value_enum, default_value = "journal")]
    ack: Ack,
}

/// Handlers and what they get.
pub(super) type Handlers = Vec<(Destination, Handler)>;

/// What is at work beside the listener, or in its place.
pub(super) struct Forwarders {
    running: JoinSet<usize>,
    stop: watch::Sender<Stop>,
    closing: watch::Sender<bool>,
    relay: Option<Relay>,
}

impl Forwarding {
    /// Whether anything is passed on.
    pub(super) fn any(&self) -> bool {
        self.forward.any()
    }

    /// The handlers that are named. Without a journal only they can answer.
    pub(super) fn handlers(&self, context: &Context, has_journal: bool) -> Result<Handlers, Error> {
        let handlers = self.forward.handlers(context)?;
        match self.ack {
            Ack::Journal if !handlers.is_empty() && !has_journal => {
                Err(Error::usage("--no-journal leaves nothing to pass events on from")
                    .hint("--ack forward hands each to your handler at once, and its answer back"))
            }
            Ack::Forward if handlers.is_empty() => {
                Err(Error::usage("--ack forward lets your handler answer, but none is named")
                    .hint("--forward-to localhost:3000/hook"))
            }
            Ack::Forward if overlap(handlers.iter().map(|(destination, _)| destination)) => {
                Err(Error::usage("--ack forward hands one handler's answer back, but some event goes to several")
                    .hint("name one handler, or one --route for each type"))
            }
            _ => Ok(handlers),
        }
    }

    /// Time that senders get for their answers after the stop: a handler that answers them has its own.
    pub(super) fn drain(&self) -> Duration {
        match self.ack {
            Ack::Journal => Limits::default().drain,
            Ack::Forward => WIND_DOWN + Limits::default().drain,
        }
    }

    /// Lets the handlers answer, or starts to pass on what the journal gets. Then each handler has one holder.
    pub(super) async fn start(
        &self,
        context: &Context,
        handlers: Handlers,
        interest: &Interest,
        journal: Option<&Journal>,
        queue: &Queue,
    ) -> Result<Forwarders, Error> {
        let (stop, stopping) = watch::channel(Stop::NotYet);
        let (closing, is_closing) = watch::channel(false);
        let mut forwarders = Forwarders { running: JoinSet::new(), stop, closing, relay: None };
        if self.ack == Ack::Forward {
            for (_, handler) in &handlers {
                announce(context, handler, "handing each event to ", None);
            }
            let interest = interest.clone();
            let admits = Box::new(move |record: &_| interest.admits(record));
            let relay = Relay::new(handlers, admits, journal.cloned(), Timestamp::now, queue.clone(), is_closing);
            forwarders.relay = Some(relay);
            return Ok(forwarders);
        }
        let Some(journal) = journal else { return Ok(forwarders) };
        for (destination, handler) in handlers {
            let name = destination.name();
            announce(context, &handler, "passing on to ", Some(&name));
            let interest = interest.clone();
            let takes = takes(destination, move |record| interest.admits(record));
            let forwarder = context.forwarder(&self.forward, journal, name, Begin::Now, handler, takes).await?;
            let queue = queue.clone();
            let tell = move |forward| {
                let queue = queue.clone();
                async move { queue.tell(forward).await }
            };
            forwarders.running.spawn(forwarder.run(stopping.clone(), tell));
        }
        Ok(forwarders)
    }
}

impl Forwarders {
    /// What answers in the listener's place, if anything does.
    pub(super) fn relay(&self) -> Option<Relay> {
        self.relay.clone()
    }

    /// Nothing new comes in: attempts for which a sender waits have to come to an end.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Ends in order; how many events wait for the next run, as far as they are known.
    pub(super) async fn end(self, stopped_by: StoppedBy) -> usize {
        // Who has waited for events wants them to have reached the handler; who interrupts does not want to wait.
        self.stop.send_replace(match stopped_by {
            StoppedBy::Condition | StoppedBy::Timeout | StoppedBy::StdinClosed => Stop::WhenTried,
            StoppedBy::Interrupt | StoppedBy::Terminate | StoppedBy::ReaderLeft => Stop::Soon,
        });
        self.running.join_all().await.into_iter().sum()
    }
}

fn announce(context: &Context, handler: &Handler, what: &str, consumer: Option<&str>) {
    let mut text = Text::from(what);
    text.add(Meaning::Path, handler.target().to_string());
    if let Some(consumer) = consumer {
        text.add(Meaning::Dim, format!("  consumer {consumer}"));
    }
    context.printer.note(text);
}
