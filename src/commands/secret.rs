//! `vsai secret`: the account's one webhook secret, set, shown and deleted. No crash loses one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::client::{ClientError, Failure};
use crate::config::{CredentialsFile, ProfileCredentials, Source};
use crate::context::{self, Context, SecretArgs};
use crate::error::{Error, Exit, Kind};
use crate::output::{Format, Meaning, Report, Text};
use crate::protocol;

/// Set, show or delete the account's webhook secret
#[derive(Debug, Args)]
pub(crate) struct Secret {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Set(Set),
    Show(Show),
    Delete(Delete),
}

/// Set the account's only webhook secret, and keep it in the profile
///
/// Receivers that still hold the old secret refuse every webhook from then on.
#[derive(Debug, Args)]
struct Set {
    /// Take the secret from a file, less one newline at its end
    #[arg(long, value_name = "FILE", group = "source")]
    from_file: Option<PathBuf>,
    /// Take the secret from standard input, less one newline at its end
    #[arg(long, group = "source")]
    stdin: bool,
    /// Make a random secret of 32 bytes, in hex
    #[arg(long, group = "source")]
    generate: bool,
    /// Print the secret that was set
    #[arg(long)]
    reveal: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Do not keep the secret in the profile
    #[arg(long)]
    no_store: bool,
    /// Member of the request that carries the secret; the API does not document its name
    #[arg(long, value_name = "NAME")]
    member: Option<String>,
}

/// Show the fingerprint of the webhook secret and where it came from
#[derive(Debug, Args)]
struct Show {
    /// Print the secret itself
    #[arg(long)]
    reveal: bool,
}

/// Delete the account's webhook secret; webhooks come unsigned from then on
#[derive(Debug, Args)]
struct Delete {
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Set,
    Shown,
    Deleted,
}

#[derive(Serialize)]
struct SecretReport {
    state: State,
    profile: String,
    fingerprint: Option<String>,
    source: Option<Source>,
    /// Kept in the profile.
    stored: bool,
    /// Fingerprints of secrets that were sent without a clear answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pending: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    /// Only with `--reveal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl Report for SecretReport {
    const KIND: &'static str = "secret";

    fn human(&self) -> Text {
        let mut text = Text::new();
        let fingerprint = self.fingerprint.as_deref().unwrap_or("none");
        match self.state {
            State::Set => {
                text.add(Meaning::Success, "✓ ").plain("webhook secret ").add(Meaning::Identifier, fingerprint);
                text.plain(format!(" is set for profile {}", self.profile));
                text.plain(if self.stored { " and kept in it" } else { "; it was not kept here" });
            }
            State::Shown => {
                match self.source {
                    Some(source) => text
                        .plain("webhook secret ")
                        .add(Meaning::Identifier, fingerprint)
                        .plain(format!(" from the {source}")),
                    None => text.plain("no webhook secret is known to be set"),
                };
                for pending in &self.pending {
                    text.end_line().plain("unclear whether set: ").add(Meaning::Identifier, pending);
                }
            }
            State::Deleted => {
                text.add(Meaning::Success, "✓ ")
                    .plain("the webhook secret is deleted: webhooks come unsigned from now on");
            }
        }
        if let Some(previous) = &self.previous {
            text.end_line().add(Meaning::Dim, format!("previous {previous}, kept to explain failed signatures"));
        }
        text
    }
}

impl Secret {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::Set(set) => set.run(context),
            Action::Show(show) => show.run(context),
            Action::Delete(delete) => delete.run(context),
        }
    }
}

impl Set {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        if self.generate && self.no_store && !self.reveal {
            return Err(Error::usage("--generate --no-store without --reveal would lose the secret"));
        }
        let api = context.api()?;
        let (profile, file) = (context.settings()?.profile.value.clone(), context.credentials_file()?);
        let secret = self.secret(context)?;
        warn_of_oddities(&secret, context);
        if !self.yes && context.has_terminal() {
            let question = format!(
                "This replaces the webhook secret of profile {profile}: every receiver with the old one will refuse from now on. Go on?"
            );
            context.confirm(&question)?;
        }
        let member = self.member.clone().unwrap_or_else(|| self.member_in_force(context));
        let kept = Kept { file: &file, profile: &profile, store: !self.no_store };
        kept.as_pending(&secret)?;
        match context.block_on(async { Ok(api.set_webhook_secret(&member, &secret).await) })? {
            Ok(()) => kept.confirmed(&secret)?,
            Err(error) => return Err(self.failed(error, &member, &secret, &kept, context)?),
        }
        if self.reveal && context.printer.format() == Format::Human {
            reveal(&secret, context);
            return Ok(Exit::Done);
        }
        context.printer.report(&SecretReport {
            state: State::Set,
            profile,
            fingerprint: Some(secret.fingerprint()),
            source: None,
            stored: !self.no_store,
            pending: Vec::new(),
            previous: None,
            secret: self.reveal.then(|| secret.expose().to_owned()),
        });
        Ok(Exit::Done)
    }

    fn member_in_force(&self, context: &Context) -> String {
        context.settings().map_or_else(|_| "secret".to_owned(), |settings| settings.webhook_secret_member.value.clone())
    }

    fn secret(&self, context: &Context) -> Result<protocol::Secret, Error> {
        if let Some(path) = &self.from_file {
            return context.secret_of_file(path);
        }
        if self.stdin {
            return context.secret_of_stdin();
        }
        let text = if self.generate {
            hex::encode(context::random_bytes::<32>()?)
        } else {
            context.ask_hidden("Webhook secret: ", "--generate, --from-file FILE, or --stdin")?
        };
        protocol::Secret::new(text).map_err(|error| Error::new(Kind::Secret, format!("that is no secret: {error}")))
    }

    /// After a definite no the secret is dropped; where the outcome is unclear both stay live.
    fn failed(
        &self,
        error: ClientError,
        member: &str,
        secret: &protocol::Secret,
        kept: &Kept<'_>,
        context: &Context,
    ) -> Result<Error, Error> {
        let settings_file = context.paths()?.settings();
        let (unclear, was_invalid) = (error.outcome_unclear(), matches!(error.failure, Failure::BadRequest { .. }));
        let error = Error::from(error);
        if unclear {
            let fingerprint = secret.fingerprint();
            let hint = match (kept.store, self.reveal) {
                (true, _) => format!(
                    "secret {fingerprint} may be set by now: it is kept and accepted beside the old one; set it again to be sure"
                ),
                (false, _) => format!("secret {fingerprint} may be set by now; set it again to be sure"),
            };
            return Ok(error.hint(hint));
        }
        kept.refused(secret)?;
        if !was_invalid {
            return Ok(error);
        }
        Ok(error.hint(format!(
            "the request's member {member:?} is a guess: try --member webhook_secret or --member webhookSecret,\nand keep what works as webhook_secret_member in {}",
            settings_file.display()
        )))
    }
}

/// The profile's place for the secret, or none with `--no-store`.
struct Kept<'a> {
    file: &'a CredentialsFile,
    profile: &'a str,
    store: bool,
}

impl Kept<'_> {
    fn as_pending(&self, secret: &protocol::Secret) -> Result<(), Error> {
        self.update(|credentials| credentials.add_pending(secret))
    }

    fn confirmed(&self, secret: &protocol::Secret) -> Result<(), Error> {
        if self.store {
            return self.update(|credentials| credentials.confirm(secret));
        }
        // What the profile holds is no longer the account's.
        let holds_another = |stored: &ProfileCredentials| stored.live_secrets().iter().any(|live| live != secret);
        if self.file.read()?.get(self.profile).is_some_and(holds_another) {
            self.file.update(self.profile, ProfileCredentials::retire_secret)?;
        }
        Ok(())
    }

    fn refused(&self, secret: &protocol::Secret) -> Result<(), Error> {
        self.update(|credentials| credentials.drop_pending(secret))
    }

    fn update(&self, change: impl FnOnce(&mut ProfileCredentials)) -> Result<(), Error> {
        if self.store {
            self.file.update(self.profile, change)?;
        }
        Ok(())
    }
}

impl Show {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        let secrets = context.secrets(&SecretArgs::default())?;
        let profile = context.settings()?.profile.value.clone();
        let first = &secrets.secrets[0];
        if self.reveal && context.printer.format() == Format::Human {
            reveal(first, context);
            return Ok(Exit::Done);
        }
        let stored = context.credentials()?;
        let from_profile = secrets.source == Source::Profile;
        let certain = if from_profile { stored.confirmed_secret() } else { Some(first) };
        let pending = stored.pending_secrets().map(protocol::Secret::fingerprint).collect();
        context.printer.report(&SecretReport {
            state: State::Shown,
            profile,
            fingerprint: certain.map(protocol::Secret::fingerprint),
            source: certain.map(|_| secrets.source),
            stored: from_profile,
            pending: if from_profile { pending } else { Vec::new() },
            previous: stored.previous_secret().map(protocol::Secret::fingerprint),
            secret: self.reveal.then(|| first.expose().to_owned()),
        });
        Ok(Exit::Done)
    }
}

impl Delete {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let profile = context.settings()?.profile.value.clone();
        if !self.yes && context.has_terminal() {
            context.confirm(&format!(
                "Delete the webhook secret of profile {profile}? Webhooks come unsigned from then on."
            ))?;
        }
        match context.block_on(async { Ok(api.delete_webhook_secret().await) })? {
            Ok(()) => {}
            Err(ClientError { failure: Failure::NotFound { .. }, .. }) => {
                context.printer.note("the account had no webhook secret");
            }
            Err(error) => return Err(error.into()),
        }
        context.credentials_file()?.update(&profile, ProfileCredentials::retire_secret)?;
        let previous = context.credentials()?.previous_secret().map(protocol::Secret::fingerprint);
        context.printer.report(&SecretReport {
            state: State::Deleted,
            profile,
            fingerprint: None,
            source: None,
            stored: false,
            pending: Vec::new(),
            previous,
            secret: None,
        });
        Ok(Exit::Done)
    }
}

/// Prints the secret as it is: text for people would lose characters that steer a terminal.
fn reveal(secret: &protocol::Secret, context: &Context) {
    context.printer.bytes(format!("{}\n", secret.expose()).as_bytes());
}

/// Says what usually is a mistake of copying; the secret is used as it is.
fn warn_of_oddities(secret: &protocol::Secret, context: &Context) {
    let text = secret.expose();
    let oddity = if text.trim() != text {
        "begins or ends with white space"
    } else if text.len() > 1 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']) {
        "stands in quotes"
    } else if text.len() < 16 {
        "is shorter than 16 bytes: it can be guessed"
    } else {
        return;
    };
    context.printer.warning("odd_secret", &format!("the secret {oddity}; it is taken as it is"));
}
