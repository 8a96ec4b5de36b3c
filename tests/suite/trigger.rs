//! `vsai trigger`: what it sends, what it says of the answers, and how it ends.

use serde_json::Value;
use snapbox::str;

use super::Home;
use super::api::{Answer, Api, Request, full};
use super::listening::{of_kind, records};
use super::sender::{SECRET, signature};

const TYPES: [&str; 9] =
    ["done", "multi_view", "removal", "error", "update", "analysis_completion", "analysis_error", "unknown", "unicode"];

fn home() -> Home {
    let home = Home::new();
    home.secret_file("secret", SECRET);
    home
}

/// A handler that has more to say than is shown, and says it in red.
fn handler_of(status: u16) -> Api {
    Api::answering(move |_| full(status, "", "first\n\x1b[31msecond\n\nfourth\n"))
}

/// Bodies that arrive at a handler, each with the tests' signature over exactly these bytes.
#[track_caller]
fn sent(home: &Home, arguments: &str) -> Vec<String> {
    let handler = Api::with_statuses(&[200]);
    home.stdout(&format!("trigger {arguments} --to {} --secret-file secret", handler.url));
    let bodies = |request: Request| {
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.header("x-vsai-signature"), Some(signature(SECRET, &request.body).as_str()), "{request:?}");
        request.body
    };
    handler.requests().into_iter().map(bodies).collect()
}

#[test]
fn the_running_listener_verifies_every_type() {
    let home = home();
    let listening = home.listen("--json");
    for name in TYPES {
        home.stdout(&format!("trigger {name} --secret-file secret"));
    }
    let (_, records) = listening.interrupt_with_records();
    let events = of_kind(&records, "event");
    let types: Vec<_> = events.iter().map(|event| event["event_type"].as_str().expect("a text")).collect();
    let error = ["error", "update", "analysis_completion", "analysis_error", "render_archived", "error"];
    assert_eq!(types, [&["done"; 3][..], &error].concat());
    for event in events {
        assert_eq!((&event["matched"], &event["duplicate"]), (&"both".into(), &false.into()), "{event}");
    }
}

/// Runs against a handler that always answers this.
#[track_caller]
fn check_answer(status: u16, arguments: &str, expected: impl snapbox::IntoData) {
    let (mut home, handler) = (home(), handler_of(status));
    home.redact("[HANDLER]", handler.url.trim_start_matches("http://"));
    home.check(&format!("trigger {arguments} -q --fixed-ids --secret-file secret --to {}", handler.url), expected);
}

#[test]
fn an_answer_other_than_200_is_shown_and_the_exit_code_is_1() {
    check_answer(
        200,
        "done",
        str![[r#"
exit 0
--- stdout
[..]  <--  200     POST [HANDLER]  [..] ms  done [..]
--- stderr

"#]],
    );
    check_answer(
        204,
        "done -n 2",
        str![[r#"
exit 1
--- stdout
[..]  <--  204     POST [HANDLER]  [..] ms  done [..]
[..]  <--  204     POST [HANDLER]  [..] ms  done [..]
--- stderr
warning: the vendor takes only 200 for delivered: after 204 it sends again

"#]],
    );
    check_answer(
        500,
        "error",
        str![[r#"
exit 1
--- stdout
[..]  <--  500     POST [HANDLER]  [..] ms  error [..]
                first
                [31msecond
                fourth
--- stderr

"#]],
    );
    check_answer(
        401,
        "done --json",
        str![[r#"
exit 1
--- stdout
{"kind":"forward","schema":"vsai.forward/1","at":"[..]","event_type":"done","render_id":"rnd_gqhyvtlu6xqg2xkk","variation_id":"var_n3ky7ighkodeoxk5","target":"http://[HANDLER]","attempt":1,"status":401,"duration_ms":[..],"answer":"first\n\u001b[31msecond\nfourth"}
--- stderr

"#]],
    );
}

#[test]
fn a_redirect_is_shown_and_not_followed() {
    let home = home();
    let handler = Api::answering(|_| full(302, "location: /login\r\n", ""));
    let output = home.run(&format!("trigger done --to {} --secret-file secret", handler.url));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(stdout.contains("302") && stdout.trim_end().ends_with("→ /login"), "{stdout}");
    assert_eq!((output.status.code(), handler.requests().len()), (Some(1), 1));
}

#[test]
fn retries_send_the_same_bytes_up_to_four_times_until_exactly_200() {
    let home = home();
    for (statuses, tries, code) in
        [(&[500, 204, 200][..], 3, 0), (&[503], 4, 1), (&[200], 1, 0)] as [(&'static [u16], usize, i32); 3]
    {
        let handler = Api::with_statuses(statuses);
        let arguments =
            format!("trigger done --json --retries --retry-pause 1ms --secret-file secret --to {}", handler.url);
        let output = home.run(&arguments);
        assert_eq!(output.status.code(), Some(code), "{statuses:?}");
        let requests = handler.requests();
        assert_eq!(requests.len(), tries, "{statuses:?}");
        assert!(
            requests.iter().all(|request| request.body == requests[0].body && request.headers == requests[0].headers)
        );
        let records = records(&String::from_utf8(output.stdout).expect("UTF-8"));
        let attempts: Vec<_> = of_kind(&records, "forward").iter().map(|record| record["attempt"].as_u64()).collect();
        assert_eq!(attempts, (1..=tries as u64).map(Some).collect::<Vec<_>>());
    }
}

#[test]
fn without_an_answer_it_exits_6() {
    let home = home();
    home.check(
        "trigger done -q --to 1 --secret-file secret",
        str![[r#"
exit 6
--- stdout
[..]  <--  failed  POST localhost:1/  [..] ms  done [..]  no connection: Connection refused
--- stderr
error: cannot deliver to http://localhost:1/: no connection: Connection refused
  hint: is the handler running, and is that its address?

"#]],
    );
    let silent = Api::answering(|_| Answer::Silence);
    let output =
        home.run(&format!("trigger done -n 5 --attempt-timeout 50ms --to {} --secret-file secret", silent.url));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(6));
    assert!(stderr.contains("no answer within 50 ms"), "{stderr}");
}

#[test]
fn ids_and_times_are_fresh_unless_fixed() {
    let home = home();
    let [fresh, other] = [sent(&home, "done -n 2"), sent(&home, "done -n 2")];
    let member = |body: &str, name: &str| serde_json::from_str::<Value>(body).expect("JSON")[name].clone();
    assert_eq!(member(&fresh[0], "render_id"), member(&fresh[1], "render_id"));
    assert_ne!(member(&fresh[0], "variation_id"), member(&fresh[1], "variation_id"));
    assert_ne!(member(&fresh[0], "render_id"), member(&other[0], "render_id"));
    assert!(member(&fresh[0], "timestamp").as_i64() > Some(1_760_000_000_000), "{fresh:?}");
    assert_eq!(sent(&home, "done -n 2 --fixed-ids"), sent(&home, "done -n 2 --fixed-ids"));
}

#[test]
fn members_are_set_by_their_path() {
    let home = home();
    let body = sent(&home, "done --set result.url=http://localhost/a.jpg --set more[1].deep=1e3").remove(0);
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&body["result"]["url"], &body["event_type"]), (&"http://localhost/a.jpg".into(), &"done".into()));
    assert_eq!(body["more"], serde_json::json!([null, { "deep": 1000 }]));
}

#[test]
fn a_payload_of_the_users_own_goes_out_byte_for_byte_with_the_signature_of_its_canonical_form() {
    let home = home();
    let payload = "{ \"b\" : 1e2,\r\n \"9\": \"\\u00fc\" }\n";
    let canonical = r#"{"9":"ü","b":100}"#;
    home.file("event.json", payload);
    let handler = Api::with_statuses(&[200]);
    let to = format!("--to {} --secret-file secret", handler.url);
    home.stdout(&format!("trigger --data event.json {to}"));
    assert_eq!(home.run_with(&format!("trigger --data - -n 2 {to}"), payload.as_bytes()).status.code(), Some(0));
    let requests = handler.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.body, payload);
        assert_eq!(request.header("x-vsai-signature"), Some(signature(SECRET, canonical).as_str()));
    }
    assert_eq!(sent(&home, "--data event.json --set b=7"), [r#"{"9":"ü","b":7}"#]);
}

#[test]
fn what_it_cannot_do_is_told_with_a_way_out() {
    let home = home();
    home.file("half.json", "{\"a\":");
    home.check(
        "trigger done --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: no listener is running for profile default
  hint: start one in another terminal: vsai listen
  hint: or name your handler, such as --to localhost:[PORT]/hook

"#]],
    );
    home.check(
        "trigger done --to 3000",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
    home.check(
        "trigger --to 3000 --data half.json --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot sign half.json: it has no canonical form: not JSON: the text ends too early at byte 5

"#]],
    );
    home.check(
        "trigger --to 3000 --data missing.json --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read missing.json: no such file or directory

"#]],
    );
    home.check(
        "trigger done --to http://me:hunter2@localhost/ --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: a target's URL must not carry a user name or password

"#]],
    );
    home.check(
        "trigger done --to example.com/hook --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: `example.com/hook` names another machine: write its whole URL, with http:// or https://

"#]],
    );
    home.check("trigger finished", str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'finished' for '[TYPE]' [possible values: done, multi_view, removal, error, update, analysis_completion, analysis_error, unknown, unicode]

"#]]);
    home.check(
        "trigger done --data half.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the argument '[TYPE]' cannot be used with '--data <FILE>'
  hint: vsai trigger <TYPE>

"#]],
    );
    home.check(
        "trigger",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: <TYPE>
  hint: vsai trigger <TYPE>

"#]],
    );
}
