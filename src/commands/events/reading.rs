//! Reads the journal a page at a time: each page is one short transaction, and no more than one is in memory.

use super::selecting::Wanted;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::journal::{Engine, Forwarded, Journal, JournalError, Logged, Outcome, Page, Position};
use crate::output::Format;

/// Deliveries of the first page: what `list` shows unless it is told otherwise.
const FIRST_PAGE: usize = 20;
/// Deliveries of any later page.
const PAGE: usize = 128;
/// Bytes of payload that are read at once, as far as can be told before.
const PAGE_BYTES: usize = 1024 * 1024;

/// A delivery, and every attempt to forward it.
pub(super) struct Found {
    pub(super) logged: Logged,
    pub(super) attempts: Vec<Outcome>,
}

impl Found {
    pub(super) fn forwarded(&self) -> Option<Forwarded> {
        Forwarded::folded(&self.attempts)
    }
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    NewestFirst,
    OldestFirst,
}

/// What is wanted, page after page.
pub(super) struct Pages<'a> {
    journal: &'a Journal,
    wanted: Wanted,
    /// Where the next page begins; none after the last.
    next: Option<Page>,
    /// How many deliveries it has.
    size: usize,
}

impl<'a> Pages<'a> {
    pub(super) fn new(journal: &'a Journal, wanted: Wanted, order: Order) -> Self {
        let next = match order {
            Order::NewestFirst => Page::Before(None),
            Order::OldestFirst => Page::After(Position::START),
        };
        Self { journal, wanted, next: Some(next), size: FIRST_PAGE }
    }

    /// What is behind a position, oldest first.
    pub(super) fn after(journal: &'a Journal, wanted: Wanted, position: Position) -> Self {
        Self { journal, wanted, next: Some(Page::After(position)), size: FIRST_PAGE }
    }

    /// The next deliveries; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Found>>, JournalError> {
        while let Some(page) = self.next.take() {
            let logged = self.journal.read(page.clone(), self.wanted.selection.clone(), self.size).await?;
            self.next = match logged.last().map(|last| last.position) {
                Some(last) if logged.len() == self.size => Some(behind(&page, last)),
                _ => None,
            };
            let bytes: usize = logged.iter().map(|logged| logged.record.payload().len()).sum();
            self.size = (PAGE_BYTES / (bytes / logged.len().max(1)).max(1)).clamp(1, PAGE);
            let found = self.found(logged).await?;
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn found(&self, mut logged: Vec<Logged>) -> Result<Vec<Found>, JournalError> {
        logged.retain(|logged| self.wanted.interest.admits(&logged.record));
        let positions = logged.iter().map(|logged| logged.position);
        let (Some(first), Some(last)) = (positions.clone().min(), positions.max()) else { return Ok(Vec::new()) };
        let outcomes = self.journal.outcomes(first, last, None).await?;
        let of = |position| outcomes.partition_point(|outcome| outcome.of < position);
        let with_attempts = |logged: Logged| {
            let attempts = outcomes[of(logged.position)..].iter();
            let attempts = attempts.take_while(|outcome| outcome.of == logged.position).cloned().collect();
            Found { logged, attempts }
        };
        let mut found: Vec<Found> = logged.into_iter().map(with_attempts).collect();
        found.retain(|found| self.wanted.state.is_none() || found.forwarded() == self.wanted.state);
        Ok(found)
    }
}

fn behind(page: &Page, last: Position) -> Page {
    match page {
        Page::After(_) => Page::After(last),
        Page::Before(_) => Page::Before(Some(last)),
    }
}

/// Works on the journal. Where there is none, that is said, and `none` prints the answer for scripts.
pub(super) fn on_journal(
    context: &Context,
    args: &JournalArgs,
    none: impl FnOnce(),
    work: impl AsyncFnOnce(&Journal) -> Result<Exit, Error>,
) -> Result<Exit, Error> {
    context.block_on(async {
        let Some(journal) = context.journal_if_any(args)? else {
            if context.printer.format() == Format::Json {
                none();
            }
            return Ok(Exit::Done);
        };
        closing(journal, work).await
    })
}

/// Works on a journal and closes it, however that went.
pub(super) async fn closing(
    journal: Journal,
    work: impl AsyncFnOnce(&Journal) -> Result<Exit, Error>,
) -> Result<Exit, Error> {
    let outcome = work(&journal).await;
    journal.close().await;
    outcome
}
