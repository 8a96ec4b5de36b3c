//! Broken wires: each ends in its own failure, in bounded time, and a paid request is never sent again.

use reqwest::dns::{Name, Resolve, Resolving};
use tokio::net::TcpListener;

use super::super::wire::while_sending;
use super::wire::{Reply, Wire};
use super::*;
use crate::http_client;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/// Far more than any answer here takes on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// What POST /renders and GET /user come to on a wire with this one reply, and how often each was sent.
async fn on_a_wire(reply: Reply, timeout: Duration) -> [(ClientError, usize); 2] {
    let api_on = |wire: &Wire| {
        let options = Options { timeout, paid_timeout: timeout, max_answer: 1 << 20, ..options(&wire.url()) };
        Api::new(options).expect("an API")
    };
    let wire = Wire::start([reply.clone()]).await;
    let paid = api_on(&wire).create_render(&render_body()).await.expect_err("failed");
    let paid = (paid, wire.received().len());
    let wire = Wire::start([reply]).await;
    let free = api_on(&wire).account().await.expect_err("failed");
    let free = (free, wire.received().len());
    shows_no_key(&paid.0);
    shows_no_key(&free.0);
    [paid, free]
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_a_paid_call_unclear_and_is_not_tried_again() {
    for reply in [
        Reply::cut(""),
        Reply::cut("HTTP/1.1 200"),
        Reply::cut(HEAD),
        Reply::cut(format!("{HEAD}content-length: 100\r\n\r\n{{\"id\"")),
        Reply::cut(format!("{HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{{\"id\"\r\n")),
        Reply::cut("SSH-2.0-OpenSSH_9.2\r\n"),
        Reply::cut([0xff; 100]),
    ] {
        let [(paid, sent), (free, tried)] = on_a_wire(reply, LONG).await;
        assert!(matches!(&paid.failure, Failure::Broken { detail } if !detail.is_empty()), "{paid:?}");
        assert!(paid.outcome_unclear());
        assert_eq!((sent, paid.attempts), (1, 1), "{paid}");
        assert_eq!((tried, free.attempts), (4, 4), "{free}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_leaves_a_paid_call_unclear_and_is_not_tried_again() {
    let after = Duration::from_millis(100);
    for reply in [
        Reply::hang(""),
        Reply::hang("HTTP/1.1 200 OK\r\ncontent"),
        Reply::hang(format!("{HEAD}content-length: 100\r\n\r\n{{\"id\"")),
    ] {
        let [(paid, sent), (free, tried)] = on_a_wire(reply, after).await;
        assert_eq!((&paid.failure, sent), (&Failure::Timeout { after }, 1));
        assert!(paid.outcome_unclear());
        assert_eq!((&free.failure, tried), (&Failure::Timeout { after }, 4));
        assert!(free.to_string().ends_with("no complete answer within 0.1 s (tried 4 times)"), "{free}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_not_read_to_its_end() {
    let endless = format!("{HEAD}content-length: {}\r\n\r\n{}", u32::MAX, " ".repeat(2 << 20));
    let [(paid, sent), (free, tried)] = on_a_wire(Reply::hang(endless), LONG).await;
    assert_eq!((&paid.failure, sent), (&Failure::TooLarge { limit: 1 << 20 }, 1));
    assert!(paid.outcome_unclear());
    assert_eq!((&free.failure, tried), (&Failure::TooLarge { limit: 1 << 20 }, 1));
}

#[tokio::test]
async fn a_refusal_whose_body_is_cut_is_still_a_refusal() {
    let [(paid, _), (free, _)] = on_a_wire(Reply::cut("HTTP/1.1 401 No\r\ncontent-length: 9\r\n\r\nBad"), LONG).await;
    assert_eq!(paid.failure, Failure::Unauthorized { message: "Bad".into() });
    assert!(!paid.outcome_unclear() && !free.outcome_unclear());
}

#[tokio::test]
async fn a_refused_connection_is_a_definite_no() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/v2", listener.local_addr().expect("an address"));
    drop(listener);
    let error = api(&url).create_render(&render_body()).await.expect_err("refused");
    assert_eq!((&error.failure, error.attempts), (&Failure::Connect(ConnectFailure::Refused), 1));
    assert!(!error.outcome_unclear());
    let error = api(&url).status().await.expect_err("refused");
    assert_eq!((error.attempts, error.outcome_unclear()), (4, false));
}

/// A resolver without a network.
struct KnowsNobody;

impl Resolve for KnowsNobody {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err("Name or service not known".into()) })
    }
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_a_definite_no() {
    let client = http_client::builder().dns_resolver(KnowsNobody).build().expect("a client");
    let error = client.post("http://api.vsai.invalid/v2/renders").send().await.expect_err("no such name");
    let failure = while_sending(&error, LONG, LONG, None);
    assert_eq!(failure, Failure::Connect(ConnectFailure::Dns("Name or service not known".into())));
    assert!(!failure.outcome_unclear());
}

#[tokio::test]
async fn a_name_that_cannot_be_is_a_definite_no() {
    let error = api("https://a..invalid/v2").create_render(&render_body()).await.expect_err("no such name");
    assert!(matches!(error.failure, Failure::Connect(_)) && !error.outcome_unclear(), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_in_time_is_a_definite_no() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}/v2", silent.local_addr().expect("an address"));
    let after = Duration::from_millis(100);
    let api = Api::new(Options { connect_timeout: after, ..options(&url) }).expect("an API");
    let error = api.create_render(&render_body()).await.expect_err("no TLS");
    assert_eq!(error.failure, Failure::Connect(ConnectFailure::TimedOut { after }));
    assert!(!error.outcome_unclear());
}

#[tokio::test]
async fn a_paid_call_never_uses_a_connection_that_was_used_before() {
    let wire = Wire::start([Reply::whole("200 OK", "", r#"{"id":"r"}"#)]).await;
    let api = api(&wire.url());
    api.get_render("r", None).await.expect("read");
    api.get_render("r", None).await.expect("read");
    api.create_render(&render_body()).await.expect("paid");
    api.create_render(&render_body()).await.expect("paid");
    api.get_render("r", None).await.expect("read");
    let received = wire.received();
    let requests_on = |connection| received.iter().filter(|request| request.connection == connection).count();
    let posts: Vec<_> = received.iter().filter(|request| request.text.starts_with("POST")).collect();
    assert_eq!(posts.len(), 2);
    assert!(posts.iter().all(|post| requests_on(post.connection) == 1), "{received:?}");
}

#[tokio::test]
async fn each_piece_of_an_upload_is_told_and_all_of_it_arrives() {
    let wire = Wire::start([Reply::whole("200 OK", "", r#"{"id":"r"}"#)]).await;
    let body = format!(r#"{{"image_url":"{}"}}"#, "x".repeat(150_000));
    let pieces = Arc::new(Mutex::new(Vec::new()));
    let told = pieces.clone();
    let upload =
        Upload::told(body.clone().into(), Arc::new(move |bytes| told.lock().expect("not poisoned").push(bytes)));
    api(&wire.url()).create_render(&upload).await.expect("paid");
    assert_eq!(*pieces.lock().expect("not poisoned"), [65_536, 65_536, 18_944]);
    let received = wire.received().remove(0).text;
    assert!(received.ends_with(&body) && received.contains("content-length: 150016\r\n"), "{:.300}", received);
}

#[tokio::test]
async fn a_connection_that_dies_under_a_paid_call_does_not_send_it_again() {
    let wire = Wire::start([Reply::whole("200 OK", "", r#"{"id":"r"}"#), Reply::cut("")]).await;
    let api = api(&wire.url());
    api.get_render("r", None).await.expect("read");
    let error = api.create_render(&render_body()).await.expect_err("cut");
    assert!(matches!(error.failure, Failure::Broken { .. }) && error.outcome_unclear(), "{error:?}");
    let posts = wire.received().iter().filter(|request| request.text.starts_with("POST")).count();
    assert_eq!(posts, 1);
}
