//! What counts, and the exit code that a script gets.

use snapbox::str;

use crate::home::Home;
use crate::listening::{Listening, of_kind};
use crate::sender::{Post, done, failed};

fn send(listening: &Listening, payload: &str) {
    assert_eq!(Post::signed(payload).send(listening.address).status, 200, "{payload}");
}

#[test]
fn a_count_is_of_verified_distinct_events() {
    let home = Home::new();
    let listening = home.listen("--count 3 --json");
    send(&listening, &done("r", "1"));
    send(&listening, &done("r", "1"));
    Post::unsigned(done("r", "2")).send(listening.address);
    send(&listening, &failed("r", "3"));
    send(&listening, r#"{"event_type":"new"}"#);
    let (code, records) = listening.end_with_records();
    assert_eq!((code, of_kind(&records, "event").len(), of_kind(&records, "unverified").len()), (Some(0), 4, 1));
    let summary = of_kind(&records, "summary")[0];
    for (member, number) in [("events", 3), ("duplicates", 1), ("failed", 1), ("unverified", 1), ("filtered", 0)] {
        assert_eq!(summary[member], number, "{summary}");
    }
    assert_eq!(summary["stopped_by"], "condition");
}

#[test]
fn types_and_filters_choose_what_is_shown_and_counted() {
    let home = Home::new();
    let listening =
        home.listen("--json --count 2 --events done,error --events new --filter render_id=r --filter query.job=7");
    let sent_to = |target: &str, payload: String| {
        let answer = Post::signed(payload).line(&format!("POST {target} HTTP/1.1")).send(listening.address);
        assert_eq!(answer.status, 200, "what is filtered out was received all the same");
    };
    sent_to("/?job=7", done("other", "1"));
    sent_to("/?job=8", done("r", "2"));
    sent_to("/", done("r", "3"));
    sent_to("/?job=7", r#"{"event_type":"update","render_id":"r"}"#.into());
    sent_to("/?job=%37", done("r", "4"));
    sent_to("/?a=b&job=7", r#"{"event_type":"new","render_id":"r"}"#.into());
    let (code, records) = listening.end_with_records();
    let types: Vec<_> = of_kind(&records, "event").iter().map(|event| event["event_type"].as_str()).collect();
    assert_eq!((code, types), (Some(0), vec![Some("done"), Some("new")]));
    assert_eq!(of_kind(&records, "summary")[0]["filtered"], 4);
}

#[test]
fn filters_look_into_what_only_javascript_can_read() {
    let home = Home::new();
    let listening = home.listen("--json --count 3 --filter result.n=7 --filter event_type=new");
    send(&listening, "\u{feff}{\"event_type\":\"new\",\"result\":{\"n\":7},\"id\":1}");
    send(&listening, r#"{"event_type":"new","result":{"n":7,"lone":"\ud800"}}"#);
    send(&listening, r#"{"event_type":"new","result":{"n":7,"large":1e400}}"#);
    assert_eq!(listening.end().0, Some(0));
}

#[test]
fn waits_until_every_render_and_variation_has_ended() {
    let home = Home::new();
    let listening = home.listen("--json --until-done r=2 --until-done x");
    for payload in [
        done("r", "1"),
        done("r", "1"),
        done("other", "2"),
        r#"{"event_type":"update","render_id":"r","variation_id":"3"}"#.into(),
        failed("r", "4"),
    ] {
        send(&listening, &payload);
    }
    let mut listening = listening;
    listening.line("\"4\"");
    send(&listening, &failed("y", "x"));
    let (code, records) = listening.end_with_records();
    assert_eq!((code, of_kind(&records, "summary").len()), (Some(0), 1));
}

#[test]
fn an_unmet_condition_at_the_timeout_is_124_and_says_how_far_it_came() {
    let home = Home::new();
    let listening = home.listen("--timeout 2s --until-done r=3 --until-done v --count 5");
    send(&listening, &done("r", "1"));
    let (code, stdout, stderr) = listening.end();
    assert_eq!((code, stdout.lines().count()), (Some(124), 1));
    assert!(
        stderr.contains(
            "error: 2s passed: 1 of 5 events came, 1 of 3 variations of r have ended, variation v has not ended\n  \
             hint: the same command with --count 4 --until-done r=2 --until-done v goes on waiting"
        ),
        "{stderr}"
    );
}

#[test]
fn what_can_hardly_be_meant_is_warned_of() {
    let home = Home::new();
    home.file("secret", "s");
    for (arguments, warning) in [
        ("--until-done rnd_x", "--until-done rnd_x waits for a variation of that name"),
        ("--events done,don", r#"there is no event type "don" so far; did you mean done?"#),
        ("--route refund=3000", "known are done, error, update"),
    ] {
        let output = home.run(&format!("listen --port 0 --secret-file secret --timeout 50ms {arguments}"));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(warning) && stderr.matches("warning: ").count() == 1, "{arguments}: {stderr}");
    }
}

#[test]
fn a_timeout_without_a_condition_is_the_wanted_end() {
    let home = Home::new();
    home.file("secret", "s");
    home.check(
        "listen --port 0 --secret-file secret --timeout 50ms --json -q",
        str![[r#"
exit 0
--- stdout
{"kind":"ready","schema":"vsai.ready/1","url":"http://127.0.0.1:[..]/","port":[..],"pid":[..],"secrets":["[..]"]}
{"kind":"summary","schema":"vsai.summary/1","events":0,"duplicates":0,"filtered":0,"failed":0,"unverified":0,"raw_only":0,"unshown":0,"stopped_by":"timeout"}
--- stderr

"#]],
    );
}

#[test]
fn failures_are_judged_at_the_stop() {
    for (arguments, payload, code) in [
        ("--count 2 --fail-on error", failed("r", "1"), 1),
        ("--count 2 --fail-on error", r#"{"event_type":"analysis_error"}"#.into(), 1),
        // A failure is one, also where its members are not as documented.
        ("--count 2 --fail-on error", r#"{"event_type":"error","error_message":"\ud83d"}"#.into(), 1),
        ("--count 2 --fail-on error", done("r", "1"), 0),
        ("--count 2", failed("r", "1"), 0),
        ("--count 3 --fail-on error --timeout 2s", failed("r", "1"), 1),
    ] {
        let home = Home::new();
        let mut listening = home.listen(arguments);
        send(&listening, &payload);
        listening.line("verified");
        send(&listening, &done("r", "2"));
        assert_eq!(listening.end().0, Some(code), "{arguments} {payload}");
    }
}

#[test]
fn an_unverified_delivery_can_be_a_failure() {
    for (arguments, code) in [("--fail-on unverified --fail-on error", 1), ("", 0)] {
        let home = Home::new();
        let listening = home.listen(&format!("--count 1 {arguments}"));
        Post::unsigned("{}").send(listening.address);
        send(&listening, &done("r", "1"));
        assert_eq!(listening.end().0, Some(code), "{arguments}");
    }
}

#[test]
fn conditions_that_make_no_sense_are_refused() {
    let home = Home::new();
    for arguments in [
        "--count 0",
        "--count many",
        "--until-done =2",
        "--until-done r=0",
        "--filter render_id",
        "--timeout soon",
        "--fail-on done",
        "--max-body 1MB",
        "--max-body 0",
        "--max-header 0KiB",
        "--read-timeout 0",
        "--max-connections 0",
        "--max-checks 0",
        "--bind example.com",
    ] {
        let output = home.run(&format!("listen --port 0 {arguments}"));
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.starts_with("error: invalid value"), "{said}");
    }
}
