//! Pictures on a terminal: by its own graphics where it has some, else in half-blocks.

use std::io::{self, IsTerminal};

use image::DynamicImage;
use viuer::Config;

use super::Printer;

/// Columns of a terminal that does not tell how many it has.
const COLUMNS: u32 = 80;

impl Printer {
    /// Whether a picture can be drawn: stdout is a terminal.
    pub(crate) fn can_draw(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Draws a picture as large as the terminal allows. `variable` looks into the environment.
    pub(crate) fn draw<'a>(
        &self,
        picture: &DynamicImage,
        variable: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<(), io::Error> {
        let asks = answers_questions(variable);
        // Some terminals do not tell how large they are.
        let width = (viuer::terminal_size().0 == 0).then_some(COLUMNS);
        let config = Config { absolute_offset: false, width, use_kitty: asks, use_sixel: asks, ..Config::default() };
        viuer::print(picture, &config).map(drop).map_err(io::Error::other)
    }
}

/// Whether the terminal is of a kind that answers when it is asked for its graphics. Others are not asked: the answer is
/// waited for without an end.
fn answers_questions<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> bool {
    let is_set = |name: &&str| variable(name).is_some();
    let terminal = variable("TERM").unwrap_or_default();
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    ["KITTY_WINDOW_ID", "KONSOLE_VERSION", "XTERM_VERSION", "WT_SESSION"].iter().any(is_set)
        || ["kitty", "ghostty", "foot", "mlterm"].iter().any(|name| terminal.contains(name))
        || ["ghostty", "WezTerm", "vscode", "mintty", "iTerm.app"].contains(&program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_terminals_that_answer_are_asked() {
        for (name, value, expected) in [
            ("TERM", "xterm-kitty", true),
            ("TERM", "foot", true),
            ("TERM", "xterm-256color", false),
            ("TERM", "dumb", false),
            ("TERM_PROGRAM", "WezTerm", true),
            ("TERM_PROGRAM", "tmux", false),
            ("KONSOLE_VERSION", "250801", true),
            ("HOME", "kitty", false),
        ] {
            assert_eq!(answers_questions(|asked| (asked == name).then_some(value)), expected, "{name}={value}");
        }
    }
}
