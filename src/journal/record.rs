//! The `event` record: made from a verified delivery and nothing else, read back with doubt.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::headers::Headers;
use crate::output::{Meaning, Report, Text};
use crate::protocol::canonical_json::{canonicalize, canonicalize_within, is_canonical_within};
use crate::protocol::{Event, Identity, Matched, SIGNATURE_HEADER, Verified};

/// How a delivery came in, as the socket saw it. None of this is signed.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) received_at: Timestamp,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Headers,
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
#[derive(Debug, Clone)]
pub(crate) struct EventRecord {
    id: String,
    number: u32,
    matched: Matched,
    secret: String,
    duplicate: bool,
    arrival: Arrival,
    identity: Identity,
    payload: String,
}

/// The members of the record's line. What only the line needs is made with it.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    delivery: String,
    received_at: Timestamp,
    matched: Matched,
    secret: &'a str,
    duplicate: bool,
    target: &'a str,
    headers: &'a Headers,
    event_type: Option<&'a str>,
    render_id: Option<&'a str>,
    variation_id: Option<&'a str>,
    payload: &'a str,
    body: Option<&'a RawValue>,
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

/// A time as precisely as a journal keeps it, so that a record is the same wherever it is read.
fn kept_time(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

impl EventRecord {
    /// `secret` is the fingerprint of the secret that signed.
    pub(crate) fn new(verified: Verified, secret: String, arrival: Arrival) -> Self {
        let id = event_id(&arrival.target, &verified);
        let matched = verified.matched();
        let (identity, payload) = verified.into_parts();
        let arrival = Arrival { received_at: kept_time(arrival.received_at), ..arrival };
        Self { id, number: 1, matched, secret, duplicate: false, arrival, identity, payload }
    }

    /// What the journal has kept, as it was appended.
    pub(super) fn kept(kept: Kept) -> Self {
        Self {
            id: kept.id,
            number: kept.number,
            matched: kept.matched,
            secret: kept.secret,
            duplicate: kept.duplicate,
            arrival: kept.arrival,
            identity: Identity::salvaged(&kept.payload),
            payload: kept.payload,
        }
    }

    /// Numbers the deliveries of one event.
    pub(crate) fn numbered(mut self: Box<Self>, number: u32, duplicate: bool) -> Box<Self> {
        self.number = number;
        self.duplicate = duplicate;
        self
    }

    /// Whether a second delivery is a duplicate however late it comes: a variation ends once. Of other events, such as
    /// two failed analyses, the same may happen again.
    pub(crate) fn happens_once(&self) -> bool {
        self.identity.outcome().is_some()
    }

    /// The name of this delivery, `evt_….N`.
    pub(crate) fn delivery(&self) -> String {
        format!("{}.{}", self.id, self.number)
    }

    pub(crate) fn received_at(&self) -> Timestamp {
        self.arrival.received_at
    }

    /// Fingerprint of the secret that signed.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Names and values in the order of arrival, credentials redacted.
    pub(crate) fn headers(&self) -> &Headers {
        &self.arrival.headers
    }

    pub(crate) fn event_type(&self) -> Option<&str> {
        self.identity.event_type.as_deref()
    }

    pub(crate) fn render_id(&self) -> Option<&str> {
        self.identity.render_id.as_deref()
    }

    pub(crate) fn variation_id(&self) -> Option<&str> {
        self.identity.variation_id.as_deref()
    }

    /// The body as it came, where it was not the payload.
    pub(crate) fn reformatted(&self) -> Option<&Reformatted> {
        self.arrival.reformatted.as_ref()
    }

    /// `evt_…`: the same for the same event on every listener.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Path and query that it was sent to. Not signed.
    pub(crate) fn target(&self) -> &str {
        &self.arrival.target
    }

    pub(crate) fn is_duplicate(&self) -> bool {
        self.duplicate
    }

    pub(crate) fn matched(&self) -> Matched {
        self.matched
    }

    /// What the event is about.
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What the payload says, typed anew.
    pub(crate) fn event(&self) -> Event {
        Event::typed(&self.payload)
    }

    /// The exact text that was signed.
    pub(crate) fn payload(&self) -> &str {
        &self.payload
    }
}

impl Serialize for EventRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = body_of(&self.payload);
        let line = Line {
            id: &self.id,
            delivery: self.delivery(),
            received_at: self.received_at(),
            matched: self.matched,
            secret: &self.secret,
            duplicate: self.duplicate,
            target: self.target(),
            headers: self.headers(),
            event_type: self.event_type(),
            render_id: self.render_id(),
            variation_id: self.variation_id(),
            payload: &self.payload,
            body: body.as_deref().and_then(|canonical| serde_json::from_str(canonical).ok()),
        };
        line.serialize(serializer)
    }
}

impl Report for EventRecord {
    const KIND: &'static str = "event";

    fn human(&self) -> Text {
        let identity = &self.identity;
        let event_type = self.event_type().unwrap_or("unknown");
        let mut text = Text::at(self.received_at());
        text.plain("  -->  ");
        let type_meaning = if identity.is_error() { Meaning::Failure } else { Meaning::Plain };
        text.add(type_meaning, format_args!("{event_type:<7}")).plain(" ");
        match (self.render_id(), self.variation_id()) {
            (Some(render), Some(variation)) => {
                text.add(Meaning::Identifier, format_args!("{render}/{variation}")).plain("  ");
            }
            (Some(id), None) | (None, Some(id)) => {
                text.add(Meaning::Identifier, id).plain("  ");
            }
            (None, None) => {}
        }
        if let Some(variation_type) = &identity.variation_type {
            text.plain(format_args!("{variation_type:<8}  "));
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
        if identity.is_error()
            && let Some(message) = self.event().error_message()
        {
            text.end_line().plain("                ").add(Meaning::Failure, message);
        }
        text
    }
}

/// Arrays and objects that readers of JSON commonly take inside each other, the record around them included.
const READABLE_DEPTH: usize = 100;

/// The canonical form, to stand as a value inside the record; none of what would make the line unreadable to many.
fn body_of(text: &str) -> Option<Cow<'_, str>> {
    let canonical = if is_canonical_within(text, READABLE_DEPTH) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(canonicalize_within(text.as_bytes(), READABLE_DEPTH).ok()?)
    };
    (!has_lone_surrogate(&canonical)).then_some(canonical)
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
fn event_id(target: &str, verified: &Verified) -> String {
    let key = match verified.identity().outcome() {
        Some((variation, event_type)) => serde_json::to_vec(&("variation", variation, event_type)),
        None => serde_json::to_vec(&("body", target, canonical(verified))),
    };
    let digest = Sha256::digest(key.expect("texts are JSON"));
    let mut id = String::with_capacity(28);
    id.push_str("evt_");
    data_encoding::BASE32_NOPAD.encode_append(&digest[..15], &mut id);
    id.truncate(24);
    id.make_ascii_lowercase();
    id
}

fn canonical(verified: &Verified) -> Cow<'_, str> {
    match (verified.matched(), verified.text()) {
        (Matched::Both | Matched::Canonical, text) => Cow::Borrowed(text),
        (Matched::Raw, text) => canonicalize(text.as_bytes()).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// A record read from a file: a claim, until its signature is verified again.
#[derive(Debug, Deserialize)]
pub(crate) struct StoredRecord {
    kind: String,
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) target: Option<String>,
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
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
        let said = Identity::salvaged(payload);
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
        let mut headers: Headers = [("Cookie", "session=1"), ("proxy-authorization", "Basic x")].into_iter().collect();
        headers.push("x-vsai-signature", &signature.to_string());
        EventRecord::new(
            verified,
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
