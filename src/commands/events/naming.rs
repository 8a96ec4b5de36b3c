//! How an event is named on the command line: `evt_…`, `evt_….N`, or the first characters of a recent one.

use std::collections::BTreeSet;

use crate::context::{Context, JournalArgs};
use crate::error::{Error, Kind};
use crate::journal::{Engine, Journal, Logged, Page, Position, Selection};

/// Deliveries among which first characters are looked for.
const RECENT: usize = 10_000;
/// Deliveries that are read together.
const PAGE: usize = 64;
/// Events that are named when first characters fit several.
const SHOWN: usize = 5;

/// An event that was asked for.
pub(super) struct Named {
    /// All its deliveries, oldest first; there is at least one.
    pub(super) deliveries: Vec<Logged>,
    /// The delivery that was asked for, else the first.
    pub(super) chosen: usize,
}

/// Looks for the event that the user means.
pub(super) async fn find(journal: &Journal, name: &str, context: &Context, args: &JournalArgs) -> Result<Named, Error> {
    if name.starts_with("ref_") {
        let message = format!("{name} is a refused delivery, not an event");
        return Err(Error::new(Kind::Input, message).hint(context.events_command(&format!("explain {name}"), args)));
    }
    let (beginning, number) = match name.split_once('.') {
        Some((id, number)) => (id, Some(number)),
        None => (name, None),
    };
    let unknown = |what: &str| {
        Error::new(Kind::Input, format!("there is no {what} {name} in the journal"))
            .hint(format!("{} shows names", context.events_command("list", args)))
    };
    let mut deliveries = journal.deliveries_of(beginning).await?;
    if deliveries.is_empty() {
        let id = beginning_with(journal, beginning).await?.ok_or_else(|| unknown("event"))?;
        deliveries = journal.deliveries_of(&id).await?;
    }
    let chosen = match number {
        None if deliveries.is_empty() => None,
        None => Some(0),
        Some(_) => deliveries.iter().position(|logged| logged.record.delivery().rsplit('.').next() == number),
    };
    let chosen = chosen.ok_or_else(|| unknown("delivery"))?;
    Ok(Named { deliveries, chosen })
}

/// The one recent event whose id begins so.
async fn beginning_with(journal: &Journal, beginning: &str) -> Result<Option<String>, Error> {
    if !beginning.starts_with("evt_") || beginning == "evt_" {
        return Ok(None);
    }
    let (mut ids, mut before, mut seen): (BTreeSet<String>, Option<Position>, _) = (BTreeSet::new(), None, 0);
    while seen < RECENT && ids.len() <= SHOWN {
        let page = journal.read(Page::Before(before), Selection::default(), PAGE).await?;
        let Some(last) = page.last() else { break };
        (before, seen) = (Some(last.position), seen + page.len());
        ids.extend(
            page.iter().map(|logged| logged.record.id()).filter(|id| id.starts_with(beginning)).map(str::to_owned),
        );
    }
    if ids.len() > 1 {
        let several: Vec<_> = ids.into_iter().take(SHOWN).collect();
        let message = format!("{beginning} is the beginning of several events: {}", several.join(", "));
        return Err(Error::new(Kind::Input, message));
    }
    Ok(ids.pop_first())
}
