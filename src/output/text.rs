//! Text for people: pieces with a meaning, and none of the characters that could steer a terminal.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::style::{Meaning, painted};

/// A human text. Whatever goes in loses control characters; line ends come from [`Text::end_line`] alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text(Vec<(Meaning, String)>);

impl Text {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds text with a meaning.
    pub(crate) fn add(&mut self, meaning: Meaning, text: impl AsRef<str>) -> &mut Self {
        self.0.push((meaning, printable(text.as_ref()).into_owned()));
        self
    }

    /// A line that begins with the local time of day.
    pub(crate) fn at(time: Timestamp) -> Self {
        let mut this = Self::new();
        this.add(Meaning::Dim, time.to_zoned_datetime(TimeZone::system()).strftime("%H:%M:%S").to_string());
        this
    }

    /// Adds ordinary text.
    pub(crate) fn plain(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.add(Meaning::Plain, text)
    }

    /// Ends the line.
    pub(crate) fn end_line(&mut self) -> &mut Self {
        self.0.push((Meaning::Plain, "\n".to_owned()));
        self
    }

    /// The text, coloured or not, ending in one line end unless it is empty.
    pub(super) fn rendered(&self, colored: bool) -> String {
        let mut out = String::new();
        for (meaning, text) in &self.0 {
            if colored {
                out.push_str(&painted(text, *meaning));
            } else {
                out.push_str(text);
            }
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut this = Self::new();
        this.plain(text);
        this
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// A time as people here read it: the time of day, and the date unless it is that of `now`.
pub(crate) fn local_time(time: Timestamp, now: Timestamp) -> String {
    let [time, now] = [time, now].map(|time| time.to_zoned_datetime(TimeZone::system()));
    let format = if time.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M" };
    time.strftime(format).to_string()
}

/// A time with its date, to the millisecond.
pub(crate) fn exact_local_time(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

/// `text` without C0, DEL, C1, bidi controls and line ends: what a stranger sent must not steer the terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(steers_a_terminal) {
        Cow::Owned(text.chars().filter(|&c| !steers_a_terminal(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Control characters, line and paragraph separators, and the bidi controls that can make text read otherwise than it is.
pub(super) fn steers_a_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_cannot_steer_the_terminal() {
        let hostile = "a\u{1b}[31mb\u{9b}c\r\nd\u{202e}e\u{2066}f\u{7f}g\u{2028}é";
        assert_eq!(printable(hostile), "a[31mbcdefgé");
        let mut text = Text::new();
        text.add(Meaning::Failure, "x\ny");
        assert_eq!(text.rendered(false), "xy\n");
    }
}
