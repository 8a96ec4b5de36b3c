//! Text for people: pieces with a meaning, and none of the characters that could steer a terminal.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::{self, Display, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::style::{Meaning, painted};

/// A human text. Whatever goes in loses control characters; line ends come from [`Text::end_line`] alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    text: String,
    /// What each piece means and where it ends.
    pieces: Vec<(Meaning, usize)>,
}

impl Text {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds text with a meaning.
    pub(crate) fn add(&mut self, meaning: Meaning, text: impl Display) -> &mut Self {
        write!(Printable(&mut self.text), "{text}").expect("a String takes all that is written to it");
        self.pieces.push((meaning, self.text.len()));
        self
    }

    /// A line that begins with the local time of day.
    pub(crate) fn at(time: Timestamp) -> Self {
        let mut this = Self { text: String::with_capacity(128), pieces: Vec::with_capacity(16) };
        with_time_of_day(time, |time_of_day| {
            this.add(Meaning::Dim, time_of_day);
        });
        this
    }

    /// Adds ordinary text.
    pub(crate) fn plain(&mut self, text: impl Display) -> &mut Self {
        self.add(Meaning::Plain, text)
    }

    /// Ends the line.
    pub(crate) fn end_line(&mut self) -> &mut Self {
        self.text.push('\n');
        self.pieces.push((Meaning::Plain, self.text.len()));
        self
    }

    /// Writes the text, coloured or not, ending in one line end unless it is empty.
    pub(super) fn write_to(&self, out: &mut String, colored: bool) {
        if !colored {
            out.push_str(&self.text);
        } else {
            let mut start = 0;
            for &(meaning, end) in &self.pieces {
                out.push_str(&painted(&self.text[start..end], meaning));
                start = end;
            }
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            out.push('\n');
        }
    }

    /// The text as [`Text::write_to`] writes it.
    pub(super) fn rendered(&self, colored: bool) -> String {
        let mut out = String::new();
        self.write_to(&mut out, colored);
        out
    }
}

/// Passes on what cannot steer a terminal.
struct Printable<'a>(&'a mut String);

impl Write for Printable<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(&printable(text));
        Ok(())
    }
}

/// The local time of day. Many lines may be written in one second: its text is kept.
fn with_time_of_day(time: Timestamp, show: impl FnOnce(&str)) {
    thread_local! {
        static LAST: RefCell<Option<(i64, String)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        let second = time.as_second();
        let shown = || time.to_zoned_datetime(TimeZone::system()).strftime("%H:%M:%S").to_string();
        match last {
            Some((kept, text)) if *kept == second => show(text),
            _ => show(&last.insert((second, shown())).1),
        }
    });
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

/// A number of things in words.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
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
    // Nearly every text is of this kind, which is told at once: without a way out of the loop it takes many bytes at a time.
    if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        Cow::Borrowed(text)
    } else if text.chars().any(steers_a_terminal) {
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
        text.end_line().plain(format_args!("{:<3}", "\u{1b}")).plain('\u{9b}');
        assert_eq!(text.rendered(false), "xy\n  \n");
    }

    #[test]
    fn a_time_of_day_is_kept_for_its_second_only() {
        let at = |millisecond| Text::at(Timestamp::from_millisecond(millisecond).expect("a time")).rendered(false);
        assert_eq!(at(5_000), at(5_999));
        assert_ne!(at(5_999), at(6_000));
        assert_eq!(at(5_500), at(5_000));
    }
}
