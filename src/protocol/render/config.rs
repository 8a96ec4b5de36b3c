//! What is to be done with a photo.

use serde::{Serialize, Serializer};

use super::InvalidRequest;

/// What is to be done with the photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum RenderConfig {
    /// Furnish, empty, or empty and then furnish (documented).
    Staging(StagingConfig),
    /// Turn day into dusk (seen in a client; `day_to_dusk` is the other spelling).
    DayToDusk {
        /// One of [`super::SKY_STYLES`].
        sky_style: String,
        /// Size of the result.
        #[serde(skip_serializing_if = "Option::is_none")]
        output_resolution: Option<OutputResolution>,
    },
    /// Better light and colours (inferred).
    Enhancement {
        /// Size of the result.
        #[serde(skip_serializing_if = "Option::is_none")]
        output_resolution: Option<OutputResolution>,
    },
    /// The user's own object, sent as it is.
    #[serde(untagged)]
    Custom(serde_json::Map<String, serde_json::Value>),
}

/// Size of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputResolution {
    /// `"default"`: 1536 to 3072 pixels on the long edge.
    Default,
    /// So many pixels, sent as a number; only 1536 is known.
    Pixels(u32),
}

impl Serialize for OutputResolution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Default => serializer.serialize_str("default"),
            Self::Pixels(pixels) => serializer.serialize_u32(*pixels),
        }
    }
}

/// A staging config: add, remove, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StagingConfig {
    /// Furniture to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_furniture: Option<AddFurniture>,
    /// Furniture to take out first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove_furniture: Option<RemoveFurniture>,
    /// A visible "virtually staged" mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_virtually_staged_watermark: Option<bool>,
    /// Size of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_resolution: Option<OutputResolution>,
}

/// How to furnish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddFurniture {
    /// One of [`super::ROOM_TYPES`].
    pub room_type: String,
    /// One of [`super::STYLES`].
    pub style: String,
    /// An earlier removal variation of the same render, to furnish instead of the photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_variation_id: Option<String>,
}

/// How to empty the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemoveFurniture {
    /// One of [`super::REMOVAL_MODES`].
    pub mode: String,
    /// A mask of what to remove, as POST /analyze makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_url: Option<String>,
}

impl StagingConfig {
    /// Furnishes the room.
    #[must_use]
    pub fn add(mut self, room_type: impl Into<String>, style: impl Into<String>) -> Self {
        self.add_furniture =
            Some(AddFurniture { room_type: room_type.into(), style: style.into(), base_variation_id: None });
        self
    }

    /// Empties the room first; alone, empties it only.
    #[must_use]
    pub fn remove(mut self, mode: impl Into<String>) -> Self {
        self.remove_furniture = Some(RemoveFurniture { mode: mode.into(), mask_url: None });
        self
    }

    /// Ends the config.
    ///
    /// # Errors
    /// [`InvalidRequest::NothingToDo`] when it neither adds nor removes.
    pub fn build(self) -> Result<RenderConfig, InvalidRequest> {
        if self.add_furniture.is_none() && self.remove_furniture.is_none() {
            return Err(InvalidRequest::NothingToDo);
        }
        Ok(RenderConfig::Staging(self))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_each_config_as_documented() {
        let removal = StagingConfig::default().remove("on").build().expect("valid");
        let both = StagingConfig {
            output_resolution: Some(OutputResolution::Pixels(1536)),
            ..StagingConfig::default().add("bed", "coastal").remove("auto")
        };
        let dusk =
            RenderConfig::DayToDusk { sky_style: "golden".into(), output_resolution: Some(OutputResolution::Default) };
        let own = json!({"type": "new_thing", "n": [1]});
        for (config, wanted) in [
            (removal, json!({"type": "staging", "remove_furniture": {"mode": "on"}})),
            (
                both.build().expect("valid"),
                json!({
                    "type": "staging",
                    "add_furniture": {"room_type": "bed", "style": "coastal"},
                    "remove_furniture": {"mode": "auto"},
                    "output_resolution": 1536,
                }),
            ),
            (dusk, json!({"type": "daytodusk", "sky_style": "golden", "output_resolution": "default"})),
            (RenderConfig::Enhancement { output_resolution: None }, json!({"type": "enhancement"})),
            (RenderConfig::Custom(own.as_object().expect("object").clone()), own),
        ] {
            assert_eq!(serde_json::to_value(&config).expect("JSON"), wanted);
        }
    }
}
