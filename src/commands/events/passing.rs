//! `vsai events tail --forward-to`: passes on what the journal holds, and shows every attempt.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::selecting::Wanted;
use crate::context::{Context, ForwardArgs, takes};
use crate::delivery::{Destination, Forward, Forwarder, Handler, Stop};
use crate::error::{Error, Exit, Kind};
use crate::journal::{Begin, Journal};
use crate::listener::Passed;
use crate::output::{Meaning, Printer, Text};
use crate::signals::Signals;

/// Attempts that wait to be printed before forwarding waits for them.
const WAITING: usize = 64;

/// Where events go, and who takes them there.
pub(super) type Handlers = Vec<(Destination, Handler)>;

/// What is passed on.
pub(super) struct Passing<'a> {
    pub(super) context: &'a Context,
    pub(super) journal: &'a Journal,
    pub(super) args: &'a ForwardArgs,
    /// The name whose place is kept, unless it is made of the handler's.
    pub(super) consumer: Option<&'a str>,
    pub(super) begin: Begin,
    pub(super) wanted: Wanted,
}

impl Passing<'_> {
    /// Works until Ctrl-C or until the reader has left.
    pub(super) async fn run(self, handlers: Handlers) -> Result<Exit, Error> {
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let forwarders = self.forwarders(handlers).await?;
        let printing = Printing::start(self.context.printer.clone());
        let (stop, stopping) = watch::channel(Stop::NotYet);
        let mut running = JoinSet::new();
        for forwarder in forwarders {
            let show = printing.show.clone();
            let tell = move |forward| {
                let show = show.clone();
                async move { drop(show.send(forward).await) }
            };
            running.spawn(forwarder.run(stopping.clone(), tell));
        }
        let exit = tokio::select! {
            signal = signals.next() => signal.into(),
            () = printing.show.closed() => Exit::ReaderLeft,
        };
        stop.send_replace(Stop::Soon);
        let unfinished = running.join_all().await.into_iter().sum();
        let passed = Passed { unfinished, ..printing.end().await? };
        self.context.printer.note(passed.text());
        self.context.printer.report(&passed);
        Ok(exit)
    }

    async fn forwarders(&self, handlers: Handlers) -> Result<Vec<Forwarder>, Error> {
        let is_one = handlers.len() == 1;
        let mut forwarders = Vec::new();
        for (destination, handler) in handlers {
            let name = match self.consumer {
                None => destination.name(),
                Some(consumer) if is_one => consumer.to_owned(),
                Some(consumer) => format!("{consumer}-{}", destination.name()),
            };
            let mut text = Text::from("passing on to ");
            text.add(Meaning::Path, handler.target().to_string()).add(Meaning::Dim, format!("  consumer {name}"));
            let wanted = self.wanted.clone();
            let takes = takes(destination, move |record| wanted.admits(record));
            forwarders.push(self.context.forwarder(self.args, self.journal, name, self.begin, handler, takes).await?);
            self.context.printer.note(text);
        }
        Ok(forwarders)
    }
}

/// A thread that prints: a reader that stalls must not stall the second signal.
struct Printing {
    /// Closed when the reader has left.
    show: mpsc::Sender<Forward>,
    ended: oneshot::Receiver<Passed>,
}

impl Printing {
    fn start(printer: Arc<Printer>) -> Self {
        let (show, mut shown) = mpsc::channel::<Forward>(WAITING);
        let (end, ended) = oneshot::channel();
        std::thread::spawn(move || {
            let mut passed = Passed::default();
            while let Some(forward) = shown.blocking_recv() {
                if let Some(warning) = passed.note(&forward) {
                    printer.warning("not_200", &warning);
                }
                printer.report(&forward.with_subject());
                if printer.reader_left() {
                    shown.close();
                }
            }
            end.send(passed)
        });
        Self { show, ended }
    }

    async fn end(self) -> Result<Passed, Error> {
        drop(self.show);
        self.ended.await.map_err(|_| Error::new(Kind::Failed, "the printing of attempts has ended too early"))
    }
}
