//! Paying: each job's request goes out once, and where its outcome is unclear it is looked for, not sent again.

mod likeness;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::whole::whole_render;
use crate::client::{Api, ClientError, Order, PageQuery, Upload};
use crate::ledger::{Anchor, Claim, Job, Ledger, LedgerError, State};
use crate::protocol::render::Render;

/// A render that this process has seen made serves as an anchor for so long: what somebody else buys in the meantime
/// could be taken for ours where an outcome is unclear.
const ANCHOR_LASTS: Duration = Duration::from_secs(10);
/// Pauses between two looks for a render whose answer was lost; the last one goes on.
const LOOKS: [u64; 5] = [1, 2, 4, 8, 15];
/// Answers 429 or refused connections after which a job is given up; nothing was paid by any of them.
const REFUSALS: u32 = 4;
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How a job came to its render.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Paid {
    /// It was sent and answered just now.
    Now(Box<Render>),
    /// It had been paid for before: this is the render.
    Before(String),
    /// Its answer was lost; the render was found.
    Found(String),
}

/// Why a job has no render.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PayError {
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    /// A definite no, or nothing was sent: nothing was paid.
    #[error("{0}")]
    Refused(ClientError),
    /// It may have been paid. `candidates` are renders that may be it.
    #[error("{said}; it is unclear whether the render was made and paid for")]
    Unclear { job: String, said: String, candidates: Vec<String> },
    /// Nothing was sent.
    #[error("stopped before it was sent")]
    Stopped,
    /// It was paid, but the answer names a render of another job.
    #[error("the API answered job {job} with render {render}, which belongs to {other}")]
    Taken { job: String, render: String, other: String },
    /// It was paid, and the ledger could not note it.
    #[error("render {render} was paid for, but {error}")]
    NotNoted { render: String, error: LedgerError },
}

/// What a caller may want to show.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PayStep<'a> {
    /// The request goes out.
    Sending,
    /// Nothing was paid; it is tried again after a pause.
    TryingAgain { failure: &'a ClientError, pause: Duration },
    /// The outcome is unclear; the render is looked for until then. Another job may be `waiting` to be sent after it.
    LookingFor { job: &'a Job, waiting: Option<&'a Job>, failure: Option<&'a ClientError>, patience: Duration },
}

/// Renders that verified webhooks have named for jobs, by the job's id.
pub(crate) type Named = watch::Receiver<BTreeMap<String, String>>;

/// What goes with a payment.
#[derive(Clone)]
pub(crate) struct Attention<'a> {
    /// Told of each step.
    pub(crate) on_step: &'a (dyn Fn(PayStep<'_>) + Sync),
    /// True once nothing more is to be sent or looked for; a request that is on its way is finished.
    pub(crate) stop: watch::Receiver<bool>,
    /// None where no webhook can come.
    pub(crate) named: Option<Named>,
}

impl Attention<'_> {
    /// Rests, until a webhook names the job's render at the latest; false when it is to stop.
    async fn rest(&mut self, pause: Duration, job: &str) -> bool {
        let named = self.named.as_mut().filter(|named| !named.borrow().contains_key(job));
        let is_named = async {
            match named {
                Some(named) => drop(named.wait_for(|named| named.contains_key(job)).await),
                None => pending().await,
            }
        };
        tokio::select! {
            Ok(_) = self.stop.wait_for(|stop| *stop) => false,
            () = is_named => true,
            () = sleep(pause) => true,
        }
    }

    /// Ends once nothing more is to be sent.
    async fn stopped(&mut self) {
        if self.stop.wait_for(|stop| *stop).await.is_err() {
            pending::<()>().await;
        }
    }

    fn named(&self, job: &str) -> Option<String> {
        self.named.as_ref().and_then(|named| named.borrow().get(job).cloned())
    }
}

/// Whether the ledger has it that the request goes out.
#[derive(Debug, Clone, Copy)]
enum Noted {
    Already,
    /// An anchor from before that moment, if there is one, will not do.
    NotYet {
        anchor_from: Option<Instant>,
    },
}

impl Noted {
    /// For the next attempt it has to be noted anew.
    fn again(self) -> Self {
        match self {
            Self::Already => Self::NotYet { anchor_from: None },
            not_yet => not_yet,
        }
    }
}

/// Pays for jobs of one account.
pub(crate) struct Payer {
    api: Arc<Api>,
    ledger: Ledger,
    /// How long after it was sent a request may still have an effect.
    settle_within: Duration,
    newest: Mutex<Option<(Anchor, Instant)>>,
}

impl Payer {
    pub(crate) fn new(api: Arc<Api>, ledger: Ledger, settle_within: Duration) -> Self {
        Self { api, ledger, settle_within, newest: Mutex::default() }
    }

    /// The job's render, bought with `body` unless it was bought before. Requests that cannot be told apart go out one at
    /// a time.
    pub(crate) async fn pay(&self, job: &Job, body: &Upload, attention: &mut Attention<'_>) -> Result<Paid, PayError> {
        if let Some(render) = &job.render_id {
            return Ok(Paid::Before(render.clone()));
        }
        let _turn = tokio::select! {
            turn = self.ledger.turn(job) => turn?,
            () = attention.stopped() => return Err(PayError::Stopped),
        };
        if *attention.stop.borrow() {
            return Err(PayError::Stopped);
        }
        // What is usual takes one step of the ledger; all else is looked at closely.
        if let Some(anchor) = self.recent_anchor(None)
            && self.ledger.sending_alone(&job.id, anchor, Timestamp::now()).await?
        {
            return self.send(job, body, Noted::Already, attention).await;
        }
        // Another process may have had its turn before.
        let job = self.ledger.job(&job.id).await?.unwrap_or_else(|| job.clone());
        if let Some(render) = &job.render_id {
            return Ok(Paid::Before(render.clone()));
        }
        if job.state.is_unclear() {
            return self.settle(&job, None, None, attention).await;
        }
        let twins = self.ledger.unclear_twins(&job).await?;
        for twin in &twins {
            if self.may_still_come(twin) && !*attention.stop.borrow() {
                // It is that job's own affair whether it is found.
                if let Err(PayError::Ledger(error)) = self.settle(twin, Some(&job), None, attention).await {
                    return Err(error.into());
                }
            }
        }
        if *attention.stop.borrow() {
            return Err(PayError::Stopped);
        }
        // Whatever is newer than an anchor that is read now is none of theirs.
        let anchor_from = (!twins.is_empty()).then(Instant::now);
        self.send(&job, body, Noted::NotYet { anchor_from }, attention).await
    }

    /// Looks for the render of an unclear job: at least once, and for as long as its request may still have an effect.
    pub(crate) async fn find(&self, job: &Job, attention: &mut Attention<'_>) -> Result<Paid, PayError> {
        let _turn = self.ledger.turn(job).await?;
        let job = self.ledger.job(&job.id).await?.unwrap_or_else(|| job.clone());
        match &job.render_id {
            Some(render) => Ok(Paid::Before(render.clone())),
            None => self.settle(&job, None, None, attention).await,
        }
    }

    async fn send(
        &self,
        job: &Job,
        body: &Upload,
        mut noted: Noted,
        attention: &mut Attention<'_>,
    ) -> Result<Paid, PayError> {
        let mut refusals = 0;
        loop {
            if let Noted::NotYet { anchor_from } = noted {
                let anchor = tokio::select! {
                    anchor = self.anchor(anchor_from) => anchor.map_err(PayError::Refused)?,
                    () = attention.stopped() => return Err(PayError::Stopped),
                };
                if !self.ledger.sending(&job.id, anchor, Timestamp::now()).await? {
                    let said = "another vsai has just changed the job".to_owned();
                    return Err(PayError::Unclear { job: job.id.clone(), said, candidates: Vec::new() });
                }
            }
            noted = noted.again();
            (attention.on_step)(PayStep::Sending);
            let sent_at = Instant::now();
            let failure = match self.api.create_render(body).await {
                Ok(render) => return self.paid(job, render, sent_at).await,
                Err(failure) => failure,
            };
            let said = failure.to_string();
            if failure.outcome_unclear() {
                self.ledger.left_unclear(&job.id, &said).await?;
                let job = self.ledger.job(&job.id).await?.unwrap_or_else(|| job.clone());
                return self.settle(&job, None, Some(&failure), attention).await;
            }
            self.ledger.rejected(&job.id, &said).await?;
            refusals += 1;
            let Some(pause) = pause_after(&failure, refusals) else { return Err(PayError::Refused(failure)) };
            (attention.on_step)(PayStep::TryingAgain { failure: &failure, pause });
            if !attention.rest(pause, &job.id).await {
                return Err(PayError::Refused(failure));
            }
        }
    }

    async fn paid(&self, job: &Job, render: Render, sent_at: Instant) -> Result<Paid, PayError> {
        let not_noted = |error| PayError::NotNoted { render: render.id.clone(), error };
        match self.ledger.accepted(&job.id, &render.id, false).await.map_err(not_noted)? {
            Claim::Made => {
                let anchor = Anchor { render_id: render.id.clone(), created_at: render.created_at };
                *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some((anchor, sent_at));
                Ok(Paid::Now(Box::new(render)))
            }
            Claim::Taken(other) => {
                let said = format!("the API answered with render {}, which belongs to {other}", render.id);
                self.ledger.left_unclear(&job.id, &said).await?;
                Err(PayError::Taken { job: job.id.clone(), render: render.id, other })
            }
        }
    }

    /// A render that was made for us a moment ago, unless it was before `from`.
    fn recent_anchor(&self, from: Option<Instant>) -> Option<Anchor> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_new = |at: &Instant| at.elapsed() < ANCHOR_LASTS && from.is_none_or(|from| *at >= from);
        newest.filter(|(_, at)| is_new(at)).map(|(anchor, _)| anchor)
    }

    /// The newest render of the account; one that was made for us a moment ago will do, unless it was before `from`.
    async fn anchor(&self, from: Option<Instant>) -> Result<Option<Anchor>, ClientError> {
        if let Some(anchor) = self.recent_anchor(from) {
            return Ok(Some(anchor));
        }
        let asked_at = Instant::now();
        let query = PageQuery { limit: Some(1), order: Some(Order::NewestFirst), cursor: None };
        let newest = self.api.list_renders(&query).await?.items.into_iter().next();
        let anchor = newest.map(|render| Anchor { render_id: render.id, created_at: render.created_at });
        if let Some(anchor) = &anchor {
            *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some((anchor.clone(), asked_at));
        }
        Ok(anchor)
    }

    /// Whether the request may still be carried out by the API.
    fn may_still_come(&self, job: &Job) -> bool {
        !self.time_left(job).is_zero() || job.state == State::Sending
    }

    fn time_left(&self, job: &Job) -> Duration {
        let since = job.sent_at.map(|sent_at| Timestamp::now().duration_since(sent_at));
        let since = since.and_then(|since| Duration::try_from(since).ok()).unwrap_or_default();
        self.settle_within.saturating_sub(since)
    }

    /// Whoever sent the job's request has gone or given up. Must be called in the job's turn, or in that of the twin that is
    /// `waiting`.
    async fn settle(
        &self,
        job: &Job,
        waiting: Option<&Job>,
        failure: Option<&ClientError>,
        attention: &mut Attention<'_>,
    ) -> Result<Paid, PayError> {
        let mut end = Instant::now() + self.time_left(job);
        (attention.on_step)(PayStep::LookingFor { job, waiting, failure, patience: self.time_left(job) });
        let mut pauses = LOOKS.iter().copied().chain(std::iter::repeat(LOOKS[LOOKS.len() - 1]));
        loop {
            let is_last_look = Instant::now() >= end;
            let found = match attention.named(&job.id) {
                // The query that names the job is not signed: the render has to be there.
                Some(render) => {
                    whole_render(&self.api, &render).await.map(|found| search::Found::One(found.id)).map_err(Into::into)
                }
                None => self.look(job, is_last_look).await,
            };
            let candidates = match found {
                Ok(search::Found::One(render)) => match self.ledger.accepted(&job.id, &render, true).await? {
                    Claim::Made => return Ok(Paid::Found(render)),
                    Claim::Taken(_) => Vec::new(),
                },
                Ok(search::Found::Unsure(candidates)) => candidates,
                Err(search::SearchError::Ledger(error)) => return Err(error.into()),
                Err(search::SearchError::Api(error)) if is_last_look => {
                    let said = format!("{}; looking for its render failed: {error}", said(job, failure));
                    return Err(self.give_up(job, said, Vec::new()).await);
                }
                Err(search::SearchError::Api(_)) => Vec::new(),
            };
            if is_last_look {
                return Err(self.give_up(job, said(job, failure), candidates).await);
            }
            let pause = Duration::from_secs(pauses.next().unwrap_or_default());
            if !attention.rest(pause.min(end.saturating_duration_since(Instant::now())), &job.id).await {
                end = Instant::now();
            }
        }
    }

    async fn give_up(&self, job: &Job, said: String, candidates: Vec<String>) -> PayError {
        match self.ledger.left_unclear(&job.id, &said).await {
            Ok(()) => PayError::Unclear { job: job.id.clone(), said, candidates },
            Err(error) => error.into(),
        }
    }
}

/// What is known of how the request ended.
fn said(job: &Job, failure: Option<&ClientError>) -> String {
    let known = failure.map(ToString::to_string).or_else(|| job.said.clone());
    known.unwrap_or_else(|| "vsai was ended while the request was on its way".to_owned())
}

/// How long to wait before a request that was certainly not carried out is sent again.
fn pause_after(failure: &ClientError, refusals: u32) -> Option<Duration> {
    if refusals >= REFUSALS || !failure.may_be_sent_again() {
        return None;
    }
    let doubled = Duration::from_millis(500) * 2u32.saturating_pow(refusals.min(8));
    let pause = failure.failure.retry_after().map_or(doubled, |asked| asked.max(Duration::from_millis(100)));
    (pause <= LONGEST_WAIT).then_some(pause)
}
