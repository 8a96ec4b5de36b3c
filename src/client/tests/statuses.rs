//! What each status means, and what of the server's words is shown.

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::protocol::Secret;

/// The error of one POST /renders, which must have been sent exactly once.
async fn paid(answer: ResponseTemplate) -> ClientError {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).expect(1).mount(&server).await;
    let error = api(&server.uri()).create_render(&render_body()).await.expect_err("refused");
    shows_no_key(&error);
    error
}

fn saying(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"message": message}))
}

#[tokio::test]
async fn each_status_has_its_own_failure_and_is_sent_once() {
    let m = |text: &str| text.to_owned();
    for (status, message, failure, unclear) in [
        (400, "Invalid request body", Failure::BadRequest { message: m("Invalid request body") }, false),
        (401, "Unauthorized", Failure::Unauthorized { message: m("Unauthorized") }, false),
        (402, "Pay", Failure::PaymentRequired { message: m("Pay") }, false),
        (403, "Photo limit reached", Failure::Forbidden { message: m("Photo limit reached"), quota: true }, false),
        (403, "No API plan", Failure::Forbidden { message: m("No API plan"), quota: false }, false),
        (404, "Render not found", Failure::NotFound { message: m("Render not found") }, false),
        (418, "Teapot", Failure::OtherStatus { status: 418, message: m("Teapot") }, false),
        (429, "Slow", Failure::TooManyRequests { message: m("Slow"), retry_after: None }, false),
        (500, "Oops", Failure::Server { status: 500, message: m("Oops"), retry_after: None }, true),
        (503, "", Failure::Server { status: 503, message: m(""), retry_after: None }, true),
        (599, "?", Failure::Server { status: 599, message: m("?"), retry_after: None }, true),
    ] {
        let error = paid(saying(status, message)).await;
        assert_eq!((&error.failure, error.outcome_unclear()), (&failure, unclear), "{status}");
        assert_eq!((error.operation.as_str(), error.attempts), ("POST /renders", 1));
    }
}

#[tokio::test]
async fn the_message_says_what_was_tried_where_and_what_went_wrong() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(saying(404, "Render not found")).mount(&server).await;
    let error = api(&server.uri()).get_render("a b", None).await.expect_err("refused");
    assert_eq!(error.to_string(), format!("GET /renders/a%20b at {}: not found (404): Render not found", server.uri()));
}

#[tokio::test]
async fn the_servers_words_are_found_wherever_it_puts_them() {
    for (body, message) in [
        (r#"{"message":"a"}"#, "a"),
        (r#"{"error":"b"}"#, "b"),
        (r#"{"error":{"code":7,"message":"c"}}"#, "c"),
        (r#"{"statusCode":400,"message":["d","e"],"error":"Bad Request"}"#, "d; e"),
        (r#"{"code":9}"#, r#"{"code":9}"#),
        ("plain\r\n text", "plain text"),
        ("\"quoted\"", "quoted"),
        ("<html><h1>502</h1>", "<html><h1>502</h1>"),
        ("", ""),
    ] {
        let error = paid(ResponseTemplate::new(400).set_body_string(body)).await;
        assert_eq!(error.failure, Failure::BadRequest { message: message.into() }, "{body}");
    }
}

#[tokio::test]
async fn the_servers_words_are_short_and_cannot_steer_the_terminal() {
    let hostile = format!("\u{1b}[31mred\u{202e}\u{9b}\n\n{}", "x".repeat(1 << 20));
    let Failure::BadRequest { message } = paid(saying(400, &hostile)).await.failure else { panic!("not a 400") };
    assert!(message.starts_with("{\"message\":\"\\u001b[31mred") || message.starts_with("[31mred x"), "{message}");
    assert!(message.chars().count() <= 301 && !message.contains(char::is_control), "{message}");
}

#[tokio::test]
async fn a_key_or_secret_that_the_server_repeats_is_not_shown() {
    paid(saying(401, &format!("no such key: {KEY}"))).await;
    paid(ResponseTemplate::new(200).set_body_raw(format!("<p>{KEY}</p>"), &format!("text/{KEY}"))).await;
    paid(ResponseTemplate::new(200).set_body_json(json!({"id": [KEY]}))).await;
    paid(ResponseTemplate::new(200).set_body_json(json!({"id": "r", "variations": KEY}))).await;
    paid(ResponseTemplate::new(302).insert_header("location", format!("https://{KEY}.example/"))).await;

    let secret = Secret::new("hunter2\"\\").expect("not empty");
    for body in [json!({"message": {"secret": secret.expose()}}), json!({"message": secret.expose()})] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(400).set_body_json(body)).mount(&server).await;
        let error = api(&server.uri()).set_webhook_secret("secret", &secret).await.expect_err("refused");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_success_that_is_no_json_is_an_unclear_outcome() {
    for (answer, message) in [
        (
            ResponseTemplate::new(200).set_body_raw("<!doctype html><title>Log in</title>", "text/html"),
            "answered 200 with text/html instead of JSON: <!doctype html><title>Log in</title>",
        ),
        (ResponseTemplate::new(201), "answered 201 with an empty body instead of JSON"),
        (
            ResponseTemplate::new(200).set_body_raw(r#"{"id":"r"#, "application/json"),
            "answered 200 with JSON that is not understood: EOF while parsing a string at line 1 column 8",
        ),
        (
            ResponseTemplate::new(200).set_body_json(json!({"render": 1})),
            "answered 200 with JSON that is not understood: missing field `id`",
        ),
    ] {
        let error = paid(answer).await;
        assert_eq!(error.failure.to_string(), message);
        assert!(error.outcome_unclear());
    }
}

#[tokio::test]
async fn a_redirect_is_named_and_never_followed() {
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&elsewhere).await;
    let other = elsewhere.uri();
    let host = other.strip_prefix("http://").expect("http");
    for (status, unclear) in [(301, false), (302, true), (303, true), (304, true), (307, false), (308, false)] {
        let error = paid(ResponseTemplate::new(status).insert_header("location", format!("{other}/v2/renders"))).await;
        assert_eq!(error.failure, Failure::Redirect { status, location: Some(host.into()) });
        assert_eq!(error.outcome_unclear(), unclear, "{status}");
    }
    let error = paid(ResponseTemplate::new(302)).await;
    assert_eq!(error.failure.to_string(), "a redirect (302), which is not followed");
}
