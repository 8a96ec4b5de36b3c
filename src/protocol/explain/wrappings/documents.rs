//! Bodies that are a JSON document around what was signed, or several documents in a row.

use serde::de::IgnoredAny;

use super::super::Finding;
use super::super::header::decode_base64;
use super::super::tokens::{Token, Tokens, unquoted};
use super::super::version::Version;
use super::KEEP_RAW;

/// Candidates that are taken from one body.
const MOST: usize = 6;

pub(super) fn versions(text: &str) -> Vec<Version> {
    let mut versions = in_a_row(text);
    if text.trim_start().starts_with(['{', '[', '"']) {
        versions.extend(string_itself(text));
        versions.extend(in_strings(text));
        versions.extend(members(text));
    }
    versions
}

/// A body that is one JSON string: stringified twice.
fn string_itself(text: &str) -> Option<Version> {
    let inner = unquoted(text.trim())?;
    let what = "the body is a JSON string that holds what was signed: it was stringified twice";
    let fix = "post the string itself: JSON.stringify once, or an object where the HTTP client does it";
    Some(Version::new(inner, Finding::new("body_json_string", what, fix)))
}

/// Strings anywhere in the document that are JSON, or base64 of it: what gateways and queues hand on.
fn in_strings(text: &str) -> Vec<Version> {
    let holds_json = |inner: &[u8]| matches!(inner.trim_ascii_start().first(), Some(b'{' | b'['));
    let found = Tokens::new(text).filter_map(|token| {
        let Token::Text(string) = token else { return None };
        let inner = unquoted(string).filter(|inner| inner.len() > 1)?;
        if holds_json(inner.as_bytes()) {
            return Some((inner.into_bytes(), "text"));
        }
        let decoded = decode_base64(&inner)?;
        holds_json(&decoded).then_some((decoded, "base64"))
    });
    let version = |(bytes, kind)| {
        let what = format!("what was signed is {kind} inside a string of an outer JSON document");
        Version::new(bytes, Finding::new("body_wrapped", what, KEEP_RAW))
    };
    found.take(MOST).map(version).collect()
}

/// The objects and arrays directly in the document.
fn members(text: &str) -> Vec<Version> {
    let mut tokens = Tokens::new(text);
    let mut versions = Vec::new();
    if !matches!(tokens.next(), Some(Token::Open(_))) {
        return versions;
    }
    while let Some(token) = tokens.peek().filter(|_| versions.len() < MOST) {
        if !matches!(token, Token::Open(_)) {
            tokens.next();
            continue;
        }
        let Some(value) = tokens.value() else { break };
        let what = "what was signed is one member of the body, which is an outer JSON document";
        versions.push(Version::new(value, Finding::new("body_wrapped", what, KEEP_RAW)));
    }
    versions
}

/// Each of several documents, one after the other.
fn in_a_row(text: &str) -> Vec<Version> {
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let mut ends = vec![0];
    while ends.len() <= MOST && documents.next().is_some_and(|document| document.is_ok()) {
        ends.push(documents.byte_offset());
    }
    let rest_is_blank = ends.last().is_none_or(|end| text[*end..].trim().is_empty());
    if ends.len() < 2 || (ends.len() == 2 && rest_is_blank) {
        return Vec::new();
    }
    let document = |(index, span): (usize, &[usize])| {
        let number = index + 1;
        let what =
            format!("the body holds more than one text: what was signed is the JSON at its place {number} alone");
        let fix = "keep each delivery in its own file (`>` rather than `>>`), or one a line as `vsai listen --json` prints them";
        Version::new(text[span[0]..span[1]].trim(), Finding::new("body_several_documents", what, fix))
    };
    ends.windows(2).enumerate().map(document).collect()
}
