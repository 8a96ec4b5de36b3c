//! Strings: escapes in the form of ECMAScript's well-formed `JSON.stringify`.

use super::CanonicalError;
use super::draft::Draft;
use super::scanner::Scanner;

const BAD_ESCAPE: &str = "unknown escape in a string";

/// Writes the string that opens at the scanner's quote, with both quotes.
pub(super) fn write_string(scanner: &mut Scanner<'_>, draft: &mut impl Draft) -> Result<(), CanonicalError> {
    let mut start = scanner.position();
    scanner.advance(1);
    loop {
        scanner.skip_plain();
        match scanner.peek() {
            Some(b'"') => break,
            Some(b'\\') => {
                draft.copy(scanner.since(start), start);
                write_escape(scanner, draft)?;
                start = scanner.position();
            }
            _ => return Err(scanner.error("unescaped control character in a string")),
        }
    }
    scanner.advance(1);
    draft.copy(scanner.since(start), start);
    Ok(())
}

fn write_escape(scanner: &mut Scanner<'_>, draft: &mut impl Draft) -> Result<(), CanonicalError> {
    let same = match scanner.rest().get(1) {
        Some(b'u') => return write_code_unit(scanner, draft),
        Some(b'/') => "/",
        Some(b'"') => "\\\"",
        Some(b'\\') => "\\\\",
        Some(b'b') => "\\b",
        Some(b'f') => "\\f",
        Some(b'n') => "\\n",
        Some(b'r') => "\\r",
        Some(b't') => "\\t",
        _ => {
            scanner.advance(1);
            return Err(scanner.error(BAD_ESCAPE));
        }
    };
    draft.push_str(same);
    scanner.advance(2);
    Ok(())
}

fn write_code_unit(scanner: &mut Scanner<'_>, draft: &mut impl Draft) -> Result<(), CanonicalError> {
    let unit = read_code_unit(scanner)?;
    let low = match unit {
        0xd800..=0xdbff => low_surrogate(scanner.rest()),
        _ => None,
    };
    if low.is_some() {
        scanner.advance(6);
    }
    match char::decode_utf16([unit].into_iter().chain(low)).next() {
        Some(Ok(character)) => write_character(character, draft),
        _ => write_hex(unit, draft),
    }
    Ok(())
}

/// The low surrogate whose escape these bytes begin with.
fn low_surrogate(bytes: &[u8]) -> Option<u16> {
    let unit = hex_digits(bytes.strip_prefix(b"\\u")?)?;
    matches!(unit, 0xdc00..=0xdfff).then_some(unit)
}

fn read_code_unit(scanner: &mut Scanner<'_>) -> Result<u16, CanonicalError> {
    scanner.advance(2);
    let Some(unit) = hex_digits(scanner.rest()) else {
        while scanner.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
            scanner.advance(1);
        }
        return Err(scanner.error("\\u without four hex digits"));
    };
    scanner.advance(4);
    Ok(unit)
}

fn hex_digits(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.first_chunk::<4>()?;
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16))
}

fn write_character(character: char, draft: &mut impl Draft) {
    match character {
        '"' => draft.push_str("\\\""),
        '\\' => draft.push_str("\\\\"),
        '\u{8}' => draft.push_str("\\b"),
        '\u{c}' => draft.push_str("\\f"),
        '\n' => draft.push_str("\\n"),
        '\r' => draft.push_str("\\r"),
        '\t' => draft.push_str("\\t"),
        '\0'..' ' => write_hex(u32::from(character) as u16, draft),
        _ => draft.push_str(character.encode_utf8(&mut [0; 4])),
    }
}

fn write_hex(unit: u16, draft: &mut impl Draft) {
    draft.push_str(&format!("\\u{unit:04x}"));
}
