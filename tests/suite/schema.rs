//! `vsai schema`: the documents.

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;
use serde_json::{Value, json};
use snapbox::str;

use super::Home;
use super::api::{Api, full};
use super::judge::{VALIDATORS, judge, printed};
use super::listening::records;
use super::sender::{Post, done, signature};

#[test]
fn members_that_are_missing_wrong_or_not_described_are_noticed() {
    let good =
        json!({ "kind": "ready", "schema": "vsai.ready/1", "url": "http://[::1]:1/", "port": 1, "pid": 1, "seed": 7 });
    assert_eq!(judge(&good), Ok(()));
    for (member, value) in [
        ("port", json!("1")),
        ("url", Value::Null),
        ("schema", json!("vsai.ready/2")),
        ("kind", json!("readiness")),
        ("sed", json!(7)),
        ("secrets", json!([])),
        ("seed", json!(-1)),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        assert!(judge(&bad).is_err(), "{bad}");
    }
    let mut nested = json!({ "kind": "unverified", "schema": "vsai.unverified/1", "ref": null, "received_at": "2025-01-01T00:00:00Z",
        "peer": "[::1]:1", "reason": "", "answered": 401, "size": 0,
        "claims": { "event_type": null, "render_id": null, "variation_id": null } });
    assert_eq!(judge(&nested), Ok(()));
    nested["claims"]["other"] = json!("x");
    assert!(judge(&nested).is_err());
    nested["claims"] = json!({ "event_type": null, "render_id": null });
    assert!(judge(&nested).is_err());
}

/// Every kind that the sources name, as a `Report` or to the printer.
#[test]
fn every_kind_in_the_sources_has_a_schema() {
    let named = Regex::new(r#"const KIND: &'static str = "(\w+)"|\brecord\("(\w+)""#).expect("a pattern");
    let mut kinds = BTreeSet::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        kinds.extend(
            named.captures_iter(&file).filter_map(|found| Some((found.get(1).or(found.get(2)))?.as_str().to_owned())),
        );
    }
    let described: BTreeSet<String> = VALIDATORS.keys().cloned().collect();
    assert_eq!(kinds, described);
    assert!(kinds.contains("warning") && kinds.contains("event") && kinds.len() > 15, "{kinds:?}");
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read = |path: std::path::PathBuf| match path.extension() {
        _ if path.is_dir() => sources(&path),
        Some(extension) if extension == "rs" => vec![std::fs::read_to_string(path).expect("a text")],
        _ => Vec::new(),
    };
    entries.flat_map(read).collect()
}

#[test]
fn a_kind_alone_and_all_in_one_document_say_the_same() {
    let all = printed(&["schema"]);
    let whole = jsonschema::options().build(&all).expect("valid");
    for kind in VALIDATORS.keys() {
        let mut one = printed(&["schema", kind]);
        assert_eq!(one["$schema"], all["$schema"]);
        jsonschema::meta::validate(&one).expect("a schema");
        let alone = jsonschema::options().build(&one).expect("its references lead somewhere");
        assert!(!alone.is_valid(&json!({ "kind": kind })) && !whole.is_valid(&json!({ "kind": kind })), "{kind}");
        let members = one.as_object_mut().expect("an object");
        members.remove("$schema");
        members.remove("$defs");
        assert_eq!(all["$defs"][kind], one);
    }
    // Members of later versions are no error to those who read with these schemas.
    let later = json!({ "kind": "page", "schema": "vsai.page/1", "next_cursor": null, "more": 1 });
    assert!(whole.is_valid(&later));
}

#[test]
fn prints_one_kind() {
    Home::new().check(
        "schema page",
        str![[r#"
exit 0
--- stdout
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "description": "Where a list goes on.",
  "type": "object",
  "required": [
    "kind",
    "schema",
    "next_cursor"
  ],
  "properties": {
    "kind": {
      "const": "page"
    },
    "schema": {
      "const": "vsai.page/1"
    },
    "next_cursor": {
      "type": [
        "string",
        "null"
      ],
      "description": "--cursor of the next page; null on the last."
    }
  }
}
--- stderr

"#]],
    );
    Home::new().check("schema evnt", str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'evnt' for '[KIND]' [possible values: ready, event, unverified, forward, case, planned, tunnel, warning, error, summary, forward_summary, event_history, explanation, stats, exported, pruned, consumer, signature, verification, secret, login, logout, identity, planned_request, render, analysis, multi_view, added, job, plan, row, page, download, request, webhook, fault]
  hint: a similar value exists: 'event'

"#]]);
}

/// Records that no other test asks for. The home judges them as they are read.
#[test]
fn explanations_faults_and_failed_webhooks_fit_too() {
    let home = Home::new();
    let listening = home.listen("--json");
    let post = Post::with(done("r", "v"), signature("another", done("r", "v")));
    assert_eq!(post.send(listening.address).status, 401);
    listening.interrupt();
    let output = home.run("--json events explain ref_1 --secret-file secret");
    let explanation = &records(str::from_utf8(&output.stdout).expect("UTF-8"))[0];
    assert_eq!(
        (&explanation["kind"], &explanation["diagnosis"]["verdict"]),
        (&"explanation".into(), &"unexplained".into())
    );

    let mut failing = home.start("sandbox --port 0 --json --http-500-rate 1");
    let ready: Value = serde_json::from_str(&failing.line("\"ready\"")).expect("JSON");
    home.run(&format!("-p sandbox --api-url {} whoami", ready["url"].as_str().expect("a URL")));
    failing.line("\"fault\"");

    let mut sandbox = home.start("sandbox --port 0 --json --speed 1000 --retry-pause 1ms");
    let ready: Value = serde_json::from_str(&sandbox.line("\"ready\"")).expect("JSON");
    home.run(&format!("-p sandbox --api-url {} render get nothing", ready["url"].as_str().expect("a URL")));
    sandbox.line("\"status\":404,\"message\"");
    let handler = Api::answering(|_| full(500, "", "no room"));
    for (url, member) in [(handler.url.as_str(), "answer"), ("http://127.0.0.1:1/", "error")] {
        let create = "render create https://example.com/room.jpg --room living --style modern --again --webhook-url";
        home.stdout(&format!("-p sandbox --api-url {} {create} {url}", ready["url"].as_str().expect("a URL")));
        sandbox.line(&format!("\"{member}\""));
    }
}
