//! What a command is given: the printer, the settings in force, secrets and keys, the clock, and answers to questions.

mod event_types;
mod forwarding;
mod journal;
mod ledger;
mod listening;
mod planned;
mod saving;
mod webhook;

use std::cell::OnceCell;
use std::future::Future;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use secrecy::SecretString;

use crate::address::is_loopback;
use crate::client::{Api, Options, ProxyVariables};
use crate::config::{
    CredentialsFile, Flags, Paths, ProfileCredentials, Resolved, RunningListener, SANDBOX_KEY, SANDBOX_PROFILE,
    Settings, Source, Variables, same_origin,
};
use crate::error::{Error, Kind, reason};
use crate::files::for_shell;
use crate::output::{Meaning, Printer, Text};
use crate::payload::Input;
use crate::protocol::Secret;
use crate::protocol::explain::SecretOrigin;
use crate::quantity;
pub(crate) use forwarding::{EventSource, ForwardArgs, Handlers, HeaderArgs};
pub(crate) use journal::JournalArgs;
pub(crate) use listening::{Announcer, Door, ListenArgs, ReadyFile, Session, WayIn, own_address};
pub(crate) use planned::PlannedRequest;
pub(crate) use saving::SaveArgs;
pub(crate) use webhook::WebhookArgs;

/// A file larger than this is no secret.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// Everything that a command may take from outside.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) printer: Arc<Printer>,
    flags: Flags,
    variables: Variables,
    paths: Option<Paths>,
    no_input: bool,
    settings: OnceCell<Settings>,
}

/// The flags of every command that signs or verifies.
#[derive(Debug, Default, Args)]
pub(crate) struct SecretArgs {
    /// File that holds a webhook secret, repeated for several live ones; else VSAI_WEBHOOK_SECRET, else the profile's
    #[arg(id = "secret_file", long = "secret-file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

impl SecretArgs {
    /// The flags as the user has to give them again, with a space before each.
    pub(crate) fn flags(&self) -> String {
        self.files.iter().map(|file| format!(" --secret-file {}", for_shell(file))).collect()
    }
}

/// Webhook secrets and where they came from.
#[derive(Debug)]
pub(crate) struct Secrets {
    pub(crate) secrets: Vec<Secret>,
    /// `flag`, `environment` or `profile`.
    pub(crate) source: Source,
}

impl Context {
    pub(crate) fn new(
        printer: Printer,
        flags: Flags,
        variables: Variables,
        config_dir: Option<PathBuf>,
        no_input: bool,
    ) -> Self {
        let (paths, printer) = (Paths::new(config_dir), Arc::new(printer));
        Self { printer, flags, variables, paths, no_input, settings: OnceCell::new() }
    }

    pub(crate) fn paths(&self) -> Result<&Paths, Error> {
        self.paths.as_ref().ok_or_else(|| {
            Error::new(Kind::Settings, "there is no home folder to keep settings in")
                .hint("set HOME, or name a folder with --config-dir")
        })
    }

    pub(crate) fn credentials_file(&self) -> Result<CredentialsFile, Error> {
        Ok(CredentialsFile::new(self.paths()?.credentials()))
    }

    /// The settings in force; the profile has to exist.
    pub(crate) fn settings(&self) -> Result<&Settings, Error> {
        self.resolved(false)
    }

    /// The settings in force for a command that may begin a new profile.
    pub(crate) fn settings_of_new_profile(&self) -> Result<&Settings, Error> {
        self.resolved(true)
    }

    fn resolved(&self, may_be_new: bool) -> Result<&Settings, Error> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let credentials = self.credentials_file()?.read()?;
        let stored = credentials.into_iter().map(|(name, stored)| (name, stored.api_url)).collect();
        let file = self.paths()?.settings();
        let settings = Settings::resolve(&self.flags, self.variables.clone(), &file, &stored, may_be_new)?;
        if !settings.set_aside.is_empty() {
            let message = format!("--profile {} sets {} aside", settings.profile.value, settings.set_aside.join(", "));
            self.printer.warning("environment_set_aside", &message);
        }
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The profile's stored credentials, empty when there are none.
    pub(crate) fn credentials(&self) -> Result<ProfileCredentials, Error> {
        let profile = &self.settings()?.profile.value;
        Ok(self.credentials_file()?.read()?.remove(profile).unwrap_or_default())
    }

    /// The API key for the API in force. A stored key goes only to the origin that it was saved for.
    pub(crate) fn api_key(&self) -> Result<Resolved<SecretString>, Error> {
        let settings = self.settings()?;
        if let Some(key) = settings.variables.get("VSAI_API_KEY") {
            return Ok(Resolved::new(SecretString::from(key), Source::Environment));
        }
        let stored = self.credentials()?;
        let (profile, api_url) = (&settings.profile.value, &settings.api_url.value);
        if let Some(key) = stored.api_key {
            return match &stored.api_url {
                Some(url) if !same_origin(url, api_url) => Err(Error::new(
                    Kind::NoKey,
                    format!("profile {profile} has an API key for {url}, which is not sent to {api_url}"),
                )
                .hint(format!("a profile for it: vsai -p NAME --api-url {api_url} login"))),
                _ => Ok(Resolved::new(key, Source::Profile)),
            };
        }
        if profile == SANDBOX_PROFILE && is_loopback(api_url) {
            return Ok(Resolved::new(SecretString::from(SANDBOX_KEY), Source::Default));
        }
        let or_variable = if self.flags.profile.is_some() { "" } else { ", or set VSAI_API_KEY" };
        Err(Error::new(Kind::NoKey, format!("there is no API key for profile {profile}"))
            .hint(format!("{} login{or_variable}; without an account: vsai demo", self.vsai())))
    }

    /// The API in force, called with the key in force.
    pub(crate) fn api(&self) -> Result<Api, Error> {
        self.api_with(self.api_key()?.value)
    }

    /// The API in force, called with another key.
    pub(crate) fn api_with(&self, key: SecretString) -> Result<Api, Error> {
        let settings = self.settings_of_new_profile()?;
        let printer = self.printer.clone();
        let variables = settings.variables.clone();
        let defaults = Options::new(settings.api_url.value.clone());
        let timeout = timeout_of(&variables)?;
        Ok(Api::new(Options {
            key: Some(key),
            timeout: timeout.unwrap_or(defaults.timeout),
            paid_timeout: timeout.unwrap_or(defaults.paid_timeout),
            ca_file: settings.ca_file.as_ref().map(|file| file.value.clone()),
            proxy: ProxyVariables::read(|name| variables.get(name).map(str::to_owned)),
            on_retry: Box::new(move |failure, wait| {
                printer.note(format!("{failure}; trying again in {:.1} s", wait.as_secs_f64()));
            }),
            ..defaults
        })?)
    }

    /// The live webhook secrets: of these files, else of `VSAI_WEBHOOK_SECRET`, else of the profile.
    pub(crate) fn secrets(&self, from: &SecretArgs) -> Result<Secrets, Error> {
        if !from.files.is_empty() {
            let secrets = from.files.iter().map(|file| self.secret_of_file(file)).collect::<Result<_, _>>()?;
            return Ok(Secrets { secrets, source: Source::Flag });
        }
        if !self.takes_secrets_from_profile() {
            return self.secret_of_environment();
        }
        let secrets = self.credentials()?.live_secrets();
        if secrets.is_empty() {
            let profile = &self.settings()?.profile.value;
            let or_variable = if self.flags.profile.is_some() { "" } else { ", or set VSAI_WEBHOOK_SECRET" };
            return Err(Error::new(Kind::Secret, format!("there is no webhook secret for profile {profile}")).hint(
                format!("{} secret set --generate, or name a file with --secret-file{or_variable}", self.vsai()),
            ));
        }
        Ok(Secrets { secrets, source: Source::Profile })
    }

    /// The one secret to sign with.
    pub(crate) fn signing_secret(&self, from: &SecretArgs) -> Result<Secret, Error> {
        if from.files.len() > 1 {
            return Err(Error::usage("a payload is signed with one secret, not with several --secret-file"));
        }
        Ok(self.secrets(from)?.secrets.remove(0))
    }

    /// Whether secrets come from the profile when no file is named.
    /// A profile named on the command line sets the variable aside.
    pub(crate) fn takes_secrets_from_profile(&self) -> bool {
        self.flags.profile.is_some() || self.variables.get("VSAI_WEBHOOK_SECRET").is_none()
    }

    fn secret_of_environment(&self) -> Result<Secrets, Error> {
        let secret = Secret::new(self.variables.get("VSAI_WEBHOOK_SECRET").unwrap_or_default()).map_err(|error| {
            Error::new(Kind::Secret, format!("cannot take the secret from VSAI_WEBHOOK_SECRET: {error}"))
        })?;
        Ok(Secrets { secrets: vec![secret], source: Source::Environment })
    }

    /// Keys and secrets other than the live ones, to explain a mismatch with. What cannot be read is left out.
    pub(crate) fn suspects(&self, live: &[Secret]) -> Vec<(SecretOrigin, Secret)> {
        let variable = |name, origin| Some((origin, Secret::new(self.variables.get(name)?).ok()?));
        let mut suspects = Vec::from_iter(variable("VSAI_API_KEY", SecretOrigin::ApiKey));
        match self.stored_suspects() {
            Ok(stored) => suspects.extend(stored),
            Err(error) => self.printer.detail(format!("no stored secret is tried: {}", error.message)),
        }
        suspects.extend(variable("VSAI_WEBHOOK_SECRET", SecretOrigin::Environment));
        suspects.retain(|(_, secret)| !live.contains(secret));
        suspects
    }

    fn stored_suspects(&self) -> Result<Vec<(SecretOrigin, Secret)>, Error> {
        let (own, mut stored) = (&self.settings()?.profile.value, self.credentials_file()?.read()?);
        let mut suspects = stored.remove(own).map(|credentials| credentials.suspects(own)).unwrap_or_default();
        for (name, credentials) in stored {
            suspects.extend(
                credentials.live_secrets().into_iter().map(|secret| (SecretOrigin::Profile(name.clone()), secret)),
            );
        }
        Ok(suspects)
    }

    /// The profile's listener, provided that something still answers there.
    pub(crate) fn running_listener(&self) -> Result<RunningListener, Error> {
        let profile = &self.settings()?.profile.value;
        match RunningListener::find(self.paths()?.data(), profile) {
            Some(listener) if listener.answers() => Ok(listener),
            _ => Err(Error::usage(format!("no listener is running for profile {profile}"))
                .hint(format!("start one in another terminal: {} listen", self.vsai()))),
        }
    }

    /// Warns of a payload that can be signed and is refused all the same.
    pub(crate) fn warn_of_no_container(&self, input: &Input) {
        let message = format!("{input} is neither an object nor an array: Express refuses such a body");
        self.printer.warning("not_a_container", &message);
    }

    /// Reads a secret's file, less one trailing newline, which is said.
    pub(crate) fn secret_of_file(&self, path: &Path) -> Result<Secret, Error> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|error| unreadable_secret(&name, &error))?;
        self.secret_of(file, &name)
    }

    /// Reads a secret from stdin, less one trailing newline, which is said.
    pub(crate) fn secret_of_stdin(&self) -> Result<Secret, Error> {
        self.secret_of(io::stdin().lock(), "standard input")
    }

    fn secret_of(&self, source: impl Read, name: &str) -> Result<Secret, Error> {
        let unusable = |reason: &str| Error::new(Kind::Secret, format!("cannot take the secret from {name}: {reason}"));
        let mut bytes = Vec::new();
        let read = source.take(MAX_SECRET_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| unreadable_secret(name, &error))?;
        if bytes.len() as u64 > MAX_SECRET_BYTES {
            return Err(unusable(&format!("it is larger than {} KiB", MAX_SECRET_BYTES / 1024)));
        }
        let (secret, lost_newline) = Secret::from_file_bytes(bytes).map_err(|error| unusable(&error.to_string()))?;
        if lost_newline {
            self.printer.note(format!("{name}: left out the newline at the end"));
        }
        Ok(secret)
    }

    /// The program as the user has to call it again for the same profile and API.
    pub(crate) fn vsai(&self) -> String {
        let flags = [("-p", &self.flags.profile), ("--api-url", &self.flags.api_url)];
        let given = flags.into_iter().filter_map(|(flag, value)| Some(format!(" {flag} {}", value.as_ref()?)));
        format!("vsai{}", given.collect::<String>())
    }

    /// Whether a person is at the terminal, to be asked unless `--no-input` forbids it.
    pub(crate) fn has_terminal(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether somebody can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        !self.no_input && self.has_terminal()
    }

    /// The command of the user's editor.
    pub(crate) fn editor(&self) -> Result<String, Error> {
        if self.no_input {
            return Err(Error::new(Kind::NeedsAnswer, "cannot open an editor: --no-input forbids it"));
        }
        let named = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| self.variables.get(name));
        let named = named.map(str::trim).find(|editor| !editor.is_empty());
        named.map(str::to_owned).ok_or_else(|| {
            Error::new(Kind::Settings, "cannot open an editor: neither VISUAL nor EDITOR is set")
                .hint("EDITOR=nano, for one")
        })
    }

    /// Asks for something that must not be seen, on the terminal.
    pub(crate) fn ask_hidden(&self, question: &str, instead: &str) -> Result<String, Error> {
        if !self.can_ask() {
            let why = if self.no_input { "--no-input forbids it" } else { "there is no terminal" };
            let message = format!("cannot ask for {:?}: {why}", question.trim_end_matches(": "));
            return Err(Error::new(Kind::NeedsAnswer, message).hint(instead));
        }
        rpassword::prompt_password(question)
            .map_err(|error| Error::new(Kind::NeedsAnswer, format!("cannot read the answer: {error}")))
    }

    /// Asks yes or no on the terminal; anything but yes is no.
    pub(crate) fn confirm(&self, question: &str) -> Result<(), Error> {
        if !self.can_ask() {
            return Err(Error::new(Kind::NeedsAnswer, format!("{question} Nobody is there to answer")).hint("--yes"));
        }
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush());
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map_err(|error| Error::unreadable(Path::new("stdin"), &error))?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Error::new(Kind::Declined, "nothing was changed")),
        }
    }

    /// A hint of commands to try, on stderr.
    pub(crate) fn try_next(&self, commands: &[&str]) {
        let mut text = Text::new();
        for command in commands {
            text.plain("  ").add(Meaning::Path, command).end_line();
        }
        self.printer.note(text);
    }

    /// Draws a picture on the terminal that stdout is.
    pub(crate) fn draw(&self, picture: &image::DynamicImage) -> Result<(), Error> {
        let drawn = self.printer.draw(picture, |name| self.variables.get(name));
        drawn.map_err(|error| Error::unwritable(Path::new("the terminal"), &error))
    }

    /// Runs asynchronous work on this thread. Made late: `sign` and `verify` never pay for it.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Error::new(Kind::Bind, format!("cannot start the event loop: {error}")))?;
        runtime.block_on(work)
    }
}

fn timeout_of(variables: &Variables) -> Result<Option<Duration>, Error> {
    let Some(text) = variables.get("VSAI_API_TIMEOUT") else { return Ok(None) };
    let refused = |reason| Error::new(Kind::Settings, format!("VSAI_API_TIMEOUT is {text:?}: {reason}"));
    quantity::time_limit(text).map(Some).map_err(refused)
}

fn unreadable_secret(name: &str, error: &io::Error) -> Error {
    Error::new(Kind::Unreadable, format!("cannot read the secret from {name}: {}", reason(error)))
}

/// Bytes that nobody can guess, from the system.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Failed, format!("the system gave no random bytes: {error}")))?;
    Ok(bytes)
}
