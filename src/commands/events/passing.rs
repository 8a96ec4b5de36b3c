//! `vsai events tail --forward-to`: passes on what the journal holds, and shows every attempt.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::selecting::Wanted;
use crate::context::{Context, EventSource, ForwardArgs, Handlers};
use crate::delivery::{Forward, Stop};
use crate::error::{Error, Exit, Kind};
use crate::listener::Passed;
use crate::output::Printer;
use crate::signals::Signals;

/// Attempts that wait to be printed before forwarding waits for them.
const WAITING: usize = 64;

/// What is passed on.
pub(super) struct Passing<'a> {
    pub(super) context: &'a Context,
    pub(super) source: EventSource<'a>,
    pub(super) args: &'a ForwardArgs,
    pub(super) wanted: Wanted,
}

impl Passing<'_> {
    /// Works until Ctrl-C or until the reader has left.
    pub(super) async fn run(self, handlers: Handlers) -> Result<Exit, Error> {
        let Self { context, source, args, wanted } = self;
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let printing = Printing::start(context.printer.clone());
        let show = printing.show.clone();
        let tell = move |forward| {
            let show = show.clone();
            async move { drop(show.send(forward).await) }
        };
        let admits = move |record: &_| wanted.admits(record);
        let forwarders = args.pass_on(context, source, handlers, admits, tell).await?;
        let exit = tokio::select! {
            signal = signals.next() => signal.into(),
            () = printing.show.closed() => Exit::ReaderLeft,
        };
        let unfinished = forwarders.end(Stop::Soon).await;
        let passed = Passed { unfinished, ..printing.end().await? };
        context.printer.note(passed.text());
        context.printer.report(&passed);
        Ok(exit)
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
                printer.report(&forward);
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
