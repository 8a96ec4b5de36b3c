//! `vsai render`: submits renders, adds to them and reads them.

mod add;
#[expect(dead_code, reason = "the engine that pays for its rows is to come")]
mod batch;
mod create;
mod download;
mod get;
mod list;
mod paying;
mod pictures;
mod report;
mod resolve;
mod settings;
mod show;
mod wait;
mod waiting;
mod wanted;
mod work;

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
    Create(Box<create::Create>),
    Add(Box<add::Add>),
    Get(get::Get),
    Show(show::Show),
    List(list::List),
    Download(download::Download),
    Resolve(resolve::Resolve),
    Wait(wait::Wait),
}

impl Render {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::Create(create) => create.run(context),
            Action::Add(add) => add.run(context),
            Action::Get(get) => get.run(context),
            Action::Show(show) => show.run(context),
            Action::List(list) => list.run(context),
            Action::Download(download) => download.run(context),
            Action::Resolve(resolve) => resolve.run(context),
            Action::Wait(wait) => wait.run(context),
        }
    }
}
