//! `vsai listen`: a local receiver that prints verified events.

mod forwarding;
mod keeping;
mod limits;
mod saving;
mod screen;

use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tokio::sync::{oneshot, watch};

use crate::context::{Announcer, Context, Door, ReadyFile, SecretArgs, WayIn, own_address};
use crate::error::{Error, Exit, Kind};
use crate::journal::Engine;
use crate::listener::{Filter, Interest, Listener, Options, StoppedBy, UntilDone, Unverifiable, Waiting, queue};
use crate::protocol::Secret;
use crate::quantity;
use crate::serve::Limits;
use crate::signals::{Signal, Signals};
use forwarding::{Forwarding, Passing};
use keeping::Keeping;
use limits::LimitArgs;
use saving::{Saved, Saving};
use screen::{FailOn, Screen};

/// Receive webhooks and print verified events
///
/// Event lines go to stdout, everything about them to stderr. Without a condition it runs until Ctrl-C.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 4242, value_parser = quantity::port)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = own_address)]
    bind: IpAddr,
    #[command(flatten)]
    way_in: WayIn,
    /// Show, count and pass on only these event types
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    events: Vec<String>,
    /// Show, count and pass on only events in which a payload member or query.NAME has this value
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
    /// Write the `ready` record to this file once webhooks can come, and remove it at the end
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Stop when standard input is closed
    #[arg(long)]
    exit_with_stdin: bool,
    /// What to do with deliveries that cannot be verified
    #[arg(long, value_name = "HOW", value_enum, default_value = "reject")]
    unverified: Unverifiable,
    /// Refuse events that are signed as older than this; those that tell no time are taken
    #[arg(long, value_name = "DURATION", value_parser = quantity::time_limit)]
    max_age: Option<Duration>,
    #[command(flatten)]
    forwarding: Forwarding,
    #[command(flatten)]
    saving: Saving,
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

/// The listener, its socket, and who is told of it.
struct Served {
    service: Listener,
    door: Door,
    announcer: Announcer,
}

/// What works on the journal's events beside the listener.
struct Beside {
    passing: Passing,
    saved: Saved,
}

/// Where what comes is shown, and how the showing ends the listening.
struct Shown {
    screen: Screen,
    waiting: Waiting,
    stopping: watch::Receiver<Option<StoppedBy>>,
}

impl Listen {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let ready_file = self.ready_file.clone().map(ReadyFile::begin).transpose()?;
        let (entrance, address) = (self.way_in.entrance()?, SocketAddr::new(self.bind, self.port));
        let handlers = self.forwarding.handlers(context, self.keeping.has_journal(), address)?;
        context.warn_of_unknown_types(self.events.iter().map(String::as_str));
        self.warn_of_renders(context);
        let secrets = self.secrets(context)?;
        let live = context.live_secrets(&self.secret, &secrets)?;
        let (queue, waiting) = queue();
        let options = Options {
            path: entrance.path().to_owned(),
            unverified: self.unverified,
            max_age: self.max_age,
            bounds: self.limits.bounds(),
        };
        let (stop, stopping) = watch::channel(None);
        let screen = Screen::new(&self, context, stop);
        let fingerprints = secrets.iter().map(Secret::fingerprint).collect();
        context.block_on(async {
            let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
            let journal = self.keeping.open(context)?;
            let keeper = context.keeper(journal.as_ref());
            let interest = self.interest();
            let passing = self.forwarding.start(context, handlers, &interest, journal.as_ref(), &queue).await?;
            let saved = self.saving.start(context, &interest, journal.as_ref()).await?;
            let service = Listener::new(options, live, jiff::Timestamp::now, keeper, queue, passing.relay());
            let shown = Shown { screen, waiting, stopping };
            let serving = async {
                // Before it is announced: who has read that it is ready may stop it at once.
                let signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
                let door = entrance.open(address, context.printer.clone())?;
                let announcer = Announcer::new(context, door.url(), door.address().port(), fingerprints);
                let announcer = announcer.with_file(ready_file);
                let beside = Beside { passing, saved };
                self.serve(context, Served { service, door, announcer }, shown, beside, signals).await
            };
            let exit = tokio::select! {
                exit = serving => exit,
                // The first one stops in order; a second one is for those who cannot wait.
                signal = async { signals.next().await; signals.next().await } => return Ok(signal.into()),
            };
            if let Some(journal) = journal {
                journal.close().await;
            }
            exit
        })
    }

    /// Ids are opaque, but the API's renders have been called so until now.
    fn warn_of_renders(&self, context: &Context) {
        for until in &self.until_done {
            if let UntilDone::Variation(id) = until
                && id.starts_with("rnd_")
            {
                let message = format!(
                    "--until-done {id} waits for a variation of that name; for variations of a render, say how many: {id}=1"
                );
                context.printer.warning("render_without_number", &message);
            }
        }
    }

    fn interest(&self) -> Interest {
        Interest { types: self.events.clone(), filters: self.filter.clone() }
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

    async fn serve(
        &self,
        context: &Context,
        served: Served,
        shown: Shown,
        Beside { passing, saved }: Beside,
        mut signals: Signals,
    ) -> Result<Exit, Error> {
        let Shown { screen, waiting, stopping } = shown;
        let Served { service, door, mut announcer } = served;
        let (ended, end) = oneshot::channel();
        // Its own thread: a reader of stdout that stalls must not stall the socket.
        std::thread::spawn(move || drop(ended.send(screen.show(waiting))));
        let limits = Limits { drain: self.forwarding.drain(), ..self.limits.of_connections(context) };
        let announce = |public: Option<&_>| announcer.announce(public);
        let stop = self.stop(stopping, &mut signals);
        let stopped = door.serve(service, limits, announce, stop, || passing.close()).await;
        let stopped_by = *stopped.as_ref().unwrap_or(&StoppedBy::Terminate);
        let unfinished = passing.end(stopped_by).await;
        let lost = saved.end(stopped_by).await;
        let screen = end.await.map_err(|_| Error::new(Kind::Failed, "the printing of events has ended too early"))?;
        match screen.end(stopped?, self.timeout, unfinished)? {
            Exit::Done if lost > 0 => Ok(Exit::Partly),
            exit => Ok(exit),
        }
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
