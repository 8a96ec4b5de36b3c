//! Dropping what is old.

use snapbox::str;

use super::{JOURNAL, distinct, json, receive, received, variations};
use crate::home::Home;

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
dropped 0 deliveries; the journal has 44 KiB now
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
exit 0
--- stdout
dropped 2 deliveries; the journal has 44 KiB now
--- stderr
warning: older events are kept, because mine has not finished them; --force drops them, too

"#]],
    );
    assert_eq!(variations(&home, "events list"), ["v3", "v2"]);
    let pruned = json(&home, "events prune --older-than 0.001 --yes --force").remove(0);
    assert_eq!(pruned["deliveries"], 2);
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
