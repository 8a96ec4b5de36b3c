//! What is odd about a delivery and proves nothing.

use super::version::plural;
use super::{Clues, Finding, placeholders};
use crate::protocol::canonical_json::CanonicalError;

const LOST_FOR_GOOD: &str =
    "the original can't be had back from this copy: take the bytes before anything decodes them as text";

/// Everything to be noticed about the body and the live secrets.
pub(super) fn noticed(clues: &Clues<'_>, canonical: Result<&str, CanonicalError>) -> Vec<Finding> {
    let mut hints: Vec<Finding> = content(clues.body).into_iter().collect();
    if hints.is_empty() {
        hints.extend(canonical.err().and_then(|error| not_canonical(clues.body, error)));
    }
    hints.extend(damaged_text(clues.body));
    hints.extend(secrets(clues));
    hints
}

/// What the body is instead of JSON, where its first bytes tell.
fn content(body: &[u8]) -> Option<Finding> {
    let start = body.trim_ascii_start();
    let lower = start.get(..15).unwrap_or(start).to_ascii_lowercase();
    let finding = |what: &str, fix| Some(Finding::new("body_other_content", what, fix));
    match start {
        [] => Some(Finding::new(
            "body_empty",
            "the body is empty",
            "it was read before (a body parser, a proxy, an empty file): keep the raw bytes from the first read",
        )),
        [0x1F, 0x8B, ..] => Some(Finding::new(
            "body_compressed",
            "the body is gzip (1F 8B); signatures cover the text before compression",
            "decompress it first (gunzip), and ask for identity encoding",
        )),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Finding::new(
            "body_compressed",
            "the body is Zstandard; signatures cover the text before compression",
            "decompress it first (unzstd), and ask for identity encoding",
        )),
        _ if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") => finding(
            "the body is an HTML page: an error page or a tunnel's notice, not a delivery",
            "look at what the URL answers in a browser",
        ),
        [b'@', ..] => finding(
            "the body is the text of a file's name (`@…`), not its content",
            "let curl read the file: --data-binary @FILE, with the @ inside the quotes' beginning and the file present",
        ),
        _ => None,
    }
}

fn not_canonical(body: &[u8], error: CanonicalError) -> Option<Finding> {
    let length = body.len();
    match error {
        CanonicalError::NotUtf8 { offset } => {
            let what = format!(
                "the body is not UTF-8 from byte {offset} of {length} on, and no encoding tried makes it right"
            );
            Some(Finding::new("body_not_utf8", what, LOST_FOR_GOOD))
        }
        CanonicalError::Syntax { offset, .. } if offset >= body.trim_ascii_end().len() => {
            let round = if length.is_multiple_of(1024) { ", which is a buffer's size" } else { "" };
            let what = format!("the body is cut: its JSON breaks off at byte {offset}, after {length} bytes{round}");
            let fix =
                "read the body to its end: all of Content-Length, all chunks; and look for size limits on the way";
            Some(Finding::new("body_truncated", what, fix))
        }
        CanonicalError::Syntax { offset, reason } => {
            let what = format!("the body is not JSON: {reason} at byte {offset} of {length}");
            Some(Finding::new("body_not_json", what, "compare that place with what was posted"))
        }
        CanonicalError::TooDeep { .. } | CanonicalError::TooLong { .. } => None,
    }
}

fn damaged_text(body: &[u8]) -> Option<Finding> {
    let mark = "\u{FFFD}".as_bytes();
    let mut places = body.windows(mark.len()).enumerate().filter(|(_, window)| *window == mark).map(|(at, _)| at);
    let first = places.next()?;
    let count = 1 + places.count();
    let what = format!(
        "the body has {count} replacement character{} (U+FFFD), first at byte {first}: something read it as UTF-8 that was not",
        plural(count)
    );
    Some(Finding::new("body_replacement_characters", what, LOST_FOR_GOOD))
}

fn secrets(clues: &Clues<'_>) -> Vec<Finding> {
    let mut hints = Vec::new();
    if clues.live.is_empty() {
        let fix = "give one: --secret-file FILE, VSAI_WEBHOOK_SECRET or `vsai secret set`";
        hints.push(Finding::new("secret_missing", "there is no live secret to verify with", fix));
    }
    for secret in clues.live {
        let (text, fingerprint) = (secret.expose(), secret.fingerprint());
        let odd = if text.starts_with("vsai-pk-") {
            Some((
                "secret_looks_like_api_key",
                "starts as API keys do",
                "set the webhook secret, not the API key: `vsai secret set`",
            ))
        } else if placeholders::SECRETS.contains(&text) {
            Some((
                "secret_looks_like_placeholder",
                "is a placeholder's text",
                "fill in the variable or file that it comes from",
            ))
        } else if text.trim() != text {
            Some((
                "secret_has_blanks",
                "has a newline or blanks at its edges",
                "check where it comes from: `printf %s` rather than echo",
            ))
        } else {
            None
        };
        hints.extend(
            odd.map(|(code, what, fix)| Finding::new(code, format!("the live secret {fingerprint} {what}"), fix)),
        );
    }
    hints
}
