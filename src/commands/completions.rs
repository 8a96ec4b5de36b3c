//! `vsai completions`: the completion script of a shell.

use clap::Args;
use clap_complete::Shell;

use crate::context::Context;
use crate::error::{Error, Exit};

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell to complete in
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, mut command: clap::Command, context: &Context) -> Result<Exit, Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "vsai", &mut script);
        context.printer.bytes(&script);
        Ok(Exit::Done)
    }
}
