//! What the API answers. Unknown members are kept, unknown values too; only ids are insisted on.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::lenient;

/// GET /user.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    /// Who the key belongs to.
    #[serde(deserialize_with = "lenient::object")]
    pub user: User,
    /// Photos in the period.
    #[serde(deserialize_with = "lenient::object")]
    pub photo_limit: PhotoBuckets,
    /// Photos used so far.
    #[serde(deserialize_with = "lenient::object")]
    pub photos_used_this_period: PhotoBuckets,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The account behind a key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    /// E-mail address.
    #[serde(deserialize_with = "lenient::text")]
    pub email: Option<String>,
    /// Account id.
    #[serde(deserialize_with = "lenient::text")]
    pub uid: Option<String>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Photo counts for each kind of work.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PhotoBuckets {
    /// Staging and removal.
    pub staging: Option<PhotoCount>,
    /// Image editing.
    pub image_editing: Option<PhotoCount>,
    /// Kinds that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A number of photos: a number, or the text `UNLIMITED` (seen in a client).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum PhotoCount {
    /// So many.
    Number(u64),
    /// No limit.
    Unlimited,
    /// Neither a number nor `UNLIMITED`.
    Other(Value),
}

impl From<Value> for PhotoCount {
    fn from(value: Value) -> Self {
        match (value.as_u64(), value.as_str()) {
            (Some(number), _) => Self::Number(number),
            (None, Some(text)) if text.eq_ignore_ascii_case("unlimited") => Self::Unlimited,
            _ => Self::Other(value),
        }
    }
}

impl From<PhotoCount> for Value {
    fn from(count: PhotoCount) -> Self {
        match count {
            PhotoCount::Number(number) => number.into(),
            PhotoCount::Unlimited => "UNLIMITED".into(),
            PhotoCount::Other(value) => value,
        }
    }
}

impl fmt::Display for PhotoCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Unlimited => f.write_str("unlimited"),
            Self::Other(value) => write!(f, "{value}"),
        }
    }
}

/// One page of a list; a plain array counts as the only page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page<T> {
    /// Documented as the number of completed variations: no length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    /// The cursor of the next page; `None` on the last.
    pub next_cursor: Option<String>,
    /// What the page holds.
    pub items: Vec<T>,
}

/// The variations of a render.
pub type Variations = Page<Variation>;

impl<T> Page<T> {
    fn only(items: Vec<T>) -> Self {
        Self { total_count: None, next_cursor: None, items }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(bound = "T: DeserializeOwned")]
        struct Members<T> {
            #[serde(default, deserialize_with = "lenient::integer")]
            total_count: Option<i64>,
            #[serde(default, deserialize_with = "lenient::text")]
            next_cursor: Option<String>,
            #[serde(default = "Vec::new")]
            items: Vec<T>,
        }
        let mut value = Value::deserialize(deserializer)?;
        // POST …/variations wraps its array in `variations`; GET …/variations has been seen in several shapes.
        if let Some(inner) = value.get_mut("variations") {
            value = inner.take();
        }
        if value.is_array() {
            return serde_json::from_value(value).map(Self::only).map_err(D::Error::custom);
        }
        let Members { total_count, next_cursor, items } = serde_json::from_value(value).map_err(D::Error::custom)?;
        let next_cursor = next_cursor.filter(|cursor| !cursor.is_empty());
        Ok(Self { total_count, next_cursor, items })
    }
}

/// A render. It has no status: see [`Render::status`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Render {
    /// Opaque.
    pub id: String,
    /// Milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub created_at: Option<i64>,
    /// Milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub queued_at: Option<i64>,
    /// When the first variation is expected; milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub eta: Option<i64>,
    /// Left out unless asked for; a queued render may list none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variations: Option<Variations>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// One picture of a render, finished or to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variation {
    /// Opaque.
    pub id: String,
    /// The render that it belongs to.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub render_id: Option<String>,
    /// Staging, removal, …
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<VariationKind>,
    /// Milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::integer", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
    /// Where it stands; absent counts as not known.
    #[serde(default)]
    pub status: VariationStatus,
    /// No result before it is done, several with multi-view: null, an object or an array on the wire.
    #[serde(default, rename = "result", with = "results")]
    pub results: Vec<VariationResult>,
    /// The removal variation that this one was furnished on.
    #[serde(default, deserialize_with = "lenient::text")]
    pub base_variation_id: Option<String>,
    /// When it is expected; milliseconds since 1970, perhaps past.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub eta: Option<i64>,
    /// Why it failed (inferred from the webhook).
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The config that it was asked for with, as the API wrote it.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub config: Value,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Links to one finished picture: signed, made anew on each read, good for about an hour.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VariationResult {
    /// The picture in full; may be absent for a moment after `wait_for_completion`.
    #[serde(deserialize_with = "lenient::text")]
    pub url: Option<String>,
    /// WebP.
    #[serde(deserialize_with = "lenient::text")]
    pub optimized_url: Option<String>,
    /// JPEG.
    #[serde(deserialize_with = "lenient::text")]
    pub thumbnail_url: Option<String>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

mod results {
    use super::*;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<VariationResult>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match value {
            Value::Array(_) => serde_json::from_value(value).map_err(D::Error::custom),
            Value::Object(_) => serde_json::from_value(value).map(|result| vec![result]).map_err(D::Error::custom),
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn serialize<S: Serializer>(results: &[VariationResult], serializer: S) -> Result<S::Ok, S::Error> {
        match results {
            [] => serializer.serialize_none(),
            [result] => result.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

/// Defines an enum of texts that keeps a text it does not know.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "Value", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A text that is not known here.
            Other(String),
        }

        impl $name {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<Value> for $name {
            fn from(value: Value) -> Self {
                value.as_str().map_or_else(|| Self::Other(value.to_string()), Self::from)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

open_enum! {
    /// Where a variation or an analysis stands.
    VariationStatus {
        /// Not started.
        Idle = "idle",
        /// Waiting for its turn.
        Queued = "queued",
        /// In the making.
        Rendering = "rendering",
        /// Finished.
        Done = "done",
        /// Failed.
        Error = "error",
        /// Deleted since.
        Deleted = "deleted",
    }
}

impl Default for VariationStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl VariationStatus {
    /// Whether nothing more will come: done, error or deleted. What is not known is not final.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::Error | Self::Deleted)
    }
}

open_enum! {
    /// What a variation is.
    VariationKind {
        /// Furnished.
        Staging = "staging",
        /// Emptied.
        Removal = "removal",
        /// Day turned into dusk.
        DayToDusk = "daytodusk",
        /// Better light and colours.
        Enhancement = "enhancement",
    }
}

/// POST /analyze.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Analysis {
    /// Opaque; nothing can be read with it.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Milliseconds since 1970.
    #[serde(deserialize_with = "lenient::integer")]
    pub created_at: Option<i64>,
    /// Where it stands.
    pub status: VariationStatus,
    /// Share of the photo that furniture covers, in percent.
    #[serde(deserialize_with = "lenient::number")]
    pub percentage_masked: Option<f64>,
    /// The mask.
    #[serde(deserialize_with = "lenient::text")]
    pub result_url: Option<String>,
    /// Why it failed (inferred).
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// POST /multi-view-compatability; its answer is not documented, so all of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MultiViewVerdict {
    /// Whether the photos go together (inferred).
    #[serde(deserialize_with = "lenient::flag")]
    pub compatible: Option<bool>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).expect("readable")
    }

    #[test]
    fn reads_a_render_as_documented_and_writes_it_back_whole() {
        let text = r#"{"id":"Hq2Y","created_at":1760000000000,"queued_at":1760000000500,"eta":null,"variations":{"total_count":1,"next_cursor":null,"items":[{"id":"c1f0","render_id":"Hq2Y","type":"staging","created_at":1760000000000,"status":"done","result":{"url":"https://e/o.jpg","optimized_url":null,"thumbnail_url":"https://e/t.jpg","width":3072},"base_variation_id":null,"eta":null,"config":{"type":"staging","new":[1,{}]},"score":0.5}]},"owner":{"a":1}}"#;
        let render: Render = serde_json::from_str(text).expect("readable");
        assert_eq!(serde_json::to_string(&render).expect("JSON"), text);
        let variation = &render.variations.expect("a page").items[0];
        assert_eq!((&variation.status, &variation.kind), (&VariationStatus::Done, &Some(VariationKind::Staging)));
        assert_eq!(variation.results[0].url.as_deref(), Some("https://e/o.jpg"));
    }

    #[test]
    fn variations_come_as_a_page_an_array_or_wrapped() {
        let item = json!({"id": "v1", "status": "queued"});
        for (shape, cursor) in [
            (json!([item]), None),
            (json!({"items": [item], "next_cursor": "v1", "total_count": 0}), Some("v1")),
            (json!({"items": [item], "next_cursor": ""}), None),
            (json!({"variations": [item]}), None),
            (json!({"variations": {"items": [item], "next_cursor": "v1"}}), Some("v1")),
        ] {
            let page: Variations = read(shape.clone());
            assert_eq!((page.items.len(), page.next_cursor.as_deref()), (1, cursor), "{shape}");
            let render: Render = read(json!({"id": "r", "variations": shape}));
            assert_eq!(render.variations, Some(page));
        }
    }

    #[test]
    fn a_result_is_one_several_or_none() {
        for (result, count) in [
            (json!({"url": "https://e/1"}), 1),
            (json!([{"url": "https://e/1"}, {"url": "https://e/2", "optimized_url": null}]), 2),
            (json!({}), 1),
            (json!([]), 0),
            (json!(null), 0),
            (json!("later"), 0),
        ] {
            let variation: Variation = read(json!({"id": "v", "status": "done", "result": result}));
            assert_eq!(variation.results.len(), count, "{result}");
        }
    }

    #[test]
    fn survives_members_that_are_missing_or_not_what_they_should_be() {
        let variation: Variation = read(json!({
            "id": "v", "status": 7, "type": null, "created_at": "yesterday", "eta": 1.9e3, "render_id": 12,
        }));
        assert_eq!(variation.status, VariationStatus::Other("7".into()));
        assert!(!variation.status.is_final());
        assert_eq!((variation.created_at, variation.eta, variation.render_id), (None, Some(1900), None));
        let render: Render = read(json!({"id": "r", "created_at": "1760000000000"}));
        assert_eq!((render.created_at, render.variations), (Some(1_760_000_000_000), None));
        let account: Account = read(json!({"user": null, "photoLimit": 150}));
        assert_eq!(account, Account::default());
        let verdict: MultiViewVerdict = read(json!({"compatible": "yes", "score": 1}));
        assert_eq!((verdict.compatible, verdict.other.len()), (None, 1));
    }

    #[test]
    fn unknown_statuses_and_kinds_are_kept() {
        let variation: Variation = read(json!({"id": "v", "type": "video", "status": "upscaling"}));
        let written = serde_json::to_value(&variation).expect("JSON");
        assert_eq!((&written["type"], &written["status"]), (&json!("video"), &json!("upscaling")));
    }

    #[test]
    fn a_photo_count_is_a_number_or_unlimited() {
        let account: Account = read(json!({
            "user": {"email": "dev@example.com", "uid": "u1"},
            "photoLimit": {"staging": 150, "imageEditing": "UNLIMITED", "video": 3},
            "photosUsedThisPeriod": {"staging": -1},
        }));
        assert_eq!(account.photo_limit.staging, Some(PhotoCount::Number(150)));
        assert_eq!(account.photo_limit.image_editing, Some(PhotoCount::Unlimited));
        assert_eq!(account.photo_limit.other["video"], 3);
        assert_eq!(account.photos_used_this_period.staging.expect("given").to_string(), "-1");
        assert_eq!(account.photos_used_this_period.image_editing, None);
    }
}
