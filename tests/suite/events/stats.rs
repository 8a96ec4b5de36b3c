//! What is counted.

use std::time::{SystemTime, UNIX_EPOCH};

use snapbox::str;

use super::{json, received};
use crate::sender::{Post, done, failed};

fn seconds_ago(payload: String, seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    payload.replace("1634567890123", &(now - seconds * 1000).to_string())
}

#[test]
fn events_are_counted_once_and_their_way_is_measured() {
    let (home, _) = received(&[
        Post::signed(seconds_ago(done("r", "1"), 100)),
        Post::signed(seconds_ago(done("r", "1"), 0)),
        Post::signed(seconds_ago(failed("r", "2"), 200)),
        Post::signed(done("r", "3")),
        Post::signed("{\"event_type\":\"\u{202e}x\"}"),
    ]);
    let stats = json(&home, "events stats").remove(0);
    assert_eq!((&stats["events"], &stats["deliveries"], &stats["duplicates"]), (&4.into(), &5.into(), &1.into()));
    assert_eq!(stats["types"], serde_json::json!({ "done": 2, "error": 1, "\u{202e}x": 1 }));
    let latency = |name: &str| stats["latency_ms"][name].as_u64().expect("a number");
    assert_eq!((latency("count"), latency("implausible")), (2, 1));
    assert!((100_000..115_000).contains(&latency("p50")), "{stats}");
    assert!((200_000..260_000).contains(&latency("max")) && latency("p99") <= latency("max"), "{stats}");
    assert!(stats["first_received_at"].as_str() < stats["last_received_at"].as_str(), "{stats}");
    assert_eq!(json(&home, "events stats --events error")[0]["deliveries"], 1);
}

#[test]
fn people_read_it_in_a_few_lines() {
    let (home, _) = received(&[
        Post::signed(done("r", "1")),
        Post::signed(done("r", "1")),
        Post::signed("{\"event_type\":\"\u{202e}x\"}"),
    ]);
    home.check(
        "events stats",
        str![[r#"
exit 0
--- stdout
events     2 in 3 deliveries, 1 duplicate
                  1  done
                  1  x
received   [..] to [..]
           1 left out: sent after they arrived, or more than a day before
--- stderr

"#]],
    );
}
