//! Canonical JSON of any bytes: it never panics, its result is its own canonical form, and what serde_json accepts it accepts.
//!
//!     cargo +nightly fuzz run --fuzz-dir tests/fuzz canonical_json
#![no_main]

use libfuzzer_sys::fuzz_target;
use vsai::protocol::canonical_json::{CanonicalError, canonicalize, canonicalize_within};

fuzz_target!(|bytes: &[u8]| {
    let canonical = canonicalize(bytes);
    match &canonical {
        Ok(text) => assert_eq!(canonicalize(text.as_bytes()).as_ref(), Ok(text)),
        Err(CanonicalError::NotUtf8 { offset }) => assert!(std::str::from_utf8(&bytes[..*offset]).is_ok()),
        Err(CanonicalError::Syntax { offset, .. }) => assert!(*offset <= bytes.len()),
        Err(error) => panic!("no limit was given, and yet: {error}"),
    }
    if serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
        assert!(canonical.is_ok(), "serde_json accepts it");
    }
    let shallow = canonicalize_within(bytes, 3);
    assert!(shallow == canonical || shallow == Err(CanonicalError::TooDeep { limit: 3 }));
});
