//! What is to be made of a photo: the flags of `create`, `add` and `batch`, and the members of a manifest's row, which
//! stand above them. Ends in the request's body but for the photo and the webhook.

mod members;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::wanted::{Caution, Wanted};
use crate::error::{Error, Kind};
use crate::files::for_shell;
use crate::json_path::Assignment;
use crate::protocol::render::{
    CreateVariations, MAX_VARIATIONS, OutputResolution, REMOVAL_MODES, RENDER_TYPES, RESOLUTIONS, ROOM_TYPES,
    RemoveFurniture, RenderConfig, SKY_STYLES, STYLES, StagingConfig, Standing, UnknownValue, ValueSet,
    check_image_url,
};

#[cfg(test)]
pub(super) use members::MEMBERS;

/// The members of a request that are arguments or flags of their own, and are not part of what is wanted.
const NOT_TO_BE_SET: [&str; 3] = ["image_url", "image_urls", "webhook_url"];

const STAGING: &str = "staging";

/// The flags that say what is wanted, and the settings of a manifest's row.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Settings {
    /// What is done: staging, daytodusk or enhancement; day_to_dusk is another spelling to try [default: staging]
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Room type: living, bed, kitchen, dining, home_office, outdoor, kids_room
    #[arg(long, value_name = "ROOM")]
    room: Option<String>,
    /// Furniture style: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal; repeat it for several
    #[arg(long = "style", value_name = "STYLE")]
    styles: Vec<String>,
    /// Take furniture out first: auto (where there is some), on or off; without --room and --style, empty the room only
    #[arg(long, value_name = "MODE")]
    remove: Option<String>,
    /// Link to a mask of what to take out, such as the result of an analysis
    #[arg(long, value_name = "URL")]
    mask: Option<String>,
    /// Furnish this emptied picture of the render instead of its photo
    #[arg(long, value_name = "ID")]
    base_variation: Option<String>,
    /// Mark the pictures as virtually staged
    #[arg(long)]
    watermark: bool,
    /// Size of the pictures: default, or 1536 pixels on the long edge
    #[arg(long, value_name = "SIZE")]
    resolution: Option<String>,
    /// Sky of daytodusk: dusk, golden or blue
    #[arg(long, value_name = "SKY")]
    sky: Option<String>,
    /// Variations of each style [default: 1]; a render has 20 at most, all styles together
    #[arg(short = 'n', long = "variations", value_name = "N")]
    variations: Option<u32>,
    /// File with the request's `config` as JSON, instead of the flags above but for -n
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["kind", "room", "styles", "remove", "mask", "base_variation", "watermark", "resolution", "sky"]
    )]
    config: Option<PathBuf>,
    /// Change a member of the request, such as config.output_resolution=1536; JSON, or else a string
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// Send values that are not known here
    #[arg(long)]
    allow_unknown: bool,
}

impl Settings {
    /// What is wanted, complete and checked.
    pub(super) fn build(&self) -> Result<Wanted, Error> {
        if let Some(name) = NOT_TO_BE_SET.iter().find(|name| self.set.iter().any(|set| set.begins_with(name))) {
            return Err(Error::usage(format!("--set cannot change {name}: an argument or a flag of its own gives it")));
        }
        let mut cautions = Vec::new();
        let configs = match &self.config {
            Some(file) => vec![config_of_file(file)?],
            None => self.configs(&mut cautions)?,
        };
        let request = CreateVariations::of_each(configs, self.variations.unwrap_or(1))?;
        let mut body = serde_json::to_value(request).expect("requests have string keys");
        if let Some(other_spelling) = self.kind.as_ref().filter(|kind| *kind == "day_to_dusk") {
            body["config"]["type"] = other_spelling.as_str().into();
        }
        self.set.iter().for_each(|assignment| assignment.apply(&mut body));
        let is_checked = self.config.is_none() && !self.allow_unknown;
        let wanted = Wanted { body, cautions, flags: self.flags(), is_checked };
        match wanted.count() {
            count if self.allow_unknown || (1..=u64::from(MAX_VARIATIONS)).contains(&count) => Ok(wanted),
            count => Err(Error::usage(format!("{count} variations: a render has 1 to {MAX_VARIATIONS}"))
                .hint("--allow-unknown sends it as it is")),
        }
    }

    /// The flags as they were given, but for the number of variations.
    fn flags(&self) -> String {
        let quoted = |text: &str| for_shell(Path::new(text));
        let config = self.config.as_ref().map(|file| file.display().to_string());
        let valued = [("type", &self.kind), ("room", &self.room), ("remove", &self.remove), ("mask", &self.mask)];
        let more = [
            ("base-variation", &self.base_variation),
            ("resolution", &self.resolution),
            ("sky", &self.sky),
            ("config", &config),
        ];
        let valued = valued.into_iter().chain(more).filter_map(|(name, value)| Some((name, value.clone()?)));
        let styles = self.styles.iter().map(|style| ("style", style.clone()));
        let sets = self.set.iter().map(|assignment| ("set", assignment.to_string()));
        let valued = valued.chain(styles).chain(sets).map(|(name, value)| format!(" --{name} {}", quoted(&value)));
        let switches = [("watermark", self.watermark), ("allow-unknown", self.allow_unknown)];
        let switches = switches.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| format!(" --{name}"));
        valued.chain(switches).collect()
    }

    fn configs(&self, cautions: &mut Vec<Caution>) -> Result<Vec<RenderConfig>, Error> {
        let kind = self.kind.as_deref().unwrap_or(STAGING);
        RENDER_TYPES
            .check(kind)
            .map_err(|error| Error::usage(error.to_string()).hint("--config FILE sends a config of your own"))?;
        self.refuse_what_is_for_another_type(kind)?;
        let output_resolution = self.output_resolution()?;
        match kind {
            STAGING => self.staging(output_resolution, cautions),
            "enhancement" => Ok(vec![RenderConfig::Enhancement { output_resolution }]),
            _ => {
                let missing = || Error::usage(format!("{kind} needs a sky: {SKY_STYLES}")).hint("--sky dusk, for one");
                let sky_style = self.sky.clone().ok_or_else(missing)?;
                self.check(&SKY_STYLES, &sky_style, cautions)?;
                Ok(vec![RenderConfig::DayToDusk { sky_style, output_resolution }])
            }
        }
    }

    fn refuse_what_is_for_another_type(&self, kind: &str) -> Result<(), Error> {
        let given = [
            ("a room", STAGING, self.room.is_some()),
            ("a style", STAGING, !self.styles.is_empty()),
            ("furniture removal", STAGING, self.remove.is_some()),
            ("a mask", STAGING, self.mask.is_some()),
            ("a base variation", STAGING, self.base_variation.is_some()),
            ("a watermark", STAGING, self.watermark),
            ("a sky", "daytodusk", self.sky.is_some()),
        ];
        let own = kind.replace('_', "");
        match given.iter().find(|(_, another, is_given)| *is_given && *another != own) {
            Some((what, another, _)) => {
                Err(Error::usage(format!("{what} is for {another} only, not for {kind}"))
                    .hint(format!("--type {another}")))
            }
            None => Ok(()),
        }
    }

    /// One config for each style.
    fn staging(
        &self,
        output_resolution: Option<OutputResolution>,
        cautions: &mut Vec<Caution>,
    ) -> Result<Vec<RenderConfig>, Error> {
        let remove_furniture = self.removal(cautions)?;
        let empties = remove_furniture.as_ref().is_some_and(|removal| removal.mode != "off");
        let base = StagingConfig {
            remove_furniture,
            output_resolution,
            add_virtually_staged_watermark: self.watermark.then_some(true),
            ..StagingConfig::default()
        };
        if self.base_variation.is_some() && (empties || self.styles.is_empty()) {
            return Err(Error::usage(
                "a base variation is an emptied picture to furnish: a room and a style go with it, and no removal",
            ));
        }
        let Some(room) = self.room_to_furnish(empties)? else { return Ok(vec![base.build()?]) };
        self.check(&ROOM_TYPES, room, cautions)?;
        let mut configs = Vec::new();
        for (at, style) in self.styles.iter().enumerate() {
            self.check(&STYLES, style, cautions)?;
            if self.styles[..at].contains(style) {
                return Err(Error::usage(format!("style {style} is given twice")).hint("-n 2 makes two of each style"));
            }
            let mut config = base.clone().add(room, style);
            config.add_furniture.iter_mut().for_each(|add| add.base_variation_id.clone_from(&self.base_variation));
            configs.push(config.build()?);
        }
        Ok(configs)
    }

    /// The room, if it is to be furnished at all.
    fn room_to_furnish(&self, empties: bool) -> Result<Option<&str>, Error> {
        match (self.room.as_deref(), self.styles.first()) {
            (Some(room), Some(_)) => Ok(Some(room)),
            (Some(room), None) => {
                Err(Error::usage(format!("room {room} needs a style as well: {STYLES}"))
                    .hint("--style modern, for one"))
            }
            (None, Some(style)) => Err(Error::usage(format!("style {style} needs a room as well: {ROOM_TYPES}"))
                .hint("--room living, for one")),
            (None, None) if empties => Ok(None),
            (None, None) => Err(Error::usage(
                "nothing to do: staging needs a room and a style to furnish with, or removal to empty the room",
            )
            .hint("--room living --style modern, or --remove on")),
        }
    }

    fn removal(&self, cautions: &mut Vec<Caution>) -> Result<Option<RemoveFurniture>, Error> {
        let mode = self.remove.as_deref();
        if let Some(mode) = mode {
            self.check(&REMOVAL_MODES, mode, cautions)?;
        }
        if let Some(mask) = &self.mask {
            if mode.is_none_or(|mode| mode == "off") {
                return Err(Error::usage("a mask says what to take out, but nothing is taken out").hint("--remove on"));
            }
            check_image_url(mask)
                .map_err(|error| Error::usage(format!("cannot send the mask {}: {error}", start_of(mask))))?;
        }
        Ok(mode.map(|mode| RemoveFurniture { mode: mode.to_owned(), mask_url: self.mask.clone() }))
    }

    fn output_resolution(&self) -> Result<Option<OutputResolution>, Error> {
        let Some(text) = &self.resolution else { return Ok(None) };
        match (text.parse(), RESOLUTIONS.check(text)) {
            (Ok(pixels), known) if known.is_ok() || self.allow_unknown => Ok(Some(OutputResolution::Pixels(pixels))),
            (_, Ok(_)) => Ok(Some(OutputResolution::Default)),
            (_, Err(error)) => Err(unknown(&error)),
        }
    }

    fn check(&self, known: &'static ValueSet, value: &str, cautions: &mut Vec<Caution>) -> Result<(), Error> {
        match known.check(value) {
            Ok(found) => {
                let (code, standing) = match found.standing {
                    Standing::Current => return Ok(()),
                    Standing::Deprecated => ("deprecated", "is deprecated: the API may map it to another"),
                    Standing::V1Only => ("v1_only", "is documented for v1 of the API only: v2 may refuse it"),
                };
                cautions.push(Caution { code, message: format!("{} {value} {standing}", known.noun) });
                Ok(())
            }
            Err(_) if self.allow_unknown => Ok(()),
            Err(error) => Err(unknown(&error)),
        }
    }
}

fn unknown(error: &UnknownValue) -> Error {
    Error::usage(error.to_string()).hint("--allow-unknown sends it as it is")
}

/// As much of a text as an error repeats: a data URL may have megabytes.
pub(super) fn start_of(text: &str) -> String {
    if text.chars().count() <= 80 { text.to_owned() } else { text.chars().take(80).chain(['…']).collect() }
}

fn config_of_file(file: &Path) -> Result<RenderConfig, Error> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::unreadable(file, &error))?;
    let refused =
        |reason: &str| Error::new(Kind::Input, format!("cannot take the config from {}: {reason}", file.display()));
    match serde_json::from_str(&text) {
        Ok(Value::Object(config)) => Ok(RenderConfig::Custom(config)),
        Ok(_) => Err(refused("it is no JSON object")),
        Err(error) => Err(refused(&format!("it is not JSON: {error}"))),
    }
}
