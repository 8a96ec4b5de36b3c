//! Which events are meant: the flags that `list`, `stats`, `export` and others have in common.

use clap::Args;
use jiff::Timestamp;

use crate::journal::{Forwarded, Selection};
use crate::listener::{Filter, Interest};
use crate::quantity::{Moment, moment};

/// The flags that select events; what is not named is free.
#[derive(Debug, Default, Clone, Args)]
pub(super) struct SelectionArgs {
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

impl SelectionArgs {
    pub(super) fn wanted(&self) -> Wanted {
        let now = Timestamp::now();
        Wanted {
            selection: Selection {
                event_types: self.events.clone(),
                render_id: self.render.clone(),
                variation_id: self.variation.clone(),
                since: self.since.map(|moment| moment.before(now)),
                until: self.until.map(|moment| moment.before(now)),
                without_duplicates: false,
            },
            interest: Interest { types: Vec::new(), filters: self.filter.clone() },
            state: self.state,
        }
    }
}
