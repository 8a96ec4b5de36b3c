//! What a verified payload says: a typed event, or an unknown one, which is kept whole all the same.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Verified;

/// Why an event is what it is. Unknown members are allowed everywhere; the payload's text remains the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A variation is finished (documented).
    Done(VariationDone),
    /// A variation has failed (documented).
    Error(VariationError),
    /// Named by the documentation, its members are not; it may never be sent.
    Update(Identity),
    /// An analysis is finished (seen in a client).
    AnalysisCompletion {
        /// The mask picture.
        result_url: String,
    },
    /// An analysis has failed (seen in a client).
    AnalysisError {
        /// The vendor's words.
        error_message: Option<String>,
    },
    /// Another type, or one whose members are not as expected.
    Unknown(Identity),
}

/// What an event is about, as far as it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// `event_type` as sent.
    pub event_type: Option<String>,
    /// The parent render.
    pub render_id: Option<String>,
    /// The variation.
    pub variation_id: Option<String>,
    /// `staging`, `removal` or another.
    pub variation_type: Option<String>,
    /// Epoch milliseconds.
    pub timestamp: Option<i64>,
}

/// The members of `done`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariationDone {
    /// The parent render.
    pub render_id: String,
    /// The variation.
    pub variation_id: String,
    /// `staging`, `removal` or another.
    pub variation_type: String,
    /// The removal variation that was furnished, where there was one.
    pub base_variation_id: Option<String>,
    /// Epoch milliseconds.
    pub timestamp: i64,
    /// One result, or one for each view with multi-view staging.
    pub results: Vec<ResultLinks>,
}

/// The members of `error`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariationError {
    /// The parent render.
    pub render_id: String,
    /// The variation.
    pub variation_id: String,
    /// `staging`, `removal` or another.
    pub variation_type: String,
    /// Epoch milliseconds.
    pub timestamp: i64,
    /// The vendor's words.
    pub error_message: String,
}

/// Links to one finished picture. They are signed, expire within about an hour, and are made anew on each read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ResultLinks {
    /// The full picture.
    pub url: String,
    /// A smaller one, WebP in the documentation's example.
    pub optimized_url: Option<String>,
    /// A small one, JPEG in the documentation's example.
    pub thumbnail_url: Option<String>,
}

/// An object and nothing else, also where it is read from a part that serde has buffered.
#[derive(Deserialize)]
struct Object<T> {
    #[serde(flatten)]
    members: T,
}

#[derive(Deserialize)]
struct Wire {
    event_type: Option<String>,
    render_id: Option<String>,
    variation_id: Option<String>,
    variation_type: Option<String>,
    base_variation_id: Option<String>,
    timestamp: Option<i64>,
    result: Option<OneOrMany>,
    result_url: Option<String>,
    error_message: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Object<ResultLinks>),
    Many(Vec<Object<ResultLinks>>),
}

impl Event {
    /// Types a verified payload; what cannot be typed is [`Event::Unknown`].
    pub fn of(verified: &Verified) -> Self {
        Self::typed(verified.text())
    }

    /// Types a payload that was verified before, such as one that a journal has kept.
    pub(crate) fn typed(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // serde would read a struct from the items of an array as well.
        if !text.trim_ascii_start().starts_with('{') {
            return Self::Unknown(Identity::default());
        }
        let Ok(wire) = serde_json::from_str::<Wire>(text) else {
            return Self::Unknown(Identity::salvaged(text));
        };
        let identity = Identity {
            event_type: wire.event_type.clone(),
            render_id: wire.render_id.clone(),
            variation_id: wire.variation_id.clone(),
            variation_type: wire.variation_type.clone(),
            timestamp: wire.timestamp,
        };
        wire.into_known().unwrap_or(Self::Unknown(identity))
    }

    /// What the event is about.
    pub fn identity(&self) -> Identity {
        let of = |event_type: &str| Identity { event_type: Some(event_type.to_owned()), ..Identity::default() };
        match self {
            Self::Done(done) => Identity {
                render_id: Some(done.render_id.clone()),
                variation_id: Some(done.variation_id.clone()),
                variation_type: Some(done.variation_type.clone()),
                timestamp: Some(done.timestamp),
                ..of("done")
            },
            Self::Error(error) => Identity {
                render_id: Some(error.render_id.clone()),
                variation_id: Some(error.variation_id.clone()),
                variation_type: Some(error.variation_type.clone()),
                timestamp: Some(error.timestamp),
                ..of("error")
            },
            Self::AnalysisCompletion { .. } => of("analysis_completion"),
            Self::AnalysisError { .. } => of("analysis_error"),
            Self::Update(identity) | Self::Unknown(identity) => identity.clone(),
        }
    }

    /// The vendor's words about a failure.
    pub fn error_message(&self) -> Option<&str> {
        match self {
            Self::Error(error) => Some(&error.error_message),
            Self::AnalysisError { error_message } => error_message.as_deref(),
            _ => None,
        }
    }
}

impl Wire {
    fn into_known(self) -> Option<Event> {
        match self.event_type.as_deref()? {
            "done" => Some(Event::Done(VariationDone {
                render_id: self.render_id?,
                variation_id: self.variation_id?,
                variation_type: self.variation_type?,
                base_variation_id: self.base_variation_id,
                timestamp: self.timestamp?,
                results: match self.result? {
                    OneOrMany::One(result) => vec![result.members],
                    OneOrMany::Many(results) => results.into_iter().map(|result| result.members).collect(),
                },
            })),
            "error" => Some(Event::Error(VariationError {
                render_id: self.render_id?,
                variation_id: self.variation_id?,
                variation_type: self.variation_type?,
                timestamp: self.timestamp?,
                error_message: self.error_message?,
            })),
            "update" => Some(Event::Update(Identity {
                event_type: self.event_type,
                render_id: self.render_id,
                variation_id: self.variation_id,
                variation_type: self.variation_type,
                timestamp: self.timestamp,
            })),
            "analysis_completion" => Some(Event::AnalysisCompletion { result_url: self.result_url? }),
            "analysis_error" => Some(Event::AnalysisError { error_message: self.error_message }),
            _ => None,
        }
    }
}

/// Members of a payload, whatever they are.
#[derive(Deserialize)]
struct Loose<'a> {
    #[serde(borrow)]
    event_type: Option<&'a RawValue>,
    #[serde(borrow)]
    render_id: Option<&'a RawValue>,
    #[serde(borrow)]
    variation_id: Option<&'a RawValue>,
    #[serde(borrow)]
    variation_type: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
}

impl Identity {
    /// Takes the members that are as expected out of an object, be the others as they may.
    pub(crate) fn salvaged(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // serde would read a struct from the items of an array as well.
        if !text.trim_ascii_start().starts_with('{') {
            return Self::default();
        }
        let Ok(loose) = serde_json::from_str::<Loose<'_>>(text) else { return Self::default() };
        let string = |member: Option<&RawValue>| string(member?.get());
        Self {
            event_type: string(loose.event_type),
            render_id: string(loose.render_id),
            variation_id: string(loose.variation_id),
            variation_type: string(loose.variation_type),
            timestamp: loose.timestamp.and_then(|member| serde_json::from_str(member.get()).ok()),
        }
    }

    /// The same from the members of a canonical object, which are keys in quotes and values.
    pub(super) fn of_members<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut identity = Self::default();
        for (key, value) in members {
            match key {
                r#""event_type""# => identity.event_type = string(value),
                r#""render_id""# => identity.render_id = string(value),
                r#""variation_id""# => identity.variation_id = string(value),
                r#""variation_type""# => identity.variation_type = string(value),
                r#""timestamp""# => identity.timestamp = serde_json::from_str(value).ok(),
                _ => {}
            }
        }
        identity
    }

    /// The variation and how it has ended, of an event that says both. A variation ends once.
    pub(crate) fn outcome(&self) -> Option<(&str, &str)> {
        let event_type = self.event_type.as_deref().filter(|event_type| matches!(*event_type, "done" | "error"))?;
        Some((self.variation_id.as_deref()?, event_type))
    }

    /// Whether the event reports a failure, be its other members as documented or not.
    pub fn is_error(&self) -> bool {
        matches!(self.event_type.as_deref(), Some("error" | "analysis_error"))
    }
}

fn string(json: &str) -> Option<String> {
    match json.strip_prefix('"').and_then(|json| json.strip_suffix('"')) {
        Some(text) if !text.contains('\\') => Some(text.to_owned()),
        _ => serde_json::from_str(json).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::canonical_json::canonical_members;

    #[test]
    fn what_a_canonical_event_is_about_is_the_same_from_its_members() {
        for text in [
            r#"{"render_id":"r","variation_id":"v","timestamp":1634567890123,"event_type":"done","result":{"render_id":"x"}}"#,
            r#"{"result":[{"variation_id":"x"}],"variation_type":"a\"b\\","variation_id":"é","event_type":null}"#,
            r#"{"event_type":7,"render_id":["r"],"variation_id":"\ud800","variation_type":"\ud800 ","timestamp":0.5}"#,
            r#"{"7":{"event_type":"x"},"event_type":"","timestamp":-3}"#,
            r#"[{"event_type":"done"}]"#,
            r#""event_type""#,
            "{}",
        ] {
            let members = canonical_members(text, 9).expect("canonical");
            assert_eq!(Identity::of_members(members), Identity::salvaged(text), "{text}");
        }
        assert_eq!(canonical_members(r#"{"a":{"b":1},"c":[]}"#, 2).map(Iterator::count), Some(2));
    }

    #[test]
    fn types_what_is_documented_and_keeps_the_rest_as_unknown() {
        let done = r#"{"event_type":"done","render_id":"r","variation_id":"v","variation_type":"staging","timestamp":1,"new":[],"result":"#;
        for (text, kind) in [
            (format!(r#"{done}{{"url":"u","optimized_url":null}}}}"#), "done 1"),
            (format!(r#"{done}[{{"url":"u"}},{{"url":"w"}}]}}"#), "done 2"),
            (format!(r#"{done}"u"}}"#), "unknown done v"),
            (format!(r#"{done}["u","o","t"]}}"#), "unknown done v"),
            (r#"["done","r","v","staging",null,1,{"url":"u"},null,null]"#.into(), "unknown - -"),
            (r#"["error","r","v","staging",1]"#.into(), "unknown - -"),
            (format!(r#" {done}{{"url":"u"}},"odd":[1e400,"\ud800"]}}"#), "done 1"),
            (r#"{"event_type":"error","render_id":"r","variation_id":"v","variation_type":"x","timestamp":1,"error_message":"m"}"#.into(), "error m"),
            (r#"{"event_type":"error","variation_id":"v"}"#.into(), "unknown error v"),
            (r#"{"event_type":"update","progress":0.5}"#.into(), "update"),
            (r#"{"event_type":"analysis_completion","result_url":"u"}"#.into(), "analysis u"),
            (r#"{"event_type":"analysis_error"}"#.into(), "analysis error"),
            (r#"{"event_type":"removed","variation_id":"v"}"#.into(), "unknown removed v"),
            (r#"{"event_type":7,"variation_id":"v"}"#.into(), "unknown - v"),
            (r#"{"event_type":"error","variation_id":"v","error_message":"\ud800"}"#.into(), "unknown error v"),
            (format!(r#"{{"event_type":"done","variation_id":"v","result":{}1e400{}}}"#, "[".repeat(500), "]".repeat(500)), "unknown done v"),
            ("42".into(), "unknown - -"),
            ("[".repeat(500), "unknown - -"),
        ] {
            let shown = match Event::typed(&text) {
                Event::Done(done) => format!("done {}", done.results.len()),
                Event::Error(error) => format!("error {}", error.error_message),
                Event::Update(_) => "update".into(),
                Event::AnalysisCompletion { result_url } => format!("analysis {result_url}"),
                Event::AnalysisError { .. } => "analysis error".into(),
                Event::Unknown(Identity { event_type, variation_id, .. }) => {
                    let or_none = |text: Option<String>| text.unwrap_or("-".into());
                    format!("unknown {} {}", or_none(event_type), or_none(variation_id))
                }
            };
            assert_eq!(shown, kind, "{text}");
        }
    }
}
