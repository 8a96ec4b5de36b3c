//! Whether a render that was found is what a job has asked for. A render does not name its photo, so its settings decide.

use std::cmp::Ordering;

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
    let (emptied, other): (Vec<_>, Vec<_>) = wanted.iter().partition(|wanted| is_removal_alone(wanted));
    // A removal comes by itself too, when furniture is taken out first: it counts only where nothing else is wanted.
    let counts_removals = other.is_empty();
    let uncounted = if counts_removals { 0 } else { emptied.iter().map(|config| count_of(config)).sum() };
    let listed = render.variations.iter().flat_map(|page| &page.items);
    let made: Vec<&Variation> =
        listed.filter(|made| counts_removals || made.kind != Some(VariationKind::Removal)).collect();
    let most = match (made.len() as u64 + uncounted).cmp(&u64::from(job.count)) {
        Ordering::Greater => return Likeness::None,
        Ordering::Equal => Likeness::Full,
        // Not all are listed yet, or it is the render of somebody who wants fewer.
        Ordering::Less => Likeness::Perhaps,
    };
    // The least of what the variations say, each compared with the config that it fits best.
    let of = |made: &&Variation| wanted.iter().map(|wanted| compare(wanted, &made.config)).max();
    made.iter().map(|made| of(made).unwrap_or(Likeness::Perhaps)).fold(most, Ord::min)
}

/// The configs that the job has asked for.
fn wanted_configs(job: &Job) -> Vec<Map<String, Value>> {
    let settings: Value = serde_json::from_str(&job.settings).unwrap_or_default();
    let configs = match (&settings["configs"], &settings["config"]) {
        (Value::Array(several), _) => several.clone(),
        (_, one) => vec![one.clone()],
    };
    configs.into_iter().filter_map(|config| config.as_object().cloned()).collect()
}

fn is_removal_alone(config: &Map<String, Value>) -> bool {
    config.contains_key("remove_furniture") && !config.contains_key("add_furniture")
}

fn count_of(config: &Map<String, Value>) -> u64 {
    config.get("variation_count").and_then(Value::as_u64).unwrap_or(1)
}

/// Each member that was asked for, at any depth, against the echo.
fn compare(wanted: &Map<String, Value>, echo: &Value) -> Likeness {
    // The count is no member of an echo.
    let wanted = wanted.iter().filter(|(name, _)| *name != "variation_count");
    let members = wanted.map(|(name, wanted)| match (wanted, &echo[name]) {
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

    fn of(settings: Value, count: u32, variations: Value) -> Likeness {
        let render = serde_json::from_value(json!({"id": "r", "variations": variations})).expect("a render");
        likeness(&job(&settings, count), &render)
    }

    #[test]
    fn a_render_is_compared_by_all_that_was_asked_for() {
        let modern = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "modern"}});
        let wanted = json!({"config": modern});
        let made = |config: Value| json!({"id": "v", "type": "staging", "config": config});
        let more = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "modern", "x": 1}, "y": 2});
        let luxury = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "luxury"}});
        let removal = json!({"id": "w", "type": "removal", "config": {"type": "other"}});
        for (count, variations, fits) in [
            (1, json!([made(modern.clone())]), Likeness::Full),
            (2, json!([made(modern.clone()), made(modern.clone())]), Likeness::Full),
            (1, json!([made(more.clone()), removal]), Likeness::Full),
            (2, json!([made(modern.clone()), made(luxury.clone())]), Likeness::None),
            (1, json!([made(luxury.clone())]), Likeness::None),
            (1, json!([made(json!({"type": "staging"}))]), Likeness::Perhaps),
            (1, json!([made(json!(null))]), Likeness::Perhaps),
            (1, json!([]), Likeness::Perhaps),
            (1, json!([removal]), Likeness::Perhaps),
            (1, json!([made(modern.clone()), made(modern.clone())]), Likeness::None),
            // Perhaps more are to come, perhaps it is the render of one that wants fewer.
            (2, json!([made(modern.clone())]), Likeness::Perhaps),
            (3, json!([made(modern.clone()), made(luxury.clone())]), Likeness::None),
        ] {
            assert_eq!(of(wanted.clone(), count, variations.clone()), fits, "{count} of {variations}");
        }
    }

    #[test]
    fn a_removal_counts_where_nothing_else_is_wanted() {
        let removal = json!({"type": "staging", "remove_furniture": {"mode": "on"}});
        let staging = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "modern"}});
        let emptied = json!({"id": "w", "type": "removal", "config": removal});
        let staged = json!({"id": "v", "type": "staging", "config": staging});
        assert_eq!(of(json!({"config": removal}), 1, json!([emptied])), Likeness::Full);
        assert_eq!(of(json!({"config": removal}), 1, json!([emptied, staged])), Likeness::None);
        assert_eq!(of(json!({"config": staging}), 1, json!([emptied])), Likeness::Perhaps);
        let both = json!({"configs": [removal, staging]});
        assert_eq!(of(both, 2, json!([emptied, staged])), Likeness::Full);
    }

    #[test]
    fn several_configs_and_defaults_that_are_left_out_fit() {
        let several = json!({"configs": [
            {"type": "enhancement", "variation_count": 1, "output_resolution": "default"},
            {"type": "staging", "variation_count": 1, "add_virtually_staged_watermark": false},
        ]});
        let made = json!([{"id": "a", "config": {"type": "staging"}}, {"id": "b", "config": {"type": "enhancement"}}]);
        assert_eq!(of(several, 2, made), Likeness::Full);
    }

    #[test]
    fn a_render_that_names_the_job_is_the_jobs() {
        let job = job(&json!({"config": {"type": "staging"}}), 1);
        let url = format!("https://example.com/hook?vsai_job={}", job.id);
        let render = serde_json::from_value(json!({"id": "r", "webhook_url": url})).expect("a render");
        assert_eq!(likeness(&job, &render), Likeness::Certain);
    }
}
