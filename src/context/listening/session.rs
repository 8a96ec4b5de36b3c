//! A listener beside other work, such as waiting for a render: its own, or the one that runs for the profile already.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use url::Url;

use super::announce::Announcer;
use super::entrance::Entrance;
use super::own_address;
use super::way_in::WayIn;
use crate::address::is_loopback;
use crate::context::{Context, JournalArgs, SecretArgs};
use crate::error::{Error, Kind};
use crate::journal::{Access, Engine, EventRecord, Journal};
use crate::listener::{Arrivals, Bounds, Listener, Options, Received, Unverifiable, Waiting, queue};
use crate::output::Printer;
use crate::protocol::{Event, Secret};
use crate::quantity;
use crate::serve::Limits;

/// Refused deliveries that are told. The journal has the last hundred.
const REFUSALS_TOLD: usize = 3;

/// The flags of a command that listens beside its work.
#[derive(Debug, Args)]
#[command(next_help_heading = "Listening")]
pub(crate) struct ListenArgs {
    /// Listen for webhooks, from before anything is submitted until the end, and have them sent here
    #[arg(long)]
    pub(crate) listen: bool,
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 0, value_parser = quantity::port, requires = "listen")]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = own_address, requires = "listen")]
    bind: IpAddr,
    #[command(flatten)]
    way_in: WayIn,
    #[command(flatten)]
    journal: JournalArgs,
    #[command(flatten)]
    secret: SecretArgs,
}

/// Verified events and the URL that brings them here.
pub(crate) struct Session {
    url: watch::Receiver<Url>,
    arrivals: Arrivals,
    journal: Journal,
    own: Option<Own>,
}

/// A listener of this process.
struct Own {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), Error>>,
}

impl ListenArgs {
    /// Flags that make no sense without --listen, and a listener that the API cannot reach, are refused.
    pub(crate) fn check(&self, context: &Context) -> Result<(), Error> {
        match self.way_in.first_given() {
            Some(flag) if !self.listen => {
                return Err(Error::usage(format!("{flag} is for --listen, which is missing")));
            }
            _ => {}
        }
        let api = &context.settings()?.api_url.value;
        if self.listen && !self.way_in.is_from_outside() && !is_loopback(api) {
            let message = format!("{} cannot reach a listener on this machine", api.host_str().unwrap_or("the API"));
            return Err(Error::usage(message)
                .hint("--tunnel cloudflared, or --public-url with the URL of a proxy or tunnel of yours"));
        }
        Ok(())
    }
}

impl Session {
    /// Starts a listener; it can be reached, as far as that can be checked, when this returns. What it answers 200 is in
    /// the journal. Must be called inside the runtime.
    pub(crate) async fn start(args: &ListenArgs, context: &Context) -> Result<Self, Error> {
        args.check(context)?;
        let entrance = args.way_in.entrance()?;
        let secrets = context.secrets(&args.secret)?.secrets;
        let journal = context.journal(&args.journal, Access::Create)?;
        let arrivals = Arrivals::follow(journal.clone()).await?;
        let service = service(args, context, &entrance, &secrets, &journal)?;
        let door = entrance.open(SocketAddr::new(args.bind, args.port), context.printer.clone())?;
        let home = url_of(&door.reached_url())?;
        let fingerprints = secrets.iter().map(Secret::fingerprint).collect();
        let mut announcer = Announcer::new(context, door.url(), door.address().port(), fingerprints).beside();
        let (tell, mut url) = watch::channel(home.clone());
        let announce = move |public: Option<&Url>| {
            announcer.announce(public)?;
            tell.send_replace(public.unwrap_or(&home).clone());
            Ok(())
        };
        let (stop, stopped) = oneshot::channel();
        let limits = Limits::default().within_descriptors();
        let serving = door.serve(service, limits, announce, stopped, || {});
        let ended = tokio::spawn(async { serving.await.map(drop) });
        // The first URL is told when it leads here.
        if url.changed().await.is_err() {
            let gone = || Error::new(Kind::Failed, "the listener has ended too early");
            return Err(ended.await.ok().and_then(Result::err).unwrap_or_else(gone));
        }
        Ok(Self { url, arrivals, journal, own: Some(Own { stop, ended }) })
    }

    /// Joins the listener that runs for the profile: what it gets is in the profile's journal. Must be called inside the
    /// runtime.
    pub(crate) async fn join(args: &ListenArgs, context: &Context) -> Result<Self, Error> {
        let (_, url) = watch::channel(url_of(&context.running_listener()?.url)?);
        let journal = context.journal(&args.journal, Access::Create)?;
        let arrivals = Arrivals::follow(journal.clone()).await?;
        Ok(Self { url, arrivals, journal, own: None })
    }

    /// Where webhooks are to be sent to now: a tunnel may have got another URL meanwhile.
    pub(crate) fn url(&self) -> Url {
        self.url.borrow().clone()
    }

    /// What all events from here on say, duplicates left out.
    pub(crate) fn webhooks(&self) -> broadcast::Receiver<Arc<Event>> {
        self.arrivals.all()
    }

    /// Those of the events from here on that are wanted, with the URL that they came to, duplicates left out. One that reads too slowly misses some.
    pub(crate) fn events(
        &self,
        admits: impl Fn(&EventRecord) -> bool + Send + 'static,
    ) -> mpsc::Receiver<Box<EventRecord>> {
        self.arrivals.of(admits)
    }

    /// Ends in order: deliveries under way are answered, and what was answered 200 is on disk.
    pub(crate) async fn stop(self) {
        let Self { arrivals, journal, own, .. } = self;
        if let Some(Own { stop, ended }) = own {
            let _ = stop.send(());
            let _ = ended.await;
        }
        drop(arrivals);
        journal.close().await;
    }
}

/// The listener behind the socket. Events are read from the journal; of the rest, the first are told.
fn service(
    args: &ListenArgs,
    context: &Context,
    entrance: &Entrance,
    secrets: &[Secret],
    journal: &Journal,
) -> Result<Listener, Error> {
    let (queue, waiting) = queue();
    let explain = context.events_command(&format!("explain{}", args.secret.flags()), &args.journal);
    tokio::spawn(tell_refusals(waiting, context.printer.clone(), explain));
    let options = Options {
        path: entrance.path().to_owned(),
        unverified: Unverifiable::Reject,
        max_age: None,
        bounds: Bounds::default(),
    };
    let (live, keeper) = (context.live_secrets(&args.secret, secrets)?, context.keeper(Some(journal)));
    Ok(Listener::new(options, live, Timestamp::now, keeper, queue, None))
}

/// A secret that is not the vendor's would else show only in webhooks that never come.
async fn tell_refusals(mut waiting: Waiting, printer: Arc<Printer>, explain: String) {
    let mut told = 0;
    while let Some(received) = waiting.received().await {
        if let Received::Unverified(refused) = received
            && told < REFUSALS_TOLD
        {
            told += 1;
            let how = refused.reference().map(|reference| format!("; {explain} {reference}")).unwrap_or_default();
            printer.warning("refused", &format!("a delivery was refused: {}{how}", refused.reason()));
        }
    }
}

fn url_of(text: &str) -> Result<Url, Error> {
    Url::parse(text).map_err(|error| Error::new(Kind::Failed, format!("the listener's URL {text}: {error}")))
}

#[cfg(test)]
mod tests;
