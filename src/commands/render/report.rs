//! A render as it is shown: one shape, whichever command shows it.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::jobs::{By, Waited};
use crate::output::{Meaning, Report, Text};
use crate::protocol::render::{
    Render, RenderStatus, Tally, Variation, VariationKind, VariationResult, VariationStatus,
};

/// A render with the variations that were read.
pub(super) struct RenderReport<'a> {
    render: &'a Render,
    /// Who told first how a variation ended, where it was waited for.
    by: Option<&'a BTreeMap<String, By>>,
}

#[derive(Serialize)]
struct Members<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<RenderStatus>,
    created_at: Option<i64>,
    queued_at: Option<i64>,
    eta: Option<i64>,
    variations: Vec<VariationMembers<'a>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    other: &'a Map<String, Value>,
}

/// A variation's members, the same in every command.
#[derive(Serialize)]
pub(super) struct VariationMembers<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'a VariationKind>,
    status: &'a VariationStatus,
    created_at: Option<i64>,
    eta: Option<i64>,
    results: Vec<ResultMembers<'a>>,
    base_variation_id: Option<&'a str>,
    error_message: Option<&'a str>,
    config: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<By>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    other: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct ResultMembers<'a> {
    url: Option<&'a str>,
    optimized_url: Option<&'a str>,
    thumbnail_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    other: &'a Map<String, Value>,
}

impl<'a> RenderReport<'a> {
    pub(super) fn of(render: &'a Render) -> Self {
        Self { render, by: None }
    }

    /// With who told of each end.
    pub(super) fn waited(waited: &'a Waited) -> Self {
        Self { render: &waited.render, by: Some(&waited.by) }
    }

    fn variations(&self) -> &'a [Variation] {
        self.render.variations.as_ref().map(|page| page.items.as_slice()).unwrap_or_default()
    }

    /// What the variations come to; nothing can be said where some were not read.
    fn status(&self) -> Option<RenderStatus> {
        let is_whole = self.render.variations.as_ref().is_some_and(|page| page.next_cursor.is_none());
        if is_whole { self.render.status() } else { None }
    }

    fn by(&self, variation: &Variation) -> Option<By> {
        self.by?.get(&variation.id).copied()
    }
}

/// A variation in the shape that all commands show.
pub(super) fn variation_members(variation: &Variation, by: Option<By>) -> VariationMembers<'_> {
    VariationMembers {
        id: &variation.id,
        kind: variation.kind.as_ref(),
        status: &variation.status,
        created_at: variation.created_at,
        eta: variation.eta,
        results: variation.results.iter().map(result_members).collect(),
        base_variation_id: variation.base_variation_id.as_deref(),
        error_message: variation.error_message.as_deref(),
        config: &variation.config,
        by,
        other: &variation.other,
    }
}

/// Adds a line about a variation.
pub(super) fn variation_line(text: &mut Text, variation: &Variation, by: Option<By>) {
    let meaning = match variation.status {
        VariationStatus::Done => Meaning::Success,
        VariationStatus::Error => Meaning::Failure,
        _ => Meaning::Plain,
    };
    let kind = variation.kind.as_ref().map_or("", |kind| kind.as_str());
    text.end_line().plain("  ").add(Meaning::Identifier, &variation.id).plain(format!("  {kind:<10}  "));
    text.add(meaning, variation.status.as_str());
    if let Some(by) = by {
        text.add(Meaning::Dim, format!("  by {}", by.as_str()));
    }
    for url in variation.results.iter().filter_map(|result| result.url.as_ref()) {
        text.plain("  ").add(Meaning::Path, url);
    }
    if let Some(message) = &variation.error_message {
        text.plain("  ").add(Meaning::Failure, message);
    }
}

fn result_members(result: &VariationResult) -> ResultMembers<'_> {
    ResultMembers {
        url: result.url.as_deref(),
        optimized_url: result.optimized_url.as_deref(),
        thumbnail_url: result.thumbnail_url.as_deref(),
        other: &result.other,
    }
}

impl Serialize for RenderReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let render = self.render;
        let variations =
            self.variations().iter().map(|variation| variation_members(variation, self.by(variation))).collect();
        Members {
            id: &render.id,
            status: self.status(),
            created_at: render.created_at,
            queued_at: render.queued_at,
            eta: render.eta,
            variations,
            other: &render.other,
        }
        .serialize(serializer)
    }
}

impl Report for RenderReport<'_> {
    const KIND: &'static str = "render";
    const VERSION: u32 = 2;

    fn human(&self) -> Text {
        let render = self.render;
        let mut text = Text::new();
        text.add(Meaning::Identifier, &render.id);
        if let Some(created) = render.created_at.and_then(|created| jiff::Timestamp::from_millisecond(created).ok()) {
            text.plain("  ").add(Meaning::Dim, created.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
        }
        let tally = Tally::of(self.variations());
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
        for variation in self.variations() {
            variation_line(&mut text, variation, self.by(variation));
        }
        text
    }
}
