//! What text means, and the colour for it. The only file that knows colours.

use colored::{Color, ColoredString, Colorize};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also into a pipe.
    Always,
    /// Never.
    Never,
}

/// What a piece of text is for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Ordinary text.
    Plain,
    /// It went well.
    Success,
    /// It did not.
    Failure,
    /// Look at this.
    Warning,
    /// A command to copy, a path, a URL.
    Path,
    /// An id.
    Identifier,
    /// Of less interest.
    Dim,
    /// A heading.
    Strong,
}

/// Colours `text`; the caller has decided that colours are wanted.
pub(super) fn painted(text: &str, meaning: Meaning) -> String {
    colored::control::set_override(true);
    let painted: ColoredString = match meaning {
        Meaning::Plain => return text.to_owned(),
        Meaning::Success => text.color(Color::Green),
        Meaning::Failure => text.color(Color::Red),
        Meaning::Warning => text.color(Color::Yellow),
        Meaning::Path => text.color(Color::Cyan),
        Meaning::Identifier => text.color(Color::Blue),
        Meaning::Dim => text.dimmed(),
        Meaning::Strong => text.bold(),
    };
    painted.to_string()
}
