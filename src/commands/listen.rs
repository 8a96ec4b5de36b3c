//! `vsai listen`: a local receiver that prints verified events.

mod limits;
mod screen;

use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use tokio::sync::{oneshot, watch};

use crate::config::{Announcement, RunningListener};
use crate::context::{Context, SecretArgs};
use crate::error::{Error, Exit, Kind};
use crate::files;
use crate::listener::{Filter, Listener, LiveSecrets, Options, Reload, UntilDone, Unverifiable, Waiting, queue};
use crate::output::{Meaning, Report, Text, json_record};
use crate::protocol::Secret;
use crate::quantity;
use crate::serve::{bind, serve};
use crate::signals::{Signal, Signals};
use limits::LimitArgs;
use screen::{FailOn, Screen, StoppedBy};

/// Receive webhooks and print verified events
///
/// Event lines go to stdout, everything about them to stderr. Without a condition it runs until Ctrl-C.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 4242)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    bind: IpAddr,
    /// The one path that takes webhooks
    #[arg(long, default_value = "/")]
    path: String,
    /// Show and count only these event types
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    events: Vec<String>,
    /// Show and count only events in which a payload member or query.NAME has this value
    #[arg(long, value_name = "NAME=VALUE")]
    filter: Vec<Filter>,
    /// Stop after so many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Stop when N variations of a render, or this variation, are done or failed
    #[arg(long, value_name = "RENDER=N|VARIATION")]
    until_done: Vec<UntilDone>,
    /// Stop after this time; exits 124 if a condition is unmet by then
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration)]
    timeout: Option<Duration>,
    /// Exit 1 at the stop if there was one
    #[arg(long, value_name = "WHAT", value_enum)]
    fail_on: Vec<FailOn>,
    /// Write the `ready` record to this file once webhooks can come
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Stop when standard input is closed
    #[arg(long)]
    exit_with_stdin: bool,
    /// What to do with deliveries that cannot be verified
    #[arg(long, value_name = "HOW", value_enum, default_value = "reject")]
    unverified: Unverifiable,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

/// The listener takes webhooks now.
#[derive(Serialize)]
struct Ready {
    url: String,
    port: u16,
    pid: u32,
    /// Fingerprints of the live secrets.
    secrets: Vec<String>,
}

impl Report for Ready {
    const KIND: &'static str = "ready";
}

impl Listen {
    pub(crate) fn run(mut self, context: &Context) -> Result<Exit, Error> {
        self.path = plain_path(&self.path)?;
        let secrets = self.secrets(context)?;
        let live = LiveSecrets::new(&secrets, self.reload(context)?);
        let (queue, waiting) = queue();
        let options = Options { path: self.path.clone(), unverified: self.unverified, bounds: self.limits.bounds() };
        let service = Listener::new(options, live, jiff::Timestamp::now, queue);
        let (stop, stopping) = watch::channel(None);
        let screen = Screen::new(&self, context.printer.clone(), stop);
        let fingerprints = secrets.iter().map(Secret::fingerprint).collect();
        context.block_on(async {
            let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
            let serving = self.serve(context, service, screen, waiting, stopping, fingerprints);
            tokio::select! {
                exit = serving => exit,
                // The first one stops in order; a second one is for those who cannot wait.
                signal = async { signals.next().await; signals.next().await } => Ok(signal.into()),
            }
        })
    }

    fn secrets(&self, context: &Context) -> Result<Vec<Secret>, Error> {
        match context.secrets(&self.secret) {
            Ok(secrets) => Ok(secrets.secrets),
            Err(error) if error.kind != Kind::Secret || !self.secret.files.is_empty() => Err(error),
            Err(_) if self.unverified == Unverifiable::Mark => {
                let message = "there is no webhook secret: every delivery is marked as unverified";
                context.printer.warning("unverified", message);
                Ok(Vec::new())
            }
            Err(error) => {
                let hint = error.hint.clone().unwrap_or_default();
                Err(error.hint(format!("{hint}\n--unverified mark goes on without one")))
            }
        }
    }

    /// How a failed check gets newer secrets: from the profile, once its file has changed.
    fn reload(&self, context: &Context) -> Result<Reload, Error> {
        if !self.secret.files.is_empty() || !context.takes_secrets_from_profile() {
            return Ok(Box::new(|| None));
        }
        let (file, profile) = (context.credentials_file()?, context.settings()?.profile.value.clone());
        let mut known = file.version();
        Ok(Box::new(move || {
            let version = file.version();
            if version == known {
                return None;
            }
            let stored = file.read().ok()?.remove(&profile).unwrap_or_default();
            known = version;
            Some(stored.live_secrets())
        }))
    }

    async fn serve(
        &self,
        context: &Context,
        service: Listener,
        screen: Screen,
        waiting: Waiting,
        stopping: watch::Receiver<Option<StoppedBy>>,
        fingerprints: Vec<String>,
    ) -> Result<Exit, Error> {
        // Before it is announced: who has read that it is ready may stop it at once.
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let address = SocketAddr::new(self.bind, self.port);
        let listener = bind(address).map_err(|error| Error::cannot_bind(address, &error))?;
        let address = listener.local_addr().map_err(|error| Error::cannot_bind(address, &error))?;
        let _announcement = self.announce(context, address, fingerprints)?;
        let (ended, end) = oneshot::channel();
        // Its own thread: a reader of stdout that stalls must not stall the socket.
        std::thread::spawn(move || drop(ended.send(screen.show(waiting))));
        let mut stopped_by = StoppedBy::Condition;
        let stop = async { stopped_by = self.stop(stopping, &mut signals).await };
        serve(listener, service, self.limits.of_connections(context), stop).await;
        let screen = end.await.map_err(|_| Error::new(Kind::Failed, "the printing of events has ended too early"))?;
        screen.end(stopped_by, self.timeout)
    }

    /// Waits for the first reason to stop.
    async fn stop(&self, mut stopping: watch::Receiver<Option<StoppedBy>>, signals: &mut Signals) -> StoppedBy {
        let asked = async {
            match stopping.wait_for(Option::is_some).await.map(|stopped_by| *stopped_by) {
                Ok(Some(stopped_by)) => stopped_by,
                _ => std::future::pending().await,
            }
        };
        let time_passed = async {
            match self.timeout {
                Some(timeout) => tokio::time::sleep(timeout).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            stopped_by = asked => stopped_by,
            () = time_passed => StoppedBy::Timeout,
            () = stdin_closed(self.exit_with_stdin) => StoppedBy::StdinClosed,
            signal = signals.next() => match signal {
                Signal::Interrupt => StoppedBy::Interrupt,
                Signal::Terminate => StoppedBy::Terminate,
            },
        }
    }

    /// Lets other commands of this profile find the listener. Without it, events come all the same.
    fn leave_runtime_file(&self, context: &Context, ready: &Ready) -> Option<Announcement> {
        let running = RunningListener { url: ready.url.clone(), port: ready.port, pid: ready.pid };
        let announced = context.settings().and_then(|settings| {
            let data = context.paths()?.data();
            running.announce(data, &settings.profile.value).map_err(|error| Error::unwritable(data, &error))
        });
        let warn = |error: Error| {
            let message = format!("other commands cannot find this listener: {error}");
            context.printer.warning("no_runtime_file", &message);
        };
        let announcement = announced.map_err(warn).ok()?;
        if let Some(replaced) = announcement.replaced() {
            let message = format!(
                "another listener of this profile runs on port {}: until this one ends, @listen is this one",
                replaced.port
            );
            context.printer.warning("another_listener", &message);
        }
        Some(announcement)
    }

    /// Tells people, scripts and other commands where webhooks can be sent to.
    fn announce(
        &self,
        context: &Context,
        address: SocketAddr,
        secrets: Vec<String>,
    ) -> Result<Option<Announcement>, Error> {
        let ready = Ready {
            url: format!("http://{address}{}", self.path),
            port: address.port(),
            pid: std::process::id(),
            secrets,
        };
        if !address.ip().is_loopback() {
            let message = format!("listening on {}: everybody who can reach this machine can send to it", address.ip());
            context.printer.warning("not_loopback", &message);
        }
        // The files first: who has read that it is ready may look for them at once.
        let announcement = self.leave_runtime_file(context, &ready);
        if let Some(file) = &self.ready_file {
            files::replace(file, (json_record(&ready) + "\n").as_bytes())
                .map_err(|error| Error::unwritable(file, &error))?;
        }
        let mut banner = Text::from("listening on ");
        banner.add(Meaning::Path, &ready.url);
        for secret in &ready.secrets {
            banner.add(Meaning::Dim, format!("  secret {secret}"));
        }
        context.printer.note(banner);
        context.printer.report(&ready);
        Ok(announcement)
    }
}

fn plain_path(path: &str) -> Result<String, Error> {
    let path = format!("/{}", path.trim_start_matches('/'));
    match path.parse::<hyper::http::uri::PathAndQuery>() {
        Ok(parsed) if parsed.query().is_none() && parsed.path() == path => Ok(path),
        _ => Err(Error::usage(format!("--path {path:?} is not a plain path without a query"))),
    }
}

/// Resolves when standard input ends; never, unless asked for.
async fn stdin_closed(asked: bool) {
    if !asked {
        return std::future::pending().await;
    }
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut piece = [0; 4096];
        while matches!(stdin.read(&mut piece), Ok(1..)) {}
        tell.send(())
    });
    let _ = told.await;
}
