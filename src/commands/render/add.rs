//! `vsai render add`: more variations of a render that is paid for.

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::report::{VariationMembers, variation_line, variation_members};
use super::settings::Settings;
use crate::context::{Context, PlannedRequest, WebhookArgs};
use crate::error::{Error, Exit, Kind};
use crate::output::{Meaning, Report, Text};
use crate::protocol::render::Variation;

/// Add variations to a render, up to 20; this costs nothing
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The render
    id: String,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    webhook: WebhookArgs,
    /// Show the request; send nothing
    #[arg(long)]
    dry_run: bool,
}

/// Variations that were added.
#[derive(Serialize)]
struct Added<'a> {
    render_id: &'a str,
    variations: Vec<VariationMembers<'a>>,
    #[serde(skip)]
    added: &'a [Variation],
}

impl Report for Added<'_> {
    const KIND: &'static str = "added";

    fn human(&self) -> Text {
        let mut text = Text::new();
        text.add(Meaning::Identifier, self.render_id).plain(format!("  {} added", self.added.len()));
        self.added.iter().for_each(|variation| variation_line(&mut text, variation, None));
        text
    }
}

impl Add {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let wanted = self.settings.build()?;
        let webhook_url = self.webhook.url(context)?;
        wanted.warn(&context.printer);
        let request = wanted.request(Vec::new(), webhook_url.as_deref());
        if self.dry_run {
            let (api, path) = (&context.settings()?.api_url.value, format!("/renders/{}/variations", self.id));
            return Ok(PlannedRequest::new(api, &path, 0, wanted.count(), request).show(context));
        }
        submit(&self.id, &request, context)
    }
}

/// Sends the request, once, and shows the new variations.
fn submit(id: &str, request: &Value, context: &Context) -> Result<Exit, Error> {
    let api = context.api()?;
    match context.block_on(async { Ok(api.create_variations(id, request).await) })? {
        Ok(added) => {
            let variations = added.items.iter().map(|variation| variation_members(variation, None)).collect();
            context.printer.report(&Added { render_id: id, variations, added: &added.items });
            context.printer.note(format!("{} render get {id}", context.vsai()));
            Ok(Exit::Done)
        }
        Err(error) if error.outcome_unclear() => {
            Err(Error::new(Kind::PaymentUnclear, format!("{error}; it is unclear whether variations were added"))
                .hint(format!("look before you send it again: {} render get {id}", context.vsai())))
        }
        Err(error) => Err(error.into()),
    }
}
