//! Free calls are tried again within bounds; paid ones never.

use tokio::sync::mpsc;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::wire::{Reply, Wire};
use super::*;
use crate::protocol::Secret;

async fn server_with(answers: impl IntoIterator<Item = (ResponseTemplate, u64)>) -> MockServer {
    let server = MockServer::start().await;
    for (answer, times) in answers {
        Mock::given(any()).respond_with(answer).up_to_n_times(times).expect(times).mount(&server).await;
    }
    server
}

#[tokio::test]
async fn a_free_call_is_tried_four_times() {
    for status in [429, 500, 502, 503, 504] {
        let server = server_with([(ResponseTemplate::new(status), 4)]).await;
        let mut options = options(&server.uri());
        let waits = recording_waits(&mut options);
        let error = Api::new(options).expect("an API").account().await.expect_err("failed");
        assert_eq!((error.attempts, waits.lock().expect("not poisoned").len()), (4, 3), "{status}");
        assert!(error.to_string().ends_with("(tried 4 times)"), "{error}");
    }
}

#[tokio::test]
async fn a_free_call_succeeds_once_the_api_does() {
    let user = ResponseTemplate::new(200).set_body_json(json!({"user": {"uid": "u1"}}));
    let server = server_with([(ResponseTemplate::new(503), 2), (user, 1)]).await;
    let account = api(&server.uri()).account().await.expect("an account");
    assert_eq!(account.user.uid.as_deref(), Some("u1"));
}

#[tokio::test]
async fn a_definite_no_is_not_asked_twice() {
    for status in [302, 400, 401, 402, 403, 404, 418] {
        let server = server_with([(ResponseTemplate::new(status), 1)]).await;
        let error = api(&server.uri()).delete_webhook_secret().await.expect_err("refused");
        assert_eq!(error.attempts, 1, "{status}");
    }
}

#[tokio::test]
async fn waits_double_and_stay_below_the_longest() {
    let server = server_with([(ResponseTemplate::new(500), 6)]).await;
    let mut options = options(&server.uri());
    options.retries =
        Retries { count: 5, first_wait: Duration::from_millis(1), longest_wait: Duration::from_millis(5) };
    let waits = recording_waits(&mut options);
    Api::new(options).expect("an API").status().await.expect_err("failed");
    let waits: Vec<_> = waits.lock().expect("not poisoned").iter().map(|(_, wait)| wait.as_micros()).collect();
    for (wait, bounds) in waits.iter().zip([1000..=2000, 2000..=4000, 4000..=5000, 5000..=5000, 5000..=5000]) {
        assert!(bounds.contains(wait), "{waits:?}");
    }
    assert_eq!(waits.len(), 5);
}

/// The first wait that a call announces; the call is given up then, so that nothing is waited for.
async fn first_wait(answer: ResponseTemplate) -> Duration {
    let server = server_with([(answer, 1)]).await;
    let (told, mut hears) = mpsc::unbounded_channel();
    let mut options = options(&server.uri());
    options.now = || "2026-10-21T07:28:00Z".parse().expect("a timestamp");
    options.on_retry = Box::new(move |_, wait| told.send(wait).expect("somebody listens"));
    let api = Api::new(options).expect("an API");
    tokio::select! {
        biased;
        wait = hears.recv() => wait.expect("a wait"),
        result = api.account() => panic!("it did not wait: {result:?}"),
    }
}

#[tokio::test]
async fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let after = |value: &str| ResponseTemplate::new(429).insert_header("retry-after", value);
    let dated = |date: &str, value: &str| after(value).insert_header("date", date);
    for (answer, seconds) in [
        (after("17"), 17),
        (ResponseTemplate::new(503).insert_header("retry-after", "5"), 5),
        (dated("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:21 GMT"), 21),
        (dated("nonsense", "Wed, 21 Oct 2026 07:28:09 GMT"), 9),
    ] {
        assert_eq!(first_wait(answer).await, Duration::from_secs(seconds));
    }
    for answer in [after("soon"), after("-3"), dated("nonsense", "Wed, 21 Oct 2020 07:28:00 GMT"), after("0")] {
        assert!(first_wait(answer).await < Duration::from_millis(3));
    }
}

#[tokio::test]
async fn a_server_that_asks_for_too_long_a_wait_is_not_waited_for() {
    for (status, value) in [(429, "3600"), (503, "31"), (429, "18446744073709551615")] {
        let server = server_with([(ResponseTemplate::new(status).insert_header("retry-after", value), 1)]).await;
        let api = api(&server.uri());
        let answer = tokio::time::timeout(Duration::from_secs(20), api.account()).await.expect("no wait");
        let error = answer.expect_err("gave up");
        assert_eq!(error.failure.retry_after(), Some(Duration::from_secs(value.parse().expect("seconds"))));
        assert!(error.to_string().contains("; it asks to wait "), "{error}");
    }
}

#[tokio::test]
async fn a_later_definite_no_does_not_undo_an_unclear_attempt() {
    let secret = Secret::new("s").expect("not empty");
    let wire = Wire::start([Reply::cut(""), Reply::whole("400 Bad Request", "", "no")]).await;
    let error = api(&wire.url()).set_webhook_secret("secret", &secret).await.expect_err("refused");
    assert_eq!(error.failure, Failure::BadRequest { message: "no".into() });
    assert!(error.outcome_unclear());

    let wire =
        Wire::start([Reply::whole("429 Too Many Requests", "", ""), Reply::whole("400 Bad Request", "", "no")]).await;
    let error = api(&wire.url()).set_webhook_secret("secret", &secret).await.expect_err("refused");
    assert!(!error.outcome_unclear() && error.attempts == 2);
}

#[tokio::test]
async fn a_poll_is_one_attempt() {
    let server = server_with([(ResponseTemplate::new(503), 1)]).await;
    let error = api(&server.uri()).poll_render("r", &PageQuery::default()).await.expect_err("failed");
    assert_eq!(error.attempts, 1);
}
