//! Tells people, scripts and other commands where webhooks can be sent to, and tells them again when that changes.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use url::Url;

use crate::config::{Announcement, RunningListener};
use crate::context::Context;
use crate::error::Error;
use crate::files;
use crate::output::{Meaning, Printer, Report, Text, json_record};

/// The listener takes webhooks now.
#[derive(Debug, Clone, Serialize)]
struct Ready {
    /// Where webhooks are to be sent to.
    url: String,
    /// The same on this machine, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    local_url: Option<String>,
    port: u16,
    pid: u32,
    /// Fingerprints of the live secrets.
    secrets: Vec<String>,
}

impl Report for Ready {
    const KIND: &'static str = "ready";
}

/// A file that is there while the listener takes webhooks.
pub(crate) struct ReadyFile {
    path: PathBuf,
    /// What is in it, as long as nobody has replaced it.
    written: Option<String>,
}

impl ReadyFile {
    /// Takes a file's place. One that a killed listener has left would tell that this one is ready.
    pub(crate) fn begin(path: PathBuf) -> Result<Self, Error> {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::unwritable(&path, &error)),
            _ => Ok(Self { path, written: None }),
        }
    }

    fn write(&mut self, ready: &Ready) -> Result<(), Error> {
        let record = json_record(ready) + "\n";
        files::replace(&self.path, record.as_bytes()).map_err(|error| Error::unwritable(&self.path, &error))?;
        self.written = Some(record);
        Ok(())
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        let found = std::fs::read_to_string(&self.path).ok();
        if self.written.is_some() && found == self.written {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Announces a listener; the runtime file goes away with it.
pub(crate) struct Announcer {
    printer: Arc<Printer>,
    /// The folder and the profile of the runtime file.
    place: Result<(PathBuf, String), Error>,
    ready_file: Option<ReadyFile>,
    ready: Ready,
    runtime_file: Option<Announcement>,
    is_beside: bool,
}

impl Announcer {
    /// Of a listener that this machine reaches at `url`, and of its secrets' fingerprints.
    pub(crate) fn new(context: &Context, url: String, port: u16, secrets: Vec<String>) -> Self {
        let place = || Ok((context.paths()?.data().to_owned(), context.settings()?.profile.value.clone()));
        Self {
            printer: context.printer.clone(),
            place: place(),
            ready_file: None,
            ready: Ready { url, local_url: None, port, pid: std::process::id(), secrets },
            runtime_file: None,
            is_beside: false,
        }
    }

    /// Writes the record to a file, too.
    pub(crate) fn with_file(self, ready_file: Option<ReadyFile>) -> Self {
        Self { ready_file, ..self }
    }

    /// Of a listener beside other work: it takes nobody's place as the one that is found, and its record is not the answer.
    pub(crate) fn beside(self) -> Self {
        Self { is_beside: true, ..self }
    }

    /// Announces that webhooks are to be sent to `public`, or to this machine.
    pub(crate) fn announce(&mut self, public: Option<&Url>) -> Result<(), Error> {
        if let Some(public) = public {
            let local_url = self.ready.local_url.take().unwrap_or_else(|| self.ready.url.clone());
            self.ready = Ready { url: public.to_string(), local_url: Some(local_url), ..self.ready.clone() };
        }
        // The files first: who has read that it is ready may look for them at once.
        self.write_runtime_file();
        if let Some(file) = &mut self.ready_file {
            file.write(&self.ready)?;
        }
        let mut banner = Text::from("listening on ");
        banner.add(Meaning::Path, &self.ready.url);
        if let Some(local_url) = &self.ready.local_url {
            banner.add(Meaning::Dim, format!("  on this machine {local_url}"));
        }
        for secret in &self.ready.secrets {
            banner.add(Meaning::Dim, format!("  secret {secret}"));
        }
        self.printer.note(banner);
        if !self.is_beside {
            self.printer.report(&self.ready);
        }
        Ok(())
    }

    /// Lets other commands of this profile find the listener. Without it, events come all the same.
    fn write_runtime_file(&mut self) {
        let Ready { url, local_url, port, pid, .. } = self.ready.clone();
        let running = RunningListener { url, local_url, port, pid };
        let written = match &mut self.runtime_file {
            Some(announcement) => announcement.replace(running).map_err(|error| {
                let message = format!("@listen is still the old URL: {}", crate::error::reason(&error));
                Error::new(crate::error::Kind::Unwritable, message)
            }),
            None => self.announce_first(&running),
        };
        if let Err(error) = written {
            let message = format!("other commands cannot find this listener: {error}");
            self.printer.warning("no_runtime_file", &message);
        }
    }

    fn announce_first(&mut self, running: &RunningListener) -> Result<(), Error> {
        let (data, profile) = self.place.as_ref().map_err(|error| Error::new(error.kind, &error.message))?;
        if self.is_beside && RunningListener::find(data, profile).is_some_and(|found| found.answers()) {
            return Ok(());
        }
        let announcement = running.announce(data, profile).map_err(|error| Error::unwritable(data, &error))?;
        if let Some(replaced) = announcement.replaced() {
            let message = format!(
                "another listener of this profile runs on port {}: until this one ends, @listen is this one",
                replaced.port
            );
            self.printer.warning("another_listener", &message);
        }
        self.runtime_file = Some(announcement);
        Ok(())
    }
}
