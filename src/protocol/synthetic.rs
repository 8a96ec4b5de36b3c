//! Made-up webhook payloads of every kind that is known, to try receivers with. Ids and times follow from what is handed in.

use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::canonical_json::canonicalize;

/// How long the vendor promises its links for.
const LINK_SECONDS: i64 = 3600;

/// What a made-up payload tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Synthetic {
    /// A furnished variation.
    Done,
    /// One with a result for each view.
    MultiView,
    /// The emptied room that comes beside what was asked for.
    Removal,
    /// A variation that failed.
    Error,
    /// Progress; the documentation names it without its members, and these are guessed.
    Update,
    /// A finished analysis, as a client has seen it.
    AnalysisCompletion,
    /// A failed one.
    AnalysisError,
    /// A type that nobody knows yet.
    Unknown,
    /// A failure told in many scripts.
    Unicode,
}

impl Synthetic {
    pub(crate) const ALL: [Self; 9] = [
        Self::Done,
        Self::MultiView,
        Self::Removal,
        Self::Error,
        Self::Update,
        Self::AnalysisCompletion,
        Self::AnalysisError,
        Self::Unknown,
        Self::Unicode,
    ];

    /// What it is called, and what it is.
    pub(crate) fn name_and_meaning(self) -> (&'static str, &'static str) {
        match self {
            Self::Done => ("done", "a furnished variation"),
            Self::MultiView => ("multi_view", "done, with several results"),
            Self::Removal => ("removal", "done, the emptied room"),
            Self::Error => ("error", "a variation that failed"),
            Self::Update => ("update", "progress; its members are not documented"),
            Self::AnalysisCompletion => ("analysis_completion", "a finished analysis"),
            Self::AnalysisError => ("analysis_error", "a failed analysis"),
            Self::Unknown => ("unknown", "a type that nobody knows yet"),
            Self::Unicode => ("unicode", "error, told in many scripts"),
        }
    }

    /// The payload in canonical form, as the vendor would send it.
    pub(crate) fn payload(self, occasion: &Occasion) -> String {
        canonical(&self.document(occasion))
    }

    /// The payload before it is written.
    pub(crate) fn document(self, occasion: &Occasion) -> Value {
        let variation = |kind: &str, event_type: &str, name: &str, value: Value| {
            json!({
                "render_id": occasion.render_id(),
                "variation_id": occasion.variation_id(),
                "variation_type": kind,
                "timestamp": occasion.timestamp,
                "event_type": event_type,
                name: value,
            })
        };
        match self {
            Self::Done => json!({
                "render_id": occasion.render_id(),
                "variation_id": occasion.variation_id(),
                "variation_type": "staging",
                "base_variation_id": occasion.base_variation_id(),
                "timestamp": occasion.timestamp,
                "event_type": "done",
                "result": occasion.result("staged"),
            }),
            Self::MultiView => {
                let results = ["view_1", "view_2"].map(|view| occasion.result(view));
                variation("staging", "done", "result", json!(results))
            }
            Self::Removal => variation("removal", "done", "result", occasion.result("emptied")),
            Self::Error => variation("staging", "error", "error_message", json!("Failed to process image")),
            Self::Unicode => variation("staging", "error", "error_message", json!(MANY_SCRIPTS)),
            Self::Update => json!({
                "render_id": occasion.render_id(),
                "variation_id": occasion.variation_id(),
                "variation_type": "staging",
                "timestamp": occasion.timestamp,
                "event_type": "update",
                "status": "rendering",
                "progress": 0.5,
                "eta": occasion.timestamp + 8_000,
            }),
            Self::AnalysisCompletion => json!({
                "event_type": "analysis_completion",
                "result_url": occasion.link("mask.png"),
                "percentage_masked": 23.4,
                "analysis_id": occasion.analysis_id(),
                "timestamp": occasion.timestamp,
            }),
            Self::AnalysisError => json!({
                "event_type": "analysis_error",
                "error_message": "Failed to analyze image",
                "analysis_id": occasion.analysis_id(),
                "timestamp": occasion.timestamp,
            }),
            Self::Unknown => json!({
                "event_type": "render_archived",
                "render_id": occasion.render_id(),
                "timestamp": occasion.timestamp,
                "archive": { "1": "first", "reason": null, "parts": [{ "size": 1.5e21, "names": [] }, true, -0.25] },
            }),
        }
    }
}

/// Quotes, escapes, scripts of both directions, joined emoji, both forms of é, separators that are no line ends in JSON.
const MANY_SCRIPTS: &str = "\"Küche\" \\ Café = Cafe\u{301} — 居間 거실 гостиная غرفة המטבח ห้อง 🛋️👩‍💻 𝔘 \
    <b>&amp;</b>\n\t\u{8}\u{c}\r\u{1f}\u{7f}\u{85}\u{2028}\u{2029}\u{200d}\u{feff}\u{fffd}";

/// A value in canonical form.
pub(crate) fn canonical(value: &Value) -> String {
    canonicalize(value.to_string().as_bytes()).expect("serde_json writes JSON")
}

/// One event of a run: the same run and number give the same ids.
#[derive(Debug, Clone)]
pub(crate) struct Occasion {
    /// What tells this run from others.
    pub(crate) run: [u8; 16],
    /// Variation of the run's one render, from 1.
    pub(crate) number: u32,
    /// Epoch milliseconds.
    pub(crate) timestamp: i64,
}

impl Occasion {
    fn render_id(&self) -> String {
        self.id("rnd", 0)
    }

    fn variation_id(&self) -> String {
        self.id("var", self.number)
    }

    fn base_variation_id(&self) -> String {
        self.id("var", 0)
    }

    fn analysis_id(&self) -> String {
        self.id("an", self.number)
    }

    fn id(&self, prefix: &str, number: u32) -> String {
        let hash = Sha256::new().chain_update(self.run).chain_update(prefix).chain_update(number.to_le_bytes());
        format!("{prefix}_{}", BASE32_NOPAD.encode(&hash.finalize()[..10]).to_lowercase())
    }

    fn result(&self, name: &str) -> Value {
        json!({
            "url": self.link(&format!("{name}.jpg")),
            "optimized_url": self.link(&format!("{name}_optimized.webp")),
            "thumbnail_url": self.link(&format!("{name}_thumb.jpg")),
        })
    }

    /// Signed and expiring by its looks; the name leads nowhere.
    fn link(&self, file: &str) -> String {
        let signature = hex::encode(Sha256::new().chain_update(self.run).chain_update(file).finalize());
        let expires = self.timestamp / 1000 + LINK_SECONDS;
        let (render, variation) = (self.render_id(), self.variation_id());
        format!("https://results.example.com/{render}/{variation}/{file}?Expires={expires}&Signature={signature}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Secret, SigningKey, Verifier};
    use super::*;
    use crate::contract::webhook_fits;

    const OCCASION: Occasion = Occasion { run: [7; 16], number: 1, timestamp: 1_760_000_000_000 };

    fn event(payload: &str) -> Event {
        let secrets = [Secret::new("s").expect("not empty")];
        let signature = SigningKey::new(&secrets[0]).sign(payload.as_bytes());
        Event::of(&Verifier::new(&secrets).verify(payload.as_bytes(), signature).expect("verified"))
    }

    #[test]
    fn all_but_the_unknown_fit_the_description_of_the_api() {
        for synthetic in Synthetic::ALL {
            let document = serde_json::from_str(&synthetic.payload(&OCCASION)).expect("JSON");
            assert_eq!(webhook_fits(&document).is_ok(), synthetic != Synthetic::Unknown, "{document}");
        }
    }

    #[test]
    fn each_is_read_as_what_it_is_called() {
        for synthetic in Synthetic::ALL {
            let shown = match event(&synthetic.payload(&OCCASION)) {
                Event::Done(done) if done.variation_type == "removal" => "removal",
                Event::Done(done) if done.results.len() > 1 => "multi_view",
                Event::Done(_) => "done",
                Event::Error(error) if error.error_message.is_ascii() => "error",
                Event::Error(_) => "unicode",
                Event::Update(_) => "update",
                Event::AnalysisCompletion { .. } => "analysis_completion",
                Event::AnalysisError { .. } => "analysis_error",
                Event::Unknown(_) => "unknown",
            };
            assert_eq!(shown, synthetic.name_and_meaning().0);
        }
    }

    #[test]
    fn a_run_is_one_render_with_variations_of_its_own() {
        let ids = |run, number| {
            let identity = event(&Synthetic::Done.payload(&Occasion { run: [run; 16], number, ..OCCASION })).identity();
            (identity.render_id.expect("named"), identity.variation_id.expect("named"))
        };
        let [one, two, again, other] = [ids(1, 1), ids(1, 2), ids(1, 1), ids(2, 1)];
        assert_eq!((&one, &one.0), (&again, &two.0));
        assert!(one.1 != two.1 && one.0 != other.0 && one.1 != other.1, "{one:?} {two:?} {other:?}");
    }
}
