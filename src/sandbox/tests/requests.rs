//! What is refused, and in which words.

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::validate;
use super::bench::{Bench, KEY, ROOM, at_once, staging};
use crate::contract;

#[tokio::test]
async fn status_needs_no_key_and_all_else_does() {
    let bench = Bench::new(at_once());
    let request = |path: &str| Request::builder().uri(path).body(Body::empty()).expect("a request");
    let (status, _, body) = bench.exchange(request("/v2/status")).await;
    assert_eq!((status, body.len()), (StatusCode::OK, 0));
    for path in ["/v2/user", "/v2/renders", "/v2/renders/rnd_1"] {
        let (status, _, body) = bench.exchange(request(path)).await;
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(answer["message"].as_str().expect("a text").contains("Authorization: Api-Key"), "{answer}");
    }
}

#[tokio::test]
async fn a_real_key_is_refused_and_never_repeated() {
    let bench = Bench::new(at_once());
    let (status, answer) = bench.call_as("vsai-pk-2f6c9a", "GET", "/user", None).await;
    assert_eq!(status, 401);
    let message = answer["message"].as_str().expect("a text");
    assert!(message.contains("looks like a real API key") && !message.contains("2f6c9a"), "{message}");
    assert!(!format!("{:?}", bench.told()).contains("2f6c9a"));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_404_in_json() {
    let bench = Bench::new(at_once());
    for (method, path) in [("GET", "/"), ("GET", "/v2/nothing"), ("PUT", "/v2/renders"), ("GET", "/v1/ping")] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let (status, _, body) = bench.exchange(request).await;
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            (status, &answer["message"]),
            (StatusCode::NOT_FOUND, &json!(format!("There is no {method} {path}")))
        );
    }
}

#[tokio::test]
async fn a_refusal_names_the_member() {
    let bench = Bench::new(at_once());
    let add = |add: Value| staging(json!({ "config": { "type": "staging", "add_furniture": add } }));
    for (request, message) in [
        (json!([]), "Invalid request body: it must be an object"),
        (json!({ "image_url": ROOM }), "config is missing"),
        (json!({ "config": { "type": "enhancement" } }), "image_url is missing"),
        (staging(json!({ "image_url": "example.com/a.jpg" })), "image_url must be an http or https URL"),
        (staging(json!({ "image_url": 7 })), "image_url must be"),
        (staging(json!({ "variation_count": 0 })), "variation_count must be a whole number from 1 to 20, not 0"),
        (staging(json!({ "variation_count": 2.5 })), "variation_count must be a whole number from 1 to 20, not 2.5"),
        (staging(json!({ "wait_for_completion": "yes" })), "wait_for_completion must be true or false"),
        (staging(json!({ "webhook_url": "localhost:3000" })), "webhook_url must be an http or https URL"),
        (staging(json!({ "webhook_url": "http://a:b@localhost/" })), "webhook_url must be"),
        (staging(json!({ "colour": "red" })), "colour is no member of this request; there are config, image_url"),
        (staging(json!({ "config": { "type": "day_to_dusk" } })), "config.type must be one of staging, daytodusk"),
        (staging(json!({ "config": { "type": "daytodusk" } })), "config.sky_style is missing"),
        (staging(json!({ "config": { "type": "staging" } })), "config.add_furniture and remove_furniture are both"),
        (
            staging(json!({ "config": { "type": "staging", "remove_furniture": { "mode": "off" } } })),
            "config.remove_furniture.mode off leaves nothing to do",
        ),
        (
            staging(json!({ "config": { "type": "enhancement", "output_resolution": "1536" } })),
            "config.output_resolution must be",
        ),
        (add(json!({ "style": "modern" })), "config.add_furniture.room_type is missing"),
        (
            add(json!({ "room_type": "living_room", "style": "modern" })),
            "config.add_furniture.room_type must be one of living, bed",
        ),
        (
            add(json!({ "room_type": "living", "style": "baroque" })),
            "config.add_furniture.style must be one of standard, modern",
        ),
        (
            add(json!({ "room_type": "living", "style": "modern", "mode": 1 })),
            "config.add_furniture.mode is no member of this request",
        ),
        (json!({ "configs": [], "image_url": ROOM }), "configs must be an array with at least one config"),
        (
            json!({ "configs": [{ "type": "enhancement" }, { "type": "x" }], "image_url": ROOM }),
            "configs[1].type must be one of",
        ),
        (
            json!({ "configs": [{ "type": "enhancement" }], "config": {}, "image_url": ROOM }),
            "config is no member of this request",
        ),
        (staging(json!({ "image_urls": [ROOM, ROOM] })), "image_urls and image_url exclude each other"),
    ] {
        let (status, answer) = bench.post("/renders", request.clone()).await;
        let said = answer["message"].as_str().expect("a text");
        assert!(status == 400 && said.starts_with(message), "{status} {said}\nfor {request}");
    }
    assert_eq!(bench.get("/user").await.1["photosUsedThisPeriod"]["staging"], 0, "a refusal costs nothing");
}

#[tokio::test]
async fn two_views_have_rules_of_their_own() {
    let bench = Bench::new(at_once());
    let two = |config: Value, urls: Value| json!({ "config": config, "image_urls": urls });
    let room = |room: &str| json!({ "type": "staging", "add_furniture": { "room_type": room, "style": "modern" } });
    let mut emptied = room("bed");
    emptied["remove_furniture"] = json!({ "mode": "on" });
    for (request, message) in [
        (two(room("kitchen"), json!([ROOM, ROOM])), "image_urls go with staging of a living room or bedroom only"),
        (two(json!({ "type": "enhancement" }), json!([ROOM, ROOM])), "image_urls go with staging"),
        (two(emptied, json!([ROOM, ROOM])), "image_urls go with staging"),
        (two(room("bed"), json!([ROOM])), "image_urls must be an array of two image URLs"),
        (two(room("bed"), json!([ROOM, "x"])), "image_urls[1] must be"),
    ] {
        let (status, answer) = bench.post("/renders", request).await;
        let said = answer["message"].as_str().expect("a text");
        assert!(status == 400 && said.starts_with(message), "{status} {said}");
    }
}

#[tokio::test]
async fn without_strictness_unknown_members_pass() {
    let mut options = at_once();
    options.strict = false;
    let bench = Bench::new(options);
    assert_eq!(bench.post("/renders", staging(json!({ "colour": "red" }))).await.0, 201);
    assert_eq!(bench.get("/renders?page=2").await.0, 200);
}

#[tokio::test]
async fn bodies_are_json_of_at_most_32_mib() {
    let bench = Bench::new(at_once());
    let post = |kind: &str, body: String| {
        let request = Request::builder().method("POST").uri("/v2/renders").header("content-type", kind);
        request.header("authorization", format!("Api-Key {KEY}")).body(Body::from(body)).expect("a request")
    };
    let of_size = |size: usize| {
        let (start, end) = (r#"{"config":{"type":"enhancement"},"image_url":"data:image/png;base64,"#, r#""}"#);
        format!("{start}{}{end}", "A".repeat(size - start.len() - end.len()))
    };
    const MOST: usize = 32 * 1024 * 1024;
    for (kind, body, status) in [
        ("application/json; charset=utf-8", staging(json!({})).to_string(), 201),
        ("text/plain", staging(json!({})).to_string(), 400),
        ("application/json", "{".to_owned(), 400),
        ("application/json", of_size(MOST), 201),
        ("application/json", of_size(MOST + 1), 413),
    ] {
        let size = body.len();
        let (found, _, answer) = bench.exchange(post(kind, body)).await;
        assert_eq!(found.as_u16(), status, "{kind} of {size}");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert!(status == 201 || answer["message"].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn a_refused_upload_is_read_to_its_end_so_that_the_answer_is_seen() {
    let bench = Bench::new(at_once());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/v2/renders", listener.local_addr().expect("bound"));
    tokio::spawn(super::super::run(listener, bench.sandbox.clone(), std::future::pending()));
    let client = crate::delivery::loopback_client(std::time::Duration::from_secs(10)).expect("a client");
    for (key, size, status) in [("vsai-pk-1", 8, 401), (KEY, 40, 413)] {
        let body = vec![b' '; size * 1024 * 1024];
        let request = client.post(&url).header("authorization", format!("Api-Key {key}")).body(body);
        assert_eq!(request.send().await.expect("an answer").status(), status);
    }
}

#[tokio::test]
async fn the_secrets_member_is_called_secret() {
    let bench = Bench::new(at_once());
    for (body, message) in [
        (json!({ "webhook_secret": "s" }), "webhook_secret is no member of this request; the member is called secret"),
        (json!({ "webhookSecret": "s" }), "webhookSecret is no member of this request; the member is called secret"),
        (json!({}), "secret is missing"),
        (json!({ "secret": "" }), "secret must not be empty"),
        (json!({ "secret": 7 }), "secret must be a string"),
        (json!({ "secret": "s", "more": 1 }), "more is no member"),
    ] {
        let (status, answer) = bench.post("/user/webhook-secret", body).await;
        let said = answer["message"].as_str().expect("a text");
        assert!(status == 400 && said.starts_with(message), "{status} {said}");
    }
    assert_eq!(bench.post("/user/webhook-secret", json!({ "secret": "s" })).await.0, 200);
    assert_eq!(bench.call_as(KEY, "DELETE", "/user/webhook-secret", None).await, (204, Value::Null));
}

#[tokio::test]
async fn two_views_of_one_size_are_compatible() {
    let bench = Bench::new(at_once());
    let (_, same) = bench.post("/multi-view-compatability", json!({ "image_urls": [ROOM, ROOM] })).await;
    assert_eq!(same["compatible"], true);
    let broken = json!({ "image_urls": [ROOM, "data:image/png;base64,AAAA"] });
    assert_eq!(bench.post("/multi-view-compatability", broken).await.1["compatible"], false);
    assert_eq!(bench.post("/multi-view-compatability", json!({ "image_urls": [ROOM] })).await.0, 400);
}

/// A value that is often what a member takes and often is not.
fn any_value() -> impl Strategy<Value = Value> {
    let texts = ["living", "modern", "auto", "staging", "", "default", ROOM, "data:image/png;base64,AA==", "http://x"];
    prop_oneof![
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
        (-1_i64..23).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!(1536)),
        Just(json!([ROOM, ROOM])),
    ]
}

/// A config that is valid, or nearly so.
fn any_config() -> impl Strategy<Value = Value> {
    let configs = [
        json!({ "type": "staging", "add_furniture": { "room_type": "bed", "style": "hamptons" } }),
        json!({ "type": "staging", "remove_furniture": { "mode": "on", "mask_url": "data:image/png;base64,AA==" } }),
        json!({ "type": "staging", "add_furniture": { "room_type": "bathroom", "style": "luxury" },
                "remove_furniture": { "mode": "auto" }, "add_virtually_staged_watermark": true }),
        json!({ "type": "daytodusk", "sky_style": "golden", "output_resolution": 1536 }),
        json!({ "type": "enhancement", "output_resolution": "default" }),
    ];
    let members = ["type", "style", "add_furniture", "remove_furniture", "sky_style", "variation_count", "more"];
    let changes = proptest::collection::vec((proptest::sample::select(members.to_vec()), any_value()), 0..2);
    (proptest::sample::select(configs.to_vec()), changes).prop_map(|(mut config, changes)| {
        for (member, value) in changes {
            config[member] = value;
        }
        config
    })
}

fn any_request() -> impl Strategy<Value = Value> {
    let members =
        ["config", "image_url", "image_urls", "variation_count", "wait_for_completion", "webhook_url", "more"];
    let changes = proptest::collection::vec((proptest::sample::select(members.to_vec()), any_value()), 0..3);
    let configs = proptest::collection::vec(any_config(), 1..3);
    (any::<bool>(), configs, changes).prop_map(|(several, configs, changes)| {
        let mut request = json!({ "image_url": ROOM });
        if several {
            request["configs"] = json!(configs);
        } else {
            request["config"] = configs[0].clone();
        }
        for (member, value) in changes {
            request[member] = value;
        }
        request
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn accepts_what_the_description_accepts_and_nothing_more(request in any_request()) {
        let described = contract::request_fits("POST", "/renders", Some(&request));
        let found = validate::render(&request, true);
        // Rules that the description has in words or not at all.
        let beyond = ["exclude each other", "go with staging", "leaves nothing to do", "webhook_url must be"];
        match (&described, &found) {
            (Ok(()), Err(refusal)) => {
                prop_assert!(beyond.iter().any(|rule| refusal.message.contains(rule)), "{refusal:?} for {request}");
            }
            (Err(why), Ok(_)) => prop_assert!(false, "{why} for {request}"),
            _ => {}
        }
    }
}
