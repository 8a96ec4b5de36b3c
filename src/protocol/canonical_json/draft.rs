//! What the first pass writes to: a text of its own, or nothing but a comparison with the text that it reads.

/// A text that grows at its end.
pub(super) trait Draft {
    fn push_str(&mut self, text: &str);
    /// Adds what stands in the input at this offset.
    fn copy(&mut self, text: &str, at: usize);
    fn length(&self) -> u32;
    /// What has been written.
    fn text(&self) -> &str;
}

impl Draft for String {
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }

    fn copy(&mut self, text: &str, _: usize) {
        self.push_str(text);
    }

    fn length(&self) -> u32 {
        self.len() as u32
    }

    fn text(&self) -> &str {
        self
    }
}

/// Keeps nothing: as long as all that is written is what the given text says, that text is what has been written.
pub(super) struct Comparison<'a> {
    text: &'a str,
    /// Bytes written; counted no further once they differ.
    length: usize,
    differs: bool,
}

impl<'a> Comparison<'a> {
    pub(super) fn with(text: &'a str) -> Self {
        Self { text, length: 0, differs: false }
    }

    /// Whether the whole text was written and nothing else.
    pub(super) fn is_equal(&self) -> bool {
        !self.differs && self.length == self.text.len()
    }
}

impl Draft for Comparison<'_> {
    fn push_str(&mut self, text: &str) {
        self.differs |= !self.text.as_bytes()[self.length..].starts_with(text.as_bytes());
        if !self.differs {
            self.length += text.len();
        }
    }

    /// What is read where it would be written is the same; no byte is looked at again.
    fn copy(&mut self, text: &str, at: usize) {
        self.differs |= at != self.length;
        if !self.differs {
            self.length += text.len();
        }
    }

    fn length(&self) -> u32 {
        self.length as u32
    }

    fn text(&self) -> &str {
        self.text
    }
}
