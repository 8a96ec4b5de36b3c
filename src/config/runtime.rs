//! The runtime file: where the listener of a profile can be found while it runs.

use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::files;

/// What a running listener tells other commands of its profile (`--webhook-url @listen`, `trigger`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningListener {
    /// The URL that webhooks are to be sent to.
    pub(crate) url: String,
    /// The same on this machine, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) local_url: Option<String>,
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
        let replaced = Self::find(data, profile);
        files::replace(&path, serde_json::to_string(self)?.as_bytes())?;
        Ok(Announcement { path, listener: self.clone(), replaced })
    }

    /// The listener that has announced itself last for this profile, whether or not it still runs.
    pub(crate) fn find(data: &Path, profile: &str) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path(data, profile)).ok()?).ok()
    }
}

impl RunningListener {
    /// The URL on this machine.
    pub(crate) fn local_url(&self) -> &str {
        self.local_url.as_deref().unwrap_or(&self.url)
    }

    /// Whether something still listens there.
    pub(crate) fn answers(&self) -> bool {
        let address = Url::parse(self.local_url())
            .ok()
            .and_then(|url| (url.host_str()?.trim_matches(['[', ']']), self.port).to_socket_addrs().ok()?.next());
        address.is_some_and(|address| TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok())
    }
}

fn path(data: &Path, profile: &str) -> PathBuf {
    data.join("run").join(format!("listen-{profile}.json"))
}

/// Removes the runtime file when the listener ends, or gives it back to the listener that was there before.
#[derive(Debug)]
pub(crate) struct Announcement {
    path: PathBuf,
    listener: RunningListener,
    replaced: Option<RunningListener>,
}

impl Announcement {
    /// Announces that the listener is to be found elsewhere, unless another one has taken its place.
    pub(crate) fn replace(&mut self, listener: RunningListener) -> io::Result<()> {
        if self.is_ours() {
            files::replace(&self.path, serde_json::to_string(&listener)?.as_bytes())?;
        }
        self.listener = listener;
        Ok(())
    }

    fn is_ours(&self) -> bool {
        let written = std::fs::read(&self.path).ok();
        let listener = written.and_then(|bytes| serde_json::from_slice::<RunningListener>(&bytes).ok());
        listener.as_ref() == Some(&self.listener)
    }

    /// The listener that other commands found until now, if it still runs: at a port of ours, we would answer ourselves.
    pub(crate) fn replaced(&self) -> Option<&RunningListener> {
        self.replaced.as_ref().filter(|replaced| replaced.port != self.listener.port && replaced.answers())
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        if !self.is_ours() {
            return;
        }
        let given_back = self.replaced().and_then(|replaced| serde_json::to_vec(replaced).ok());
        let _ = match given_back {
            Some(bytes) => files::replace(&self.path, &bytes),
            None => std::fs::remove_file(&self.path),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_while_it_runs_and_spares_its_successor() {
        let data = tempfile::tempdir().expect("a folder");
        let first = RunningListener { url: "http://127.0.0.1:1/".into(), local_url: None, port: 1, pid: 1 };
        let second = RunningListener { pid: 2, ..first.clone() };
        let first_file = first.announce(data.path(), "default").expect("written");
        let second_file = second.announce(data.path(), "default").expect("written");
        drop(first_file);
        assert_eq!(RunningListener::find(data.path(), "default"), Some(second));
        assert_eq!(RunningListener::find(data.path(), "other"), None);
        drop(second_file);
        assert_eq!(RunningListener::find(data.path(), "default"), None);
    }

    #[test]
    fn gives_the_place_back_to_a_listener_that_still_runs() {
        let data = tempfile::tempdir().expect("a folder");
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("bound").port();
        let first = RunningListener { url: format!("http://127.0.0.1:{port}/"), local_url: None, port, pid: 1 };
        let second = RunningListener { pid: 2, port: 1, ..first.clone() };
        let _first_file = first.announce(data.path(), "default").expect("written");
        let second_file = second.announce(data.path(), "default").expect("written");
        assert_eq!(second_file.replaced(), Some(&first));
        drop(second_file);
        assert_eq!(RunningListener::find(data.path(), "default"), Some(first));
    }

    #[test]
    fn what_a_killed_listener_left_is_not_taken_for_one_that_runs() {
        let data = tempfile::tempdir().expect("a folder");
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("bound").port();
        let killed = RunningListener { url: format!("http://127.0.0.1:{port}/"), local_url: None, port, pid: 1 };
        std::mem::forget(killed.announce(data.path(), "default").expect("written"));
        let ours = RunningListener { pid: 2, ..killed };
        assert_eq!(ours.announce(data.path(), "default").expect("written").replaced(), None);
        assert_eq!(RunningListener::find(data.path(), "default"), None);
    }
}
