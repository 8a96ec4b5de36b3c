//! Faults: each as a client or a receiver meets it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::super::options::{FaultRates, Options};
use super::super::{SandboxEvent, run};
use super::bench::{Bench, KEY, Received, Receiver, at_once, staging};
use crate::protocol::{Secret, Signature, Verifier};

fn with_faults(faults: FaultRates) -> Options {
    Options { faults, ..at_once() }
}

fn verifies(received: &Received) -> bool {
    let verifier = Verifier::new(&[Secret::new("s3cret").expect("not empty")]);
    let signature = received.signature.as_deref().map(|text| Signature::parse(text).expect("well formed"));
    verifier.verify(received.body.as_bytes(), signature.expect("signed")).is_ok()
}

/// What a receiver gets of a render of ten, with a secret set.
async fn deliveries(faults: FaultRates, count: usize) -> Vec<Received> {
    let bench = Bench::new(with_faults(faults));
    bench.post("/user/webhook-secret", json!({ "secret": "s3cret" })).await;
    let receiver = Receiver::start(&[]).await;
    bench.rendered(json!({ "variation_count": 10, "webhook_url": &receiver.url })).await;
    receiver.wait_for(count).await
}

#[tokio::test]
async fn variations_fail_at_their_rate_and_the_same_ones_each_run() {
    async fn failed(seed: u64) -> Vec<bool> {
        let faults = FaultRates { fail: 0.4, ..FaultRates::default() };
        let bench = Bench::new(Options { seed, ..with_faults(faults) });
        let render = bench.rendered(json!({ "variation_count": 20 })).await;
        let items = render["variations"]["items"].as_array().expect("a list");
        items.iter().map(|one| one["status"] == "error").collect()
    }
    let first = failed(3).await;
    assert!(first.contains(&true) && first.contains(&false), "{first:?}");
    assert_eq!(first, failed(3).await);
    assert_ne!(first, failed(4).await);
}

#[tokio::test]
async fn ids_are_fresh_unless_their_seed_is_given_again() {
    async fn id(id_seed: u64) -> Value {
        Bench::new(Options { id_seed, ..at_once() }).rendered(json!({})).await["variations"]["items"][0]["id"].clone()
    }
    assert_eq!(id(1).await, id(1).await);
    assert_ne!(id(1).await, id(2).await);
}

#[tokio::test]
async fn a_duplicate_is_the_same_delivery_again() {
    let received = deliveries(FaultRates { duplicate: 1.0, ..FaultRates::default() }, 20).await;
    for one in &received {
        let same = received.iter().filter(|other| other.body == one.body && other.signature == one.signature).count();
        assert_eq!(same, 2);
    }
}

#[tokio::test]
async fn a_wrong_secret_signs_what_does_not_verify() {
    let all = deliveries(FaultRates { wrong_secret: 1.0, ..FaultRates::default() }, 10).await;
    assert!(!all.iter().any(verifies));
    let some = deliveries(FaultRates { wrong_secret: 0.5, ..FaultRates::default() }, 10).await;
    assert!(some.iter().any(verifies) && !some.iter().all(verifies));
}

#[tokio::test]
async fn a_tampered_delivery_is_json_that_does_not_verify() {
    // The receiver judges what comes; a changed byte may make a payload that is not described.
    let bench = Bench::new(with_faults(FaultRates { tamper: 1.0, ..FaultRates::default() }));
    bench.post("/user/webhook-secret", json!({ "secret": "s3cret" })).await;
    let receiver = Receiver::start(&[]).await;
    bench.rendered(json!({ "webhook_url": &receiver.url })).await;
    let received = receiver.wait_unjudged(1).await;
    assert!(!verifies(&received[0]));
    serde_json::from_str::<Value>(&received[0].body).expect("still JSON");
}

#[tokio::test]
async fn reordering_lets_every_second_webhook_overtake() {
    async fn order(reorder: bool) -> Vec<usize> {
        let mut options = with_faults(FaultRates { reorder, ..FaultRates::default() });
        options.pace.between = Duration::from_millis(60);
        let bench = Bench::new(options);
        let receiver = Receiver::start(&[]).await;
        let render = bench.rendered(json!({ "variation_count": 4, "webhook_url": &receiver.url })).await;
        let items = render["variations"]["items"].as_array().expect("a list");
        let received = receiver.wait_for(4).await;
        let place = |one: &Received| items.iter().position(|item| item["id"] == one.event()["variation_id"]);
        received.iter().map(|one| place(one).expect("listed")).collect()
    }
    assert_eq!(order(false).await, [0, 1, 2, 3]);
    assert_eq!(order(true).await, [1, 0, 3, 2]);
}

#[tokio::test]
async fn late_webhooks_come_after_the_api_says_done() {
    let bench = Bench::new(with_faults(FaultRates { late: Duration::from_millis(300), ..FaultRates::default() }));
    let receiver = Receiver::start(&[]).await;
    let before = std::time::Instant::now();
    bench.rendered(json!({ "webhook_url": &receiver.url })).await;
    assert!(!bench.told().iter().any(|event| matches!(event, SandboxEvent::Webhook { .. })), "done, and not told yet");
    receiver.wait_for(1).await;
    assert!(before.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_500_comes_before_or_after_the_effect() {
    let faults = FaultRates { http_500: 1.0, ..FaultRates::default() };
    let bench = Bench::new(with_faults(faults));
    for _ in 0..12 {
        let (status, answer) = bench.post("/renders", staging(json!({}))).await;
        assert_eq!((status, &answer["message"]), (500, &json!("Internal server error")));
    }
    let created = bench.sandbox.accounts().renders_made;
    assert!((1..12).contains(&created), "{created} of 12 were created");
}

/// A sandbox on a socket; it ends when the sender is dropped.
async fn on_a_socket(bench: &Bench) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(run(listener, bench.sandbox.clone(), async {
        let _ = stopped.await;
    }));
    (address, stop, server)
}

/// All that comes until the connection is closed.
async fn exchanged(address: SocketAddr, method_and_path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let request = format!(
        "{method_and_path} HTTP/1.1\r\nHost: x\r\nAuthorization: Api-Key {KEY}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("written");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_cut_comes_before_or_after_the_effect_or_within_the_answer() {
    let bench = Bench::new(with_faults(FaultRates { cut: 1.0, ..FaultRates::default() }));
    let (address, _stop, _server) = on_a_socket(&bench).await;
    let mut seen = [0; 3];
    for _ in 0..24 {
        let made = bench.sandbox.accounts().renders_made;
        let answer = exchanged(address, "POST /v2/renders", &staging(json!({})).to_string()).await;
        let is_made = bench.sandbox.accounts().renders_made > made;
        let kind = match (is_made, answer.split_once("\r\n\r\n")) {
            (false, None) => 0,
            (true, None) => 1,
            (made, Some((head, body))) => {
                assert!(made && head.starts_with("HTTP/1.1 201"), "{answer}");
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
                assert!(body.starts_with("{\"") && Some(body.len()) < length, "{answer}");
                2
            }
        };
        seen[kind] += 1;
    }
    assert!(seen.iter().all(|times| *times > 2), "{seen:?}");
    let said = |what: &str| {
        let is_it = |event: &&SandboxEvent| matches!(event, SandboxEvent::Fault { fault: "cut", subject } if subject.starts_with(what));
        bench.told().iter().filter(is_it).count()
    };
    assert_eq!(["before ", "after ", "within "].map(said), seen);
    assert!(!bench.told().iter().any(|event| matches!(event, SandboxEvent::Request { .. })), "nobody read an answer");
}

#[tokio::test]
async fn a_429_says_when_to_come_again_and_has_no_effect() {
    let bench = Bench::new(with_faults(FaultRates { http_429: 1.0, ..FaultRates::default() }));
    let request = Request::post("/v2/renders").header("authorization", format!("Api-Key {KEY}"));
    let (status, headers, _) = bench.exchange(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((status.as_u16(), headers["retry-after"].as_bytes()), (429, &b"1"[..]));
    assert_eq!(bench.sandbox.accounts().renders_made, 0);
}

#[tokio::test]
async fn a_slow_answer_comes_after_the_effect() {
    let bench = Bench::new(with_faults(FaultRates { slow: Duration::from_secs(3600), ..FaultRates::default() }));
    let made = bench.sandbox.until(|accounts| (accounts.renders_made > 0).then_some(()));
    tokio::select! {
        biased;
        answer = bench.post("/renders", staging(json!({}))) => panic!("answered: {answer:?}"),
        () = made => {}
    }
}

#[tokio::test]
async fn variations_vanish_and_the_others_are_done() {
    let bench = Bench::new(with_faults(FaultRates { vanish: 0.4, ..FaultRates::default() }));
    let receiver = Receiver::start(&[]).await;
    let render = bench.rendered(json!({ "variation_count": 20, "webhook_url": &receiver.url })).await;
    let items = render["variations"]["items"].as_array().expect("a list");
    assert!((1..20).contains(&items.len()) && items.iter().all(|one| one["status"] == "done"), "{render}");
    let vanished =
        bench.told().iter().filter(|event| matches!(event, SandboxEvent::Fault { fault: "vanish", .. })).count();
    assert_eq!((items.len() + vanished, receiver.wait_for(items.len()).await.len()), (20, items.len()));
}

#[tokio::test]
async fn a_late_removal_is_listed_when_all_that_was_listed_is_done() {
    let late_removal = Some(Duration::from_millis(300));
    let bench = Bench::new(with_faults(FaultRates { late_removal, ..FaultRates::default() }));
    let config = json!({
        "type": "staging",
        "add_furniture": { "room_type": "living", "style": "modern" },
        "remove_furniture": { "mode": "on" },
    });
    let before = std::time::Instant::now();
    let render = bench.rendered(json!({ "config": config, "variation_count": 3 })).await;
    assert_eq!(render["variations"]["items"].as_array().map(Vec::len), Some(3));
    let all = bench.until_variations(&render, |all| all.len() == 4 && all[3]["status"] == "done").await;
    assert_eq!((&all[3]["type"], before.elapsed() >= Duration::from_millis(300)), (&json!("removal"), true));
}

#[tokio::test]
async fn a_late_link_is_missing_from_what_is_done() {
    let bench = Bench::new(with_faults(FaultRates { link_late: Duration::from_secs(9), ..FaultRates::default() }));
    let receiver = Receiver::start(&[]).await;
    let render = bench.rendered(json!({ "webhook_url": &receiver.url })).await;
    let path = format!(
        "/renders/{}/variations/{}",
        render["id"].as_str().unwrap_or_default(),
        render["variations"]["items"][0]["id"].as_str().unwrap_or_default()
    );
    for (passed, has_links) in [(0, false), (8_999, false), (1, true)] {
        bench.clock.fetch_add(passed, std::sync::atomic::Ordering::Relaxed);
        let (_, variation) = bench.get(&path).await;
        assert_eq!((&variation["status"], variation["result"]["url"].is_string()), (&json!("done"), has_links));
    }
    assert!(receiver.wait_for(1).await[0].event()["result"]["url"].is_string(), "the webhook has them");
}

#[tokio::test]
async fn polls_do_not_change_which_create_is_struck() {
    async fn struck(polls: usize) -> Vec<u16> {
        let faults = FaultRates { http_500: 0.5, ..FaultRates::default() };
        let bench = Bench::new(with_faults(faults));
        let mut statuses = Vec::new();
        for _ in 0..8 {
            for _ in 0..polls {
                bench.get("/renders").await;
            }
            statuses.push(bench.post("/renders", staging(json!({}))).await.0);
        }
        statuses
    }
    assert_eq!(struck(0).await, struck(3).await);
}

#[tokio::test]
async fn a_request_that_hangs_is_cut_when_the_sandbox_stops() {
    let bench = Bench::new(with_faults(FaultRates { hang: 1.0, ..FaultRates::default() }));
    let (address, stop, server) = on_a_socket(&bench).await;
    let answer = tokio::spawn(async move { exchanged(address, "GET /v2/user", "").await });
    bench.until_told(|events| events.iter().any(|event| matches!(event, SandboxEvent::Fault { .. }))).await;
    stop.send(()).expect("running");
    assert_eq!(answer.await.expect("no panic"), "", "no answer at all");
    tokio::time::timeout(Duration::from_secs(10), server).await.expect("in time").expect("no panic");
}

#[tokio::test]
async fn faults_leave_the_pictures_alone() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({})).await;
    let link = render["variations"]["items"][0]["result"]["thumbnail_url"].clone();
    let struck = Bench::new(with_faults(FaultRates { http_500: 1.0, ..FaultRates::default() }));
    assert_eq!(struck.fetch(&link).await.0, StatusCode::NOT_FOUND, "the link is good, the render is not there");
}
