//! `vsai logout`: forgets a profile's API key.

use clap::Args;
use serde::Serialize;

use crate::context::Context;
use crate::error::{Error, Exit};
use crate::output::{Meaning, Report, Text};

/// Forget the API key of a profile; its webhook secret stays
#[derive(Debug, Args)]
pub(crate) struct Logout {}

#[derive(Serialize)]
struct LoggedOut {
    profile: String,
    /// Whether there was a key.
    had_key: bool,
}

impl Report for LoggedOut {
    const KIND: &'static str = "logout";

    fn human(&self) -> Text {
        let mut text = Text::new();
        if self.had_key {
            text.add(Meaning::Success, "✓ ").plain(format!("forgot the API key of profile {}", self.profile));
        } else {
            text.plain(format!("profile {} has no stored API key", self.profile));
        }
        text
    }
}

impl Logout {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let profile = context.settings()?.profile.value.clone();
        let mut had_key = false;
        if context.credentials()?.api_key.is_some() {
            context.credentials_file()?.update(&profile, |credentials| {
                had_key = credentials.api_key.take().is_some();
                credentials.api_url = None;
            })?;
        }
        context.printer.report(&LoggedOut { profile, had_key });
        Ok(Exit::Done)
    }
}
