//! Result pictures and their links.

use std::sync::atomic::Ordering;

use axum::http::{HeaderValue, StatusCode, header};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::super::pictures::Photo;
use super::bench::{Bench, at_once, small_room};
use crate::images::Picture;

const HOUR: i64 = 3_600_000;

fn first_result(render: &Value) -> &Value {
    &render["variations"]["items"][0]["result"]
}

#[tokio::test]
async fn the_three_files_are_real_pictures_of_their_kind() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({ "image_url": small_room() })).await;
    let result = first_result(&render);
    for (member, content_type, format) in [
        ("url", "image/jpeg", image::ImageFormat::Jpeg),
        ("optimized_url", "image/webp", image::ImageFormat::WebP),
        ("thumbnail_url", "image/jpeg", image::ImageFormat::Jpeg),
    ] {
        let (status, headers, bytes) = bench.fetch(&result[member]).await;
        assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &HeaderValue::from_static(content_type)));
        assert_eq!(image::guess_format(&bytes).expect("a picture"), format);
        image::load_from_memory(&bytes).expect("a whole picture");
        let (_, _, again) = bench.fetch(&result[member]).await;
        assert_eq!(bytes, again, "the same each time");
    }
}

#[tokio::test]
async fn every_variation_looks_different() {
    let bench = Bench::new(at_once());
    let stage = |style: &str, count: u64| {
        let add = json!({ "room_type": "living", "style": style });
        json!({ "type": "staging", "add_furniture": add, "variation_count": count })
    };
    let configs = json!([
        stage("modern", 2),
        stage("coastal", 1),
        { "type": "daytodusk", "sky_style": "blue" },
        { "type": "enhancement" },
        { "type": "staging", "remove_furniture": { "mode": "on" } },
    ]);
    let request = json!({ "configs": configs, "image_url": small_room(), "wait_for_completion": true });
    let (_, render) = bench.post("/renders", request).await;
    let mut pictures = Vec::new();
    for one in render["variations"]["items"].as_array().expect("a list") {
        pictures.push(bench.fetch(&one["result"]["thumbnail_url"]).await.2);
    }
    assert_eq!(pictures.len(), 6);
    for (n, picture) in pictures.iter().enumerate() {
        assert!(!pictures[n + 1..].contains(picture), "variation {n} looks like another");
    }
}

#[tokio::test]
async fn an_upload_is_what_is_staged_and_searched_for_furniture() {
    let bench = Bench::new(at_once());
    for (picture, furnished) in
        [(Picture::empty_room((300, 200), 1), false), (Picture::cluttered_room((300, 200), 1), true)]
    {
        let upload = format!("data:image/png;base64,{}", BASE64.encode(&picture.png()));
        let config = json!({
            "type": "staging",
            "add_furniture": { "room_type": "living", "style": "modern" },
            "remove_furniture": { "mode": "auto" },
        });
        let render = bench.rendered(json!({ "config": config, "image_url": upload })).await;
        let one = &render["variations"]["items"][0];
        assert_eq!(one["base_variation_id"].is_string(), furnished, "{render}");
        let (_, _, bytes) = bench.fetch(&one["result"]["url"]).await;
        let staged = Picture::decode(&bytes).expect("a picture");
        assert_eq!((staged.width(), staged.height()), (300, 200));
    }
}

#[tokio::test]
async fn the_oldest_photos_go_when_they_are_too_many() {
    let bench = Bench::new(at_once());
    let old = bench.rendered(json!({ "image_url": small_room() })).await;
    let drawn = bench.rendered(json!({})).await;
    let heavy = Photo::Given { jpeg: vec![0; 128 * 1024 * 1024].into(), size: (1, 1), masked: 0.0 };
    let place = bench.sandbox.accounts().all().next().expect("one").place(drawn["id"].as_str().expect("an id"));
    bench.sandbox.change(|accounts| accounts.keep_photos(&place.expect("it is there"), Ok([heavy].into())));
    assert_eq!(bench.fetch(&first_result(&old)["thumbnail_url"]).await.0, StatusCode::GONE);
    let path = format!("/renders/{}/variations", old["id"].as_str().expect("an id"));
    let more = json!({ "config": { "type": "enhancement" }, "wait_for_completion": true });
    let (_, added) = bench.post(&path, more).await;
    assert_eq!(added["variations"][0]["error_message"], "Failed to process image: it is no longer kept");
}

#[tokio::test]
async fn a_photo_of_this_machine_is_fetched_and_any_other_is_drawn() {
    let bench = Bench::new(at_once());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(super::super::run(listener, bench.sandbox.clone(), std::future::pending()));
    let drawn = bench.rendered(json!({})).await;
    let link = first_result(&drawn)["url"].as_str().expect("a link").replace("http://127.0.0.1:4010", &url);
    let fetched = bench.rendered(json!({ "image_url": link })).await;
    assert_eq!(fetched["variations"]["items"][0]["status"], "done", "{fetched}");
    let missing = bench.rendered(json!({ "image_url": format!("{url}/nothing.jpg") })).await;
    let message = &missing["variations"]["items"][0]["error_message"];
    assert_eq!(message, "Failed to process image: the image_url answers 404");
}

#[tokio::test]
async fn links_expire_and_are_made_anew_on_every_read() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({ "image_url": small_room() })).await;
    let old = &first_result(&render)["thumbnail_url"];
    assert_eq!(bench.fetch(old).await.0, StatusCode::OK);
    bench.clock.fetch_add(HOUR, Ordering::Relaxed);
    assert_eq!(bench.fetch(old).await.0, StatusCode::FORBIDDEN);
    let path = format!("/renders/{}?include_variations=true", render["id"].as_str().expect("an id"));
    let read_again = bench.get(&path).await.1;
    let new = &first_result(&read_again)["thumbnail_url"];
    assert_ne!(old, new);
    assert_eq!(bench.fetch(new).await.0, StatusCode::OK);
    bench.clock.fetch_add(HOUR, Ordering::Relaxed);
    assert_eq!(bench.fetch(old).await.0, StatusCode::GONE);
    assert_eq!(bench.fetch(new).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_is_good_for_its_file_alone() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({})).await;
    let link = first_result(&render)["url"].as_str().expect("a link").to_owned();
    let other_time = link.replace("?expires=1", "?expires=2");
    let other_file = link.replace("output.jpg", "output_thumb.jpg");
    let unsigned = link.split('?').next().expect("a path").to_owned();
    for changed in [other_time, other_file, unsigned] {
        assert_ne!(changed, link);
        assert_eq!(bench.fetch(&json!(changed)).await.0, StatusCode::FORBIDDEN, "{changed}");
    }
}

#[tokio::test]
async fn an_analysis_waits_and_links_a_mask() {
    let bench = Bench::new(at_once());
    let (status, analysis) = bench.post("/analyze", json!({ "image_url": small_room() })).await;
    assert_eq!((status, &analysis["status"]), (200, &json!("done")));
    let (status, headers, bytes) = bench.fetch(&analysis["result_url"]).await;
    assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &HeaderValue::from_static("image/png")));
    image::load_from_memory_with_format(&bytes, image::ImageFormat::Png).expect("a whole picture");
    let (_, broken) = bench.post("/analyze", json!({ "image_url": "data:image/png;base64,AAAA" })).await;
    assert_eq!((&broken["status"], &broken["result_url"]), (&json!("error"), &Value::Null));
}
