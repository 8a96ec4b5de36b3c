//! `vsai events tail`: the last events, then those that come, whichever process appends them.

use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::passing::Passing;
use super::reading::{Found, Order, Pages, closing};
use super::selecting::{EventArgs, Wanted};
use crate::context::{Context, EventSource, ForwardArgs, Handlers, JournalArgs};
use crate::error::{Error, Exit, Kind};
use crate::journal::{Access, Begin, Engine, EventRecord, Journal, Position, REPLAY, Start};
use crate::listener::{StoppedBy, Summary};
use crate::output::Printer;
use crate::signals::{Signal, Signals};

/// Show the last events, oldest first, and with -f those that come
///
/// The lines are those of `vsai listen`, from whichever process has received the events. With --forward-to events are passed on,
/// and every attempt is shown instead.
#[derive(Debug, Args)]
pub(super) struct Tail {
    /// Begin with the last N events
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    #[arg(conflicts_with_all = ["from_start", "consumer", "forward_to", "route"])]
    lines: usize,
    /// Begin with the oldest event
    #[arg(long)]
    from_start: bool,
    /// Follow, and begin where the last run under this name has ended; the first one begins now, or --from-start. With
    /// --forward-to there is such a name for each handler, if none is given
    #[arg(long, value_name = "NAME", value_parser = consumer_name)]
    consumer: Option<String>,
    /// Go on with what comes, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    #[command(flatten)]
    forward: ForwardArgs,
    #[command(flatten)]
    events: EventArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

impl Tail {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let handlers = self.forward.handlers(context)?;
        context.block_on(async {
            let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
            let Some(journal) = self.open(context)? else { return Ok(Exit::Done) };
            let tailing = closing(journal, async |journal| match handlers.is_empty() {
                true => self.tail(journal, context).await,
                false => self.pass_on(handlers, journal, context).await,
            });
            tokio::select! {
                exit = tailing => exit,
                // The first one stops in order; a second one is for those whose reader stalls.
                signal = async { signals.next().await; signals.next().await } => Ok(signal.into()),
            }
        })
    }

    /// Who waits for events need not wait for the journal first.
    fn open(&self, context: &Context) -> Result<Option<Journal>, Error> {
        match self.follows() {
            true => context.journal(&self.journal, Access::Create).map(Some),
            false => context.journal_if_any(&self.journal),
        }
    }

    fn follows(&self) -> bool {
        self.follow || self.consumer.is_some() || self.forward.any()
    }

    fn begin(&self) -> Begin {
        if self.from_start { Begin::Start } else { Begin::Now }
    }

    async fn pass_on(&self, handlers: Handlers, journal: &Journal, context: &Context) -> Result<Exit, Error> {
        let source = EventSource { journal, consumer: self.consumer.as_deref(), begin: self.begin() };
        Passing { context, source, args: &self.forward, wanted: self.events.wanted(context) }.run(handlers).await
    }

    async fn tail(&self, journal: &Journal, context: &Context) -> Result<Exit, Error> {
        let (wanted, consumer) = (self.events.wanted(context), self.consumer.as_deref());
        let mut reading = Reading {
            journal,
            wanted,
            consumer,
            printer: context.printer.clone(),
            signals: Signals::watch().map_err(|error| Error::cannot_watch(&error))?,
            summary: Summary::default(),
        };
        let _hold = consumer.map(|name| journal.hold(name)).transpose()?;
        let from = match consumer {
            Some(name) => {
                let (name, goal) = (name.to_owned(), "events tail".to_owned());
                journal.consumer(Start { name, goal, at: Timestamp::now(), begin: self.begin() }).await?
            }
            None if self.from_start => Position::START,
            None => reading.before_last(self.lines).await?,
        };
        let stopped_by = reading.read(from, self.follows()).await?;
        let Reading { mut summary, printer, .. } = reading;
        summary.stopped_by = stopped_by;
        if self.follows() {
            printer.note(summary.text());
            printer.report(&summary);
        }
        Ok(match stopped_by {
            StoppedBy::Interrupt => Exit::Interrupted,
            StoppedBy::Terminate => Exit::Terminated,
            StoppedBy::ReaderLeft if self.follows() => Exit::ReaderLeft,
            _ => Exit::Done,
        })
    }
}

fn consumer_name(text: &str) -> Result<String, String> {
    match text {
        "" => Err("a name has at least one character".to_owned()),
        REPLAY => Err("the attempts of replays are called so".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

struct Reading<'a> {
    journal: &'a Journal,
    wanted: Wanted,
    /// Whose place is kept.
    consumer: Option<&'a str>,
    printer: Arc<Printer>,
    signals: Signals,
    summary: Summary,
}

impl Reading<'_> {
    /// The place just before the last `count` events.
    async fn before_last(&self, count: usize) -> Result<Position, Error> {
        let mut pages = Pages::new(self.journal, self.wanted.clone(), Order::NewestFirst);
        let (mut place, mut left) = (self.journal.end().await?, count);
        while left > 0
            && let Some(mut page) = pages.next().await?
        {
            page.truncate(left);
            left -= page.len();
            place = page.last().map_or(place, |found| found.logged.position.before());
        }
        Ok(place)
    }

    async fn read(&mut self, from: Position, follows: bool) -> Result<StoppedBy, Error> {
        let mut position = from;
        loop {
            // What is appended from here on is for the next round, if this one does not see it.
            let end = self.journal.end().await?;
            let mut pages = Pages::after(self.journal, self.wanted.clone(), position);
            loop {
                let page = tokio::select! {
                    biased;
                    signal = self.signals.next() => return Ok(stopped_by(signal)),
                    page = pages.next() => page?,
                };
                let Some(page) = page else { break };
                let last = page.last().map_or(position, |found| found.logged.position);
                self.print(page).await?;
                if self.printer.reader_left() || self.printer.write_error().is_some() {
                    return Ok(StoppedBy::ReaderLeft);
                }
                position = self.moved(position, last).await?;
            }
            position = self.moved(position, end).await?;
            if !follows {
                return Ok(StoppedBy::Condition);
            }
            tokio::select! {
                signal = self.signals.next() => return Ok(stopped_by(signal)),
                grown = self.journal.grown_past(position) => grown?,
            }
        }
    }

    /// Goes on to a place, if it is further; what is behind has been printed.
    async fn moved(&self, position: Position, to: Position) -> Result<Position, Error> {
        if to <= position {
            return Ok(position);
        }
        if let Some(consumer) = self.consumer {
            self.journal.finish(consumer, to).await?;
        }
        Ok(to)
    }

    /// Prints on a thread of its own: a reader that stalls must not stall the second signal.
    async fn print(&mut self, page: Vec<Found>) -> Result<(), Error> {
        let records: Vec<Box<EventRecord>> = page.into_iter().map(|found| found.logged.record).collect();
        records.iter().for_each(|record| self.summary.note(record));
        let printer = self.printer.clone();
        let (ended, end) = oneshot::channel();
        std::thread::spawn(move || {
            let mut lines = printer.lines();
            records.iter().for_each(|record| lines.add(&**record));
            lines.print();
            ended.send(())
        });
        end.await.map_err(|_| Error::new(Kind::Failed, "the printing of events has ended too early"))
    }
}

fn stopped_by(signal: Signal) -> StoppedBy {
    match signal {
        Signal::Interrupt => StoppedBy::Interrupt,
        Signal::Terminate => StoppedBy::Terminate,
    }
}
