//! What the API answers. Unknown members are kept, unknown values too; only ids are insisted on.

use serde::de::{DeserializeOwned, Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{VariationKind, VariationStatus, lenient};

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
        #[serde(bound = "T: DeserializeOwned", expecting = "a page")]
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
#[serde(expecting = "a render")]
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

/// POST /multi-view-compatability; its answer is not documented, so it is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MultiViewVerdict(pub Value);

impl MultiViewVerdict {
    /// Whether the photos go together, where the answer tells it in the way that is inferred.
    pub fn compatible(&self) -> Option<bool> {
        self.0.get("compatible")?.as_bool()
    }
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
        for (answer, compatible) in
            [(json!({"compatible": false}), Some(false)), (json!({"compatible": "yes"}), None), (json!([true]), None)]
        {
            let verdict: MultiViewVerdict = read(answer.clone());
            assert_eq!((verdict.compatible(), verdict.0), (compatible, answer));
        }
    }
}
