//! Bodies with text before or after what was signed, or with an end that is missing.

use super::super::Finding;
use super::super::tokens::{Token, Tokens};
use super::super::version::{Version, plural};

const BODY_ALONE: &str =
    "keep the body alone, without what a capture prints around it (curl without -i, nc only after the blank line)";
const QUOTES: &str = "mind the shell's quotes: cmd.exe keeps single quotes as text, and a quoted body must not be quoted again; use a file and --data-binary @FILE";
/// Closing brackets that are added to a text that was cut.
const MOST_CLOSERS: usize = 8;

/// What follows the head of an HTTP message, and the JSON in the midst of other text.
pub(super) fn versions(body: &[u8]) -> Vec<Version> {
    let mut versions = Vec::new();
    let is_message = [&b"POST "[..], b"PUT ", b"HTTP/", b"GET "].iter().any(|start| body.starts_with(start));
    if is_message && let Some(start) = head_end(body) {
        let what = format!("the body starts with the head of an HTTP message, {start} bytes that were not signed");
        versions.push(Version::new(&body[start..], Finding::new("body_http_head", what, BODY_ALONE)));
    }
    versions.extend(embedded(body, is_message));
    versions
}

fn head_end(body: &[u8]) -> Option<usize> {
    let after = |mark: &[u8]| body.windows(mark.len()).position(|window| window == mark).map(|at| at + mark.len());
    after(b"\r\n\r\n").or_else(|| after(b"\n\n"))
}

fn embedded(body: &[u8], is_message: bool) -> Option<Version> {
    let start = body.iter().position(|byte| b"{[".contains(byte))?;
    let closing = if body[start] == b'{' { b'}' } else { b']' };
    let end = body.iter().rposition(|byte| *byte == closing)? + 1;
    if end <= start || (start == 0 && end == body.len()) {
        return None;
    }
    let after = body.len() - end;
    let around = format!("{start} byte{} before the JSON and {after} after it", plural(start));
    let finding = if is_message {
        let what = format!("the body is a whole HTTP message: {around} were not signed (its head, or chunk sizes)");
        Finding::new("body_http_head", what, BODY_ALONE)
    } else if body.starts_with(b"--") {
        let what = format!("the body is a multipart form: {around} were not signed");
        let fix = "post the JSON itself, with `Content-Type: application/json`, not as a form's file";
        Finding::new("body_multipart", what, fix)
    } else {
        Finding::new("body_text_around", format!("the body has {around} that were not signed"), BODY_ALONE)
    };
    Some(Version::new(&body[start..end], finding))
}

/// The text without quotes around it, or with the backslashes gone that escape its quotes.
pub(super) fn quoted(text: &str) -> Vec<Version> {
    let trimmed = text.trim();
    let mut versions = Vec::new();
    for quote in ['\'', '"', '`'] {
        if let Some(inner) = trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            let what = "the body is in quotes that were not signed";
            versions.push(Version::new(inner, Finding::new("body_quoted", what, QUOTES)));
        }
    }
    let bare = trimmed.trim_matches(['\'', '"']);
    if bare.contains("\\\"") {
        let what = "the body has `\\\"` where a quote was signed";
        versions.push(Version::new(bare.replace("\\\"", "\""), Finding::new("body_quotes_escaped", what, QUOTES)));
    }
    versions
}

/// The text with the closing quote and brackets that it lacks at its end.
pub(super) fn closed(text: &str) -> Option<Version> {
    let end = missing_end(text)?;
    let missing = end.len();
    let what = format!("the body is cut: it lacks its last {missing} byte{}, `{end}`", plural(missing));
    let fix = "read the body to its end: all of Content-Length, all chunks; and look for size limits and fixed buffers on the way";
    Some(Version::new(format!("{text}{end}"), Finding::new("body_truncated", what, fix)))
}

fn missing_end(text: &str) -> Option<String> {
    let mut open = Vec::new();
    let mut tokens = Tokens::new(text);
    for token in tokens.by_ref() {
        match token {
            Token::Open('{') => open.push('}'),
            Token::Open(_) => open.push(']'),
            Token::Close(bracket) if open.pop() != Some(bracket) => return None,
            _ => {}
        }
    }
    let rest = &text[tokens.position()..];
    let quote = if rest.starts_with('"') { Some('"') } else { None };
    let end: String = quote.into_iter().chain(open.into_iter().rev()).collect();
    (!end.is_empty() && end.len() <= MOST_CLOSERS && (quote.is_some() || rest.is_empty())).then_some(end)
}
