//! The engine of `render batch`: brings each row all the way as `create` does, and tells what became of it.

use std::slice;

use jiff::Timestamp;
use tokio::sync::watch;

use super::engine::{Engine, Outcome, Standing, Status};
use super::row::Row;
use crate::commands::render::paying::{PayArgs, Purse};
use crate::commands::render::work::{Order, Work};
use crate::error::{Error, Exit, Kind};
use crate::jobs::{self, End, Paid};
use crate::ledger::{Again, Job, State};
use crate::protocol::render::{Render, Tally, VariationStatus};

/// Pays, waits and saves for the rows of one batch.
pub(super) struct Buyer<'a> {
    pub(super) work: Work<'a>,
    pub(super) again: Again,
    /// Whether pictures are saved.
    pub(super) saves: bool,
}

fn order(row: &Row) -> Order<'_> {
    Order { images: slice::from_ref(&row.image), wanted: &row.wanted, label: row.source(), row: Some(row.place.row) }
}

/// What the ledger knows of each row.
pub(super) async fn standings(rows: &[Row], purse: &Purse, pay: &PayArgs, saves: bool) -> Result<Vec<Standing>, Error> {
    let purchases: Vec<_> = rows.iter().map(|row| order(row).purchase(purse)).collect();
    let known = purse.ledger.known(purchases.clone()).await?;
    let mut standings = Vec::new();
    for (job, purchase) in known.into_iter().zip(&purchases) {
        standings.push(match job.map(|job| job.state) {
            Some(state) if state.is_paid() && pay.again => Standing::New,
            Some(State::Saved) => Standing::Done,
            Some(State::Done) if !saves => Standing::Done,
            None | Some(State::Planned | State::Rejected) => match purse.ledger.paid_with_photo(purchase).await?[..] {
                [] => Standing::New,
                _ => Standing::NewOfPaidPhoto,
            },
            Some(_) => Standing::Begun,
        });
    }
    Ok(standings)
}

impl Engine for Buyer<'_> {
    async fn run(&self, row: &Row, stop: watch::Receiver<bool>) -> Outcome {
        let order = order(row);
        let ledger = &self.work.purse.ledger;
        let planned = ledger.plan(vec![order.purchase(&self.work.purse)], self.again, Timestamp::now()).await;
        let job = match planned.map(|mut jobs| jobs.remove(0)) {
            Ok(job) => job,
            Err(error) => return ended(Outcome::of(Status::NotSent), error.into()),
        };
        let mut outcome = Outcome { job: Some(job.id.clone()), ..Outcome::of(Status::NotSent) };
        match self.bring(&order, &job, &stop, &mut outcome).await {
            Ok(()) => outcome,
            Err(error) => ended(outcome, error),
        }
    }
}

impl Buyer<'_> {
    /// Brings a row as far as it goes; `outcome` has what is known by then.
    async fn bring(
        &self,
        order: &Order<'_>,
        job: &Job,
        stop: &watch::Receiver<bool>,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let bought = self.work.pay(order, job, stop).await?;
        outcome.render = Some(bought.render_id.clone());
        outcome.paid = match &bought.paid {
            Paid::Now(_) => true,
            Paid::Found(_) => !job.state.is_unclear(),
            Paid::Before(_) => false,
        };
        outcome.status = Status::Waiting;
        let waited = self.work.wait(bought, job, stop).await?;
        match waited.end {
            End::Settled => tokio::select! {
                settled = self.settled(&waited.render, order, job, outcome) => return settled,
                () = turned(stop.clone()) => {}
            },
            End::TimedOut => outcome.error = Some("its pictures were not there in time".to_owned()),
            End::Interrupted => {}
            End::Refused(error) => return Err(error.into()),
        }
        outcome.error.get_or_insert("stopped before all was there".to_owned());
        Ok(())
    }

    async fn settled(&self, render: &Render, order: &Order<'_>, job: &Job, outcome: &mut Outcome) -> Result<(), Error> {
        let variations = render.variations.as_ref().map_or(&[][..], |page| &page.items);
        let failure = variations.iter().find(|variation| variation.status == VariationStatus::Error);
        let failure = failure.map(|failure| {
            let why = failure.error_message.as_deref().unwrap_or("the API does not tell why");
            format!("variation {} failed: {why}", failure.id)
        });
        let mut there = Tally::of(variations).done;
        if self.saves {
            for saved in self.work.save(render, order, job).await? {
                match &saved.result {
                    Ok(_) => outcome.pictures.push(saved.entry.file),
                    Err(error) => note(outcome, error),
                }
            }
            there = outcome.pictures.len();
        }
        outcome.error = outcome.error.take().or(failure);
        outcome.status = match (there, &outcome.error) {
            (0, _) => Status::Failed,
            (_, None) => Status::Done,
            (_, Some(_)) => Status::Partly,
        };
        Ok(())
    }
}

/// A picture that could not be saved. A disk that takes no picture takes none of the next row either.
fn note(outcome: &mut Outcome, error: &jobs::SaveError) {
    let error = Error::from(error);
    if error.kind == Kind::Unwritable {
        outcome.halt = Some(error.kind.exit());
    }
    outcome.error.get_or_insert(error.message);
}

async fn turned(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What an error is to its row, and to the rows after it.
fn ended(outcome: Outcome, error: Error) -> Outcome {
    let is_paid = outcome.render.is_some();
    let (status, halt) = match error.kind {
        Kind::PaymentUnclear => (Status::Unclear, None),
        Kind::Quota => (Status::NotSent, Some(Exit::Quota)),
        Kind::NoKey | Kind::KeyRefused => (Status::NotSent, Some(Exit::Key)),
        Kind::Ledger | Kind::Unwritable => (Status::NotSent, Some(Exit::CannotStart)),
        Kind::Declined => (Status::NotSent, None),
        _ => (Status::Failed, None),
    };
    let status = if is_paid && status == Status::NotSent { Status::Partly } else { status };
    Outcome { status, halt, error: Some(error.message), ..outcome }
}
