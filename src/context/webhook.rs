//! `--webhook-url`: where webhooks of a request go.

use clap::Args;
use url::Url;

use super::Context;
use crate::address::is_loopback;
use crate::error::Error;

/// The flag of every command whose work a webhook may tell of.
#[derive(Debug, Default, Args)]
pub(crate) struct WebhookArgs {
    /// Where webhooks go; @listen is the running `vsai listen` of this profile
    #[arg(long, value_name = "URL|@listen")]
    webhook_url: Option<String>,
}

impl WebhookArgs {
    pub(crate) fn is_given(&self) -> bool {
        self.webhook_url.is_some()
    }

    /// Whether webhooks go to the listener that runs for the profile.
    pub(crate) fn is_running_listener(&self) -> bool {
        self.webhook_url.as_deref() == Some("@listen")
    }

    /// A URL that the API can reach and repeat.
    pub(crate) fn url(&self, context: &Context) -> Result<Option<String>, Error> {
        let Some(given) = &self.webhook_url else { return Ok(None) };
        let url = if given == "@listen" { context.running_listener()?.url } else { given.clone() };
        let refused = |reason: &str| Error::usage(format!("--webhook-url {given}: {reason}"));
        let parsed =
            Url::parse(&url).map_err(|_| refused("it is no absolute URL, such as https://example.com/hooks"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(refused("webhooks go to http or https"));
        }
        if parsed.password().is_some() {
            return Err(Error::usage(
                "--webhook-url: a URL with a password would be stored by the API and shown in logs",
            ));
        }
        if is_loopback(&parsed) && !is_loopback(&context.settings()?.api_url.value) {
            return Err(refused("the API cannot reach this machine's own address")
                .hint("give the public URL of a tunnel that leads to it"));
        }
        Ok(Some(url))
    }
}
