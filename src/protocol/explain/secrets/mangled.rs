//! Secrets that lost or won characters on their way through files, quotes and shells.

use zeroize::Zeroizing;

use super::super::Finding;
use super::super::line_ends::BOM;
use super::SAME_TEXT;
use super::key::Variant;

const NO_NEWLINE: &str = "store it without a final newline: `printf %s` rather than echo, `vsai secret set --stdin`, `echo -n` in Kubernetes manifests";
const NO_QUOTES: &str =
    "store it without quotes: `docker --env-file`, systemd and secret stores keep quotes as part of the value";
const QUOTE_IT: &str = "put the secret in single quotes wherever a shell, a .env file or docker compose reads it";

fn variant(bytes: &[u8], code: &'static str, what: &str, fix: &'static str) -> Variant {
    (Zeroizing::new(bytes.to_vec()), Finding::new(code, what, fix))
}

fn around(before: &str, secret: &[u8], after: &str) -> Vec<u8> {
    [before.as_bytes(), secret, after.as_bytes()].concat()
}

/// With and without newlines, blanks, quotes and a byte order mark.
pub(super) fn at_its_edges(secret: &[u8]) -> Vec<Variant> {
    let mut variants = Vec::new();
    let trimmed = secret.trim_ascii();
    let without_newline =
        secret.strip_suffix(b"\r\n").or_else(|| secret.strip_suffix(b"\n")).or_else(|| secret.strip_suffix(b"\r"));
    if let Some(shorter) = without_newline {
        let what = "the secret here ends in a newline (0x0A or 0x0D) that the signer's does not have";
        variants.push(variant(shorter, "secret_newline_added", what, NO_NEWLINE));
    }
    if trimmed.len() < secret.len() {
        let what = "the secret here has blanks around it that the signer's does not have";
        variants.push(variant(trimmed, "secret_blanks_added", what, NO_NEWLINE));
    }
    for (newline, what) in [
        ("\n", "the signer's secret ends in a newline (0x0A) that the secret here does not have"),
        ("\r\n", "the signer's secret ends in a line end (0x0D 0x0A) that the secret here does not have"),
        ("\r", "the signer's secret ends in a carriage return (0x0D) that the secret here does not have"),
    ] {
        variants.push(variant(&around("", secret, newline), "secret_newline_removed", what, NO_NEWLINE));
    }
    variants.extend(quotes(secret));
    for (before, after) in [("", " "), (" ", ""), (" ", " ")] {
        let what = "the signer's secret has a blank beside it that the secret here does not have";
        variants.push(variant(&around(before, secret, after), "secret_blanks_removed", what, NO_NEWLINE));
    }
    let what = "a byte order mark (EF BB BF) stands before the secret on one side only";
    let fix = "store it as UTF-8 without a byte order mark (PowerShell: `-Encoding ascii`, or utf8NoBOM)";
    let other = secret.strip_prefix(BOM).map_or_else(|| [BOM, secret].concat(), <[u8]>::to_vec);
    variants.push(variant(&other, "secret_bom", what, fix));
    variants
}

fn quotes(secret: &[u8]) -> Vec<Variant> {
    let mut variants = Vec::new();
    for quote in ["\"", "'", "`"] {
        let inner = secret.strip_prefix(quote.as_bytes()).and_then(|rest| rest.strip_suffix(quote.as_bytes()));
        if let Some(inner) = inner {
            let what = "the secret here is in quotes, and the signer's is not";
            variants.push(variant(inner, "secret_quotes_added", what, NO_QUOTES));
        }
    }
    for quote in ["\"", "'"] {
        let what = "the signer's secret is in quotes, and the secret here is not";
        variants.push(variant(&around(quote, secret, quote), "secret_quotes_removed", what, NO_QUOTES));
    }
    variants
}

/// As a shell, a .env file or a prompt leaves it.
pub(super) fn by_a_shell(secret: &str) -> Vec<Variant> {
    let cut = |at: Option<usize>| at.map(|at| secret[..at].to_owned());
    let backslashed = || secret.contains('\\').then(|| without_backslashes(secret));
    let half = secret.len() / 2;
    let found = [
        (expanded(secret), "a shell expanded the `$…` in the signer's secret to nothing"),
        (
            secret.contains("$$").then(|| secret.replace("$$", "$")),
            "the signer's secret has `$` where the one here has `$$`",
        ),
        (
            secret.contains('$').then(|| secret.replace('$', "$$")),
            "the signer's secret has `$$` where the one here has `$`",
        ),
        (cut(secret.find('#')), "the signer's secret ends at the `#`, which a .env file takes for a comment"),
        (cut(secret.find(" #")), "the signer's secret ends before a ` #`, which a .env file takes for a comment"),
        (cut(secret.find([' ', ';', '&', '|'])), "the signer's secret ends at a character that ends a word in a shell"),
        (backslashed(), "the signer's secret lost its backslashes to a shell"),
        (unescaped(secret), "the signer's secret has the characters that `\\n` and the like stand for here"),
    ];
    let mut variants: Vec<Variant> = found
        .into_iter()
        .filter_map(|(text, what)| text.map(|text| Zeroizing::new(text.into_bytes())).map(|bytes| (bytes, what)))
        .filter(|(bytes, _)| !bytes.is_empty())
        .map(|(bytes, what)| (bytes, Finding::new("secret_shell_mangled", what, QUOTE_IT)))
        .collect();
    if secret.is_char_boundary(half) && secret[..half] == secret[half..] {
        let what = "the secret here is the signer's twice over, as if pasted twice";
        variants.push(variant(&secret.as_bytes()[..half], "secret_doubled", what, SAME_TEXT));
    }
    let what = "the signer's secret is the one here twice over, as if pasted twice";
    variants.push(variant(&around(secret, secret.as_bytes(), ""), "secret_doubled", what, SAME_TEXT));
    variants
}

/// The text with `$NAME` and `${NAME}` gone.
fn expanded(secret: &str) -> Option<String> {
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let (first, rest) = secret.split_once('$')?;
    let mut out = first.to_owned();
    for part in rest.split('$') {
        let braced = part.strip_prefix('{').and_then(|part| part.split_once('}')).map(|(_, after)| after);
        out.push_str(braced.unwrap_or_else(|| part.trim_start_matches(is_name)));
    }
    Some(out)
}

fn without_backslashes(secret: &str) -> String {
    let mut out = String::with_capacity(secret.len());
    let mut chars = secret.chars();
    while let Some(char) = chars.next() {
        out.extend(if char == '\\' { chars.next() } else { Some(char) });
    }
    out
}

fn unescaped(secret: &str) -> Option<String> {
    let plain = secret.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    (plain != secret).then_some(plain)
}
