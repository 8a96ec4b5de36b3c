//! `vsai events consumers`: for whom the journal keeps events, and letting go of one that is no longer used.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::reading::{closing, on_journal};
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit, Kind};
use crate::journal::{Access, Engine, Journal, JournalError, Page, Selection, Standing};
use crate::output::{Cell, Format, Meaning, Report, Table, Text, local_time};

/// See for whom the journal keeps events, and remove who is no longer there
///
/// Each target of --forward-to and --route, each --consumer of `events tail` and each folder of --download has a place in the
/// journal: what is behind it is kept by `events prune`.
#[derive(Debug, Args)]
pub(super) struct Consumers {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List consumers, where they pass events on to, and how far they have come
    List {
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Remove a consumer that is not at work: nothing is kept for it any more, and what it was to try again has failed
    Remove(Remove),
}

#[derive(Debug, Args)]
struct Remove {
    #[arg(value_name = "NAME")]
    name: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    journal: JournalArgs,
}

/// A consumer, as it stands or as it stood.
#[derive(Serialize)]
struct Listed {
    name: String,
    /// Where deliveries go to.
    goal: Option<String>,
    started_at: Option<Timestamp>,
    /// When the oldest delivery came that is not finished; none where all are.
    unfinished_since: Option<Timestamp>,
    removed: bool,
    #[serde(skip)]
    line: Text,
}

impl Report for Listed {
    const KIND: &'static str = "consumer";

    fn human(&self) -> Text {
        self.line.clone()
    }
}

impl Consumers {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::List { journal } => {
                on_journal(context, &journal, || {}, async |journal| list(journal, context).await)
            }
            Action::Remove(remove) => remove.run(context),
        }
    }
}

async fn list(journal: &Journal, context: &Context) -> Result<Exit, Error> {
    let mut consumers = Vec::new();
    for standing in journal.consumers().await? {
        consumers.push(Listed::of(standing, journal).await?);
    }
    let now = Timestamp::now();
    let rows: Vec<_> = consumers.iter().map(|consumer| consumer.cells(now)).collect();
    let headings = ["CONSUMER", "STARTED", "UNFINISHED SINCE", "PASSES ON TO"];
    let table = Table::fitting(headings, &rows, 3, context.printer.columns());
    match rows.is_empty() {
        true => context.printer.note("there are no consumers"),
        false if context.printer.format() == Format::Human => context.printer.note(table.heading()),
        false => {}
    }
    for (consumer, row) in consumers.into_iter().zip(&rows) {
        context.printer.report(&Listed { line: table.line(row), ..consumer });
    }
    Ok(Exit::Done)
}

impl Remove {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        context.block_on(async {
            let journal = context.journal(&self.journal, Access::Existing)?;
            closing(journal, async |journal| {
                let known = journal.consumers().await?.into_iter().find(|standing| standing.name == self.name);
                let standing = known.ok_or_else(|| {
                    Error::new(Kind::Input, format!("the journal has no consumer {}", self.name))
                        .hint(format!("{} shows names", context.events_command("consumers list", &self.journal)))
                })?;
                let _hold = journal.hold(&self.name)?;
                let consumer = Listed::of(standing, journal).await?;
                if !self.yes {
                    context.confirm(&consumer.question())?;
                }
                journal.forget(&self.name).await?;
                let line = Text::from(format!("removed consumer {}", self.name));
                context.printer.report(&Listed { removed: true, line, ..consumer });
                Ok(Exit::Done)
            })
            .await
        })
    }
}

impl Listed {
    async fn of(standing: Standing, journal: &Journal) -> Result<Self, JournalError> {
        let Standing { name, goal, started_at, finished_to } = standing;
        let next = journal.read(Page::After(finished_to), Selection::default(), 1).await?;
        let unfinished_since = next.first().map(|logged| logged.record.received_at());
        Ok(Self { name, goal, started_at, unfinished_since, removed: false, line: Text::new() })
    }

    fn cells(&self, now: Timestamp) -> [Cell; 4] {
        let time = |time: Option<Timestamp>| time.map_or("-".to_owned(), |time| local_time(time, now));
        let meaning = if self.unfinished_since.is_some() { Meaning::Warning } else { Meaning::Dim };
        [
            (Meaning::Identifier, self.name.clone()),
            (Meaning::Dim, time(self.started_at)),
            (meaning, time(self.unfinished_since)),
            (Meaning::Path, self.goal.clone().unwrap_or_else(|| "-".to_owned())),
        ]
    }

    fn question(&self) -> String {
        let goal = self.goal.as_ref().map(|goal| format!(" ({goal})")).unwrap_or_default();
        let lost =
            if self.unfinished_since.is_some() { " What it has not finished is not passed on any more." } else { "" };
        format!("Remove consumer {}{goal}?{lost}", self.name)
    }
}
