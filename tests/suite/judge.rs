//! The judge that every record in an output has to pass: the schema of its kind, with nothing that is not described.

use std::collections::HashMap;
use std::process::Command;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::home::PROGRAM;

/// A validator for each kind. Unknown members are refused at every level, unlike by the schemas as they are printed.
pub(crate) static VALIDATORS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
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

pub(crate) fn printed(arguments: &[&str]) -> Value {
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

pub(crate) fn judge(record: &Value) -> Result<(), String> {
    let kind = record["kind"].as_str().unwrap_or_default();
    let validator = VALIDATORS.get(kind).ok_or_else(|| format!("there is no schema of {kind:?}"))?;
    let errors: Vec<String> =
        validator.iter_errors(record).map(|error| format!("{error} at `{}`", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}
