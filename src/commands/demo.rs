//! `vsai demo`: the whole loop in one process, against the sandbox, without an account.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::client::{Api, Options as ApiOptions};
use crate::config::SANDBOX_KEY;
use crate::context::{self, Context};
use crate::delivery::{Message, Sender, Target};
use crate::error::{Error, Exit, Kind};
use crate::images::Picture;
use crate::jobs::{About, Download, Downloader, Folder, Plan, Saver, Variant, whole_render};
use crate::journal::EventRecord;
use crate::listener::{
    Bounds, Keeper, Listener, LiveSecrets, Options as ListenerOptions, Received, Unverifiable, Waiting, queue,
};
use crate::output::{Meaning, Report, Text};
use crate::protocol::render::{CreateRender, Render, StagingConfig};
use crate::protocol::{Event, Secret, SigningKey};
use crate::sandbox::{self, Options as SandboxOptions, Sandbox};
use crate::serve::{Limits, serve};
use crate::signals::Signals;

/// Furnished variations that are asked for; the removal adds one.
const VARIATIONS: u32 = 3;

/// Pictures that are saved at a time.
const PICTURES_AT_ONCE: usize = 4;

/// Longest wait for an event. The sandbox needs about three seconds for all.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the whole loop on this machine: sandbox, secret, listener, render, verified events, pictures
///
/// Needs no account and sends nothing to other machines.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the pictures
    #[arg(long, value_name = "DIR", default_value = "vsai-demo")]
    dir: PathBuf,
}

#[derive(Serialize)]
struct Summary {
    render_id: String,
    events: usize,
    refused: usize,
    pictures: usize,
    folder: String,
}

impl Report for Summary {
    const KIND: &'static str = "summary";
}

impl Demo {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        std::fs::create_dir_all(&self.dir).map_err(|error| Error::unwritable(&self.dir, &error))?;
        context.block_on(async {
            let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
            tokio::select! {
                shown = self.show(context) => shown.map(|()| Exit::Done),
                signal = signals.next() => Ok(signal.into()),
            }
        })
    }

    async fn show(&self, context: &Context) -> Result<(), Error> {
        let secret = Secret::new(hex::encode(context::random_bytes::<32>()?)).expect("64 hex digits are not empty");
        context.printer.note("The whole loop on this machine: no account, no cost, nothing leaves it.");
        let sandbox = start_sandbox().await?;
        step(context, 1, "sandbox", &format!("the API, pretended, at {}", sandbox.url));
        let api = Api::new(ApiOptions {
            key: Some(SecretString::from(SANDBOX_KEY)),
            ..ApiOptions::new(sandbox.url.clone())
        })?;
        api.set_webhook_secret("secret", &secret).await?;
        step(context, 2, "secret", &format!("a new webhook secret is set, fingerprint {}", secret.fingerprint()));
        let mut listener = start_listener(&secret).await?;
        step(context, 3, "listener", &format!("takes webhooks at {}", listener.url));
        let room = Picture::cluttered_room(Picture::DEFAULT_SIZE, u64::from_le_bytes(context::random_bytes()?));
        let render = submit(&api, &room, &listener.url).await?;
        let what =
            format!("{} submitted: living room, modern, {VARIATIONS} variations, old furniture removed", render.id);
        step(context, 4, "render", &what);
        let events = self.events(context, &mut listener).await?;
        step(context, 5, "forgery", "the first event again, with one id changed and the old signature");
        forge(context, &mut listener, &events[0], &secret).await?;
        step(context, 6, "pictures", "the render is read for its links, and they are saved before they expire");
        let pictures = self.save(context, api, &sandbox.url, &render.id, &room).await?;
        let folder = self.dir.display().to_string();
        self.conclude(context, Summary { render_id: render.id, events: events.len(), refused: 1, pictures, folder });
        Ok(())
    }

    /// Prints verified events until every variation has ended.
    async fn events(&self, context: &Context, listener: &mut Running) -> Result<Vec<EventRecord>, Error> {
        let mut events = Vec::new();
        while events.len() <= VARIATIONS as usize {
            match listener.next().await? {
                Received::Event(record) => {
                    context.printer.report(&*record);
                    match record.event() {
                        Event::Done(_) if !record.is_duplicate() => events.push(*record),
                        Event::Done(_) => {}
                        _ => return Err(broken("a variation failed")),
                    }
                }
                Received::Unverified(refused) => {
                    context.printer.report(&*refused);
                    return Err(broken("the sandbox's own webhook was refused"));
                }
                Received::Forward(_) => {}
            }
        }
        Ok(events)
    }

    /// Saves the room as it was and all that was made of it.
    async fn save(
        &self,
        context: &Context,
        api: Api,
        api_url: &Url,
        render: &str,
        room: &Picture,
    ) -> Result<usize, Error> {
        let folder = Folder::open(&self.dir)?;
        let before = folder.save_before("room.jpg", &room.jpeg())?;
        let render = whole_render(&api, render).await?;
        let about = About { source: Some("room.jpg".to_owned()), before: Some(before), ..About::default() };
        let plan = Plan::of(&render, &about, Variant::Full, &"{kind}-{n}".parse().map_err(|_| broken("its names"))?);
        let saver = Saver::new(Downloader::new(api_url)?, Some(Arc::new(api)), folder, PICTURES_AT_ONCE);
        let saver = Arc::new(saver.overwriting(true));
        let outcomes = saver.save(plan).await?;
        let mut pictures = 0;
        for outcome in outcomes {
            let how = outcome.result.as_ref().map_err(Error::from)?;
            context.printer.report(&Download::of(saver.folder(), &outcome.entry, *how));
            pictures += 1;
        }
        if pictures < VARIATIONS as usize + 1 {
            return Err(broken(&format!("only {pictures} pictures came")));
        }
        saver.folder().write_sheet()?;
        Ok(pictures)
    }

    fn conclude(&self, context: &Context, summary: Summary) {
        let mut text = Text::new();
        text.end_line().add(Meaning::Success, "✓ ");
        text.plain(format!("{} events verified, 1 forgery refused, {} pictures in ", summary.events, summary.pictures));
        text.add(Meaning::Path, &summary.folder).plain(": open ");
        text.add(Meaning::Path, self.dir.join("index.html").display()).end_line().plain("Try next:");
        context.printer.note(text);
        context.printer.report(&summary);
        context.try_next(&[
            "vsai sandbox                                 # the same API for your own code, in another terminal",
            "vsai -p sandbox secret set --generate        # a webhook secret for it",
            "vsai -p sandbox listen                       # verified events, in a third",
            "vsai -p sandbox render create https://example.com/room.jpg --room living --style modern --webhook-url @listen",
            "vsai login                                   # then the real API: the same commands without -p sandbox",
        ]);
    }
}

fn step(context: &Context, number: u32, what: &str, text: &str) {
    let mut line = Text::new();
    line.add(Meaning::Strong, format!("{number}. {what:<9}")).plain(format!(" {text}"));
    context.printer.note(line);
}

fn broken(what: &str) -> Error {
    Error::new(Kind::Failed, format!("the demo did not come out as it must: {what}"))
}

/// A server of the demo; it ends when this is dropped.
struct Served {
    url: Url,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn bound() -> Result<(TcpListener, std::net::SocketAddr), Error> {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = TcpListener::bind(any).await.map_err(|error| Error::cannot_bind(any, &error))?;
    let address = listener.local_addr().map_err(|error| Error::cannot_bind(any, &error))?;
    Ok((listener, address))
}

fn served(url: &str, work: impl Future<Output = ()> + Send + 'static) -> Served {
    Served { url: Url::parse(url).expect("an address makes a URL"), task: tokio::spawn(work) }
}

async fn start_sandbox() -> Result<Served, Error> {
    let (listener, address) = bound().await?;
    let seed = u64::from_le_bytes(context::random_bytes()?);
    let clock = Arc::new(|| Timestamp::now().as_millisecond());
    let api = Sandbox::new(SandboxOptions::new(seed, seed), &format!("http://{address}"), clock, Arc::new(|_| {}));
    let api = api.map_err(|error| Error::new(Kind::Failed, error.to_string()))?;
    Ok(served(&format!("http://{address}/v2"), sandbox::run(listener, api, std::future::pending())))
}

/// The demo's listener and what it hands on.
struct Running {
    url: Url,
    waiting: Waiting,
    _served: Served,
}

impl Running {
    async fn next(&mut self) -> Result<Received, Error> {
        match tokio::time::timeout(PATIENCE, self.waiting.received()).await {
            Ok(Some(received)) => Ok(received),
            _ => Err(broken("no webhook came")),
        }
    }
}

async fn start_listener(secret: &Secret) -> Result<Running, Error> {
    let (socket, address) = bound().await?;
    let (queue, waiting) = queue();
    let live = LiveSecrets::new(std::slice::from_ref(secret), Box::new(|| None));
    let options = ListenerOptions {
        path: "/".to_owned(),
        unverified: Unverifiable::Reject,
        max_age: None,
        bounds: Bounds::default(),
    };
    let service = Listener::new(options, live, Timestamp::now, Keeper::memory(), queue, None);
    let served =
        served(&format!("http://{address}/"), serve(socket, service, Limits::default(), std::future::pending()));
    Ok(Running { url: served.url.clone(), waiting, _served: served })
}

async fn submit(api: &Api, room: &Picture, webhook_url: &Url) -> Result<Render, Error> {
    let image = format!("data:image/jpeg;base64,{}", data_encoding::BASE64.encode(&room.jpeg()));
    let config = StagingConfig::default().add("living", "modern").remove("on").build()?;
    let request = CreateRender::new(config, image)?.variation_count(VARIATIONS)?.webhook_url(webhook_url.as_str());
    let body = serde_json::to_value(request).map_err(|error| broken(&error.to_string()))?;
    Ok(api.create_render(&body.to_string().into()).await?)
}

/// Sends what a stranger could: a real event, changed, with the signature that it came with.
async fn forge(context: &Context, listener: &mut Running, event: &EventRecord, secret: &Secret) -> Result<(), Error> {
    let signature = SigningKey::new(secret).sign(event.payload().as_bytes());
    let render = event.render_id().unwrap_or_default();
    let forged = event.payload().replacen(render, "rnd_of_somebody_else", 1);
    let target = Target::parse(listener.url.as_str()).map_err(|error| broken(&error.to_string()))?;
    let sender = Sender::new(Duration::from_secs(10)).map_err(|error| broken(&error.to_string()))?;
    let attempt = sender.post(&target, &Message::json(forged).signed(signature)).await;
    let refused = attempt.outcome.is_ok_and(|answer| answer.status == 401);
    match listener.next().await? {
        Received::Unverified(delivery) if refused => {
            context.printer.report(&*delivery);
            Ok(())
        }
        _ => Err(broken("the forged delivery was not refused")),
    }
}
