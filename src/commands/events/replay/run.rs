//! Sends one event after the other and tells how each was answered.

use std::collections::HashMap;
use std::pin::pin;
use std::rc::Rc;

use hyper::header::HeaderMap;
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};

use super::Replay;
use super::item::Item;
use super::planned::Planned;
use super::tally::Tally;
use crate::context::Context;
use crate::delivery::{Attempt, Forward, Handler, Sender, Target, Tried};
use crate::error::{Error, Exit};
use crate::journal::{Engine, Entry, Journal, Logged, REPLAY, Verdict};
use crate::protocol::{Secret, Verifier};
use crate::signals::{Signal, Signals};

/// What attempts are made with.
pub(super) struct Means {
    /// The user's own, for every handler.
    headers: HeaderMap,
    sender: Sender,
    /// Of the secrets that the handler may know.
    verifier: Option<Verifier>,
}

impl Means {
    pub(super) fn new(headers: HeaderMap, sender: Sender, live: &[Secret]) -> Self {
        Self { headers, sender, verifier: (!live.is_empty()).then(|| Verifier::new(live)) }
    }
}

/// A replay under way.
pub(super) struct Run<'a> {
    pub(super) context: &'a Context,
    replay: &'a Replay,
    /// Where attempts are kept.
    journal: Option<&'a Journal>,
    means: Means,
    handlers: HashMap<String, Rc<Handler>>,
    /// When the next one may go out.
    next: Option<Instant>,
    signals: Signals,
    stopped_by: Option<Signal>,
    tally: Tally,
}

impl<'a> Run<'a> {
    /// Must be called inside the runtime.
    pub(super) fn begin(
        replay: &'a Replay,
        context: &'a Context,
        journal: Option<&'a Journal>,
        means: Means,
    ) -> Result<Self, Error> {
        let signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let (handlers, tally) = (HashMap::new(), Tally::default());
        Ok(Self { context, replay, journal, means, handlers, next: None, signals, stopped_by: None, tally })
    }

    /// Whether nothing further is sent.
    pub(super) fn is_over(&self) -> bool {
        self.stopped_by.is_some() || self.replay.dry_run && self.context.printer.reader_left()
    }

    /// Sends an event as often as it was asked for. An answer as expected settles the failures of the consumers in `settles`.
    pub(super) async fn send(&mut self, item: &Item, target: &Target, settles: &[String]) -> Result<(), Error> {
        self.warn_of_signature(item);
        let handler = self.handler(target);
        for number in 1..=self.replay.repeat {
            if self.is_over() {
                return Ok(());
            }
            if self.replay.dry_run {
                self.context.printer.report(&Planned::new(item, &handler));
            } else if let Some(attempt) = self.attempt(item, &handler).await {
                self.tell(item, &handler, &Attempt { number, ..attempt }, settles).await?;
            }
        }
        Ok(())
    }

    /// Leaves out an event that cannot be sent as it was asked for.
    pub(super) fn leave_out(&mut self, error: &Error) {
        error.tell(&self.context.printer);
        self.tally.left_out += 1;
    }

    /// The summary and the verdict.
    pub(super) fn end(self) -> Exit {
        if !self.replay.dry_run {
            self.context.printer.note(self.tally.text());
            self.context.printer.report(&self.tally);
        }
        self.stopped_by.map_or_else(|| self.tally.exit(), Exit::from)
    }

    fn handler(&mut self, target: &Target) -> Rc<Handler> {
        let Means { headers, sender, .. } = &self.means;
        let new = || Rc::new(Handler::new(target.clone(), headers.clone(), sender.clone()));
        self.handlers.entry(target.to_string()).or_insert_with(new).clone()
    }

    /// Said once: after a change of the secret it would be true of all events before it.
    fn warn_of_signature(&mut self, item: &Item) {
        if self.means.verifier.as_ref().is_none_or(|verifier| item.is_verified_by(verifier)) {
            return;
        }
        self.means.verifier = None;
        let message =
            format!("the signature of {} is not that of a live secret; --resign makes one that is", item.name());
        self.context.printer.warning("not_verified", &message);
    }

    /// Makes an attempt, in its turn. None when it was stopped before its outcome was known.
    async fn attempt(&mut self, item: &Item, handler: &Handler) -> Option<Attempt> {
        let now = Instant::now();
        let turn = self.next.map_or(now, |next| next.max(now));
        tokio::select! {
            () = sleep_until(turn) => {}
            signal = self.signals.next() => {
                self.stopped_by = Some(signal);
                return None;
            }
        }
        self.next = self.replay.rate.map(|pause| turn + pause);
        let mut attempt = pin!(handler.hand(item.parcel()));
        tokio::select! {
            attempt = &mut attempt => return Some(attempt),
            signal = self.signals.next() => self.stopped_by = Some(signal),
        }
        // The first signal stops in order; a second one is for those who cannot wait.
        tokio::select! {
            attempt = attempt => Some(attempt),
            _ = self.signals.next() => None,
        }
    }

    /// Keeps an attempt in the journal, then tells of it.
    async fn tell(
        &mut self,
        item: &Item,
        handler: &Handler,
        attempt: &Attempt,
        settles: &[String],
    ) -> Result<(), Error> {
        let at = Timestamp::now();
        let mut forward = Forward::new(at, &item.about(), handler.target(), attempt);
        if let (Some(Logged { position, record }), Some(journal)) = (item.logged(), self.journal) {
            let is_right = self.is_expected(attempt) == Some(true);
            let verdict = if is_right { Verdict::Delivered } else { Verdict::Failed };
            let by = match settles {
                [_, ..] if is_right => settles.iter().map(String::as_str).collect(),
                _ => vec![REPLAY],
            };
            let mut kept = Vec::new();
            for consumer in by {
                let tried = Tried { consumer, position: *position, record, number: attempt.number, at, verdict };
                let (outcome, told) = handler.account(&tried, attempt);
                kept.push(Entry::Outcome(Box::new(outcome)));
                forward = told;
            }
            journal.append(kept).await?;
        }
        let forward = item.file().into_iter().fold(forward, |forward, file| forward.read_from(file.to_owned()));
        self.context.printer.report(&forward);
        self.judge(item, handler, attempt);
        Ok(())
    }

    /// Whether the answer is one of those that are right; none where there is no answer.
    fn is_expected(&self, attempt: &Attempt) -> Option<bool> {
        let status = attempt.outcome.as_ref().ok()?.status.as_u16();
        Some(self.replay.expect_status.iter().any(|expected| expected.is(status)))
    }

    fn judge(&mut self, item: &Item, handler: &Handler, attempt: &Attempt) {
        let (printer, is_expected) = (&self.context.printer, self.is_expected(attempt));
        match &attempt.outcome {
            Ok(answer) if is_expected == Some(false) => {
                let status = answer.status.as_u16();
                let message = format!("{} was answered {status} instead of {}", item.name(), self.replay.expected());
                printer.error("unexpected_status", &message, None);
            }
            Ok(_) => {}
            Err(error) => {
                let error = Error::no_delivery(handler.target(), error);
                let message = format!("{}: {}", item.name(), error.message);
                let hint = error.hint.filter(|_| !self.tally.has_unanswered());
                Error { message, hint, ..error }.tell(printer);
            }
        }
        self.tally.note(is_expected);
    }
}
