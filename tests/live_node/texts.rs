//! Random JSON texts from a seed, dense in what parsers read differently; a third of them broken, some past UTF-8.

use fastrand::Rng;

/// Characters of strings and keys, as they stand in a text: literals and escapes, both cases of hex, halves of pairs.
#[rustfmt::skip]
const CHARACTERS: &[&str] = &[
    "a", "Z", " ", "/", "~", "\u{7f}", "\u{80}", "\u{a0}", "é", "\u{7ff}", "\u{800}", "\u{2028}", "\u{2029}",
    "\u{d7ff}", "\u{e000}", "\u{feff}", "\u{fffd}", "\u{ffff}", "😀", "\u{10000}", "\u{10ffff}", r"\u0061",
    r"\u00e9", r"\u00E9", r"\/", r#"\""#, r"\\", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u0000", r"\u0008",
    r"\u001f", r"\u001F", r"\u0022", r"\u005c", r"\u007F", r"\ud83d\ude00", r"\uD83D\uDE00", r"\ud83d",
    r"\uDBFF", r"\udc00", r"\uDE00", r"\udfff", r"\ud7ff", r"\uE000", r"\uffff", r"\u2028",
    "some plain text, longer than a word of the scanner",
];

/// Keys that collide with others, or that look like integers.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "", "a", "b", r"\u0061", "0", "1", "2", "9", "10", "00", "01", "-1", "-0", "1.0", "1e0", " 1", r"\u0031",
    "4294967293", "4294967294", "4294967295", "4294967296", "9007199254740993", "18446744073709551616", "٣",
    "__proto__", "constructor", "toJSON", "toString", "length", "é", r"\u00e9", "e\u{301}", r"\ud800",
    r"\uD800", r"\udc00", r"\ud83d\ude00", "😀", r"\/", "/", r"\\", r"\n", r"\u000a", "event_type", "render_id",
];

#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "0", "-0", "-0.0", "1.0", "1e0", "9e20", "1e21", "1e-6", "1e-7", "0.000001", "0.0000001", "1e400", "-1e400",
    "1e-400", "5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308",
    "1.7976931348623158e308", "1.7976931348623159e308", "9007199254740993", "123456789012345678901",
    "999999999999999", "9999999999999999",
];

/// Bytes that a mutation puts in: what the grammar turns on, and what it must not take.
#[rustfmt::skip]
const STRANGE: &[&[u8]] = &[
    b"", b"{", b"}", b"[", b"]", b":", b",", b"\"", b"\\", b"\\u", b"\\x", b"0", b"1", b".", b"-", b"+", b"e",
    b"E5", b"t", b"null", b" ", b"\n", b"\0", b"\x01", b"\x0b", b"\x1f", b"\x7f", b"\x80", b"\xc0", b"\xe2",
    b"\xed\xa0\x80", b"\xf0\x9f", b"\xf5", b"\xff", b"\xc2\xa0", b"\xef\xbb\xbf", b"'", b"/", b"/**/", b"NaN",
];

pub(super) struct Texts {
    random: Rng,
    text: Vec<u8>,
}

impl Texts {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), text: Vec::new() }
    }

    fn write(&mut self, text: impl AsRef<[u8]>) {
        self.text.extend_from_slice(text.as_ref());
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.random.usize(..list.len())]
    }

    fn one_in(&mut self, count: u32) -> bool {
        self.random.u32(..count) == 0
    }

    fn space(&mut self) {
        while self.one_in(4) {
            let space = self.pick(&[" ", "\t", "\n", "\r", "    "]);
            self.write(space);
        }
    }

    fn document(&mut self) {
        if self.one_in(20) {
            self.write("\u{feff}");
        }
        match self.random.u32(..100) {
            0 => self.nested(),
            1..10 => {
                let members = self.random.usize(10..60);
                self.object(members, 1);
            }
            _ => {
                let depth = self.random.u32(..5);
                self.value(depth);
            }
        }
    }

    /// Deep, but above what Node's own stringify can take.
    fn nested(&mut self) {
        let depth = self.random.usize(..2_900);
        let levels = [
            ("[", "]"),
            ("[0,", ",{}]"),
            (r#"{"a":"#, "}"),
            (r#"{"b":"#, r#","1":0}"#),
            (r#"{"a":1,"a":"#, r#","b":2}"#),
        ];
        let opened: Vec<_> = (0..depth).map(|_| self.pick(&levels)).collect();
        opened.iter().for_each(|(open, _)| self.write(open));
        self.number();
        opened.iter().rev().for_each(|(_, close)| self.write(close));
    }

    fn value(&mut self, depth: u32) {
        self.space();
        match self.random.u32(..if depth == 0 { 7 } else { 12 }) {
            0..3 => self.number(),
            3..6 => self.string(),
            6 => {
                let word = self.pick(&["true", "false", "null"]);
                self.write(word);
            }
            7..9 => self.array(depth - 1),
            _ => {
                let members = self.random.usize(..7);
                self.object(members, depth - 1);
            }
        }
        self.space();
    }

    fn array(&mut self, depth: u32) {
        self.write("[");
        self.space();
        for index in 0..self.random.usize(..6) {
            self.write(if index > 0 { "," } else { "" });
            self.value(depth);
        }
        self.write("]");
    }

    fn object(&mut self, members: usize, depth: u32) {
        self.write("{");
        self.space();
        for index in 0..members {
            self.write(if index > 0 { "," } else { "" });
            self.space();
            self.key();
            self.space();
            self.write(":");
            self.value(depth);
        }
        self.write("}");
    }

    fn key(&mut self) {
        match self.random.u32(..4) {
            0 => self.string(),
            1 => {
                let key = format!("\"{}\"", self.random.u32(..100));
                self.write(key);
            }
            _ => {
                let key = format!("\"{}\"", self.pick(KEYS));
                self.write(key);
            }
        }
    }

    fn string(&mut self) {
        self.write("\"");
        for _ in 0..self.random.usize(..10) {
            let character = self.pick(CHARACTERS);
            self.write(character);
        }
        if self.one_in(4) {
            let unit = format!("\\u{:04x}", self.random.u16(..));
            self.write(unit);
        }
        self.write("\"");
    }

    fn number(&mut self) {
        let double = f64::from_bits(self.random.u64(..));
        let double = if double.is_finite() { double } else { 0.5 };
        let text = match self.random.u32(..8) {
            0 => self.pick(NUMBERS).to_owned(),
            1 => format!("{double:e}"),
            2 => format!("{double:.17e}"),
            3 => format!("{double:.3E}"),
            4 => format!("{:.*}", self.random.usize(..9), self.random.f64() * 1e4),
            5 => (self.random.i64(..) >> self.random.u32(..64)).to_string(),
            _ => self.decimal(),
        };
        self.write(text);
    }

    fn decimal(&mut self) -> String {
        let digits = |random: &mut Rng, most: usize| -> String {
            (0..random.usize(..=most)).map(|_| random.digit(10)).collect()
        };
        let mut text = self.pick(&["", "-"]).to_owned();
        if self.one_in(3) {
            text.push('0');
        } else {
            text.push(self.random.char('1'..='9'));
            let most = self.pick(&[3, 9, 25]);
            text += &digits(&mut self.random, most);
        }
        if self.random.bool() {
            text += self.pick(&[".", ".0", ".00000", ".000000", ".0000000"]);
            text.push(self.random.digit(10));
            let most = self.pick(&[3, 9, 25]);
            text += &digits(&mut self.random, most);
            text += self.pick(&["", "", "0", "000"]);
        }
        if self.one_in(3) {
            let most = self.pick(&[5, 30, 340]);
            text += &format!("{}{}{}", self.pick(&["e", "E"]), self.pick(&["", "+", "-"]), self.random.u32(..most));
        }
        text
    }

    fn break_somewhere(&mut self) {
        for _ in 0..self.random.usize(1..4) {
            let at = self.random.usize(..=self.text.len());
            let end = (at + self.random.usize(..3)).min(self.text.len());
            let strange = self.pick(STRANGE);
            self.text.splice(at..end, strange.iter().copied());
        }
        if self.one_in(4) {
            self.text.truncate(self.random.usize(..=self.text.len()));
        }
    }
}

impl Iterator for Texts {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.document();
        if self.one_in(3) {
            self.break_somewhere();
        }
        Some(std::mem::take(&mut self.text))
    }
}
