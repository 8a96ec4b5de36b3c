//! The deliveries that a handler is tried with, and the answer that each must get.

use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::delivery::{Message, signature_header};
use crate::protocol::synthetic::{Occasion, Synthetic, canonical};
use crate::protocol::{Secret, Signature, SigningKey};

/// Time over which the slow delivery's body arrives.
const SLOW: Duration = Duration::from_secs(1);

/// Which answers are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Exactly 200.
    Acceptance,
    /// 4xx: a 5xx is a failure, not a refusal.
    Refusal,
    /// Either of the two.
    Decision,
    /// Whatever it is, it is told and not judged.
    Anything,
}

impl Expected {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Acceptance => "200",
            Self::Refusal => "4xx",
            Self::Decision => "200 or 4xx",
            Self::Anything => "anything",
        }
    }

    pub(super) fn is_met_by(self, status: u16) -> bool {
        let (accepted, refused) = (status == 200, (400..500).contains(&status));
        match self {
            Self::Acceptance => accepted,
            Self::Refusal => refused,
            Self::Decision => accepted || refused,
            Self::Anything => true,
        }
    }
}

/// One thing that a handler must do rightly.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) expected: Expected,
    /// What to do about a wrong answer.
    pub(super) advice: &'static str,
    /// What is sent.
    pub(super) delivery: fn(&Maker) -> Message,
    /// How often.
    pub(super) copies: u32,
}

const fn case(name: &'static str, expected: Expected, advice: &'static str, delivery: fn(&Maker) -> Message) -> Case {
    Case { name, expected, advice, delivery, copies: 1 }
}

/// All of them, in the order in which they are sent.
pub(super) const CASES: [Case; 19] = [
    case(
        "valid",
        Expected::Acceptance,
        "does it have the secret that vsai signs with, and is that its path?",
        |maker| maker.of(Synthetic::Done),
    ),
    case("error-event", Expected::Acceptance, "take events without a result: variations fail", |maker| {
        maker.of(Synthetic::Error)
    }),
    case("analysis", Expected::Acceptance, "take events without a render_id: analyses have none", |maker| {
        maker.of(Synthetic::AnalysisCompletion)
    }),
    case(
        "multi-view",
        Expected::Acceptance,
        "take an array as result: multi-view has one result for each view",
        |maker| maker.of(Synthetic::MultiView),
    ),
    case(
        "unknown-type",
        Expected::Acceptance,
        "answer 200 to types that you do not know, or the vendor sends them again",
        |maker| maker.of(Synthetic::Unknown),
    ),
    case("unicode-heavy", Expected::Acceptance, "sign the UTF-8 bytes, neither escaped nor normalised", |maker| {
        maker.of(Synthetic::Unicode)
    }),
    case(
        "reformatted",
        Expected::Acceptance,
        "sign JSON.stringify(JSON.parse(body)), as documented; or --skip it if nothing on the way reformats",
        |maker| maker.reformatted(),
    ),
    Case {
        copies: 2,
        ..case(
            "duplicate",
            Expected::Acceptance,
            "answer 200 to what has come before, or the vendor sends it again",
            |maker| maker.of(Synthetic::Done),
        )
    },
    case("charset", Expected::Acceptance, "take application/json; charset=utf-8 as JSON", |maker| {
        maker.done_of_type("application/json; charset=utf-8")
    }),
    case("slow", Expected::Acceptance, "read until the body ends: it may come in pieces", |maker| {
        maker.of(Synthetic::Done).slowly(SLOW)
    }),
    case("90-kib", Expected::Acceptance, "take bodies of 90 KiB: Express does", |maker| {
        maker.signed(maker.of_size(90 * 1024))
    }),
    case("1-mib", Expected::Anything, "", |maker| maker.signed(maker.of_size(1024 * 1024))),
    case("tampered", Expected::Refusal, "check the signature before you believe the body", |maker| maker.tampered()),
    case("unsigned", Expected::Refusal, "answer 401 where there is no X-VSAI-Signature", |maker| {
        Message::json(maker.payload(Synthetic::Done))
    }),
    case(
        "wrong-secret",
        Expected::Refusal,
        "compare the signature with your own HMAC of the body; answer 401",
        |maker| maker.of_another_secret(),
    ),
    case(
        "malformed-signature",
        Expected::Refusal,
        "compare lengths first: timingSafeEqual throws where they differ; answer 401",
        |maker| maker.malformed_signature(),
    ),
    case("cut-short", Expected::Refusal, "answer 400 to what is no JSON", |maker| maker.cut_short()),
    case("odd-content-type", Expected::Decision, NOT_PARSED, |maker| maker.done_of_type("text/plain")),
    case("no-content-type", Expected::Decision, NOT_PARSED, |maker| maker.done_without_type()),
];

const NOT_PARSED: &str = "answer 415 before you sign a body that was not parsed (undefined in Express 5)";

/// Makes deliveries about one variation.
pub(super) struct Maker {
    key: SigningKey,
    other_key: SigningKey,
    occasion: Occasion,
}

impl Maker {
    pub(super) fn new(secret: &Secret, occasion: Occasion) -> Self {
        let other = Secret::new(format!("not-{}", secret.expose())).expect("not empty");
        Self { key: SigningKey::new(secret), other_key: SigningKey::new(&other), occasion }
    }

    fn payload(&self, synthetic: Synthetic) -> String {
        synthetic.payload(&self.occasion)
    }

    fn signature(&self, payload: &str) -> Signature {
        self.key.sign(payload.as_bytes())
    }

    fn signed(&self, payload: String) -> Message {
        let signature = self.signature(&payload);
        Message::json(payload).signed(signature)
    }

    fn of(&self, synthetic: Synthetic) -> Message {
        self.signed(self.payload(synthetic))
    }

    fn of_another_secret(&self) -> Message {
        let payload = self.payload(Synthetic::Done);
        let signature = self.other_key.sign(payload.as_bytes());
        Message::json(payload).signed(signature)
    }

    /// As an editor or a proxy would lay it out, with the signature of what the vendor sent.
    fn reformatted(&self) -> Message {
        let payload = self.payload(Synthetic::Done);
        let document: Value = serde_json::from_str(&payload).expect("just written");
        Message::json(format!("{document:#}\n")).signed(self.signature(&payload))
    }

    /// A millisecond later than what was signed.
    fn tampered(&self) -> Message {
        let later = Occasion { timestamp: self.occasion.timestamp + 1, ..self.occasion.clone() };
        Message::json(Synthetic::Done.payload(&later)).signed(self.signature(&self.payload(Synthetic::Done)))
    }

    fn malformed_signature(&self) -> Message {
        let payload = self.payload(Synthetic::Done);
        let half = &self.signature(&payload).to_string()[..32];
        let value = HeaderValue::from_str(half).expect("hex is a header value");
        Message::json(payload).header(signature_header(), value)
    }

    fn cut_short(&self) -> Message {
        let payload = self.payload(Synthetic::Done);
        Message::json(payload[..100].to_owned()).signed(self.signature(&payload))
    }

    fn done_of_type(&self, content_type: &'static str) -> Message {
        self.of(Synthetic::Done).header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    fn done_without_type(&self) -> Message {
        let payload = self.payload(Synthetic::Done);
        let signature = self.signature(&payload);
        Message::new(payload).signed(signature)
    }

    /// A payload of exactly so many bytes.
    fn of_size(&self, bytes: usize) -> String {
        let with_note = |note: String| {
            let mut document = Synthetic::Done.document(&self.occasion);
            document["note"] = json!(note);
            canonical(&document)
        };
        let bare = with_note(String::new()).len();
        with_note("x".repeat(bytes.saturating_sub(bare)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_right_or_wrong() {
        for (expected, right) in [
            (Expected::Acceptance, &[200][..]),
            (Expected::Refusal, &[400, 401, 413, 499]),
            (Expected::Decision, &[200, 400, 401, 413, 499]),
            (Expected::Anything, &[200, 201, 204, 302, 400, 401, 413, 499, 500, 503]),
        ] {
            let met = |status: &u16| expected.is_met_by(*status);
            let statuses = [200, 201, 204, 302, 400, 401, 413, 499, 500, 503];
            assert_eq!(statuses.into_iter().filter(met).collect::<Vec<u16>>(), right, "{expected:?}");
        }
    }

    #[test]
    fn sizes_are_exact() {
        let occasion = Occasion { run: [1; 16], number: 1, timestamp: 1 };
        let maker = Maker::new(&Secret::new("s").expect("not empty"), occasion);
        assert_eq!([90 * 1024, 1 << 20].map(|size| maker.of_size(size).len()), [90 * 1024, 1 << 20]);
    }
}
