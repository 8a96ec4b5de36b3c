//! A render as it is shown.

use serde::Serialize;

use crate::output::{Meaning, Report, Text};
use crate::protocol::render::{self, Tally, VariationStatus};

/// A render with the variations that were asked for.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct RenderReport<'a>(pub(super) &'a render::Render);

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

/// Adds a line about a variation.
pub(super) fn variation_line(text: &mut Text, variation: &render::Variation) {
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
