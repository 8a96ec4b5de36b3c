//! `vsai sign`: the signature of payload files, offline.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::context::{Context, SecretArgs};
use crate::error::{Error, Exit};
use crate::output::{Meaning, Report, Text};
use crate::payload::{Input, PayloadError};
use crate::protocol::{SIGNATURE_HEADER, Secret, Signature, SigningKey};

/// Sign payload files as the vendor does, offline
///
/// Signs the canonical form, `JSON.stringify(JSON.parse(text))`, which is what the vendor signs and its documented receiver
/// checks. One file prints bare hex, several print `HEX  FILE` lines.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// Payload files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Sign the exact bytes, of any size and kind, instead of the canonical form
    #[arg(long)]
    raw: bool,
    /// Print the whole header, for curl -H
    #[arg(long)]
    header: bool,
    /// Also write each signature to FILE.sig
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

#[derive(Serialize)]
struct Signed {
    file: String,
    signature: String,
    form: Form,
    secret: String,
    #[serde(skip)]
    shown: Shown,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Form {
    Canonical,
    Raw,
}

#[derive(Clone, Copy)]
enum Shown {
    Hex,
    HexAndFile,
    Header,
}

impl Report for Signed {
    const KIND: &'static str = "signature";

    fn human(&self) -> Text {
        let mut text = Text::new();
        match self.shown {
            Shown::Hex => text.plain(&self.signature),
            Shown::HexAndFile => text.plain(&self.signature).plain("  ").plain(&self.file),
            Shown::Header => text.plain(format!("{SIGNATURE_HEADER}: {}", self.signature)),
        };
        text
    }
}

impl Sign {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let inputs: Vec<Input> = self.files.iter().cloned().map(Input::from).collect();
        self.check(&inputs)?;
        let secret = context.signing_secret(&self.secret)?;
        let key = SigningKey::new(&secret);
        let mut failures = 0;
        for input in &inputs {
            match self.sign(input, &key, context) {
                Ok(signature) => context.printer.report(&self.signed(input, signature, &secret, inputs.len())),
                Err(error) if inputs.len() == 1 => return Err(error),
                Err(error) => {
                    error.tell(&context.printer);
                    failures += 1;
                }
            }
        }
        Ok(match failures {
            0 => Exit::Done,
            all if all == inputs.len() => Exit::CannotStart,
            _ => Exit::Partly,
        })
    }

    fn check(&self, inputs: &[Input]) -> Result<(), Error> {
        if self.header && inputs.len() > 1 {
            return Err(Error::usage("--header is for one file"));
        }
        if self.write && inputs.iter().any(Input::is_stdin) {
            return Err(Error::usage("--write has no place for the signature of standard input"));
        }
        if inputs.iter().filter(|input| input.is_stdin()).count() > 1 {
            return Err(Error::usage("standard input can be read once only"));
        }
        Ok(())
    }

    fn sign(&self, input: &Input, key: &SigningKey, context: &Context) -> Result<Signature, Error> {
        let unreadable = |error: std::io::Error| Error::unreadable(input.path(), &error);
        let signature = if self.raw {
            input.sign_raw(std::slice::from_ref(key)).map_err(unreadable)?.remove(0)
        } else {
            sign_canonical(input, key, context)?
        };
        if self.write {
            write_beside(input, signature, context)?;
        }
        Ok(signature)
    }

    fn signed(&self, input: &Input, signature: Signature, secret: &Secret, inputs: usize) -> Signed {
        let shown = match (self.header, inputs) {
            (true, _) => Shown::Header,
            (false, 1) => Shown::Hex,
            _ => Shown::HexAndFile,
        };
        Signed {
            file: input.to_string(),
            signature: signature.to_string(),
            form: if self.raw { Form::Raw } else { Form::Canonical },
            secret: secret.fingerprint(),
            shown,
        }
    }
}

fn sign_canonical(input: &Input, key: &SigningKey, context: &Context) -> Result<Signature, Error> {
    let payload = input.signable().map_err(|error| match error {
        PayloadError::TooLong(_) => Error::from(error).hint("--raw signs the exact bytes, of any size"),
        PayloadError::NotCanonical(..) => Error::from(error).hint("--raw signs the exact bytes, whatever they are"),
        PayloadError::Unreadable(..) => error.into(),
    })?;
    if !payload.is_container() {
        context.warn_of_no_container(input);
    }
    if payload.canonical.as_bytes() != payload.bytes {
        context.printer.detail(format!("{input} is not canonical as it stands; its canonical form was signed"));
    }
    Ok(key.sign(payload.canonical.as_bytes()))
}

fn write_beside(input: &Input, signature: Signature, context: &Context) -> Result<(), Error> {
    let path = input.signature_path();
    std::fs::write(&path, format!("{signature}\n")).map_err(|error| Error::unwritable(&path, &error))?;
    let mut note = Text::from("wrote ");
    note.add(Meaning::Path, path.display().to_string());
    context.printer.note(note);
    Ok(())
}
