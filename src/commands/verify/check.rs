//! One payload against its signature with every live secret, and a diagnosis where it was asked for.

use std::cell::{Cell, OnceCell};
use std::io;

use crate::context::Context;
use crate::journal::StoredRecord;
use crate::protocol::explain::{Clues, Diagnosis, SecretOrigin, explain, explain_header};
use crate::protocol::{MalformedSignature, Matched, Secret, Signature, SigningKey, Verifier};

const ONLY_EXACT: &str = "signature mismatch (only the exact bytes were tried)";

/// The live secrets in the two forms that checking takes.
pub(super) struct Checker<'a> {
    secrets: &'a [Secret],
    verifier: Verifier,
    context: &'a Context,
    explains: bool,
    /// Secrets to explain a mismatch with: only a mismatch is worth reading them.
    suspects: OnceCell<Vec<(SecretOrigin, Secret)>>,
    /// Whether a cause could have been looked for and was not.
    has_unexplained: Cell<bool>,
}

pub(super) struct Checked {
    pub(super) matched: Matched,
    secret: usize,
}

/// Why a payload is not verified.
pub(super) struct Refused {
    pub(super) reason: String,
    pub(super) diagnosis: Option<Box<Diagnosis>>,
}

impl Refused {
    /// For a record that has no signature to explain.
    pub(super) fn because(error: &impl ToString) -> Self {
        Self { reason: error.to_string(), diagnosis: None }
    }
}

impl<'a> Checker<'a> {
    pub(super) fn new(secrets: &'a [Secret], context: &'a Context, explains: bool) -> Self {
        let (suspects, has_unexplained) = (OnceCell::new(), Cell::new(false));
        Self { secrets, verifier: Verifier::new(secrets), context, explains, suspects, has_unexplained }
    }

    pub(super) fn fingerprint(&self, checked: &Checked) -> String {
        self.secrets[checked.secret].fingerprint()
    }

    pub(super) fn check_record(&self, record: &StoredRecord) -> Result<Checked, Refused> {
        let (payload, signature) = record.signed_payload().map_err(|error| Refused::because(&error))?;
        self.check_whole(payload, signature.as_bytes())
    }

    /// The exact bytes, then their canonical form.
    pub(super) fn check_whole(&self, bytes: &[u8], given: &[u8]) -> Result<Checked, Refused> {
        let verified = parsed(given)
            .and_then(|signature| self.verifier.verify(bytes, signature).map_err(|error| error.to_string()))
            .map_err(|reason| self.refused(reason, || self.explain(bytes, given)))?;
        Ok(Checked { matched: verified.matched(), secret: verified.secret() })
    }

    /// The exact bytes and nothing else.
    pub(super) fn check_exact(&self, bytes: &[u8], given: &[u8]) -> Result<Checked, Refused> {
        parsed(given)
            .and_then(|signature| self.verifier.signer_of(bytes, signature).ok_or_else(|| ONLY_EXACT.to_owned()))
            .map(|secret| Checked { matched: Matched::Raw, secret })
            .map_err(|reason| self.refused(reason, || self.explain(bytes, given)))
    }

    /// The exact bytes of what is not kept: `sign` reads it once, with all keys.
    pub(super) fn check_stream(
        &self,
        given: &[u8],
        sign: impl FnOnce(&[SigningKey]) -> io::Result<Vec<Signature>>,
    ) -> io::Result<Result<Checked, Refused>> {
        let signature = parsed(given);
        let is_worth_reading = self.explains || signature.is_ok();
        let keys: Vec<SigningKey> = self.secrets.iter().map(SigningKey::new).collect();
        let made = if is_worth_reading { sign(&keys)? } else { Vec::new() };
        let signer = signature
            .and_then(|signature| made.iter().position(|made| *made == signature).ok_or_else(|| ONLY_EXACT.to_owned()));
        Ok(signer
            .map(|secret| Checked { matched: Matched::Raw, secret })
            .map_err(|reason| self.refused(reason, || explain_header(given, &made))))
    }

    fn refused(&self, reason: String, diagnose: impl FnOnce() -> Diagnosis) -> Refused {
        let diagnosis = self.explains.then(|| Box::new(diagnose()));
        self.has_unexplained.set(self.has_unexplained.get() || diagnosis.is_none());
        Refused { reason, diagnosis }
    }

    fn explain(&self, body: &[u8], header: &[u8]) -> Diagnosis {
        let others = self.suspects.get_or_init(|| self.context.suspects(self.secrets));
        explain(&Clues { body, header, live: self.secrets, others })
    }

    /// Says how a cause is found, if one could have been.
    pub(super) fn hint_at_explain(&self) {
        if self.has_unexplained.get() {
            self.context.printer.note("--explain looks for the cause");
        }
    }
}

fn parsed(given: &[u8]) -> Result<Signature, String> {
    let text = str::from_utf8(given).map_err(|_| MalformedSignature);
    text.and_then(Signature::parse).map_err(|error| format!("the signature is malformed: {error}"))
}
