//! What a diagnosis is given and what it says.

use serde::Serialize;

use crate::protocol::Secret;

/// A delivery that did not verify, and the secrets to try on it.
#[derive(Debug, Clone, Copy)]
pub struct Clues<'a> {
    /// The body as it came.
    pub body: &'a [u8],
    /// The signature as it was given: a header's value, an argument or a file, however malformed; empty when there was none.
    pub header: &'a [u8],
    /// The secrets that verification tried.
    pub live: &'a [Secret],
    /// Secrets that verify nothing but may have signed by mistake.
    pub others: &'a [(SecretOrigin, Secret)],
}

/// Where a secret comes from that is not a live one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretOrigin {
    /// The API key, taken for the webhook secret.
    ApiKey,
    /// The secret before the present one.
    Previous,
    /// A secret that was sent to the API, with an answer that did not say whether it took it.
    Pending,
    /// The secret of a profile that is not in force or was passed over, by its name.
    Profile(String),
    /// The secret of the environment, which was passed over.
    Environment,
}

/// How a diagnosis ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The cause is proved: with it undone, the signature is right.
    Explained,
    /// No known cause fits.
    Unexplained,
    /// There is nothing to explain: the signature is right.
    Right,
}

/// The part of a delivery that a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The signature as it was given.
    Header,
    /// The signed bytes.
    Body,
    /// The key.
    Secret,
}

/// One difference between what was signed and what is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable name, such as `body_newline_added`, that begins with the part's.
    pub code: &'static str,
    /// Where the difference is.
    pub part: Part,
    /// What happened, in a sentence with its evidence.
    pub what: String,
    /// What to do about it.
    pub fix: &'static str,
}

impl Finding {
    pub(super) fn new(code: &'static str, what: impl Into<String>, fix: &'static str) -> Self {
        let part = match code.split('_').next() {
            Some("header") => Part::Header,
            Some("secret") => Part::Secret,
            _ => Part::Body,
        };
        Self { code, part, what: what.into(), fix }
    }
}

/// Why a signature did not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// How the search ended.
    pub verdict: Verdict,
    /// The differences that, undone together, make the signature right: simplest explanation first found. Empty unless
    /// the verdict is [`Verdict::Explained`].
    pub cause: Vec<Finding>,
    /// What was noticed but proves nothing, most telling first. Empty when the cause is proved.
    pub hints: Vec<Finding>,
    /// Fingerprint of the secret, among those given, that the proof rests on.
    pub secret: Option<String>,
    /// Digests that were computed: the size of the proof, and of what was ruled out.
    pub tried: usize,
    /// Whether every known cause was tried; the bounds on work leave some out for large bodies and many secrets.
    pub complete: bool,
    /// The outcome in one line.
    pub summary: String,
}

impl Diagnosis {
    /// What to do, each thing once: several findings of one diagnosis may ask for the same.
    pub fn fixes(&self) -> Vec<&'static str> {
        let mut fixes = Vec::new();
        for finding in self.cause.iter().chain(&self.hints) {
            if !fixes.contains(&finding.fix) {
                fixes.push(finding.fix);
            }
        }
        fixes
    }
}
