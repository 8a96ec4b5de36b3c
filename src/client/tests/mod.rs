//! The client against real sockets: what is sent, what each answer means, and what a broken wire does.

mod operations;
mod proxied;
mod retried;
mod statuses;
mod tls;
mod wire;
mod wires;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::*;

const KEY: &str = "vsai-pk-11111111-2222-3333-4444-555555555555";

/// Defaults but for waits, which are as short as they can be.
fn options(base_url: &str) -> Options {
    let mut options = Options::new(Url::parse(base_url).expect("a URL"));
    options.key = Some(SecretString::from(KEY));
    options.retries.first_wait = Duration::from_millis(1);
    options
}

fn api(base_url: &str) -> Api {
    Api::new(options(base_url)).expect("an API")
}

/// What a paid call is sent with.
fn render_json() -> Value {
    json!({
        "config": {"type": "staging", "add_furniture": {"room_type": "living", "style": "modern"}},
        "image_url": "https://example.com/room.jpg",
    })
}

fn render_body() -> Upload {
    render_json().to_string().into()
}

/// Each failure that was waited after, and for how long.
type Waits = Arc<Mutex<Vec<(Failure, Duration)>>>;

fn recording_waits(options: &mut Options) -> Waits {
    let waits = Waits::default();
    let recorded = Arc::clone(&waits);
    options.on_retry = Box::new(move |failure, wait| {
        recorded.lock().expect("not poisoned").push((failure.clone(), wait));
    });
    waits
}

/// No text that comes out of the client may hold the key.
fn shows_no_key(error: &ClientError) {
    for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        assert!(!text.contains(KEY) && !text.contains("11111111"), "{text}");
    }
}
