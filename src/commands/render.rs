//! `vsai render`: submits renders and reads them.

mod create;
mod get;
mod list;
mod report;
mod wait;
mod waiting;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::{Error, Exit};

/// Submit renders and read them
///
/// Ids are taken as they are: what version 1 of the API has made is read as well.
#[derive(Debug, Args)]
pub(crate) struct Render {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Create(create::Create),
    Get(get::Get),
    List(list::List),
    Wait(wait::Wait),
}

impl Render {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::Create(create) => create.run(context),
            Action::Get(get) => get.run(context),
            Action::List(list) => list.run(context),
            Action::Wait(wait) => wait.run(context),
        }
    }
}
