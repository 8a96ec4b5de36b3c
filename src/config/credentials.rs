//! Keys and secrets of each profile: one file, 0600, written whole or not at all, under a lock.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use super::settings::at_line;
use crate::files;
use crate::protocol::Secret;
use crate::protocol::explain::SecretOrigin;

/// Why credentials cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    #[error("cannot read the credentials in {}: {}", path.display(), files::reason(error))]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("cannot store credentials in {}: {}", path.display(), files::reason(error))]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("other users can read the credentials in {} (mode {mode:04o})", path.display())]
    Insecure { path: PathBuf, mode: u32 },
    #[error("the credentials in {} are not valid TOML of this version{line}", path.display())]
    Invalid { path: PathBuf, line: String },
}

/// What is stored for one profile.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileCredentials {
    /// The API key; it belongs to `api_url` and goes nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub(crate) api_key: Option<SecretString>,
    /// The API that the key was saved for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) api_url: Option<String>,
    /// The webhook secret that the API has confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook_secret: Option<StoredSecret>,
    /// Secrets that were sent without a clear answer: any of them may be the account's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pending_webhook_secrets: Vec<StoredSecret>,
    /// The secret before the last change, to explain a failed signature with; it verifies nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_webhook_secret: Option<StoredSecret>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct StoredSecret(Secret);

impl TryFrom<String> for StoredSecret {
    type Error = crate::protocol::SecretError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Secret::new(text).map(Self)
    }
}

impl Serialize for StoredSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

fn exposed<S: Serializer>(key: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    key.as_ref().map(ExposeSecret::expose_secret).serialize(serializer)
}

impl ProfileCredentials {
    /// Secrets that a delivery may be signed with: the confirmed one, then those whose outcome is unclear.
    pub(crate) fn live_secrets(&self) -> Vec<Secret> {
        self.webhook_secret.iter().chain(&self.pending_webhook_secrets).map(|stored| stored.0.clone()).collect()
    }

    pub(crate) fn confirmed_secret(&self) -> Option<&Secret> {
        self.webhook_secret.as_ref().map(|stored| &stored.0)
    }

    pub(crate) fn pending_secrets(&self) -> impl Iterator<Item = &Secret> {
        self.pending_webhook_secrets.iter().map(|stored| &stored.0)
    }

    pub(crate) fn previous_secret(&self) -> Option<&Secret> {
        self.previous_webhook_secret.as_ref().map(|stored| &stored.0)
    }

    /// Everything that may have signed by mistake, of the profile with this name.
    pub(crate) fn suspects(&self, name: &str) -> Vec<(SecretOrigin, Secret)> {
        let key = self.api_key.as_ref().and_then(|key| Secret::new(key.expose_secret()).ok());
        let of = |origin: SecretOrigin| move |secret: &Secret| (origin.clone(), secret.clone());
        let key = key.iter().map(of(SecretOrigin::ApiKey));
        let confirmed = self.confirmed_secret().into_iter().map(of(SecretOrigin::Profile(name.to_owned())));
        let previous = self.previous_secret().into_iter().map(of(SecretOrigin::Previous));
        let pending = self.pending_secrets().map(of(SecretOrigin::Pending));
        key.chain(previous).chain(pending).chain(confirmed).collect()
    }

    /// Keeps a secret that is about to be sent.
    pub(crate) fn add_pending(&mut self, secret: &Secret) {
        self.drop_pending(secret);
        self.pending_webhook_secrets.push(StoredSecret(secret.clone()));
    }

    /// Forgets a secret that the API has definitely not taken.
    pub(crate) fn drop_pending(&mut self, secret: &Secret) {
        self.pending_webhook_secrets.retain(|stored| stored.0 != *secret);
    }

    /// Makes `secret` the account's only one, as the API has confirmed.
    pub(crate) fn confirm(&mut self, secret: &Secret) {
        self.pending_webhook_secrets.clear();
        let replaced = self.webhook_secret.replace(StoredSecret(secret.clone()));
        if replaced.is_some() && replaced != self.webhook_secret {
            self.previous_webhook_secret = replaced;
        }
    }

    /// Takes the secret out of use; it is kept for diagnosis.
    pub(crate) fn retire_secret(&mut self) {
        let last = self.pending_webhook_secrets.pop();
        self.pending_webhook_secrets.clear();
        if let Some(retired) = self.webhook_secret.take().or(last) {
            self.previous_webhook_secret = Some(retired);
        }
    }

    fn is_empty(&self) -> bool {
        self.api_key.is_none()
            && self.webhook_secret.is_none()
            && self.pending_webhook_secrets.is_empty()
            && self.previous_webhook_secret.is_none()
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    #[serde(default)]
    profiles: BTreeMap<String, ProfileCredentials>,
}

/// The credentials file.
#[derive(Debug, Clone)]
pub(crate) struct CredentialsFile {
    path: PathBuf,
}

/// What tells one version of the file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileVersion(Option<(std::time::SystemTime, u64)>);

impl CredentialsFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// All profiles; none when there is no file.
    pub(crate) fn read(&self) -> Result<BTreeMap<String, ProfileCredentials>, CredentialsError> {
        Ok(self.contents()?.profiles)
    }

    /// The version that is on disk now, without reading it.
    pub(crate) fn version(&self) -> FileVersion {
        let metadata = fs::metadata(&self.path).ok();
        FileVersion(metadata.and_then(|metadata| Some((metadata.modified().ok()?, file_number(&metadata)))))
    }

    /// Changes one profile's credentials under the lock and waits until they are on disk.
    pub(crate) fn update(
        &self,
        profile: &str,
        change: impl FnOnce(&mut ProfileCredentials),
    ) -> Result<(), CredentialsError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let unwritable = |error| CredentialsError::Unwritable { path: self.path.clone(), error };
        files::create_private_folder(folder).map_err(unwritable)?;
        let lock = private_file(&folder.join("credentials.lock")).map_err(unwritable)?;
        lock.lock().map_err(unwritable)?;
        let mut contents = self.contents()?;
        let credentials = contents.profiles.entry(profile.to_owned()).or_default();
        change(credentials);
        if credentials.is_empty() {
            contents.profiles.remove(profile);
        }
        let text = toml::to_string(&contents).map_err(|error| unwritable(io::Error::other(error)))?;
        files::replace(&self.path, text.as_bytes()).map_err(unwritable)
    }

    fn contents(&self) -> Result<Contents, CredentialsError> {
        let path = || self.path.clone();
        let metadata = match fs::metadata(&self.path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::default()),
            Err(error) => return Err(CredentialsError::Unreadable { path: path(), error }),
        };
        if let Some(mode) = readable_by_others(&metadata) {
            return Err(CredentialsError::Insecure { path: path(), mode });
        }
        let text =
            fs::read_to_string(&self.path).map_err(|error| CredentialsError::Unreadable { path: path(), error })?;
        // The parser's own words can quote a secret.
        toml::from_str(&text)
            .map_err(|error| CredentialsError::Invalid { path: path(), line: at_line(&text, error.span()) })
    }
}

#[cfg(unix)]
fn readable_by_others(metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn readable_by_others(_: &fs::Metadata) -> Option<u32> {
    None
}

/// Each atomic write makes a new file, so its number changes even within one tick of the clock.
#[cfg(unix)]
fn file_number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn file_number(metadata: &fs::Metadata) -> u64 {
    metadata.len()
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).expect("not empty")
    }

    fn exposed(secrets: Vec<Secret>) -> Vec<String> {
        secrets.iter().map(|secret| secret.expose().to_owned()).collect()
    }

    #[test]
    fn an_unclear_change_keeps_both_secrets_and_a_clear_one_keeps_the_new() {
        let mut credentials = ProfileCredentials::default();
        credentials.confirm(&secret("old"));
        credentials.add_pending(&secret("new"));
        assert_eq!(exposed(credentials.live_secrets()), ["old", "new"]);
        credentials.confirm(&secret("new"));
        assert_eq!(exposed(credentials.live_secrets()), ["new"]);
        assert_eq!(credentials.previous_secret().map(Secret::expose), Some("old"));
        credentials.add_pending(&secret("refused"));
        credentials.drop_pending(&secret("refused"));
        assert_eq!(exposed(credentials.live_secrets()), ["new"]);
        credentials.retire_secret();
        assert!(credentials.live_secrets().is_empty());
        assert_eq!(credentials.previous_secret().map(Secret::expose), Some("new"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private_and_an_open_one_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = CredentialsFile::new(folder.path().join("new/credentials.toml"));
        file.update("default", |credentials| credentials.confirm(&secret("s\"\n\u{1F511}"))).expect("stored");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(file.path.as_path()), mode(file.path.as_path().parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(exposed(file.read().expect("read")["default"].live_secrets()), ["s\"\n\u{1F511}"]);
        fs::set_permissions(file.path.as_path(), fs::Permissions::from_mode(0o640)).expect("changed");
        assert!(matches!(file.read(), Err(CredentialsError::Insecure { mode: 0o640, .. })));
    }

    #[test]
    fn writers_at_once_lose_nothing_and_the_version_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = CredentialsFile::new(folder.path().join("credentials.toml"));
        let before = file.version();
        std::thread::scope(|scope| {
            for profile in 0..16 {
                let file = &file;
                scope.spawn(move || {
                    file.update(&format!("p{profile}"), |credentials| credentials.confirm(&secret("s")))
                        .expect("stored");
                });
            }
        });
        assert_eq!(file.read().expect("read").len(), 16);
        assert_ne!(file.version(), before);
    }

    #[test]
    fn an_error_in_the_file_never_quotes_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = CredentialsFile::new(folder.path().join("credentials.toml"));
        file.update("default", |credentials| credentials.confirm(&secret("s"))).expect("stored");
        fs::write(file.path.as_path(), "[profiles.default]\nwebhook_secret = 7\napi_key = 'hunter2' x")
            .expect("written");
        let error = file.read().expect_err("refused").to_string();
        assert!(error.contains("line 3") && !error.contains("hunter2"), "{error}");
    }
}
