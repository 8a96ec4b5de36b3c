//! What is verified and what is refused, and in which words.

use serde_json::{Value, json};

use crate::home::Home;
use crate::listening::of_kind;
use crate::sender::{DOCUMENTED, DOCUMENTED_SIGNATURE, Post, SECRET, Wire, done, signature};

/// Sends one delivery and returns its answer's status and the one record that tells of it.
fn verdict(post: &Post) -> (u16, Value) {
    let home = Home::new();
    let listening = home.listen("--json");
    let answer = post.send(listening.address);
    let (_, mut records) = listening.interrupt_with_records();
    records.retain(|record| matches!(record["kind"].as_str(), Some("event" | "unverified")));
    assert_eq!(records.len(), 1, "{records:?}");
    (answer.status, records.remove(0))
}

#[test]
fn the_documented_delivery_is_an_event_with_all_that_is_known_of_it() {
    let post = Post::with(DOCUMENTED, DOCUMENTED_SIGNATURE)
        .line("POST /?job=7&x=%20 HTTP/1.1")
        .header("Cookie", "session=hunter2")
        .header("Authorization", "Bearer hunter2")
        .header("Proxy-Authorization", "Basic hunter2");
    let (status, event) = verdict(&post);
    assert_eq!(status, 200);
    let id = event["id"].as_str().expect("an id");
    assert!(id.starts_with("evt_") && id.len() == 24, "{id}");
    for (member, value) in [
        ("kind", json!("event")),
        ("schema", json!("vsai.event/1")),
        ("delivery", json!(format!("{id}.1"))),
        ("matched", json!("both")),
        ("secret", json!("282fdcd7")),
        ("duplicate", json!(false)),
        ("target", json!("/?job=7&x=%20")),
        ("event_type", json!("done")),
        ("render_id", json!("rnd_abc123")),
        ("variation_id", json!("var_xyz789")),
        ("payload", json!(DOCUMENTED)),
        ("body", serde_json::from_str(DOCUMENTED).expect("JSON")),
    ] {
        assert_eq!(event[member], value, "{member}");
    }
    let header = |name: &str| {
        let headers = event["headers"].as_array().expect("a list");
        headers.iter().find(|header| header[0] == name).unwrap_or_else(|| panic!("no {name}"))[1].clone()
    };
    assert_eq!(header("x-vsai-signature"), DOCUMENTED_SIGNATURE);
    assert_eq!(header("content-type"), "application/json");
    for confidential in ["cookie", "authorization", "proxy-authorization"] {
        assert_eq!(header(confidential), "[redacted]");
    }
}

#[test]
fn only_exactly_one_lower_case_signature_of_these_bytes_is_taken() {
    let home = Home::new();
    let listening = home.listen("--json");
    let (body, good) = (done("r", "v"), signature(SECRET, done("r", "v")));
    let with = |signature: &str| Post::with(body.clone(), signature);
    let refusals = [
        (Post::unsigned(body.clone()), "no X-VSAI-Signature header"),
        (with(""), "malformed"),
        (with(&signature("other-secret", &body)), "signature mismatch"),
        (with(&"0".repeat(64)), "signature mismatch"),
        (with(&good.to_uppercase()), "a signature is 64 lower-case hex digits"),
        (with(&format!("sha256={good}")), "a signature is 64 lower-case hex digits"),
        (with(&format!("\"{good}\"")), "malformed"),
        (with(&good[1..]), "malformed"),
        (with(&format!("{good}0")), "malformed"),
        (Post::with(body.clone(), b"\xff".repeat(64)), "malformed"),
        (with(&format!("{good}, {good}")), "malformed"),
        (with(&format!("{good},{good}")), "malformed"),
        (with(&good).header("X-VSAI-Signature", good.as_str()), "2 X-VSAI-Signature headers instead of one"),
        (Post::with("not JSON", good.as_str()), "signature mismatch (not JSON"),
        (Post::with(format!("{body} trailing"), good.as_str()), "signature mismatch (not JSON"),
    ];
    for (post, reason) in &refusals {
        let answer = post.send(listening.address);
        assert_eq!(answer.status, 401, "{reason}: {answer:?}");
        assert!(answer.body.contains(reason), "{:?} for {reason:?}", answer.body);
    }
    let spaced = with(&format!(" \t{good}\t ")).send(listening.address);
    assert_eq!(spaced.status, 200, "outer spaces are no part of a header's value");
    let (code, records) = listening.interrupt_with_records();
    assert_eq!((code, of_kind(&records, "event").len()), (Some(130), 1));
    let unverified = of_kind(&records, "unverified");
    assert_eq!(unverified.len(), refusals.len());
    for (record, (_, reason)) in unverified.iter().zip(&refusals) {
        assert!(record["answered"] == 401 && record["reason"].as_str().expect("a text").contains(reason), "{record}");
    }
}

#[test]
fn one_flipped_bit_anywhere_in_body_or_signature_is_refused() {
    let home = Home::new();
    let listening = home.listen("--json");
    let (body, good) = (done("r", "v").into_bytes(), signature(SECRET, done("r", "v")).into_bytes());
    let flipped = |bytes: &[u8], bit: usize| {
        let mut bytes = bytes.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    };
    let bodies = (0..body.len() * 8).map(|bit| Post::with(flipped(&body, bit), good.clone()));
    // With a control character in a header it is no HTTP request any more.
    let is_header = |header: &Vec<u8>| header.iter().all(|byte| (0x20..0x7f).contains(byte));
    let headers = (0..good.len() * 8).map(|bit| flipped(&good, bit)).filter(is_header);
    let posts: Vec<Post> = bodies.chain(headers.map(|header| Post::with(body.clone(), header))).collect();
    assert!(posts.len() > 2_000);
    let mut wire = Wire::open(listening.address);
    for post in &posts {
        wire.write(&post.bytes());
        let status = wire.answer().expect("an answer").status;
        assert!(matches!(status, 401 | 415), "{status} for {}", String::from_utf8_lossy(&post.bytes()));
    }
    wire.write(&Post::with(body, good).bytes());
    assert_eq!(wire.answer().expect("an answer").status, 200, "the whole one, on the same connection");
    let (_, records) = listening.interrupt_with_records();
    assert_eq!(of_kind(&records, "event").len(), 1);
    assert_eq!(of_kind(&records, "summary")[0]["unverified"], posts.len());
}

#[test]
fn where_only_the_canonical_form_was_signed_its_bytes_go_on() {
    let canonical = r#"{"2":0,"a":2,"event_type":"new","n":null}"#;
    let reformatted =
        "\u{feff}{\n  \"a\": 1,\r\n  \"event_type\": \"\\u006eew\", \"a\": 2.0, \"n\": 1e400, \"2\": -0 }\n";
    let (status, event) = verdict(&Post::with(reformatted, signature(SECRET, canonical)));
    assert_eq!((status, &event["matched"], &event["payload"]), (200, &json!("canonical"), &json!(canonical)));
}

#[test]
fn bytes_that_are_not_canonical_are_verified_with_a_warning_when_they_were_signed_as_they_are() {
    for text in ["{ \"event_type\": \"done\" }", "\u{feff}{\"event_type\":\"done\"}", "no JSON", "{\"a\":1,\"a\":2}"] {
        let (status, event) = verdict(&Post::signed(text));
        assert_eq!((status, &event["matched"], &event["payload"]), (200, &json!("raw"), &json!(text)));
    }
    let home = Home::new();
    let listening = home.listen("--count 1");
    Post::signed("{ }").send(listening.address);
    let (_, stdout, stderr) = listening.end();
    assert!(stdout.contains("raw bytes only: the documented receiver would refuse this"), "{stdout}");
    assert!(stderr.contains("1 signed over bytes that are not canonical"), "{stderr}");
}

#[test]
fn what_cannot_be_typed_is_answered_200_and_kept_whole() {
    let home = Home::new();
    let listening = home.listen("--json");
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let (none, text) = (Value::Null, |text: &str| json!(text));
    let payloads = [
        (r#"{"event_type":"restyled","variation_id":"v","new":[1,{"x":null}]}"#, text("restyled"), text("v")),
        (r#"{"event_type":"update"}"#, text("update"), none.clone()),
        (r#"{"event_type":7,"variation_id":"v"}"#, none.clone(), text("v")),
        (r#"{"event_type":"done"}"#, text("done"), none.clone()),
        (r#"{"event_type":"error","variation_id":"v","error_message":"\ud83d"}"#, text("error"), text("v")),
        (r#"[{"event_type":"done"}]"#, none.clone(), none.clone()),
        ("42", none.clone(), none.clone()),
        (r#""text""#, none.clone(), none.clone()),
        ("null", none.clone(), none.clone()),
        (deep.as_str(), none.clone(), none),
    ];
    for (payload, ..) in &payloads {
        assert_eq!(Post::signed(*payload).send(listening.address).status, 200, "{payload}");
    }
    let (_, records) = listening.interrupt_with_records();
    let events = of_kind(&records, "event");
    assert_eq!(events.len(), payloads.len());
    for (event, (payload, event_type, variation)) in events.iter().zip(&payloads) {
        let found = (&event["payload"], &event["event_type"], &event["variation_id"]);
        assert_eq!(found, (&json!(payload), event_type, variation));
    }
    assert_eq!(events.last().expect("the deep one")["body"], Value::Null, "deeper than readers of JSON commonly go");
}

#[test]
fn a_second_delivery_of_an_event_is_shown_as_duplicate() {
    let home = Home::new();
    let listening = home.listen("--json");
    // Outcomes of one variation are one event, wherever and with whatever else they come.
    let later = done("r", "v").replace("1634567890123", "1634567890999");
    let failed_analysis =
        |target: &str| Post::signed(r#"{"event_type":"analysis_error"}"#).line(&format!("POST {target} HTTP/1.1"));
    let deliveries = [
        (Post::signed(done("r", "v")), false, ".1"),
        (Post::signed(done("r", "v")), true, ".2"),
        (Post::signed(later).line("POST /?again HTTP/1.1"), true, ".3"),
        (failed_analysis("/?a"), false, ".1"),
        (failed_analysis("/?b"), false, ".1"),
        (failed_analysis("/?b"), true, ".2"),
    ];
    for (post, ..) in &deliveries {
        assert_eq!(post.send(listening.address).status, 200);
    }
    let (_, records) = listening.interrupt_with_records();
    let events = of_kind(&records, "event");
    assert_eq!(events.len(), deliveries.len());
    for (event, (_, duplicate, number)) in events.iter().zip(&deliveries) {
        let delivery = event["delivery"].as_str().expect("a text");
        assert!(event["duplicate"] == *duplicate && delivery.ends_with(number), "{event}");
    }
    let summary = of_kind(&records, "summary")[0];
    assert_eq!((&summary["events"], &summary["duplicates"]), (&json!(3), &json!(3)));
}
