//! Is a request what the API documents? Requests are read strictly, since nobody knows what more the real API takes.

use std::sync::Arc;

use serde_json::Value;

use super::account::VARIATIONS_AT_MOST;
use super::members::Members;
use super::pictures::Work;
use super::refusal::Refusal;
use super::sources::Source;
use crate::delivery::Target;

const ROOM_TYPES: [&str; 8] = ["living", "bed", "kitchen", "dining", "home_office", "outdoor", "kids_room", "bathroom"];
const STYLES: [&str; 11] = [
    "standard",
    "modern",
    "scandinavian",
    "industrial",
    "midcentury",
    "luxury",
    "farmhouse",
    "coastal",
    "hamptons",
    "american",
    "southwestern",
];
const CONFIG_TYPES: [&str; 3] = ["staging", "daytodusk", "enhancement"];
const SKY_STYLES: [&str; 3] = ["dusk", "golden", "blue"];
const REMOVAL_MODES: [&str; 3] = ["off", "auto", "on"];

/// What POST /renders asks for.
#[derive(Debug)]
pub(super) struct NewRender {
    /// One photo, or two views of one room.
    pub(super) sources: Vec<Source>,
    pub(super) variations: NewVariations,
}

/// What POST /renders/{id}/variations asks for, and POST /renders besides its photo.
#[derive(Debug)]
pub(super) struct NewVariations {
    pub(super) plans: Vec<Plan>,
    pub(super) wait: bool,
    pub(super) webhook: Option<Target>,
}

/// One config and how often.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) config: Arc<Value>,
    pub(super) count: u64,
    pub(super) work: Work,
    pub(super) removal: Removal,
    /// The removal variation that is staged instead of the photo.
    pub(super) base: Option<String>,
}

impl Plan {
    /// Two views are staged alike only in living rooms and bedrooms, and not emptied first (documented).
    pub(super) fn fits_multi_view(&self) -> bool {
        matches!(self.work, Work::Stage { room: "living" | "bed", .. }) && self.removal == Removal::Off
    }
}

/// Whether furniture is removed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Removal {
    Off,
    IfFurnished,
    On,
}

/// What POST /analyze asks for.
#[derive(Debug)]
pub(super) struct NewAnalysis {
    pub(super) source: Source,
    pub(super) webhook: Option<Target>,
}

/// Reads the body of POST /renders.
pub(super) fn render(body: &Value, strict: bool) -> Result<NewRender, Refusal> {
    let several = body.get("configs").is_some();
    let known: &[&str] = if several {
        &["configs", "image_url", "wait_for_completion", "webhook_url"]
    } else {
        &["config", "image_url", "image_urls", "variation_count", "wait_for_completion", "webhook_url"]
    };
    let members = Members::of(body, "", known, strict)?;
    let variations = new_variations(&members, strict)?;
    if !members.has("image_urls") {
        let sources = vec![source(members.required("image_url")?, "image_url")?];
        return Ok(NewRender { sources, variations });
    }
    if members.has("image_url") {
        return Err(members.wrong("image_urls", "and image_url exclude each other"));
    }
    if !variations.plans.iter().all(Plan::fits_multi_view) {
        let only = "go with staging of a living room or bedroom only, and without remove_furniture";
        return Err(members.wrong("image_urls", only));
    }
    Ok(NewRender { sources: two_sources(&members)?, variations })
}

/// Reads the body of POST /renders/{id}/variations.
pub(super) fn variations(body: &Value, strict: bool) -> Result<NewVariations, Refusal> {
    let several = body.get("configs").is_some();
    let known: &[&str] = if several {
        &["configs", "wait_for_completion", "webhook_url"]
    } else {
        &["config", "variation_count", "wait_for_completion", "webhook_url"]
    };
    new_variations(&Members::of(body, "", known, strict)?, strict)
}

/// Reads the body of POST /analyze.
pub(super) fn analysis(body: &Value, strict: bool) -> Result<NewAnalysis, Refusal> {
    let members = Members::of(body, "", &["image_url", "webhook_url"], strict)?;
    Ok(NewAnalysis { source: source(members.required("image_url")?, "image_url")?, webhook: webhook(&members)? })
}

/// Reads the body of POST /multi-view-compatability.
pub(super) fn multi_view(body: &Value, strict: bool) -> Result<Vec<Source>, Refusal> {
    two_sources(&Members::of(body, "", &["image_urls"], strict)?)
}

/// Reads the body of POST /user/webhook-secret.
pub(super) fn secret(body: &Value, strict: bool) -> Result<&str, Refusal> {
    if let Some(other) = ["webhook_secret", "webhookSecret"].iter().find(|name| body.get(name).is_some()) {
        return Err(Refusal::invalid(format!("{other} is no member of this request; the member is called secret")));
    }
    let members = Members::of(body, "", &["secret"], strict)?;
    members.required("secret")?;
    let text = members.text("secret")?.filter(|text| !text.is_empty());
    text.ok_or_else(|| members.wrong("secret", "must not be empty"))
}

fn new_variations(members: &Members<'_>, strict: bool) -> Result<NewVariations, Refusal> {
    let plans = match members.get("configs") {
        None => {
            let count = members.count("variation_count", 1, VARIATIONS_AT_MOST, 1)?;
            vec![Plan { count, ..plan(members.required("config")?, "config", false, strict)? }]
        }
        Some(Value::Array(configs)) if !configs.is_empty() => {
            let plans = configs.iter().enumerate();
            plans.map(|(n, config)| plan(config, &format!("configs[{n}]"), true, strict)).collect::<Result<_, _>>()?
        }
        Some(_) => return Err(members.wrong("configs", "must be an array with at least one config")),
    };
    Ok(NewVariations { plans, wait: members.flag("wait_for_completion")?, webhook: webhook(members)? })
}

fn plan(config: &Value, path: &str, with_count: bool, strict: bool) -> Result<Plan, Refusal> {
    let kind = Members::of(config, path, &[], false)?.one_of("type", &CONFIG_TYPES)?;
    let mut known = match kind {
        "staging" => {
            vec!["type", "add_furniture", "remove_furniture", "add_virtually_staged_watermark", "output_resolution"]
        }
        "daytodusk" => vec!["type", "sky_style", "output_resolution"],
        _ => vec!["type", "output_resolution"],
    };
    if with_count {
        known.push("variation_count");
    }
    let members = Members::of(config, path, &known, strict)?;
    if members.get("output_resolution").is_some_and(|value| value != "default" && *value != 1536) {
        return Err(members.wrong("output_resolution", "must be \"default\" or the number 1536"));
    }
    let count = if with_count { members.count("variation_count", 1, VARIATIONS_AT_MOST, 1)? } else { 1 };
    let plain = |work| Plan { config: echo(config), count, work, removal: Removal::Off, base: None };
    match kind {
        "staging" => staging(&members, strict, plain),
        "daytodusk" => Ok(plain(Work::DayToDusk { sky: members.one_of("sky_style", &SKY_STYLES)? })),
        _ => Ok(plain(Work::Enhance)),
    }
}

fn staging(members: &Members<'_>, strict: bool, plain: impl Fn(Work) -> Plan) -> Result<Plan, Refusal> {
    // Checked and no more: every picture of the sandbox is marked as one.
    members.flag("add_virtually_staged_watermark")?;
    let removal = match members.get("remove_furniture") {
        Some(value) => removal(value, &members.name("remove_furniture"), strict)?,
        None => Removal::Off,
    };
    let Some(add) = members.get("add_furniture") else {
        return match (members.has("remove_furniture"), removal) {
            (false, _) => Err(members.wrong("add_furniture", "and remove_furniture are both missing: ask for one")),
            (true, Removal::Off) => Err(members.wrong("remove_furniture.mode", "off leaves nothing to do")),
            (true, _) => Ok(plain(Work::Remove)),
        };
    };
    let add = Members::of(add, &members.name("add_furniture"), &["room_type", "style", "base_variation_id"], strict)?;
    let [room, style] = [add.one_of("room_type", &ROOM_TYPES)?, add.one_of("style", &STYLES)?];
    let base = add.text("base_variation_id")?.map(str::to_owned);
    Ok(Plan { removal, base, ..plain(Work::Stage { room, style }) })
}

fn removal(value: &Value, path: &str, strict: bool) -> Result<Removal, Refusal> {
    let members = Members::of(value, path, &["mode", "mask_url"], strict)?;
    if let Some(mask) = members.get("mask_url") {
        source(mask, &members.name("mask_url"))?;
    }
    Ok(match members.one_of("mode", &REMOVAL_MODES)? {
        "auto" => Removal::IfFurnished,
        "on" => Removal::On,
        _ => Removal::Off,
    })
}

/// The config as answers repeat it: without the count, and without a mask that can have megabytes.
fn echo(config: &Value) -> Arc<Value> {
    let mut config = config.clone();
    if let Some(members) = config.as_object_mut() {
        members.shift_remove("variation_count");
    }
    if let Some(Value::Object(removal)) = config.get_mut("remove_furniture") {
        removal.shift_remove("mask_url");
    }
    Arc::new(config)
}

fn two_sources(members: &Members<'_>) -> Result<Vec<Source>, Refusal> {
    match members.required("image_urls")? {
        Value::Array(urls) if urls.len() == 2 => {
            let urls = urls.iter().enumerate();
            urls.map(|(n, url)| source(url, &format!("image_urls[{n}]"))).collect()
        }
        _ => Err(members.wrong("image_urls", "must be an array of two image URLs")),
    }
}

fn source(value: &Value, path: &str) -> Result<Source, Refusal> {
    value.as_str().and_then(Source::parse).ok_or_else(|| {
        let must = "must be an http or https URL without spaces, or data:image/TYPE;base64,…";
        Refusal::invalid(format!("{path} {must}"))
    })
}

fn webhook(members: &Members<'_>) -> Result<Option<Target>, Refusal> {
    let Some(text) = members.text("webhook_url")? else { return Ok(None) };
    let target = if text.contains("://") { Target::parse(text).ok() } else { None };
    let must = "must be an http or https URL without credentials";
    target.ok_or_else(|| members.wrong("webhook_url", must)).map(Some)
}
