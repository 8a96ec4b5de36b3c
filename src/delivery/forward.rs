//! The `forward` record: how one attempt went, for people and for scripts.

use jiff::Timestamp;
use serde::Serialize;

use super::schedule::TRIES;
use super::{Answer, Attempt, Target};
use crate::journal::{EventRecord, Verdict};
use crate::output::{Meaning, Report, Text};
use crate::protocol::Identity;

/// Lines of an answer other than 200 that are shown.
const LINES_SHOWN: usize = 3;

/// One attempt to deliver an event.
#[derive(Debug, Serialize)]
pub(crate) struct Forward {
    at: Timestamp,
    /// The delivery that was passed on, `evt_….N`; none for events that are made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<String>,
    /// The file that it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    event_type: Option<String>,
    render_id: Option<String>,
    variation_id: Option<String>,
    /// The URL.
    target: String,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    duration_ms: u64,
    /// Where a redirect leads, which is not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The first lines of an answer that was not 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// What follows from it.
    #[serde(flatten)]
    verdict: Option<Verdict>,
    #[serde(skip)]
    short_target: String,
}

impl Forward {
    /// `at` is when the attempt ended.
    pub(crate) fn new(at: Timestamp, about: &Identity, target: &Target, attempt: &Attempt) -> Self {
        let answer = attempt.outcome.as_ref().ok();
        let refusal = answer.filter(|answer| answer.status != 200);
        Self {
            at,
            delivery: None,
            file: None,
            event_type: about.event_type.clone(),
            render_id: about.render_id.clone(),
            variation_id: about.variation_id.clone(),
            target: target.to_string(),
            attempt: attempt.number,
            status: answer.map(|answer| answer.status.as_u16()),
            error: attempt.outcome.as_ref().err().map(ToString::to_string),
            duration_ms: attempt.duration.as_millis() as u64,
            location: answer.and_then(Answer::location),
            answer: refusal.map(|answer| answer.first_lines(LINES_SHOWN)).filter(|text| !text.is_empty()),
            verdict: None,
            short_target: target.short(),
        }
    }

    /// An attempt to pass on a delivery, and what follows from it.
    pub(crate) fn passed_on(self, record: &EventRecord, number: u32, verdict: Verdict) -> Self {
        Self { delivery: Some(record.delivery()), attempt: number, verdict: Some(verdict), ..self }
    }

    /// An attempt with what was read from a file.
    pub(crate) fn read_from(self, file: String) -> Self {
        Self { file: Some(file), ..self }
    }

    fn add_subject(&self, text: &mut Text) {
        text.plain("  ").plain(self.event_type.as_deref().unwrap_or("unknown"));
        let ids: Vec<_> = [&self.render_id, &self.variation_id].into_iter().flatten().map(String::as_str).collect();
        text.plain(" ").add(Meaning::Identifier, ids.join("/"));
    }

    pub(crate) fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// Warns of a success for which the vendor, had it been the sender, would send again.
    pub(crate) fn warning(&self) -> Option<String> {
        let status = self.status.filter(|status| (201..300).contains(status))?;
        Some(format!("the vendor takes only 200 for delivered: after {status} it sends again"))
    }

    fn add_prospect(&self, text: &mut Text) {
        match self.verdict {
            Some(Verdict::Waiting { next_attempt_at }) => {
                let pause = next_attempt_at.duration_since(self.at).as_secs();
                let next = self.attempt + 1;
                text.add(Meaning::Dim, format!("  next try in {} ({next} of {TRIES})", in_words(pause)));
            }
            Some(Verdict::Failed) if self.attempt >= TRIES => {
                text.add(Meaning::Failure, format!("  given up after {} tries", self.attempt));
            }
            _ if self.attempt > 1 => {
                text.add(Meaning::Dim, format!("  try {}", self.attempt));
            }
            _ => {}
        }
    }
}

/// About how long.
fn in_words(seconds: i64) -> String {
    match seconds {
        ..1 => "a moment".to_owned(),
        1..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

impl Report for Forward {
    const KIND: &'static str = "forward";

    fn human(&self) -> Text {
        let mut text = Text::at(self.at);
        text.plain("  <--  ");
        let (word, meaning) = match self.status {
            Some(200) => ("200".to_owned(), Meaning::Success),
            Some(status @ 201..300) => (status.to_string(), Meaning::Warning),
            Some(status) => (status.to_string(), Meaning::Failure),
            None => ("failed".to_owned(), Meaning::Failure),
        };
        text.add(meaning, format!("{word:<7}")).plain(format!(" POST {}  ", self.short_target));
        text.add(Meaning::Dim, format!("{} ms", self.duration_ms));
        self.add_subject(&mut text);
        self.add_prospect(&mut text);
        if let Some(location) = &self.location {
            text.plain("  → ").add(Meaning::Path, location);
        }
        if let Some(error) = &self.error {
            text.plain("  ").add(Meaning::Failure, error);
        }
        for line in self.answer.iter().flat_map(|answer| answer.lines()) {
            text.end_line().plain("                ").add(Meaning::Dim, line);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use hyper::header::{HeaderMap, LOCATION};
    use hyper::{StatusCode, http::HeaderValue};

    use super::*;
    use crate::delivery::sender::AttemptError;
    use crate::output::json_record;

    fn record(outcome: Result<Answer, AttemptError>) -> serde_json::Value {
        let about = Identity { event_type: Some("done".to_owned()), ..Identity::default() };
        let attempt = Attempt { number: 2, outcome, duration: Duration::from_millis(12) };
        let target = Target::parse("3000/hooks?order=7").expect("a target");
        serde_json::from_str(&json_record(&Forward::new(Timestamp::UNIX_EPOCH, &about, &target, &attempt)))
            .expect("JSON")
    }

    fn answer(status: StatusCode, body: &'static str) -> Answer {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static("/login"))]);
        Answer { status, headers, body: Bytes::from(body) }
    }

    #[test]
    fn tells_what_was_answered_unless_it_was_200() {
        let good = record(Ok(answer(StatusCode::OK, "thanks")));
        assert_eq!((&good["status"], &good["attempt"], &good["duration_ms"]), (&200.into(), &2.into(), &12.into()));
        assert_eq!((good.get("answer"), good.get("location"), good.get("error")), (None, None, None));
        let bad = record(Ok(answer(StatusCode::BAD_GATEWAY, "one\r\n\n two\nthree\nfour")));
        assert_eq!((&bad["status"], &bad["answer"]), (&502.into(), &"one\n two\nthree".into()));
        assert_eq!(record(Ok(answer(StatusCode::FOUND, "")))["location"], "/login");
    }

    #[test]
    fn tells_why_there_is_no_answer() {
        let none = record(Err(AttemptError::Timeout(Duration::from_secs(1))));
        assert_eq!((none.get("status"), &none["error"]), (None, &"no answer within 1000 ms".into()));
    }
}
