//! `vsai verify`: whether payload files were signed with a live secret, offline.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::context::{Context, SecretArgs};
use crate::error::{Error, Exit, Kind, reason};
use crate::journal::StoredRecord;
use crate::output::{Meaning, Report, Text};
use crate::payload::{Input, MAX_CANONICAL_BYTES, Payload, sign_stream};
use crate::protocol::{Matched, Secret, Signature, SigningKey, Verifier};

/// Verify payload files against their signature, offline
///
/// Tries the exact bytes, then their canonical form, with every live secret. Exits 0 when all verify and 1 when one does not.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("signature").required(true).args(["sig", "sig_file", "record"]))]
pub(crate) struct Verify {
    /// Payload files; `-` is standard input
    #[arg(required_unless_present = "sig", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The signature; without a value, the one in FILE.sig. Put it after the files
    #[arg(long, value_name = "HEX", num_args = 0..=1)]
    sig: Option<Option<String>>,
    /// File that holds the signature
    #[arg(long, value_name = "FILE")]
    sig_file: Option<PathBuf>,
    /// The files hold `event` records, one a line, as `vsai listen --json` prints them
    #[arg(long)]
    record: bool,
    /// Try the exact bytes only; files of any size
    #[arg(long)]
    raw: bool,
    /// On a mismatch, look for its cause
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

#[derive(Serialize)]
struct Verification {
    file: String,
    /// Line of the record in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The record's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<Matched>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
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
        text
    }
}

/// The live secrets in the two forms that checking takes.
struct Checker<'a> {
    secrets: &'a [Secret],
    verifier: Verifier,
}

struct Checked {
    matched: Matched,
    secret: usize,
}

impl Verify {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let inputs: Vec<Input> = self.files.iter().cloned().map(Input::from).collect();
        self.check_usage(&inputs)?;
        let secrets = context.secrets(&self.secret)?.secrets;
        let checker = Checker { secrets: &secrets, verifier: Verifier::new(&secrets) };
        let mut tally = Tally::default();
        for input in &inputs {
            let result = if self.record {
                self.verify_records(input, &checker, context)
            } else {
                self.verify_file(input, &checker, context)
            };
            match result {
                Ok(true) => tally.verified += 1,
                Ok(false) => tally.mismatched += 1,
                Err(error) if inputs.len() == 1 => return Err(error),
                Err(error) => {
                    context.printer.error(error.kind.code(), &error.message, error.hint.as_deref());
                    tally.unread += 1;
                }
            }
        }
        Ok(tally.exit())
    }

    fn check_usage(&self, inputs: &[Input]) -> Result<(), Error> {
        if let ([], Some(Some(text))) = (inputs, &self.sig) {
            return Err(Error::usage(format!("no payload file is named: {text} was taken as the signature")).hint(
                format!("vsai verify {text} --sig reads {text}.sig; vsai verify FILE --sig HEX takes the signature"),
            ));
        }
        if inputs.len() > 1 && (matches!(self.sig, Some(Some(_))) || self.sig_file.is_some()) {
            return Err(Error::usage("one signature cannot be that of several files")
                .hint("--sig alone reads FILE.sig beside each"));
        }
        if matches!(self.sig, Some(None)) && inputs.iter().any(Input::is_stdin) {
            return Err(Error::usage("standard input has no FILE.sig beside it").hint("--sig HEX, or --sig-file FILE"));
        }
        if inputs.iter().filter(|input| input.is_stdin()).count() > 1 {
            return Err(Error::usage("standard input can be read once only"));
        }
        Ok(())
    }

    /// The signature's text for one payload file, as it was given.
    fn signature_text(&self, input: &Input) -> Result<String, Error> {
        let bytes = match (&self.sig, &self.sig_file) {
            (Some(Some(text)), _) => return Ok(text.clone()),
            (_, Some(path)) => std::fs::read(path).map_err(|error| unreadable_signature(path, &error))?,
            _ => signature_beside(input)?,
        };
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.trim_end_matches(['\n', '\r']).to_owned())
    }

    fn verify_file(&self, input: &Input, checker: &Checker<'_>, context: &Context) -> Result<bool, Error> {
        let text = self.signature_text(input)?;
        let payload = if self.raw { None } else { Some(read(input)?) };
        let was_canonicalized = matches!(payload, Some(Payload::Whole(_)));
        let result = match Signature::parse(&text) {
            Err(error) => Err(format!("the signature is malformed: {error}")),
            Ok(signature) => checker.check(input, payload, signature, context)?,
        };
        let verification = Verification::new(input, result, checker);
        context.printer.report(&verification);
        if was_canonicalized {
            warn_of_other_form(&verification, context);
        }
        Ok(verification.verified)
    }

    fn verify_records(&self, input: &Input, checker: &Checker<'_>, context: &Context) -> Result<bool, Error> {
        let Payload::Whole(bytes) = read(input)? else {
            let limit = MAX_CANONICAL_BYTES / 1024 / 1024;
            return Err(Error::new(
                Kind::Input,
                format!("cannot take records from {input}: it is larger than {limit} MiB"),
            ));
        };
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::new(Kind::Input, format!("cannot take records from {input}: it is not UTF-8 text")))?;
        let (mut records, mut all_verified) = (0, true);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let mut verification = match StoredRecord::read(line) {
                Ok(None) => continue,
                Ok(Some(record)) => {
                    let result = verify_record(&record, checker);
                    Verification { id: record.id, ..Verification::new(input, result, checker) }
                }
                Err(error) => Verification::new(input, Err(error.to_string()), checker),
            };
            verification.line = Some(number + 1);
            records += 1;
            all_verified &= verification.verified;
            context.printer.report(&verification);
        }
        if records == 0 {
            return Err(Error::new(Kind::Input, format!("there is no event record in {input}"))
                .hint("records are the lines that vsai listen --json prints"));
        }
        Ok(all_verified)
    }
}

fn warn_of_other_form(verification: &Verification, context: &Context) {
    if verification.matched == Some(Matched::Raw) {
        let message = format!(
            "{} is not canonical JSON: the documented receiver, which parses and writes it again, would refuse it",
            verification.file
        );
        context.printer.warning("not_canonical", &message);
    }
}

fn verify_record(record: &StoredRecord, checker: &Checker<'_>) -> Result<Checked, String> {
    let (payload, signature) = record.signed_payload().map_err(|error| error.to_string())?;
    let signature = Signature::parse(signature).map_err(|error| format!("the signature is malformed: {error}"))?;
    checker.check_whole(payload, signature)
}

fn read(input: &Input) -> Result<Payload, Error> {
    input.read().map_err(|error| Error::unreadable(input.path(), &error))
}

/// What `FILE.sig` holds.
fn signature_beside(input: &Input) -> Result<Vec<u8>, Error> {
    let path = input.signature_path();
    std::fs::read(&path).map_err(|error| match std::fs::metadata(input.path()) {
        Err(no_payload) => Error::unreadable(input.path(), &no_payload),
        Ok(_) => unreadable_signature(&path, &error)
            .hint(format!("give the signature that came with it: --sig HEX; or make one: vsai sign {input} --write")),
    })
}

fn unreadable_signature(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::Unreadable, format!("cannot read the signature from {}: {}", path.display(), reason(error)))
}

impl Checker<'_> {
    fn check(
        &self,
        input: &Input,
        payload: Option<Payload>,
        signature: Signature,
        context: &Context,
    ) -> Result<Result<Checked, String>, Error> {
        let keys: Vec<SigningKey> = self.secrets.iter().map(SigningKey::new).collect();
        let made = match payload {
            Some(Payload::Whole(bytes)) => return Ok(self.check_whole(&bytes, signature)),
            Some(Payload::Long(beginning, rest)) => {
                let limit = MAX_CANONICAL_BYTES / 1024 / 1024;
                context.printer.note(format!("{input} is larger than {limit} MiB: only its exact bytes are tried"));
                sign_stream(&beginning, rest, &keys)
            }
            None => input.sign_raw(&keys),
        };
        let made = made.map_err(|error| Error::unreadable(input.path(), &error))?;
        let secret = made.iter().position(|made| *made == signature);
        Ok(secret
            .map(|secret| Checked { matched: Matched::Raw, secret })
            .ok_or_else(|| "signature mismatch (only the exact bytes were tried)".to_owned()))
    }

    fn check_whole(&self, bytes: &[u8], signature: Signature) -> Result<Checked, String> {
        let verified = self.verifier.verify(bytes, signature).map_err(|error| error.to_string())?;
        Ok(Checked { matched: verified.matched(), secret: verified.secret() })
    }
}

impl Verification {
    fn new(input: &Input, result: Result<Checked, String>, checker: &Checker<'_>) -> Self {
        let (checked, reason) = match result {
            Ok(checked) => (Some(checked), None),
            Err(reason) => (None, Some(reason)),
        };
        Self {
            file: input.to_string(),
            line: None,
            id: None,
            verified: checked.is_some(),
            matched: checked.as_ref().map(|checked| checked.matched),
            secret: checked.map(|checked| checker.secrets[checked.secret].fingerprint()),
            reason,
        }
    }
}

#[derive(Default)]
struct Tally {
    verified: usize,
    mismatched: usize,
    unread: usize,
}

impl Tally {
    fn exit(&self) -> Exit {
        match self {
            Self { mismatched: 1.., .. } => Exit::No,
            Self { unread: 0, .. } => Exit::Done,
            Self { verified: 0, .. } => Exit::CannotStart,
            _ => Exit::Partly,
        }
    }
}
