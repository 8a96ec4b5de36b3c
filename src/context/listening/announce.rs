//! Tells people, scripts and other commands where webhooks can be sent to, and tells them again when that changes.

use std::path::Path;

use serde::Serialize;
use url::Url;

use crate::config::{Announcement, RunningListener};
use crate::context::Context;
use crate::error::Error;
use crate::files;
use crate::output::{Meaning, Report, Text, json_record};

/// The listener takes webhooks now.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Ready {
    /// Where webhooks are to be sent to.
    pub(super) url: String,
    /// The same on this machine, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) local_url: Option<String>,
    pub(super) port: u16,
    pub(super) pid: u32,
    /// Fingerprints of the live secrets.
    pub(super) secrets: Vec<String>,
}

impl Report for Ready {
    const KIND: &'static str = "ready";
}

/// Announces a listener; the runtime file goes away with it.
pub(super) struct Announcer<'a> {
    context: &'a Context,
    ready_file: Option<&'a Path>,
    ready: Ready,
    runtime_file: Option<Announcement>,
}

impl<'a> Announcer<'a> {
    /// `ready` is as it is seen on this machine.
    pub(super) fn new(context: &'a Context, ready_file: Option<&'a Path>, ready: Ready) -> Self {
        Self { context, ready_file, ready, runtime_file: None }
    }

    /// Announces that webhooks are to be sent to `public`, or to this machine.
    pub(super) fn announce(&mut self, public: Option<&Url>) -> Result<(), Error> {
        if let Some(public) = public {
            let local_url = self.ready.local_url.take().unwrap_or_else(|| self.ready.url.clone());
            self.ready = Ready { url: public.to_string(), local_url: Some(local_url), ..self.ready.clone() };
        }
        // The files first: who has read that it is ready may look for them at once.
        self.write_runtime_file();
        if let Some(file) = self.ready_file {
            files::replace(file, (json_record(&self.ready) + "\n").as_bytes())
                .map_err(|error| Error::unwritable(file, &error))?;
        }
        let mut banner = Text::from("listening on ");
        banner.add(Meaning::Path, &self.ready.url);
        if let Some(local_url) = &self.ready.local_url {
            banner.add(Meaning::Dim, format!("  on this machine {local_url}"));
        }
        for secret in &self.ready.secrets {
            banner.add(Meaning::Dim, format!("  secret {secret}"));
        }
        self.context.printer.note(banner);
        self.context.printer.report(&self.ready);
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
            self.context.printer.warning("no_runtime_file", &message);
        }
    }

    fn announce_first(&mut self, running: &RunningListener) -> Result<(), Error> {
        let profile = &self.context.settings()?.profile.value;
        let data = self.context.paths()?.data();
        let announcement = running.announce(data, profile).map_err(|error| Error::unwritable(data, &error))?;
        if let Some(replaced) = announcement.replaced() {
            let message = format!(
                "another listener of this profile runs on port {}: until this one ends, @listen is this one",
                replaced.port
            );
            self.context.printer.warning("another_listener", &message);
        }
        self.runtime_file = Some(announcement);
        Ok(())
    }
}
