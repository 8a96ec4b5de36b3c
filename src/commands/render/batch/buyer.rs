//! The engine of `render batch`: pays for a row by the ledger unless it is paid for, and waits for its pictures.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::engine::{Engine, Outcome, Standing, Status};
use super::row::Row;
use crate::client::Api;
use crate::commands::render::paying::{PayArgs, Purse, tell};
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::jobs::{End, Paid, PayError, PayStep, Waited, Waiter, Wanted};
use crate::ledger::{Again, Job, Purchase, State};
use crate::protocol::render::{Tally, VariationStatus};

/// Pays, waits and saves for the rows of one batch.
pub(super) struct Buyer<'a> {
    pub(super) purse: Purse,
    pub(super) pay: &'a PayArgs,
    pub(super) waiter: Waiter<Api>,
    pub(super) webhook_url: Option<String>,
    /// The longest wait for one row.
    pub(super) timeout: Duration,
    pub(super) context: &'a Context,
}

/// A row's job, and whether it came to its render.
enum Bought {
    Render { id: String, is_new: bool, paid: bool },
    Not(Outcome),
}

impl Engine for Buyer<'_> {
    async fn standings(&self, rows: &[Row]) -> Result<Vec<Standing>, Error> {
        let known = self.purse.ledger.known(rows.iter().map(|row| self.purchase(row)).collect()).await?;
        let standing = |job: Option<Job>| match job.map(|job| job.state) {
            None | Some(State::Planned | State::Rejected) => Standing::New,
            Some(state) if state.is_paid() && self.pay.again() == Again::Yes => Standing::New,
            Some(State::Saved) => Standing::Done,
            Some(_) => Standing::Begun,
        };
        Ok(known.into_iter().map(standing).collect())
    }

    async fn run(&self, row: &Row, stop: watch::Receiver<bool>) -> Outcome {
        let planned = self.purse.ledger.plan(vec![self.purchase(row)], self.pay.again(), Timestamp::now()).await;
        let job = match planned.map(|mut jobs| jobs.remove(0)) {
            Ok(job) => job,
            Err(error) => return failed(&error.into()),
        };
        let outcome = match self.buy(row, &job, stop.clone()).await {
            Bought::Render { id, is_new, paid } => {
                let outcome = self.wait(row, &job, &id, is_new, stop).await;
                Outcome { render: Some(id), paid, ..outcome }
            }
            Bought::Not(outcome) => outcome,
        };
        Outcome { job: Some(job.id), ..outcome }
    }
}

impl Buyer<'_> {
    fn purchase(&self, row: &Row) -> Purchase {
        self.purse.purchase(&row.wanted, row.image.identity, &row.label)
    }

    async fn buy(&self, row: &Row, job: &Job, mut stop: watch::Receiver<bool>) -> Bought {
        if let Some(render) = &job.render_id {
            return Bought::Render { id: render.clone(), is_new: false, paid: false };
        }
        let body = match self.body(row).await {
            Ok(body) => body,
            Err(error) => return Bought::Not(failed(&error)),
        };
        // While the request may be on its way it is not left alone.
        let (may_leave, mut leaving) = watch::channel(true);
        let printer = &*self.context.printer;
        let on_step = |step: PayStep<'_>| {
            may_leave.send_replace(!matches!(step, PayStep::Sending));
            tell(&step, printer);
        };
        let stopped = async {
            let _ = stop.wait_for(|stop| *stop).await;
            let _ = leaving.wait_for(|may_leave| *may_leave).await;
        };
        tokio::select! {
            biased;
            paid = self.purse.payer.pay(job, &body, &on_step) => self.bought(job, paid),
            () = stopped => Bought::Not(self.left(job).await),
        }
    }

    /// The request; a photo is prepared for it now.
    async fn body(&self, row: &Row) -> Result<Bytes, Error> {
        let image = row.image.url().await?;
        Ok(row.wanted.request(&[image], self.webhook_url.as_deref()).to_string().into())
    }

    fn bought(&self, job: &Job, paid: Result<Paid, PayError>) -> Bought {
        let id = |paid| match paid {
            Paid::Now(render) => (render.id, true, true),
            Paid::Found(id) => (id, true, !job.state.is_unclear()),
            Paid::Before(id) => (id, false, false),
        };
        match paid.map(id) {
            Ok((id, is_new, paid)) => Bought::Render { id, is_new, paid },
            Err(error) => Bought::Not(failed(&Error::unpaid(error, &self.context.vsai()))),
        }
    }

    /// What became of a job that was left before it had its render.
    async fn left(&self, job: &Job) -> Outcome {
        match self.purse.ledger.job(&job.id).await {
            Ok(Some(job)) if job.state.is_unclear() => Outcome {
                error: Some("stopped while its render was looked for".to_owned()),
                ..Outcome::of(Status::Unclear)
            },
            Ok(_) => Outcome::not_sent("stopped before it was sent"),
            Err(error) => failed(&error.into()),
        }
    }

    async fn wait(&self, row: &Row, job: &Job, render: &str, is_new: bool, mut stop: watch::Receiver<bool>) -> Outcome {
        let wanted = Wanted {
            render_id: render.to_owned(),
            expected: usize::try_from(row.wanted.count()).ok(),
            is_new,
            webhooks: None,
            deadline: Instant::now() + self.timeout,
        };
        let stopped = async {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let waited = self.waiter.wait(wanted, stopped, |_| {}).await;
        match &waited.end {
            End::Settled => self.settled(job, &waited).await,
            End::TimedOut => waiting("its pictures were not there in time"),
            End::Interrupted => waiting("stopped before its pictures were there"),
            End::Refused(error) => Outcome { error: Some(error.to_string()), ..Outcome::of(Status::Failed) },
        }
    }

    async fn settled(&self, job: &Job, waited: &Waited) -> Outcome {
        if let Err(error) = self.purse.ledger.reached(&job.id, State::Done).await {
            return failed(&error.into());
        }
        let variations = waited.render.variations.as_ref().map_or(&[][..], |page| &page.items);
        let tally = Tally::of(variations);
        let failure = variations.iter().find(|variation| variation.status == VariationStatus::Error);
        let error = failure.map(|failure| {
            let why = failure.error_message.as_deref().unwrap_or("the API does not tell why");
            format!("variation {} failed: {why}", failure.id)
        });
        let status = match (tally.done, tally.error) {
            (0, _) => Status::Failed,
            (_, 0) => Status::Done,
            _ => Status::Partly,
        };
        Outcome { error, ..Outcome::of(status) }
    }
}

fn waiting(why: &str) -> Outcome {
    Outcome { error: Some(why.to_owned()), ..Outcome::of(Status::Waiting) }
}

/// What an error is to its row, and to the rows after it.
fn failed(error: &Error) -> Outcome {
    let (status, halt) = match error.kind {
        Kind::PaymentUnclear => (Status::Unclear, None),
        Kind::Quota => (Status::NotSent, Some(Exit::Quota)),
        Kind::NoKey | Kind::KeyRefused => (Status::NotSent, Some(Exit::Key)),
        Kind::Ledger => (Status::NotSent, Some(Exit::CannotStart)),
        _ => (Status::Failed, None),
    };
    Outcome { error: Some(error.message.clone()), halt, ..Outcome::of(status) }
}
