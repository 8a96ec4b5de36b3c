//! `vsai help`: what `--help` prints, for those who ask so.

use clap::{Args, Command};

use crate::context::Context;
use crate::error::{Error, Exit};

/// Print the help of a command
#[derive(Debug, Args)]
pub(super) struct Help {
    /// The command's words, such as `events replay`
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl Help {
    pub(super) fn run(self, mut program: Command, context: &Context) -> Result<Exit, Error> {
        // Each command knows its whole name and the global flags then.
        program.build();
        let mut command = &mut program;
        for (at, word) in self.words.iter().enumerate() {
            let of = command.get_bin_name().unwrap_or("vsai").to_owned();
            command = command.find_subcommand_mut(word).ok_or_else(|| {
                let asked = self.words[..=at].join(" ");
                Error::usage(format!("there is no command {asked:?}")).hint(format!("{of} --help lists commands"))
            })?;
        }
        let help = command.render_long_help().to_string();
        context.printer.bytes(help.as_bytes());
        Ok(Exit::Done)
    }
}
