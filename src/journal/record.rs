//! The `event` record: made from a verified delivery and nothing else, read back with doubt.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::output::{Meaning, Report, Text};
use crate::protocol::canonical_json::{canonicalize, canonicalize_within};
use crate::protocol::{Event, Identity, Matched, SIGNATURE_HEADER, Verified};

/// How a delivery came in, as the socket saw it. None of this is signed.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) received_at: Timestamp,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body as it came, where only its canonical form was signed.
    pub(crate) reformatted: Option<Reformatted>,
}

/// A body that something on the way has written anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Reformatted {
    /// Bytes.
    pub(crate) length: usize,
    /// SHA-256 in hex.
    pub(crate) sha256: String,
}

impl Reformatted {
    pub(crate) fn of(body: &[u8]) -> Self {
        Self { length: body.len(), sha256: hex::encode(Sha256::digest(body)) }
    }
}

/// One delivery of a verified event. A `Verified` is needed to make one.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EventRecord {
    id: String,
    delivery: String,
    received_at: Timestamp,
    matched: Matched,
    secret: String,
    duplicate: bool,
    target: String,
    headers: Vec<(String, String)>,
    event_type: Option<String>,
    render_id: Option<String>,
    variation_id: Option<String>,
    payload: String,
    body: Option<Box<RawValue>>,
    #[serde(skip)]
    event: Event,
    #[serde(skip)]
    reformatted: Option<Reformatted>,
}

/// A delivery as the journal keeps it. It was verified when it was appended.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) number: u32,
    pub(super) duplicate: bool,
    pub(super) matched: Matched,
    pub(super) secret: String,
    pub(super) arrival: Arrival,
    pub(super) payload: String,
}

/// Headers that carry somebody's credentials.
fn is_confidential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "authorization" || name == "cookie" || name.starts_with("proxy-")
}

/// A time as precisely as a journal keeps it, so that a record is the same wherever it is read.
fn kept_time(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

impl EventRecord {
    /// `secret` is the fingerprint of the secret that signed.
    pub(crate) fn new(verified: &Verified, secret: String, arrival: Arrival) -> Self {
        let event = Event::of(verified);
        let identity = event.identity();
        let id = event_id(&identity, &arrival.target, verified.text());
        let redacted = |(name, value): (String, String)| {
            let value = if is_confidential(&name) { "[redacted]".to_owned() } else { value };
            (name, value)
        };
        Self {
            delivery: format!("{id}.1"),
            id,
            received_at: kept_time(arrival.received_at),
            matched: verified.matched(),
            secret,
            duplicate: false,
            target: arrival.target,
            headers: arrival.headers.into_iter().map(redacted).collect(),
            event_type: identity.event_type,
            render_id: identity.render_id,
            variation_id: identity.variation_id,
            body: body_of(verified.text()),
            payload: verified.text().to_owned(),
            event,
            reformatted: arrival.reformatted,
        }
    }

    /// What the journal has kept, as it was appended.
    pub(super) fn kept(kept: Kept) -> Self {
        let event = Event::typed(&kept.payload);
        let identity = event.identity();
        Self {
            delivery: format!("{}.{}", kept.id, kept.number),
            id: kept.id,
            received_at: kept.arrival.received_at,
            matched: kept.matched,
            secret: kept.secret,
            duplicate: kept.duplicate,
            target: kept.arrival.target,
            headers: kept.arrival.headers,
            event_type: identity.event_type,
            render_id: identity.render_id,
            variation_id: identity.variation_id,
            body: body_of(&kept.payload),
            payload: kept.payload,
            event,
            reformatted: kept.arrival.reformatted,
        }
    }

    /// Numbers the deliveries of one event.
    pub(crate) fn numbered(mut self, number: u32, duplicate: bool) -> Self {
        self.delivery = format!("{}.{number}", self.id);
        self.duplicate = duplicate;
        self
    }

    /// Whether a second delivery is a duplicate however late it comes: a variation ends once. Of other events, such as
    /// two failed analyses, the same may happen again.
    pub(crate) fn happens_once(&self) -> bool {
        matches!(self.event_type.as_deref(), Some("done" | "error")) && self.variation_id.is_some()
    }

    /// The name of this delivery, `evt_….N`.
    pub(crate) fn delivery(&self) -> &str {
        &self.delivery
    }

    pub(crate) fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// Fingerprint of the secret that signed.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Names and values in the order of arrival, credentials redacted.
    pub(crate) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(crate) fn event_type(&self) -> Option<&str> {
        self.event_type.as_deref()
    }

    pub(crate) fn render_id(&self) -> Option<&str> {
        self.render_id.as_deref()
    }

    pub(crate) fn variation_id(&self) -> Option<&str> {
        self.variation_id.as_deref()
    }

    /// The body as it came, where it was not the payload.
    pub(crate) fn reformatted(&self) -> Option<&Reformatted> {
        self.reformatted.as_ref()
    }

    /// `evt_…`: the same for the same event on every listener.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Path and query that it was sent to. Not signed.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    pub(crate) fn is_duplicate(&self) -> bool {
        self.duplicate
    }

    pub(crate) fn matched(&self) -> Matched {
        self.matched
    }

    pub(crate) fn event(&self) -> &Event {
        &self.event
    }

    /// The exact text that was signed.
    pub(crate) fn payload(&self) -> &str {
        &self.payload
    }
}

impl Report for EventRecord {
    const KIND: &'static str = "event";

    fn human(&self) -> Text {
        let identity = self.event.identity();
        let event_type = identity.event_type.as_deref().unwrap_or("unknown");
        let mut text = Text::at(self.received_at);
        text.plain("  -->  ");
        let type_meaning = if self.event.is_error() { Meaning::Failure } else { Meaning::Plain };
        text.add(type_meaning, format!("{event_type:<7}")).plain(" ");
        if let Some(subject) = subject(&identity) {
            text.add(Meaning::Identifier, subject).plain("  ");
        }
        if let Some(variation_type) = &identity.variation_type {
            text.plain(format!("{variation_type:<8}  "));
        }
        text.add(Meaning::Success, "✓ verified");
        match self.matched {
            Matched::Both => {}
            Matched::Raw => {
                text.add(Meaning::Warning, "  raw bytes only: the documented receiver would refuse this");
            }
            Matched::Canonical => {
                text.add(Meaning::Dim, "  reformatted on the way");
            }
        }
        if self.duplicate {
            text.add(Meaning::Dim, "  duplicate");
        }
        if let Some(message) = self.event.error_message() {
            text.end_line().plain("                ").add(Meaning::Failure, message);
        }
        text
    }
}

fn subject(identity: &Identity) -> Option<String> {
    match (&identity.render_id, &identity.variation_id) {
        (Some(render), Some(variation)) => Some(format!("{render}/{variation}")),
        (Some(id), None) | (None, Some(id)) => Some(id.clone()),
        (None, None) => None,
    }
}

/// Arrays and objects that readers of JSON commonly take inside each other, the record around them included.
const READABLE_DEPTH: usize = 100;

/// The canonical form as a value inside the record; none for what would make the whole line unreadable to many.
fn body_of(text: &str) -> Option<Box<RawValue>> {
    let canonical = canonicalize_within(text.as_bytes(), READABLE_DEPTH).ok()?;
    if has_lone_surrogate(&canonical) {
        return None;
    }
    RawValue::from_string(canonical).ok()
}

/// Whether a canonical text escapes half a character: it writes whole ones as they are, and no other escape starts so.
fn has_lone_surrogate(canonical: &str) -> bool {
    let mut bytes = canonical.bytes();
    while bytes.any(|byte| byte == b'\\') {
        if bytes.next() == Some(b'u') && bytes.next() == Some(b'd') {
            return true;
        }
    }
    false
}

/// Outcomes of a variation are one event each, wherever they are sent; everything else is told apart by its target too,
/// since two failed analyses may have one body.
fn event_id(identity: &Identity, target: &str, text: &str) -> String {
    let key = match (identity.event_type.as_deref(), &identity.variation_id) {
        (Some(event_type @ ("done" | "error")), Some(variation)) => {
            serde_json::json!(["variation", variation, event_type])
        }
        _ => {
            let canonical = canonicalize(text.as_bytes()).unwrap_or_else(|_| text.to_owned());
            serde_json::json!(["body", target, canonical])
        }
    };
    let digest = Sha256::digest(key.to_string());
    let name = data_encoding::BASE32_NOPAD.encode(&digest).to_ascii_lowercase();
    format!("evt_{}", &name[..20])
}

/// A record read from a file: a claim, until its signature is verified again.
#[derive(Debug, Deserialize)]
pub(crate) struct StoredRecord {
    kind: String,
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    event_type: Option<String>,
    #[serde(default)]
    render_id: Option<String>,
    #[serde(default)]
    variation_id: Option<String>,
    #[serde(default)]
    payload: Option<String>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

/// Why a line is no usable `event` record.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordError {
    #[error("it is not a JSON record")]
    NotARecord,
    #[error("the event record has no payload")]
    NoPayload,
    #[error("the event record has {0} {SIGNATURE_HEADER} headers instead of one")]
    Signatures(usize),
    #[error("its body differs from its payload: the record was changed")]
    BodyDiffers,
    #[error("its {0} is not the payload's: the record was changed")]
    MemberDiffers(&'static str),
}

impl StoredRecord {
    /// Reads one line; `None` for records of other kinds.
    pub(crate) fn read(line: &str) -> Result<Option<Self>, RecordError> {
        let record: Self = serde_json::from_str(line).map_err(|_| RecordError::NotARecord)?;
        Ok((record.kind == "event").then_some(record))
    }

    fn check_members(&self, payload: &str) -> Result<(), RecordError> {
        let said = Identity::salvaged(payload.strip_prefix('\u{feff}').unwrap_or(payload));
        let members = [
            ("event_type", &self.event_type, said.event_type),
            ("render_id", &self.render_id, said.render_id),
            ("variation_id", &self.variation_id, said.variation_id),
        ];
        match members.into_iter().find(|(_, claimed, said)| claimed.is_some() && *claimed != said) {
            Some((name, ..)) => Err(RecordError::MemberDiffers(name)),
            None => Ok(()),
        }
    }

    /// The payload's bytes and the signature that came with it, provided that what the record says of the payload is
    /// what the payload says. The time, the target and the other headers were never signed.
    pub(crate) fn signed_payload(&self) -> Result<(&[u8], &str), RecordError> {
        let text = self.payload.as_deref().ok_or(RecordError::NoPayload)?;
        self.check_members(text)?;
        let payload = text.as_bytes();
        if let Some(body) = &self.body {
            let said = canonicalize(body.get().as_bytes());
            if said.is_err() || said != canonicalize(payload) {
                return Err(RecordError::BodyDiffers);
            }
        }
        let mut signatures = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(SIGNATURE_HEADER));
        match (signatures.next(), signatures.count()) {
            (Some((_, signature)), 0) => Ok((payload, signature)),
            (first, more) => Err(RecordError::Signatures(usize::from(first.is_some()) + more)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::json_record;
    use crate::protocol::{Secret, SigningKey, Verifier};

    fn record(text: &str, target: &str) -> EventRecord {
        let secret = Secret::new("s").expect("not empty");
        let signature = SigningKey::new(&secret).sign(text.as_bytes());
        let verified = Verifier::new(&[secret]).verify(text.as_bytes(), signature).expect("verified");
        let header = |name: &str, value: String| (name.to_owned(), value);
        let headers = vec![
            header("x-vsai-signature", signature.to_string()),
            header("Cookie", "session=1".into()),
            header("proxy-authorization", "Basic x".into()),
        ];
        EventRecord::new(
            &verified,
            "0badcafe".into(),
            Arrival { received_at: Timestamp::UNIX_EPOCH, target: target.into(), headers, reformatted: None },
        )
    }

    const DONE: &str = r#"{"event_type":"done","render_id":"r","variation_id":"v","variation_type":"staging","timestamp":1,"result":{"url":"u"}}"#;

    #[test]
    fn outcomes_of_a_variation_have_one_id_and_other_events_one_for_each_target() {
        let later = DONE.replace("\"timestamp\":1", "\"timestamp\":2");
        assert_eq!(record(DONE, "/a").id(), record(&later, "/b").id());
        let failed = r#"{"event_type":"analysis_error"}"#;
        assert_ne!(record(failed, "/a?x=1").id(), record(failed, "/a?x=2").id());
        assert_eq!(record(failed, "/a").id(), record("{ \"event_type\":\"analysis_error\"}", "/a").id());
        assert_eq!(record(DONE, "/a").id().len(), 24);
    }

    #[test]
    fn credentials_in_headers_are_redacted() {
        let line = json_record(&record(DONE, "/"));
        assert!(!line.contains("session=1") && !line.contains("Basic x") && line.contains("[redacted]"), "{line}");
    }

    #[test]
    fn reads_back_what_it_wrote_and_notices_a_changed_body() {
        let text = DONE.replace("staging", "\u{202e}é");
        let line = json_record(&record(&text, "/"));
        let stored = StoredRecord::read(&line).expect("a record").expect("an event");
        assert_eq!(stored.signed_payload().expect("whole").0, text.as_bytes());
        let changed = line.replace("\"body\":{\"event_type\":\"done\"", "\"body\":{\"event_type\":\"gone\"");
        assert_ne!(changed, line);
        let stored = StoredRecord::read(&changed).expect("a record").expect("an event");
        assert_eq!(stored.signed_payload(), Err(RecordError::BodyDiffers));
    }

    #[test]
    fn a_body_that_strict_readers_cannot_take_is_left_out() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        for (payload, is_there) in [
            (r#"{"a":"é🛋\\n"}"#.to_owned(), true),
            (r#"{"a":"\\ud800"}"#.to_owned(), true),
            (r#"{"a":"\\\ud800"}"#.to_owned(), false),
            (r#"{"\udfff":1}"#.to_owned(), false),
            (nested(100), true),
            (nested(101), false),
        ] {
            let line = json_record(&record(&payload, "/"));
            let read: serde_json::Value = serde_json::from_str(&line).expect("readable");
            assert_eq!(read["body"] != serde_json::Value::Null, is_there, "{payload}");
            assert_eq!(read["payload"], payload);
        }
    }

    #[test]
    fn notices_members_that_are_not_the_payloads() {
        let line = json_record(&record(DONE, "/"));
        for (from, to, name) in [
            ("\"event_type\":\"done\"", "\"event_type\":\"error\"", "event_type"),
            ("\"render_id\":\"r\"", "\"render_id\":\"x\"", "render_id"),
            ("\"variation_id\":\"v\"", "\"variation_id\":\"x\"", "variation_id"),
        ] {
            // The record's own member comes before the body's.
            let changed = line.replacen(from, to, 1);
            let stored = StoredRecord::read(&changed).expect("a record").expect("an event");
            assert_eq!(stored.signed_payload(), Err(RecordError::MemberDiffers(name)), "{changed}");
        }
    }

    #[test]
    fn other_kinds_are_passed_over() {
        assert!(StoredRecord::read(r#"{"kind":"ready","url":"x"}"#).expect("a record").is_none());
        assert_eq!(StoredRecord::read("gibberish").expect_err("refused"), RecordError::NotARecord);
    }
}
