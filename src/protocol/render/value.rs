//! The values that the API is known to take, and "did you mean" for the others.

use std::fmt;

/// How far a value may be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Documented, or sent by several integrators.
    Current,
    /// Documented as deprecated; still accepted.
    Deprecated,
    /// Documented for v1 only; v2 may refuse it.
    V1Only,
}

/// One value and its standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownValue {
    /// The text that is sent.
    pub text: &'static str,
    /// Whether it is still a good choice.
    pub standing: Standing,
}

/// The known values of one member of a request, or of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueSet {
    /// What the values are, in words: `room type`.
    pub noun: &'static str,
    /// The values, in the order of the vendor's documentation.
    pub values: &'static [KnownValue],
}

/// A value that is in no list. The API may know it all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {} {value:?}{}; known: {}", set.noun, DidYouMean(*suggestion), set)]
pub struct UnknownValue {
    /// What was given.
    pub value: String,
    /// The nearest known value, if one is near.
    pub suggestion: Option<&'static str>,
    /// The list that was looked in.
    pub set: &'static ValueSet,
}

/// `add_furniture.room_type`.
pub static ROOM_TYPES: ValueSet = ValueSet {
    noun: "room type",
    values: &[
        current("living"),
        current("bed"),
        current("kitchen"),
        current("dining"),
        current("home_office"),
        current("outdoor"),
        current("kids_room"),
        KnownValue { text: "bathroom", standing: Standing::V1Only },
    ],
};

/// `add_furniture.style`.
pub static STYLES: ValueSet = ValueSet {
    noun: "style",
    values: &[
        current("standard"),
        current("modern"),
        current("scandinavian"),
        current("industrial"),
        current("midcentury"),
        current("luxury"),
        current("farmhouse"),
        current("coastal"),
        deprecated("hamptons"),
        deprecated("american"),
        deprecated("southwestern"),
    ],
};

/// `type` of a config. `day_to_dusk` is another spelling of `daytodusk`, which was seen in one client only.
pub static RENDER_TYPES: ValueSet = ValueSet {
    noun: "type",
    values: &[current("staging"), current("day_to_dusk"), current("daytodusk"), current("enhancement")],
};

/// `output_resolution`; 1536 is sent as a number.
pub static RESOLUTIONS: ValueSet = ValueSet { noun: "resolution", values: &[current("default"), current("1536")] };

/// `sky_style` of a day-to-dusk render.
pub static SKY_STYLES: ValueSet =
    ValueSet { noun: "sky style", values: &[current("dusk"), current("golden"), current("blue")] };

/// `remove_furniture.mode`.
pub static REMOVAL_MODES: ValueSet =
    ValueSet { noun: "removal mode", values: &[current("off"), current("auto"), current("on")] };

/// `event_type` of a webhook.
pub static EVENT_TYPES: ValueSet = ValueSet {
    noun: "event type",
    values: &[
        current("done"),
        current("error"),
        current("update"),
        current("analysis_completion"),
        current("analysis_error"),
    ],
};

const fn current(text: &'static str) -> KnownValue {
    KnownValue { text, standing: Standing::Current }
}

const fn deprecated(text: &'static str) -> KnownValue {
    KnownValue { text, standing: Standing::Deprecated }
}

impl ValueSet {
    /// Finds the value, letter for letter.
    ///
    /// ```
    /// use vsai::protocol::render::ROOM_TYPES;
    /// assert!(ROOM_TYPES.check("living").is_ok());
    /// let unknown = ROOM_TYPES.check("living_room").unwrap_err();
    /// assert_eq!(unknown.suggestion, Some("living"));
    /// ```
    ///
    /// # Errors
    /// [`UnknownValue`] with the nearest known value, if one is near.
    pub fn check(&'static self, value: &str) -> Result<KnownValue, UnknownValue> {
        match self.values.iter().find(|known| known.text == value) {
            Some(known) => Ok(*known),
            None => {
                Err(UnknownValue { value: shortened(value), suggestion: self.nearest(&letters_of(value)), set: self })
            }
        }
    }

    /// The known value that `given` most likely means, compared without case and separators.
    fn nearest(&self, given: &str) -> Option<&'static str> {
        let likeness = |known: &KnownValue| {
            let known = letters_of(known.text);
            let length = known.len() as f64;
            let one_holds_the_other = given.contains(&known) || (given.len() > 2 && known.contains(given));
            if one_holds_the_other { 1.0 + length } else { strsim::jaro_winkler(given, &known) }
        };
        let scored = self.values.iter().map(|known| (likeness(known), known.text));
        scored.filter(|(score, _)| *score >= NEAR).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, text)| text)
    }
}

/// Jaro-Winkler likeness from which a suggestion helps more than it irritates.
const NEAR: f64 = 0.8;

fn letters_of(value: &str) -> String {
    value.chars().take(100).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn shortened(value: &str) -> String {
    value.chars().take(60).collect()
}

impl fmt::Display for ValueSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, known) in self.values.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let note = match known.standing {
                Standing::Current => "",
                Standing::Deprecated => " (deprecated)",
                Standing::V1Only => " (v1 only)",
            };
            write!(f, "{comma}{}{note}", known.text)?;
        }
        Ok(())
    }
}

struct DidYouMean(Option<&'static str>);

impl fmt::Display for DidYouMean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(suggestion) => write!(f, " (did you mean {suggestion:?}?)"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_was_most_likely_meant() {
        for (set, value, suggestion) in [
            (&ROOM_TYPES, "living_room", Some("living")),
            (&ROOM_TYPES, "Living Room", Some("living")),
            (&ROOM_TYPES, "livingroom", Some("living")),
            (&ROOM_TYPES, "LIVING", Some("living")),
            (&ROOM_TYPES, "bedroom", Some("bed")),
            (&ROOM_TYPES, "kichen", Some("kitchen")),
            (&ROOM_TYPES, "office", Some("home_office")),
            (&ROOM_TYPES, "home-office", Some("home_office")),
            (&ROOM_TYPES, "kids", Some("kids_room")),
            (&ROOM_TYPES, "diningroom", Some("dining")),
            (&ROOM_TYPES, "garage", None),
            (&ROOM_TYPES, "", None),
            (&ROOM_TYPES, "日本", None),
            (&STYLES, "mid-century", Some("midcentury")),
            (&STYLES, "Mid Century Modern", Some("midcentury")),
            (&STYLES, "scandi", Some("scandinavian")),
            (&STYLES, "modren", Some("modern")),
            (&STYLES, "luxurious", Some("luxury")),
            (&STYLES, "x", None),
            (&SKY_STYLES, "golden_hour", Some("golden")),
            (&REMOVAL_MODES, "automatic", Some("auto")),
            (&REMOVAL_MODES, "true", None),
        ] {
            assert_eq!(set.check(value).expect_err("unknown").suggestion, suggestion, "{value:?}");
        }
    }

    #[test]
    fn takes_each_known_value_and_marks_the_deprecated_ones() {
        for set in [&ROOM_TYPES, &STYLES, &SKY_STYLES, &REMOVAL_MODES, &RENDER_TYPES, &RESOLUTIONS] {
            for known in set.values {
                assert_eq!(set.check(known.text).as_ref(), Ok(known));
            }
        }
        assert_eq!(STYLES.check("hamptons").expect("known").standing, Standing::Deprecated);
    }

    #[test]
    fn the_message_names_the_value_the_suggestion_and_the_list() {
        let message = SKY_STYLES.check("Golden").expect_err("unknown").to_string();
        assert_eq!(message, r#"unknown sky style "Golden" (did you mean "golden"?); known: dusk, golden, blue"#);
    }
}
