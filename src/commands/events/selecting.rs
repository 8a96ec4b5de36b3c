//! Which events are meant: the flags that `list`, `stats`, `export` and others have in common.

use clap::Args;
use jiff::Timestamp;

use crate::context::Context;
use crate::journal::{EventRecord, Forwarded, Selection};
use crate::listener::{Filter, Interest};
use crate::quantity::{Moment, moment};

/// The flags that select by what an event says; what is not named is free.
#[derive(Debug, Default, Clone, Args)]
pub(super) struct EventArgs {
    /// Only these event types
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    events: Vec<String>,
    /// Only events of this render
    #[arg(long, value_name = "ID")]
    render: Option<String>,
    /// Only events of this variation
    #[arg(long, value_name = "ID")]
    variation: Option<String>,
    /// Only events in which a payload member or query.NAME has this value
    #[arg(long, value_name = "NAME=VALUE")]
    filter: Vec<Filter>,
}

/// The flags that select by what an event says and by what became of it.
#[derive(Debug, Default, Clone, Args)]
pub(super) struct SelectionArgs {
    #[command(flatten)]
    events: EventArgs,
    /// Only deliveries since then: 1h30m ago, or a time such as 2026-01-31 or 2026-01-31T10:00:00Z
    #[arg(long, value_name = "AGO|TIME", value_parser = moment)]
    since: Option<Moment>,
    /// Only deliveries before then
    #[arg(long, value_name = "AGO|TIME", value_parser = moment)]
    until: Option<Moment>,
    /// Only deliveries that forwarding has left in this state
    #[arg(long, value_name = "STATE", value_enum)]
    state: Option<Forwarded>,
}

/// What the flags ask for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// What the journal can tell apart.
    pub(super) selection: Selection,
    pub(super) interest: Interest,
    pub(super) state: Option<Forwarded>,
}

impl Wanted {
    /// Whether it is wanted for what it says; times and states are for searching.
    pub(super) fn admits(&self, record: &EventRecord) -> bool {
        let Selection { event_types, render_id, variation_id, .. } = &self.selection;
        let is_type = |event_type: &str| event_types.iter().any(|wanted| wanted == event_type);
        (event_types.is_empty() || record.event_type().is_some_and(is_type))
            && (render_id.is_none() || render_id.as_deref() == record.render_id())
            && (variation_id.is_none() || variation_id.as_deref() == record.variation_id())
            && self.interest.admits(record)
    }
}

impl EventArgs {
    pub(super) fn wanted(&self, context: &Context) -> Wanted {
        context.warn_of_unknown_types(self.events.iter().map(String::as_str));
        let selection = Selection {
            event_types: self.events.clone(),
            render_id: self.render.clone(),
            variation_id: self.variation.clone(),
            ..Selection::default()
        };
        Wanted { selection, interest: Interest { types: Vec::new(), filters: self.filter.clone() }, state: None }
    }
}

impl SelectionArgs {
    /// Whether anything is asked for.
    pub(super) fn any(&self) -> bool {
        let EventArgs { events, render, variation, filter } = &self.events;
        let is_about_events = !(events.is_empty() && filter.is_empty()) || render.is_some() || variation.is_some();
        is_about_events || self.since.is_some() || self.until.is_some() || self.state.is_some()
    }

    pub(super) fn wanted(&self, context: &Context) -> Wanted {
        let (now, mut wanted) = (Timestamp::now(), self.events.wanted(context));
        wanted.selection.since = self.since.map(|moment| moment.before(now));
        wanted.selection.until = self.until.map(|moment| moment.before(now));
        if let (Some(since), Some(until)) = (wanted.selection.since, wanted.selection.until)
            && since >= until
        {
            context.printer.warning("empty_range", "--since is not before --until: nothing was received between them");
        }
        wanted.state = self.state;
        wanted
    }
}
