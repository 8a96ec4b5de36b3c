//! What can go wrong, as the user meets it: kind, exit code and hint are chosen here and nowhere else.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use crate::client::{ClientError, ConnectFailure, Failure, SetupError};
use crate::config::{CredentialsError, SettingsError};
use crate::delivery::{AttemptError, SenderError, Target, TargetError};
use crate::files::for_shell;
pub(crate) use crate::files::reason;
use crate::images::DecodeError;
use crate::jobs::{DownloadError, FolderError, PayError, SameName, SaveError, SourceError};
use crate::journal::{JournalError, Reason};
use crate::ledger::LedgerError;
use crate::listener::TunnelError;
use crate::output::Printer;
use crate::payload::{PayloadError, RecordsError};
use crate::protocol::render::InvalidRequest;
use crate::signals::Signal;

/// How a run ended. Scripts branch on these, so they mean the same in every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, verified, condition met.
    Done = 0,
    /// It ran and the answer is no.
    No = 1,
    /// It could not start.
    CannotStart = 2,
    /// Partly done, or a payment is unclear.
    Partly = 3,
    /// The API key is missing or refused.
    Key = 4,
    /// Quota, or a limit on spending or rate.
    Quota = 5,
    /// The network or the API is not available.
    Network = 6,
    /// `--timeout` passed with a condition still unmet.
    TimedOut = 124,
    /// Ctrl-C.
    Interrupted = 130,
    /// The reader of an endless stream has gone.
    ReaderLeft = 141,
    /// SIGTERM.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<Signal> for Exit {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Interrupt => Self::Interrupted,
            Signal::Terminate => Self::Terminated,
        }
    }
}

/// The kind of an error: its stable code in `--json` and its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Flags or arguments that make no sense.
    Usage,
    /// A setting or settings file that makes no sense.
    Settings,
    /// A file or stdin that cannot be read.
    Unreadable,
    /// A file or stdout that cannot be written.
    Unwritable,
    /// A file with keys or secrets that others can read.
    InsecureFile,
    /// No webhook secret from any source, or an unusable one.
    Secret,
    /// A question with nobody to answer it.
    NeedsAnswer,
    /// An address that cannot be listened on.
    Bind,
    /// A journal that cannot be opened, read or written.
    Journal,
    /// A ledger that cannot be opened, read or written.
    Ledger,
    /// A tunnel that does not come about.
    Tunnel,
    /// Input with no canonical form, or past a limit.
    Input,
    /// The user said no.
    Declined,
    /// It was to stop before anything came of it.
    Stopped,
    /// The API says no: 400, 404 and other definite answers.
    Refused,
    /// No API key for this origin.
    NoKey,
    /// 401 or 403.
    KeyRefused,
    /// The quota is used up, payment is required, or the rate is limited.
    Quota,
    /// The API cannot be reached, failed, or answered something else than JSON.
    Network,
    /// A paid request was sent and its outcome is not known.
    PaymentUnclear,
    /// A check of the whole loop did not come out as it must.
    Failed,
}

impl Kind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Settings => "settings",
            Self::Unreadable => "unreadable",
            Self::Unwritable => "unwritable",
            Self::InsecureFile => "insecure_file",
            Self::Secret => "no_secret",
            Self::NeedsAnswer => "needs_answer",
            Self::Bind => "bind",
            Self::Journal => "journal",
            Self::Ledger => "ledger",
            Self::Tunnel => "tunnel",
            Self::Input => "input",
            Self::Declined => "declined",
            Self::Stopped => "stopped",
            Self::Refused => "refused",
            Self::NoKey => "no_key",
            Self::KeyRefused => "key_refused",
            Self::Quota => "quota",
            Self::Network => "network",
            Self::PaymentUnclear => "payment_unclear",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Usage
            | Self::Settings
            | Self::Unreadable
            | Self::Unwritable
            | Self::InsecureFile
            | Self::Secret
            | Self::NeedsAnswer
            | Self::Bind
            | Self::Journal
            | Self::Ledger
            | Self::Tunnel
            | Self::Input => Exit::CannotStart,
            Self::Declined | Self::Refused | Self::Failed => Exit::No,
            Self::Stopped => Exit::Interrupted,
            Self::NoKey | Self::KeyRefused => Exit::Key,
            Self::Quota => Exit::Quota,
            Self::Network => Exit::Network,
            Self::PaymentUnclear => Exit::Partly,
        }
    }
}

/// An error as it is shown: one line that says what was tried, on what, and what went wrong, and a hint to copy.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Error {
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Unreadable, format!("cannot read {}: {}", path.display(), reason(error)))
    }

    pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Unwritable, format!("cannot write {}: {}", path.display(), reason(error)))
    }

    pub(crate) fn cannot_bind(address: SocketAddr, error: &std::io::Error) -> Self {
        let this = Self::new(Kind::Bind, format!("cannot listen on {address}: {}", reason(error)));
        if error.kind() == std::io::ErrorKind::AddrInUse { this.hint("--port 0 takes any free port") } else { this }
    }

    /// A delivery that got no answer.
    pub(crate) fn no_delivery(target: &Target, error: &AttemptError) -> Self {
        let this = Self::new(Kind::Network, format!("cannot deliver to {target}: {error}"));
        match error {
            AttemptError::Connect(_) => this.hint("is the handler running, and is that its address?"),
            AttemptError::Timeout(_) => this.hint("a handler should answer 200 first and work afterwards"),
            AttemptError::NoTls | AttemptError::Broken(_) => this,
        }
    }

    pub(crate) fn cannot_watch(error: &std::io::Error) -> Self {
        Self::new(Kind::Bind, format!("cannot watch for signals: {}", reason(error)))
    }

    /// A key or secret given as an argument. It is not repeated.
    pub(crate) fn secret_as_argument(instead: &str) -> Self {
        Self::usage("a secret is not taken as an argument: shell history keeps it, and other users see it in ps")
            .hint(instead)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Tells of it on stderr, and with `--json` as a record.
    pub(crate) fn tell(&self, printer: &Printer) {
        printer.error(self.kind.code(), &self.message, self.hint.as_deref());
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        let message = error.to_string();
        let this = Self::new(Kind::Settings, message);
        match error {
            SettingsError::UnknownProfile { name, .. } => this.hint(format!("vsai -p {name} login makes it")),
            _ => this,
        }
    }
}

impl From<CredentialsError> for Error {
    fn from(error: CredentialsError) -> Self {
        let message = error.to_string();
        match error {
            CredentialsError::Insecure { path, .. } => {
                Self::new(Kind::InsecureFile, message).hint(format!("chmod 600 {}", for_shell(&path)))
            }
            CredentialsError::Unwritable { .. } => Self::new(Kind::Unwritable, message),
            CredentialsError::Unreadable { .. } | CredentialsError::Invalid { .. } => {
                Self::new(Kind::Settings, message)
            }
        }
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        Self::of_journal(error, "vsai", "")
    }
}

impl Error {
    /// A journal that cannot be used; `vsai` is the program as the user has to call it again, `flag` names the journal.
    pub(crate) fn of_journal(error: JournalError, vsai: &str, flag: &str) -> Self {
        let hint = match &error.reason {
            Reason::Full => Some(format!(
                "free some 50 MB of that disk; then {vsai} events prune --older-than 30d{flag} makes more room"
            )),
            Reason::Missing => Some(format!("{vsai} listen{flag} makes one")),
            reason => hint_on_journal(reason).map(str::to_owned),
        };
        let this = Self::new(Kind::Journal, format!("cannot use {error}"));
        hint.into_iter().fold(this, Self::hint)
    }
}

fn hint_on_journal(reason: &Reason) -> Option<&'static str> {
    match reason {
        Reason::Newer { .. } => Some("update vsai, or name another file with --journal"),
        Reason::Foreign => Some("name another file with --journal; this one was left as it is"),
        Reason::Corrupt(_) => Some("move the file away and keep it; --journal FILE or a new start makes another"),
        Reason::Locked => Some("which program has it open? try again when it has ended"),
        Reason::Held(_) => Some(
            "end the other one, or let it: it goes on with all that this journal gets. events tail takes another name with --consumer",
        ),
        Reason::Parted(_) => Some("put the file back, or move what is left of it to another folder"),
        Reason::ReadOnly | Reason::Denied | Reason::Gone | Reason::Other(_) | Reason::Full | Reason::Missing => None,
    }
}

impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Self {
        let hint = match &error.reason {
            Reason::Full => Some("free some space: nothing is paid for that cannot be noted"),
            Reason::Newer { .. } => Some("update vsai"),
            Reason::Foreign | Reason::Corrupt(_) => Some(
                "it is left as it is; without it vsai does not know what was paid for, so keep a copy before you move it",
            ),
            Reason::Locked => Some("which program has it open? try again when it has ended"),
            Reason::Parted(_) => Some("put the file back, or move what is left of it to another folder"),
            Reason::ReadOnly | Reason::Denied | Reason::Gone | Reason::Missing | Reason::Held(_) | Reason::Other(_) => {
                None
            }
        };
        let this = Self::new(Kind::Ledger, format!("cannot use {error}"));
        hint.into_iter().fold(this, Self::hint)
    }
}

impl Error {
    /// A job without a render; `vsai` is the program as the user has to call it again.
    pub(crate) fn unpaid(error: PayError, vsai: &str) -> Self {
        let message = error.to_string();
        match error {
            PayError::Refused(error) => error.into(),
            PayError::Ledger(error) => error.into(),
            PayError::Stopped => Self::new(Kind::Stopped, message),
            PayError::Unclear { job, candidates, .. } => {
                let message = match candidates.len() {
                    0 => message,
                    _ => format!("{message}; it may be {}", candidates.join(" or ")),
                };
                Self::new(Kind::PaymentUnclear, message)
                    .hint(format!("it is not sent again on its own. Look once more: {vsai} render resolve {job}"))
            }
            PayError::Taken { job, .. } => Self::new(Kind::PaymentUnclear, message)
                .hint(format!("{vsai} render resolve {job} --adopt RENDER | --resend settles it")),
            PayError::NotNoted { render, .. } => {
                Self::new(Kind::PaymentUnclear, message).hint(format!("{vsai} render get {render} shows it"))
            }
        }
    }
}

impl From<SetupError> for Error {
    fn from(error: SetupError) -> Self {
        let kind = match error {
            SetupError::UnusableKey { .. } => Kind::NoKey,
            SetupError::CaFile { .. } => Kind::Unreadable,
            SetupError::BadUrl(_) | SetupError::InsecureUrl(_) | SetupError::Proxy { .. } | SetupError::Tls { .. } => {
                Kind::Settings
            }
        };
        Self::new(kind, error.to_string())
    }
}

impl From<DownloadError> for Error {
    fn from(error: DownloadError) -> Self {
        Self::from(&error)
    }
}

impl From<&DownloadError> for Error {
    fn from(error: &DownloadError) -> Self {
        let kind = match error {
            DownloadError::Unwritable { .. } => Kind::Unwritable,
            DownloadError::Status { status: 500.., .. } => Kind::Network,
            DownloadError::Status { .. } | DownloadError::NotAUrl | DownloadError::Address { .. } => Kind::Refused,
            DownloadError::Network { .. }
            | DownloadError::TooLarge { .. }
            | DownloadError::NotAPicture { .. }
            | DownloadError::Setup(_) => Kind::Network,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<FolderError> for Error {
    fn from(error: FolderError) -> Self {
        Self::from(&error)
    }
}

impl From<&FolderError> for Error {
    fn from(error: &FolderError) -> Self {
        let message = error.to_string();
        match error {
            FolderError::Unwritable { .. } => Self::new(Kind::Unwritable, message),
            FolderError::Unreadable { .. } => Self::new(Kind::Unreadable, message),
            FolderError::Foreign { .. } => {
                Self::new(Kind::Input, message).hint("name another folder, or move that file away")
            }
            FolderError::Taken { .. } => Self::new(Kind::Refused, message).hint("--overwrite replaces it"),
        }
    }
}

impl From<&SaveError> for Error {
    fn from(error: &SaveError) -> Self {
        match error {
            SaveError::Download(error) => error.into(),
            SaveError::Folder(error) => error.into(),
            SaveError::Renewal(failed) => {
                let (kind, hint) = answer_to(failed);
                Self { kind, message: error.to_string(), hint: hint.map(str::to_owned) }
            }
            SaveError::NoLink => Self::new(Kind::Refused, error.to_string()).hint("try again in a minute"),
            SaveError::Interrupted => Self::new(Kind::Failed, error.to_string()),
        }
    }
}

impl From<SameName> for Error {
    fn from(error: SameName) -> Self {
        Self::usage(error.to_string()).hint("{variation} in --name tells them apart")
    }
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        let message = error.to_string();
        match error {
            SourceError::Unreadable { .. } | SourceError::Folder(_) => Self::new(Kind::Unreadable, message),
            SourceError::Url { .. } => Self::usage(message),
            SourceError::TooLarge(_) | SourceError::Changed(_) => Self::new(Kind::Input, message),
            SourceError::Image { label, error } => {
                let file = Path::new(&label);
                let file = if file.is_file() { for_shell(file) } else { "FILE".to_owned() };
                Self::new(Kind::Input, message).hint(way_round(&error, &file))
            }
        }
    }
}

/// What to do about an image that is not taken.
fn way_round(error: &DecodeError, file: &str) -> String {
    match error {
        DecodeError::Unsupported(_) => {
            format!("make a JPEG of it first, for instance with ImageMagick: magick {file} photo.jpg")
        }
        DecodeError::TooLarge { .. } => {
            format!("make it smaller first, for instance with ImageMagick: magick {file} -resize 6000x6000 photo.jpg")
        }
        DecodeError::Empty | DecodeError::Truncated { .. } => "copy or download it again".to_owned(),
        DecodeError::Damaged { .. } => "open it in an image editor and save it as a new JPEG".to_owned(),
        DecodeError::NotAnImage => "an image is a JPEG, PNG or WebP".to_owned(),
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<SenderError> for Error {
    fn from(error: SenderError) -> Self {
        Self::new(Kind::Network, error.to_string())
    }
}

impl From<PayloadError> for Error {
    fn from(error: PayloadError) -> Self {
        let kind = match error {
            PayloadError::Unreadable(..) => Kind::Unreadable,
            PayloadError::TooLong(_) | PayloadError::NotCanonical(..) => Kind::Input,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<RecordsError> for Error {
    fn from(error: RecordsError) -> Self {
        let kind = match error {
            RecordsError::Unreadable(..) => Kind::Unreadable,
            RecordsError::TooLong(_) | RecordsError::NotText(_) => Kind::Input,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<TunnelError> for Error {
    fn from(error: TunnelError) -> Self {
        let this = Self::new(Kind::Tunnel, error.to_string());
        match error {
            TunnelError::NotInstalled { hint, .. } => this.hint(hint),
            TunnelError::NoUrl { .. } => this.hint("--public-url URL names it; -v shows all that the tool says"),
            TunnelError::Start { .. } | TunnelError::Ended { .. } => this.hint("-v shows all that the tool says"),
        }
    }
}

impl From<InvalidRequest> for Error {
    fn from(error: InvalidRequest) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        let (kind, hint) = answer_to(&error);
        Self { kind, message: error.to_string(), hint: hint.map(str::to_owned) }
    }
}

/// Kind and hint of a call that did not succeed.
fn answer_to(error: &ClientError) -> (Kind, Option<&'static str>) {
    let is_right_url = "is the API URL right? --api-url, VSAI_API_URL or the profile sets it";
    match &error.failure {
        Failure::BadRequest { .. } | Failure::OtherStatus { .. } => (Kind::Refused, None),
        Failure::NotFound { .. } if error.operation.contains("/renders/") => {
            (Kind::Refused, Some("ids belong to one account: vsai whoami tells which is in use"))
        }
        Failure::NotFound { .. } => (Kind::Refused, Some(is_right_url)),
        Failure::Unauthorized { .. } => {
            (Kind::KeyRefused, Some("vsai login stores another key; vsai whoami tells which is used"))
        }
        Failure::Forbidden { quota: true, .. } => (Kind::Quota, Some("vsai whoami shows photos used and allowed")),
        Failure::Forbidden { quota: false, .. } => {
            (Kind::KeyRefused, Some("the account's plan may lack the API, or its photos are used up: vsai whoami"))
        }
        Failure::PaymentRequired { .. } => {
            (Kind::Quota, Some("the account has to pay first; vsai whoami shows its quota"))
        }
        Failure::TooManyRequests { .. } => (Kind::Quota, Some("try again later")),
        Failure::Connect(ConnectFailure::Refused) if error.is_for_loopback() => {
            (Kind::Network, Some("for the sandbox, start it in another terminal: vsai sandbox"))
        }
        Failure::Connect(ConnectFailure::Tls(_)) => {
            (Kind::Network, Some("a private certificate authority is trusted with --ca-file FILE"))
        }
        Failure::Redirect { .. } | Failure::NotJson { .. } | Failure::NotUnderstood { .. } => {
            (Kind::Network, Some(is_right_url))
        }
        Failure::Connect(ConnectFailure::Proxy { .. }) => {
            (Kind::Network, Some("HTTPS_PROXY names the proxy; NO_PROXY lists hosts that need none"))
        }
        Failure::Connect(_) => {
            (Kind::Network, Some("is there a network, and does it need a proxy (HTTPS_PROXY)? else check the API URL"))
        }
        Failure::Timeout { .. } => (Kind::Network, Some("try again, or wait longer: VSAI_API_TIMEOUT=5m")),
        Failure::Server { .. } | Failure::Broken { .. } => (Kind::Network, Some("try again later")),
        Failure::TooLarge { .. } => (Kind::Network, None),
        Failure::BadId { .. } | Failure::Unsendable { .. } => (Kind::Usage, None),
    }
}
