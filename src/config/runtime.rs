//! The runtime file: where the listener of a profile can be found while it runs.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;

/// What a running listener tells other commands of its profile (`--webhook-url @listen`, `trigger`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningListener {
    /// The URL that webhooks are to be sent to.
    pub(crate) url: String,
    /// The local port.
    pub(crate) port: u16,
    /// The listener's process.
    pub(crate) pid: u32,
}

impl RunningListener {
    /// Writes the profile's runtime file; the guard removes it unless another listener has replaced it.
    pub(crate) fn announce(&self, data: &Path, profile: &str) -> io::Result<Announcement> {
        let path = path(data, profile);
        let folder = path.parent().unwrap_or(data);
        files::create_private_folder(folder)?;
        files::replace(&path, serde_json::to_string(self)?.as_bytes())?;
        Ok(Announcement { path, listener: self.clone() })
    }

    /// The listener that has announced itself last for this profile, whether or not it still runs.
    pub(crate) fn find(data: &Path, profile: &str) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path(data, profile)).ok()?).ok()
    }
}

fn path(data: &Path, profile: &str) -> PathBuf {
    data.join("run").join(format!("listen-{profile}.json"))
}

/// Removes the runtime file when the listener ends.
#[derive(Debug)]
pub(crate) struct Announcement {
    path: PathBuf,
    listener: RunningListener,
}

impl Drop for Announcement {
    fn drop(&mut self) {
        let written = std::fs::read(&self.path).ok();
        let ours = written.and_then(|bytes| serde_json::from_slice::<RunningListener>(&bytes).ok());
        if ours.as_ref() == Some(&self.listener) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_while_it_runs_and_spares_its_successor() {
        let data = tempfile::tempdir().expect("a folder");
        let first = RunningListener { url: "http://127.0.0.1:1/".into(), port: 1, pid: 1 };
        let second = RunningListener { pid: 2, ..first.clone() };
        let first_file = first.announce(data.path(), "default").expect("written");
        let second_file = second.announce(data.path(), "default").expect("written");
        drop(first_file);
        assert_eq!(RunningListener::find(data.path(), "default"), Some(second));
        assert_eq!(RunningListener::find(data.path(), "other"), None);
        drop(second_file);
        assert_eq!(RunningListener::find(data.path(), "default"), None);
    }
}
