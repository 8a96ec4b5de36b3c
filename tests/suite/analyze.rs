//! `vsai analyze` and `vsai multi-view check`: what is sent of a photo, what comes of it, and what is refused beforehand.

use data_encoding::BASE64;
use image::GenericImageView;
use serde_json::{Value, json};
use snapbox::str;

use super::Home;
use super::api::{Answer, Api, Sandbox, json as answer_json};

const KEY: &str = "vsai-sandbox-5f2c9a";
const LINK: &str = "https://example.com/room.jpg";

/// A home that calls the API at `url`, with photos in it.
fn home_at(url: &str, photos: &[&str]) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    for name in photos {
        home.file(name, photo(name));
    }
    home
}

fn photo(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// An API that always answers so.
fn saying(status: u16, body: &'static str) -> Api {
    Api::answering(move |_| answer_json(status, body))
}

/// The one body that was sent.
fn sent(api: &Api, line: &str) -> Value {
    let requests = api.requests();
    assert_eq!(requests.iter().map(|request| request.line.as_str()).collect::<Vec<_>>(), [line]);
    serde_json::from_str(&requests[0].body).expect("JSON")
}

fn bytes_of(data_url: &Value, kind: &str) -> Vec<u8> {
    let data = data_url.as_str().and_then(|url| url.strip_prefix(&format!("data:image/{kind};base64,")));
    BASE64.decode(data.expect("a data URL").as_bytes()).expect("base64")
}

#[test]
fn a_photo_is_analysed_and_its_mask_saved() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url, &["orientation-6.jpg"]);
    home.check(
        "analyze orientation-6.jpg --save-mask mask.png",
        str![[r#"
exit 0
--- stdout
an_jByyDIby011W9347  done  41.8 % masked  mask.png  1 KiB
--- stderr
analysing orientation-6.jpg: the answer comes when the mask is done

"#]],
    );
    let mask = image::open(home.path().join("mask.png")).expect("a PNG");
    assert_eq!(mask.dimensions(), (96, 64));
    let record: Value =
        serde_json::from_str(&home.stdout(&format!("analyze {LINK} --save-mask m.png --json -q"))).expect("one record");
    let bytes = std::fs::metadata(home.path().join("m.png")).expect("saved").len();
    assert_eq!((&record["status"], &record["saved"]), (&json!("done"), &json!({ "path": "m.png", "bytes": bytes })));
    assert!(record["result_url"].as_str().is_some_and(|link| link.starts_with("http://127.0.0.1:")));
}

#[test]
fn a_file_is_sent_upright_and_without_its_metadata() {
    let api = saying(
        200,
        r#"{"id":"an_1","status":"done","percentage_masked":3.5,"result_url":"https://r.example/m.png","new":1}"#,
    );
    let home = home_at(&api.url, &["orientation-6.jpg"]);
    home.check(
        "analyze orientation-6.jpg",
        str![[r#"
exit 0
--- stdout
an_1  done  3.5 % masked  https://r.example/m.png
--- stderr
analysing orientation-6.jpg: the answer comes when the mask is done

"#]],
    );
    let jpeg = bytes_of(&sent(&api, "POST /v2/analyze")["image_url"], "jpeg");
    assert!(!jpeg.windows(6).any(|window| window == b"Camera"));
    let shown = image::load_from_memory(&jpeg).expect("a picture");
    let [red, green, ..] = shown.get_pixel(10, 10).0;
    assert!(shown.dimensions() == (96, 64) && red > 240 && green < 15);
}

#[test]
fn as_is_sends_a_files_bytes_and_links_are_never_fetched() {
    for (name, kind) in [("orientation-6.jpg", "jpeg"), ("animation.jpg", "gif"), ("photo.heic", "heic")] {
        let api = saying(200, r#"{"status":"done"}"#);
        home_at(&api.url, &[name]).stdout(&format!("analyze {name} --as-is"));
        assert_eq!(bytes_of(&sent(&api, "POST /v2/analyze")["image_url"], kind), photo(name));
    }
    let api = saying(200, r#"{"status":"queued"}"#);
    home_at(&api.url, &[]).check(
        &format!("analyze {LINK} --webhook-url https://hooks.example/a?job=1"),
        str![[r#"
exit 0
--- stdout
analysis  queued
--- stderr

"#]],
    );
    let hook = "https://hooks.example/a?job=1";
    assert_eq!(sent(&api, "POST /v2/analyze"), json!({ "image_url": LINK, "webhook_url": hook }));
}

#[test]
fn standard_input_is_a_photo() {
    let api = saying(200, r#"{"status":"done"}"#);
    let home = home_at(&api.url, &[]);
    assert!(home.run_with("analyze -", &photo("16-bit.png")).status.success());
    let shown = image::load_from_memory(&bytes_of(&sent(&api, "POST /v2/analyze")["image_url"], "jpeg"));
    assert_eq!(shown.expect("a picture").dimensions(), (96, 64));
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is() {
    let api = saying(200, "{}");
    let names = ["photo.heic", "animation.jpg", "empty.jpg", "page.jpg", "truncated.jpg"];
    let home = home_at(&api.url, &names);
    home.check(
        "analyze photo.heic",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot send photo.heic: a HEIC image can't be read here: only JPEG, PNG and WebP can
  hint: make a JPEG of it first, for instance with ImageMagick: magick photo.heic photo.jpg

"#]],
    );
    home.check("analyze animation.jpg --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"input","message":"cannot send animation.jpg: a GIF image can't be read here: only JPEG, PNG and WebP can","hint":"make a JPEG of it first, for instance with ImageMagick: magick animation.jpg photo.jpg"}
--- stderr
error: cannot send animation.jpg: a GIF image can't be read here: only JPEG, PNG and WebP can
  hint: make a JPEG of it first, for instance with ImageMagick: magick animation.jpg photo.jpg

"#]]);
    home.check(
        "analyze empty.jpg",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot send empty.jpg: the image is empty: 0 bytes
  hint: copy or download it again

"#]],
    );
    home.check(
        "analyze page.jpg",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot send page.jpg: this is not an image: the data starts like none that is known
  hint: an image is a JPEG, PNG or WebP

"#]],
    );
    home.check(
        "analyze truncated.jpg",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot send truncated.jpg: the JPEG image is cut short: 366 bytes came, and they end before the picture does
  hint: copy or download it again

"#]],
    );
    home.check(
        "analyze missing.jpg",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read missing.jpg: no such file or directory

"#]],
    );
    home.check(
        "analyze .",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read .: it is a folder

"#]],
    );
    home.check(
        "analyze s3://bucket/room.jpg",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot send s3://bucket/room.jpg: an image is an http(s) link without spaces or a data:image/…;base64, URL

"#]],
    );
    home.check(
        &format!("analyze {LINK} --save-mask nowhere/mask.png"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write nowhere/mask.png: no such file or directory

"#]],
    );
    home.check(
        &format!("multi-view check {LINK} truncated.jpg"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot send truncated.jpg: the JPEG image is cut short: 366 bytes came, and they end before the picture does
  hint: copy or download it again

"#]],
    );
    home.check(
        "multi-view check - -",
        str![[r#"
exit 2
--- stdout
--- stderr
error: only one of the two photos can come from standard input

"#]],
    );
    assert!(api.requests().is_empty());
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let api = saying(200, "{}");
    let home = home_at(&api.url, &["palette.png"]);
    home.check(
        &format!("analyze {LINK} --dry-run"),
        str![[r#"
exit 0
--- stdout
POST http://127.0.0.1:[PORT]/v2/analyze
{
  "image_url": "https://example.com/room.jpg"
}
--- stderr
nothing was sent; it would perhaps cost a photo: that is not documented

"#]],
    );
    home.check(&format!("multi-view check palette.png {LINK} --as-is --set beta=true --dry-run --json"), str![[r#"
exit 0
--- stdout
{"kind":"planned_request","schema":"vsai.planned_request/1","method":"POST","url":"http://127.0.0.1:[PORT]/v2/multi-view-compatability","photos":null,"body":{"image_urls":["data:image/png;base64,… (117 bytes)","https://example.com/room.jpg"],"beta":true}}
--- stderr
nothing was sent; it would perhaps cost a photo: that is not documented

"#]]);
    assert!(api.requests().is_empty());
}

#[test]
fn an_analysis_that_failed_or_was_not_waited_for_is_no_success() {
    let api = saying(200, r#"{"id":"an_1","status":"error","error_message":"no room\u001b[31m found"}"#);
    home_at(&api.url, &[]).check(
        &format!("analyze {LINK} --save-mask mask.png"),
        str![[r#"
exit 1
--- stdout
an_1  error  no room[31m found
--- stderr
analysing example.com/room.jpg: the answer comes when the mask is done

"#]],
    );
    let api = saying(200, r#"{"id":"an_1","status":"rendering"}"#);
    home_at(&api.url, &[]).check(
        &format!("analyze {LINK} -q"),
        str![[r#"
exit 3
--- stdout
an_1  rendering
--- stderr
warning: the answer came before the mask was done, and it cannot be read later: --webhook-url has it told

"#]],
    );
    let api = saying(200, r#"{"id":"an_1","status":"done","result_url":"https://127.0.0.1/mask.png"}"#);
    home_at(&api.url, &[]).check(&format!("analyze {LINK} -q --save-mask mask.png"), str![[r#"
exit 1
--- stdout
an_1  done  https://127.0.0.1/mask.png
--- stderr
error: cannot save the mask: the link leads to 127.0.0.1, where no result can be: only https to public addresses is followed

"#]]);
}

#[test]
fn an_answer_that_is_lost_is_said_to_be_unclear_and_nothing_is_sent_again() {
    let api = Api::with_statuses(&[500]);
    home_at(&api.url, &[]).check(&format!("analyze {LINK} -q"), str![[r#"
exit 3
--- stdout
--- stderr
error: POST /analyze at http://127.0.0.1:[PORT]: the API failed (500); it is unclear whether the analysis was made, and perhaps paid for
  hint: vsai whoami shows the photos used; nothing is sent again on its own

"#]]);
    assert_eq!(api.requests().len(), 1);
    let api = Api::answering(|_| Answer::Bytes(String::new()));
    assert_eq!(home_at(&api.url, &[]).run(&format!("analyze {LINK}")).status.code(), Some(3));
    assert_eq!(api.requests().len(), 1);
    for (status, exit) in [(400, 1), (401, 4), (402, 5), (429, 5)] {
        let api = saying(status, r#"{"message":"no"}"#);
        assert_eq!(home_at(&api.url, &[]).run(&format!("analyze {LINK}")).status.code(), Some(exit), "{status}");
        assert_eq!(api.requests().len(), 1);
    }
}

#[test]
fn a_multi_view_check_shows_all_that_comes() {
    let check = format!("multi-view check {LINK} orientation-6.jpg");
    let api = saying(200, r#"{"compatible":true,"score":0.9}"#);
    let home = home_at(&api.url, &["orientation-6.jpg"]);
    home.check(
        &check,
        str![[r#"
exit 0
--- stdout
compatible  {"compatible":true,"score":0.9}
--- stderr

"#]],
    );
    let body = sent(&api, "POST /v2/multi-view-compatability");
    assert_eq!(body["image_urls"][0], LINK);
    assert!(!bytes_of(&body["image_urls"][1], "jpeg").is_empty());
    let api = saying(200, r#"{"compatible":false,"reason":"two rooms\u001b[2J"}"#);
    home_at(&api.url, &["orientation-6.jpg"]).check(
        &check,
        str![[r#"
exit 1
--- stdout
not compatible  {"compatible":false,"reason":"two rooms\u001b[2J"}
--- stderr

"#]],
    );
    let api = saying(200, r#"["yes",{"compatible":"very"}]"#);
    home_at(&api.url, &["orientation-6.jpg"]).check(&format!("{check} --json"), str![[r#"
exit 0
--- stdout
{"kind":"multi_view","schema":"vsai.multi_view/1","compatible":null,"answer":["yes",{"compatible":"very"}]}
{"kind":"warning","schema":"vsai.warning/1","code":"verdict_unknown","message":"the answer does not say \"compatible\" true or false: judge for yourself"}
--- stderr
warning: the answer does not say "compatible" true or false: judge for yourself

"#]]);
}

#[test]
fn the_sandbox_checks_two_photos() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url, &["orientation-1.jpg", "orientation-8.jpg"]);
    home.check(
        "multi-view check orientation-1.jpg orientation-8.jpg",
        str![[r#"
exit 0
--- stdout
compatible  {"compatible":true}
--- stderr

"#]],
    );
}
