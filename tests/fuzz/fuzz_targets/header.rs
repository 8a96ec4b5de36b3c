//! The signature header from any text: it never panics, and what it takes is 64 lower-case hex digits that it writes again.
//!
//!     cargo +nightly fuzz run --fuzz-dir tests/fuzz header
#![no_main]

use libfuzzer_sys::fuzz_target;
use vsai::protocol::Signature;

fuzz_target!(|text: &str| {
    if let Ok(signature) = Signature::parse(text) {
        let written = signature.to_string();
        assert_eq!(written, text.trim_matches([' ', '\t']));
        assert_eq!(Signature::parse(&written), Ok(signature));
    }
});
