//! One photo all the way: paid for once, waited for, saved. What `create` and every row of `batch` do.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use data_encoding::BASE64;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use url::Url;

use super::paying::{PayArgs, Purse, tell};
use super::waiting::Watched;
use super::wanted::Wanted;
use crate::client::{Api, Upload};
use crate::context::{Context, ListenArgs, SaveArgs, Session, WebhookArgs};
use crate::correlation;
use crate::error::Error;
use crate::jobs::{self, About, Attention, End, Image, Named, Outcome, Paid, Plan, Saver, SourceError, Waited, Waiter};
use crate::ledger::{Job, Purchase, State};
use crate::output::Printer;
use crate::protocol::Event;
use crate::protocol::render::Render;
use crate::quantity;

/// Bytes of a request beside its images, mostly; what needs more takes more.
const ROOM_FOR_SETTINGS: usize = 4096;

/// The flags of every command that takes photos all the way.
#[derive(Debug, Args)]
pub(super) struct WorkArgs {
    /// Send files as they are, not upright and scaled to 3072 pixels
    #[arg(long)]
    pub(super) as_is: bool,
    #[command(flatten)]
    pub(super) webhook: WebhookArgs,
    #[command(flatten)]
    pub(super) pay: PayArgs,
    /// Stop after this time, in a batch the waiting for each row; exits 124, and nothing is cancelled
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = quantity::time_limit)]
    pub(super) timeout: Duration,
    #[command(flatten)]
    pub(super) saving: SaveArgs,
    #[command(flatten)]
    pub(super) listening: ListenArgs,
}

impl WorkArgs {
    /// Where webhooks go if they go elsewhere; refuses flags about them that do not fit together.
    pub(super) fn webhook_url(&self, context: &Context) -> Result<Option<String>, Error> {
        self.listening.check(context)?;
        let webhook_url = self.webhook.url(context)?;
        if webhook_url.is_some() && self.listening.listen {
            return Err(Error::usage("webhooks go to one place: --listen and --webhook-url exclude each other"));
        }
        Ok(webhook_url)
    }
}

/// A photo, or two views of one room, and what is wanted of it.
pub(super) struct Order<'a> {
    pub(super) images: &'a [Image],
    pub(super) wanted: &'a Wanted,
    /// The photo in words.
    pub(super) label: &'a str,
    /// Row of the manifest.
    pub(super) row: Option<u64>,
}

/// A render that is paid for.
pub(super) struct Bought {
    pub(super) render_id: String,
    pub(super) paid: Paid,
    /// From before it was sent.
    webhooks: Option<broadcast::Receiver<Arc<Event>>>,
}

/// Takes photos of one account all the way.
pub(super) struct Work<'a> {
    pub(super) purse: Purse,
    args: &'a WorkArgs,
    context: &'a Context,
    printer: Arc<Printer>,
    waiter: Waiter<Arc<Api>>,
    saver: Option<Arc<Saver>>,
    hooks: Option<Hooks>,
    /// Photos that were kept beside their pictures to come, by their jobs.
    befores: Mutex<BTreeMap<String, String>>,
    webhook_url: Option<String>,
}

/// Verified webhooks, from our own listener or from the one that runs.
struct Hooks {
    session: Session,
    named: Named,
}

impl Order<'_> {
    /// What is bought, and for which photo.
    pub(super) fn purchase(&self, purse: &Purse) -> Purchase {
        let photo = match self.images {
            [one] => one.identity,
            views => {
                views.iter().fold(Sha256::new(), |digest, view| digest.chain_update(view.identity)).finalize().into()
            }
        };
        purse.purchase(self.wanted, photo, self.label)
    }

    /// The images as they are sent.
    pub(super) async fn urls(&self) -> Result<Vec<String>, SourceError> {
        let mut urls = Vec::new();
        for image in self.images {
            urls.push(image.url().await?);
        }
        Ok(urls)
    }
}

impl<'a> Work<'a> {
    /// Starts to listen where webhooks are to come here. Must be called inside the runtime. `saver` is where pictures go, if
    /// they go anywhere.
    pub(super) async fn begin(
        args: &'a WorkArgs,
        waits: bool,
        saver: Option<Arc<Saver>>,
        purse: Purse,
        context: &'a Context,
    ) -> Result<Self, Error> {
        let webhook_url = args.webhook_url(context)?;
        let session = if args.listening.listen {
            Some(Session::start(&args.listening, context).await?)
        } else if args.webhook.is_running_listener() && waits {
            Some(Session::join(&args.listening, context).await?)
        } else {
            None
        };
        Ok(Self {
            waiter: Waiter::new(purse.api.clone(), Timestamp::now),
            printer: context.printer.clone(),
            hooks: session.map(Hooks::of),
            befores: Mutex::default(),
            webhook_url,
            saver,
            purse,
            args,
            context,
        })
    }

    /// The same for so many photos at a time: none waits for another one's answer.
    pub(super) fn at_once(self, photos: usize) -> Self {
        Self { waiter: self.waiter.reading(photos), ..self }
    }

    /// Pays for the order unless that was done before.
    pub(super) async fn pay(
        &self,
        order: &Order<'_>,
        job: &Job,
        stop: &watch::Receiver<bool>,
    ) -> Result<Bought, Error> {
        let webhooks = self.hooks.as_ref().map(|hooks| hooks.session.webhooks());
        let body = match &job.render_id {
            Some(_) => Bytes::new(),
            None => {
                let _line = self.printer.progress().waiting(&format!("preparing {}", order.label));
                self.body(order, job).await?
            }
        };
        let line = self.printer.progress().bytes(&format!("sending {}", order.label), Some(body.len() as u64));
        let body = Upload::told(body, Arc::new(move |bytes| line.advance(bytes)));
        let printer = &*self.printer;
        let on_step = |step: jobs::PayStep<'_>| tell(&step, printer);
        let named = self.hooks.as_ref().map(|hooks| hooks.named.clone());
        let mut attention = Attention { on_step: &on_step, stop: stop.clone(), named };
        let paid = self.purse.payer.pay(job, &body, &mut attention).await;
        drop(body);
        let paid = paid.map_err(|error| Error::unpaid(error, &self.context.vsai()))?;
        let render_id = match &paid {
            Paid::Now(render) => render.id.clone(),
            Paid::Before(id) | Paid::Found(id) => id.clone(),
        };
        Ok(Bought { render_id, paid, webhooks })
    }

    async fn body(&self, order: &Order<'_>, job: &Job) -> Result<Bytes, Error> {
        let urls = order.urls().await?;
        if let (Some(saver), Some(url)) = (&self.saver, urls.first())
            && let Some(before) = keep_before(saver, url, order.label)
        {
            self.befores().insert(job.id.clone(), before);
        }
        let own = match &self.hooks {
            Some(hooks) => Some(hooks.session.url()),
            None if self.args.webhook.is_running_listener() => {
                self.webhook_url.as_deref().and_then(|url| Url::parse(url).ok())
            }
            None => None,
        };
        // What goes elsewhere is the user's own, to the letter.
        let webhook_url = match own {
            Some(own) => Some(correlation::with_job(&own, &job.id).into()),
            None => self.webhook_url.clone(),
        };
        let length = urls.iter().map(String::len).sum::<usize>() + ROOM_FOR_SETTINGS;
        let request = order.wanted.request(urls, webhook_url.as_deref());
        let mut body = Vec::with_capacity(length);
        serde_json::to_writer(&mut body, &request).expect("memory can be written");
        Ok(body.into())
    }

    /// When --timeout will have passed from now.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.args.timeout
    }

    /// Waits until all variations have ended, the deadline, or `stop`.
    pub(super) async fn wait(
        &self,
        bought: Bought,
        job: &Job,
        deadline: Instant,
        stop: &watch::Receiver<bool>,
    ) -> Result<Waited, Error> {
        let wanted = jobs::Wanted {
            render_id: bought.render_id,
            // What has ended once may have been deleted since.
            expected: usize::try_from(job.count).ok().filter(|_| !matches!(job.state, State::Done | State::Saved)),
            webhooks: bought.webhooks,
            made: match bought.paid {
                Paid::Now(render) => Some(*render),
                Paid::Before(_) | Paid::Found(_) => None,
            },
            deadline,
        };
        let mut stopping = stop.clone();
        let stop = async {
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        let mut watched = Watched::new(&wanted.render_id, &self.printer);
        let waited = self.waiter.wait(wanted, stop, |step| watched.show(step)).await;
        if matches!(waited.end, End::Settled) {
            self.purse.ledger.reached(&job.id, State::Done).await?;
        }
        Ok(waited)
    }

    /// Saves the pictures that are finished, with the photo beside them to compare with.
    pub(super) async fn save(&self, render: &Render, order: &Order<'_>, job: &Job) -> Result<Vec<Outcome>, Error> {
        let Some(saver) = &self.saver else { return Ok(Vec::new()) };
        let _line = self.printer.progress().waiting(&format!("{}  saving its pictures", render.id));
        let about = About {
            source: Some(order.label.to_owned()),
            before: self.before(saver, render, order, job).await,
            room: order.wanted.room().map(str::to_owned),
            style: None,
            row: order.row,
        };
        let saving = &self.args.saving;
        let plan = Plan::of(render, &about, saving.variant, &saving.name);
        Plan::check_names([&plan])?;
        let outcomes = saver.save(plan).await?;
        if !outcomes.is_empty() && outcomes.iter().all(|outcome| outcome.result.is_ok()) {
            self.purse.ledger.reached(&job.id, State::Saved).await?;
        }
        Ok(outcomes)
    }

    /// The photo as it was sent, as a file in the folder. A page without it is still a page.
    async fn before(&self, saver: &Saver, render: &Render, order: &Order<'_>, job: &Job) -> Option<String> {
        // Preparing a photo once more costs more than all else.
        let known = self.befores().remove(&job.id).or_else(|| saver.folder().photo_of(&render.id));
        match known {
            Some(known) => Some(known),
            None => keep_before(saver, &order.images.first()?.url().await.ok()?, order.label),
        }
    }

    fn befores(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.befores.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends a listener of our own.
    pub(super) async fn end(self) {
        if let Some(hooks) = self.hooks {
            hooks.session.stop().await;
        }
    }
}

/// Keeps a photo beside its pictures, and tells its file's name. A link is not fetched for that.
pub(super) fn keep_before(saver: &Saver, url: &str, label: &str) -> Option<String> {
    let jpeg = BASE64.decode(url.strip_prefix("data:image/jpeg;base64,")?.as_bytes()).ok()?;
    let name = Path::new(label).file_name()?.to_string_lossy().into_owned();
    saver.folder().save_before(&name, &jpeg).ok()
}

impl Hooks {
    /// Notes which render an event names for which job. Must be called inside the runtime.
    fn of(session: Session) -> Self {
        let (name, named) = watch::channel(BTreeMap::new());
        let mut arriving = session.events(|record| correlation::job_of(record.target()).is_some());
        tokio::spawn(async move {
            while let Some(record) = arriving.recv().await {
                if let (Some(job), Some(render)) = (correlation::job_of(record.target()), record.render_id()) {
                    name.send_if_modified(|named| named.insert(job, render.to_owned()).is_none());
                }
            }
        });
        Self { session, named }
    }
}
