//! `vsai render resolve`: clears up a job of which it is not known whether it was paid.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

use super::paying::SETTLE_WITHIN;
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::jobs::{Attention, Payer, whole_render};
use crate::ledger::{Claim, Job, Ledger, State};
use crate::output::{Meaning, Report, Text};
use crate::quantity;

/// Clear up a job whose payment is unclear; without a job, list all of them
///
/// It looks for the job's render once more, and adopts it where it can be told apart. Nothing is sent. The list has the jobs of
/// all APIs and accounts, and exits 3 where one is of the API in force.
#[derive(Debug, Args)]
pub(super) struct Resolve {
    /// The job
    #[arg(required_if_eq_any = [("resend", "true")])]
    job: Option<String>,
    /// This render is the job's: it was paid for
    #[arg(long, value_name = "RENDER", requires = "job", conflicts_with = "resend")]
    adopt: Option<String>,
    /// The request did not arrive: the next `render create` or `render batch` with it sends it again, and pays
    #[arg(long)]
    resend: bool,
    /// How long after it was sent a request may still have an effect
    #[arg(long, value_name = "DURATION", default_value = SETTLE_WITHIN, value_parser = quantity::duration)]
    settle_within: Duration,
}

/// A job as the ledger has it.
#[derive(Serialize)]
struct JobReport<'a> {
    id: &'a str,
    state: State,
    source: &'a str,
    api: &'a str,
    account: &'a str,
    variations: u32,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    render_id: Option<&'a str>,
    /// Whether its render was found, not answered.
    adopted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<&'a str>,
}

impl<'a> JobReport<'a> {
    fn of(job: &'a Job) -> Self {
        Self {
            id: &job.id,
            state: job.state,
            source: &job.source,
            api: &job.owner.origin,
            account: &job.owner.account,
            variations: job.count,
            created_at: job.created_at,
            sent_at: job.sent_at,
            render_id: job.render_id.as_deref(),
            adopted: job.adopted,
            said: job.said.as_deref(),
        }
    }
}

impl Report for JobReport<'_> {
    const KIND: &'static str = "job";

    fn human(&self) -> Text {
        let mut text = Text::new();
        let meaning = match self.state {
            State::Sending | State::Unclear => Meaning::Warning,
            State::Rejected => Meaning::Failure,
            State::Planned => Meaning::Plain,
            _ => Meaning::Success,
        };
        text.add(Meaning::Identifier, self.id).plain("  ").add(meaning, self.state.as_str()).plain("  ");
        text.add(Meaning::Path, self.source);
        if let Some(sent_at) = self.sent_at {
            text.plain("  ").add(Meaning::Dim, sent_at.strftime("sent %Y-%m-%d %H:%M:%S UTC").to_string());
        }
        if let Some(render) = self.render_id {
            text.plain("  ").add(Meaning::Identifier, render);
        }
        text.end_line().plain("  ").add(Meaning::Dim, format!("account {} at {}", self.account, self.api));
        if let Some(said) = self.said {
            text.end_line().plain("  ").add(Meaning::Dim, said);
        }
        text
    }
}

impl Resolve {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let ledger = context.ledger()?;
        context.block_on(async {
            let Some(id) = &self.job else { return list(&ledger, context).await };
            let unknown = || Error::new(Kind::Refused, format!("there is no job {id} in the ledger"));
            let job = ledger.job(id).await?.ok_or_else(unknown)?;
            let settled = self.settle(&job, &ledger, context).await;
            let job = ledger.job(id).await?.unwrap_or(job);
            context.printer.report(&JobReport::of(&job));
            settled?;
            Ok(if job.state.is_unclear() { Exit::Partly } else { Exit::Done })
        })
    }

    async fn settle(&self, job: &Job, ledger: &Ledger, context: &Context) -> Result<(), Error> {
        if !job.state.is_unclear() {
            let state = job.state.as_str();
            return match (self.resend, &self.adopt) {
                (true, _) if job.state.is_to_be_sent() => {
                    say_that_it_is_sent(context);
                    Ok(())
                }
                (false, None) => Ok(()),
                _ => Err(Error::usage(format!("job {} is {state}: there is nothing to resolve", job.id))),
            };
        }
        let here = context.api_origin()?;
        if job.owner.origin != here {
            let (id, of, path) = (&job.id, &job.owner.origin, context.settings()?.api_url.value.path());
            return Err(Error::usage(format!("job {id} is of the API at {of}, not of the one at {here}"))
                .hint(format!("vsai --api-url {of}{path} render resolve {id}, or -p with a profile of that API")));
        }
        let api = Arc::new(context.api()?);
        let owner = context.owner(&api.account().await?)?;
        if job.owner != owner {
            let (of, here) = (&job.owner, &owner);
            let message = format!("job {} is of account {} at {}", job.id, of.account, of.origin);
            return Err(Error::usage(format!("{message}, not of {} at {}", here.account, here.origin))
                .hint("-p names a profile that has a key of that account"));
        }
        // Nobody else sends it while this is decided.
        match &self.adopt {
            Some(render) => {
                let _turn = ledger.turn(job).await?;
                let render = whole_render(&api, render).await?;
                match ledger.accepted(&job.id, &render.id, true).await? {
                    Claim::Made => Ok(()),
                    Claim::Taken(other) => {
                        Err(Error::new(Kind::Refused, format!("render {} belongs to job {other} already", render.id)))
                    }
                }
            }
            None if self.resend => {
                let _turn = ledger.turn(job).await?;
                ledger.to_be_sent_again(&job.id).await?;
                say_that_it_is_sent(context);
                Ok(())
            }
            None => {
                let (_going_on, stop) = watch::channel(false);
                let mut attention = Attention { on_step: &|_| (), stop, named: None };
                let found = Payer::new(api, ledger.clone(), self.settle_within).find(job, &mut attention).await;
                found.map(drop).map_err(|error| self.still_unclear(Error::unpaid(error, &context.vsai()), job, context))
            }
        }
    }

    /// Says what only the user can decide.
    fn still_unclear(&self, error: Error, job: &Job, context: &Context) -> Error {
        match error.kind {
            Kind::PaymentUnclear => {
                let resolve = format!("{} render resolve {}", context.vsai(), job.id);
                Error::new(error.kind, error.message).hint(format!(
                    "is it in `{} render list`? {resolve} --adopt RENDER. Is it certain that it is not? {resolve} --resend",
                    context.vsai()
                ))
            }
            _ => error,
        }
    }
}

fn say_that_it_is_sent(context: &Context) {
    context.printer.note("run the same command again: it sends the request once more, and pays");
}

/// Tells of all that is unclear; the exit code is about the API in force.
async fn list(ledger: &Ledger, context: &Context) -> Result<Exit, Error> {
    let jobs = ledger.unclear().await?;
    for job in &jobs {
        context.printer.report(&JobReport::of(job));
    }
    if jobs.is_empty() {
        context.printer.note("no payment is unclear");
        return Ok(Exit::Done);
    }
    let here = context.api_origin()?;
    if jobs.iter().all(|job| job.owner.origin != here) {
        context.printer.note(format!("none of them is of the API at {here}"));
        return Ok(Exit::Done);
    }
    context.printer.note(format!("{} render resolve JOB looks for its render", context.vsai()));
    Ok(Exit::Partly)
}
