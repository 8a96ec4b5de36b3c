//! Which profile, API and options are in force, and which source each comes from: flag > environment > profile > default.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::files::reason;

use crate::address::is_loopback;

/// The production API (documented).
pub(crate) const DEFAULT_API_URL: &str = "https://api.virtualstagingai.app/v2";
/// The API that `vsai sandbox` serves on its default port.
pub(crate) const SANDBOX_API_URL: &str = "http://127.0.0.1:4010/v2";
/// The built-in profile that needs nothing set.
pub(crate) const SANDBOX_PROFILE: &str = "sandbox";
/// Any key with this prefix opens the sandbox.
pub(crate) const SANDBOX_KEY: &str = "vsai-sandbox";

/// Where a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// A flag of this run.
    Flag,
    /// A `VSAI_…` variable.
    Environment,
    /// The profile, in the settings or the credentials file.
    Profile,
    /// Nothing said otherwise.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::Profile => "profile",
            Self::Default => "default",
        })
    }
}

/// A value and the source that won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Resolved<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl<T> Resolved<T> {
    pub(crate) fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    pub(crate) profile: Option<String>,
    pub(crate) api_url: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
}

/// The `VSAI_…` variables by name. An empty one counts as not set.
#[derive(Clone, Default)]
pub(crate) struct Variables(BTreeMap<String, String>);

impl Variables {
    pub(crate) fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Takes a variable out and tells whether it was there.
    fn set_aside(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("cannot read the settings in {}: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("the settings in {} are not valid: {reason}", path.display())]
    Invalid { path: PathBuf, reason: String },
    #[error("the API URL {url:?} ({source_name}) is not valid: {reason}")]
    ApiUrl { url: String, source_name: Source, reason: &'static str },
    #[error("there is no profile {name:?}; there are: {known}")]
    UnknownProfile { name: String, known: String },
    #[error("a profile's name has letters, digits, '-' and '_' only, not {name:?}")]
    ProfileName { name: String },
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    #[serde(default)]
    profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, ProfileSettings>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileSettings {
    api_url: Option<String>,
    ca_file: Option<PathBuf>,
    webhook_secret_member: Option<String>,
}

/// The settings in force.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) profile: Resolved<String>,
    pub(crate) api_url: Resolved<Url>,
    pub(crate) ca_file: Option<Resolved<PathBuf>>,
    pub(crate) webhook_secret_member: Resolved<String>,
    /// The environment, without what `-p` sets aside.
    pub(crate) variables: Variables,
    /// Names of the variables that `-p` has set aside.
    pub(crate) set_aside: Vec<&'static str>,
}

/// Variables that could make a command for one profile spend another's money, or trust another's secret.
const SET_ASIDE_BY_PROFILE_FLAG: [&str; 3] = ["VSAI_API_KEY", "VSAI_API_URL", "VSAI_WEBHOOK_SECRET"];

impl Settings {
    /// Resolves every setting. `stored` names the profiles that have credentials and the API URL that each key was saved
    /// for; `may_be_new` lets a command make a profile that does not exist yet.
    pub(crate) fn resolve(
        flags: &Flags,
        mut variables: Variables,
        file: &Path,
        stored: &BTreeMap<String, Option<String>>,
        may_be_new: bool,
    ) -> Result<Self, SettingsError> {
        let settings = SettingsFile::read(file)?;
        let mut set_aside = Vec::new();
        if flags.profile.is_some() {
            set_aside.extend(SET_ASIDE_BY_PROFILE_FLAG.into_iter().filter(|name| variables.set_aside(name)));
        }
        let profile = first([
            (flags.profile.clone(), Source::Flag),
            (variables.get("VSAI_PROFILE").map(str::to_owned), Source::Environment),
            (settings.profile.clone(), Source::Profile),
        ])
        .unwrap_or_else(|| Resolved::new("default".to_owned(), Source::Default));
        settings.check_profile(&profile.value, stored, may_be_new)?;
        let own = settings.profiles.get(&profile.value).cloned().unwrap_or_default();
        let saved_for = stored.get(&profile.value).cloned().flatten();
        let built_in = if profile.value == SANDBOX_PROFILE { SANDBOX_API_URL } else { DEFAULT_API_URL };
        let api_url = first([
            (flags.api_url.clone(), Source::Flag),
            (variables.get("VSAI_API_URL").map(str::to_owned), Source::Environment),
            (own.api_url.or(saved_for), Source::Profile),
        ])
        .unwrap_or_else(|| Resolved::new(built_in.to_owned(), Source::Default));
        let ca_file = first([
            (flags.ca_file.clone(), Source::Flag),
            (variables.get("VSAI_CA_FILE").map(PathBuf::from), Source::Environment),
            (own.ca_file, Source::Profile),
        ]);
        let webhook_secret_member = first([
            (variables.get("VSAI_WEBHOOK_SECRET_MEMBER").map(str::to_owned), Source::Environment),
            (own.webhook_secret_member, Source::Profile),
        ])
        .unwrap_or_else(|| Resolved::new("secret".to_owned(), Source::Default));
        Ok(Self { profile, api_url: parsed(api_url)?, ca_file, webhook_secret_member, variables, set_aside })
    }
}

impl SettingsFile {
    fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(SettingsError::Unreadable { path: path.to_owned(), reason: reason(&error) });
            }
        };
        toml::from_str(&text).map_err(|error| SettingsError::Invalid {
            path: path.to_owned(),
            reason: error.message().to_owned() + &at_line(&text, error.span()),
        })
    }

    fn check_profile(
        &self,
        name: &str,
        stored: &BTreeMap<String, Option<String>>,
        may_be_new: bool,
    ) -> Result<(), SettingsError> {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(SettingsError::ProfileName { name: name.to_owned() });
        }
        let mut known: Vec<&str> = ["default", SANDBOX_PROFILE].to_vec();
        known.extend(self.profiles.keys().chain(stored.keys()).map(String::as_str));
        if may_be_new || known.contains(&name) {
            return Ok(());
        }
        known.sort_unstable();
        known.dedup();
        Err(SettingsError::UnknownProfile { name: name.to_owned(), known: known.join(", ") })
    }
}

/// Where a TOML error stands: the text around it may hold a secret and is never shown.
pub(super) fn at_line(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let before = span.and_then(|span| text.get(..span.start));
    before.map(|before| format!(" (line {})", before.matches('\n').count() + 1)).unwrap_or_default()
}

fn first<T, const N: usize>(candidates: [(Option<T>, Source); N]) -> Option<Resolved<T>> {
    candidates.into_iter().find_map(|(value, source)| value.map(|value| Resolved::new(value, source)))
}

fn parsed(url: Resolved<String>) -> Result<Resolved<Url>, SettingsError> {
    let refused = |reason| SettingsError::ApiUrl { url: without_password(&url.value), source_name: url.source, reason };
    let parsed = Url::parse(&url.value).map_err(|_| refused("it is not an absolute URL"))?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(refused("it must start with https://"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(refused("a URL with a user name or password is not taken"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(refused("it has a query or a fragment"));
    }
    if parsed.scheme() == "http" && !is_loopback(&parsed) {
        return Err(refused("plain http goes to loopback only; use https"));
    }
    Ok(Resolved::new(parsed, url.source))
}

/// Whether a stored URL has the origin (scheme, host, port) of `api_url`.
pub(crate) fn same_origin(stored: &str, api_url: &Url) -> bool {
    Url::parse(stored).is_ok_and(|stored| stored.origin() == api_url.origin())
}

fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &url[..scheme], &url[at..]),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(flags: Flags, variables: &[(&str, &str)], file: &str) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, file).expect("written");
        let variables = Variables::new(variables.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        Settings::resolve(&flags, variables, &path, &BTreeMap::new(), false)
    }

    #[test]
    fn flag_beats_environment_beats_profile_beats_default() {
        let file = "[profiles.default]\napi_url = 'https://profile.example/v2'";
        let flags = Flags { api_url: Some("https://flag.example/v2".into()), ..Flags::default() };
        let variable = [("VSAI_API_URL", "https://env.example/v2")];
        for (flags, variables, file, host, source) in [
            (flags, &variable[..], file, "flag.example", Source::Flag),
            (Flags::default(), &variable, file, "env.example", Source::Environment),
            (Flags::default(), &[], file, "profile.example", Source::Profile),
            (Flags::default(), &[], "", "api.virtualstagingai.app", Source::Default),
        ] {
            let url = resolve(flags, variables, file).expect("settings").api_url;
            assert_eq!((url.value.host_str(), url.source), (Some(host), source));
        }
    }

    #[test]
    fn a_profile_flag_sets_key_url_and_secret_of_the_environment_aside() {
        let flags = Flags { profile: Some("sandbox".into()), ..Flags::default() };
        let variables = [("VSAI_API_KEY", "k"), ("VSAI_API_URL", "https://real.example"), ("VSAI_WEBHOOK_SECRET", "s")];
        let settings = resolve(flags, &variables, "").expect("settings");
        assert_eq!(settings.set_aside, ["VSAI_API_KEY", "VSAI_API_URL", "VSAI_WEBHOOK_SECRET"]);
        assert_eq!(settings.api_url.value.as_str(), SANDBOX_API_URL);
        assert_eq!(settings.variables.get("VSAI_API_KEY"), None);
    }

    #[test]
    fn refuses_what_could_leak_or_mislead() {
        for (url, reason) in [
            ("http://api.example.com/v2", "plain http"),
            ("https://user:hunter2@api.example.com", "password"),
            ("api.example.com", "absolute"),
            ("ftp://api.example.com", "https://"),
            ("https://api.example.com/v2?x=1", "query"),
        ] {
            let flags = Flags { api_url: Some(url.into()), ..Flags::default() };
            let error = resolve(flags, &[], "").expect_err("refused").to_string();
            assert!(error.contains(reason) && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_broken_file_is_named_with_its_line_and_without_its_text() {
        let error =
            resolve(Flags::default(), &[], "profile = 'x'\napi_key = 'vsai-pk-1'").expect_err("refused").to_string();
        assert!(error.contains("line 2") && !error.contains("vsai-pk-1"), "{error}");
    }
}
