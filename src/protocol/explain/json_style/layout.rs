//! Blanks between the pieces of a JSON text.

use super::super::Finding;
use super::super::version::plural;
use super::{IN_PYTHON, SIGN_ONCE};

/// Blanks between the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Compact,
    /// `", "` and `": "`.
    Spaced,
    /// Each member on its own line, with this indentation and this line end.
    Indented(&'static str, &'static str),
    /// Jackson's default: `"a" : 1`, arrays on one line.
    Jackson,
}

/// Likeliest first.
pub(super) const LAYOUTS: [Layout; 10] = [
    Layout::Compact,
    Layout::Spaced,
    Layout::Indented("  ", "\n"),
    Layout::Indented("    ", "\n"),
    Layout::Indented("\t", "\n"),
    Layout::Indented("  ", "\r\n"),
    Layout::Jackson,
    Layout::Indented("   ", "\n"),
    Layout::Indented(" ", "\n"),
    Layout::Indented("        ", "\n"),
];

impl Layout {
    pub(super) fn is_one_line(self) -> bool {
        matches!(self, Self::Compact | Self::Spaced)
    }

    /// Tried alone only.
    pub(super) fn is_rare(self) -> bool {
        matches!(self, Self::Indented(" " | "   " | "        ", _))
    }

    pub(super) fn colon(self) -> &'static str {
        match self {
            Self::Compact => ":",
            Self::Spaced | Self::Indented(..) => ": ",
            Self::Jackson => " : ",
        }
    }

    pub(super) fn finding(self) -> Option<Finding> {
        Some(match self {
            Self::Compact => return None,
            Self::Spaced => {
                let what =
                    "what was signed has a blank after each comma and colon, as Python's json.dumps writes by default";
                Finding::new("body_spaced", what, IN_PYTHON)
            }
            Self::Jackson => {
                let what = "what was signed is pretty-printed as Jackson does it (`\"a\" : 1`)";
                Finding::new("body_pretty_printed", what, SIGN_ONCE)
            }
            Self::Indented(indent, line_end) => {
                let unit = match indent {
                    "\t" => "a tab".to_owned(),
                    blanks => format!("{} blank{}", blanks.len(), plural(blanks.len())),
                };
                let ends = if line_end == "\r\n" { " and CRLF line ends" } else { "" };
                let what = format!("what was signed is pretty-printed, with an indentation of {unit}{ends}");
                Finding::new("body_pretty_printed", what, SIGN_ONCE)
            }
        })
    }
}
