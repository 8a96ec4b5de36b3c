//! The first pass: JSON's grammar without recursion, each value written to the draft as it is read.

use super::CanonicalError;
use super::draft::{Comparison, Draft};
use super::escape::write_string;
use super::member::{Member, arrange};
use super::number::write_number;
use super::reorder::Moves;
use super::scanner::Scanner;

/// Longest input in bytes. V8's strings end there too; and the draft, which is at most 5.25 times as long (`9e20` becomes
/// 21 digits), stays within offsets of 32 bits.
pub const MAX_LENGTH: usize = 512 << 20;

/// Canonical form of a text of any depth.
///
/// ```
/// use vsai::protocol::canonical_json::canonicalize;
/// assert_eq!(canonicalize(br#" {"b": 1.0, "7": "\u00e9", "b": 2} "#)?, r#"{"7":"é","b":2}"#);
/// # Ok::<(), vsai::protocol::canonical_json::CanonicalError>(())
/// ```
///
/// # Errors
/// [`CanonicalError`] for what `JSON.parse` refuses, for invalid UTF-8 and for more than [`MAX_LENGTH`] bytes.
pub fn canonicalize(text: &[u8]) -> Result<String, CanonicalError> {
    canonicalize_within(text, usize::MAX)
}

/// Canonical form of a text that nests at most `max_depth` arrays and objects.
///
/// # Errors
/// As [`canonicalize`], and [`CanonicalError::TooDeep`].
pub fn canonicalize_within(text: &[u8], max_depth: usize) -> Result<String, CanonicalError> {
    if text.len() > MAX_LENGTH {
        return Err(CanonicalError::TooLong { limit: MAX_LENGTH });
    }
    let text = std::str::from_utf8(text).map_err(|error| CanonicalError::NotUtf8 { offset: error.valid_up_to() })?;
    let mut writer = Writer::new(text, String::with_capacity(text.len()), max_depth);
    writer.read()?;
    Ok(writer.moves.apply(writer.draft))
}

/// Whether a text is its own canonical form and nests at most `max_depth` arrays and objects. Writes no second text.
pub fn is_canonical_within(text: &str, max_depth: usize) -> bool {
    canonical_members(text, max_depth).is_some()
}

/// The members of the outermost object, each with its key in quotes and its value as they stand there; none of another
/// value. `None` for what is not canonical.
pub(in super::super) fn canonical_members(text: &str, max_depth: usize) -> Option<impl Iterator<Item = (&str, &str)>> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut writer = Writer::new(text, Comparison::with(text), max_depth);
    let is_canonical = writer.read().is_ok() && writer.moves.is_empty() && writer.draft.is_equal();
    is_canonical.then(|| writer.members.into_iter().map(|member| member.key_and_value(text)))
}

struct Writer<'a, D> {
    scanner: Scanner<'a>,
    draft: D,
    /// The bracket that each open array or object waits for. One byte a level: a text can be nothing but brackets.
    closers: Vec<u8>,
    /// Index of the first member of each open object.
    firsts: Vec<u32>,
    /// The members so far of each open object, outermost first.
    members: Vec<Member>,
    moves: Moves,
    max_depth: usize,
}

impl<'a, D: Draft> Writer<'a, D> {
    fn new(text: &'a str, draft: D, max_depth: usize) -> Self {
        Self {
            scanner: Scanner::new(text),
            draft,
            // Room for an event, so that these do not grow step by step.
            closers: Vec::with_capacity(8),
            firsts: Vec::with_capacity(8),
            members: Vec::with_capacity(16),
            moves: Moves::default(),
            max_depth,
        }
    }

    fn read(&mut self) -> Result<(), CanonicalError> {
        while self.value()? || self.value_follows()? {}
        Ok(())
    }

    /// Reads a value; of an array or object that is not empty, only what stands before its first value, and is true then.
    fn value(&mut self) -> Result<bool, CanonicalError> {
        match self.scanner.token() {
            Some(b'"') => write_string(&mut self.scanner, &mut self.draft)?,
            Some(b'-' | b'0'..=b'9') => write_number(&mut self.scanner, &mut self.draft)?,
            Some(b'{') => return self.open_object(),
            Some(b'[') => return self.open_array(),
            _ => self.literal()?,
        }
        Ok(false)
    }

    fn literal(&mut self) -> Result<(), CanonicalError> {
        for word in ["true", "false", "null"] {
            if self.scanner.rest().starts_with(word.as_bytes()) {
                self.copy(word);
                return Ok(());
            }
        }
        Err(self.scanner.error("expected a value"))
    }

    fn open_array(&mut self) -> Result<bool, CanonicalError> {
        self.open("[", b']')?;
        if self.scanner.token() == Some(b']') {
            self.close();
            return Ok(false);
        }
        Ok(true)
    }

    fn open_object(&mut self) -> Result<bool, CanonicalError> {
        self.open("{", b'}')?;
        self.firsts.push(self.members.len() as u32);
        if self.scanner.token() == Some(b'}') {
            self.close();
            return Ok(false);
        }
        self.key()?;
        Ok(true)
    }

    fn open(&mut self, opener: &str, closer: u8) -> Result<(), CanonicalError> {
        if self.closers.len() >= self.max_depth {
            return Err(CanonicalError::TooDeep { limit: self.max_depth });
        }
        self.copy(opener);
        self.closers.push(closer);
        Ok(())
    }

    fn key(&mut self) -> Result<(), CanonicalError> {
        if self.scanner.token() != Some(b'"') {
            return Err(self.scanner.error("expected a key in double quotes"));
        }
        let start = self.draft.length();
        write_string(&mut self.scanner, &mut self.draft)?;
        self.members.push(Member { start, key_length: self.draft.length() - start, end: start });
        if self.scanner.token() != Some(b':') {
            return Err(self.scanner.error("expected ':' after a key"));
        }
        self.copy(":");
        Ok(())
    }

    /// Reads what stands behind a value, up to the next one: false at the end of the text.
    fn value_follows(&mut self) -> Result<bool, CanonicalError> {
        while let Some(closer) = self.closers.last().copied() {
            match self.scanner.token() {
                Some(b',') => {
                    self.separate(closer)?;
                    return Ok(true);
                }
                Some(byte) if byte == closer => self.close(),
                _ if closer == b']' => return Err(self.scanner.error("expected ',' or ']'")),
                _ => return Err(self.scanner.error("expected ',' or '}'")),
            }
        }
        match self.scanner.token() {
            None => Ok(false),
            Some(_) => Err(self.scanner.error("unexpected text after the value")),
        }
    }

    fn separate(&mut self, closer: u8) -> Result<(), CanonicalError> {
        if closer == b']' {
            self.copy(",");
            return Ok(());
        }
        self.end_member();
        self.copy(",");
        self.key()
    }

    fn close(&mut self) {
        if self.closers.pop() == Some(b'}') {
            self.close_object();
            self.copy("}");
        } else {
            self.copy("]");
        }
    }

    fn close_object(&mut self) {
        let first = self.firsts.pop().expect("an object that closes was opened") as usize;
        if first == self.members.len() {
            return;
        }
        self.end_member();
        let end = self.draft.length();
        let members = &mut self.members[first..];
        let start = members[0].start;
        if let Some(kept) = arrange(members, self.draft.text()) {
            self.moves.push(start..end, &members[..kept]);
        }
        // Those of the outermost object stay.
        if !self.closers.is_empty() {
            self.members.truncate(first);
        }
    }

    /// Writes what the scanner stands at.
    fn copy(&mut self, text: &str) {
        self.draft.copy(text, self.scanner.position());
        self.scanner.advance(text.len());
    }

    fn end_member(&mut self) {
        let end = self.draft.length();
        self.members.last_mut().expect("an object that goes on has a member").end = end;
    }
}
