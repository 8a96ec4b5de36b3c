//! Settings and credentials: where they are, what they say, and which source won.

mod credentials;
mod paths;
mod runtime;
mod settings;

pub(crate) use credentials::{CredentialsError, CredentialsFile, ProfileCredentials};
pub(crate) use paths::Paths;
pub(crate) use runtime::{Announcement, RunningListener};
pub(crate) use settings::{
    Flags, Resolved, SANDBOX_API_URL, SANDBOX_KEY, SANDBOX_PROFILE, Settings, SettingsError, Source, Variables,
    same_origin,
};
