//! What the socket takes, how much of it and for how long.

use std::collections::VecDeque;
use std::net::TcpStream;
use std::process::Command;

use snapbox::str;

use crate::home::{Home, Running};
use crate::listening::{Listening, of_kind};
use crate::sender::{Post, SECRET, Wire, done, signature};

const MIB: usize = 1024 * 1024;

/// A JSON text of so many bytes.
fn text_of(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes - 2))
}

#[test]
fn each_request_gets_the_status_that_it_deserves() {
    let home = Home::new();
    let listening = home.listen("--json");
    let good = || Post::signed(done("r", "v"));
    let header = |name: &str, value: &str| good().header(name, value);
    let latin = b"{\"event_type\":\"\xe9\"}";
    for (what, post, status) in [
        ("good", good(), 200),
        ("in chunks", good().chunked(), 200),
        ("HTTP/1.0", good().line("POST / HTTP/1.0"), 200),
        ("absolute form", good().line("POST http://localhost/?a=b HTTP/1.1"), 200),
        ("no content type", good().without("Content-Type"), 200),
        ("another content type", header("Content-Type", "text/plain"), 200),
        ("UTF-8", header("Content-Type", "application/json; Charset=\"UTF-8\""), 200),
        ("identity", header("Content-Encoding", "identity"), 200),
        ("largest", Post::signed(text_of(MIB)), 200),
        ("GET", good().line("GET / HTTP/1.1"), 405),
        ("PUT", good().line("PUT / HTTP/1.1"), 405),
        ("wrong path", good().line("POST /other HTTP/1.1"), 404),
        ("slash too many", good().line("POST // HTTP/1.1"), 404),
        ("one byte too large", Post::signed(text_of(MIB + 1)), 413),
        ("3 MB", Post::signed(text_of(3_000_000)), 413),
        ("3 MB in chunks", Post::signed(text_of(3_000_000)).chunked(), 413),
        ("gzip", header("Content-Encoding", "gzip"), 415),
        ("two codings", header("Content-Encoding", "identity, br"), 415),
        ("Latin-1", header("Content-Type", "application/json; charset=latin1"), 415),
        ("UTF-16", header("Content-Type", "application/json;charset=utf-16le"), 415),
        ("signed, but no UTF-8", Post::signed(latin), 415),
        ("empty", Post::signed(""), 400),
        ("empty in chunks", Post::signed("").chunked(), 400),
        ("neither length nor chunks", Post::signed("").without_length(), 411),
        ("HTTP/1.0 without a length", Post::signed("").without_length().line("POST / HTTP/1.0"), 411),
        ("long head", header("X-Long", &"a".repeat(100_000)), 431),
        ("many headers", (0..150).fold(good(), |post, number| post.header(&format!("X-{number}"), "a")), 431),
        ("no HTTP", good().line("HELLO"), 400),
    ] {
        let answer = post.send(listening.address);
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        assert_eq!(answer.header("allow"), (status == 405).then_some("POST"), "{what}");
        let said = if status == 200 {
            answer.body.is_empty()
        } else {
            status == 400 || status == 431 || !answer.body.is_empty()
        };
        assert!(said, "{what}: {answer:?}");
    }
    let (_, records) = listening.interrupt_with_records();
    assert_eq!(of_kind(&records, "event").len(), 9, "nothing but the good ones is an event");
}

#[test]
fn a_sender_sees_why_it_was_refused_though_it_still_writes() {
    let home = Home::new();
    let listening = home.listen("--max-body 100");
    let large = text_of(2 * MIB);
    for post in [
        Post::signed(large.as_str()),
        Post::signed(large.as_str()).chunked(),
        Post::signed(large.as_str()).line("POST /other HTTP/1.1"),
        Post::signed(large.as_str()).line("PUT / HTTP/1.1"),
        Post::signed(large.as_str()).header("Content-Encoding", "gzip"),
    ] {
        // Closing at once would reset the connection, and the answer would be lost now and then.
        for _ in 0..5 {
            let mut wire = Wire::open(listening.address);
            assert!(wire.write(&post.bytes()), "the connection was closed while it wrote");
            let answer = wire.answer().expect("an answer");
            assert!((400..500).contains(&answer.status), "{answer:?}");
        }
    }
}

#[test]
fn a_sender_that_asks_first_is_told_before_it_sends() {
    let home = Home::new();
    let listening = home.listen("");
    let mut wire = Wire::open(listening.address);
    let post = Post::signed(done("r", "v")).header("Expect", "100-continue");
    wire.write(&post.head());
    assert_eq!(wire.answer().expect("an answer").status, 100);
    wire.write(&post.body());
    assert_eq!(wire.answer().expect("an answer").status, 200);
    let mut wire = Wire::open(listening.address);
    wire.write(&Post::signed(text_of(3 * MIB)).header("Expect", "100-continue").head());
    assert_eq!(wire.answer().expect("an answer").status, 413);
    wire.closed();
}

#[test]
fn requests_that_are_sent_ahead_are_answered_in_order() {
    let home = Home::new();
    let listening = home.listen("--count 3");
    let mut wire = Wire::open(listening.address);
    let posts = [
        Post::signed(done("r", "1")),
        Post::unsigned("{}"),
        Post::signed(done("r", "2")).chunked(),
        Post::signed(done("r", "2")).line("GET / HTTP/1.1"),
        Post::signed(done("r", "3")),
    ];
    wire.write(&posts.iter().flat_map(Post::bytes).collect::<Vec<_>>());
    let statuses = posts.each_ref().map(|_| wire.answer().expect("an answer").status);
    assert_eq!(statuses, [200, 401, 200, 405, 200]);
    assert_eq!(listening.end().0, Some(0));
}

#[test]
fn slow_senders_are_cut_off() {
    let home = Home::new();
    let listening = home.listen("--read-timeout 200ms --json");
    let post = Post::signed(done("r", "v"));
    let mut wire = Wire::open(listening.address);
    wire.write(&post.head());
    wire.write(&post.body()[..10]);
    let answer = wire.answer().expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
    wire.closed();
    let mut wire = Wire::open(listening.address);
    wire.write(&post.head()[..20]);
    let answer = wire.answer().expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
    wire.closed();
    let (_, records) = listening.interrupt_with_records();
    let refused = of_kind(&records, "unverified")[0];
    assert_eq!((&refused["answered"], &refused["reason"]), (&408.into(), &"the body did not arrive in time".into()));
}

#[test]
fn half_a_delivery_is_none() {
    let home = Home::new();
    let mut listening = home.listen("--json");
    let post = Post::signed(done("r", "v")).chunked();
    let (head, body) = (post.head(), post.body());
    let mut wire = Wire::open(listening.address);
    wire.write(&head);
    wire.write(&body[..body.len() - 5]);
    drop(wire);
    assert!(listening.line("\"unverified\"").contains("cut off"));
    let mut wire = Wire::open(listening.address);
    wire.write(&[head, b"xyz\r\n".to_vec(), body].concat());
    assert_eq!(wire.answer().expect("an answer").status, 400);
}

#[test]
fn one_path_is_served() {
    let home = Home::new();
    let mut listening = home.listen("--path hooks/vsai --json");
    let ready = listening.line("\"ready\"");
    assert!(ready.contains(&format!("\"url\":\"http://{}/hooks/vsai\"", listening.address)), "{ready}");
    for (target, status) in [("/hooks/vsai?job=1", 200), ("/hooks/vsai/", 404), ("/Hooks/vsai", 404), ("/", 404)] {
        let answer = Post::signed(done("r", "v")).line(&format!("POST {target} HTTP/1.1")).send(listening.address);
        assert_eq!(answer.status, status, "{target}");
    }
    home.check(
        "listen --path /a?b --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: --path "/a?b" is not a plain path without a query

"#]],
    );
}

#[test]
fn two_thousand_idle_connections_do_not_keep_an_honest_sender_out() {
    let home = Home::new();
    let listening = home.listen("--read-timeout 1h");
    let mut idle = VecDeque::new();
    for number in 0..2_000 {
        idle.push_back(Wire::open(listening.address));
        if idle.len() > 600 {
            // More than the listener holds: by now it has dropped the oldest.
            idle.pop_front().expect("just counted").closed();
        }
        if number % 500 == 499 {
            assert_eq!(Post::signed(done("r", &number.to_string())).send(listening.address).status, 200);
        }
    }
    drop(idle);
    let (_, stdout, _) = listening.interrupt();
    assert_eq!(stdout.matches("verified").count(), 4);
}

#[test]
#[cfg(unix)]
fn an_honest_sender_gets_in_though_the_descriptors_are_used_up() {
    let home = Home::new();
    home.file("secret", SECRET);
    let vsai = home.command("listen --port 0 --secret-file secret --read-timeout 1h");
    let mut limited = home.in_home(Command::new("sh"));
    limited.args(["-c", "ulimit -n 40; exec \"$0\" \"$@\""]).arg(vsai.get_program()).args(vsai.get_args());
    let listening = Listening::wait(Running::new(limited, "listen"));
    let idle: Vec<_> = (0..200).map(|_| TcpStream::connect(listening.address).expect("connected")).collect();
    assert_eq!(Post::signed(done("r", "v")).send(listening.address).status, 200);
    drop(idle);
}

#[test]
fn the_limits_are_the_users_to_set() {
    let home = Home::new();
    let listening = home.listen("--bind localhost --max-header 500 --max-bodies 1 --max-checks 1 --max-requests 1");
    assert!(listening.address.ip().is_loopback());
    let post = Post::signed(text_of(MIB));
    assert_eq!(post.send(listening.address).status, 200, "one of the largest is taken whatever the memory for all");
    assert_eq!(post.header("X-Long", "a".repeat(500)).send(listening.address).status, 431);
}

#[test]
fn a_signature_is_no_pass_for_another_body_on_the_same_connection() {
    let home = Home::new();
    let listening = home.listen("");
    let mut wire = Wire::open(listening.address);
    wire.write(&Post::signed(done("r", "1")).bytes());
    wire.write(&Post::with(done("r", "2"), signature(SECRET, done("r", "1"))).bytes());
    assert_eq!([0; 2].map(|_| wire.answer().expect("an answer").status), [200, 401]);
}
