//! Where a listener passes events on to, and who answers the sender: the journal, or the handler.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::context::{Context, EventSource, ForwardArgs, Handlers};
use crate::delivery::{Forwarders, Stop, WIND_DOWN, overlap};
use crate::error::Error;
use crate::journal::{Begin, Journal};
use crate::listener::{Interest, Queue, Relay, StoppedBy};
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

/// What is at work beside the listener, or in its place.
pub(super) struct Passing {
    forwarders: Forwarders,
    closing: watch::Sender<bool>,
    relay: Option<Relay>,
}

impl Forwarding {
    /// Whether anything is passed on.
    pub(super) fn any(&self) -> bool {
        self.forward.any()
    }

    /// The handlers that are named. Without a journal only they can answer.
    pub(super) fn handlers(&self, context: &Context, has_journal: bool, own: SocketAddr) -> Result<Handlers, Error> {
        let handlers = self.forward.handlers(context)?;
        if let Some((destination, _)) = handlers.iter().find(|(destination, _)| destination.target.leads_to(own)) {
            let message = format!("{} is this listener itself: each event would come back to it", destination.target);
            return Err(Error::usage(message).hint("name your handler, such as --forward-to localhost:3000/hook"));
        }
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
    ) -> Result<Passing, Error> {
        let (closing, is_closing) = watch::channel(false);
        let (interest, queue) = (interest.clone(), queue.clone());
        if self.ack == Ack::Forward {
            for (_, handler) in &handlers {
                context.announce_handler(handler, "handing each event to ", None);
            }
            let admits = Box::new(move |record: &_| interest.admits(record));
            let relay = Relay::new(handlers, admits, journal.cloned(), Timestamp::now, queue, is_closing);
            return Ok(Passing { forwarders: Forwarders::new(), closing, relay: Some(relay) });
        }
        let Some(journal) = journal else { return Ok(Passing { forwarders: Forwarders::new(), closing, relay: None }) };
        let source = EventSource { journal, consumer: None, begin: Begin::Now };
        let tell = move |forward| {
            let queue = queue.clone();
            async move { queue.tell(forward).await }
        };
        let admits = move |record: &_| interest.admits(record);
        let forwarders = self.forward.pass_on(context, source, handlers, admits, tell).await?;
        Ok(Passing { forwarders, closing, relay: None })
    }
}

impl Passing {
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
        let how = match stopped_by {
            StoppedBy::Condition | StoppedBy::Timeout | StoppedBy::StdinClosed => Stop::WhenTried,
            StoppedBy::Interrupt | StoppedBy::Terminate | StoppedBy::ReaderLeft => Stop::Soon,
        };
        self.forwarders.end(how).await
    }
}
