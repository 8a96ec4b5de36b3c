//! A delivery that was not verified: who sent it, why it was refused, and what it claims, cut short. It is no event, and
//! nothing can make it one.

use std::net::SocketAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::output::{Meaning, Report, Text};

/// Characters of a claim that are shown.
const SHOWN: usize = 40;

/// Bytes of a refused body that are kept to be explained.
const EVIDENCE_BYTES: usize = 256 * 1024;

/// A refused or merely marked delivery.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Refused {
    /// `ref_N`, by which it can be explained while it is kept.
    #[serde(rename = "ref")]
    reference: Option<String>,
    received_at: Timestamp,
    peer: SocketAddr,
    reason: String,
    /// HTTP status of the answer.
    answered: u16,
    size: usize,
    claims: Claims,
    /// With `--unverified mark`, the body as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified_payload: Option<String>,
    /// Path and query.
    #[serde(skip)]
    target: String,
    /// Each signature header's value.
    #[serde(skip)]
    signatures: Vec<String>,
    /// The body as it came, cut to [`EVIDENCE_BYTES`], where it is kept to be explained.
    #[serde(skip)]
    evidence: Option<Vec<u8>>,
}

/// What the sender says. Anybody can say it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Claims {
    #[serde(default)]
    event_type: Option<String>,
    #[serde(default)]
    render_id: Option<String>,
    #[serde(default)]
    variation_id: Option<String>,
}

/// How a delivery that was not verified came in.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) received_at: Timestamp,
    pub(crate) peer: SocketAddr,
    /// Path and query.
    pub(crate) target: String,
    /// Each signature header's value.
    pub(crate) signatures: Vec<String>,
}

impl Refused {
    /// `answered` is the HTTP status of the answer.
    pub(crate) fn new(facts: Facts, reason: String, answered: u16, body: &[u8]) -> Self {
        Self {
            reference: None,
            received_at: facts.received_at,
            peer: facts.peer,
            reason,
            answered,
            size: body.len(),
            claims: Claims::of(body),
            unverified_payload: None,
            target: facts.target,
            signatures: facts.signatures,
            evidence: None,
        }
    }

    /// What the journal has kept.
    pub(super) fn kept(facts: Facts, reason: String, answered: u16, size: usize, body: Vec<u8>) -> Self {
        Self { size, evidence: Some(body.clone()), ..Self::new(facts, reason, answered, &body) }
    }

    /// With the whole body as text, to be shown.
    pub(crate) fn with_payload(self, body: &[u8]) -> Self {
        Self { unverified_payload: Some(String::from_utf8_lossy(body).into_owned()), ..self }
    }

    /// With the body's beginning, to be explained.
    pub(crate) fn with_evidence(self, body: &[u8]) -> Self {
        Self { evidence: Some(body[..body.len().min(EVIDENCE_BYTES)].to_owned()), ..self }
    }

    /// The same under the name that it is kept by.
    pub(super) fn named(self, number: u64) -> Self {
        Self { reference: Some(format!("ref_{number}")), ..self }
    }

    /// The body as it came, perhaps cut, where it was kept.
    pub(crate) fn evidence(&self) -> Option<&[u8]> {
        self.evidence.as_deref()
    }

    /// Each signature header's value.
    pub(crate) fn signatures(&self) -> &[String] {
        &self.signatures
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// `ref_N`, while it is kept.
    pub(crate) fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    pub(crate) fn received_at(&self) -> Timestamp {
        self.received_at
    }

    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// HTTP status of the answer.
    pub(crate) fn answered(&self) -> u16 {
        self.answered
    }

    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }

    /// Bytes of the body as it came.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Bytes of the body that it keeps.
    pub(crate) fn kept_bytes(&self) -> usize {
        let evidence = self.evidence.as_ref().map_or(0, Vec::len);
        self.unverified_payload.as_ref().map_or(0, String::len) + evidence
    }

    fn was_refused(&self) -> bool {
        self.answered != 200
    }
}

/// The first characters of a stranger's text.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// The first characters of a stranger's text, in quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

impl Claims {
    /// Reads the three members that help to recognise a delivery; serde passes over the rest without storing it.
    fn of(body: &[u8]) -> Self {
        // serde would read a struct from the items of an array as well.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Self::default();
        }
        let claims: Self = serde_json::from_slice(body).unwrap_or_default();
        let cut = |claim: Option<String>| claim.map(|text| cut(&text));
        Self {
            event_type: cut(claims.event_type),
            render_id: cut(claims.render_id),
            variation_id: cut(claims.variation_id),
        }
    }
}

impl Report for Refused {
    const KIND: &'static str = "unverified";

    fn human(&self) -> Text {
        let word = if self.was_refused() { "refused" } else { "UNVERIFIED" };
        let mut text = Text::at(self.received_at);
        text.plain("  -->  ").add(Meaning::Failure, word).plain(" ");
        text.add(Meaning::Identifier, self.reference.as_deref().unwrap_or("-"));
        for claim in [&self.claims.event_type, &self.claims.render_id].into_iter().flatten() {
            text.plain(format!("  {claim:?}"));
        }
        text.plain("  ").add(Meaning::Failure, &self.reason);
        text.add(Meaning::Dim, format!("  ({} bytes from {}, answered {})", self.size, self.peer.ip(), self.answered));
        text
    }
}
