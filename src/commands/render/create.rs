//! `vsai render create`: submits a photo, or two views of one room.

use bytes::Bytes;
use clap::Args;
use sha2::{Digest, Sha256};

use super::paying::{PayArgs, Purse, tell};
use super::report::RenderReport;
use super::settings::{Settings, start_of};
use super::wanted::Wanted;
use crate::context::{Context, PlannedRequest, WebhookArgs};
use crate::error::{Error, Exit};
use crate::jobs::{Paid, whole_render};
use crate::protocol::render::check_image_url;

/// Submit one photo; this costs one photo, whatever the number of styles and variations
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The photo: an http(s) URL, or a data:image/…;base64, URL
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<String>,
    #[command(flatten)]
    settings: Settings,
    /// The two images are views of one room, to be furnished alike: living rooms and bedrooms only, without removal
    #[arg(long)]
    multi_view: bool,
    #[command(flatten)]
    webhook: WebhookArgs,
    #[command(flatten)]
    pay: PayArgs,
    /// Show the request and what it costs; send nothing
    #[arg(long)]
    dry_run: bool,
}

impl Create {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let wanted = self.settings.build()?;
        let images = self.images()?;
        if self.multi_view {
            wanted.check_multi_view()?;
        }
        let webhook_url = self.webhook.url(context)?;
        wanted.warn(&context.printer);
        if self.dry_run {
            let request = wanted.request(&images, webhook_url.as_deref());
            let api = &context.settings()?.api_url.value;
            return Ok(PlannedRequest::new(api, "/renders", 1, wanted.count(), request).show(context));
        }
        context.block_on(self.submit(&wanted, &images, webhook_url.as_deref(), context))
    }

    /// The images as they are sent.
    fn images(&self) -> Result<Vec<String>, Error> {
        match (self.multi_view, self.images.len()) {
            (false, 1) | (true, 2) => self.images.iter().map(|image| image_url(image)).collect(),
            (false, _) => Err(Error::usage("one photo at a time")
                .hint("two views of one room go together with --multi-view; otherwise create a render for each")),
            (true, number) => Err(Error::usage(format!("--multi-view takes two images, not {number}"))),
        }
    }
}

/// The image as it is sent.
fn image_url(image: &str) -> Result<String, Error> {
    check_image_url(image).map_err(|error| Error::usage(format!("cannot send {}: {error}", start_of(image))))?;
    Ok(image.to_owned())
}

impl Create {
    /// Pays for the render unless it is paid for already, and shows it.
    async fn submit(
        &self,
        wanted: &Wanted,
        images: &[String],
        webhook_url: Option<&str>,
        context: &Context,
    ) -> Result<Exit, Error> {
        let purse = Purse::open(&self.pay, context).await?;
        let photo = Sha256::digest(images.join("\n")).into();
        let job = purse.job(purse.purchase(wanted, photo, &start_of(&images[0])), &self.pay, context).await?;
        let body = Bytes::from(wanted.request(images, webhook_url).to_string());
        let printer = &*context.printer;
        let paid = purse.payer.pay(&job, &body, &|step| tell(&step, printer)).await;
        let render = match paid.map_err(|error| Error::unpaid(error, &context.vsai()))? {
            Paid::Now(render) => *render,
            Paid::Before(id) => {
                context
                    .printer
                    .note(format!("paid for before, as {}: nothing was sent (--again buys it once more)", job.id));
                whole_render(&purse.api, &id).await?
            }
            Paid::Found(id) => {
                context.printer.note(format!("the render of {} was found; nothing was sent again", job.id));
                whole_render(&purse.api, &id).await?
            }
        };
        context.printer.report(&RenderReport(&render));
        context.printer.note(format!("{} render get {}", context.vsai(), render.id));
        Ok(Exit::Done)
    }
}
