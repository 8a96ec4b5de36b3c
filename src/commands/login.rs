//! `vsai login`: keeps an API key for a profile, once the API has taken it.

use std::io::Read;

use clap::Args;
use secrecy::SecretString;
use serde::Serialize;

use crate::context::Context;
use crate::error::{Error, Exit, Kind, reason};
use crate::output::{Meaning, Report, Text};

/// Store the API key of a profile
///
/// Takes it from a hidden prompt, --stdin or VSAI_API_KEY, and asks the API before storing it. The key is bound to the API that
/// it was stored for.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// Read the key from standard input
    #[arg(long)]
    stdin: bool,
}

#[derive(Serialize)]
struct LoggedIn {
    profile: String,
    api_url: String,
    email: Option<String>,
    uid: Option<String>,
}

impl Report for LoggedIn {
    const KIND: &'static str = "login";

    fn human(&self) -> Text {
        let mut text = Text::new();
        text.add(Meaning::Success, "✓ ").plain("logged in");
        if let Some(who) = self.email.as_ref().or(self.uid.as_ref()) {
            text.plain(" as ").add(Meaning::Identifier, who);
        }
        text.plain(format!(" (profile {}, {})", self.profile, self.api_url));
        text
    }
}

impl Login {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let settings = context.settings_of_new_profile()?;
        let key = self.key(context)?;
        let api = context.api_with(key.clone())?;
        let account = context.block_on(async { Ok(api.account().await?) })?;
        let (profile, api_url) = (&settings.profile.value, settings.api_url.value.to_string());
        context.credentials_file()?.update(profile, |credentials| {
            credentials.api_key = Some(key);
            credentials.api_url = Some(api_url.clone());
        })?;
        context.printer.report(&LoggedIn {
            profile: profile.clone(),
            api_url,
            email: account.user.email,
            uid: account.user.uid,
        });
        Ok(Exit::Done)
    }

    fn key(&self, context: &Context) -> Result<SecretString, Error> {
        let variables = &context.settings_of_new_profile()?.variables;
        let text = if self.stdin {
            key_of_stdin()?
        } else if let Some(key) = variables.get("VSAI_API_KEY") {
            context.printer.note("storing the key in VSAI_API_KEY");
            key.to_owned()
        } else {
            context.ask_hidden("API key: ", "vsai login --stdin < FILE, or set VSAI_API_KEY")?
        };
        Ok(SecretString::from(text.trim()))
    }
}

/// No key is longer than this; without a bound a mistaken pipe would fill the memory.
const MAX_KEY_BYTES: u64 = 4096;

fn key_of_stdin() -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_KEY_BYTES).read_to_end(&mut bytes);
    read.map_err(|error| {
        Error::new(Kind::Unreadable, format!("cannot read the API key from standard input: {}", reason(&error)))
    })?;
    // What is no text is refused with all else that a header cannot carry.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
