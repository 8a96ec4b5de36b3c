//! `vsai schema`: the documents, and the judge that every record in the suite's outputs has to pass.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use jsonschema::Validator;
use regex::Regex;
use serde_json::{Value, json};
use snapbox::str;

use super::Home;
use super::home::PROGRAM;

/// A validator for each kind. Unknown members are refused at every level, unlike by the schemas as they are printed.
static VALIDATORS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
    let mut document = printed(&["schema"]);
    let definitions = document["$defs"].as_object_mut().expect("definitions");
    definitions.values_mut().for_each(close);
    let definitions = definitions.clone();
    let validator = |kind: &Value| {
        let reference = kind["$ref"].as_str().expect("a reference");
        let schema = json!({ "$ref": reference, "$defs": definitions });
        let options = jsonschema::options().should_validate_formats(true);
        (reference.replace("#/$defs/", ""), options.build(&schema).expect("the schemas are valid"))
    };
    document["oneOf"].as_array().expect("kinds").iter().map(validator).collect()
});

fn printed(arguments: &[&str]) -> Value {
    let output = Command::new(PROGRAM).args(arguments).output().expect("started");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Refuses members that are not described. The alternatives of a schema are closed by the schema around them, which sees
/// what they describe.
fn close(schema: &mut Value) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema["unevaluatedProperties"] = json!(false);
    }
    close_inside(schema);
}

fn close_inside(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    for (name, inner) in members {
        match (name.as_str(), inner) {
            ("properties", Value::Object(members)) => members.values_mut().for_each(close),
            ("oneOf" | "anyOf", Value::Array(alternatives)) => alternatives.iter_mut().for_each(close_inside),
            ("items", inner) => close(inner),
            _ => {}
        }
    }
}

/// Judges each line of an output that is a record, or looks like one.
#[track_caller]
pub(crate) fn judge_records(output: &str) {
    for line in output.lines().filter(|line| line.starts_with(r#"{"kind":"#)) {
        // A line may be cut where a test reads a part of the output only.
        let Ok(record) = serde_json::from_str::<Value>(line) else { continue };
        if let Err(why) = judge(&record) {
            panic!("a record does not fit its schema: {why}\n{line}");
        }
    }
}

fn judge(record: &Value) -> Result<(), String> {
    let kind = record["kind"].as_str().unwrap_or_default();
    let validator = VALIDATORS.get(kind).ok_or_else(|| format!("there is no schema of {kind:?}"))?;
    let errors: Vec<String> =
        validator.iter_errors(record).map(|error| format!("{error} at `{}`", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}

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
error: invalid value 'evnt' for '[KIND]' [possible values: ready, event, unverified, forward, tunnel, warning, error, summary, forward_summary, event_history, explanation, stats, exported, pruned, signature, verification, secret, login, logout, identity, render, page, download, request, webhook, fault]
  hint: a similar value exists: 'event'

"#]]);
}
