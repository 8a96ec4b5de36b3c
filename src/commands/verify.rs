//! `vsai verify`: whether payload files were signed with a live secret, offline.

mod check;
mod report;

use std::path::{Path, PathBuf};

use clap::Args;

use self::check::{Checker, Refused};
use self::report::Verification;
use crate::context::{Context, SecretArgs};
use crate::error::{Error, Exit, Kind, reason};
use crate::journal::StoredRecord;
use crate::payload::{Input, MAX_CANONICAL_BYTES, Payload, sign_stream};
use crate::protocol::Matched;

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
    /// On a mismatch, look for its cause; tries the stored secrets and API key too
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Verify {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let inputs: Vec<Input> = self.files.iter().cloned().map(Input::from).collect();
        self.check_usage(&inputs)?;
        let secrets = context.secrets(&self.secret)?.secrets;
        let checker = Checker::new(&secrets, context, self.explain);
        let mut tally = Tally::default();
        for input in &inputs {
            let result = if self.record {
                verify_records(input, &checker, context)
            } else {
                self.verify_file(input, &checker, context)
            };
            match result {
                Ok(true) => tally.verified += 1,
                Ok(false) => tally.mismatched += 1,
                Err(error) if inputs.len() == 1 => return Err(error),
                Err(error) => {
                    error.tell(&context.printer);
                    tally.unread += 1;
                }
            }
        }
        checker.hint_at_explain();
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

    /// The signature for one payload file as it was given, less the line end of a file.
    fn signature(&self, input: &Input) -> Result<Vec<u8>, Error> {
        let bytes = match (&self.sig, &self.sig_file) {
            (Some(Some(text)), _) => return Ok(text.clone().into_bytes()),
            (_, Some(path)) => std::fs::read(path).map_err(|error| unreadable_signature(path, &error))?,
            _ => signature_beside(input)?,
        };
        // What is no text stays whole: to UTF-16 and to the bare 32 bytes, 0x0A is no line end.
        let text = String::from_utf8(bytes).map(|text| text.trim_end_matches(['\n', '\r']).to_owned().into_bytes());
        Ok(text.unwrap_or_else(|error| error.into_bytes()))
    }

    fn verify_file(&self, input: &Input, checker: &Checker<'_>, context: &Context) -> Result<bool, Error> {
        let signature = self.signature(input)?;
        // What is to be explained is read whole.
        let payload = if self.raw && !self.explain { None } else { Some(read(input)?) };
        let was_canonicalized = !self.raw && matches!(payload, Some(Payload::Whole(_)));
        let result = match payload {
            Some(Payload::Whole(bytes)) if self.raw => Ok(checker.check_exact(&bytes, &signature)),
            Some(Payload::Whole(bytes)) => Ok(checker.check_whole(&bytes, &signature)),
            Some(Payload::Long(beginning, rest)) => checker.check_stream(&signature, |keys| {
                if !self.raw {
                    note_exact_only(input, context);
                }
                sign_stream(&beginning, rest, keys)
            }),
            None => checker.check_stream(&signature, |keys| input.sign_raw(keys)),
        };
        let result = result.map_err(|error| Error::unreadable(input.path(), &error))?;
        let verification = Verification::new(input, result, checker);
        context.printer.report(&verification);
        if was_canonicalized {
            warn_of_other_form(&verification, context);
        }
        Ok(verification.verified)
    }
}

fn verify_records(input: &Input, checker: &Checker<'_>, context: &Context) -> Result<bool, Error> {
    let text = input.records()?;
    let (mut records, mut all_verified) = (0, true);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut verification = match StoredRecord::read(line) {
            Ok(None) => continue,
            Ok(Some(record)) => {
                let mut verification = Verification::new(input, checker.check_record(&record), checker);
                verification.id = record.id;
                verification
            }
            Err(error) => Verification::new(input, Err(Refused::because(&error)), checker),
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

fn note_exact_only(input: &Input, context: &Context) {
    let limit = MAX_CANONICAL_BYTES / 1024 / 1024;
    context.printer.note(format!("{input} is larger than {limit} MiB: only its exact bytes are tried"));
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
