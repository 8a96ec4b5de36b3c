//! Settings and credentials: where they are, what they say, and which source won.

mod credentials;
mod paths;
mod runtime;
mod settings;

pub(crate) use credentials::{CredentialsError, CredentialsFile, ProfileCredentials};
pub(crate) use paths::Paths;
pub(crate) use runtime::RunningListener;
pub(crate) use settings::{Flags, Resolved, Settings, SettingsError, Source, Variables};
