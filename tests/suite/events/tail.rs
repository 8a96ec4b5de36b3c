//! The last events, and those that come.

use std::io::Read;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;
use snapbox::str;

use super::{JOURNAL, distinct, receive, received, variations};
use crate::home::{Home, PATIENCE};
use crate::listening::records;
use crate::sender::{Post, Wire, done, failed};

#[test]
fn a_consumer_has_a_name_of_its_own() {
    let home = Home::new();
    for name in ["", "replay"] {
        let output = home.command("events tail --consumer").arg(name).output().expect("run");
        assert_eq!(output.status.code(), Some(2), "{name:?}");
    }
}

#[test]
fn the_last_ones_are_shown_as_the_listener_shows_them() {
    let (home, _) = received(&[
        Post::signed(done("rnd_abc", "var_1")),
        Post::signed(failed("rnd_abc", "var_2")),
        Post::signed(failed("rnd_abc", "var_2")),
    ]);
    home.check(
        "events tail -n 2",
        str![[r#"
exit 0
--- stdout
[..]  -->  error   rnd_abc/var_2  staging   ✓ verified
                the photo is too dark
[..]  -->  error   rnd_abc/var_2  staging   ✓ verified  duplicate
                the photo is too dark
--- stderr

"#]],
    );
    assert_eq!(variations(&home, "events tail"), ["var_1", "var_2", "var_2"]);
    assert_eq!(variations(&home, "events tail -n 0"), [""; 0]);
    assert_eq!(variations(&home, "events tail -n 1 --events done"), ["var_1"]);
    assert_eq!(variations(&home, "events tail --from-start --filter variation_id=var_2"), ["var_2", "var_2"]);
}

#[test]
fn the_last_ones_are_found_over_many_pages() {
    let (home, _) = received(&distinct(0..200));
    let expected: Vec<_> = (60..200).map(|number| format!("v{number}")).collect();
    assert_eq!(variations(&home, "events tail -n 140"), expected);
    assert_eq!(variations(&home, "events tail --from-start").len(), 200);
}

#[test]
fn following_sees_what_another_process_appends() {
    let home = Home::new();
    let mut tail = home.start("events tail -f");
    let listening = home.listen("");
    for (number, post) in [done("r", "1"), failed("r", "2"), done("r", "1")].into_iter().enumerate() {
        Post::signed(post).send(listening.address);
        tail.line(["done    r/1", "error   r/2", "duplicate"][number]);
    }
    tail.signal("INT");
    home.compare_end(
        tail.end(),
        str![[r#"
exit 130
--- stdout
--- stderr
2 verified events, 1 reporting a failure, 1 duplicate

"#]],
    );
}

#[test]
fn scripts_get_a_summary_at_the_end() {
    let (home, _) = received(&distinct(0..2));
    let mut tail = home.start("events tail -f --json");
    tail.line("\"v1\"");
    tail.signal("TERM");
    let (code, stdout, _) = tail.end();
    let summary = records(&stdout).remove(0);
    assert_eq!((code, &summary["events"], &summary["stopped_by"]), (Some(143), &2.into(), &"terminate".into()));
}

#[test]
fn following_ends_141_when_its_reader_has_left() {
    let (home, _) = received(&distinct(0..1));
    let mut command = home.command("events tail -f");
    let mut tail = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
    let mut first = [0; 1];
    let mut stdout = tail.stdout.take().expect("piped");
    stdout.read_exact(&mut first).expect("a line");
    drop(stdout);
    receive(&home, &distinct(1..2));
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        match tail.try_wait().expect("waited") {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                tail.kill().expect("killed");
                panic!("it does not end");
            }
            None => std::thread::yield_now(),
        }
    };
    assert_eq!(status.code(), Some(141));
}

#[test]
fn a_consumer_goes_on_where_it_has_ended() {
    let (home, _) = received(&distinct(0..2));
    let run = |home: &Home, arguments: &str, last: &str| -> Vec<String> {
        let mut tail = home.start(&format!("events tail --consumer mine --json {arguments}"));
        let mut lines = Vec::new();
        loop {
            let event: Value = serde_json::from_str(&tail.line("\"event\"")).expect("JSON");
            lines.push(event["variation_id"].as_str().expect("a text").to_owned());
            if lines.last().is_some_and(|line| line == last) {
                break;
            }
        }
        tail.signal("INT");
        assert_eq!(tail.end().0, Some(130));
        lines
    };
    assert_eq!(run(&home, "--from-start", "v1"), ["v0", "v1"]);
    receive(&home, &distinct(2..80));
    assert_eq!(run(&home, "", "v79").first().map(String::as_str), Some("v2"));
    receive(&home, &distinct(80..81));
    assert_eq!(run(&home, "--from-start", "v80"), ["v80"], "it has begun already");
}

#[test]
fn a_consumer_has_one_holder() {
    let (home, _) = received(&distinct(0..1));
    let mut tail = home.start("events tail --consumer mine --from-start");
    tail.line("r/v0");
    home.check(
        "events tail --consumer mine",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the journal [HOME]/.local/share/vsai/journal/default.db: consumer mine is at work in another process
  hint: end the other one, or let it: it goes on with all that this journal gets. events tail takes another name with --consumer

"#]],
    );
}

/// Events whose log is worth a look.
const COUNT: usize = 10_000;

/// Sends distinct events over several connections.
fn flood(address: SocketAddr, count: usize) {
    const CONNECTIONS: usize = 16;
    std::thread::scope(|scope| {
        for connection in 0..CONNECTIONS {
            scope.spawn(move || {
                let mut wire = Wire::open(address);
                for number in (connection..count).step_by(CONNECTIONS) {
                    let variation = format!("{number}{}", "v".repeat(2_500));
                    assert!(wire.write(&Post::signed(done("r", &variation)).bytes()));
                    assert_eq!(wire.answer().expect("an answer").status, 200);
                }
            });
        }
    });
}

#[test]
fn following_does_not_let_the_write_ahead_log_grow() {
    let home = Home::new();
    let listening = home.listen("");
    let tails = ["", "--events error"].map(|of| home.start(&format!("events tail -f --json --from-start {of}")));
    flood(listening.address, COUNT);
    let [mut all, none] = tails;
    for _ in 0..COUNT {
        all.line("\"event\"");
    }
    let size = |name: String| std::fs::metadata(home.path().join(name)).expect("there").len();
    let (log, journal) = (size(format!("{JOURNAL}-wal")), size(JOURNAL.to_owned()));
    // 4,000 pages are its bound; without one it would hold every page that was ever written, most of them many times.
    assert!(log < 20_000_000 && journal > 10_000_000, "the write-ahead log has {log} bytes, the journal {journal}");
    for (tail, events) in [(all, COUNT), (none, 0)] {
        tail.signal("INT");
        let (code, stdout, _) = tail.end();
        assert_eq!((code, &records(&stdout)[0]["events"]), (Some(130), &events.into()));
    }
}
