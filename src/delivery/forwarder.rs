//! Passes on what a consumer is handed: several at once, each until its handler has taken it or the tries are used up.
//! What became of an attempt is in the journal before it is told.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::handler::Tried;
use super::{Attempt, AttemptError, Forward, Handler, Schedule};
use crate::journal::{Consumer, Due, JournalError, Outcome, Verdict};

/// Attempts that are under way at once.
const AT_ONCE: usize = 8;
/// Time that attempts under way get after the stop.
pub(crate) const WIND_DOWN: Duration = Duration::from_secs(10);
/// How long a journal that fails is left alone.
const BREATHER: Duration = Duration::from_secs(1);

/// How a forwarder is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It goes on.
    NotYet,
    /// When what is due has been tried.
    WhenTried,
    /// When the attempts under way have ended.
    Soon,
}

/// The journal fails, or works again.
pub(crate) type Trouble<'a> = Option<&'a JournalError>;

/// Tells of trouble once, and of its end.
pub(crate) type OnTrouble = Box<dyn Fn(Trouble<'_>) + Send + Sync>;

/// One consumer's events on their way to one handler.
pub(crate) struct Forwarder {
    consumer: Consumer,
    handler: Arc<Handler>,
    schedule: Schedule,
    now: fn() -> Timestamp,
    under_way: JoinSet<(Due, Attempt)>,
    /// What has ended and is not recorded yet.
    ended: Vec<(Outcome, Forward)>,
    /// Nobody was there at the last attempt; before the first one it is taken for so.
    is_silent: bool,
    on_trouble: OnTrouble,
    in_trouble: bool,
}

/// What a forwarder turns to next.
enum Next {
    Begin(Result<Due, JournalError>),
    Ended(Option<Result<(Due, Attempt), JoinError>>),
    TryAgain,
}

impl Forwarder {
    pub(crate) fn new(
        consumer: Consumer,
        handler: Handler,
        schedule: Schedule,
        now: fn() -> Timestamp,
        on_trouble: OnTrouble,
    ) -> Self {
        Self {
            consumer,
            handler: Arc::new(handler),
            schedule,
            now,
            under_way: JoinSet::new(),
            ended: Vec::new(),
            is_silent: true,
            on_trouble,
            in_trouble: false,
        }
    }

    /// Works until the stop; returns how many events wait for another run, as far as they are known.
    pub(crate) async fn run<F, R>(mut self, mut stop: watch::Receiver<Stop>, tell: F) -> usize
    where
        F: Fn(Forward) -> R,
        R: Future<Output = ()>,
    {
        let how = loop {
            let is_free = self.ended.is_empty() && self.under_way.len() < AT_ONCE;
            let next = tokio::select! {
                stopped = stop.wait_for(|stop| *stop != Stop::NotYet) => break stopped.map_or(Stop::Soon, |stop| *stop),
                ended = self.under_way.join_next(), if !self.under_way.is_empty() => Next::Ended(ended),
                due = self.consumer.next(), if is_free => Next::Begin(due),
                () = sleep(BREATHER), if !self.ended.is_empty() => Next::TryAgain,
            };
            // Never broken off: what has ended is recorded once.
            match next {
                Next::Begin(Ok(due)) => self.begin(due),
                Next::Begin(Err(error)) => {
                    self.note_trouble(Some(&error));
                    sleep(BREATHER).await;
                }
                Next::Ended(ended) => self.settle(ended, &tell).await,
                Next::TryAgain => self.settle(None, &tell).await,
            }
        };
        // What is not recorded in time is passed on again in the next run.
        let _ = timeout(WIND_DOWN, self.wind_down(how, &tell)).await;
        let _ = self.consumer.keep_place().await;
        self.consumer.unfinished()
    }

    async fn wind_down<F, R>(&mut self, how: Stop, tell: &F)
    where
        F: Fn(Forward) -> R,
        R: Future<Output = ()>,
    {
        loop {
            while how == Stop::WhenTried && self.ended.is_empty() && self.under_way.len() < AT_ONCE {
                let Ok(Some(due)) = self.consumer.due().await else { break };
                self.begin(due);
            }
            match self.under_way.join_next().await {
                None if self.ended.is_empty() => return,
                None => {
                    sleep(BREATHER).await;
                    self.settle(None, tell).await;
                }
                ended => self.settle(ended, tell).await,
            }
        }
    }

    fn begin(&mut self, due: Due) {
        self.note_trouble(None);
        let handler = self.handler.clone();
        self.under_way.spawn(async move {
            let attempt = handler.hand(&*due.record).await;
            (due, attempt)
        });
    }

    /// Records what has ended, then tells of it. What cannot be recorded now is kept.
    async fn settle<F, R>(&mut self, ended: Option<Result<(Due, Attempt), JoinError>>, tell: &F)
    where
        F: Fn(Forward) -> R,
        R: Future<Output = ()>,
    {
        let mut next = ended;
        while let Some(ended) = next {
            if let Ok((due, attempt)) = ended {
                self.is_silent |= matches!(attempt.outcome, Err(AttemptError::Connect(_)));
                let account = self.account(&due, &attempt);
                self.ended.push(account);
            }
            // One transaction for as many as there are.
            next = self.under_way.try_join_next();
        }
        let outcomes: Vec<_> = self.ended.iter().map(|(outcome, _)| outcome.clone()).collect();
        let recorded = self.consumer.settle(&outcomes).await;
        self.note_trouble(recorded.as_ref().err());
        if recorded.is_err() {
            return;
        }
        // When somebody answers again, what nobody answered need not wait any longer.
        let is_taken = outcomes.iter().any(|outcome| outcome.verdict == Verdict::Delivered);
        if is_taken && std::mem::replace(&mut self.is_silent, false) {
            self.consumer.hurry();
        }
        for (_, forward) in std::mem::take(&mut self.ended) {
            tell(forward).await;
        }
    }

    fn account(&self, due: &Due, attempt: &Attempt) -> (Outcome, Forward) {
        let at = (self.now)();
        let is_taken = attempt.outcome.as_ref().is_ok_and(|answer| answer.status.is_success());
        let verdict = match self.schedule.pause_after(due.attempt, fastrand::f64()) {
            _ if is_taken => Verdict::Delivered,
            Some(pause) => Verdict::Waiting { next_attempt_at: later(at, pause) },
            None => Verdict::Failed,
        };
        let Due { position, record, attempt: number } = due;
        let tried = Tried { consumer: self.consumer.name(), position: *position, record, number: *number, at, verdict };
        self.handler.account(&tried, attempt)
    }

    fn note_trouble(&mut self, trouble: Option<&JournalError>) {
        if std::mem::replace(&mut self.in_trouble, trouble.is_some()) != trouble.is_some() {
            (self.on_trouble)(trouble);
        }
    }
}

fn later(time: Timestamp, pause: Duration) -> Timestamp {
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
    time.checked_add(pause).unwrap_or(Timestamp::MAX)
}
