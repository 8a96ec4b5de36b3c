//! Events from any signed text: typing never panics, and what the event says of itself stands in the text.
//!
//!     cargo +nightly fuzz run --fuzz-dir tests/fuzz event
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use vsai::protocol::{Event, Identity, Secret, SigningKey, Verifier};

static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new("test-secret").expect("not empty"));
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::new(&SECRET));
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(&[SECRET.clone()]));

fuzz_target!(|text: &str| {
    let verified = VERIFIER.verify(text.as_bytes(), KEY.sign(text.as_bytes())).expect("just signed");
    assert_eq!(verified.text(), text);
    let identity = Event::of(&verified).identity();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let said = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Identity { event_type, render_id, variation_id, variation_type, timestamp } = identity;
    assert!(event_type.is_none() || event_type == said("event_type"));
    assert!(render_id.is_none() || render_id == said("render_id"));
    assert!(variation_id.is_none() || variation_id == said("variation_id"));
    assert!(variation_type.is_none() || variation_type == said("variation_type"));
    assert!(timestamp.is_none() || timestamp == value.get("timestamp").and_then(Value::as_i64));
});
