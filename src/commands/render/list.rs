//! `vsai render list`: the account's renders, a page at a time.

use clap::Args;
use serde::Serialize;

use super::report::RenderReport;
use crate::client::{Order, PageQuery};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::output::Report;

/// Renders on a page, as the API has it.
const DEFAULT_LIMIT: u32 = 20;

/// List renders, newest first
#[derive(Debug, Args)]
pub(super) struct List {
    /// Renders on a page, 1 to 100
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: u32,
    /// Start after this render
    #[arg(long, value_name = "ID")]
    cursor: Option<String>,
    /// Newest or oldest first
    #[arg(long, value_enum, default_value = "desc")]
    order: Order,
}

/// Where a list goes on.
#[derive(Serialize)]
struct NextPage {
    next_cursor: Option<String>,
}

impl Report for NextPage {
    const KIND: &'static str = "page";
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let more = self.next_page(context);
        let query = PageQuery { limit: Some(self.limit), cursor: self.cursor, order: Some(self.order) };
        let page = context.block_on(async { Ok(api.list_renders(&query).await?) })?;
        for render in &page.items {
            context.printer.report(&RenderReport(render));
        }
        if page.items.is_empty() {
            context.printer.note("no renders");
        }
        if let Some(cursor) = &page.next_cursor {
            context.printer.note(format!("more: {more} --cursor {cursor}"));
        }
        context.printer.report(&NextPage { next_cursor: page.next_cursor });
        Ok(Exit::Done)
    }

    /// The command for another page of the same list, without its cursor.
    fn next_page(&self, context: &Context) -> String {
        let order = if self.order == Order::OldestFirst { " --order asc" } else { "" };
        let limit = if self.limit == DEFAULT_LIMIT { String::new() } else { format!(" --limit {}", self.limit) };
        format!("{} render list{limit}{order}", context.vsai())
    }
}
