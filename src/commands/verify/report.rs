//! What `vsai verify` says of one payload: the verdict and, if it was looked for, the cause.

use serde::Serialize;

use super::check::{Checked, Checker, Refused};
use crate::output::{Meaning, Report, Text};
use crate::payload::Input;
use crate::protocol::Matched;
use crate::protocol::explain::Diagnosis;

#[derive(Serialize)]
pub(super) struct Verification {
    pub(super) file: String,
    /// Line of the record in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<usize>,
    /// The record's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) matched: Option<Matched>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnosis: Option<Box<Diagnosis>>,
}

impl Verification {
    pub(super) fn new(input: &Input, result: Result<Checked, Refused>, checker: &Checker<'_>) -> Self {
        let (checked, refused) = match result {
            Ok(checked) => (Some(checked), None),
            Err(refused) => (None, Some(refused)),
        };
        let (reason, diagnosis) = refused.map(|refused| (refused.reason, refused.diagnosis)).unzip();
        Self {
            file: input.to_string(),
            line: None,
            id: None,
            verified: checked.is_some(),
            matched: checked.as_ref().map(|checked| checked.matched),
            secret: checked.map(|checked| checker.fingerprint(&checked)),
            reason,
            diagnosis: diagnosis.flatten(),
        }
    }
}

impl Report for Verification {
    const KIND: &'static str = "verification";

    fn human(&self) -> Text {
        let mut text = Text::new();
        text.plain(&self.file);
        if let Some(line) = self.line {
            text.plain(format!(":{line}"));
        }
        text.plain(": ");
        match &self.reason {
            None => text.add(Meaning::Success, "✓ verified"),
            Some(reason) => text.add(Meaning::Failure, format!("✗ not verified: {reason}")),
        };
        match self.matched {
            Some(Matched::Raw) => text.plain(", the exact bytes"),
            Some(Matched::Canonical) => text.plain(", its canonical form: it was reformatted on the way"),
            _ => &mut text,
        };
        if let Some(secret) = &self.secret {
            text.add(Meaning::Dim, format!(" (secret {secret})"));
        }
        if let Some(diagnosis) = &self.diagnosis {
            text.diagnosis(diagnosis);
        }
        text
    }
}
