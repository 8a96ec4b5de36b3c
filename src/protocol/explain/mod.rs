//! Why a signature did not match: a fixed, bounded list of known causes, each tried alone and in sensible combinations.
//!
//! A cause is *proved*: the signature is right once the difference is undone. What was only seen is a hint. No text here
//! ever holds a secret or a part of the delivery.

mod diagnosis;
mod digests;
mod encodings;
mod explanation;
mod forms;
mod header;
mod hints;
mod json_style;
mod line_ends;
mod members;
mod placeholders;
mod python;
mod search;
mod secrets;
mod signed_forms;
#[cfg(test)]
mod tests;
mod tokens;
mod trials;
mod version;
mod wrappings;

pub use diagnosis::{Clues, Diagnosis, Finding, Part, SecretOrigin, Verdict};
pub use explanation::{explain, explain_header};
pub use trials::{MAX_BODY, MAX_HASHED, MAX_HMACS};
