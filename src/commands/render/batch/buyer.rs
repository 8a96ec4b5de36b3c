//! The engine of `render batch`: pays for a row by the ledger unless it is paid for, waits for its pictures and saves them.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use super::engine::{Engine, Outcome, Standing, Status};
use super::row::Row;
use super::saving::{Saved, Saving};
use crate::client::Api;
use crate::commands::render::paying::{PayArgs, Purse, tell};
use crate::commands::render::waiting::Watched;
use crate::context::Context;
use crate::correlation::with_job;
use crate::error::{Error, Exit, Kind};
use crate::jobs::{End, Paid, PayError, PayStep, Waiter, Wanted};
use crate::ledger::{Again, Job, Purchase, State};
use crate::protocol::render::{Render, Tally, VariationStatus};

/// Pays, waits and saves for the rows of one batch.
pub(super) struct Buyer<'a> {
    pub(super) purse: Purse,
    pub(super) pay: &'a PayArgs,
    pub(super) waiter: Waiter<Api>,
    pub(super) webhook_url: Option<Url>,
    /// The longest wait for one row.
    pub(super) timeout: Duration,
    /// None where pictures are not saved.
    pub(super) saving: Option<Saving<'a>>,
    pub(super) context: &'a Context,
}

/// How a row came to its render.
struct Bought {
    render: String,
    /// Made in this run.
    is_new: bool,
    /// Paid for in this run.
    paid: bool,
    /// Its photo in the folder of the pictures.
    photo: Option<String>,
}

impl Engine for Buyer<'_> {
    async fn standings(&self, rows: &[Row]) -> Result<Vec<Standing>, Error> {
        let known = self.purse.ledger.known(rows.iter().map(|row| self.purchase(row)).collect()).await?;
        let standing = |job: Option<Job>| match job.map(|job| job.state) {
            None | Some(State::Planned | State::Rejected) => Standing::New,
            Some(state) if state.is_paid() && self.pay.again() == Again::Yes => Standing::New,
            Some(State::Saved) => Standing::Done,
            Some(State::Done) if self.saving.is_none() => Standing::Done,
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
            Ok(bought) => {
                let outcome = self.finish(row, &job, &bought, stop).await;
                Outcome { render: Some(bought.render), paid: bought.paid, ..outcome }
            }
            Err(outcome) => outcome,
        };
        Outcome { job: Some(job.id), ..outcome }
    }
}

impl Buyer<'_> {
    fn purchase(&self, row: &Row) -> Purchase {
        self.purse.purchase(&row.wanted, row.image.identity, &row.label)
    }

    /// The render of a row; the outcome where there is none.
    async fn buy(&self, row: &Row, job: &Job, mut stop: watch::Receiver<bool>) -> Result<Bought, Outcome> {
        if let Some(render) = &job.render_id {
            return Ok(Bought { render: render.clone(), is_new: false, paid: false, photo: None });
        }
        let (body, photo) = self.body(row, job).await.map_err(|error| failed(&error))?;
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
            paid = self.purse.payer.pay(job, &body, &on_step) => self.bought(job, paid, photo),
            () = stopped => Err(self.left(job).await),
        }
    }

    /// The request, for which a photo is prepared now, and the photo's name in the folder of the pictures.
    async fn body(&self, row: &Row, job: &Job) -> Result<(Bytes, Option<String>), Error> {
        let image = row.image.url().await?;
        let photo = match &self.saving {
            Some(saving) => saving.keep_photo(row, &image)?,
            None => None,
        };
        let webhook_url = self.webhook_url.as_ref().map(|url| with_job(url, &job.id));
        Ok((row.wanted.request(&[image], webhook_url.as_ref().map(Url::as_str)).to_string().into(), photo))
    }

    fn bought(&self, job: &Job, paid: Result<Paid, PayError>, photo: Option<String>) -> Result<Bought, Outcome> {
        match paid {
            Ok(Paid::Now(render)) => Ok(Bought { render: render.id, is_new: true, paid: true, photo }),
            Ok(Paid::Found(render)) => Ok(Bought { render, is_new: true, paid: !job.state.is_unclear(), photo }),
            Ok(Paid::Before(render)) => Ok(Bought { render, is_new: false, paid: false, photo }),
            Err(error) => Err(failed(&Error::unpaid(error, &self.context.vsai()))),
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

    /// Waits for the pictures and saves them.
    async fn finish(&self, row: &Row, job: &Job, bought: &Bought, stop: watch::Receiver<bool>) -> Outcome {
        let wanted = Wanted {
            render_id: bought.render.clone(),
            expected: usize::try_from(row.wanted.count()).ok(),
            is_new: bought.is_new,
            webhooks: None,
            deadline: Instant::now() + self.timeout,
        };
        let mut watched = Watched::new(&row.title(), &self.context.printer);
        let waited = self.waiter.wait(wanted, turned(stop.clone()), |step| watched.show(step)).await;
        drop(watched);
        match &waited.end {
            End::Settled => tokio::select! {
                outcome = self.settled(row, job, &waited.render, bought.photo.clone()) => outcome,
                () = turned(stop) => waiting("stopped before its pictures were saved"),
            },
            End::TimedOut => waiting("its pictures were not there in time"),
            End::Interrupted => waiting("stopped before its pictures were there"),
            End::Refused(error) => Outcome { error: Some(error.to_string()), ..Outcome::of(Status::Failed) },
        }
    }

    async fn settled(&self, row: &Row, job: &Job, render: &Render, photo: Option<String>) -> Outcome {
        if let Err(error) = self.purse.ledger.reached(&job.id, State::Done).await {
            return failed(&error.into());
        }
        let variations = render.variations.as_ref().map_or(&[][..], |page| &page.items);
        let failure = variations.iter().find(|variation| variation.status == VariationStatus::Error).map(|failure| {
            let why = failure.error_message.as_deref().unwrap_or("the API does not tell why");
            format!("variation {} failed: {why}", failure.id)
        });
        let Some(saving) = &self.saving else {
            let status = status_of(Tally::of(variations).done, failure.is_some());
            return Outcome { error: failure, ..Outcome::of(status) };
        };
        let Saved { pictures, error } = saving.save(row, render, photo).await;
        if error.is_none()
            && let Err(error) = self.purse.ledger.reached(&job.id, State::Saved).await
        {
            return failed(&error.into());
        }
        // A disk that takes no picture takes none of the next row either.
        let halt = error.as_ref().filter(|error| error.kind == Kind::Unwritable).map(|error| error.kind.exit());
        let error = error.map(|error| error.message).or(failure);
        let status = status_of(pictures.len(), error.is_some());
        Outcome { pictures, error, halt, ..Outcome::of(status) }
    }
}

async fn turned(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

fn status_of(pictures: usize, is_any_missing: bool) -> Status {
    match (pictures, is_any_missing) {
        (0, _) => Status::Failed,
        (_, false) => Status::Done,
        (_, true) => Status::Partly,
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
        Kind::Ledger | Kind::Unwritable => (Status::NotSent, Some(Exit::CannotStart)),
        _ => (Status::Failed, None),
    };
    Outcome { error: Some(error.message.clone()), halt, ..Outcome::of(status) }
}
