//! Runs the rows of a plan, some at a time: goes on past failures, stops paying when the quota is used up, stops in order on
//! Ctrl-C.

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;

use super::engine::{Engine, Outcome, Status};
use super::plan::{Fate, Item};
use crate::error::Exit;
use crate::signals::Signal;

/// How a run has ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// One for each row, in their order.
    pub(super) outcomes: Vec<Outcome>,
    pub(super) stopped_by: Option<Signal>,
    pub(super) halted: Option<Exit>,
}

/// A run under way.
struct Run<'a, F> {
    items: &'a [Item<'a>],
    begun: Vec<bool>,
    outcomes: Vec<Option<Outcome>>,
    stopped_by: Option<Signal>,
    halted: Option<Exit>,
    tell: F,
}

/// Runs the rows, `at_once` at a time, and tells of each when it has ended.
pub(super) async fn run<'a>(
    items: &'a [Item<'a>],
    engine: &impl Engine,
    at_once: usize,
    mut signal: impl AsyncFnMut() -> Signal,
    tell: impl FnMut(&Item<'a>, &Outcome),
) -> Ended {
    let (begun, outcomes) = (vec![false; items.len()], vec![None; items.len()]);
    let mut run = Run { items, begun, outcomes, stopped_by: None, halted: None, tell };
    let (stop, stopping) = watch::channel(false);
    let mut waiting = 0..items.len();
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < at_once
            && let Some(at) = waiting.next()
        {
            if run.may_begin(items[at].fate) {
                run.begun[at] = true;
                let outcome = engine.run(items[at].row, stopping.clone());
                running.push(async move { (at, outcome.await) });
            }
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            Some((at, outcome)) = running.next() => run.ended(at, outcome),
            signal = signal() => {
                let is_second = run.stopped_by.replace(signal).is_some();
                // The first signal stops in order; a second one is for those who cannot wait.
                if is_second {
                    break;
                }
                stop.send_replace(true);
            }
        }
    }
    drop(running);
    run.end()
}

impl<'a, F: FnMut(&Item<'a>, &Outcome)> Run<'a, F> {
    fn may_begin(&self, fate: Fate) -> bool {
        let costs_nothing = matches!(fate, Fate::GoOn | Fate::Done);
        self.stopped_by.is_none()
            && match self.halted {
                None => costs_nothing || fate == Fate::Pay,
                Some(Exit::Quota) => costs_nothing,
                Some(_) => false,
            }
    }

    fn ended(&mut self, at: usize, outcome: Outcome) {
        self.halted = self.halted.or(outcome.halt);
        (self.tell)(&self.items[at], &outcome);
        self.outcomes[at] = Some(outcome);
    }

    /// Tells of the rows that were not run to their end.
    fn end(mut self) -> Ended {
        for at in 0..self.items.len() {
            if self.outcomes[at].is_none() {
                let outcome = self.without_end(at);
                (self.tell)(&self.items[at], &outcome);
                self.outcomes[at] = Some(outcome);
            }
        }
        let outcomes = self.outcomes.into_iter().flatten().collect();
        Ended { outcomes, stopped_by: self.stopped_by, halted: self.halted }
    }

    fn without_end(&self, at: usize) -> Outcome {
        let item = &self.items[at];
        let earlier = item.row.same_as.and_then(|at| self.outcomes[at].clone());
        let stopped = |status, why: &str| Outcome { error: Some(why.to_owned()), ..Outcome::of(status) };
        match (item.fate, earlier) {
            _ if self.begun[at] => stopped(Status::Unclear, "cut off by the second signal"),
            (Fate::Repeated, Some(earlier)) => Outcome { paid: false, halt: None, ..earlier },
            (Fate::LeftOut, _) => Outcome::not_sent("left out by --max-photos"),
            (Fate::GoOn | Fate::Done, _) => stopped(Status::Waiting, "stopped before its turn"),
            _ if self.stopped_by.is_some() => Outcome::not_sent("stopped before its turn"),
            _ if self.halted == Some(Exit::Quota) => Outcome::not_sent("the quota is used up"),
            _ => Outcome::not_sent("no row would fare better than the one that failed"),
        }
    }
}
