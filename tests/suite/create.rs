//! `vsai render create` over several runs: what is told of what was paid for before, and how a run that stops early ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use serde_json::Value;
use snapbox::str;

use super::Home;
use super::api::{Api, Sandbox, json};
use super::listening::of_kind;

const KEY: &str = "vsai-sandbox-create";
const IMAGE: &str = "https://example.com/room.jpg";
const MODERN: &str = "--room living --style modern";

fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    home
}

#[test]
fn a_dry_run_tells_what_the_command_itself_would_do() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let planned = |flags: &str| {
        let records = home.records(&format!("render create {IMAGE} {flags} --dry-run"), 0);
        let planned = of_kind(&records, "planned_request")[0];
        (planned["photos"].clone(), planned["variations"].clone(), of_kind(&records, "warning").len())
    };
    assert_eq!(planned(MODERN), (1.into(), 1.into(), 0));
    home.stdout(&format!("render create {IMAGE} {MODERN}"));
    assert_eq!(planned(MODERN), (0.into(), 0.into(), 0));
    assert_eq!(planned(&format!("{MODERN} --again")), (1.into(), 1.into(), 0));
    assert_eq!(planned("--room living --style luxury"), (1.into(), 1.into(), 1));
    for command in
        [format!("render create {IMAGE} {MODERN} -n 3"), format!("render create {IMAGE} {MODERN} -n 3 --dry-run")]
    {
        home.check(
            &command,
            str![[r#"
exit 2
--- stdout
--- stderr
error: example.com/room.jpg with these settings is paid for: render rnd_5dkJFtSYIYhHvzHN with 1 variation
  hint: vsai render add rnd_5dkJFtSYIYhHvzHN --room living --style modern -n 2
  hint: that makes 2 more for nothing; --again pays once more

"#]],
        );
    }
    home.records("render add rnd_5dkJFtSYIYhHvzHN --room living --style modern -n 2", 0);
    home.records(&format!("render create {IMAGE} --room bed --style modern --max-photos 0 --dry-run"), 5);
}

#[test]
fn the_command_that_makes_more_for_nothing_says_all_that_was_asked_for() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.stdout(&format!("render create {IMAGE} {MODERN}"));
    for (flags, more) in [
        ("--type daytodusk --sky golden", "--type daytodusk --sky golden"),
        (
            "--room living --style modern --style luxury -n 2 --watermark",
            "--room living --style modern --style luxury --watermark -n 2",
        ),
        ("--remove on --set config.note=2", "--remove on --set 'config.note=2'"),
    ] {
        let records = home.records(&format!("render create {IMAGE} {flags} --dry-run"), 0);
        let warning = of_kind(&records, "warning")[0]["message"].as_str().expect("a message").to_owned();
        assert!(warning.ends_with(&format!(": vsai render add rnd_5dkJFtSYIYhHvzHN {more}")), "{warning}");
    }
    let records = home.records(&format!("render create {IMAGE} --room bed --style modern -n 20 --dry-run"), 0);
    assert!(of_kind(&records, "warning").is_empty(), "a render has 20 at most");
}

#[test]
fn a_stop_before_it_is_sent_is_no_failure_and_pays_for_nothing() {
    // The first request is lost; all others are.
    let api = Api::selling(|_| json(500, "{}"));
    let home = home_at(&api.url);
    let mut first = home.start(&format!("render create https://example.com/1.jpg {MODERN}"));
    first.note("looking for its render");
    first.signal("INT");
    assert_eq!(first.end().0, Some(3), "whether it was paid is not known");
    let second = format!("render create https://example.com/2.jpg {MODERN}");
    let mut waiting = home.start(&format!("{second} --wait"));
    waiting.note("example.com/2.jpg waits: it is unclear what became of example.com/1.jpg (job_");
    waiting.signal("INT");
    let (code, _, stderr) = waiting.end();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.ends_with("example.com/2.jpg: stopped before it was sent; nothing was paid\n"), "{stderr}");
    let output = home.run(&format!("{second} --timeout 500ms -q"));
    home.compare(
        &output,
        str![[r#"
exit 124
--- stdout
--- stderr
error: 500ms passed: example.com/2.jpg was not sent, and nothing was paid
  hint: the same command goes on, and pays for nothing twice

"#]],
    );
    assert_eq!(api.posts().len(), 1);
}

#[test]
fn what_was_deleted_since_it_was_done_is_not_waited_for() {
    let is_gone = Arc::new(AtomicBool::new(false));
    let has_gone = is_gone.clone();
    let api = Api::selling(move |request| {
        let is_read = request.line.starts_with("GET ");
        let variation = |at: usize| match (is_read, at) {
            (false, _) => serde_json::json!({"id": format!("v{at}"), "type": "staging", "status": "queued"}),
            (true, 0 | 1) => serde_json::json!({"id": format!("v{at}"), "type": "staging", "status": "error"}),
            (true, _) => serde_json::json!({"id": format!("v{at}"), "type": "staging", "status": "deleted"}),
        };
        let listed = if has_gone.load(SeqCst) { 2 } else { 4 };
        let variations: Vec<Value> = (0..listed).map(variation).collect();
        let render = serde_json::json!({"id": "rnd_1", "created_at": 1_700_000_000_000_i64, "variations": variations});
        json(if is_read { 200 } else { 201 }, &render.to_string())
    });
    let home = home_at(&api.url);
    let create = format!("render create {IMAGE} {MODERN} -n 4 --wait");
    let counts = |records: &[Value]| {
        let summary = of_kind(records, "summary")[0];
        (summary["failed"].clone(), summary["pending"].clone(), of_kind(records, "warning").len())
    };
    let ended = (1.into(), 0.into(), 0);
    assert_eq!(counts(&home.records(&create, 1)), ended);
    is_gone.store(true, SeqCst);
    // Sooner than what ought to be there would be given up.
    assert_eq!(counts(&home.records(&format!("{create} --timeout 20s"), 1)), ended);
}

#[test]
fn the_command_that_goes_on_saves_what_was_to_be_saved() {
    let sandbox = Sandbox::start("--speed 0.001");
    let home = home_at(&sandbox.url);
    let flags = "--download pictures --variant thumbnail --name {row}{variation}";
    home.check(
        &format!("render create {IMAGE} {MODERN} {flags} --timeout 1s -q"),
        str![[r#"
exit 124
--- stdout
rnd_5dkJFtSYIYhHvzHN  [TIME] UTC  1 pending
  var_XrVlVAITdYBdSoPW  staging     queued
--- stderr
error: 1s passed: not ended yet: rnd_5dkJFtSYIYhHvzHN
  hint: vsai render wait rnd_5dkJFtSYIYhHvzHN; vsai render download rnd_5dkJFtSYIYhHvzHN --to pictures --variant thumbnail --name '{row}{variation}'

"#]],
    );
}

#[test]
fn flags_that_would_do_nothing_and_counts_that_cannot_be_are_refused() {
    let home = Home::new();
    for command in [format!("render create {IMAGE} {MODERN}"), "render batch rooms.csv".to_owned()] {
        home.check(
            &format!("{command} --variant thumbnail --overwrite"),
            str![[r#"
exit 2
--- stdout
--- stderr
error: no pictures are saved that --variant thumbnail --overwrite could be about
  hint: --download DIR saves them

"#]],
        );
    }
    for set in ["variation_count=50", "variation_count=0"] {
        home.records(&format!("render create {IMAGE} {MODERN} --set {set} --dry-run"), 2);
        home.records(&format!("render create {IMAGE} {MODERN} --set {set} --dry-run --allow-unknown"), 0);
    }
}

#[test]
fn a_value_that_is_no_number_is_told_as_that() {
    let home = Home::new();
    for (arguments, said) in [
        ("render create room.jpg -n -1", "invalid value '-1' for '-n': none is negative"),
        ("render create room.jpg --max-photos -1", "invalid value '-1' for '--max-photos': none is negative"),
        ("render wait rnd_1 --timeout -1s", "invalid value '-1s' for '--timeout': none is negative"),
        ("render list --limit x", "invalid value 'x' for '--limit <N>': it is no whole number"),
    ] {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("error: {said}\n"));
    }
}

#[test]
fn what_is_unclear_is_told_with_its_api_and_sent_again_only_by_its_own_command() {
    let lost = AtomicBool::new(true);
    let api = Api::selling(move |_| match lost.swap(false, SeqCst) {
        true => json(500, "{}"),
        false => json(201, r#"{"id":"rnd_1","created_at":1700000000000}"#),
    });
    let home = home_at(&api.url);
    let create = format!("render create {IMAGE} {MODERN} --settle-within 0s");
    home.records(&create, 3);
    let unclear = home.records("render resolve", 3);
    let id = unclear[0]["id"].as_str().expect("an id").to_owned();
    let text = home.run("render resolve");
    assert!(String::from_utf8_lossy(&text.stdout).contains("\n  account u1 at http://127.0.0.1:"), "{text:?}");

    let elsewhere = "--api-url http://127.0.0.1:1/v2";
    let listed = home.records(&format!("render resolve {elsewhere}"), 0);
    assert_eq!(listed[0]["id"], id.as_str(), "it is not out of the world");
    let refused = home.records(&format!("render resolve {id} --resend {elsewhere}"), 2);
    let hint = refused.last().expect("an error")["hint"].as_str().expect("a hint").to_owned();
    assert!(hint.starts_with(&format!("vsai --api-url {} render resolve {id}, or -p", api.url)), "{hint}");

    for _ in 0..2 {
        let again = home.records(&format!("render resolve {id} --resend --settle-within 0s"), 0);
        assert_eq!((&again[0]["state"], &again[0]["said"]), (&"planned".into(), &"it is to be sent again".into()));
    }
    home.records(&format!("render resolve {id} --adopt rnd_1"), 2);
    assert_eq!(api.posts().len(), 1);
    home.records(&create, 0);
    home.records(&format!("render resolve {id} --resend"), 2);
    assert_eq!(api.posts().len(), 2);
}

#[test]
fn pictures_that_are_downloaded_later_have_their_photo_beside_them_while_it_is_there() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let photo = std::fs::read(format!("{}/tests/fixtures/photos/orientation-1.jpg", env!("CARGO_MANIFEST_DIR")));
    home.file("rooms/hall.jpg", photo.expect("a fixture"));
    let records = home.records(&format!("render create rooms/hall.jpg {MODERN} --wait"), 0);
    let id = of_kind(&records, "render")[0]["id"].as_str().expect("an id").to_owned();
    let saved = |folder: &str| {
        home.records(&format!("render download {id} --to {folder}"), 0);
        let description: Value = serde_json::from_str(&home.read(&format!("{folder}/pictures.json"))).expect("JSON");
        description["pictures"][0].clone()
    };
    let picture = saved("with");
    assert_eq!(picture["source"], "rooms/hall.jpg");
    let before = picture["before"].as_str().expect("a photo");
    assert!(home.path().join("with").join(before).is_file());
    assert!(home.read("with/index.html").contains(before));
    home.file("rooms/hall.jpg", "another");
    assert_eq!((saved("without")["before"].clone(), saved("with")["before"].as_str()), (Value::Null, Some(before)));
}
