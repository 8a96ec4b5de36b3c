//! `vsai test-handler`: does a webhook handler accept and refuse rightly?

mod cases;

use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use jiff::Timestamp;
use serde::Serialize;

use crate::context::{self, Context, SecretArgs};
use crate::delivery::{Answer, Attempt, AttemptError, Sender, Target};
use crate::error::{Error, Exit};
use crate::output::{Meaning, Report, Text};
use crate::protocol::Secret;
use crate::protocol::synthetic::Occasion;
use crate::quantity;
use cases::{CASES, Case, Expected, Maker};

/// Check that a webhook handler accepts and refuses rightly
///
/// Sends made-up events about one render: good ones, which must be answered exactly 200 and in time, and forged or broken ones,
/// which must be refused with 4xx. Exits 1 on any miss, 6 when nobody listens there.
#[derive(Debug, Args)]
pub(crate) struct TestHandler {
    /// The handler: 3000, :3000/hook, localhost:3000/hook or a URL
    target: String,
    /// Try only this case, repeated for several
    #[arg(long, value_name = "CASE", value_parser = names())]
    only: Vec<String>,
    /// Leave out this case, repeated for several
    #[arg(long, value_name = "CASE", value_parser = names())]
    skip: Vec<String>,
    /// Time that each answer may take
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = quantity::time_limit)]
    time_limit: Duration,
    #[command(flatten)]
    secret: SecretArgs,
}

fn names() -> PossibleValuesParser {
    CASES.map(|case| case.name).into()
}

/// How a handler did in one case.
#[derive(Serialize)]
struct Outcome {
    case: &'static str,
    expected: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    duration_ms: u64,
    /// Left out where the answer is only told.
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<bool>,
    /// What to do about a miss.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

impl Report for Outcome {
    const KIND: &'static str = "case";

    fn human(&self) -> Text {
        let mut text = Text::new();
        match self.right {
            Some(true) => text.add(Meaning::Success, "✓"),
            Some(false) => text.add(Meaning::Failure, "✗"),
            None => text.add(Meaning::Dim, "·"),
        };
        let status = self.status.map_or("none".to_owned(), |status| status.to_string());
        text.plain(format!(" {:<20} expects {:<10}  got {status:<4} ", self.case, self.expected));
        text.add(Meaning::Dim, format!("{:>5} ms", self.duration_ms));
        if let Some(error) = &self.error {
            text.plain("  ").add(Meaning::Failure, error);
        }
        if let Some(advice) = &self.advice {
            text.plain("  ").add(Meaning::Warning, advice);
        }
        text
    }
}

#[derive(Serialize)]
struct Summary {
    target: String,
    right: usize,
    missed: usize,
}

impl Report for Summary {
    const KIND: &'static str = "summary";
}

impl TestHandler {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let target = Target::parse(&self.target)?;
        let secret = context.signing_secret(&self.secret)?;
        let cases = self.cases()?;
        let sender = Sender::new(self.time_limit)?;
        let summary = context.block_on(try_all(context, &sender, &target, &secret, &cases))?;
        context.printer.note(format!("{} right, {} missed", summary.right, summary.missed));
        context.printer.report(&summary);
        Ok(if summary.missed == 0 { Exit::Done } else { Exit::No })
    }

    fn cases(&self) -> Result<Vec<&'static Case>, Error> {
        let is_chosen = |case: &&Case| {
            let name = case.name.to_owned();
            (self.only.is_empty() || self.only.contains(&name)) && !self.skip.contains(&name)
        };
        let cases: Vec<&'static Case> = CASES.iter().filter(is_chosen).collect();
        if cases.is_empty() { Err(Error::usage("--only and --skip leave no case")) } else { Ok(cases) }
    }
}

/// Tries one case after the other, each about a variation of its own.
async fn try_all(
    context: &Context,
    sender: &Sender,
    target: &Target,
    secret: &Secret,
    cases: &[&Case],
) -> Result<Summary, Error> {
    let run = context::random_bytes()?;
    let mut summary = Summary { target: target.to_string(), right: 0, missed: 0 };
    let mut answer_to_valid = None;
    for (number, case) in (1..).zip(cases) {
        let occasion = Occasion { run, number, timestamp: Timestamp::now().as_millisecond() };
        let attempt = attempt(sender, target, case, &Maker::new(secret, occasion)).await;
        if let (1, Err(error @ (AttemptError::Connect(_) | AttemptError::NoTls))) = (number, &attempt.outcome) {
            return Err(Error::no_delivery(target, error));
        }
        let mut outcome = judged(case, &attempt);
        match outcome.right {
            Some(false) if case.name == "valid" => answer_to_valid = outcome.status,
            // The same answer has the same cause, and that is not what this case is about. But a success where a refusal is
            // due has another one.
            Some(false)
                if outcome.status.is_some() && outcome.status == answer_to_valid && !is_taken(case, &attempt) =>
            {
                outcome.advice = Some("as valid".to_owned());
            }
            _ => {}
        }
        summary.right += usize::from(outcome.right == Some(true));
        summary.missed += usize::from(outcome.right == Some(false));
        context.printer.report(&outcome);
    }
    Ok(summary)
}

/// Sends the case's delivery, again only where the first answer was right.
async fn attempt(sender: &Sender, target: &Target, case: &Case, maker: &Maker) -> Attempt {
    let message = (case.delivery)(maker);
    let mut attempt = sender.post(target, &message).await;
    for _ in 1..case.copies {
        if is_right(case, &attempt) {
            attempt = sender.post(target, &message).await;
        }
    }
    attempt
}

fn is_right(case: &Case, attempt: &Attempt) -> bool {
    let met = |answer: &Answer| case.expected.is_met_by(answer.status.as_u16());
    attempt.outcome.as_ref().map_or(case.expected == Expected::Anything, met)
}

/// Whether what was to be refused was taken.
fn is_taken(case: &Case, attempt: &Attempt) -> bool {
    case.expected == Expected::Refusal && attempt.outcome.as_ref().is_ok_and(|answer| answer.status.is_success())
}

fn judged(case: &Case, attempt: &Attempt) -> Outcome {
    let right = is_right(case, attempt);
    Outcome {
        case: case.name,
        expected: case.expected.in_words(),
        status: attempt.outcome.as_ref().ok().map(|answer| answer.status.as_u16()),
        error: attempt.outcome.as_ref().err().map(ToString::to_string),
        duration_ms: attempt.duration.as_millis() as u64,
        right: (case.expected != Expected::Anything).then_some(right),
        advice: (!right).then(|| advice(case, attempt)),
    }
}

/// What to do about a miss: for some answers the same in each case.
fn advice(case: &Case, attempt: &Attempt) -> String {
    match &attempt.outcome {
        Err(AttemptError::Connect(_) | AttemptError::NoTls) => "it is gone: did it crash?".to_owned(),
        Err(AttemptError::Timeout(_)) => "answer first and work afterwards".to_owned(),
        Err(AttemptError::Broken(_)) => "answer before you close the connection".to_owned(),
        Ok(answer) if answer.status.is_redirection() => "answer here: redirects are not followed".to_owned(),
        Ok(answer) if answer.is_other_success() && case.expected == Expected::Acceptance => {
            format!("answer exactly 200: after {} the vendor sends again", answer.status.as_u16())
        }
        _ => case.advice.to_owned(),
    }
}
