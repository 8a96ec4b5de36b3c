//! `vsai render`: submits renders, adds to them and reads them.

mod add;
#[expect(dead_code, reason = "the engine that pays for its rows is to come")]
mod batch;
mod create;
mod get;
mod list;
mod paying;
mod report;
mod resolve;
mod settings;
mod wanted;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::{Error, Exit};

/// Submit renders and read them
#[derive(Debug, Args)]
pub(crate) struct Render {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Create(Box<create::Create>),
    Add(Box<add::Add>),
    Get(get::Get),
    List(list::List),
    Resolve(resolve::Resolve),
}

impl Render {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::Create(create) => create.run(context),
            Action::Add(add) => add.run(context),
            Action::Get(get) => get.run(context),
            Action::List(list) => list.run(context),
            Action::Resolve(resolve) => resolve.run(context),
        }
    }
}
