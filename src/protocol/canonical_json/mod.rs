//! Canonical JSON: the string that `JSON.stringify(JSON.parse(text))` yields in Node, which is what the vendor signs.
//!
//! One pass over the input writes a draft: every value in canonical form, still in the order of the input. An object whose
//! members have to move (integer-like keys, duplicates) is only noted down; a second pass over the draft carries all moves
//! out at once. No tree of values, no recursion, no byte copied more than twice.

mod draft;
mod error;
mod escape;
mod member;
mod number;
mod reorder;
mod scanner;
#[cfg(test)]
mod tests;
mod writer;

pub use error::CanonicalError;
pub(super) use writer::canonical_members;
pub use writer::{MAX_LENGTH, canonicalize, canonicalize_within, is_canonical_within};
