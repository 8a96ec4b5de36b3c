//! Payload files and standard input: read once, in memory up to the limit of canonical JSON, streamed past it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::files::reason;
use crate::json_path::Assignment;
use crate::protocol::canonical_json::{CanonicalError, canonicalize_within};
use crate::protocol::synthetic::canonical;
use crate::protocol::{MAX_DEPTH, Signature, Signer, SigningKey};

/// The largest payload that is taken into memory for its canonical form: 64 MiB.
pub(crate) const MAX_CANONICAL_BYTES: usize = 64 * 1024 * 1024;

/// Pieces that a large file is read in: 256 KiB keeps SHA-256 at full speed.
const PIECE_BYTES: usize = 256 * 1024;

/// A file named on the command line, or `-` for standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input(PathBuf);

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

/// What was read: all of it, or the beginning of something that is too long to keep.
pub(crate) enum Payload {
    /// The whole payload.
    Whole(Vec<u8>),
    /// More than [`MAX_CANONICAL_BYTES`]: what was read so far, and the rest.
    Long(Vec<u8>, Box<dyn Read>),
}

/// A payload as it is, and what the vendor would sign of it.
#[derive(Debug, Clone)]
pub(crate) struct Signable {
    /// The exact bytes.
    pub(crate) bytes: Vec<u8>,
    /// Their canonical form.
    pub(crate) canonical: String,
}

impl Signable {
    /// A document with other members, written as the vendor writes it.
    pub(crate) fn changed(mut document: Value, set: &[Assignment]) -> Self {
        set.iter().for_each(|assignment| assignment.apply(&mut document));
        let canonical = canonical(&document);
        Self { bytes: canonical.clone().into_bytes(), canonical }
    }

    /// Whether Express's parser takes it.
    pub(crate) fn is_container(&self) -> bool {
        self.canonical.starts_with(['{', '['])
    }
}

/// Why a payload cannot be signed as the vendor does it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PayloadError {
    #[error("cannot read {}: {}", .0.display(), reason(.1))]
    Unreadable(PathBuf, io::Error),
    #[error("cannot sign {0}: it is larger than {limit} MiB, too large for canonical JSON", limit = MAX_CANONICAL_BYTES >> 20)]
    TooLong(Input),
    #[error("cannot sign {0}: it has no canonical form: {1}")]
    NotCanonical(Input, CanonicalError),
}

/// Why no records can be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordsError {
    #[error("cannot read {}: {}", .0.display(), reason(.1))]
    Unreadable(PathBuf, io::Error),
    #[error("cannot take records from {0}: it is larger than {limit} MiB", limit = MAX_CANONICAL_BYTES >> 20)]
    TooLong(Input),
    #[error("cannot take records from {0}: it is not UTF-8 text")]
    NotText(Input),
}

impl Input {
    pub(crate) fn is_stdin(&self) -> bool {
        self.0 == Path::new("-")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// `FILE.sig`, the signature's place beside a payload file.
    pub(crate) fn signature_path(&self) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(".sig");
        name.into()
    }

    fn open(&self) -> io::Result<Box<dyn Read>> {
        if self.is_stdin() { Ok(Box::new(io::stdin())) } else { Ok(Box::new(File::open(&self.0)?)) }
    }

    /// Reads the payload into memory unless it is too long.
    pub(crate) fn read(&self) -> io::Result<Payload> {
        let mut source = self.open()?;
        let mut bytes = Vec::new();
        source.by_ref().take(MAX_CANONICAL_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > MAX_CANONICAL_BYTES { Ok(Payload::Long(bytes, source)) } else { Ok(Payload::Whole(bytes)) }
    }

    /// Reads the payload and brings it into the form that the vendor signs.
    pub(crate) fn signable(&self) -> Result<Signable, PayloadError> {
        match self.read().map_err(|error| PayloadError::Unreadable(self.0.clone(), error))? {
            Payload::Long(..) => Err(PayloadError::TooLong(self.clone())),
            Payload::Whole(bytes) => match canonicalize_within(&bytes, MAX_DEPTH) {
                Ok(canonical) => Ok(Signable { bytes, canonical }),
                Err(error) => Err(PayloadError::NotCanonical(self.clone(), error)),
            },
        }
    }

    /// Reads a file of records.
    pub(crate) fn records(&self) -> Result<String, RecordsError> {
        match self.read().map_err(|error| RecordsError::Unreadable(self.0.clone(), error))? {
            Payload::Long(..) => Err(RecordsError::TooLong(self.clone())),
            Payload::Whole(bytes) => String::from_utf8(bytes).map_err(|_| RecordsError::NotText(self.clone())),
        }
    }

    /// Signs the exact bytes with each key, in constant memory.
    pub(crate) fn sign_raw(&self, keys: &[SigningKey]) -> io::Result<Vec<Signature>> {
        sign_stream(&[], self.open()?, keys)
    }
}

/// Signs `beginning` and what follows with each key.
pub(crate) fn sign_stream(beginning: &[u8], mut rest: impl Read, keys: &[SigningKey]) -> io::Result<Vec<Signature>> {
    let mut signers: Vec<Signer> = keys.iter().map(SigningKey::signer).collect();
    let mut piece = vec![0; PIECE_BYTES];
    signers.iter_mut().for_each(|signer| signer.update(beginning));
    loop {
        match rest.read(&mut piece) {
            Ok(0) => return Ok(signers.into_iter().map(Signer::finish).collect()),
            Ok(length) => signers.iter_mut().for_each(|signer| signer.update(&piece[..length])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
