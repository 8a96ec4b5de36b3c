//! `vsai test-handler`: what it finds in the documented receiver, in the listener, and in handlers that get one thing wrong.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;

use serde_json::Value;
use snapbox::{IntoData, str};
use vsai::protocol::canonical_json::canonicalize;

use super::Home;
use super::api::{Answer, Api, Request, full};
use super::home::shown;
use super::listening::{of_kind, records};
use super::receiver::receiver;
use super::sender::{SECRET, signature};

fn home() -> Home {
    let home = Home::new();
    home.secret_file("secret", SECRET);
    home
}

/// The status of a handler that does everything right.
fn right(request: &Request) -> u16 {
    let Ok(canonical) = canonicalize(request.body.as_bytes()) else { return 400 };
    let is_json = request.header("content-type").is_some_and(|value| value.starts_with("application/json"));
    let is_signed = request.header("x-vsai-signature") == Some(&signature(SECRET, canonical));
    match (is_json, is_signed) {
        (false, _) => 415,
        (true, false) => 401,
        (true, true) => 200,
    }
}

/// The cases that such a handler misses. The slow one is left out: it takes a second, and Rust's readers wait.
#[track_caller]
fn misses(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Vec<String> {
    let (home, handler) = (home(), Api::answering(handler));
    let output =
        home.run(&format!("test-handler {} --secret-file secret --skip slow --time-limit 10s --json", handler.url));
    let records = records(&String::from_utf8(output.stdout.clone()).expect("UTF-8"));
    let cases = of_kind(&records, "case");
    let missed: Vec<_> = cases.iter().filter(|case| case["right"] == false).collect();
    assert!(missed.iter().all(|case| case["advice"].as_str().is_some_and(|advice| !advice.is_empty())), "{missed:?}");
    let told: Vec<_> = cases.iter().filter(|case| case.get("right").is_none()).map(|case| &case["case"]).collect();
    let summary = of_kind(&records, "summary")[0];
    assert_eq!((cases.len(), told), (18, vec![&Value::from("1-mib")]), "{}", shown(&output));
    assert_eq!((&summary["missed"], &summary["right"]), (&missed.len().into(), &(17 - missed.len()).into()));
    assert_eq!(output.status.code(), Some(i32::from(!missed.is_empty())));
    missed.iter().map(|case| case["case"].as_str().expect("a name").to_owned()).collect()
}

fn status(status: u16) -> Answer {
    full(status, "", "")
}

const TO_BE_ACCEPTED: [&str; 10] = [
    "valid",
    "error-event",
    "analysis",
    "multi-view",
    "unknown-type",
    "unicode-heavy",
    "reformatted",
    "duplicate",
    "charset",
    "90-kib",
];
const TO_BE_REFUSED: [&str; 5] = ["tampered", "unsigned", "wrong-secret", "malformed-signature", "cut-short"];

#[test]
fn a_handler_that_does_everything_right_misses_nothing() {
    assert_eq!(misses(|request| status(right(request))), [""; 0]);
}

#[test]
fn a_success_where_a_refusal_is_due_has_an_advice_of_its_own() {
    let home = Home::new();
    home.file("secret", SECRET);
    let handler = Api::answering(|_| full(204, "", ""));
    let output = home.run(&format!("test-handler {} --secret-file secret", handler.url));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |case: &str| stdout.lines().find(|line| line.contains(case)).expect("a line").to_owned();
    assert!(line(" valid ").contains("answer exactly 200"), "{stdout}");
    assert!(line(" error-event ").ends_with("as valid"), "{stdout}");
    assert!(!line(" tampered ").contains("valid") && !line(" tampered ").contains("exactly 200"), "{stdout}");
}

#[test]
fn each_mistake_is_a_miss_where_it_belongs() {
    let payload = |request: &Request| serde_json::from_str::<Value>(&request.body).unwrap_or_default();
    type Mistake = Box<dyn Fn(&Request) -> Option<u16> + Send + Sync>;
    let when = |wrong: fn(&Request) -> bool, status: u16| -> Mistake {
        Box::new(move |request| wrong(request).then_some(status))
    };
    let instead =
        |of: fn(u16) -> bool, status: u16| -> Mistake { Box::new(move |request| of(right(request)).then_some(status)) };
    let without = |member: &'static str, status: u16| -> Mistake {
        Box::new(move |request| (right(request) == 200 && payload(request).get(member).is_none()).then_some(status))
    };
    let on_result = |wrong: fn(&Value) -> bool, status: u16| -> Mistake {
        Box::new(move |request| (right(request) == 200 && wrong(&payload(request)["result"])).then_some(status))
    };
    let bare = |request: &Request| request.header("x-vsai-signature").is_none();
    let cut = |request: &Request| request.header("x-vsai-signature").is_some_and(|value| value.len() != 64);
    let not_exact = |request: &Request| request.header("x-vsai-signature") != Some(&signature(SECRET, &request.body));
    let untyped = |request: &Request| request.header("content-type").is_none();
    for (what, mistake, missed) in [
        ("204", instead(|status| status == 200, 204), &TO_BE_ACCEPTED[..]),
        ("redirects", instead(|status| status == 200, 302), &TO_BE_ACCEPTED),
        ("another secret", instead(|status| status == 200, 401), &TO_BE_ACCEPTED),
        ("accepts everything", when(|_| true, 200), &TO_BE_REFUSED),
        ("throws instead of refusing", instead(|status| matches!(status, 400 | 401), 500), &TO_BE_REFUSED),
        ("accepts what is unsigned", when(bare, 200), &["unsigned"]),
        ("compares signatures of any length", when(cut, 500), &["malformed-signature"]),
        ("signs what came", when(not_exact, 401), &["reformatted"]),
        ("fails without a content type", when(untyped, 500), &["no-content-type"]),
        ("fails on what is no JSON", instead(|status| status == 400, 500), &["cut-short"]),
        (
            "fails on other content types",
            instead(|status| status == 415, 500),
            &["odd-content-type", "no-content-type"],
        ),
        ("takes small bodies only", when(|request| request.body.len() > 65_536, 413), &["90-kib"]),
        ("takes ASCII only", when(|request| !request.body.is_ascii(), 400), &["unicode-heavy"]),
        ("knows one result only", on_result(Value::is_array, 500), &["multi-view"]),
        (
            "is strict about the content type",
            when(|request| request.header("content-type").is_some_and(|value| value.contains("charset")), 415),
            &["charset"],
        ),
        ("needs a variation", without("variation_id", 400), &["analysis", "unknown-type"]),
        ("needs a result", without("result", 500), &["error-event", "analysis", "unknown-type", "unicode-heavy"]),
    ] as [(&str, Mistake, &[&str]); 17]
    {
        let found = misses(move |request| status(mistake(request).unwrap_or_else(|| right(request))));
        assert_eq!(found, missed, "{what}");
    }
}

#[test]
fn where_nothing_is_accepted_the_advice_is_about_that() {
    let home = home();
    let handler = Api::answering(|_| status(401));
    let only = "--only valid --only multi-view --only tampered --secret-file secret";
    home.check(&format!("test-handler {} {only}", handler.url), str![[r#"
exit 1
--- stdout
✗ valid                expects 200         got 401 [..] ms  does it have the secret that vsai signs with, and is that its path?
✗ multi-view           expects 200         got 401 [..] ms  as valid
✓ tampered             expects 4xx         got 401 [..] ms
--- stderr
1 right, 2 missed

"#]]);
}

#[test]
fn a_handler_that_refuses_a_second_time_misses_the_duplicate() {
    let seen = Mutex::new(HashSet::new());
    let found = misses(move |request| match right(request) {
        200 if !seen.lock().expect("not poisoned").insert(request.body.clone()) => status(409),
        usual => status(usual),
    });
    assert_eq!(found, ["duplicate"]);
}

#[test]
fn no_answer_in_time_is_a_miss_and_so_is_a_closed_connection() {
    let home = home();
    for (answer, error) in [
        ((|_: &Request| Answer::Silence) as fn(&Request) -> Answer, "no answer within 50 ms"),
        (|_| Answer::Bytes(String::new()), "the connection broke"),
    ] {
        let handler = Api::answering(answer);
        let only = "--only valid --only unsigned --time-limit 50ms --secret-file secret";
        let output = home.run(&format!("test-handler {} {only}", handler.url));
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!((output.status.code(), stdout.matches(error).count()), (Some(1), 2), "{stdout}");
    }
}

/// A server that takes the first piece of a body for all of it.
fn impatient() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
            let head: Vec<String> =
                reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let came = reader.fill_buf().map_or(0, <[u8]>::len);
            let status = if Some(came) == length { "200 OK" } else { "400 Bad Request" };
            let _ = stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes());
        }
    });
    address
}

#[test]
fn a_handler_that_does_not_wait_for_the_whole_body_misses_the_slow_one() {
    let only = "--only valid --only slow --secret-file secret --json";
    let output = home().run(&format!("test-handler {} {only}", impatient()));
    let records = records(&String::from_utf8(output.stdout).expect("UTF-8"));
    let right: Vec<_> = of_kind(&records, "case").iter().map(|case| (&case["case"], &case["right"])).collect();
    assert_eq!(right, [(&"valid".into(), &true.into()), (&"slow".into(), &false.into())]);
}

#[test]
fn the_listener_is_a_handler_that_does_everything_right() {
    let home = home();
    let listening = home.listen("");
    let output = home.run(&format!("test-handler {} --secret-file secret", listening.address));
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}

#[track_caller]
fn check_express(express: &str, expected: impl IntoData) {
    let receiver = receiver(express, SECRET);
    home().check(&format!("test-handler {} --secret-file secret --time-limit 30s", receiver.address), expected);
}

#[test]
fn the_documented_receiver_on_express_4_and_5() {
    check_express(
        "express4",
        str![[r#"
exit 0
--- stdout
✓ valid                expects 200         got 200 [..] ms
✓ error-event          expects 200         got 200 [..] ms
✓ analysis             expects 200         got 200 [..] ms
✓ multi-view           expects 200         got 200 [..] ms
✓ unknown-type         expects 200         got 200 [..] ms
✓ unicode-heavy        expects 200         got 200 [..] ms
✓ reformatted          expects 200         got 200 [..] ms
✓ duplicate            expects 200         got 200 [..] ms
✓ charset              expects 200         got 200 [..] ms
✓ slow                 expects 200         got 200 [..] ms
✓ 90-kib               expects 200         got 200 [..] ms
· 1-mib                expects anything    got 413 [..] ms
✓ tampered             expects 4xx         got 401 [..] ms
✓ unsigned             expects 4xx         got 401 [..] ms
✓ wrong-secret         expects 4xx         got 401 [..] ms
✓ malformed-signature  expects 4xx         got 401 [..] ms
✓ cut-short            expects 4xx         got 400 [..] ms
✓ odd-content-type     expects 200 or 4xx  got 401 [..] ms
✓ no-content-type      expects 200 or 4xx  got 401 [..] ms
--- stderr
18 right, 0 missed

"#]],
    );
    check_express(
        "express5",
        str![[r#"
exit 1
--- stdout
✓ valid                expects 200         got 200 [..] ms
✓ error-event          expects 200         got 200 [..] ms
✓ analysis             expects 200         got 200 [..] ms
✓ multi-view           expects 200         got 200 [..] ms
✓ unknown-type         expects 200         got 200 [..] ms
✓ unicode-heavy        expects 200         got 200 [..] ms
✓ reformatted          expects 200         got 200 [..] ms
✓ duplicate            expects 200         got 200 [..] ms
✓ charset              expects 200         got 200 [..] ms
✓ slow                 expects 200         got 200 [..] ms
✓ 90-kib               expects 200         got 200 [..] ms
· 1-mib                expects anything    got 413 [..] ms
✓ tampered             expects 4xx         got 401 [..] ms
✓ unsigned             expects 4xx         got 401 [..] ms
✓ wrong-secret         expects 4xx         got 401 [..] ms
✓ malformed-signature  expects 4xx         got 401 [..] ms
✓ cut-short            expects 4xx         got 400 [..] ms
✗ odd-content-type     expects 200 or 4xx  got 500 [..] ms  answer 415 before you sign a body that was not parsed (undefined in Express 5)
✗ no-content-type      expects 200 or 4xx  got 500 [..] ms  answer 415 before you sign a body that was not parsed (undefined in Express 5)
--- stderr
16 right, 2 missed

"#]],
    );
}

#[test]
fn what_it_cannot_do_is_told_with_a_way_out() {
    let home = home();
    home.check(
        "test-handler 1 --secret-file secret",
        str![[r#"
exit 6
--- stdout
--- stderr
error: cannot deliver to http://localhost:1/: no connection: Connection refused
  hint: is the handler running, and is that its address?

"#]],
    );
    home.check(
        "test-handler 3000 --secret-file secret --only valid --skip valid",
        str![[r#"
exit 2
--- stdout
--- stderr
error: --only and --skip leave no case

"#]],
    );
    home.check("test-handler 3000 --only vaild", str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'vaild' for '--only <CASE>' [possible values: valid, error-event, analysis, multi-view, unknown-type, unicode-heavy, reformatted, duplicate, charset, slow, 90-kib, 1-mib, tampered, unsigned, wrong-secret, malformed-signature, cut-short, odd-content-type, no-content-type]
  hint: a similar value exists: 'valid'

"#]]);
    home.check(
        "test-handler 3000",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
    home.check(
        "test-handler example.com",
        str![[r#"
exit 2
--- stdout
--- stderr
error: `example.com` names another machine: write its whole URL, with http:// or https://

"#]],
    );
}
