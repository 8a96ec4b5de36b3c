//! Which pictures of a render there are to save, and under which names, before anything is written.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::folder::Entry;
use super::names::Template;
use crate::protocol::render::{Render, Variation, VariationResult, VariationStatus};

/// Which of a result's pictures is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Variant {
    /// As it was made
    #[default]
    Full,
    /// WebP for the web, where the API gives one
    Optimized,
    /// A small JPEG, where the API gives one
    Thumbnail,
}

impl Variant {
    /// The link of this variant, if the API gave one.
    pub(super) fn link(self, result: &VariationResult) -> Option<&String> {
        match self {
            Self::Full => result.url.as_ref(),
            Self::Optimized => result.optimized_url.as_ref(),
            Self::Thumbnail => result.thumbnail_url.as_ref(),
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "full",
            Self::Optimized => "optimized",
            Self::Thumbnail => "thumbnail",
        })
    }
}

/// What the caller knows of the photo that a render was made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// What to call it: a file's name.
    pub(crate) source: Option<String>,
    /// The photo itself, as a file in the folder of the pictures.
    pub(crate) before: Option<String>,
    /// Where the variation's own config does not tell.
    pub(crate) room: Option<String>,
    /// Where the variation's own config does not tell.
    pub(crate) style: Option<String>,
    /// Row of the manifest.
    pub(crate) row: Option<u64>,
}

/// A picture to save.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// What is known of it; its file is the name without extension.
    pub(crate) entry: Entry,
    /// Absent where the variation is done and the API has not told its link yet.
    pub(super) link: Option<String>,
    /// What was asked for, where the API gives no link to that.
    pub(crate) instead_of: Option<Variant>,
}

/// The pictures of one render.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) render: String,
    pub(crate) wanted: Vec<Wanted>,
}

/// Two pictures that would get one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("variations {first} and {second} would both be saved as {name}")]
pub(crate) struct SameName {
    name: String,
    first: String,
    second: String,
}

impl Plan {
    /// All pictures that are finished.
    pub(crate) fn of(render: &Render, about: &About, variant: Variant, template: &Template) -> Self {
        let variations = render.variations.iter().flat_map(|page| &page.items).enumerate();
        let done = variations.filter(|(_, variation)| variation.status == VariationStatus::Done);
        let wanted = done.flat_map(|(at, variation)| {
            let none = [VariationResult::default()];
            let results = if variation.results.is_empty() { &none[..] } else { &variation.results };
            let wanted = results.iter().enumerate().map(|(view, result)| {
                let (link, given) = chosen(result, variant);
                let mut entry = entry(&render.id, variation, about);
                entry.view = view + 1;
                entry.variant = given;
                entry.file = template.name(&entry, at + 1, results.len() > 1);
                Wanted { entry, link, instead_of: (given != variant).then_some(variant) }
            });
            wanted.collect::<Vec<_>>()
        });
        Self { render: render.id.clone(), wanted: wanted.collect() }
    }

    /// Sees that no two pictures get one name, also where a file system takes `A` for `a`.
    pub(crate) fn check_names<'a>(plans: impl IntoIterator<Item = &'a Self>) -> Result<(), SameName> {
        let mut names: HashMap<String, &Entry> = HashMap::new();
        for Wanted { entry, .. } in plans.into_iter().flat_map(|plan| &plan.wanted) {
            if let Some(first) = names.insert(entry.file.to_ascii_lowercase(), entry) {
                let [first, second] = [first, entry].map(|entry| entry.variation.clone());
                return Err(SameName { name: entry.file.clone(), first, second });
            }
        }
        Ok(())
    }
}

/// The link to the variant, or else to the nearest that there is.
fn chosen(result: &VariationResult, variant: Variant) -> (Option<String>, Variant) {
    let choices = [variant, Variant::Full, Variant::Optimized, Variant::Thumbnail];
    let found = choices.into_iter().find_map(|choice| Some((choice.link(result)?.clone(), choice)));
    found.map_or((None, variant), |(link, choice)| (Some(link), choice))
}

fn entry(render: &str, variation: &Variation, about: &About) -> Entry {
    let furniture = |member: &str| variation.config["add_furniture"][member].as_str().map(str::to_owned);
    let kind = variation.kind.as_ref().map(|kind| kind.as_str().to_owned());
    let is_staged = kind.as_deref().is_none_or(|kind| kind == "staging");
    let told = |own: Option<String>, told: &Option<String>| own.or_else(|| told.clone().filter(|_| is_staged));
    let member = |name: &str| variation.other.get(name).and_then(Value::as_str).map(str::to_owned);
    Entry {
        render: render.to_owned(),
        variation: variation.id.clone(),
        base: variation.base_variation_id.clone(),
        room: told(furniture("room_type").or_else(|| member("room_type")), &about.room),
        style: told(furniture("style").or_else(|| member("style")), &about.style),
        kind,
        source: about.source.clone(),
        before: about.before.clone(),
        row: about.row,
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render(variations: Value) -> Render {
        serde_json::from_value(json!({"id": "rnd_1", "variations": variations})).expect("a render")
    }

    fn plan(variations: Value, variant: Variant) -> Plan {
        Plan::of(&render(variations), &About::default(), variant, &Template::default())
    }

    #[test]
    fn wants_every_view_of_what_is_done() {
        let several = json!([
            {"id": "v1", "type": "staging", "status": "done", "result": [{"url": "1a"}, {"url": "1b"}]},
            {"id": "v2", "type": "staging", "status": "rendering", "result": {"url": "2"}},
            {"id": "v3", "type": "removal", "status": "done", "result": {"url": "3"}},
            {"id": "v4", "status": "deleted", "result": {"url": "4"}},
            {"id": "v5", "status": "done"},
        ]);
        let wanted = plan(several, Variant::Full).wanted;
        let shown: Vec<_> = wanted.iter().map(|w| (w.entry.file.as_str(), w.entry.view, w.link.as_deref())).collect();
        let expected = [
            ("staging-v1-1", 1, Some("1a")),
            ("staging-v1-2", 2, Some("1b")),
            ("removal-v3", 1, Some("3")),
            ("v5", 1, None),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn falls_back_to_a_variant_that_there_is() {
        for (result, asked, link, given) in [
            (json!({"url": "f", "optimized_url": "o", "thumbnail_url": "t"}), Variant::Full, "f", Variant::Full),
            (json!({"url": "f", "optimized_url": "o"}), Variant::Optimized, "o", Variant::Optimized),
            (json!({"url": "f", "optimized_url": null}), Variant::Optimized, "f", Variant::Full),
            (json!({"url": "f", "optimized_url": "o"}), Variant::Thumbnail, "f", Variant::Full),
            (json!({"optimized_url": "o"}), Variant::Full, "o", Variant::Optimized),
        ] {
            let plan = plan(json!([{"id": "v", "status": "done", "result": result}]), asked);
            let wanted = &plan.wanted[0];
            assert_eq!((wanted.link.as_deref(), wanted.entry.variant), (Some(link), given), "{result}");
            assert_eq!(wanted.instead_of, (given != asked).then_some(asked), "{result}");
        }
    }

    #[test]
    fn the_variations_own_config_tells_better_than_the_caller() {
        let about = About { room: Some("bed".into()), style: Some("coastal".into()), row: Some(3), ..About::default() };
        let render = render(json!([
            {"id": "v1", "type": "staging", "status": "done", "base_variation_id": "v2",
             "config": {"add_furniture": {"room_type": "living", "style": "modern"}}},
            {"id": "v2", "type": "removal", "status": "done"},
            {"id": "v3", "status": "done", "room_type": "kitchen"},
        ]));
        let plan = Plan::of(&render, &about, Variant::Full, &Template::default());
        let known = plan.wanted.iter().map(|wanted| {
            let Entry { room, style, base, row, .. } = &wanted.entry;
            (room.as_deref(), style.as_deref(), base.as_deref(), *row)
        });
        let expected = [
            (Some("living"), Some("modern"), Some("v2"), Some(3)),
            (None, None, None, Some(3)),
            (Some("kitchen"), Some("coastal"), None, Some(3)),
        ];
        assert_eq!(known.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn one_name_for_two_pictures_is_refused() {
        let two = json!([{"id": "v1", "status": "done"}, {"id": "V1", "status": "done"}]);
        let error = Plan::check_names([&plan(two, Variant::Full)]).expect_err("one name");
        assert_eq!(error.to_string(), "variations v1 and V1 would both be saved as V1");
        let first = plan(json!([{"id": "v1", "status": "done"}]), Variant::Full);
        assert!(Plan::check_names([&first, &first]).is_err(), "also across renders");
        assert_eq!(Plan::check_names([&first]), Ok(()));
    }
}
