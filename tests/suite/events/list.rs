//! Which events are listed, and how.

use snapbox::str;

use super::{JOURNAL, distinct, json, received, refused, variations};
use crate::home::Home;
use crate::listening::of_kind;
use crate::sender::{Post, done, failed};

#[test]
fn people_see_a_table_newest_first_in_which_nobody_steers_the_terminal() {
    let (home, _) = received(&[
        Post::signed(done("rnd_abc", "var_1")),
        Post::signed(done("rnd_abc", "var_1")),
        Post::signed(failed("rnd_abc", "var_22")),
        Post::signed("{\"event_type\":\"\u{202e}enod\u{9b}31m\",\"render_id\":\"a\\nb\\u001b[2J\"}"),
        Post::signed(done(&"long".repeat(30), "var_3")),
        Post::signed("{}"),
        Post::unsigned("{}"),
    ]);
    home.check(
        "events list",
        str![[r#"
exit 0
--- stdout
evt_y3nhetmp2y6f73xkkcqr.1  [..]  unknown  -          -                                         -
evt_rf7nmaijjgrjdug252qt.1  [..]  done     -          longlonglonglonglonglonglonglonglonglon…  var_3
evt_5qy7ajpk457gpdn577yr.1  [..]  enod31m  -          ab[2J                                     -
evt_ucntjama6olmz2sa3wyy.1  [..]  error    -          rnd_abc                                   var_22
evt_7xamglp74nenmzs5iti7.2  [..]  done     duplicate  rnd_abc                                   var_1
evt_7xamglp74nenmzs5iti7.1  [..]  done     -          rnd_abc                                   var_1
--- stderr
EVENT                       TIME      TYPE     FORWARDED  RENDER                                    VARIATION

"#]],
    );
}

#[test]
fn scripts_get_the_records_that_the_listener_has_printed() {
    let (home, printed) = received(&[
        Post::signed(done("rnd_abc", "var_1")).header("Cookie", "session=1"),
        Post::signed(done("rnd_abc", "var_1")).line("POST /?job=7 HTTP/1.1"),
        Post::with(
            "{ \"b\": 1, \"event_type\":\"\u{202e}\" }",
            crate::sender::signature("test-secret", "{\"b\":1,\"event_type\":\"\u{202e}\"}"),
        ),
        Post::signed("{ }"),
    ]);
    let mut expected = of_kind(&printed, "event");
    expected.reverse();
    assert_eq!(expected.len(), 4);
    let listed = home.stdout("events list --json");
    assert_eq!(json(&home, "events list").iter().collect::<Vec<_>>(), expected);
    let verified = home.run_with("verify - --record --secret-file secret", listed.as_bytes());
    let verified = String::from_utf8(verified.stdout).expect("UTF-8");
    assert_eq!(verified.matches("✓ verified").count(), 4, "{verified}");
}

#[test]
fn flags_select() {
    let (home, _) = received(&[
        Post::signed(done("r1", "v1")).line("POST /?job=7 HTTP/1.1"),
        Post::signed(failed("r1", "v2")),
        Post::signed(done("r2", "v3")),
        Post::signed(done("r2", "v3")),
    ]);
    for (flags, expected) in [
        ("", &["v3", "v3", "v2", "v1"][..]),
        ("-n 1", &["v3"]),
        ("-n 0", &[]),
        ("--all", &["v3", "v3", "v2", "v1"]),
        ("--events error", &["v2"]),
        ("--events error,update --events done", &["v3", "v3", "v2", "v1"]),
        ("--render r1", &["v2", "v1"]),
        ("--render r1 --variation v1", &["v1"]),
        ("--filter query.job=7", &["v1"]),
        ("--filter variation_id=v2 --render r1", &["v2"]),
        ("--since 1h", &["v3", "v3", "v2", "v1"]),
        ("--until 1h", &[]),
        ("--since 2020-01-01 --until 2020-01-02T10:00:00Z", &[]),
        ("--since 2020-01-01T10:00", &["v3", "v3", "v2", "v1"]),
        ("--state failed", &[]),
    ] {
        assert_eq!(variations(&home, &format!("events list {flags}")), expected, "{flags}");
    }
    home.check(
        "events list --events nothing",
        str![[r#"
exit 0
--- stdout
--- stderr
warning: there is no event type "nothing" so far; known are done, error, update, analysis_completion, analysis_error
the journal has no such event

"#]],
    );
    home.check("events list --since yesterday", str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'yesterday' for '--since <AGO|TIME>': write how long ago, such as 1h30m, or a time such as 2026-01-31T10:00

"#]]);
}

#[test]
fn more_than_a_page_comes_without_a_gap() {
    let (home, _) = received(&distinct(0..150));
    let expected: Vec<_> = (0..150).rev().map(|number| format!("v{number}")).collect();
    assert_eq!(variations(&home, "events list --all"), expected);
    assert_eq!(variations(&home, "events list -n 70"), expected[..70]);
    assert_eq!(variations(&home, "events list --filter variation_id=v3"), ["v3"]);
    let table = home.bash("set -o pipefail; vsai events list --all | head -n 1");
    assert_eq!((table.status.code(), table.stdout.iter().filter(|byte| **byte == b'\n').count()), (Some(0), 1));
}

#[test]
fn a_profile_without_a_journal_has_no_events_yet() {
    let home = Home::new();
    home.check(
        "events list",
        str![[r#"
exit 0
--- stdout
--- stderr
there are no events of profile default yet; vsai listen receives them

"#]],
    );
    for command in ["list --json", "stats", "export", "tail", "prune --older-than 1d --yes"] {
        let output = home.run(&format!("events {command}"));
        let (code, said) = refused(&output);
        assert_eq!(code, Some(0), "{command}");
        assert!(said.starts_with("there are no events of profile default yet"), "{command}: {said}");
    }
    assert!(!home.path().join(JOURNAL).exists());
}

#[test]
fn a_journal_that_cannot_be_read_is_an_error() {
    let home = Home::new();
    home.check(
        "events list --journal nowhere.db",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the journal nowhere.db: there is none
  hint: vsai listen --journal nowhere.db makes one

"#]],
    );
    home.file("foreign.db", "SQLite format 3\0 but of somebody else");
    home.check(
        "events list --journal foreign.db",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the journal foreign.db: it is not a file that vsai has made
  hint: name another file with --journal; this one was left as it is

"#]],
    );
    let (home, _) = received(&[]);
    let mut journal = std::fs::read(home.path().join(JOURNAL)).expect("read");
    journal[60..64].copy_from_slice(&99_u32.to_be_bytes());
    home.file("newer.db", &journal);
    home.check(
        "events list --journal newer.db",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the journal newer.db: a newer vsai has written it (format 99, this one knows 2)
  hint: update vsai, or name another file with --journal

"#]],
    );
    let mut journal = std::fs::read(home.path().join(JOURNAL)).expect("read");
    journal[4096..].fill(b'x');
    home.file("damaged.db", &journal);
    home.check(
        "events list --journal damaged.db",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the journal damaged.db: it is damaged (database disk image is malformed)
  hint: move the file away and keep it; --journal FILE or a new start makes another

"#]],
    );
}
