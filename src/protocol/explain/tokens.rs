//! The pieces of a JSON text that is known to be valid. On any other text it ends early, and never panics.

/// A piece of JSON, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{` or `[`.
    Open(char),
    /// `}` or `]`.
    Close(char),
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// A string with its quotes.
    Text(&'a str),
    /// A number, `true`, `false` or `null`.
    Plain(&'a str),
}

/// Reads one piece after the other.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next piece is looked for, in bytes.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The next piece, which stays the next.
    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.clone().next()
    }

    /// Steps over one value with all that is in it, and yields its text.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        self.skip_blanks();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                Token::Open(_) => depth += 1,
                Token::Close(_) => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return self.text.get(start..self.at);
            }
        }
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
    }

    /// Length of the string at the start of `rest`, quotes included.
    fn string_length(rest: &[u8]) -> Option<usize> {
        let mut escaped = false;
        let inner = rest.iter().skip(1).position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        })?;
        Some(inner + 2)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blanks();
        let rest = &self.text.as_bytes()[self.at..];
        let first = *rest.first()?;
        let length = match first {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => Self::string_length(rest)?,
            _ => rest.iter().position(|byte| b",:[]{}\" \t\r\n".contains(byte)).unwrap_or(rest.len()),
        };
        let piece = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(match first {
            b'{' | b'[' => Token::Open(char::from(first)),
            b'}' | b']' => Token::Close(char::from(first)),
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => Token::Text(piece),
            _ => Token::Plain(piece),
        })
    }
}

/// The text that a JSON string stands for; none with a lone surrogate in it.
pub(super) fn unquoted(string: &str) -> Option<String> {
    serde_json::from_str(string).ok()
}
