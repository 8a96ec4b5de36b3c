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

/// Whether the text is of a length that could be a damaged signature.
pub(super) fn is_recognisable(text: &str) -> bool {
    candidates(text).next().is_some()
}

/// How the text differs from the right digits, where it is plainly made from them.
pub(super) fn compared(text: &str, right: &str) -> Option<Finding> {
    candidates(text).find_map(|given| damage(&given.to_ascii_lowercase(), right))
}

/// The whole text and its longest row of digits.
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    let longest = forms::hex_runs(text).max_by_key(|run| run.len()).map(|run| &text[run]);
    [Some(text), longest].into_iter().flatten().filter(|given| (ENOUGH..=2 * DIGITS).contains(&given.len()))
}

fn damage(given: &str, right: &str) -> Option<Finding> {
    let start = given.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let end = given.bytes().rev().zip(right.bytes().rev()).take_while(|(a, b)| a == b).count();
    let length = given.len();
    if given == right {
        return None;
    }
    if start == length || end == length {
        let (kept, lost) = if start == length { ("first", "last") } else { ("last", "first") };
        let missing = DIGITS - length;
        let what = format!(
            "the signature is cut: its {length} digits are the {kept} of the right 64; the {lost} {missing} are missing"
        );
        return Some(Finding::new("header_truncated", what, COPY_WHOLE));
    }
    if start == DIGITS || end == DIGITS {
        let more = length - DIGITS;
        let place = if start == DIGITS { "after" } else { "before" };
        let what = format!("the right 64 digits have {more} more character{} {place} them", plural(more));
        return Some(Finding::new("header_text_around", what, BARE_HEX));
    }
    let agreeing = given.bytes().zip(right.bytes()).filter(|(a, b)| a == b).count();
    if length == DIGITS && agreeing >= MOST {
        let wrong = DIGITS - agreeing;
        let first = start + 1;
        let what = format!(
            "{wrong} digit{} of the 64 differ{} from the right signature, first the {first}th",
            plural(wrong),
            if wrong == 1 { "s" } else { "" }
        );
        return Some(Finding::new("header_mistyped", what, COPY_WHOLE));
    }
    if start + end >= MOST {
        let what = format!(
            "the signature is damaged: its first {start} and last {end} characters are right, but it has {length} rather than 64"
        );
        return Some(Finding::new("header_mistyped", what, COPY_WHOLE));
    }
    None
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
