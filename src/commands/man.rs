//! `vsai man`: the man page, all commands on one page.

use clap::Args;
use clap_mangen::Man as Page;

use crate::context::Context;
use crate::error::{Error, Exit};

/// Print the man page
#[derive(Debug, Args)]
pub(crate) struct Man {}

impl Man {
    pub(crate) fn run(self, command: clap::Command, context: &Context) -> Result<Exit, Error> {
        context.printer.bytes(&page(command).expect("memory does not fail to write"));
        Ok(Exit::Done)
    }
}

fn page(command: clap::Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let mut whole = command.disable_help_flag(true);
    whole.build();
    let man = Page::new(whole.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for subcommand in whole.get_subcommands() {
        add_command(&mut page, subcommand, "vsai")?;
    }
    man.render_extra_section(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

fn add_command(page: &mut Vec<u8>, command: &clap::Command, parent: &str) -> std::io::Result<()> {
    let name = format!("{parent} {}", command.get_name());
    page.extend(format!(".SH \"{}\"\n", name.to_uppercase()).bytes());
    let own =
        command.clone().mut_args(|argument| if argument.is_global_set() { argument.hide(true) } else { argument });
    let man = Page::new(own);
    let mut section = Vec::new();
    man.render_description_section(&mut section)?;
    man.render_synopsis_section(&mut section)?;
    man.render_options_section(&mut section)?;
    // One page for all: what is a section of its own there is a part here.
    page.extend(String::from_utf8_lossy(&section).replace(".SH ", ".SS ").bytes());
    for subcommand in command.get_subcommands() {
        add_command(page, subcommand, &name)?;
    }
    Ok(())
}
