//! What `create` and `batch` have in common before anything is paid: whose money, which job, and what is known already.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use super::wanted::Wanted;
use crate::client::Api;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::jobs::{PayStep, Payer};
use crate::ledger::{Again, Job, Ledger, Owner, Purchase};
use crate::output::{Printer, counted};
use crate::protocol::render::MAX_VARIATIONS;
use crate::quantity;

/// A request may still have an effect for so long after it was sent.
pub(super) const SETTLE_WITHIN: &str = "2m";

/// The endpoint that costs photos.
pub(super) const RENDERS: &str = "/renders";

/// The flags of every command that pays.
#[derive(Debug, Clone, Args)]
pub(super) struct PayArgs {
    /// Buy what was bought before once more
    #[arg(long)]
    pub(super) again: bool,
    /// The most photos that may be paid for; exits 5 before it would be more
    #[arg(long, value_name = "N")]
    pub(super) max_photos: Option<u32>,
    /// How long after it was sent a request without an answer is looked for
    #[arg(long, value_name = "DURATION", default_value = SETTLE_WITHIN, value_parser = quantity::duration)]
    pub(super) settle_within: Duration,
}

impl PayArgs {
    pub(super) fn again(&self) -> Again {
        if self.again { Again::Yes } else { Again::No }
    }
}

/// The account, its ledger, and the way to pay.
pub(super) struct Purse {
    pub(super) api: Arc<Api>,
    pub(super) account: crate::protocol::render::Account,
    pub(super) owner: Owner,
    pub(super) ledger: Ledger,
    pub(super) payer: Payer,
}

impl Purse {
    /// Asks the API whose key it is. Must be called inside the runtime.
    pub(super) async fn open(args: &PayArgs, context: &Context) -> Result<Self, Error> {
        let api = Arc::new(context.api()?);
        let ledger = context.ledger()?;
        let account = api.account().await?;
        let owner = context.owner(&account)?;
        let payer = Payer::new(api.clone(), ledger.clone(), args.settle_within);
        Ok(Self { api, account, owner, ledger, payer })
    }

    /// The same for what a dry run tells: it does without, and says so.
    pub(super) async fn open_for(is_dry_run: bool, args: &PayArgs, context: &Context) -> Result<Option<Self>, Error> {
        match Self::open(args, context).await {
            Err(error) if is_dry_run => {
                context.printer.note(format!("it is not known what is paid for already: {}", error.message));
                Ok(None)
            }
            opened => opened.map(Some),
        }
    }

    /// What would be bought: these settings for a photo, which is named by its digest and in words.
    pub(super) fn purchase(&self, wanted: &Wanted, photo: [u8; 32], source: &str) -> Purchase {
        let mut settings = wanted.body.clone();
        if let Value::Object(members) = &mut settings {
            members.remove("variation_count");
        }
        let count = u32::try_from(wanted.count()).unwrap_or(u32::MAX);
        Purchase { owner: self.owner.clone(), endpoint: RENDERS, photo, source: source.to_owned(), settings, count }
    }

    /// The job that there is of a purchase already, unless it is to be bought once more. What would be a waste of money is
    /// refused, or said, and so is a photo more than may be paid for.
    pub(super) async fn known(
        &self,
        purchase: &Purchase,
        wanted: &Wanted,
        args: &PayArgs,
        context: &Context,
    ) -> Result<Option<Job>, Error> {
        let known = self.ledger.known(vec![purchase.clone()]).await?.into_iter().flatten().next();
        if known.is_none() && !args.again {
            self.point_to_what_is_there(purchase, wanted, context).await?;
        }
        let known = known.filter(|job| !(args.again && job.state.is_paid()));
        if args.max_photos == Some(0) && known.as_ref().is_none_or(|job| job.state.is_to_be_sent()) {
            return Err(Error::new(Kind::Quota, "it would cost a photo, and --max-photos 0 allows none"));
        }
        Ok(known)
    }

    /// The job of one purchase: the one that there is, or a new one.
    pub(super) async fn job(
        &self,
        purchase: Purchase,
        wanted: &Wanted,
        args: &PayArgs,
        context: &Context,
    ) -> Result<Job, Error> {
        self.known(&purchase, wanted, args, context).await?;
        Ok(self.ledger.plan(vec![purchase], args.again(), Timestamp::now()).await?.remove(0))
    }

    /// Variations of a render that is paid for cost nothing.
    async fn point_to_what_is_there(
        &self,
        purchase: &Purchase,
        wanted: &Wanted,
        context: &Context,
    ) -> Result<(), Error> {
        let add = |render: &str, count| format!("{} render add {render}{}", context.vsai(), wanted.flags_with(count));
        for job in self.ledger.paid_with_photos(&[purchase]).await?.concat() {
            let Some(render) = &job.render_id else { continue };
            let is_count_only =
                serde_json::from_str(&job.settings).is_ok_and(|settings: Value| settings == purchase.settings);
            if is_count_only {
                let message = format!(
                    "{} with these settings is paid for: render {render} with {}",
                    job.source,
                    counted(job.count.into(), "variation")
                );
                let hint = match purchase.count.checked_sub(job.count) {
                    Some(more @ 1..) => {
                        format!("{}\nthat makes {more} more for nothing; --again pays once more", add(render, more))
                    }
                    _ => format!("{} render get {render}\n--again pays once more", context.vsai()),
                };
                return Err(Error::usage(message).hint(hint));
            }
            if job.count.saturating_add(purchase.count) <= MAX_VARIATIONS {
                let add = add(render, wanted.each());
                let message =
                    format!("{} is paid for as render {render}, and more of it costs nothing: {add}", job.source);
                context.printer.warning("photo_is_paid", &message);
                break;
            }
        }
        Ok(())
    }
}

/// Tells what happens on the way to a render.
pub(super) fn tell(step: &PayStep<'_>, printer: &Printer) {
    match step {
        PayStep::Sending => {}
        PayStep::TryingAgain { failure, pause } => {
            printer.note(format!("{failure}; nothing was paid; trying again in {:.1} s", pause.as_secs_f64()));
        }
        PayStep::LookingFor { patience, .. } if patience.is_zero() => {}
        PayStep::LookingFor { job, waiting, failure, patience } => {
            let name = format!("{} ({})", job.source, job.id);
            let why = match (waiting, failure) {
                (Some(waiting), _) => format!(
                    "{} waits: it is unclear what became of {name}, and their renders cannot be told apart",
                    waiting.source
                ),
                (None, Some(failure)) => format!("{name}: {failure}"),
                (None, None) => format!("it is unclear what became of {name}"),
            };
            printer.note(format!("{why}; looking for its render, for {} s at most", patience.as_secs()));
        }
    }
}
