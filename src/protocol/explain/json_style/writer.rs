//! Writes a JSON text again in another layout, without a tree of its values.

use super::super::tokens::{Token, Tokens};
use super::escapes::Escapes;
use super::layout::Layout;

/// What a text may grow to: indentation makes deep nesting quadratic.
const MOST_GROWTH: usize = 4;
const ROOM: usize = 64 * 1024;

/// The text in another style; none where it would grow out of bounds, or shows nothing of the escapes or floats asked for.
pub(super) fn rewrite(source: &str, layout: Layout, escapes: Escapes, floats: bool) -> Option<String> {
    let most = source.len() * MOST_GROWTH + ROOM;
    let mut writer = Writer { out: String::with_capacity(source.len() * 5 / 4), layout, open: Vec::new(), objects: 0 };
    let mut escaped = escapes == Escapes::Fewest;
    let mut floated = !floats;
    let mut tokens = Tokens::new(source);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(bracket) => match tokens.peek() {
                Some(Token::Close(closing)) => {
                    tokens.next();
                    writer.empty(bracket, closing);
                }
                _ => writer.open(bracket),
            },
            Token::Close(bracket) => writer.close(bracket),
            Token::Comma => writer.comma(),
            Token::Colon => writer.out.push_str(layout.colon()),
            Token::Text(text) => escaped |= escapes.write(text, &mut writer.out),
            Token::Plain(text) => {
                let whole = floats && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                floated |= whole;
                writer.out.push_str(text);
                writer.out.push_str(if whole { ".0" } else { "" });
            }
        }
        if writer.out.len() > most {
            return None;
        }
    }
    (escaped && floated).then_some(writer.out)
}

struct Writer {
    out: String,
    layout: Layout,
    open: Vec<char>,
    /// How many of the open brackets are objects'.
    objects: usize,
}

impl Writer {
    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.open.push(bracket);
        self.objects += usize::from(bracket == '{');
        self.gap(bracket == '[');
    }

    fn close(&mut self, bracket: char) {
        let in_array = self.open.pop() == Some('[');
        self.objects = self.objects.saturating_sub(usize::from(!in_array));
        self.gap(in_array);
        self.out.push(bracket);
    }

    fn empty(&mut self, open: char, close: char) {
        self.out.push(open);
        self.out.push_str(if self.layout == Layout::Jackson { " " } else { "" });
        self.out.push(close);
    }

    fn comma(&mut self) {
        self.out.push(',');
        match self.layout {
            Layout::Spaced => self.out.push(' '),
            _ => self.gap(self.open.last() == Some(&'[')),
        }
    }

    /// What stands between two members, and between a bracket and a member.
    fn gap(&mut self, in_array: bool) {
        let (indent, line_end, depth) = match self.layout {
            Layout::Compact | Layout::Spaced => return,
            Layout::Jackson if in_array => return self.out.push(' '),
            Layout::Jackson => ("  ", "\n", self.objects),
            Layout::Indented(indent, line_end) => (indent, line_end, self.open.len()),
        };
        self.out.push_str(line_end);
        self.out.extend(std::iter::repeat_n(indent, depth));
    }
}
