//! Why a text has no canonical form.

/// Why a text has no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// `JSON.parse` takes text; these bytes are none.
    #[error("invalid UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// `JSON.parse` refuses the text.
    #[error("not JSON: {reason} at byte {offset}")]
    Syntax {
        /// Offset in the input, in bytes.
        offset: usize,
        /// What was found or missing.
        reason: &'static str,
    },
    /// Nested deeper than the caller allows.
    #[error("nested deeper than {limit}")]
    TooDeep {
        /// The caller's limit, in arrays and objects.
        limit: usize,
    },
    /// Longer than [`MAX_LENGTH`](super::MAX_LENGTH).
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
}
