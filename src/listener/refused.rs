//! A delivery that was not verified: who sent it, why it was refused, and what it claims, cut short. It is no event, and
//! nothing can make it one.

use std::net::SocketAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::output::{Meaning, Report, Text};

/// Characters of a claim that are shown.
const SHOWN: usize = 40;

/// A refused or merely marked delivery.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Refused {
    #[serde(rename = "ref")]
    reference: String,
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

/// What is known of a delivery that was not verified.
pub(super) struct Facts<'a> {
    pub(super) number: u64,
    pub(super) received_at: Timestamp,
    pub(super) peer: SocketAddr,
    pub(super) reason: String,
    pub(super) answered: u16,
    pub(super) body: &'a [u8],
    pub(super) keep_payload: bool,
}

impl Refused {
    pub(super) fn new(facts: Facts<'_>) -> Self {
        Self {
            reference: format!("ref_{}", facts.number),
            received_at: facts.received_at,
            peer: facts.peer,
            reason: facts.reason,
            answered: facts.answered,
            size: facts.body.len(),
            claims: Claims::of(facts.body),
            unverified_payload: facts.keep_payload.then(|| String::from_utf8_lossy(facts.body).into_owned()),
        }
    }

    /// Bytes of the body that it keeps.
    pub(super) fn kept_bytes(&self) -> usize {
        self.unverified_payload.as_ref().map_or(0, String::len)
    }

    fn was_refused(&self) -> bool {
        self.answered != 200
    }
}

/// The first characters of a stranger's text.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// The first characters of a stranger's text, in quotes.
pub(super) fn quoted(text: &str) -> String {
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
        text.add(Meaning::Identifier, &self.reference);
        for claim in [&self.claims.event_type, &self.claims.render_id].into_iter().flatten() {
            text.plain(format!("  {claim:?}"));
        }
        text.plain("  ").add(Meaning::Failure, &self.reason);
        text.add(Meaning::Dim, format!("  ({} bytes from {}, answered {})", self.size, self.peer.ip(), self.answered));
        text
    }
}
