//! A user's handler: what of a verified delivery goes to it. What is not signed goes along only where it does no harm.

use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use jiff::Timestamp;

use super::sender::signature_header;
use super::{Attempt, Forward, Message, Sender, Target};
use crate::journal::{EventRecord, Headers, Outcome, Position, Verdict};
use crate::protocol::SIGNATURE_HEADER;

/// Tells a handler which event it gets, to notice a second time by.
pub(crate) const EVENT_ID_HEADER: HeaderName = HeaderName::from_static("x-vsai-cli-event-id");

/// Unsigned headers that are passed on as they came. Everything else stays: names that proxies and frameworks act on could
/// be anybody's.
const PASSED_ON: [HeaderName; 2] = [CONTENT_TYPE, USER_AGENT];

/// Lines of an answer other than 200 that are recorded.
const LINES_RECORDED: usize = 10;

/// What of a delivery goes to a handler.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parcel<'a> {
    /// `evt_…`; none for what nobody has received so.
    pub(crate) id: Option<&'a str>,
    /// Path and query that it was sent to.
    pub(crate) target: &'a str,
    pub(crate) headers: &'a Headers,
    pub(crate) payload: &'a str,
}

impl<'a> From<&'a EventRecord> for Parcel<'a> {
    fn from(record: &'a EventRecord) -> Self {
        Self { id: Some(record.id()), target: record.target(), headers: record.headers(), payload: record.payload() }
    }
}

/// An attempt that was made.
#[derive(Debug)]
pub(crate) struct Tried<'a> {
    /// Who made it.
    pub(crate) consumer: &'a str,
    pub(crate) position: Position,
    pub(crate) record: &'a EventRecord,
    /// From 1.
    pub(crate) number: u32,
    /// When it ended.
    pub(crate) at: Timestamp,
    pub(crate) verdict: Verdict,
}

/// Where events are handed to, and what goes along.
#[derive(Debug)]
pub(crate) struct Handler {
    target: Target,
    headers: HeaderMap,
    sender: Sender,
}

impl Handler {
    /// `headers` are the user's own and win over the delivery's.
    pub(crate) fn new(target: Target, headers: HeaderMap, sender: Sender) -> Self {
        Self { target, headers, sender }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Makes one attempt.
    pub(crate) async fn hand<'a>(&self, parcel: impl Into<Parcel<'a>>) -> Attempt {
        let parcel = parcel.into();
        self.sender.post(&self.target_of(&parcel), &self.message(&parcel)).await
    }

    /// Where it goes to.
    pub(crate) fn target_of(&self, parcel: &Parcel<'_>) -> Target {
        self.target.with_query_of(parcel.target)
    }

    /// An attempt as it is recorded, and as it is told.
    pub(crate) fn account(&self, tried: &Tried<'_>, attempt: &Attempt) -> (Outcome, Forward) {
        let answer = attempt.outcome.as_ref().ok();
        let refusal = answer.filter(|answer| answer.status != 200);
        let outcome = Outcome {
            consumer: tried.consumer.to_owned(),
            of: tried.position,
            attempt: tried.number,
            at: tried.at,
            target: self.target.to_string(),
            status: answer.map(|answer| answer.status.as_u16()),
            error: attempt.outcome.as_ref().err().map(ToString::to_string),
            duration_ms: attempt.duration.as_millis() as u64,
            answer: refusal.map(|answer| answer.first_lines(LINES_RECORDED)).filter(|text| !text.is_empty()),
            verdict: tried.verdict,
            finished_to: None,
        };
        let forward = Forward::new(tried.at, tried.record.identity(), &self.target, attempt);
        (outcome, forward.passed_on(tried.record, tried.number, tried.verdict))
    }

    /// What goes there.
    pub(crate) fn message(&self, parcel: &Parcel<'_>) -> Message {
        let mut message = Message::json(parcel.payload.to_owned());
        for name in PASSED_ON {
            message = message.header_of(parcel.headers, name.as_str(), name.clone());
        }
        message = message.header_of(parcel.headers, SIGNATURE_HEADER, signature_header());
        if let Some(id) = parcel.id.and_then(|id| HeaderValue::from_str(id).ok()) {
            message = message.header(EVENT_ID_HEADER, id);
        }
        self.headers.iter().fold(message, |message, (name, value)| message.header(name.clone(), value.clone()))
    }
}

impl Message {
    /// Sets a header as the delivery had it, if it did.
    fn header_of(self, headers: &Headers, known_as: &str, name: HeaderName) -> Self {
        let value = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(known_as));
        match value.and_then(|(_, value)| HeaderValue::from_str(value).ok()) {
            Some(value) => self.header(name, value),
            None => self,
        }
    }
}
