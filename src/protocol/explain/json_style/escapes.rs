//! Characters that some serialisers write as escapes where `JSON.stringify` does not.

use std::fmt::Write;

use super::super::Finding;
use super::{IN_PYTHON, SIGN_ONCE};

const IN_PHP: &str = "PHP: json_encode($payload, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS), and \
     post that very text";
const IN_DOT_NET: &str =
    ".NET: JsonSerializerOptions with Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, and post that very text";

/// Which characters of a string are written as escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    Fewest,
    Ascii,
    AsciiUpper,
    Slashes,
    AsciiAndSlashes,
    Html,
    Gson,
    DotNet,
    LineSeparators,
}

pub(super) const ESCAPES: [Escapes; 9] = [
    Escapes::Fewest,
    Escapes::Ascii,
    Escapes::Slashes,
    Escapes::AsciiAndSlashes,
    Escapes::Html,
    Escapes::Gson,
    Escapes::AsciiUpper,
    Escapes::DotNet,
    Escapes::LineSeparators,
];

impl Escapes {
    pub(super) fn finding(self) -> Option<Finding> {
        let (code, what, fix) = match self {
            Self::Fewest => return None,
            Self::Ascii => (
                "body_unicode_escaped",
                "what was signed has non-ASCII characters as \\u00e9 escapes, as Python's json.dumps writes by default",
                IN_PYTHON,
            ),
            Self::AsciiUpper => (
                "body_unicode_escaped",
                "what was signed has non-ASCII characters as \\u00E9 escapes, in upper case as .NET writes them",
                IN_DOT_NET,
            ),
            Self::Slashes => (
                "body_slashes_escaped",
                "what was signed has slashes as `\\/`, as PHP's json_encode writes them",
                IN_PHP,
            ),
            Self::AsciiAndSlashes => (
                "body_slashes_escaped",
                "what was signed has slashes as `\\/` and non-ASCII characters as \\u00e9, as PHP's json_encode writes by default",
                IN_PHP,
            ),
            Self::Html => (
                "body_html_escaped",
                "what was signed has <, > and & as \\u003c, \\u003e and \\u0026, as Go and Rails write them",
                "Go: an Encoder with SetEscapeHTML(false), less the newline that it adds; Rails: JSON.generate(payload) rather than \
                 to_json; and post that very text",
            ),
            Self::Gson => (
                "body_html_escaped",
                "what was signed has <, >, &, = and ' as \\u003c, \\u003e, \\u0026, \\u003d and \\u0027, as Gson writes by default",
                "Gson: new GsonBuilder().disableHtmlEscaping(), and post that very text",
            ),
            Self::DotNet => (
                "body_html_escaped",
                "what was signed has \", <, >, &, +, ' and all non-ASCII as \\u0022 and the like, as .NET's System.Text.Json writes by default",
                IN_DOT_NET,
            ),
            Self::LineSeparators => (
                "body_separators_escaped",
                "what was signed has U+2028 and U+2029 as \\u2028 and \\u2029, which JSON.stringify leaves as they are",
                SIGN_ONCE,
            ),
        };
        Some(Finding::new(code, what, fix))
    }

    /// Writes a string with its quotes, and tells whether anything was escaped.
    pub(super) fn write(self, text: &str, out: &mut String) -> bool {
        let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return false };
        out.push('"');
        let before = out.len();
        let mut chars = inner.chars();
        while let Some(char) = chars.next() {
            match char {
                '\\' => match chars.next() {
                    Some('"') if self == Self::DotNet => out.push_str("\\u0022"),
                    Some(next) => out.extend(['\\', next]),
                    None => out.push('\\'),
                },
                '/' if self.escapes('/') => out.push_str("\\/"),
                char if self.escapes(char) => self.escape(char, out),
                char => out.push(char),
            }
        }
        let changed = out[before..] != *inner;
        out.push('"');
        changed
    }

    fn escapes(self, char: char) -> bool {
        match self {
            Self::Fewest => false,
            Self::Ascii | Self::AsciiUpper => char > '~',
            Self::Slashes => char == '/',
            Self::AsciiAndSlashes => char == '/' || char > '\u{7f}',
            Self::Html => "<>&\u{2028}\u{2029}".contains(char),
            Self::Gson => "<>&='\u{2028}\u{2029}".contains(char),
            Self::DotNet => char > '~' || "<>&'+`".contains(char),
            Self::LineSeparators => "\u{2028}\u{2029}".contains(char),
        }
    }

    fn escape(self, char: char, out: &mut String) {
        for unit in char.encode_utf16(&mut [0; 2]) {
            let written = match self {
                Self::AsciiUpper | Self::DotNet => write!(out, "\\u{unit:04X}"),
                _ => write!(out, "\\u{unit:04x}"),
            };
            written.expect("a string takes all that is written to it");
        }
    }
}
