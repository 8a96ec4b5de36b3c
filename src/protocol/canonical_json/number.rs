//! Numbers: JSON's grammar in, ECMAScript's shortest form of the nearest double out.

use super::CanonicalError;
use super::draft::Draft;
use super::scanner::Scanner;

enum Notation {
    Integer,
    Decimal,
    Exponent,
}

/// Writes the number that begins at the scanner's `-` or digit.
pub(super) fn write_number(scanner: &mut Scanner<'_>, draft: &mut impl Draft) -> Result<(), CanonicalError> {
    let start = scanner.position();
    let notation = scan(scanner)?;
    let text = scanner.since(start);
    if is_shortest(text, notation) {
        draft.copy(text, start);
        return Ok(());
    }
    let number: f64 = text.parse().expect("Rust reads every number of JSON's grammar");
    if number.is_finite() {
        draft.push_str(ryu_js::Buffer::new().format_finite(number));
    } else {
        draft.push_str("null");
    }
    Ok(())
}

/// Tells, for the ordinary numbers, that ECMAScript would write the very same text: no two decimals of up to 15 digits share
/// a double, so one without needless zeros is the shortest of its double.
fn is_shortest(text: &str, notation: Notation) -> bool {
    const DIGITS: usize = f64::DIGITS as usize;
    match notation {
        Notation::Integer => text.len() <= DIGITS && text != "-0",
        // Far below 0.1 stands an exponent.
        Notation::Decimal => {
            text.len() <= DIGITS + 1 && !text.ends_with('0') && !text.starts_with("0.0") && !text.starts_with("-0.0")
        }
        Notation::Exponent => false,
    }
}

fn scan(scanner: &mut Scanner<'_>) -> Result<Notation, CanonicalError> {
    if scanner.peek() == Some(b'-') {
        scanner.advance(1);
    }
    if scanner.peek() == Some(b'0') {
        scanner.advance(1);
        if scanner.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(scanner.error("digit after a leading zero"));
        }
    } else if !scanner.digits() {
        return Err(scanner.error("no digit after the minus sign"));
    }
    let mut notation = Notation::Integer;
    if scanner.peek() == Some(b'.') {
        notation = Notation::Decimal;
        scanner.advance(1);
        if !scanner.digits() {
            return Err(scanner.error("no digit after the decimal point"));
        }
    }
    if let Some(b'e' | b'E') = scanner.peek() {
        notation = Notation::Exponent;
        scanner.advance(1);
        if let Some(b'+' | b'-') = scanner.peek() {
            scanner.advance(1);
        }
        if !scanner.digits() {
            return Err(scanner.error("no digit in the exponent"));
        }
    }
    Ok(notation)
}
