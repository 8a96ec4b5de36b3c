//! `vsai listen --forward-to`: what was acknowledged reaches a handler, however often either of them ends.

use std::collections::HashMap;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

use serde_json::Value;
use snapbox::str;

use crate::api::{Answer, Api, Request, full};
use crate::home::{Home, PATIENCE};
use crate::listening::{Listening, of_kind, records};
use crate::sender::{Post, SECRET, Wire, done, failed, signature};

/// A handler whose answer can be changed meanwhile.
fn handler(status: u16) -> (Api, Arc<AtomicU16>) {
    let status = Arc::new(AtomicU16::new(status));
    let answer = status.clone();
    (Api::answering(move |_| full(answer.load(Ordering::SeqCst), "", "no room\n")), status)
}

fn start(home: &Home, arguments: &str) -> Listening {
    home.file("secret", SECRET);
    let pause = if arguments.is_empty() { "" } else { "--retry-pause 20ms" };
    home.listen(&format!("--json {pause} {arguments}"))
}

fn send(listening: &Listening, posts: &[Post]) {
    for post in posts {
        assert_eq!(post.send(listening.address).status, 200);
    }
}

/// Events of two variations: both are done, then both tell of an error.
fn ordered() -> Vec<Post> {
    [done("r", "a"), done("r", "b"), failed("r", "a"), failed("r", "b")].map(Post::signed).into()
}

/// The event types that came for each variation, in order, repetitions left out.
fn order(requests: &[Request]) -> HashMap<String, Vec<String>> {
    let mut came: HashMap<String, Vec<String>> = HashMap::new();
    for request in requests {
        let event: Value = serde_json::from_str(&request.body).expect("JSON");
        let text = |name: &str| event[name].as_str().expect("a text").to_owned();
        let types = came.entry(text("variation_id")).or_default();
        if !types.contains(&text("event_type")) {
            types.push(text("event_type"));
        }
    }
    came
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}

fn states(home: &Home) -> Vec<String> {
    let table = home.stdout("events list --all");
    table.lines().map(|line| line.split_whitespace().nth(3).expect("a column").to_owned()).collect()
}

#[test]
fn a_handler_that_was_down_gets_everything_in_order_when_it_is_up() {
    let home = Home::new();
    let place = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = place.local_addr().expect("bound");
    drop(place);
    let listening = start(&home, &format!("--forward-to {address}/hook"));
    send(&listening, &ordered());
    wait_until("an attempt is recorded", || states(&home).contains(&"waiting".to_owned()));
    let handler = Api::answering_at(address, |_| full(200, "", ""));
    handler.wait_for(4);
    wait_until("all are delivered", || states(&home).iter().all(|state| state == "delivered"));
    for (variation, types) in order(&handler.requests()) {
        assert_eq!(types, ["done", "error"], "{variation}");
    }
    let (code, printed) = listening.interrupt_with_records();
    assert_eq!(code, Some(130));
    let attempts = of_kind(&printed, "forward");
    assert!(attempts.iter().any(|attempt| attempt["state"] == "waiting" && attempt["error"].is_string()));
    assert_eq!(attempts.iter().filter(|attempt| attempt["state"] == "delivered").count(), 4);
    assert_eq!(of_kind(&printed, "forward_summary")[0]["delivered"], 4);
}

#[test]
fn a_killed_listener_goes_on_with_what_it_had_acknowledged() {
    let home = Home::new();
    let (handler, status) = handler(503);
    let to = format!("--forward-to {}", handler.url);
    let listening = start(&home, &to);
    send(&listening, &ordered());
    handler.wait_for(2);
    drop(listening);
    let before = handler.requests().len();
    status.store(200, Ordering::SeqCst);
    let listening = start(&home, &to);
    wait_until("all are delivered", || states(&home).iter().all(|state| state == "delivered"));
    assert!(handler.requests().len() >= before + 4);
    for (variation, types) in order(&handler.requests()[before..]) {
        assert_eq!(types, ["done", "error"], "{variation}");
    }
    let second = home.run(&format!("listen --port 0 --secret-file secret {to}"));
    assert_eq!(second.status.code(), Some(2), "a consumer has one holder");
    assert!(String::from_utf8_lossy(&second.stderr).contains("at work in another process"));
    let other = start(&home, "");
    send(&other, &[Post::signed(done("r", "by another listener"))]);
    handler.wait_for(before + 5);
    assert_eq!(listening.interrupt().0, Some(130));
}

#[test]
fn a_duplicate_is_forwarded_once_and_bytes_and_signature_are_those_that_came() {
    let home = Home::new();
    let (handler, _) = handler(200);
    home.secret_file("headers", "Authorization: Bearer hunter2\n\nX-Other: 1\n");
    let listening = start(&home, &format!("--forward-to {}/hook --header-file headers --header X-Mine:2", handler.url));
    let body = done("r", "v").replace(":", ": ");
    let post = Post::signed(body.as_str()).line("POST /?job=7 HTTP/1.1").header("Cookie", "a=b");
    let post = post.header("X-Vsai-Cli-Event-Id", "forged");
    send(&listening, &[post.clone(), post.clone(), Post::signed(done("r", "last"))]);
    handler.wait_for(2);
    assert_eq!(listening.interrupt().0, Some(130));
    let requests = handler.requests();
    assert_eq!(requests.len(), 2, "the duplicate was not passed on");
    let first = requests.iter().find(|request| request.body == body).expect("byte for byte");
    assert_eq!(first.line, "POST /v2/hook?job=7");
    assert_eq!(first.header("x-vsai-signature"), Some(signature(SECRET, &body).as_str()));
    assert_eq!((first.header("authorization"), first.header("x-mine")), (Some("Bearer hunter2"), Some("2")));
    assert!(first.header("x-vsai-cli-event-id").is_some_and(|id| id.starts_with("evt_")), "{}", first.headers);
    assert_eq!(first.header("cookie"), None);
}

#[test]
fn types_go_where_they_are_routed_and_redirects_are_not_followed() {
    let home = Home::new();
    let (all, _) = handler(200);
    let errors = Api::answering(|_| full(302, "location: /elsewhere\r\n", ""));
    let arguments = format!("--forward-to {} --route error={} --count 2", all.url, errors.url);
    let listening = start(&home, &arguments);
    send(&listening, &[Post::signed(done("r", "v")), Post::signed(failed("r", "w"))]);
    let (code, printed) = listening.end_with_records();
    assert_eq!(code, Some(0), "a met condition waits for what is due to be tried");
    let paths = |api: &Api| api.requests().iter().map(|request| request.line.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&all), ["POST /v2"]);
    assert!(paths(&errors).iter().all(|line| line == "POST /v2"), "{:?}", paths(&errors));
    let attempts = of_kind(&printed, "forward");
    let redirect = attempts.iter().find(|attempt| attempt["status"] == 302).expect("an attempt");
    assert_eq!((&redirect["location"], &redirect["state"]), (&"/elsewhere".into(), &"waiting".into()));
    assert_eq!(of_kind(&printed, "forward_summary")[0]["unfinished"], 1);
}

#[test]
fn a_success_other_than_200_is_warned_about_once() {
    let home = Home::new();
    let (handler, _) = handler(204);
    let listening = start(&home, &format!("--forward-to {} --count 2", handler.url));
    send(&listening, &[Post::signed(done("r", "v")), Post::signed(done("r", "w"))]);
    let (code, printed) = listening.end_with_records();
    assert_eq!(code, Some(0));
    assert_eq!(of_kind(&printed, "warning").iter().filter(|warning| warning["code"] == "not_200").count(), 1);
    assert_eq!(states(&home), ["delivered"; 2]);
}

#[test]
fn the_handler_answers_the_sender_when_asked_to_and_gets_an_event_until_it_took_it() {
    for journal in ["", "--no-journal"] {
        let home = Home::new();
        let (handler, status) = handler(409);
        let listening = start(&home, &format!("--ack forward --forward-to {} {journal}", handler.url));
        let post = Post::signed(done("r", "v"));
        let refused = post.send(listening.address);
        assert_eq!((refused.status, refused.body.as_str()), (409, "no room\n"));
        status.store(200, Ordering::SeqCst);
        for _ in 0..2 {
            assert_eq!(post.send(listening.address).status, 200);
        }
        assert_eq!(handler.requests().len(), 2, "what was taken is not handed over again");
        let (_, printed) = listening.interrupt_with_records();
        let codes: Vec<_> = of_kind(&printed, "forward").iter().map(|attempt| attempt["status"].clone()).collect();
        assert_eq!(codes, [409, 200]);
    }
}

#[test]
fn without_a_handler_to_answer_the_sender_is_told_so() {
    let home = Home::new();
    let place = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = place.local_addr().expect("bound");
    drop(place);
    let silent = Api::answering(|_| Answer::Silence);
    for (target, status) in [(address.to_string(), 502), (silent.url.clone(), 504)] {
        let listening = start(&home, &format!("--ack forward --attempt-timeout 100ms --forward-to {target}"));
        assert_eq!(Post::signed(done("r", &target)).send(listening.address).status, status);
        assert_eq!(listening.interrupt().0, Some(130));
    }
}

#[test]
fn a_stop_records_the_attempts_that_are_under_way() {
    let home = Home::new();
    let (handler, asked, release) = slow_handler();
    let listening = start(&home, &format!("--forward-to {}", handler.url));
    send(&listening, &[Post::signed(done("r", "v"))]);
    asked.recv_timeout(PATIENCE).expect("an attempt");
    listening.signal("TERM");
    release.send(()).expect("waited for");
    assert_eq!(listening.end().0, Some(143));
    assert_eq!(states(&home), ["delivered"]);
}

/// A handler that tells of a request and waits for the word before it answers.
fn slow_handler() -> (Api, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (release, released) = mpsc::channel::<()>();
    let (ask, asked) = mpsc::channel();
    let ends = Mutex::new((ask, released));
    let handler = Api::answering(move |_| {
        let (ask, released) = &*ends.lock().expect("not poisoned");
        let _ = ask.send(()).map(|()| released.recv());
        full(200, "", "")
    });
    (handler, asked, release)
}

#[test]
fn a_sender_that_leaves_does_not_take_the_handlers_answer_with_it() {
    let home = Home::new();
    let (handler, asked, release) = slow_handler();
    let listening = start(&home, &format!("--ack forward --forward-to {}", handler.url));
    let post = Post::signed(done("r", "v"));
    let mut sender = Wire::open(listening.address);
    sender.write(&post.bytes());
    asked.recv_timeout(PATIENCE).expect("an attempt");
    drop(sender);
    // The listener has noticed: its other end of the connection is gone when another sender has its answer.
    assert_eq!(Post::unsigned("{}").send(listening.address).status, 401);
    release.send(()).expect("waited for");
    wait_until("the answer is recorded", || states(&home) == ["delivered"]);
    assert_eq!(post.send(listening.address).status, 200);
    assert_eq!(handler.requests().len(), 1, "it was taken");
    assert_eq!(listening.interrupt().0, Some(130));
}

#[test]
fn a_sender_that_waits_for_the_handler_gets_its_answer_though_the_listener_stops() {
    let home = Home::new();
    let (handler, asked, release) = slow_handler();
    let listening = start(&home, &format!("--ack forward --forward-to {}", handler.url));
    let mut sender = Wire::open(listening.address);
    sender.write(&Post::signed(done("r", "v")).bytes());
    asked.recv_timeout(PATIENCE).expect("an attempt");
    listening.signal("TERM");
    wait_until("no more senders are taken", || TcpStream::connect(listening.address).is_err());
    release.send(()).expect("waited for");
    assert_eq!(sender.answer().expect("an answer").status, 200);
    assert_eq!(listening.end().0, Some(143));
    assert_eq!(states(&home), ["delivered"]);
}

#[test]
fn a_signal_that_is_sent_twice_loses_no_outcome() {
    let home = Home::new();
    let (handler, asked, release) = slow_handler();
    let listening = start(&home, &format!("--forward-to {}", handler.url));
    send(&listening, &[Post::signed(done("r", "v"))]);
    asked.recv_timeout(PATIENCE).expect("an attempt");
    listening.signal("TERM");
    wait_until("the signal was seen", || TcpStream::connect(listening.address).is_err());
    listening.signal("TERM");
    assert_eq!(states(&home), ["-"], "the attempt is under way");
    release.send(()).expect("waited for");
    let (code, records) = listening.end_with_records();
    assert_eq!((code, of_kind(&records, "summary").len()), (Some(143), 1));
    assert_eq!(states(&home), ["delivered"]);
}

#[test]
fn people_see_what_a_handler_answered_and_what_follows() {
    let mut home = Home::new();
    let handler = Api::answering(|_| full(500, "", "first line\n\x1b[31msecond\n"));
    home.redact("[HANDLER]", handler.url.trim_start_matches("http://"));
    home.file("secret", SECRET);
    let arguments =
        format!("listen --port 0 -q --secret-file secret --retry-pause 1h --count 1 --forward-to {}", handler.url);
    let listening = home.start(&format!("{arguments} --ready-file ready"));
    let ready: Value = serde_json::from_str(&home.wait_for_file("ready")).expect("a record");
    let port = ready["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
    Post::signed(done("r", "v")).send(([127, 0, 0, 1], port).into());
    let (code, stdout, _) = listening.end();
    assert_eq!(code, Some(0), "the condition is met, whatever the handler says");
    let stdout = regex::Regex::new("in [0-9]+ min").expect("a pattern").replace(&stdout, "in [PAUSE]");
    home.compare_text(
        &stdout,
        str![[r#"
[..]  -->  done    r/v  staging   ✓ verified
[..]  <--  500     POST [HANDLER]  [..] ms  done r/v  next try in [PAUSE] (2 of 12)
                first line
                [31msecond

"#]],
    );
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_received() {
    let home = Home::new();
    home.file("secret", SECRET);
    for (arguments, message) in [
        ("--no-journal --forward-to 3000", "--no-journal leaves nothing to pass events on from"),
        ("--ack forward", "--ack forward lets your handler answer, but none is named"),
        ("--ack forward --forward-to 3000 --forward-to 4000", "some event goes to several"),
        ("--header X:1", "there are headers to send along, but nowhere to send them"),
        ("--route done", "--route takes TYPE=TARGET"),
        ("--port 4242 --forward-to 4242/hook", "http://localhost:4242/hook is this listener itself"),
        ("--forward-to example.com/hook", "names another machine"),
    ] {
        let output = home.run(&format!("listen --secret-file secret {arguments}"));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
    }
    assert!(records(&home.stdout("events list --json")).is_empty());
}
