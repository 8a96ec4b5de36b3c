//! `vsai render list`: the account's renders, a page at a time or all of them.

use std::collections::HashSet;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::report::RenderReport;
use crate::client::{Api, Order, PageQuery};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::files::for_shell;
use crate::output::Report;
use crate::protocol::render::{Page, Render};

/// Renders on a page, as the API has it.
const DEFAULT_LIMIT: u32 = 20;
/// Renders on a page at most.
const MAX_LIMIT: u32 = 100;

/// List renders, newest first
#[derive(Debug, Args)]
pub(super) struct List {
    /// Renders on a page, 1 to 100; 20 unless given, and 100 with --all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_LIMIT)))]
    limit: Option<u32>,
    /// Start after this render
    #[arg(long, value_name = "ID")]
    cursor: Option<String>,
    /// Newest or oldest first
    #[arg(long, value_enum, default_value = "desc")]
    order: Order,
    /// Go on to the last page
    #[arg(long)]
    all: bool,
}

/// Where a list goes on.
#[derive(Serialize)]
struct NextPage {
    next_cursor: Option<String>,
}

impl Report for NextPage {
    const KIND: &'static str = "page";
}

/// What was listed so far, to see where a list goes round in a circle.
#[derive(Default)]
struct Listed {
    renders: HashSet<String>,
    cursors: HashSet<String>,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let mut listed = Listed::default();
        let next_cursor = context.block_on(async {
            let mut cursor = self.cursor.clone();
            loop {
                let page = match self.page(&api, cursor.clone()).await {
                    Ok(page) => page,
                    Err(error) if listed.renders.is_empty() => return Err(error),
                    Err(error) => return Err(self.note_rest(error, cursor.as_deref(), context)),
                };
                let brought_more = listed.show(&page, context);
                cursor = page.next_cursor;
                let Some(next) = cursor.as_ref().filter(|_| self.all && !context.printer.reader_left()) else {
                    return Ok(cursor);
                };
                if !listed.cursors.insert(next.clone()) || !brought_more {
                    return Ok(cursor);
                }
            }
        })?;
        Ok(self.end(listed, next_cursor, context))
    }

    async fn page(&self, api: &Api, cursor: Option<String>) -> Result<Page<Render>, Error> {
        let limit = self.limit.unwrap_or(if self.all { MAX_LIMIT } else { DEFAULT_LIMIT });
        Ok(api.list_renders(&PageQuery { limit: Some(limit), cursor, order: Some(self.order) }).await?)
    }

    fn end(&self, listed: Listed, next_cursor: Option<String>, context: &Context) -> Exit {
        if listed.renders.is_empty() {
            context.printer.note("no renders");
        }
        let mut exit = Exit::Done;
        match &next_cursor {
            Some(_) if context.printer.reader_left() => {}
            Some(cursor) if self.all => {
                let message = format!("the API's pages go round in a circle: cursor {cursor} leads nowhere new");
                context.printer.warning("endless_list", &message);
                exit = Exit::Partly;
            }
            Some(cursor) => context.printer.note(format!("more: {}", self.from(cursor, context))),
            None => {}
        }
        context.printer.report(&NextPage { next_cursor });
        exit
    }

    /// Says how a list that was broken off goes on.
    fn note_rest(&self, error: Error, cursor: Option<&str>, context: &Context) -> Error {
        let Some(cursor) = cursor else { return error };
        let hint = error.hint.clone().into_iter().chain([format!("the rest: {}", self.from(cursor, context))]);
        let hint = hint.collect::<Vec<_>>().join("\n");
        error.hint(hint)
    }

    /// The command for the list from there on.
    fn from(&self, cursor: &str, context: &Context) -> String {
        let all = if self.all { " --all" } else { "" };
        let order = if self.order == Order::OldestFirst { " --order asc" } else { "" };
        let limit = self.limit.map(|limit| format!(" --limit {limit}")).unwrap_or_default();
        format!("{} render list{all}{limit}{order} --cursor {}", context.vsai(), for_shell(Path::new(cursor)))
    }
}

impl Listed {
    /// Shows the renders of a page that are not shown yet; false where there are none.
    fn show(&mut self, page: &Page<Render>, context: &Context) -> bool {
        let mut brought_more = false;
        let mut lines = context.printer.lines();
        for render in &page.items {
            if self.renders.insert(render.id.clone()) {
                brought_more = true;
                lines.add(&RenderReport::of(render));
            }
        }
        lines.print();
        brought_more
    }
}
