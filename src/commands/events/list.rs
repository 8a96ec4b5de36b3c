//! `vsai events list`: the deliveries that the journal holds, newest first.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::reading::{Found, Order, Pages, on_journal};
use super::selecting::SelectionArgs;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Exit};
use crate::journal::{Engine, EventRecord, Position};
use crate::output::{Cell, Format, Meaning, Printer, Report, Table, Text, local_time};

/// List events, newest first
///
/// With --json, the `event` records that `vsai listen --json` prints; `vsai verify --record` reads them.
#[derive(Debug, Args)]
pub(super) struct List {
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
    limit: usize,
    /// All of them
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

/// An event record that people see as a line of a table.
#[derive(Serialize)]
#[serde(transparent)]
struct Listed<'a> {
    record: &'a EventRecord,
    #[serde(skip)]
    line: Text,
}

impl Report for Listed<'_> {
    const KIND: &'static str = EventRecord::KIND;
    const VERSION: u32 = EventRecord::VERSION;

    fn human(&self) -> Text {
        self.line.clone()
    }
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        on_journal(
            context,
            &self.journal,
            || {},
            async |journal| {
                let mut pages = Pages::new(journal, self.selection.wanted(context), Order::NewestFirst);
                let mut left = if self.all { usize::MAX } else { self.limit };
                let mut rows = Rows::new(&context.printer);
                while left > 0 && !context.printer.reader_left() {
                    let Some(mut page) = pages.next().await? else { break };
                    page.truncate(left);
                    left -= page.len();
                    rows.print(&page);
                }
                if rows.table.is_none() {
                    match journal.end().await? {
                        Position::START => context.note_no_events(&self.journal),
                        _ => context.printer.note("the journal has no such event"),
                    }
                }
                Ok(Exit::Done)
            },
        )
    }
}

/// Prints pages as lines of one table, which is as wide as the first page needs.
struct Rows<'a> {
    printer: &'a Printer,
    now: Timestamp,
    table: Option<Table<6>>,
}

impl<'a> Rows<'a> {
    fn new(printer: &'a Printer) -> Self {
        Self { printer, now: Timestamp::now(), table: None }
    }

    fn print(&mut self, page: &[Found]) {
        let rows: Vec<[Cell; 6]> = page.iter().map(|found| cells(found, self.now)).collect();
        let table = self.table.get_or_insert_with(|| {
            let headings = ["EVENT", "TIME", "TYPE", "FORWARDED", "RENDER", "VARIATION"];
            let table = Table::fitting(headings, &rows, 2, self.printer.columns());
            if self.printer.format() == Format::Human {
                self.printer.note(table.heading());
            }
            table
        });
        let mut lines = self.printer.lines();
        for (found, row) in page.iter().zip(&rows) {
            lines.add(&Listed { record: &found.logged.record, line: table.line(row) });
        }
        lines.print();
    }
}

fn cells(found: &Found, now: Timestamp) -> [Cell; 6] {
    let record = &found.logged.record;
    let (state_meaning, forwarded) = match found.forwarded() {
        Some(state) => (state.meaning(), state.word()),
        None if record.is_duplicate() => (Meaning::Dim, "duplicate"),
        None => (Meaning::Dim, "-"),
    };
    let type_meaning = if record.identity().is_error() { Meaning::Failure } else { Meaning::Plain };
    let or_dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
    [
        (Meaning::Identifier, record.delivery()),
        (Meaning::Dim, local_time(record.received_at(), now)),
        (type_meaning, record.event_type().unwrap_or("unknown").to_owned()),
        (state_meaning, forwarded.to_owned()),
        (Meaning::Plain, or_dash(record.render_id())),
        (Meaning::Plain, or_dash(record.variation_id())),
    ]
}
