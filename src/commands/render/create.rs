//! `vsai render create`: submits a photo, or two views of one room.

use clap::Args;
use serde_json::Value;

use super::planned::PlannedRequest;
use super::report::RenderReport;
use super::settings::{Settings, start_of};
use super::webhook::WebhookArgs;
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
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
        let request = wanted.request(&images, webhook_url.as_deref());
        if self.dry_run {
            let api = &context.settings()?.api_url.value;
            return Ok(PlannedRequest::new(api, "/renders", 1, wanted.count(), request).show(context));
        }
        submit(&request, context)
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

/// Sends the request, once, and shows the render.
fn submit(request: &Value, context: &Context) -> Result<Exit, Error> {
    let api = context.api()?;
    match context.block_on(async { Ok(api.create_render(&request.to_string().into()).await) })? {
        Ok(render) => {
            context.printer.report(&RenderReport(&render));
            context.printer.note(format!("{} render get {}", context.vsai(), render.id));
            Ok(Exit::Done)
        }
        Err(error) if error.outcome_unclear() => Err(Error::new(
            Kind::PaymentUnclear,
            format!("{error}; it is unclear whether the render was made and paid for"),
        )
        .hint(format!("look before you send it again: {} render list --limit 3", context.vsai()))),
        Err(error) => Err(error.into()),
    }
}
