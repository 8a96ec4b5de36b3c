//! `vsai events tail --forward-to`: what the journal holds goes to a handler, and what became of that is told everywhere.

use snapbox::str;

use super::{distinct, ids, json, receive, received, variations};
use crate::api::{Api, full};
use crate::home::{Home, Running};
use crate::sender::{Post, SECRET, done, failed, signature};

/// A handler that answers with this status.
fn handler(status: u16) -> Api {
    Api::answering(move |_| full(status, "", "no \x1b[31mroom\n"))
}

fn forwarding(home: &Home, handler: &Api, arguments: &str) -> Running {
    let mut tail = home.start(&format!("events tail --forward-to {} {arguments}", handler.url));
    tail.note("passing on to ");
    tail
}

#[test]
fn a_handler_gets_each_event_once_with_its_signature_and_the_journal_tells_so() {
    let (mut home, records) = received(&[
        Post::signed(done("rnd_abc", "var_1")),
        Post::signed(failed("rnd_abc", "var_1")),
        Post::signed(failed("rnd_abc", "var_1")),
    ]);
    let handler = handler(200);
    let ids = ids(&records);
    home.redact("[HANDLER]", handler.url.trim_start_matches("http://"));
    let mut tail = forwarding(&home, &handler, "--from-start");
    for what in ["done", "error"] {
        let line = tail.line(what);
        assert!(line.contains("  <--  200     POST ") && line.contains(&format!("{what} rnd_abc/var_1")), "{line}");
    }
    tail.signal("INT");
    home.compare_end(
        tail.end(),
        str![[r#"
exit 130
--- stdout
--- stderr
2 attempts, 2 delivered, 0 failed, 0 to be tried again

"#]],
    );
    let requests = handler.requests();
    for (request, body) in requests.iter().zip([done("rnd_abc", "var_1"), failed("rnd_abc", "var_1")]) {
        assert_eq!(request.body, body);
        assert_eq!(request.header("x-vsai-signature"), Some(signature(SECRET, &body).as_str()));
    }
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].header("x-vsai-cli-event-id"), Some(ids[1].as_str()));
    let table = home.stdout("events list");
    let states: Vec<_> = table.lines().map(|line| line.split_whitespace().nth(3).expect("a column")).collect();
    assert_eq!(states, ["duplicate", "delivered", "delivered"]);
    assert_eq!(variations(&home, "events list --state delivered --events done"), ["var_1"]);
    let shown = json(&home, &format!("events show {}", ids[0])).remove(0);
    let attempt = &shown["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["state"]), (&200.into(), &"delivered".into()));
    assert_eq!(attempt["delivery"], format!("{}.1", ids[0]));
    let stats = json(&home, "events stats").remove(0);
    assert_eq!((&stats["forwarding"]["attempts"], &stats["forwarding"]["delivered"]), (&2.into(), &2.into()));
}

#[test]
fn what_a_handler_refuses_waits_and_its_answer_can_be_read() {
    let (home, records) = received(&distinct(0..2));
    let handler = handler(503);
    let mut tail = forwarding(&home, &handler, "--from-start --consumer mine --variation v1 --retry-pause 1h --json");
    assert!(tail.line("\"forward\"").contains("\"waiting\""));
    tail.signal("INT");
    assert_eq!(tail.end().0, Some(130));
    assert_eq!(variations(&home, "events list --state waiting"), ["v1"]);
    let shown = home.stdout(&format!("events show {}", ids(&records)[1]));
    assert!(shown.contains("  forwarding waiting\n"), "{shown}");
    assert!(shown.contains("  attempt 1 of mine, next at ") && shown.contains("      no [31mroom\n"), "{shown}");
    assert_eq!(json(&home, "events stats").remove(0)["forwarding"]["waiting"], 1);
}

#[test]
fn the_next_run_goes_on_where_the_last_one_has_ended() {
    let (home, _) = received(&distinct(0..2));
    let handler = handler(200);
    let mut tail = forwarding(&home, &handler, "--from-start");
    handler.wait_for(2);
    tail.line("v1");
    tail.signal("INT");
    assert_eq!(tail.end().0, Some(130));
    receive(&home, &distinct(2..4));
    let mut tail = forwarding(&home, &handler, "");
    handler.wait_for(4);
    tail.line("v3");
    let second = home.run(&format!("events tail --forward-to {}", handler.url));
    assert_eq!(second.status.code(), Some(2), "it has one holder");
    let sent: Vec<_> = handler.requests().into_iter().map(|request| request.body).collect();
    let expected: Vec<_> = (0..4).map(|number| done("r", &format!("v{number}"))).collect();
    for body in &expected {
        assert_eq!(sent.iter().filter(|sent| *sent == body).count(), 1, "{body}");
    }
}
