//! `vsai render`: submits renders and reads them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::address::is_loopback;
use crate::client::{Api, Order, PageQuery};
use crate::context::Context;
use crate::error::{Error, Exit, Kind};
use crate::json_path::Assignment;
use crate::output::{Meaning, Report, Text};
use crate::protocol::render::{
    self, CreateRender, InvalidRequest, ROOM_TYPES, STYLES, StagingConfig, Standing, Tally, ValueSet, VariationStatus,
};

/// Submit renders and read them
#[derive(Debug, Args)]
pub(crate) struct Render {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Create(Create),
    Get(Get),
    List(List),
}

/// Submit one photo; this costs one photo, whatever the number of variations
#[derive(Debug, Args)]
struct Create {
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

/// Show a render and its variations
#[derive(Debug, Args)]
struct Get {
    /// The render
    id: String,
}

/// Renders on a page, as the API has it.
const DEFAULT_LIMIT: u32 = 20;

/// List renders, newest first
#[derive(Debug, Args)]
struct List {
    /// Renders on a page, 1 to 100
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: u32,
    /// Start after this render
    #[arg(long, value_name = "ID")]
    cursor: Option<String>,
    /// Newest or oldest first
    #[arg(long, value_enum, default_value = "desc")]
    order: Order,
}

#[derive(Serialize)]
#[serde(transparent)]
struct RenderReport<'a>(&'a render::Render);

impl Report for RenderReport<'_> {
    const KIND: &'static str = "render";

    fn human(&self) -> Text {
        let render = self.0;
        let mut text = Text::new();
        text.add(Meaning::Identifier, &render.id);
        if let Some(created) = render.created_at.and_then(|created| jiff::Timestamp::from_millisecond(created).ok()) {
            text.plain("  ").add(Meaning::Dim, created.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
        }
        let Some(page) = &render.variations else { return text };
        let tally = Tally::of(&page.items);
        for (number, word, meaning) in [
            (tally.pending, "pending", Meaning::Warning),
            (tally.done, "done", Meaning::Success),
            (tally.error, "failed", Meaning::Failure),
            (tally.deleted, "deleted", Meaning::Dim),
        ] {
            if number > 0 {
                text.plain("  ").add(meaning, format!("{number} {word}"));
            }
        }
        for variation in &page.items {
            variation_line(&mut text, variation);
        }
        text
    }
}

fn variation_line(text: &mut Text, variation: &render::Variation) {
    let meaning = match variation.status {
        VariationStatus::Done => Meaning::Success,
        VariationStatus::Error => Meaning::Failure,
        _ => Meaning::Plain,
    };
    let kind = variation.kind.as_ref().map_or("", |kind| kind.as_str());
    text.end_line().plain("  ").add(Meaning::Identifier, &variation.id).plain(format!("  {kind:<10}  "));
    text.add(meaning, variation.status.as_str());
    for url in variation.results.iter().filter_map(|result| result.url.as_ref()) {
        text.plain("  ").add(Meaning::Path, url);
    }
    if let Some(message) = &variation.error_message {
        text.plain("  ").add(Meaning::Failure, message);
    }
}

/// Where a list goes on.
#[derive(Serialize)]
struct NextPage {
    next_cursor: Option<String>,
}

impl Report for NextPage {
    const KIND: &'static str = "page";
}

impl Render {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::Create(create) => create.run(context),
            Action::Get(get) => get.run(context),
            Action::List(list) => list.run(context),
        }
    }
}

impl Create {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        let webhook_url = self.webhook_url(context)?;
        let request = self.request(webhook_url, context)?;
        let api = context.api()?;
        match context.block_on(async { Ok(api.create_render(&request).await) })? {
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

impl Get {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let render = context.block_on(whole_render(&api, &self.id))?;
        context.printer.report(&RenderReport(&render));
        Ok(Exit::Done)
    }
}

/// Pages of variations that are read; a render has 20 at most, so more means a server that never ends.
const MAX_PAGES: usize = 10;

/// The render with all of its variations.
async fn whole_render(api: &Api, id: &str) -> Result<render::Render, Error> {
    let mut query = PageQuery { limit: Some(20), ..PageQuery::default() };
    let mut whole = api.get_render(id, Some(&query)).await?;
    for _ in 1..MAX_PAGES {
        let Some(cursor) = whole.variations.as_mut().and_then(|page| page.next_cursor.take()) else { break };
        query.cursor = Some(cursor);
        let next = api.get_render(id, Some(&query)).await?.variations;
        let (Some(whole), Some(next)) = (whole.variations.as_mut(), next) else { break };
        whole.items.extend(next.items);
        whole.next_cursor = next.next_cursor;
    }
    Ok(whole)
}

impl List {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        let api = context.api()?;
        let more = self.next_page(context);
        let query = PageQuery { limit: Some(self.limit), cursor: self.cursor, order: Some(self.order) };
        let page = context.block_on(async { Ok(api.list_renders(&query).await?) })?;
        for render in &page.items {
            context.printer.report(&RenderReport(render));
        }
        if page.items.is_empty() {
            context.printer.note("no renders");
        }
        if let Some(cursor) = &page.next_cursor {
            context.printer.note(format!("more: {more} --cursor {cursor}"));
        }
        context.printer.report(&NextPage { next_cursor: page.next_cursor });
        Ok(Exit::Done)
    }

    /// The command for another page of the same list, without its cursor.
    fn next_page(&self, context: &Context) -> String {
        let order = if self.order == Order::OldestFirst { " --order asc" } else { "" };
        let limit = if self.limit == DEFAULT_LIMIT { String::new() } else { format!(" --limit {}", self.limit) };
        format!("{} render list{limit}{order}", context.vsai())
    }
}
