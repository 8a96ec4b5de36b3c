//! `vsai events explain`: why a delivery was refused, from what the listener has kept of it.

use clap::Args;
use serde::Serialize;

use super::reading::closing;
use crate::context::{Context, JournalArgs, SecretArgs};
use crate::error::{Error, Exit, Kind};
use crate::journal::{Access, Engine, Refused};
use crate::output::{Meaning, Record, Report, Text};
use crate::protocol::explain::{Clues, Diagnosis, explain, explain_header};
use crate::protocol::{Secret, Signature, Verifier};

/// Explain why a delivery was refused
///
/// Checks it once more with the secrets of today and, if they do not fit, looks for the cause; tries the stored secrets and API
/// key too. The last 100 refused deliveries are kept. Exits 0 when its signature is right with a live secret, 1 when it is not.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The refused delivery, as the listener names it
    #[arg(value_name = "REF_N", value_parser = reference)]
    reference: u64,
    #[command(flatten)]
    journal: JournalArgs,
    #[command(flatten)]
    secret: SecretArgs,
}

fn reference(text: &str) -> Result<u64, String> {
    let number = text.strip_prefix("ref_").and_then(|number| number.parse().ok());
    number.ok_or_else(|| "a refused delivery is called ref_1, ref_2 and so on".to_owned())
}

/// A refused delivery, judged once more.
#[derive(Serialize)]
struct Explanation<'a> {
    /// As `vsai listen --json` prints it.
    refused: Record<'a, Refused>,
    #[serde(skip)]
    record: &'a Refused,
    /// Path and query.
    target: &'a str,
    /// Bytes of the body that were kept.
    kept: usize,
    /// Whether its signature is right with a live secret of today.
    verified: bool,
    /// Fingerprint of the secret that it is right with.
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnosis: Option<Diagnosis>,
}

impl Explain {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        let secrets = context.secrets(&self.secret)?.secrets;
        context.block_on(async {
            let journal = context.journal(&self.journal, Access::Existing)?;
            closing(journal, async |journal| {
                let refused = journal.refusal(self.reference).await?.ok_or_else(|| self.unknown())?;
                let explanation = explained(&refused, &secrets, context);
                context.printer.report(&explanation);
                Ok(if explanation.verified { Exit::Done } else { Exit::No })
            })
            .await
        })
    }

    fn unknown(&self) -> Error {
        let message = format!("there is no refused delivery ref_{}: the last 100 are kept", self.reference);
        Error::new(Kind::Input, message)
    }
}

fn explained<'a>(refused: &'a Refused, live: &[Secret], context: &Context) -> Explanation<'a> {
    let body = refused.evidence().unwrap_or_default();
    // As HTTP joins the values of a header that came several times.
    let header = refused.signatures().join(", ");
    let signer = Signature::parse(&header).ok().and_then(|signature| {
        let verified = Verifier::new(live).verify(body, signature).ok()?;
        Some(live[verified.secret()].fingerprint())
    });
    let diagnosis = match &signer {
        Some(_) => None,
        None if body.len() < refused.size() => Some(Diagnosis {
            summary: format!(
                "not explained: of the {} bytes of its body only the first {} are kept",
                refused.size(),
                body.len()
            ),
            ..explain_header(header.as_bytes(), &[])
        }),
        None if body.is_empty() => None,
        None => {
            let others = context.suspects(live);
            Some(explain(&Clues { body, header: header.as_bytes(), live, others: &others }))
        }
    };
    Explanation {
        refused: Record::of(refused),
        record: refused,
        target: refused.target(),
        kept: body.len(),
        verified: signer.is_some(),
        secret: signer,
        diagnosis,
    }
}

impl Report for Explanation<'_> {
    const KIND: &'static str = "explanation";

    fn human(&self) -> Text {
        let mut text = self.record.human();
        text.end_line().plain("  sent to ").plain(self.target);
        if let Some(secret) = &self.secret {
            text.end_line().plain("  ").add(Meaning::Success, "✓ its signature is right with a secret of today");
            text.add(Meaning::Dim, format!(" (secret {secret})"));
        } else if let Some(diagnosis) = &self.diagnosis {
            text.diagnosis(diagnosis);
        } else {
            text.end_line().plain("  nothing of its body was read: there is no signature to explain");
        }
        text
    }
}
