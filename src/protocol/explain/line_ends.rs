//! Bytes that come and go at the edges of a text and at its line ends: newlines, spaces, byte order marks.

use super::Finding;
use super::version::{Version, plural};

const POST_EXACTLY: &str = "keep the bytes as they were signed: `printf %s` rather than echo, `curl --data-binary @FILE` rather than -d, \
     and no editor that ends files with a newline";
const KEEP_NEWLINE: &str =
    "post with `curl --data-binary @FILE`: -d @FILE and \"$(cat FILE)\" drop the final newline; or sign without it";
const KEEP_LINE_ENDS: &str = "keep the line ends: `git config core.autocrlf false`, or `*.json -text` in .gitattributes, and a binary mode \
     wherever the body is read or written";
const NO_BOM: &str = "write the file as UTF-8 without a byte order mark (PowerShell: `-Encoding utf8NoBOM`)";

pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Every version whose edges or line ends differ.
pub(super) fn versions(body: &[u8]) -> Vec<Version> {
    let mut versions = edges(body);
    for swapped in line_ends(body) {
        let followed = swapped.then(edges);
        versions.push(swapped);
        versions.extend(followed);
    }
    if let Some(shorn) = bom_removed(body) {
        let followed = shorn.then(|bytes| line_ends(bytes).into_iter().chain(edges(bytes)).collect());
        versions.push(shorn);
        versions.extend(followed);
    }
    versions.extend(bom_added(body));
    versions
}

/// The version without what surrounds the text, and those with the newline that is missing.
fn edges(body: &[u8]) -> Vec<Version> {
    let mut versions = Vec::new();
    if let Some((shorter, bytes)) = without_newline(body) {
        let what = format!("the body ends in {bytes} that was not signed");
        versions.push(Version::new(shorter, Finding::new("body_newline_added", what, POST_EXACTLY)));
    }
    if let Some(trimmed) = without_blanks(body) {
        versions.push(trimmed);
    }
    if body.ends_with(b"\0") {
        let end = body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let count = body.len() - end;
        let what = format!("the body ends in {count} NUL byte{} (0x00) that were not signed", plural(count));
        let fix = "send the text's length, not the buffer's: a C string's terminator is no part of it";
        versions.push(Version::new(&body[..end], Finding::new("body_nul_added", what, fix)));
    }
    for (newline, name) in [(&b"\n"[..], "a newline (0x0A)"), (b"\r\n", "a line end (0x0D 0x0A)")] {
        let what = format!("the signed text ended in {name} that the body lacks");
        let finding = Finding::new("body_newline_removed", what, KEEP_NEWLINE);
        versions.push(Version::new([body, newline].concat(), finding));
    }
    versions
}

fn without_newline(body: &[u8]) -> Option<(&[u8], &'static str)> {
    if let Some(shorter) = body.strip_suffix(b"\r\n") {
        return Some((shorter, "a line end (0x0D 0x0A)"));
    }
    body.strip_suffix(b"\n").map(|shorter| (shorter, "a newline (0x0A)"))
}

fn without_blanks(body: &[u8]) -> Option<Version> {
    let trimmed = body.trim_ascii();
    let before = body.len() - body.trim_ascii_start().len();
    let after = body.len() - trimmed.len() - before;
    if trimmed.len() == body.len() || trimmed.is_empty() {
        return None;
    }
    let what = format!("the body has blanks around it that were not signed: {before} before, {after} after");
    Some(Version::new(trimmed, Finding::new("body_blanks_added", what, POST_EXACTLY)))
}

fn line_ends(body: &[u8]) -> Vec<Version> {
    let windows = body.windows(2).filter(|pair| pair == b"\r\n").count();
    let unix = body.iter().filter(|byte| **byte == b'\n').count() - windows;
    let mut versions = Vec::new();
    if windows > 0 {
        let what = format!("the body has {windows} line end{} as CRLF that were signed as LF", plural(windows));
        versions
            .push(Version::new(without_carriage_returns(body), Finding::new("body_crlf_added", what, KEEP_LINE_ENDS)));
    }
    if unix > 0 {
        let what = format!("the body has {unix} line end{} as LF that were signed as CRLF", plural(unix));
        versions
            .push(Version::new(with_carriage_returns(body), Finding::new("body_crlf_removed", what, KEEP_LINE_ENDS)));
    }
    versions
}

/// What to say if the body is this text less all its newlines, of which it has several.
pub(super) fn newlines_lost(body: &[u8], signed: &[u8]) -> Option<Finding> {
    let is_newline = |byte: &u8| b"\r\n".contains(byte);
    let lost = signed.iter().filter(|byte| **byte == b'\n').count();
    let is_body = lost > 1 && signed.len() > body.len() && signed.iter().filter(|byte| !is_newline(byte)).eq(body);
    let what = format!("the body is the signed text less its {lost} newlines, as `curl -d @FILE` sends a file");
    let fix = "post with `curl --data-binary @FILE`, which sends every byte";
    is_body.then(|| Finding::new("body_newlines_lost", what, fix))
}

fn without_carriage_returns(body: &[u8]) -> Vec<u8> {
    let next = body.iter().skip(1).copied().map(Some).chain([None]);
    body.iter()
        .zip(next)
        .filter(|(byte, next)| !(**byte == b'\r' && *next == Some(b'\n')))
        .map(|(byte, _)| *byte)
        .collect()
}

fn with_carriage_returns(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 16);
    for byte in body {
        if *byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

fn bom_removed(body: &[u8]) -> Option<Version> {
    let rest = body.strip_prefix(BOM)?;
    let what = "the body starts with a byte order mark (EF BB BF) that was not signed";
    Some(Version::new(rest, Finding::new("body_bom_added", what, NO_BOM)))
}

fn bom_added(body: &[u8]) -> Option<Version> {
    if body.starts_with(BOM) {
        return None;
    }
    let what = "the signed text started with a byte order mark (EF BB BF) that the body lacks";
    Some(Version::new([BOM, body].concat(), Finding::new("body_bom_removed", what, NO_BOM)))
}
