//! `vsai events stats`: counts, forwarding and latency, folded over the journal in constant memory.

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::latency::{Latencies, Percentiles};
use super::reading::{Found, Order, Pages, on_journal};
use super::selecting::SelectionArgs;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::journal::{Forwarded, Outcome};
use crate::output::{Meaning, Report, Text, exact_local_time};

/// Types that are counted apart; whatever comes beyond them is counted together.
const TYPES: usize = 100;
const OTHERS: &str = "(other types)";

/// Count events, attempts and duplicates, and tell how long deliveries took
#[derive(Debug, Args)]
pub(super) struct Stats {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

/// What was counted.
#[derive(Serialize)]
struct Counted {
    /// Events, each counted once however often it was delivered.
    events: u64,
    deliveries: u64,
    duplicates: u64,
    /// Events of each type.
    types: BTreeMap<String, u64>,
    first_received_at: Option<Timestamp>,
    last_received_at: Option<Timestamp>,
    forwarding: Forwarding,
    /// From the signed `timestamp` to the arrival of each event's first delivery, in milliseconds.
    latency_ms: Percentiles,
}

/// Attempts, and the deliveries that were forwarded by how they stand.
#[derive(Default, Serialize)]
struct Forwarding {
    attempts: u64,
    /// Attempts that a handler answered as it should.
    successful_attempts: u64,
    delivered: u64,
    waiting: u64,
    failed: u64,
}

impl Stats {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let none = || context.printer.report(&Counted::new());
        on_journal(context, &self.journal, none, async |journal| {
            let mut pages = Pages::new(journal, self.selection.wanted(context), Order::NewestFirst);
            let (mut counted, mut latencies) = (Counted::new(), Latencies::new());
            while let Some(page) = pages.next().await? {
                page.iter().for_each(|found| counted.note(found, &mut latencies));
            }
            counted.latency_ms = latencies.percentiles();
            context.printer.report(&counted);
            Ok(Exit::Done)
        })
    }
}

impl Counted {
    fn new() -> Self {
        Self {
            events: 0,
            deliveries: 0,
            duplicates: 0,
            types: BTreeMap::new(),
            first_received_at: None,
            last_received_at: None,
            forwarding: Forwarding::default(),
            latency_ms: Latencies::new().percentiles(),
        }
    }

    fn note(&mut self, found: &Found, latencies: &mut Latencies) {
        let record = &found.logged.record;
        let received_at = record.received_at();
        self.deliveries += 1;
        self.first_received_at = self.first_received_at.map(|first| first.min(received_at)).or(Some(received_at));
        self.last_received_at = self.last_received_at.max(Some(received_at));
        self.forwarding.note(&found.attempts);
        if record.is_duplicate() {
            self.duplicates += 1;
            return;
        }
        self.events += 1;
        self.note_type(record.event_type().unwrap_or("unknown"));
        if let Some(sent_at) = record.identity().timestamp {
            latencies.note(received_at.as_millisecond().saturating_sub(sent_at));
        }
    }

    fn note_type(&mut self, event_type: &str) {
        let is_full = self.types.len() >= TYPES && !self.types.contains_key(event_type);
        let name = if is_full { OTHERS } else { event_type };
        *self.types.entry(name.to_owned()).or_default() += 1;
    }
}

impl Forwarding {
    fn note(&mut self, attempts: &[Outcome]) {
        self.attempts += attempts.len() as u64;
        let is_success = |outcome: &&Outcome| Forwarded::from(outcome.verdict) == Forwarded::Delivered;
        self.successful_attempts += attempts.iter().filter(is_success).count() as u64;
        match Forwarded::folded(attempts) {
            Some(Forwarded::Delivered) => self.delivered += 1,
            Some(Forwarded::Waiting) => self.waiting += 1,
            Some(Forwarded::Failed) => self.failed += 1,
            None => {}
        }
    }

    fn line(&self) -> String {
        let Self { attempts, successful_attempts, delivered, waiting, failed } = self;
        format!(
            "{delivered} delivered, {waiting} waiting, {failed} failed; {successful_attempts} of {attempts} attempts succeeded"
        )
    }
}

impl Report for Counted {
    const KIND: &'static str = "stats";

    fn human(&self) -> Text {
        let mut text = Text::new();
        let line = |text: &mut Text, name: &str, value: String| {
            text.add(Meaning::Dim, format!("{name:<11}")).plain(value).end_line();
        };
        let counts = format!("{} in {} deliveries, {} duplicate", self.events, self.deliveries, self.duplicates);
        line(&mut text, "events", counts);
        for (event_type, count) in &self.types {
            line(&mut text, "", format!("{count:>8}  {event_type}"));
        }
        if let (Some(first), Some(last)) = (self.first_received_at, self.last_received_at) {
            line(&mut text, "received", format!("{} to {}", exact_local_time(first), exact_local_time(last)));
        }
        if self.forwarding.attempts > 0 {
            line(&mut text, "forwarding", self.forwarding.line());
        }
        let Percentiles { count, p50, p90, p99, max, implausible } = self.latency_ms;
        if count > 0 {
            line(&mut text, "latency", format!("p50 {p50} ms, p90 {p90} ms, p99 {p99} ms, max {max} ms"));
        }
        if implausible > 0 {
            line(&mut text, "", format!("{implausible} left out: sent after they arrived, or more than a day before"));
        }
        text
    }
}
