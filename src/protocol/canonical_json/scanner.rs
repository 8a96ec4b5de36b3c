//! A cursor over the input: white space, single bytes, runs of plain string text, and where an error is.

use super::CanonicalError;

/// What every byte of a word is compared with, eight bytes at a time.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = ONES << 7;

pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Starts behind one leading byte order mark, which Express strips.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space (JSON knows four kinds), which stays to be read.
    pub(super) fn token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Steps over the byte or bytes that `peek` or `rest` has shown, all of them ASCII.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The text from an earlier position up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// Steps over digits and tells whether there were any.
    pub(super) fn digits(&mut self) -> bool {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at > start
    }

    /// Steps over what a string may hold as it is: all but quotes, backslashes and control characters.
    pub(super) fn skip_plain(&mut self) {
        self.at += plain_length(self.rest());
    }

    pub(super) fn error(&self, reason: &'static str) -> CanonicalError {
        let reason = if self.peek().is_none() { "the text ends too early" } else { reason };
        CanonicalError::Syntax { offset: self.at, reason }
    }
}

fn plain_length(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    words.len() * 8 + tail.iter().position(is_special).unwrap_or(tail.len())
}

/// Sets the high bit of the first byte (in memory order) that ends a plain run. A borrow can set bits above it as well, never
/// below.
fn special_bytes(word: u64) -> u64 {
    let less_than = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH_BITS;
    let equal = |byte: u8| less_than(word ^ (ONES * u64::from(byte)), 1);
    less_than(word, b' ') | equal(b'"') | equal(b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_of_a_plain_run_at_every_place() {
        for length in 0..20 {
            for byte in 0..=u8::MAX {
                let mut bytes = vec![b'~'; length];
                bytes.extend([byte, b'"', 0x80, 0]);
                let is_plain = byte >= 0x20 && byte != b'"' && byte != b'\\';
                assert_eq!(plain_length(&bytes), length + usize::from(is_plain), "byte {byte:#x} at {length}");
            }
        }
    }
}
