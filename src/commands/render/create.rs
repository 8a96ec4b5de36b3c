//! `vsai render create`: submits a photo.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use url::Url;

use super::report::RenderReport;
use crate::address::is_loopback;
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::json_path::Assignment;
use crate::protocol::render::{
    self, CreateRender, InvalidRequest, ROOM_TYPES, STYLES, StagingConfig, Standing, ValueSet,
};

/// Submit one photo; this costs one photo, whatever the number of variations
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The photo: an http(s) URL, or a data:image/…;base64, URL
    #[arg(value_name = "IMAGE_URL")]
    image_url: String,
    /// Room type: living, bed, kitchen, dining, home_office, outdoor, kids_room
    #[arg(long, value_name = "ROOM", required_unless_present = "config", conflicts_with = "config")]
    room: Option<String>,
    /// Furniture style: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal
    #[arg(long, value_name = "STYLE", required_unless_present = "config", conflicts_with = "config")]
    style: Option<String>,
    /// Variations, 1 to 20
    #[arg(short = 'n', long = "variations", value_name = "N", default_value_t = 1)]
    variations: u32,
    /// File with the request's `config` as JSON, instead of --room and --style
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Change a member of the request, such as config.output_resolution=1536; JSON, or else a string
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// Send rooms and styles that are not known here
    #[arg(long)]
    allow_unknown: bool,
    /// Where webhooks go; @listen is the running `vsai listen` of this profile
    #[arg(long, value_name = "URL|@listen")]
    webhook_url: Option<String>,
}

impl Create {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let webhook_url = self.webhook_url(context)?;
        let request = self.request(webhook_url, context)?;
        let api = context.api()?;
        match context.block_on(async { Ok(api.create_render(&request).await) })? {
            Ok(render) => {
                context.printer.report(&RenderReport::of(&render));
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

    fn request(&self, webhook_url: Option<String>, context: &Context) -> Result<Value, Error> {
        self.check_image()?;
        let mut body = match &self.config {
            Some(file) => {
                let mut body = serde_json::json!({ "config": config_of_file(file)?, "image_url": self.image_url });
                body["variation_count"] = self.checked_count()?.into();
                if let Some(url) = webhook_url {
                    body["webhook_url"] = url.into();
                }
                body
            }
            None => {
                let (room, style) =
                    (self.room.as_deref().unwrap_or_default(), self.style.as_deref().unwrap_or_default());
                self.check(&ROOM_TYPES, room, context)?;
                self.check(&STYLES, style, context)?;
                let config = StagingConfig::default().add(room, style).build()?;
                let request = CreateRender::new(config, self.image_url.as_str())?.variation_count(self.variations)?;
                let request = webhook_url.into_iter().fold(request, CreateRender::webhook_url);
                serde_json::to_value(request).map_err(|error| Error::usage(error.to_string()))?
            }
        };
        self.set.iter().for_each(|assignment| assignment.apply(&mut body));
        Ok(body)
    }

    fn check_image(&self) -> Result<(), Error> {
        let start: String = self.image_url.chars().take(80).collect();
        render::check_image_url(&self.image_url).map_err(|error| Error::usage(format!("cannot send {start}: {error}")))
    }

    fn checked_count(&self) -> Result<u32, Error> {
        if (1..=render::MAX_VARIATIONS).contains(&self.variations) {
            Ok(self.variations)
        } else {
            Err(InvalidRequest::VariationCount(self.variations).into())
        }
    }

    fn check(&self, known: &'static ValueSet, value: &str, context: &Context) -> Result<(), Error> {
        match known.check(value) {
            Ok(found) => {
                let (code, standing) = match found.standing {
                    Standing::Current => return Ok(()),
                    Standing::Deprecated => ("deprecated", "is deprecated: the API may map it to another"),
                    Standing::V1Only => ("v1_only", "is documented for v1 of the API only: v2 may refuse it"),
                };
                context.printer.warning(code, &format!("{} {value} {standing}", known.noun));
                Ok(())
            }
            Err(_) if self.allow_unknown => Ok(()),
            Err(error) => Err(Error::usage(error.to_string()).hint("--allow-unknown sends it as it is")),
        }
    }

    fn webhook_url(&self, context: &Context) -> Result<Option<String>, Error> {
        let Some(given) = &self.webhook_url else { return Ok(None) };
        let url = if given == "@listen" { context.running_listener()?.url } else { given.clone() };
        let refused = |reason: &str| Error::usage(format!("--webhook-url {given}: {reason}"));
        let parsed =
            Url::parse(&url).map_err(|_| refused("it is no absolute URL, such as https://example.com/hooks"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(refused("webhooks go to http or https"));
        }
        if parsed.password().is_some() {
            return Err(Error::usage(
                "--webhook-url: a URL with a password would be stored by the API and shown in logs",
            ));
        }
        if is_loopback(&parsed) && !is_loopback(&context.settings()?.api_url.value) {
            return Err(refused("the API cannot reach this machine's own address")
                .hint("give the public URL of a tunnel that leads to it"));
        }
        Ok(Some(url))
    }
}

fn config_of_file(file: &std::path::Path) -> Result<Value, Error> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::unreadable(file, &error))?;
    let refused =
        |reason: &str| Error::new(Kind::Input, format!("cannot take the config from {}: {reason}", file.display()));
    match serde_json::from_str(&text) {
        Ok(config @ Value::Object(_)) => Ok(config),
        Ok(_) => Err(refused("it is no JSON object")),
        Err(error) => Err(refused(&format!("it is not JSON: {error}"))),
    }
}
