//! The contact sheet in a browser, opened from disk: its sliders move, and nothing outside is asked for.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Home;

const BROWSER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/browser.mjs");

/// What a browser tells of a page.
fn seen(page: &Path) -> Value {
    let output = Command::new("node").args([BROWSER.as_ref(), page]).output().expect("node");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn shows_before_and_after_with_a_slider_and_asks_for_nothing_outside() {
    let home = Home::new();
    home.stdout("demo --dir pictures");
    let folder = home.path().join("pictures").canonicalize().expect("there");
    let told = seen(&folder.join("index.html"));
    assert_eq!(told["complaints"], serde_json::json!([]));
    let requests = told["requests"].as_array().expect("a list");
    let inside = format!("file://{}/", folder.display());
    assert!(requests.iter().all(|url| url.as_str().is_some_and(|url| url.starts_with(&inside))), "{requests:?}");
    assert_eq!(requests.len(), 1 + 1 + 4, "the page, the room as it was, and four pictures");
    let looks = told["looks"].as_array().expect("a list");
    for look in looks {
        assert_eq!((&look["figures"], &look["sliders"]), (&4.into(), &4.into()), "{look}");
        assert_eq!((&look["drawn"], &look["fits"]), (&true.into(), &true.into()), "{look}");
        // As opened, after the key End, and after a click at a quarter of the width.
        let clips = ["inset(0px 50% 0px 0px)", "inset(0px 0% 0px 0px)", "inset(0px 75% 0px 0px)"];
        assert_eq!(look["clips"], serde_json::json!(clips), "{look}");
    }
    assert_ne!(looks[0]["ground"], looks[1]["ground"], "light and dark");
}
