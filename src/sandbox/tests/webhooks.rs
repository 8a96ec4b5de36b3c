//! Webhooks as a receiver on a real socket sees them.

use serde_json::json;

use super::super::SandboxEvent;
use super::bench::{Bench, KEY, Received, Receiver, at_once, small_room, staging};
use crate::protocol::{Matched, Secret, Signature, Verifier};

async fn with_secret(bench: &Bench, secret: &str) -> Verifier {
    assert_eq!(bench.post("/user/webhook-secret", json!({ "secret": secret })).await.0, 200);
    Verifier::new(&[Secret::new(secret).expect("not empty")])
}

fn matched(verifier: &Verifier, received: &Received) -> Option<Matched> {
    let signature = Signature::parse(received.signature.as_deref()?).ok()?;
    verifier.verify(received.body.as_bytes(), signature).ok().map(|verified| verified.matched())
}

#[tokio::test]
async fn each_variation_is_told_once_signed_and_in_canonical_form() {
    let bench = Bench::new(at_once());
    let verifier = with_secret(&bench, "s3cret").await;
    let receiver = Receiver::start(&[]).await;
    let url = format!("{}?order=7&x=a%20b", receiver.url);
    let config = json!({
        "type": "staging",
        "add_furniture": { "room_type": "living", "style": "modern" },
        "remove_furniture": { "mode": "on" },
    });
    let request =
        staging(json!({ "config": config, "image_url": small_room(), "variation_count": 2, "webhook_url": url }));
    let (_, render) = bench.post("/renders", request).await;
    let received = receiver.wait_for(3).await;
    let mut kinds: Vec<_> = received.iter().map(|one| one.event()["variation_type"].to_string()).collect();
    kinds.sort();
    assert_eq!(kinds, ["\"removal\"", "\"staging\"", "\"staging\""]);
    let removal = received.iter().map(Received::event).find(|event| event["variation_type"] == "removal");
    let removal = removal.expect("a removal");
    for one in &received {
        assert_eq!(matched(&verifier, one), Some(Matched::Both), "{}", one.body);
        assert_eq!(one.target, "/hook?order=7&x=a%20b");
        let event = one.event();
        assert_eq!((&event["event_type"], &event["render_id"]), (&json!("done"), &render["id"]));
        assert_eq!(bench.fetch(&event["result"]["thumbnail_url"]).await.0, 200);
        let base = event.get("base_variation_id");
        assert_eq!(base, (event["variation_type"] == "staging").then_some(&removal["variation_id"]));
    }
}

#[tokio::test]
async fn without_a_secret_nothing_is_signed() {
    let bench = Bench::new(at_once());
    with_secret(&bench, "s3cret").await;
    bench.call_as(KEY, "DELETE", "/user/webhook-secret", None).await;
    let receiver = Receiver::start(&[]).await;
    bench.rendered(json!({ "webhook_url": &receiver.url })).await;
    assert_eq!(receiver.wait_for(1).await[0].signature, None);
}

#[tokio::test]
async fn a_webhook_is_tried_until_exactly_200_at_most_four_times() {
    let bench = Bench::new(at_once());
    for (answers, tries) in [(&[500, 204, 200][..], 3), (&[503, 503, 503, 503, 503], 4)] {
        let receiver = Receiver::start(answers).await;
        let render = bench.rendered(json!({ "webhook_url": &receiver.url })).await;
        let id = render["variations"]["items"][0]["id"].as_str().expect("an id").to_owned();
        let numbers = |events: &[SandboxEvent]| -> Vec<(u32, u16)> {
            let mut numbers = Vec::new();
            for event in events {
                match event {
                    SandboxEvent::Webhook { id: told, attempt, .. } if *told == id => {
                        let status = attempt.outcome.as_ref().expect("an answer").status.as_u16();
                        numbers.push((attempt.number, status));
                    }
                    _ => {}
                }
            }
            numbers
        };
        let told = bench.until_told(|events| numbers(events).len() == tries).await;
        assert_eq!(numbers(&told), (1..).zip(answers.iter().copied()).take(tries).collect::<Vec<_>>());
        let bodies: Vec<String> = receiver.wait_for(tries).await.into_iter().map(|one| one.body).collect();
        assert!(bodies.iter().all(|body| *body == bodies[0]), "the same bytes each time");
    }
}

#[tokio::test]
async fn failures_are_told_as_errors() {
    let bench = Bench::new(at_once());
    let receiver = Receiver::start(&[]).await;
    bench.rendered(json!({ "image_url": "data:image/png;base64,AAAA", "webhook_url": &receiver.url })).await;
    let event = receiver.wait_for(1).await[0].event();
    assert_eq!((&event["event_type"], event.get("result")), (&json!("error"), None));
}

#[tokio::test]
async fn an_analysis_with_a_webhook_is_queued_and_told() {
    let bench = Bench::new(at_once());
    let verifier = with_secret(&bench, "s3cret").await;
    let receiver = Receiver::start(&[]).await;
    for (n, (url, event_type)) in
        [(small_room(), "analysis_completion"), ("data:image/png;base64,AAAA".to_owned(), "analysis_error")]
            .into_iter()
            .enumerate()
    {
        let request = json!({ "image_url": url, "webhook_url": &receiver.url });
        let (_, analysis) = bench.post("/analyze", request).await;
        assert_eq!(analysis["status"], "queued");
        let received = receiver.wait_for(n + 1).await;
        assert_eq!(matched(&verifier, &received[n]), Some(Matched::Both));
        assert_eq!(received[n].event()["event_type"], event_type);
        assert_eq!(received[n].event()["analysis_id"], analysis["id"]);
    }
}

#[tokio::test]
async fn nothing_is_sent_to_another_machine() {
    let bench = Bench::new(at_once());
    bench.rendered(json!({ "webhook_url": "http://192.0.2.1/hook" })).await;
    let told = bench.until_told(|events| events.iter().any(|event| matches!(event, SandboxEvent::WebhookKept { .. })));
    assert!(!told.await.iter().any(|event| matches!(event, SandboxEvent::Webhook { .. })));
}
