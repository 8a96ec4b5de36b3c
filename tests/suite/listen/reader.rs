//! A reader of standard output that is slow, or gone.

use std::io::Read;
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::home::{Home, PATIENCE};
use crate::listening::{of_kind, records};
use crate::sender::{Answer, Post, SECRET, Wire, done};

/// A listener whose output nobody reads until the test does.
struct Unread {
    child: Child,
    stdout: Option<ChildStdout>,
    address: SocketAddr,
}

impl Unread {
    fn start(home: &Home, arguments: &str) -> Self {
        home.file("secret", SECRET);
        let mut command =
            home.command(&format!("listen --port 0 --secret-file secret --json --ready-file ready {arguments}"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let (stdout, deadline) = (child.stdout.take(), Instant::now() + PATIENCE);
        let ready = loop {
            assert!(Instant::now() < deadline, "it does not listen");
            if let Ok(text) = std::fs::read_to_string(home.path().join("ready")) {
                break records(&text).remove(0);
            }
        };
        let port = ready["port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port");
        Self { child, stdout, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    fn signal(&self, name: &str) {
        crate::home::send_signal(self.child.id(), name);
    }

    /// Reads all that was and will be printed.
    fn read(&mut self) -> Vec<Value> {
        let mut text = String::new();
        self.stdout.take().expect("not read yet").read_to_string(&mut text).expect("UTF-8");
        records(&text)
    }

    fn end(mut self) -> Option<i32> {
        self.stdout = None;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.child.try_wait().expect("waited") {
                Some(status) => return status.code(),
                None => assert!(Instant::now() < deadline, "it does not end"),
            }
        }
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends distinct events until one is not taken; how many were, and the answer to the first that was not.
fn fill(address: SocketAddr, padding: usize) -> (usize, Answer) {
    let mut wire = Wire::open(address);
    for number in 0..10_000 {
        wire.write(&Post::signed(done("r", &format!("{number}-{}", "x".repeat(padding)))).bytes());
        let answer = wire.answer().expect("an answer");
        if answer.status != 200 {
            return (number, answer);
        }
    }
    panic!("a queue without a bound");
}

#[test]
fn what_was_acknowledged_before_a_full_queue_is_printed_when_the_reader_goes_on() {
    let home = Home::new();
    let mut unread = Unread::start(&home, "--no-journal");
    let (taken, answer) = fill(unread.address, 100);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    assert!(taken > 1_000, "{taken}");
    unread.signal("INT");
    let records = unread.read();
    let numbers: Vec<_> = of_kind(&records, "event").iter().map(|event| event["variation_id"].clone()).collect();
    assert_eq!(numbers.len(), taken);
    assert!(numbers.iter().enumerate().all(|(at, id)| id.as_str().expect("a text").starts_with(&format!("{at}-"))));
    assert_eq!(unread.end(), Some(130));
}

#[test]
fn an_event_that_was_put_off_is_no_duplicate_when_it_comes_again() {
    let home = Home::new();
    let mut unread = Unread::start(&home, "--no-journal --until-done v");
    fill(unread.address, 100);
    let put_off = Post::signed(done("r", "v"));
    assert_eq!(put_off.send(unread.address).status, 503);
    let address = unread.address;
    let sender = std::thread::spawn(move || {
        let deadline = Instant::now() + PATIENCE;
        while put_off.send(address).status != 200 {
            assert!(Instant::now() < deadline, "it is not taken again");
        }
    });
    let records = unread.read();
    sender.join().expect("taken");
    let last = of_kind(&records, "event").into_iter().next_back().expect("events").clone();
    assert_eq!((&last["variation_id"], &last["duplicate"]), (&"v".into(), &false.into()));
    assert_eq!(unread.end(), Some(0));
}

#[test]
fn large_events_fill_the_queue_before_they_fill_the_memory() {
    let home = Home::new();
    let unread = Unread::start(&home, "--no-journal");
    let (taken, answer) = fill(unread.address, 900_000);
    assert_eq!(answer.status, 503);
    assert!(taken < 200, "{taken} events of 900 kB wait");
}

#[test]
fn with_a_journal_every_event_is_taken_though_nobody_reads() {
    let home = Home::new();
    let mut unread = Unread::start(&home, "");
    let mut wire = Wire::open(unread.address);
    let sent = 3_000;
    for number in 0..sent {
        wire.write(&Post::signed(done("r", &format!("{number}-{}", "x".repeat(100)))).bytes());
        assert_eq!(wire.answer().expect("an answer").status, 200, "{number}");
    }
    unread.signal("INT");
    let printed = unread.read();
    let (shown, summary) = (of_kind(&printed, "event").len() as u64, of_kind(&printed, "summary")[0].clone());
    assert!(shown < sent, "the queue was never full");
    assert_eq!(summary["unshown"].as_u64(), Some(sent - shown));
    assert_eq!(unread.end(), Some(130));
    assert_eq!(records(&home.stdout("events list --all --json")).len() as u64, sent);
}

#[test]
fn strangers_cannot_take_the_places_of_events() {
    let home = Home::new();
    let mut unread = Unread::start(&home, "--fail-on unverified --count 1");
    let mut wire = Wire::open(unread.address);
    for _ in 0..3_000 {
        wire.write(&Post::unsigned("{}").bytes());
        assert_eq!(wire.answer().expect("an answer").status, 401);
    }
    assert_eq!(Post::signed(done("r", "v")).send(unread.address).status, 200);
    let records = unread.read();
    assert_eq!(of_kind(&records, "event").len(), 1);
    assert_eq!(of_kind(&records, "summary")[0]["unverified"], 3_000, "also those that were not shown");
    assert_eq!(unread.end(), Some(1));
}

#[test]
fn an_endless_stream_ends_141_when_its_reader_has_left() {
    let home = Home::new();
    let mut unread = Unread::start(&home, "");
    unread.stdout = None;
    assert_eq!(Post::signed(done("r", "v")).send(unread.address).status, 200);
    assert_eq!(unread.end(), Some(141));
}

#[test]
fn a_reader_that_has_left_changes_no_verdict() {
    for (arguments, code) in [
        ("--count 2", 0),
        ("--count 2 --fail-on unverified", 1),
        ("--count 3 --timeout 2s", 124),
        ("--timeout 2s", 0),
        ("--timeout 2s --fail-on unverified", 1),
    ] {
        let home = Home::new();
        let mut unread = Unread::start(&home, arguments);
        unread.stdout = None;
        assert_eq!(Post::signed(done("r", "1")).send(unread.address).status, 200);
        assert_eq!(Post::unsigned("{}").send(unread.address).status, 401);
        assert_eq!(Post::signed(done("r", "2")).send(unread.address).status, 200);
        assert_eq!(unread.end(), Some(code), "{arguments}");
    }
}

#[test]
fn a_second_signal_ends_it_though_its_reader_stalls() {
    let home = Home::new();
    let unread = Unread::start(&home, "--no-journal");
    fill(unread.address, 100);
    let mut idle = Wire::open(unread.address);
    idle.write(&Post::unsigned("{}").bytes());
    assert_eq!(idle.answer().expect("an answer").status, 401);
    unread.signal("INT");
    idle.closed();
    unread.signal("TERM");
    let mut unread = unread;
    let deadline = Instant::now() + PATIENCE;
    while unread.child.try_wait().expect("waited").is_none() {
        assert!(Instant::now() < deadline, "it waits for its reader");
    }
    assert_eq!(unread.end(), Some(143));
}
