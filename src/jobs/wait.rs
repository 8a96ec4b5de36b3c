//! Waiting for a render: by webhook or poll, whichever is first. It prints nothing, and it never cancels anything.

mod gathered;
mod pace;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, broadcast};
use tokio::time::{Instant, sleep_until};

use super::whole::all_pages;
use crate::client::{Api, ClientError, ConnectFailure, Failure, PageQuery};
use crate::protocol::Event;
use crate::protocol::render::{Render, Tally, Variation};
pub(crate) use gathered::By;
use gathered::{Gathered, Outlook};
use pace::Pace;

/// Renders that are read at the same moment, however many are waited for, unless somebody asks for more.
const READS_AT_ONCE: usize = 4;

/// A render that was just made may be unknown to the API's other machines for so long.
const UNKNOWN_AT_FIRST: Duration = Duration::from_secs(10);

/// Webhooks come in bursts: the read that confirms them lets so much time pass.
const BURST: Duration = Duration::from_millis(200);

/// Verified events, of this render and of others.
pub(crate) type Webhooks = broadcast::Receiver<Arc<Event>>;

/// Where renders are read, one page in one attempt.
pub(crate) trait Reader: Send + Sync {
    fn read(&self, id: &str, page: PageQuery) -> impl Future<Output = Result<Render, ClientError>> + Send;
}

impl Reader for Arc<Api> {
    async fn read(&self, id: &str, page: PageQuery) -> Result<Render, ClientError> {
        self.poll_render(id, &page).await
    }
}

/// Waits for any number of renders without reading too many at once.
pub(crate) struct Waiter<R> {
    reader: R,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    reads: Semaphore,
}

/// What is waited for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) render_id: String,
    /// Variations that were asked for, where that is known; a removal that comes by itself is not among them.
    pub(crate) expected: Option<usize>,
    /// What the API answered when this very run made it. That it is not found is no verdict yet then.
    pub(crate) made: Option<Render>,
    /// Subscribed to before the render was submitted; none where no webhook can come.
    pub(crate) webhooks: Option<Webhooks>,
    pub(crate) deadline: Instant,
}

/// What happens meanwhile.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// How many variations stand where now.
    Standing(Tally),
    /// A variation has ended.
    Ended(&'a Variation, By),
    /// The render could not be read, and will be read again after this time.
    Unread(&'a ClientError, Duration),
}

/// What a wait has come to.
#[derive(Debug)]
pub(crate) struct Waited {
    /// The whole render as it was last known.
    pub(crate) render: Render,
    /// Who told first of each variation that has ended, by its id.
    pub(crate) by: BTreeMap<String, By>,
    /// Variations that were asked for and are not there.
    pub(crate) missing: usize,
    /// Reads of the render, failed ones among them.
    pub(crate) polls: u32,
    pub(crate) webhooks: Heard,
    pub(crate) end: End,
}

/// Whether webhooks about the render came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Heard {
    /// None could.
    NotExpected,
    /// None did.
    Never,
    Came,
}

/// How a wait has ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Nothing more will come.
    Settled,
    TimedOut,
    /// The caller's stop.
    Interrupted,
    /// The API gave a definite no.
    Refused(ClientError),
}

/// The webhooks of one wait.
struct Hooks {
    receiver: Option<Webhooks>,
    heard: Heard,
}

impl Hooks {
    fn new(receiver: Option<Webhooks>) -> Self {
        let heard = if receiver.is_some() { Heard::Never } else { Heard::NotExpected };
        Self { receiver, heard }
    }

    /// The next event; none where some were missed. Never, once nobody can send any.
    async fn next(&mut self) -> Option<Arc<Event>> {
        let Some(receiver) = &mut self.receiver else { return pending().await };
        match receiver.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(_)) => None,
            Err(RecvError::Closed) => {
                self.receiver = None;
                pending().await
            }
        }
    }
}

/// One wait on its way.
struct Course<'a, T> {
    gathered: &'a mut Gathered,
    hooks: &'a mut Hooks,
    polls: &'a mut u32,
    tell: T,
}

impl<R: Reader> Waiter<R> {
    pub(crate) fn new(reader: R, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { reader, now: Box::new(now), reads: Semaphore::new(READS_AT_ONCE) }
    }

    /// The same with so many reads at once, if that is more.
    pub(crate) fn reading(self, at_once: usize) -> Self {
        Self { reads: Semaphore::new(at_once.max(READS_AT_ONCE)), ..self }
    }

    /// Waits until the render has settled, its deadline or `stop`, and tells of each step.
    pub(crate) async fn wait(
        &self,
        wanted: Wanted,
        stop: impl Future<Output = ()>,
        tell: impl FnMut(Step<'_>),
    ) -> Waited {
        let mut gathered = Gathered::new(&wanted.render_id, wanted.expected);
        let mut hooks = Hooks::new(wanted.webhooks);
        let mut polls = 0;
        let made = wanted.made.clone();
        let course = Course { gathered: &mut gathered, hooks: &mut hooks, polls: &mut polls, tell };
        let end = tokio::select! {
            biased;
            () = stop => End::Interrupted,
            end = self.gather(&wanted.render_id, wanted.made, course) => end,
            () = sleep_until(wanted.deadline) => End::TimedOut,
        };
        if let Some(render) = made
            && !gathered.was_read()
        {
            gathered.take_read(render);
        }
        let missing = gathered.missing();
        let (render, by) = gathered.into_render();
        Waited { render, by, missing, polls, webhooks: hooks.heard, end }
    }

    /// Reads and listens until nothing more will come.
    async fn gather(&self, id: &str, made: Option<Render>, mut course: Course<'_, impl FnMut(Step<'_>)>) -> End {
        let begun = Instant::now();
        let (mut pace, mut out_of_reach_since, is_new) = (Pace::new(), None, made.is_some());
        if let Some(render) = made {
            let mut answered = Gathered::new(id, course.gathered.expected());
            let ended = answered.take_read(render);
            if answered.judged() == Outlook::Settled {
                *course.gathered = answered;
                course.tell_of(&ended, By::Poll);
                return End::Settled;
            }
            // Nothing else of it is kept: a machine that has not heard of the render yet would seem to have lost it.
            if let Some(expected) = answered.until_expected((self.now)()).filter(|expected| !expected.is_zero()) {
                course.rest(pace.rest(Some(expected)), Duration::ZERO).await;
            }
        }
        loop {
            let asked = Instant::now();
            match course.hearing(self.read(id)).await {
                Ok(render) => {
                    out_of_reach_since = None;
                    match course.take_read(render) {
                        Outlook::Settled => return End::Settled,
                        Outlook::Unconfirmed => pace.restart(),
                        Outlook::More => {}
                    }
                    let rest = pace.rest(course.gathered.until_expected((self.now)()));
                    course.rest(rest, Duration::ZERO).await;
                }
                Err(error) => {
                    let may_be_found_yet = is_new && begun.elapsed() < UNKNOWN_AT_FIRST;
                    if is_verdict(&error.failure, course.gathered.was_read(), may_be_found_yet) {
                        return End::Refused(error);
                    }
                    if course.gathered.is_settled_without_reading(*out_of_reach_since.get_or_insert(asked)) {
                        return End::Settled;
                    }
                    let at_least = error.failure.retry_after().unwrap_or_default();
                    let rest = pace.rest(None).max(at_least);
                    (course.tell)(Step::Unread(&error, rest));
                    course.rest(rest, at_least).await;
                }
            }
        }
    }

    async fn read(&self, id: &str) -> Result<Render, ClientError> {
        let _turn = self.reads.acquire().await;
        all_pages(|page| self.reader.read(id, page)).await
    }
}

impl<T: FnMut(Step<'_>)> Course<'_, T> {
    /// Takes webhooks while a read is on its way.
    async fn hearing(
        &mut self,
        read: impl Future<Output = Result<Render, ClientError>>,
    ) -> Result<Render, ClientError> {
        *self.polls += 1;
        let mut read = pin!(read);
        loop {
            tokio::select! {
                read = &mut read => return read,
                event = self.hooks.next() => drop(self.take_event(event)),
            }
        }
    }

    /// Rests, but not for long once a webhook has come; the API is left alone for `at_least` so long all the same.
    async fn rest(&mut self, rest: Duration, at_least: Duration) {
        let begun = Instant::now();
        let mut until = begun + rest;
        loop {
            tokio::select! {
                () = sleep_until(until) => return,
                event = self.hooks.next() => if self.take_event(event) {
                    until = until.min(Instant::now() + BURST).max(begun + at_least);
                }
            }
        }
    }

    /// Whether that is a reason to read at once.
    fn take_event(&mut self, event: Option<Arc<Event>>) -> bool {
        let Some(event) = event else { return true };
        let Some(ended) = self.gathered.hear(&event) else { return false };
        self.hooks.heard = Heard::Came;
        self.tell_of(&ended, By::Webhook);
        true
    }

    fn take_read(&mut self, render: Render) -> Outlook {
        let ended = self.gathered.take_read(render);
        self.tell_of(&ended, By::Poll);
        self.gathered.judged()
    }

    fn tell_of(&mut self, ended: &[Variation], by: By) {
        for variation in ended {
            (self.tell)(Step::Ended(variation, by));
        }
        (self.tell)(Step::Standing(self.gathered.tally()));
    }
}

/// Whether asking again cannot help. What looks like a wrong address counts only until a first read has succeeded.
fn is_verdict(failure: &Failure, was_read: bool, may_be_found_yet: bool) -> bool {
    match failure {
        Failure::NotFound { .. } => !may_be_found_yet,
        Failure::BadRequest { .. }
        | Failure::Unauthorized { .. }
        | Failure::PaymentRequired { .. }
        | Failure::Forbidden { .. }
        | Failure::BadId { .. }
        | Failure::Unsendable { .. } => true,
        Failure::OtherStatus { status, .. } => (400..500).contains(status) && *status != 408,
        Failure::Redirect { .. } | Failure::Connect(ConnectFailure::Tls(_) | ConnectFailure::Proxy { .. }) => !was_read,
        Failure::TooManyRequests { .. }
        | Failure::Server { .. }
        | Failure::Timeout { .. }
        | Failure::Connect(_)
        | Failure::Broken { .. }
        | Failure::NotJson { .. }
        | Failure::NotUnderstood { .. }
        | Failure::TooLarge { .. } => false,
    }
}
