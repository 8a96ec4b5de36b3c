//! `vsai whoami`: account, quota, and where each setting came from.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::config::{Resolved, Settings, Source};
use crate::context::{Context, SecretArgs};
use crate::error::{Error, Exit, Kind};
use crate::output::{Meaning, Report, Text};
use crate::protocol::Secret;
use crate::protocol::render::{Account, PhotoBuckets, PhotoCount};

/// Show the account behind the API key, its quota, and where each setting came from
#[derive(Debug, Args)]
pub(crate) struct Whoami {}

#[derive(Serialize)]
struct Identity {
    email: Option<String>,
    uid: Option<String>,
    photos: Photos,
    profile: Resolved<String>,
    api_url: Resolved<String>,
    api_key: Resolved<Hidden>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<Resolved<PathBuf>>,
    /// Fingerprints of the live webhook secrets.
    webhook_secret: Option<Resolved<Vec<String>>>,
    webhook_secret_member: Resolved<String>,
}

/// Stands for a value that is never shown.
#[derive(Serialize)]
struct Hidden {}

#[derive(Serialize)]
struct Photos {
    staging: Quota,
    image_editing: Quota,
}

#[derive(Serialize)]
struct Quota {
    used: Option<PhotoCount>,
    limit: Option<PhotoCount>,
}

impl Photos {
    fn of(account: &Account) -> Self {
        let quota = |of: fn(&PhotoBuckets) -> &Option<PhotoCount>| Quota {
            used: of(&account.photos_used_this_period).clone(),
            limit: of(&account.photo_limit).clone(),
        };
        Self { staging: quota(|photos| &photos.staging), image_editing: quota(|photos| &photos.image_editing) }
    }
}

impl Quota {
    fn human(&self) -> String {
        let shown = |count: &Option<PhotoCount>| count.as_ref().map_or("unknown".to_owned(), ToString::to_string);
        match (&self.used, &self.limit) {
            (Some(PhotoCount::Number(used)), Some(PhotoCount::Number(limit))) => {
                format!("{used} of {limit} photos used, {} left", limit.saturating_sub(*used))
            }
            (used, Some(PhotoCount::Unlimited)) => format!("{} photos used, no limit", shown(used)),
            (None, None) => "unknown".to_owned(),
            (used, limit) => format!("{} of {} photos used", shown(used), shown(limit)),
        }
    }

    fn is_told(&self) -> bool {
        self.used.is_some() || self.limit.is_some()
    }
}

impl Report for Identity {
    const KIND: &'static str = "identity";

    fn human(&self) -> Text {
        let mut text = Text::new();
        let mut row = |name: &str, value: &str, source: Option<Source>| {
            text.add(Meaning::Dim, format!("{name:<14} ")).plain(value);
            if let Some(source) = source {
                text.add(Meaning::Dim, format!("  ({source})"));
            }
            text.end_line();
        };
        row("account", self.email.as_deref().unwrap_or("unknown"), None);
        row("uid", self.uid.as_deref().unwrap_or("unknown"), None);
        row("staging", &self.photos.staging.human(), None);
        if self.photos.image_editing.is_told() {
            row("image editing", &self.photos.image_editing.human(), None);
        }
        row("profile", &self.profile.value, Some(self.profile.source));
        row("API", &self.api_url.value, Some(self.api_url.source));
        row("API key", "set", Some(self.api_key.source));
        match &self.webhook_secret {
            Some(secrets) => row("webhook secret", &secrets.value.join(", "), Some(secrets.source)),
            None => row("webhook secret", "not set", None),
        }
        if let Some(file) = &self.ca_file {
            row("CA file", &file.value.display().to_string(), Some(file.source));
        }
        if self.webhook_secret_member.source != Source::Default {
            row("secret member", &self.webhook_secret_member.value, Some(self.webhook_secret_member.source));
        }
        text
    }
}

impl Whoami {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let settings = context.settings()?.clone();
        let key_source = context.api_key()?.source;
        let webhook_secret = fingerprints(context)?;
        let api = context.api()?;
        let account = context.block_on(async { Ok(api.account().await?) })?;
        context.printer.report(&identity(settings, &account, key_source, webhook_secret));
        Ok(Exit::Done)
    }
}

fn identity(
    settings: Settings,
    account: &Account,
    key_source: Source,
    webhook_secret: Option<Resolved<Vec<String>>>,
) -> Identity {
    Identity {
        email: account.user.email.clone(),
        uid: account.user.uid.clone(),
        photos: Photos::of(account),
        profile: settings.profile,
        api_url: Resolved::new(settings.api_url.value.to_string(), settings.api_url.source),
        api_key: Resolved::new(Hidden {}, key_source),
        ca_file: settings.ca_file,
        webhook_secret,
        webhook_secret_member: settings.webhook_secret_member,
    }
}

fn fingerprints(context: &Context) -> Result<Option<Resolved<Vec<String>>>, Error> {
    match context.secrets(&SecretArgs::default()) {
        Ok(secrets) => {
            let fingerprints = secrets.secrets.iter().map(Secret::fingerprint).collect();
            Ok(Some(Resolved::new(fingerprints, secrets.source)))
        }
        Err(error) if error.kind == Kind::Secret => Ok(None),
        Err(error) => Err(error),
    }
}
