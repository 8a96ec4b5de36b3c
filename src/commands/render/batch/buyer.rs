//! The engine of `render batch`: brings each row all the way as `create` does, and tells what became of it.

use std::collections::HashMap;
use std::slice;

use jiff::Timestamp;
use tokio::sync::watch;

use super::engine::{Engine, Outcome, Standing, Status};
use super::kept::Kept;
use super::plan::{Fate, Item};
use super::row::Row;
use crate::commands::render::paying::{PayArgs, Purse};
use crate::commands::render::work::{Order, Work};
use crate::error::{Error, Exit, Kind};
use crate::jobs::{End, Paid, whole_render};
use crate::ledger::{Again, Job, LedgerError, State};
use crate::protocol::render::{Render, Tally, Variation, VariationStatus};

/// Pays, waits and saves for the rows of one batch.
pub(super) struct Buyer<'a> {
    pub(super) work: Work<'a>,
    pub(super) again: Again,
    /// The jobs of rows that are in the ledger already, by their places.
    pub(super) planned: HashMap<u64, Job>,
    /// None where pictures are not saved.
    pub(super) kept: Option<Kept>,
}

fn order(row: &Row) -> Order<'_> {
    Order { images: slice::from_ref(&row.image), wanted: &row.wanted, label: row.source(), row: Some(row.place.row) }
}

/// What the ledger knows of each row.
pub(super) async fn standings(rows: &[Row], purse: &Purse, pay: &PayArgs, saves: bool) -> Result<Vec<Standing>, Error> {
    let purchases: Vec<_> = rows.iter().map(|row| order(row).purchase(purse)).collect();
    let known = purse.ledger.known(purchases.clone()).await?;
    let paid_otherwise = purse.ledger.paid_with_photos(&purchases.iter().collect::<Vec<_>>()).await?;
    let standing = |(job, paid_otherwise): (Option<Job>, Vec<Job>)| match job.map(|job| job.state) {
        Some(state) if state.is_paid() && pay.again => Standing::New,
        Some(State::Saved) => Standing::Done,
        Some(State::Done) if !saves => Standing::Done,
        None | Some(State::Planned | State::Rejected) if paid_otherwise.is_empty() => Standing::New,
        None | Some(State::Planned | State::Rejected) => Standing::NewOfPaidPhoto,
        Some(_) => Standing::Begun,
    };
    Ok(known.into_iter().zip(paid_otherwise).map(standing).collect())
}

/// Plans all rows that may be begun, in one step of the ledger. What is bought once more is planned only when it is its turn:
/// planned and not sent, it would be bought by the next run, whether that is asked to or not.
pub(super) async fn planned(items: &[Item<'_>], purse: &Purse, again: Again) -> Result<HashMap<u64, Job>, Error> {
    let is_begun = |item: &&Item<'_>| again == Again::No && matches!(item.fate, Fate::Pay | Fate::GoOn | Fate::Done);
    let rows: Vec<&Row> = items.iter().filter(is_begun).map(|item| item.row).collect();
    let purchases = rows.iter().map(|row| order(row).purchase(purse)).collect();
    let jobs = purse.ledger.plan(purchases, again, Timestamp::now()).await?;
    Ok(rows.iter().map(|row| row.place.row).zip(jobs).collect())
}

impl Engine for Buyer<'_> {
    async fn run(&self, row: &Row, stop: watch::Receiver<bool>) -> Outcome {
        let order = order(row);
        let job = match self.planned.get(&row.place.row) {
            Some(job) => job.clone(),
            None => match self.plan(&order).await {
                Ok(job) => job,
                Err(error) => return ended(Outcome::of(Status::NotSent), error.into()),
            },
        };
        let mut outcome = Outcome { job: Some(job.id.clone()), ..Outcome::of(Status::NotSent) };
        match self.bring(&Course { order: &order, job: &job, stop: &stop }, &mut outcome).await {
            Ok(()) => outcome,
            Err(error) => ended(outcome, error),
        }
    }
}

/// A row on its way.
struct Course<'a> {
    order: &'a Order<'a>,
    job: &'a Job,
    stop: &'a watch::Receiver<bool>,
}

impl Buyer<'_> {
    async fn plan(&self, order: &Order<'_>) -> Result<Job, LedgerError> {
        let purse = &self.work.purse;
        let mut jobs = purse.ledger.plan(vec![order.purchase(purse)], self.again, Timestamp::now()).await?;
        Ok(jobs.remove(0))
    }

    /// Brings a row as far as it goes; `outcome` has what is known by then.
    async fn bring(&self, course: &Course<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        let Course { order, job, stop } = *course;
        if let (State::Done | State::Saved, Some(render)) = (job.state, &job.render_id) {
            outcome.render = Some(render.clone());
            return self.go_on(render, course, outcome).await;
        }
        let bought = self.work.pay(order, job, stop).await?;
        outcome.render = Some(bought.render_id.clone());
        outcome.paid = match &bought.paid {
            Paid::Now(_) => true,
            Paid::Found(_) => !job.state.is_unclear(),
            Paid::Before(_) => false,
        };
        outcome.wait("stopped before its pictures were there");
        let waited = self.work.wait(bought, job, self.work.deadline(), stop).await?;
        match waited.end {
            End::Settled => self.unless_stopped(&waited.render, course, outcome).await?,
            End::TimedOut => outcome.wait("its pictures were not there in time"),
            End::Interrupted => {}
            End::Refused(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Goes on with a render that has ended in an earlier run.
    async fn go_on(&self, render: &str, course: &Course<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        let kept = self.kept.as_ref().filter(|_| course.job.state == State::Saved);
        if let Some(pictures) = kept.and_then(|kept| kept.pictures(render)) {
            outcome.pictures = pictures;
            outcome.status = Status::Done;
            return Ok(());
        }
        outcome.wait("stopped before its pictures were there");
        let render = whole_render(&self.work.purse.api, render).await?;
        self.unless_stopped(&render, course, outcome).await
    }

    async fn unless_stopped(&self, render: &Render, course: &Course<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        let mut stop = course.stop.clone();
        tokio::select! {
            settled = self.settled(render, course, outcome) => settled,
            _ = stop.wait_for(|stop| *stop) => Ok(()),
        }
    }

    /// Saves the pictures, and judges the row.
    async fn settled(&self, render: &Render, course: &Course<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        let variations = render.variations.as_ref().map_or(&[][..], |page| &page.items);
        let (mut there, mut error) = (Tally::of(variations).done, None);
        if self.kept.is_some() {
            for saved in self.work.save(render, course.order, course.job).await? {
                match &saved.result {
                    Ok(_) => outcome.pictures.push(saved.entry.file),
                    Err(failed) => {
                        let failed = Error::from(failed);
                        // A disk that takes no picture takes none of the next row either.
                        outcome.halt = outcome.halt.or((failed.kind == Kind::Unwritable).then(|| failed.kind.exit()));
                        error.get_or_insert(failed.message);
                    }
                }
            }
            there = outcome.pictures.len();
        }
        outcome.error = error.or_else(|| variations.iter().find_map(failure));
        outcome.status = match (there, &outcome.error) {
            (0, _) => Status::Failed,
            (_, None) => Status::Done,
            (_, Some(_)) => Status::Partly,
        };
        Ok(())
    }
}

fn failure(variation: &Variation) -> Option<String> {
    let why = variation.error_message.as_deref().unwrap_or("the API does not tell why");
    (variation.status == VariationStatus::Error).then(|| format!("variation {} failed: {why}", variation.id))
}

/// What an error is to its row, and to the rows after it.
fn ended(outcome: Outcome, error: Error) -> Outcome {
    let is_paid = outcome.render.is_some();
    let (status, halt) = match error.kind {
        Kind::PaymentUnclear => (Status::Unclear, None),
        Kind::Quota => (Status::NotSent, Some(Exit::Quota)),
        Kind::NoKey | Kind::KeyRefused => (Status::NotSent, Some(Exit::Key)),
        Kind::Ledger | Kind::Unwritable => (Status::NotSent, Some(Exit::CannotStart)),
        Kind::Stopped => (Status::NotSent, None),
        _ => (Status::Failed, None),
    };
    let status = if is_paid && status == Status::NotSent { Status::Partly } else { status };
    Outcome { status, halt, error: Some(error.message), ..outcome }
}
