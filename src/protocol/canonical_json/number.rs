//! Numbers: JSON's grammar in, ECMAScript's shortest form of the nearest double out.

use super::CanonicalError;
use super::scanner::Scanner;

/// Decimal digits that a double always holds exactly, so that integers up to this length are canonical as they stand.
const EXACT_DIGITS: usize = 15;

/// Writes the number that begins at the scanner's `-` or digit.
pub(super) fn write_number(scanner: &mut Scanner<'_>, draft: &mut String) -> Result<(), CanonicalError> {
    let start = scanner.position();
    let is_integer = scan(scanner)?;
    let text = scanner.since(start);
    if is_integer && text.len() <= EXACT_DIGITS && text != "-0" {
        draft.push_str(text);
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

/// Steps over a number and tells whether it has neither fraction nor exponent.
fn scan(scanner: &mut Scanner<'_>) -> Result<bool, CanonicalError> {
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
    let mut is_integer = true;
    if scanner.peek() == Some(b'.') {
        is_integer = false;
        scanner.advance(1);
        if !scanner.digits() {
            return Err(scanner.error("no digit after the decimal point"));
        }
    }
    if let Some(b'e' | b'E') = scanner.peek() {
        is_integer = false;
        scanner.advance(1);
        if let Some(b'+' | b'-') = scanner.peek() {
            scanner.advance(1);
        }
        if !scanner.digits() {
            return Err(scanner.error("no digit in the exponent"));
        }
    }
    Ok(is_integer)
}
