//! Webhooks beside polls: who brings what, and what holds when only one of the two works.

use serde_json::{Value, json};

use super::double::{GONE, lists, status};
use super::*;

const CAPACITY: usize = 16;

fn event(variation: &str, event_type: &str) -> Arc<Event> {
    event_of("rnd_1", variation, event_type)
}

fn event_of(render: &str, variation: &str, event_type: &str) -> Arc<Event> {
    let mut event = json!({
        "render_id": render, "variation_id": variation, "variation_type": "staging", "timestamp": 1, "event_type": event_type,
    });
    match event_type {
        "error" => event["error_message"] = json!("no room found"),
        _ => event["result"] = json!({"url": "https://r.example/of-webhook.jpg"}),
    }
    Arc::new(Event::typed(&event.to_string()))
}

impl Trial {
    /// Has these events come, each at its second.
    fn hearing_of(mut self, events: impl IntoIterator<Item = (f64, Arc<Event>)>) -> Self {
        let (sender, receiver) = broadcast::channel(CAPACITY);
        self.wanted.webhooks = Some(receiver);
        let events: Vec<_> = events.into_iter().collect();
        let begun = self.begun;
        tokio::spawn(async move {
            for (second, event) in events {
                sleep_until(begun + Duration::from_secs_f64(second)).await;
                let _ = sender.send(event);
            }
            // The listener goes on.
            sender.closed().await;
        });
        self
    }
}

fn links(waited: &Waited) -> Value {
    let items = waited.render.variations.iter().flat_map(|page| &page.items);
    items.map(|variation| json!(variation.results.first().and_then(|result| result.url.clone()))).collect()
}

/// Pending for long enough that rests are long.
fn slowly(then: &str) -> Vec<Answer> {
    [vec![lists("v1 rendering"); 13], vec![lists(then)]].concat()
}

#[tokio::test(start_paused = true)]
async fn a_webhook_has_the_render_read_at_once() {
    let outcome = Trial::new(slowly("v1 done")).hearing_of([(75.0, event("v1", "done"))]).run().await;
    assert_eq!(outcome.shown(), "settled: v1 done webhook");
    let after: Vec<_> = outcome.reads.iter().filter(|read| **read >= 75.0).collect();
    assert!(*after[0] <= 75.3 && outcome.seconds <= 76.5, "{:?}", outcome.reads);
    assert_eq!(outcome.waited.webhooks, Heard::Came);
    assert_eq!(links(&outcome.waited), json!(["https://r.example/v1.jpg"]), "the newest link");
    assert!(outcome.steps.contains(&"v1 done Webhook".to_owned()), "{:?}", outcome.steps);
}

#[tokio::test(start_paused = true)]
async fn the_set_is_read_all_the_same() {
    let script = [
        vec![lists("v1 rendering"), lists("v1 done")],
        vec![lists("v1 done, r1 removal rendering"); 2],
        vec![lists("v1 done, r1 removal done")],
    ];
    let outcome = Trial::new(script.concat()).hearing_of([(0.1, event("v1", "done"))]).run().await;
    assert_eq!(outcome.shown(), "settled: v1 done webhook, r1 done poll");
}

#[tokio::test(start_paused = true)]
async fn an_api_that_lags_behind_is_believed_about_the_set_and_webhooks_about_the_end() {
    let outcome = Trial::new([lists("v1 rendering, v2 rendering")])
        .hearing_of([(3.0, event("v1", "done")), (3.1, event("v2", "error"))])
        .run()
        .await;
    assert_eq!(outcome.shown(), "settled: v1 done webhook, v2 error webhook");
    let message = &outcome.waited.render.variations.as_ref().expect("listed").items[1].error_message;
    assert_eq!(message.as_deref(), Some("no room found"));
    assert_eq!(links(&outcome.waited), json!(["https://r.example/of-webhook.jpg", null]));
    // One that no read has listed yet is there all the same.
    let outcome = Trial::new([lists("v1 done")]).hearing_of([(0.1, event("v2", "done"))]).run().await;
    assert_eq!(outcome.shown(), "settled: v1 done poll, v2 done webhook");
}

#[tokio::test(start_paused = true)]
async fn a_link_that_only_the_webhook_has_is_taken() {
    let outcome = Trial::new([lists("v1 done-")]).hearing_of([(5.0, event("v1", "done"))]).run().await;
    assert_eq!(outcome.shown(), "settled: v1 done poll");
    assert_eq!(links(&outcome.waited), json!(["https://r.example/of-webhook.jpg"]));
    assert!(outcome.seconds < 8.0, "{}", outcome.seconds);
}

#[tokio::test(start_paused = true)]
async fn polls_go_on_where_no_webhook_comes() {
    let of_another = [(1.0, event_of("rnd_2", "v1", "done")), (2.0, Arc::new(Event::typed("{}")))];
    for events in [vec![], of_another.to_vec()] {
        let outcome =
            Trial::new([lists("v1 rendering"), lists("v1 rendering"), lists("v1 done")]).hearing_of(events).run().await;
        assert_eq!((outcome.shown().as_str(), outcome.waited.webhooks), ("settled: v1 done poll", Heard::Never));
    }
    let mut trial = Trial::new([lists("v1 rendering"), lists("v1 done")]);
    trial.wanted.webhooks = Some(broadcast::channel(1).1);
    assert_eq!(trial.run().await.shown(), "settled: v1 done poll", "the listener has ended");
    let outcome = Trial::new([lists("v1 done")]).run().await;
    assert_eq!(outcome.waited.webhooks, Heard::NotExpected);
}

#[tokio::test(start_paused = true)]
async fn events_that_were_missed_are_made_up_for_by_reading() {
    let mut trial = Trial::new(slowly("v1 done"));
    let (sender, receiver) = broadcast::channel(1);
    trial.wanted.webhooks = Some(receiver);
    let begun = trial.begun;
    tokio::spawn(async move {
        sleep_until(begun + Duration::from_secs(75)).await;
        for other in ["a", "b", "c"] {
            let _ = sender.send(event_of("rnd_2", other, "done"));
        }
        sender.closed().await;
    });
    let outcome = trial.run().await;
    assert!(outcome.seconds <= 77.0, "{}", outcome.seconds);
}

#[tokio::test(start_paused = true)]
async fn webhooks_alone_settle_what_the_api_cannot_be_asked_about() {
    let both = [(20.0, event("v1", "done")), (20.5, event("v2", "done"))];
    for (what, script, expected, settled) in [
        ("never read, all came", vec![GONE], Some(2), true),
        ("never read, one is missing", vec![GONE], Some(3), false),
        ("never read, nobody knows how many", vec![GONE], None, false),
        ("read once, all that was listed came", vec![lists("v1 queued, v2 queued"), GONE], None, true),
        ("read once, one is missing", vec![lists("v1 queued, v2 queued, v3 queued"), GONE], None, false),
        ("it does not answer", vec![Answer::Hangs(30)], Some(2), true),
    ] {
        let outcome = Trial::new(script).expecting(expected).within(120).hearing_of(both.clone()).run().await;
        let came = "v1 done webhook, v2 done webhook";
        if settled {
            assert_eq!(outcome.shown(), format!("settled: {came}"), "{what}");
            assert!((20.5..=60.0).contains(&outcome.seconds), "{what}: {}", outcome.seconds);
            assert!(links(&outcome.waited)[1].is_string(), "{what}");
        } else {
            assert!(outcome.shown().starts_with(&format!("timed out: {came}")), "{what}: {}", outcome.shown());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_is_no_reason_to_believe_webhooks_alone() {
    let script = [GONE, GONE, GONE, lists("v1 done, r1 removal done")];
    let outcome = Trial::new(script).expecting(1).hearing_of([(0.1, event("v1", "done"))]).run().await;
    assert_eq!(outcome.shown(), "settled: v1 done webhook, r1 done poll");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_does_not_break_the_silence_that_the_api_asks_for() {
    let busy = status(429, 40);
    let outcome =
        Trial::new([busy, lists("v1 done")]).expecting(1).hearing_of([(3.0, event("v1", "done"))]).run().await;
    assert!((40.0..=40.1).contains(&outcome.reads[1]), "{:?}", outcome.reads);
    assert_eq!(outcome.shown(), "settled: v1 done webhook");
}
