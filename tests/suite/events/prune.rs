//! Dropping what is old.

use std::time::Instant;

use snapbox::str;

use super::{JOURNAL, distinct, json, receive, received, variations};
use crate::home::{Home, PATIENCE};
use crate::sender::{Post, SECRET, done};

/// Takes note of a consumer that has seen everything up to now.
#[track_caller]
fn make_consumer(home: &Home) {
    let mut tail = home.start("events tail --consumer mine --from-start --json");
    let last = variations(home, "events list -n 1").pop();
    if let Some(last) = last {
        tail.line(&last);
    }
    tail.signal("INT");
    assert_eq!(tail.end().0, Some(130));
}

#[test]
fn the_oldest_are_dropped_and_later_ones_reach_consumers() {
    let (home, _) = received(&distinct(0..3));
    make_consumer(&home);
    home.check(
        "events prune --older-than 1h --yes",
        str![[r#"
exit 0
--- stdout
dropped 0 deliveries; the journal has 88 KiB now
--- stderr

"#]],
    );
    let pruned = json(&home, "events prune --older-than 0.001 --yes").remove(0);
    assert_eq!((&pruned["kind"], &pruned["deliveries"]), (&"pruned".into(), &3.into()));
    assert_eq!(variations(&home, "events list"), [""; 0]);
    // Their positions are later than those that were dropped, or the consumer would take them for finished.
    receive(&home, &distinct(3..5));
    let mut tail = home.start("events tail --consumer mine --json");
    assert!(tail.line("variation_id").contains("\"v3\""));
    assert!(tail.line("variation_id").contains("\"v4\""));
    assert_eq!(variations(&home, "events list"), ["v4", "v3"]);
}

#[test]
fn what_a_consumer_has_not_finished_is_kept_unless_forced() {
    let (home, _) = received(&distinct(0..2));
    make_consumer(&home);
    receive(&home, &distinct(2..4));
    home.check(
        "events prune --older-than 0.001 --yes",
        str![[r#"
exit 3
--- stdout
dropped 2 deliveries; the journal has 88 KiB now
--- stderr
warning: older events are kept for who has not finished them (events tail, consumer mine, last started [..]); vsai events consumers remove NAME removes one that is no longer used, --force drops what is not finished

"#]],
    );
    assert_eq!(variations(&home, "events list"), ["v3", "v2"]);
    let pruned = json(&home, "events prune --older-than 0.001 --yes --force").remove(0);
    assert_eq!(pruned["deliveries"], 2);
}

#[test]
fn a_target_that_is_no_longer_used_can_be_removed() {
    let home = Home::new();
    home.file("secret", SECRET);
    for forward in ["--forward-to 3000/typo", "--route error=3001"] {
        home.listen(&format!("--journal j.db {forward}")).interrupt();
    }
    let listening = home.listen("--journal j.db");
    Post::signed(done("r", "v")).send(listening.address);
    listening.interrupt();
    let list = || json(&home, "events consumers list --journal j.db");
    let goal = |consumer: &serde_json::Value| consumer["goal"].as_str().map(str::to_owned).expect("a text");
    let mut consumers = list();
    consumers.sort_by_key(goal);
    let goals: Vec<_> = consumers.iter().map(goal).collect();
    assert_eq!(goals, ["http://localhost:3000/typo", "http://localhost:3001/ (error)"]);
    assert!(consumers.iter().all(|consumer| consumer["unfinished_since"].is_string()), "{consumers:?}");
    let output = home.run("events prune --max-size 1 --yes --journal j.db");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("http://localhost:3000/typo") && stderr.contains("remove NAME --journal j.db"), "{stderr}");
    for consumer in &consumers {
        let name = consumer["name"].as_str().expect("a text");
        assert_eq!(home.run(&format!("events consumers remove {name} --journal j.db")).status.code(), Some(2), "asks");
        let removed = json(&home, &format!("events consumers remove {name} --yes --journal j.db")).remove(0);
        assert_eq!((&removed["name"], &removed["removed"]), (&name.into(), &true.into()));
    }
    assert_eq!(list(), [serde_json::Value::Null; 0]);
    assert_eq!(json(&home, "events prune --max-size 1 --yes --journal j.db")[0]["deliveries"], 1);
    let unknown = home.run("events consumers remove mine --yes --journal j.db");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("vsai events consumers list --journal j.db shows names"));
}

#[test]
fn a_consumer_at_work_is_not_removed() {
    let home = Home::new();
    let _tail = home.start("events tail --consumer mine --json");
    let removed = || home.run("events consumers remove mine --yes");
    let deadline = Instant::now() + PATIENCE;
    while !String::from_utf8_lossy(&removed().stderr).contains("consumer mine is at work in another process") {
        assert!(Instant::now() < deadline, "it was removed");
    }
}

#[test]
fn the_file_shrinks_to_a_size() {
    let (home, _) = received(&distinct(0..3000));
    let size = || std::fs::metadata(home.path().join(JOURNAL)).expect("there").len();
    let before = size();
    let pruned = json(&home, &format!("events prune --max-size {} --yes", before / 2)).remove(0);
    assert_eq!(pruned["deliveries"], 2000, "a portion at a time");
    assert!(pruned["bytes"].as_u64().expect("a number") <= before / 2, "{pruned}");
    assert!(size() <= before / 2, "{} of {before}", size());
    assert_eq!(variations(&home, "events list -n 1"), ["v2999"]);
}

#[test]
fn nobody_is_asked_without_a_terminal() {
    let (home, _) = received(&distinct(0..1));
    home.check("events prune --max-size 1", str![[r#"
exit 2
--- stdout
--- stderr
error: Drop the oldest events until it has 1 KiB from [HOME]/.local/share/vsai/journal/default.db? Nobody is there to answer
  hint: --yes

"#]]);
    home.check(
        "events prune",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: <--older-than <DURATION>|--max-size <SIZE>>
  hint: vsai events prune <--older-than <DURATION>|--max-size <SIZE>>

"#]],
    );
    assert_eq!(variations(&home, "events list"), ["v0"]);
}
