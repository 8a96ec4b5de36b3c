//! A signature that was cut, mistyped or made with another digest.

use super::super::Finding;
use super::super::version::plural;
use super::{BARE_HEX, DIGITS, forms};

/// Digits that must agree before it is no accident: 48 bits, against some thousand digests.
const ENOUGH: usize = 12;
/// Digits of 64 that must agree where some differ in between.
const MOST: usize = 48;
const COPY_WHOLE: &str =
    "copy it as a whole, all 64 digits: a narrow terminal, a double click or a database column may cut it";

/// Whether the text could be a damaged signature.
pub(super) fn is_recognisable(text: &str) -> bool {
    candidates(text).next().is_some()
}

/// How the text differs from the right digits, where it is plainly made from them.
pub(super) fn compared(text: &str, right: &str) -> Option<Finding> {
    candidates(text).find_map(|given| damage(&given.to_ascii_lowercase(), right))
}

/// The whole text, if it is digits for the most part, and its longest row of them.
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_hexdigit).count();
    let longest = forms::hex_runs(text).max_by_key(|run| run.len()).map(|run| &text[run]);
    let is_likely =
        move |given: &&str| (ENOUGH..=2 * DIGITS).contains(&given.len()) && digits(given) * 4 >= given.len() * 3;
    [Some(text), longest].into_iter().flatten().filter(is_likely)
}

fn damage(given: &str, right: &str) -> Option<Finding> {
    let length = given.len();
    let start = given.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let end = given.bytes().rev().zip(right.bytes().rev()).take_while(|(a, b)| a == b).count();
    let agreeing = given.bytes().zip(right.bytes()).filter(|(a, b)| a == b).count();
    let (code, what, fix) = if given == right {
        return None;
    } else if start == length || end == length {
        let (kept, lost) = if start == length { ("first", "end") } else { ("last", "beginning") };
        let missing = DIGITS - length;
        let what = format!(
            "the signature is cut: it is the {kept} {length} digits of the right one, and lacks {missing} at its {lost}"
        );
        ("header_truncated", what, COPY_WHOLE)
    } else if start == DIGITS || end == DIGITS {
        let (more, place) = (length - DIGITS, if start == DIGITS { "after" } else { "before" });
        let what = format!("the right 64 digits have {more} more character{} {place} them", plural(more));
        ("header_text_around", what, BARE_HEX)
    } else if length == DIGITS && agreeing >= MOST {
        let (wrong, first) = (DIGITS - agreeing, start + 1);
        let what = format!(
            "the signature is the right one but for {wrong} digit{}, first at place {first} of 64",
            plural(wrong)
        );
        ("header_mistyped", what, COPY_WHOLE)
    } else if start + end >= MOST {
        let what = format!(
            "the signature begins with {start} and ends with {end} of the right 64 digits, and is {length} characters long"
        );
        ("header_mistyped", what, COPY_WHOLE)
    } else {
        return None;
    };
    Some(Finding::new(code, what, fix))
}

/// What the length says of a header that cannot be a signature.
pub(super) fn by_length(text: &str) -> Finding {
    const FIX: &str = "sign with HMAC-SHA256, keyed with the webhook secret, and write it as 64 lower-case hex digits";
    let text = text.trim();
    if text.is_empty() {
        let fix = "send the header X-VSAI-Signature; this API sends none while the account has no webhook secret: `vsai secret set`";
        return Finding::new("header_missing", "there is no signature", fix);
    }
    let digits = forms::hex_runs(text).map(|run| run.len()).max().unwrap_or(0);
    let named = |name: &str| {
        Finding::new(
            "header_other_digest",
            format!("{digits} hex digits are the length of {name}, not of HMAC-SHA256"),
            FIX,
        )
    };
    match digits {
        _ if text.starts_with(['{', '[']) => {
            Finding::new("header_unreadable", "the header is JSON: the payload stands where the signature should", FIX)
        }
        32 => named("an MD5 digest"),
        40 => named("a SHA-1 digest"),
        56 => named("a SHA-224 digest"),
        96 => named("a SHA-384 digest"),
        128 => named("a SHA-512 digest"),
        ENOUGH..DIGITS if digits == text.len() => {
            let what =
                format!("the signature has {digits} hex digits rather than 64, and they are no part of the right one");
            Finding::new("header_length", what, COPY_WHOLE)
        }
        _ => {
            let what =
                format!("the header's {} characters hold no signature in any notation known", text.chars().count());
            Finding::new("header_unreadable", what, FIX)
        }
    }
}
