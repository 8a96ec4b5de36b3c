//! Every way in which the API can fail, as a free call (`whoami`) and a paid one (`render create`) tell of it. A paid call is
//! sent exactly once, whatever comes back.

use std::sync::Arc;

use snapbox::str;

use super::Home;
use super::api::{Answer, Api, full, json};

const KEY: &str = "vsai-sandbox-5f2c9a";

fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    home
}

const CREATE: &str = "render create https://example.com/room.jpg --room living --style modern --settle-within 0s";

/// What both calls say to one answer, and how often each was sent.
fn both(answer: impl Fn() -> Answer + Send + Sync + 'static) -> (String, usize, usize) {
    let answer = Arc::new(answer);
    let again = answer.clone();
    let (free, paid) = (Api::answering(move |_| answer()), Api::selling(move |_| again()));
    let mut said = String::new();
    for (api, arguments) in [(&free, "whoami"), (&paid, CREATE)] {
        let output = home_at(&api.url).run(arguments);
        assert!(output.stdout.is_empty());
        said += &format!("{} {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    (said, free.requests().len(), paid.posts().len())
}

/// Shows both; neither is sent twice.
#[track_caller]
fn check(answer: impl Fn() -> Answer + Send + Sync + 'static, expected: impl snapbox::IntoData) {
    let (said, free, paid) = both(answer);
    assert_eq!((free, paid), (1, 1), "{said}");
    Home::new().compare_text(&said, expected);
}

#[test]
fn a_key_that_is_refused_is_4() {
    check(
        || json(401, r#"{"message":"Invalid API key"}"#),
        str![[r#"
exit status: 4 error: GET /user at http://127.0.0.1:[PORT]: the API key was refused (401): Invalid API key
  hint: vsai login stores another key; vsai whoami tells which is used
exit status: 4 error: POST /renders at http://127.0.0.1:[PORT]: the API key was refused (401): Invalid API key
  hint: vsai login stores another key; vsai whoami tells which is used

"#]],
    );
}

#[test]
fn a_plan_without_the_api_is_4_and_a_limit_that_is_reached_is_5() {
    check(
        || json(403, r#"{"message":"Your plan has no API access"}"#),
        str![[r#"
exit status: 4 error: GET /user at http://127.0.0.1:[PORT]: forbidden (403): Your plan has no API access
  hint: the account's plan may lack the API, or its photos are used up: vsai whoami
exit status: 4 error: POST /renders at http://127.0.0.1:[PORT]: forbidden (403): Your plan has no API access
  hint: the account's plan may lack the API, or its photos are used up: vsai whoami

"#]],
    );
    check(
        || json(403, r#"{"error":"Photo limit reached"}"#),
        str![[r#"
exit status: 5 error: GET /user at http://127.0.0.1:[PORT]: forbidden (403): Photo limit reached
  hint: vsai whoami shows photos used and allowed
exit status: 5 error: POST /renders at http://127.0.0.1:[PORT]: forbidden (403): Photo limit reached
  hint: vsai whoami shows photos used and allowed

"#]],
    );
}

#[test]
fn a_definite_no_is_1() {
    check(
        || json(400, r#"{"message":"room_type must be one of: living"}"#),
        str![[r#"
exit status: 1 error: GET /user at http://127.0.0.1:[PORT]: refused as invalid (400): room_type must be one of: living
exit status: 1 error: POST /renders at http://127.0.0.1:[PORT]: refused as invalid (400): room_type must be one of: living

"#]],
    );
    check(
        || json(404, r#"{"message":"Not found"}"#),
        str![[r#"
exit status: 1 error: GET /user at http://127.0.0.1:[PORT]: not found (404): Not found
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it
exit status: 1 error: POST /renders at http://127.0.0.1:[PORT]: not found (404): Not found
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it

"#]],
    );
    check(
        || json(418, "I am a teapot"),
        str![[r#"
exit status: 1 error: GET /user at http://127.0.0.1:[PORT]: unexpected answer (418): I am a teapot
exit status: 1 error: POST /renders at http://127.0.0.1:[PORT]: unexpected answer (418): I am a teapot

"#]],
    );
}

#[test]
fn what_has_to_be_paid_or_waited_for_is_5() {
    check(
        || json(402, r#"{"message":"Payment required"}"#),
        str![[r#"
exit status: 5 error: GET /user at http://127.0.0.1:[PORT]: payment required (402): Payment required
  hint: the account has to pay first; vsai whoami shows its quota
exit status: 5 error: POST /renders at http://127.0.0.1:[PORT]: payment required (402): Payment required
  hint: the account has to pay first; vsai whoami shows its quota

"#]],
    );
    check(
        || full(429, "retry-after: 120\r\n", "slow down"),
        str![[r#"
exit status: 5 error: GET /user at http://127.0.0.1:[PORT]: too many requests (429): slow down; it asks to wait 120 s
  hint: try again later
exit status: 5 error: POST /renders at http://127.0.0.1:[PORT]: too many requests (429): slow down; it asks to wait 120 s
  hint: try again later

"#]],
    );
}

#[test]
fn a_server_that_asks_for_a_long_wait_is_not_waited_for() {
    check(
        || full(503, "retry-after: 3600\r\ncontent-type: text/html\r\n", "<h1>Maintenance</h1>"),
        str![[r#"
exit status: 6 error: GET /user at http://127.0.0.1:[PORT]: the API failed (503): <h1>Maintenance</h1>; it asks to wait 3600 s
  hint: try again later
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: the API failed (503): <h1>Maintenance</h1>; it asks to wait 3600 s; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Api::answering(|_| json(200, "{}"));
    let location = format!("location: {}/user\r\n", elsewhere.url);
    check(
        move || full(302, &location, ""),
        str![[r#"
exit status: 6 error: GET /user at http://127.0.0.1:[PORT]: a redirect (302) to 127.0.0.1:[PORT], which is not followed
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: a redirect (302) to 127.0.0.1:[PORT], which is not followed; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
    );
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn what_is_no_json_is_6() {
    check(
        || full(200, "content-type: text/html\r\n", "<html><title>Sign in to the Wi-Fi</title>"),
        str![[r#"
exit status: 6 error: GET /user at http://127.0.0.1:[PORT]: answered 200 with text/html instead of JSON: <html><title>Sign in to the Wi-Fi</title>
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: answered 200 with text/html instead of JSON: <html><title>Sign in to the Wi-Fi</title>; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
    );
    check(
        || full(200, "", ""),
        str![[r#"
exit status: 6 error: GET /user at http://127.0.0.1:[PORT]: answered 200 with an empty body instead of JSON
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: answered 200 with an empty body instead of JSON; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
    );
    check(
        || json(200, "[1,2"),
        str![[r#"
exit status: 6 error: GET /user at http://127.0.0.1:[PORT]: answered 200 with JSON that is not understood: EOF while parsing a list at line 1 column 4
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: answered 200 with JSON that is not understood: EOF while parsing a list at line 1 column 4; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
    );
    check(
        || json(200, "[]"),
        str![[r#"
exit status: 6 error: GET /user at http://127.0.0.1:[PORT]: answered 200 with JSON that is not understood: invalid type: sequence, expected an account
  hint: is the API URL right? --api-url, VSAI_API_URL or the profile sets it
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: answered 200 with JSON that is not understood: invalid type: sequence, expected a render; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
    );
}

#[test]
fn a_stranger_cannot_steer_the_terminal_or_repeat_the_key() {
    check(
        || json(400, r#"{"message":"\u001b[2Jkey vsai-sandbox-5f2c9a\nerror: \u202efake"}"#),
        str![[r#"
exit status: 1 error: GET /user at http://127.0.0.1:[PORT]: refused as invalid (400): [2Jkey [secret] error: fake
exit status: 1 error: POST /renders at http://127.0.0.1:[PORT]: refused as invalid (400): [2Jkey [secret] error: fake

"#]],
    );
}

#[test]
fn nothing_to_connect_to_is_6_and_costs_nothing() {
    // Nothing listens on a port that only root could open and nobody uses.
    home_at("http://127.0.0.1:1/v2").check(
        CREATE,
        str![[r#"
exit 6
--- stdout
--- stderr
connection refused; trying again in [WAIT] s
connection refused; trying again in [WAIT] s
connection refused; trying again in [WAIT] s
error: GET /user at http://127.0.0.1:1: connection refused (tried 4 times)
  hint: for the sandbox, start it in another terminal: vsai sandbox

"#]],
    );
    home_at("https://api.invalid/v2").check(
        CREATE,
        str![[r#"
exit 6
--- stdout
--- stderr
the host name cannot be resolved (failed to lookup address information: Name or service not known); trying again in [WAIT] s
the host name cannot be resolved (failed to lookup address information: Name or service not known); trying again in [WAIT] s
the host name cannot be resolved (failed to lookup address information: Name or service not known); trying again in [WAIT] s
error: GET /user at https://api.invalid: the host name cannot be resolved (failed to lookup address information: Name or service not known) (tried 4 times)
  hint: is there a network, and does it need a proxy (HTTPS_PROXY)? else check the API URL

"#]],
    );
}

/// Side by side, since each takes all the pauses.
#[test]
fn a_free_call_is_tried_four_times_and_a_paid_one_once_unless_it_was_certainly_not_carried_out() {
    let failing: [(fn() -> Answer, _); 4] = [
        (
            || json(500, r#"{"message":"Internal error"}"#),
            str![[r#"
exit status: 6 the API failed (500): Internal error; trying again in [WAIT] s
the API failed (500): Internal error; trying again in [WAIT] s
the API failed (500): Internal error; trying again in [WAIT] s
error: GET /user at http://127.0.0.1:[PORT]: the API failed (500): Internal error (tried 4 times)
  hint: try again later
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: the API failed (500): Internal error; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
        ),
        (
            || json(429, "later"),
            str![[r#"
exit status: 5 too many requests (429): later; trying again in [WAIT] s
too many requests (429): later; trying again in [WAIT] s
too many requests (429): later; trying again in [WAIT] s
error: GET /user at http://127.0.0.1:[PORT]: too many requests (429): later (tried 4 times)
  hint: try again later
exit status: 5 POST /renders at http://127.0.0.1:[PORT]: too many requests (429): later; nothing was paid; trying again in [WAIT] s
POST /renders at http://127.0.0.1:[PORT]: too many requests (429): later; nothing was paid; trying again in [WAIT] s
POST /renders at http://127.0.0.1:[PORT]: too many requests (429): later; nothing was paid; trying again in [WAIT] s
error: POST /renders at http://127.0.0.1:[PORT]: too many requests (429): later
  hint: try again later

"#]],
        ),
        (
            || Answer::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"user\":".to_owned()),
            str![[r#"
exit status: 6 the connection broke before the answer was complete: end of file before message length reached; trying again in [WAIT] s
the connection broke before the answer was complete: end of file before message length reached; trying again in [WAIT] s
the connection broke before the answer was complete: end of file before message length reached; trying again in [WAIT] s
error: GET /user at http://127.0.0.1:[PORT]: the connection broke before the answer was complete: end of file before message length reached (tried 4 times)
  hint: try again later
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: the connection broke before the answer was complete: end of file before message length reached; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
        ),
        (
            || Answer::Bytes(String::new()),
            str![[r#"
exit status: 6 the connection broke before the answer was complete: connection closed before message completed; trying again in [WAIT] s
the connection broke before the answer was complete: connection closed before message completed; trying again in [WAIT] s
the connection broke before the answer was complete: connection closed before message completed; trying again in [WAIT] s
error: GET /user at http://127.0.0.1:[PORT]: the connection broke before the answer was complete: connection closed before message completed (tried 4 times)
  hint: try again later
exit status: 3 error: POST /renders at http://127.0.0.1:[PORT]: the connection broke before the answer was complete: connection closed before message completed; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]],
        ),
    ];
    std::thread::scope(|scope| {
        let running = failing.map(|(answer, expected)| (scope.spawn(move || both(answer)), expected));
        for (at, (running, expected)) in running.into_iter().enumerate() {
            let (said, free, paid) = running.join().expect("no panic");
            Home::new().compare_text(&said, expected);
            // 429 is a definite no: nothing was paid.
            let posts = if at == 1 { 4 } else { 1 };
            assert_eq!((free, paid), (4, posts), "{said}");
        }
    });
}

#[test]
fn a_free_call_succeeds_once_the_api_is_back() {
    let api = Api::answering({
        let calls = std::sync::atomic::AtomicUsize::new(0);
        move |_| match calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => json(503, ""),
            _ => json(200, r#"{"user":{"email":"a@b.example"}}"#),
        }
    });
    home_at(&api.url).check(
        "whoami",
        str![[r#"
exit 0
--- stdout
account        a@b.example
uid            unknown
staging        unknown
profile        default  (default)
API            http://127.0.0.1:[PORT]/v2  (environment)
API key        set  (environment)
webhook secret not set
--- stderr
the API failed (503); trying again in [WAIT] s

"#]],
    );
    assert_eq!(api.requests().len(), 2);
}

#[test]
fn an_api_that_says_nothing_is_given_up_on() {
    let api = Api::selling(|_| Answer::Silence);
    let home = home_at(&api.url).variable("VSAI_API_TIMEOUT", "200ms");
    home.check(CREATE, str![[r#"
exit 3
--- stdout
--- stderr
error: POST /renders at http://127.0.0.1:[PORT]: no complete answer within 0.2 s; it is unclear whether the render was made and paid for
  hint: it is not sent again on its own. Look once more: vsai render resolve job_[JOB]

"#]]);
    assert_eq!(api.posts().len(), 1);
    let home = home_at(&api.url).variable("VSAI_API_TIMEOUT", "soon");
    home.check(
        "whoami",
        str![[r#"
exit 2
--- stdout
--- stderr
error: VSAI_API_TIMEOUT is "soon": a duration looks like 500ms, 30s, 2m, 1h30m or 30d

"#]],
    );
}
