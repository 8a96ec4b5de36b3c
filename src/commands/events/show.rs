//! `vsai events show`: one event with all its deliveries and every attempt to forward it.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::naming::{Named, find};
use super::reading::closing;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::journal::{Access, Engine, EventRecord, Forwarded, Logged, Outcome, Reformatted, Verdict};
use crate::output::{Meaning, Record, Report, Text, exact_local_time};
use crate::protocol::Matched;

/// Show an event, its deliveries, and every attempt to forward it
#[derive(Debug, Args)]
pub(super) struct Show {
    /// evt_…, evt_….N for one of its deliveries, or the first characters of a recent one
    #[arg(value_name = "EVENT")]
    name: String,
    /// The headers, too; they are not signed
    #[arg(long)]
    headers: bool,
    /// Only the payload, byte for byte what was verified
    #[arg(long, conflicts_with = "headers")]
    raw: bool,
    #[command(flatten)]
    journal: JournalArgs,
}

/// An event and what became of it.
#[derive(Serialize)]
struct History<'a> {
    /// The delivery that was asked for, as `vsai listen --json` prints it.
    event: Record<'a, EventRecord>,
    /// Its body as it came.
    received: Reformatted,
    forwarded: Option<Forwarded>,
    deliveries: Vec<Delivery<'a>>,
    attempts: Vec<Attempt>,
    #[serde(skip)]
    record: &'a EventRecord,
    #[serde(skip)]
    shows_headers: bool,
}

#[derive(Serialize)]
struct Delivery<'a> {
    delivery: String,
    received_at: Timestamp,
    duplicate: bool,
    matched: Matched,
    /// Fingerprint of the secret that signed.
    secret: &'a str,
    target: &'a str,
}

#[derive(Serialize)]
struct Attempt {
    delivery: String,
    #[serde(flatten)]
    outcome: Outcome,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        context.block_on(async {
            let journal = context.journal(&self.journal, Access::Existing)?;
            closing(journal, async |journal| {
                let Named { deliveries, chosen } = find(journal, &self.name, context, &self.journal).await?;
                if self.raw {
                    context.printer.bytes(deliveries[chosen].record.payload().as_bytes());
                    return Ok(Exit::Done);
                }
                let mut attempts = Vec::new();
                for Logged { position, record } in &deliveries {
                    let outcomes = journal.outcomes(*position, *position, None).await?;
                    attempts
                        .extend(outcomes.into_iter().map(|outcome| Attempt { delivery: record.delivery(), outcome }));
                }
                context.printer.report(&self.history(&deliveries, chosen, attempts));
                Ok(Exit::Done)
            })
            .await
        })
    }

    fn history<'a>(&self, deliveries: &'a [Logged], chosen: usize, attempts: Vec<Attempt>) -> History<'a> {
        let record = &deliveries[chosen].record;
        let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome.clone()).collect();
        History {
            event: Record::of(record),
            received: record.reformatted().cloned().unwrap_or_else(|| Reformatted::of(record.payload().as_bytes())),
            forwarded: Forwarded::folded(&outcomes),
            deliveries: deliveries.iter().map(|logged| Delivery::of(&logged.record)).collect(),
            attempts,
            record,
            shows_headers: self.headers,
        }
    }
}

impl<'a> Delivery<'a> {
    fn of(record: &'a EventRecord) -> Self {
        Self {
            delivery: record.delivery(),
            received_at: record.received_at(),
            duplicate: record.is_duplicate(),
            matched: record.matched(),
            secret: record.secret(),
            target: record.target(),
        }
    }
}

impl Report for History<'_> {
    const KIND: &'static str = "event_history";

    fn human(&self) -> Text {
        let mut text = Text::new();
        let record = self.record;
        text.add(Meaning::Identifier, record.delivery()).plain("  ");
        text.add(Meaning::Strong, record.event_type().unwrap_or("unknown"));
        for id in [record.render_id(), record.variation_id()].into_iter().flatten() {
            text.plain("  ").plain(id);
        }
        let line = |text: &mut Text, name: &str, value: String| {
            text.end_line().add(Meaning::Dim, format!("  {name:<11}")).plain(value);
        };
        line(&mut text, "received", format!("{} at {}", exact_local_time(record.received_at()), record.target()));
        line(&mut text, "signature", format!("{}, secret {}", matched(record.matched()), record.secret()));
        line(&mut text, "body", format!("{} bytes, SHA-256 {}", self.received.length, self.received.sha256));
        self.add_deliveries(&mut text);
        self.add_attempts(&mut text);
        if self.shows_headers {
            text.end_line().add(Meaning::Dim, "  headers, not signed");
            for (name, value) in record.headers().iter() {
                text.end_line().plain(format!("    {name}: {value}"));
            }
        }
        text.end_line();
        for line in record.payload().lines() {
            text.plain(line).end_line();
        }
        text
    }
}

impl History<'_> {
    fn add_deliveries(&self, text: &mut Text) {
        if self.deliveries.len() < 2 {
            return;
        }
        text.end_line().add(Meaning::Dim, "  deliveries");
        for delivery in &self.deliveries {
            let is_duplicate = if delivery.duplicate { "  duplicate" } else { "" };
            text.end_line().plain("    ").add(Meaning::Identifier, &delivery.delivery);
            text.plain(format!("  {}", exact_local_time(delivery.received_at))).add(Meaning::Dim, is_duplicate);
        }
    }

    fn add_attempts(&self, text: &mut Text) {
        if self.attempts.is_empty() {
            return;
        }
        text.end_line().add(Meaning::Dim, format!("  {:<11}", "forwarding"));
        let (meaning, word) = self.forwarded.map_or((Meaning::Plain, "-"), |state| (state.meaning(), state.word()));
        text.add(meaning, word);
        for Attempt { outcome, .. } in &self.attempts {
            let status = outcome.status.map_or("-".to_owned(), |status| status.to_string());
            text.end_line().plain(format!("    {}  ", exact_local_time(outcome.at)));
            text.add(Forwarded::from(outcome.verdict).meaning(), format!("{status:<3}"));
            text.plain(format!("  {}  {} ms", outcome.target, outcome.duration_ms));
            text.add(Meaning::Dim, format!("  attempt {} of {}", outcome.attempt, outcome.consumer));
            if let Verdict::Waiting { next_attempt_at } = outcome.verdict {
                text.add(Meaning::Dim, format!(", next at {}", exact_local_time(next_attempt_at)));
            }
            for said in [&outcome.error, &outcome.answer].into_iter().flatten() {
                text.end_line().plain("      ").plain(said);
            }
        }
    }
}

fn matched(matched: Matched) -> &'static str {
    match matched {
        Matched::Both => "matches the body",
        Matched::Raw => "matches the raw bytes only: the documented receiver would refuse this",
        Matched::Canonical => "matches the canonical form, shown here: the body was reformatted on the way",
    }
}
