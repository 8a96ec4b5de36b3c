//! The webhook protocol of Virtual Staging AI: secrets, signatures, canonical JSON and events. Pure: no I/O, no clock.

pub mod canonical_json;
mod event;
pub mod explain;
pub mod render;
mod secret;
mod signature;
pub(crate) mod synthetic;
mod verification;

pub use event::{Event, Identity, ResultLinks, VariationDone, VariationError};
pub use secret::{Secret, SecretError};
pub use signature::{MalformedSignature, SIGNATURE_HEADER, Signature, Signer, SigningKey};
pub use verification::{MAX_DEPTH, Matched, Unverified, Verified, Verifier};
