//! Secrets that were taken together with what they are kept in: a .env file, a JSON document, a list.

use zeroize::Zeroizing;

use super::super::Finding;
use super::super::tokens::{Token, Tokens, unquoted};
use super::SAME_TEXT;
use super::key::Variant;

/// Candidates that are taken from one document.
const MOST: usize = 8;
const VALUE_ALONE: &str = "give the value alone: a --secret-file holds the secret and nothing else; a .env file is for the environment (VSAI_WEBHOOK_SECRET)";

/// Every piece of the text that may be the secret itself.
pub(super) fn variants(text: &str) -> Vec<Variant> {
    let variant = |value: &str, what: &str, fix| {
        (Zeroizing::new(value.as_bytes().to_vec()), Finding::new("secret_kept_in_document", what, fix))
    };
    let mut variants = Vec::new();
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for value in lines().filter_map(assigned).take(MOST) {
        let what = "the secret here is a whole `NAME=value` line or file, and the signer's is the value alone";
        variants.push(variant(value, what, VALUE_ALONE));
    }
    if lines().nth(1).is_some() {
        for line in lines().take(MOST) {
            let what = "the secret here has several lines, and the signer's is one of them";
            variants.push(variant(line, what, SAME_TEXT));
        }
    }
    if text.trim_start().starts_with(['{', '[', '"']) {
        let strings =
            Tokens::new(text).filter_map(|token| if let Token::Text(text) = token { unquoted(text) } else { None });
        for value in strings.filter(|value| !value.is_empty()).take(2 * MOST) {
            let what = "the secret here is a JSON document, and the signer's is a string in it";
            variants.push(variant(&value, what, VALUE_ALONE));
        }
    }
    variants
}

fn assigned(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(['=', ':'])?;
    let name = name.trim().trim_start_matches("export ").trim_start_matches("set ");
    let value = value.trim();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    let unquoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = unquoted('"').or_else(|| unquoted('\'')).unwrap_or(value);
    (is_name && !value.is_empty()).then_some(value)
}
