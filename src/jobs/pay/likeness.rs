//! Whether a render that was found is what a job has asked for. A render does not name its photo, so its settings decide.

use serde_json::{Map, Value};

use crate::ledger::Job;
use crate::protocol::render::{Render, Variation, VariationKind};

/// How well a render fits a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Its settings are others.
    None,
    /// It lists no variations yet, or not with what they were asked for.
    Perhaps,
    /// All that was asked for is there.
    Full,
    /// It names the job.
    Certain,
}

/// Compares a render, read with all of its variations.
pub(super) fn likeness(job: &Job, render: &Render) -> Likeness {
    let text = serde_json::to_string(render).unwrap_or_default();
    if text.contains(&job.id) {
        return Likeness::Certain;
    }
    let wanted = wanted_configs(job);
    let made: Vec<&Variation> =
        render.variations.iter().flat_map(|page| &page.items).filter(|made| is_wanted(made)).collect();
    if made.len() as u64 > u64::from(job.count) {
        return Likeness::None;
    }
    // The least of what the variations say, each compared with the config that it fits best.
    let of = |made: &&Variation| wanted.iter().map(|wanted| compare(wanted, &made.config)).max();
    made.iter().map(|made| of(made).unwrap_or(Likeness::Perhaps)).min().unwrap_or(Likeness::Perhaps)
}

/// A removal comes by itself when furniture is taken out first.
fn is_wanted(variation: &Variation) -> bool {
    variation.kind != Some(VariationKind::Removal)
}

/// The configs that the job has asked for, without their counts.
fn wanted_configs(job: &Job) -> Vec<Map<String, Value>> {
    let settings: Value = serde_json::from_str(&job.settings).unwrap_or_default();
    let configs = match (&settings["configs"], &settings["config"]) {
        (Value::Array(several), _) => several.clone(),
        (_, one) => vec![one.clone()],
    };
    let mut configs: Vec<Map<String, Value>> =
        configs.into_iter().filter_map(|config| config.as_object().cloned()).collect();
    for config in &mut configs {
        config.remove("variation_count");
    }
    configs
}

/// Each member that was asked for, at any depth, against the echo.
fn compare(wanted: &Map<String, Value>, echo: &Value) -> Likeness {
    let members = wanted.iter().map(|(name, wanted)| match (wanted, &echo[name]) {
        (Value::Object(wanted), echo @ Value::Object(_)) => compare(wanted, echo),
        // What is the default anyway may be left out of an echo.
        (wanted, Value::Null) if is_default(wanted) => Likeness::Full,
        (_, Value::Null) => Likeness::Perhaps,
        (wanted, echo) if wanted == echo => Likeness::Full,
        _ => Likeness::None,
    });
    members.min().unwrap_or(Likeness::Full)
}

fn is_default(value: &Value) -> bool {
    value.is_null() || value == &Value::Bool(false) || value == "default"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::job;
    use super::*;

    fn of(settings: Value, variations: Value) -> Likeness {
        let render = serde_json::from_value(json!({"id": "r", "variations": variations})).expect("a render");
        likeness(&job(&settings, 2), &render)
    }

    #[test]
    fn a_render_is_compared_by_all_that_was_asked_for() {
        let modern = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "modern"}});
        let wanted = json!({"config": modern});
        let made = |config: Value| json!({"id": "v", "type": "staging", "config": config});
        let more = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "modern", "x": 1}, "y": 2});
        let luxury = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "luxury"}});
        let removal = json!({"id": "w", "type": "removal", "config": {"type": "other"}});
        for (variations, fits) in [
            (json!([made(modern.clone())]), Likeness::Full),
            (json!([made(more.clone()), removal]), Likeness::Full),
            (json!([made(modern.clone()), made(luxury.clone())]), Likeness::None),
            (json!([made(luxury.clone())]), Likeness::None),
            (json!([made(json!({"type": "staging"}))]), Likeness::Perhaps),
            (json!([made(json!(null))]), Likeness::Perhaps),
            (json!([]), Likeness::Perhaps),
            (json!([removal]), Likeness::Perhaps),
            (json!([made(modern.clone()), made(modern.clone()), made(modern.clone())]), Likeness::None),
        ] {
            assert_eq!(of(wanted.clone(), variations.clone()), fits, "{variations}");
        }
    }

    #[test]
    fn several_configs_and_defaults_that_are_left_out_fit() {
        let several = json!({"configs": [
            {"type": "enhancement", "variation_count": 1, "output_resolution": "default"},
            {"type": "staging", "variation_count": 1, "add_virtually_staged_watermark": false},
        ]});
        let made = json!([{"id": "a", "config": {"type": "staging"}}, {"id": "b", "config": {"type": "enhancement"}}]);
        assert_eq!(of(several, made), Likeness::Full);
    }

    #[test]
    fn a_render_that_names_the_job_is_the_jobs() {
        let job = job(&json!({"config": {"type": "staging"}}), 1);
        let url = format!("https://example.com/hook?vsai_job={}", job.id);
        let render = serde_json::from_value(json!({"id": "r", "webhook_url": url})).expect("a render");
        assert_eq!(likeness(&job, &render), Likeness::Certain);
    }
}
