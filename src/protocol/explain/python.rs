//! JSON values and bytes as Python's `repr` writes them: what `str(payload)` and `print(body)` leave behind.

use std::str::Chars;

use super::Finding;
use super::tokens::{Token, Tokens, unquoted};
use super::version::Version;

const KEEP_BYTES: &str =
    "sign and keep the bytes: request.get_data() or json.dumps(payload), never str(payload) or print(body)";

/// The canonical JSON text as `str(json.loads(text))` writes it.
pub(super) fn signed_repr(canonical: &str) -> Option<Version> {
    let mut out = String::with_capacity(canonical.len() * 5 / 4);
    for token in Tokens::new(canonical) {
        match token {
            Token::Open(bracket) | Token::Close(bracket) => out.push(bracket),
            Token::Comma => out.push_str(", "),
            Token::Colon => out.push_str(": "),
            Token::Text(text) => repr(&unquoted(text)?, &mut out),
            Token::Plain("true") => out.push_str("True"),
            Token::Plain("false") => out.push_str("False"),
            Token::Plain("null") => out.push_str("None"),
            Token::Plain(number) => out.push_str(number),
        }
    }
    let what = "what was signed is Python's str() of the payload (`{'a': 1}`), which is not JSON";
    Some(Version::new(out, Finding::new("body_signed_python_repr", what, KEEP_BYTES)))
}

fn repr(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            char if char == quote => out.extend(['\\', quote]),
            char if char.is_control() || char == '\u{a0}' || char == '\u{ad}' => {
                out.push_str(&format!("\\x{:02x}", u32::from(char)));
            }
            char => out.push(char),
        }
    }
    out.push(quote);
}

/// The JSON text or bytes behind a `repr`.
pub(super) fn versions(body: &[u8]) -> Vec<Version> {
    let Ok(text) = std::str::from_utf8(body.trim_ascii()) else { return Vec::new() };
    let what = "the body is Python's repr of what was signed, not the text itself";
    let finding = Finding::new("body_python_repr", what, KEEP_BYTES);
    bytes_literal(text)
        .or_else(|| payload(text).map(String::into_bytes))
        .map(|bytes| Version::new(bytes, finding))
        .into_iter()
        .collect()
}

/// `b'…'`.
fn bytes_literal(text: &str) -> Option<Vec<u8>> {
    let mut chars = text.strip_prefix('b')?.chars();
    let quote = chars.next().filter(|char| ['\'', '"'].contains(char))?;
    let bytes = literal(&mut chars, quote)?;
    bytes.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
}

/// `{'a': True}`, made JSON.
fn payload(text: &str) -> Option<String> {
    if !text.starts_with(['{', '[']) || !text.contains('\'') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    loop {
        let ahead = rest.as_str();
        let word = [("True", "true"), ("False", "false"), ("None", "null")]
            .into_iter()
            .find_map(|(word, json)| Some((ahead.strip_prefix(word)?, json)));
        if let Some((after, json)) = word {
            out.push_str(json);
            rest = after.chars();
            continue;
        }
        match rest.next() {
            None => return Some(out),
            Some(quote @ ('\'' | '"')) => out.push_str(&serde_json::to_string(&literal(&mut rest, quote)?).ok()?),
            Some(char) => out.push(char),
        }
    }
}

/// A string literal's text, up to its closing quote.
fn literal(chars: &mut Chars<'_>, quote: char) -> Option<String> {
    let mut out = String::new();
    loop {
        match chars.next()? {
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'x' => out.push(code_point(chars, 2)?),
                'u' => out.push(code_point(chars, 4)?),
                'U' => out.push(code_point(chars, 8)?),
                char => out.push(char),
            },
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            char if char == quote => return Some(out),
            char => out.push(char),
        }
    }
}

fn code_point(chars: &mut Chars<'_>, digits: usize) -> Option<char> {
    let text = chars.as_str().get(..digits)?;
    *chars = chars.as_str()[digits..].chars();
    char::from_u32(u32::from_str_radix(text, 16).ok()?)
}
