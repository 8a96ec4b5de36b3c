//! Settings from the members of a manifest's row: a cell of CSV is a text, JSON has types.

use serde_json::{Map, Value};

use super::{STAGING, Settings};

/// The members of a row that are settings.
pub(in crate::commands::render) const MEMBERS: [&str; 10] =
    ["type", "room", "style", "remove", "mask", "base_variation", "watermark", "resolution", "sky", "variations"];

/// What separates the styles of one cell.
const BETWEEN_STYLES: [char; 3] = [',', ';', '|'];

impl Settings {
    /// The settings of a row: its members, and the flags where it has none. Other members are passed over.
    pub(in crate::commands::render) fn of_row(&self, members: &Map<String, Value>) -> Result<Self, String> {
        let mut settings = self.clone();
        let is_given = |name: &&&str| members.contains_key(**name) && **name != "variations";
        if let Some(member) = MEMBERS.iter().find(is_given).filter(|_| self.config.is_some()) {
            return Err(format!("{member} has no place in it: --config gives the whole config of every row"));
        }
        for (name, value) in MEMBERS.iter().filter_map(|name| Some((*name, members.get(*name)?))) {
            settings.take(name, value).map_err(|why| format!("{name}: {why}"))?;
        }
        Ok(settings)
    }

    fn take(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let place = match name {
            "type" => return self.take_type(text(value)?),
            "style" => {
                self.styles = styles(value)?;
                return Ok(());
            }
            "watermark" => {
                self.watermark = yes_or_no(value)?;
                return Ok(());
            }
            "variations" => {
                self.variations = Some(number(value)?);
                return Ok(());
            }
            "room" => &mut self.room,
            "remove" => &mut self.remove,
            "mask" => &mut self.mask,
            "base_variation" => &mut self.base_variation,
            "resolution" => &mut self.resolution,
            "sky" => &mut self.sky,
            _ => return Err("no such setting".to_owned()),
        };
        *place = Some(text(value)?);
        Ok(())
    }

    /// The flags are for their own type: a row of another one begins without them.
    fn take_type(&mut self, kind: String) -> Result<(), String> {
        let is_dusk = |kind: &str| kind.starts_with("day");
        let before = self.kind.as_deref().unwrap_or(STAGING);
        if before != kind && !(is_dusk(before) && is_dusk(&kind)) {
            let Self { variations, resolution, config, set, allow_unknown, .. } = std::mem::take(self);
            *self = Self { variations, resolution, config, set, allow_unknown, ..Self::default() };
        }
        self.kind = Some(kind);
        Ok(())
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(format!("{value} is no text")),
    }
}

fn styles(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(styles) => styles.iter().map(text).collect(),
        one => Ok(text(one)?.split(BETWEEN_STYLES).map(|style| style.trim().to_owned()).collect()),
    }
}

fn yes_or_no(value: &Value) -> Result<bool, String> {
    if let Some(flag) = value.as_bool() {
        return Ok(flag);
    }
    match text(value)?.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "x" => Ok(true),
        "no" | "false" | "off" | "0" => Ok(false),
        other => Err(format!("{other:?} is neither yes nor no")),
    }
}

fn number(value: &Value) -> Result<u32, String> {
    let text = text(value)?;
    text.parse().map_err(|_| format!("{text:?} is no number from 1 to 20"))
}
