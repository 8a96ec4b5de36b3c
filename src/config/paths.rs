//! The folders that vsai keeps its files in.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// Settings and credentials live in `config`, journals and runtime files in `data`.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    config: PathBuf,
    data: PathBuf,
}

impl Paths {
    /// The user's own folders by the platform's custom (XDG on Unix); `config_dir` overrides the first and holds the
    /// second, so that one flag moves everything.
    pub(crate) fn new(config_dir: Option<PathBuf>) -> Option<Self> {
        if let Some(config) = config_dir {
            return Some(Self { data: config.join("data"), config });
        }
        let base = etcetera::choose_base_strategy().ok()?;
        Some(Self { config: base.config_dir().join("vsai"), data: base.data_dir().join("vsai") })
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    pub(crate) fn credentials(&self) -> PathBuf {
        self.config.join("credentials.toml")
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }
}
