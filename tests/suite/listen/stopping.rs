//! Signals, standard input, and what is still under way when the listener stops.

use std::net::TcpStream;
use std::time::Instant;

use crate::home::{Home, PATIENCE};
use crate::listening::of_kind;
use crate::sender::{Post, Wire, done};

#[test]
fn a_signal_ends_with_its_own_code_and_a_summary() {
    for (signal, code, stopped_by) in [("INT", 130, "interrupt"), ("TERM", 143, "terminate")] {
        let home = Home::new();
        let listening = home.listen("--json");
        Post::signed(done("r", "v")).send(listening.address);
        listening.signal(signal);
        let (ended, records) = listening.end_with_records();
        let summary = of_kind(&records, "summary")[0];
        assert_eq!((ended, &summary["stopped_by"], &summary["events"]), (Some(code), &stopped_by.into(), &1.into()));
    }
}

#[test]
fn what_is_under_way_at_the_stop_is_still_taken() {
    let home = Home::new();
    let listening = home.listen("--json");
    let post = Post::signed(done("r", "v"));
    let mut under_way = Wire::open(listening.address);
    under_way.write(&post.head());
    let mut idle = Wire::open(listening.address);
    idle.write(&Post::unsigned("{}").bytes());
    assert_eq!(idle.answer().expect("an answer").status, 401);
    listening.signal("INT");
    idle.closed();
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(listening.address).is_ok() {
        assert!(Instant::now() < deadline, "new connections are still accepted");
    }
    under_way.write(&post.body());
    assert_eq!(under_way.answer().expect("an answer").status, 200);
    let (code, records) = listening.end_with_records();
    assert_eq!((code, of_kind(&records, "event").len()), (Some(130), 1));
}

#[test]
fn what_does_not_end_is_not_waited_for() {
    let home = Home::new();
    let listening = home.listen("");
    let mut endless = Wire::open(listening.address);
    endless.write(&Post::signed(done("r", "v")).head());
    // The answer to a second sender shows that the first one's head was read before.
    assert_eq!(Post::unsigned("{}").send(listening.address).status, 401);
    let started = Instant::now();
    let (code, ..) = listening.interrupt();
    assert_eq!(code, Some(130));
    assert!(started.elapsed().as_secs_f64() < 8.0, "less than the time that a body gets");
}

#[test]
fn a_second_signal_is_not_waited_for() {
    let home = Home::new();
    let mut listening = home.listen("--read-timeout 1h");
    let mut endless = Wire::open(listening.address);
    endless.write(&Post::signed(done("r", "v")).head());
    let mut idle = Wire::open(listening.address);
    idle.write(&Post::unsigned("{}").bytes());
    assert_eq!(idle.answer().expect("an answer").status, 401);
    listening.line("refused");
    listening.signal("INT");
    // The first signal has been seen, so that the second is a second one.
    idle.closed();
    listening.signal("TERM");
    let (code, _, stderr) = listening.end();
    assert_eq!(code, Some(143));
    assert!(!stderr.contains("verified event"), "there is no time for a summary: {stderr}");
}

#[test]
fn the_end_of_standard_input_ends_it_when_asked_for() {
    for (arguments, code, said) in [
        ("", 0, "1 verified event\n"),
        ("--count 1", 0, "1 verified event\n"),
        ("--count 2", 1, "error: standard input was closed: 1 of 2 events came\n"),
    ] {
        let home = Home::new();
        let mut listening = home.listen(&format!("--exit-with-stdin {arguments}"));
        Post::signed(done("r", "v")).send(listening.address);
        listening.line("verified");
        listening.close_stdin();
        let (ended, _, stderr) = listening.end();
        assert_eq!(ended, Some(code), "{arguments}: {stderr}");
        assert!(stderr.contains(said), "{stderr}");
    }
    let home = Home::new();
    let mut listening = home.listen("");
    listening.close_stdin();
    Post::signed(done("r", "v")).send(listening.address);
    listening.line("verified");
    assert_eq!(listening.interrupt().0, Some(130), "not asked for");
}
