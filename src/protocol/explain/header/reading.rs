//! Every way to read the header, and whether a digest is what it was meant to be.

use super::super::Finding;
use super::super::encodings::decode_utf16;
use super::super::line_ends::BOM;
use super::{damage, forms};
use crate::protocol::Signature;

/// One way to read the header, and what had to be undone for it.
#[derive(Debug, Clone)]
struct Reading {
    tag: [u8; 32],
    changes: Vec<Finding>,
}

/// The header, read in every way that could make it a signature.
#[derive(Debug, Clone)]
pub(in super::super) struct Header {
    text: String,
    /// What had to be undone to come to the text.
    undone: Vec<Finding>,
    readings: Vec<Reading>,
    well_formed: bool,
}

impl Header {
    /// Reads the bytes as they were given.
    pub(in super::super) fn read(bytes: &[u8]) -> Self {
        let (text, undone) = decoded(bytes);
        let mut header = Self { text, undone, readings: Vec::new(), well_formed: false };
        if let Ok(signature) = Signature::parse(&header.text) {
            header.well_formed = header.undone.is_empty();
            header.add(*signature.as_bytes(), Vec::new());
        } else if let Some(tag) = forms::binary(bytes) {
            header.text.clear();
            header.add(tag, vec![forms::binary_finding()]);
        } else {
            for (tag, changes) in forms::readings(&header.text) {
                header.add(tag, changes);
            }
        }
        header
    }

    fn add(&mut self, tag: [u8; 32], changes: Vec<Finding>) {
        if self.readings.iter().all(|reading| reading.tag != tag) {
            self.readings.push(Reading { tag, changes: [self.undone.clone(), changes].concat() });
        }
    }

    /// Whether a verifier takes it as it is.
    pub(in super::super) fn is_well_formed(&self) -> bool {
        self.well_formed
    }

    /// Whether some digest could match it.
    pub(in super::super) fn can_match(&self) -> bool {
        !self.readings.is_empty() || damage::is_recognisable(&self.text)
    }

    /// What is wrong with the header if this is the right signature; none where it is not.
    pub(in super::super) fn matches(&self, right: &[u8; 32]) -> Option<Vec<Finding>> {
        if let Some(reading) = self.readings.iter().find(|reading| reading.tag == *right) {
            return Some(reading.changes.clone());
        }
        let finding = damage::compared(&self.text, &hex::encode(right))?;
        Some([self.undone.clone(), vec![finding]].concat())
    }

    /// The bytes of a longer digest (48 or 64) that the header holds in hex.
    pub(in super::super) fn long_digest(&self) -> Option<Vec<u8>> {
        forms::hex_runs(&self.text)
            .map(|run| &self.text[run])
            .find(|digits| [96, 128].contains(&digits.len()))
            .and_then(|digits| hex::decode(digits).ok())
    }

    /// The time in a `t=…` member, if the header has one.
    pub(in super::super) fn timestamp(&self) -> Option<&str> {
        let members = self.text.split([',', ';', ' ']);
        let time = members.into_iter().find_map(|member| member.trim().strip_prefix("t="))?;
        (time.len() <= 20 && !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit())).then_some(time)
    }

    /// Whether the header is this text itself.
    pub(in super::super) fn is(&self, text: &[u8]) -> bool {
        let given = self.text.trim().as_bytes();
        !given.is_empty() && given == text.trim_ascii()
    }

    /// What is wrong with the header whatever was signed.
    pub(in super::super) fn hints(&self) -> Vec<Finding> {
        if self.well_formed {
            return Vec::new();
        }
        if let Some(reading) = self.readings.first() {
            return reading.changes.clone();
        }
        let mut hints = self.undone.clone();
        hints.push(damage::by_length(&self.text));
        hints
    }
}

/// The header as text, from the encodings that a shell's redirection leaves it in.
fn decoded(bytes: &[u8]) -> (String, Vec<Finding>) {
    const FIX: &str = "write the file as plain ASCII: in PowerShell `Set-Content -NoNewline -Encoding ascii`, not `>`";
    if let Some(text) = decode_utf16(bytes) {
        let what = "the signature's file is UTF-16, as PowerShell's `>` writes it";
        return (text.trim_matches(['\r', '\n']).to_owned(), vec![Finding::new("header_utf16", what, FIX)]);
    }
    if let Some(rest) = bytes.strip_prefix(BOM) {
        let what = "the signature starts with a byte order mark (EF BB BF)";
        return (String::from_utf8_lossy(rest).into_owned(), vec![Finding::new("header_bom", what, FIX)]);
    }
    (String::from_utf8_lossy(bytes).into_owned(), Vec::new())
}
