//! Signatures in another notation, or with something around them.

use std::ops::Range;

use data_encoding::BASE64_NOPAD;

use super::super::Finding;
use super::{BARE_HEX, DIGITS};

/// Readings that are looked at in one header.
const MOST: usize = 8;
const HEX_NOT_BASE64: &str = "write the digest in lower-case hex: digest('hex') in Node, hexdigest() in Python, hash_hmac() without its 4th \
     argument in PHP";
const LOWER_CASE: &str = "write lower-case digits: toLowerCase(), or a format of %x rather than %X";
const SET_ONCE: &str = "set the header once: some proxy or wrapper appends it to one that is there already";

/// Every 32 bytes that the text may stand for, with what is wrong with the text.
pub(super) fn readings(text: &str) -> Vec<([u8; 32], Vec<Finding>)> {
    let mut readings = bare_runs(text);
    readings.extend(separated(text));
    readings.extend(base64_tokens(text));
    readings.extend(hex_twice(text));
    readings
}

/// Where the text has hex digits, in runs as long as they go.
pub(super) fn hex_runs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        at += bytes[at..].iter().position(u8::is_ascii_hexdigit)?;
        let start = at;
        at += bytes[at..].iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(bytes.len() - at);
        Some(start..at)
    })
}

fn tag(digits: &str) -> Option<[u8; 32]> {
    hex::decode(digits).ok()?.try_into().ok()
}

fn case(digits: &str) -> Option<Finding> {
    let count = digits.bytes().filter(u8::is_ascii_uppercase).count();
    (count > 0).then(|| {
        let what = format!(
            "the signature has {count} upper-case hex digits; receivers compare text, and take lower case only"
        );
        Finding::new("header_upper_case", what, LOWER_CASE)
    })
}

/// Runs of exactly 64 digits with anything around them.
fn bare_runs(text: &str) -> Vec<([u8; 32], Vec<Finding>)> {
    let runs: Vec<_> = hex_runs(text).filter(|run| run.len() == DIGITS).take(MOST).collect();
    let same = runs.iter().all(|run| text[run.clone()].eq_ignore_ascii_case(&text[runs[0].clone()]));
    let finding = |run: &Range<usize>| match runs.len() {
        1 => surroundings(&text[..run.start], &text[run.end..]),
        count if same => {
            let what = format!("the header holds the signature {count} times");
            Some(Finding::new("header_doubled", what, SET_ONCE))
        }
        count => {
            let what = format!("the header lists {count} different signatures; a receiver takes exactly one");
            Some(Finding::new("header_several", what, "sign with one secret, and send that signature alone"))
        }
    };
    let reading = |run: &Range<usize>| {
        let digits = &text[run.clone()];
        Some((tag(digits)?, finding(run).into_iter().chain(case(digits)).collect()))
    };
    runs.iter().filter_map(reading).collect()
}

/// Names what stands around the 64 digits, without quoting it.
fn surroundings(before: &str, after: &str) -> Option<Finding> {
    let is_outer_blank = |char: char| char == ' ' || char == '\t';
    if before.chars().chain(after.chars()).all(is_outer_blank) {
        return None;
    }
    let prefix = before.trim().to_ascii_lowercase();
    Some(
        before_digits(prefix.trim_matches(['"', '\'', '`', ' ']))
            .or_else(|| on_both_sides(before.trim_end().chars().next_back(), after.trim_start().chars().next()))
            .unwrap_or_else(|| after_digits(&prefix, before, after)),
    )
}

/// Prefixes that tools and other APIs write.
fn before_digits(prefix: &str) -> Option<Finding> {
    const NAMES: [&str; 8] = ["sha256", "sha-256", "hmac-sha256", "hmac", "v1", "v0", "signature", "sig"];
    let named = |name: &&str| prefix.strip_prefix(name).is_some_and(|rest| ["=", ":"].contains(&rest.trim()));
    if prefix.starts_with("x-vsai-signature") {
        return Some(Finding::new(
            "header_name_included",
            "the header's name stands in its value, before the digits",
            BARE_HEX,
        ));
    }
    if prefix.contains("t=") && prefix.ends_with("v1=") {
        let what = "the header is a list with a time, as Stripe signs (`t=…,v1=…`)";
        let fix = "send the bare digits of the body's HMAC; this API signs no time";
        return Some(Finding::new("header_timestamped", what, fix));
    }
    if prefix.ends_with(")=") {
        let what = "the signature is the whole line that `openssl dgst` prints, with the file's name before the digits";
        let fix = "take the last word only: openssl dgst … | sed 's/^.* //'";
        return Some(Finding::new("header_openssl_output", what, fix));
    }
    if prefix == "0x" {
        return Some(Finding::new("header_0x", "the digits come after `0x`", BARE_HEX));
    }
    let name = NAMES.iter().find(|name| named(name))?;
    let what = format!("the digits come after a prefix, `{name}`, that other APIs use");
    Some(Finding::new("header_prefixed", what, BARE_HEX))
}

fn on_both_sides(last: Option<char>, first: Option<char>) -> Option<Finding> {
    let both_of = |set: &str| last.zip(first).is_some_and(|(last, first)| set.contains(last) && set.contains(first));
    if both_of("\"'`“”‘’«»") {
        return Some(Finding::new("header_quoted", "the signature stands in quotes", BARE_HEX));
    }
    both_of("<>()[]{}").then(|| Finding::new("header_bracketed", "the signature stands in brackets", BARE_HEX))
}

fn after_digits(prefix: &str, before: &str, after: &str) -> Finding {
    if prefix.is_empty() && after.trim().is_empty() {
        let fix = "strip it: printf '%s' rather than echo, `$(cat FILE.sig)`, or strip() on what was read";
        return Finding::new(
            "header_newline",
            "the signature has a line end (or another blank) beside its digits",
            fix,
        );
    }
    if prefix.is_empty() && after.starts_with([' ', '\t']) {
        let what = "the signature is a whole `HEX  FILE` line, with the file's name after the digits";
        return Finding::new("header_file_name", what, "take the first word only: cut -d' ' -f1");
    }
    let (before, after) = (before.chars().count(), after.chars().count());
    let what = format!("the 64 digits have other text around them: {before} characters before, {after} after");
    Finding::new("header_text_around", what, BARE_HEX)
}

/// Digits in groups, such as `1A-0C-E7`, which is how .NET's `BitConverter` writes bytes.
fn separated(text: &str) -> Option<([u8; 32], Vec<Finding>)> {
    let is_separator = |char: char| char.is_ascii_whitespace() || ":-_.,".contains(char);
    let digits: String = text.chars().filter(|char| !is_separator(*char)).collect();
    if digits.len() != DIGITS || hex_runs(text).any(|run| run.len() == DIGITS) {
        return None;
    }
    let what = "the digits are in groups, with separators between them";
    let fix = "write them in one row: Convert.ToHexStringLower(hash) in .NET rather than BitConverter.ToString";
    let grouped = Finding::new("header_separated", what, fix);
    Some((tag(&digits)?, [grouped].into_iter().chain(case(&digits)).collect()))
}

/// Words that are base64 of the 32 bytes, or of the 64 digits.
fn base64_tokens(text: &str) -> Vec<([u8; 32], Vec<Finding>)> {
    let words = text.split(|char: char| char.is_whitespace() || "\"'`,;<>[](){}".contains(char));
    let unprefixed = |word: &str| word.split_once(['=', ':']).map(|(_, rest)| rest.to_owned());
    let words = words.filter(|word| !word.is_empty()).take(MOST);
    words
        .flat_map(|word| [Some(word.to_owned()), unprefixed(word)])
        .flatten()
        .filter_map(|word| base64_word(&word))
        .collect()
}

fn base64_word(word: &str) -> Option<([u8; 32], Vec<Finding>)> {
    if word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let url_safe = word.contains(['-', '_']);
    let bytes = decode_base64(word)?;
    if let Ok(tag) = <[u8; 32]>::try_from(bytes.as_slice()) {
        let kind = if url_safe { "URL-safe base64" } else { "base64" };
        let what = format!("the signature is {kind} of the 32 bytes, not hex");
        return Some((tag, vec![Finding::new("header_base64", what, HEX_NOT_BASE64)]));
    }
    let digits = std::str::from_utf8(&bytes).ok()?.trim();
    let what = "the signature is base64 of the 64 hex digits: it was encoded twice";
    Some((tag(digits)?, vec![Finding::new("header_base64_of_hex", what, BARE_HEX)]))
}

/// Bytes of base64 in either alphabet, padded or not.
pub(in super::super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let standard = |char| match char {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    let text: String = text.chars().filter(|char| !char.is_ascii_whitespace()).map(standard).collect();
    let digits = text.trim_end_matches('=');
    (!digits.is_empty()).then(|| BASE64_NOPAD.decode(digits.as_bytes()).ok()).flatten()
}

/// 128 digits that are the hex of the 64 digits' own characters.
fn hex_twice(text: &str) -> Option<([u8; 32], Vec<Finding>)> {
    let run = hex_runs(text).find(|run| run.len() == 2 * DIGITS)?;
    let digits = String::from_utf8(hex::decode(&text[run]).ok()?).ok()?;
    let what = "the signature is the hex of its hex digits: it was encoded twice";
    Some((tag(&digits)?, vec![Finding::new("header_hex_twice", what, BARE_HEX)]))
}

/// The 32 bytes themselves, as `openssl dgst -binary` writes them.
pub(super) fn binary(bytes: &[u8]) -> Option<[u8; 32]> {
    let is_text = bytes.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    let bytes = bytes.strip_suffix(b"\n").filter(|rest| rest.len() == 32).unwrap_or(bytes);
    if is_text { None } else { bytes.try_into().ok() }
}

pub(super) fn binary_finding() -> Finding {
    Finding::new(
        "header_binary",
        "the signature is 32 raw bytes, not hex",
        "write it in hex: openssl dgst without -binary, or xxd -p -c 64",
    )
}
