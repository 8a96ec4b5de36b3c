//! The API's description as a judge: answers and webhooks must fit it as it is, requests must fit it with closed objects.
//! The validator and the description are other people's, so that neither the client nor the sandbox judges itself.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

static OPENAPI: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/openapi.json")).expect("the fixture is JSON"));

/// A request's query and body, for a path such as `/renders/rnd_1?variations_limit=2`, with unknown parameters refused,
/// and unknown members at every level.
pub(crate) fn request_fits(method: &str, path: &str, body: Option<&Value>) -> Result<(), String> {
    let (pointer, operation) = operation(method, path)?;
    for (name, value) in url::form_urlencoded::parse(path.split_once('?').map_or("", |(_, query)| query).as_bytes()) {
        parameter_fits(&pointer, operation, &name, &value).map_err(|why| format!("{method} {path}: {why}"))?;
    }
    match (operation.pointer("/requestBody/content/application~1json/schema"), body) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(format!("{method} {path} takes no body")),
        (Some(_), None) => Err(format!("{method} {path} needs a body")),
        (Some(schema), Some(body)) => judge(&format!("closed {pointer}"), || closed(schema), body)
            .map_err(|why| format!("{method} {path}: {why}")),
    }
}

/// An answer with its status; `None` where there was no body.
pub(crate) fn answer_fits(method: &str, path: &str, status: u16, body: Option<&Value>) -> Result<(), String> {
    let (pointer, operation) = operation(method, path)?;
    let mut response = &operation["responses"][status.to_string()];
    if response.is_null() && status == 400 {
        // The documentation names a validation error for reads too, without its number.
        response = resolved("#/components/responses/BadRequest");
    }
    if let Some(reference) = response["$ref"].as_str() {
        response = resolved(reference);
    }
    if response.is_null() {
        return Err(format!("{method} {path} never answers {status}"));
    }
    match (response.pointer("/content/application~1json/schema"), body) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(format!("{method} {path} answers {status} without a body")),
        (Some(_), None) => Err(format!("{method} {path} answers {status} with a body")),
        (Some(schema), Some(body)) => {
            let name = format!("{pointer} {status}");
            judge(&name, || schema.clone(), body).map_err(|why| format!("{method} {path} {status}: {why}"))
        }
    }
}

/// The payload of a webhook, of whatever type it says it is.
pub(crate) fn webhook_fits(body: &Value) -> Result<(), String> {
    judge("webhook", || json!({ "$ref": "#/components/schemas/WebhookEvent" }), body)
}

fn parameter_fits(pointer: &str, operation: &'static Value, name: &str, value: &str) -> Result<(), String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let described = parameters.into_iter().find(|parameter| parameter["in"] == "query" && parameter["name"] == name);
    let schema = &described.ok_or_else(|| format!("there is no parameter {name}"))?["schema"];
    let value = match schema["type"].as_str() {
        Some("integer" | "boolean") => serde_json::from_str(value).unwrap_or_else(|_| json!(value)),
        _ => json!(value),
    };
    judge(&format!("{pointer} ?{name}"), || schema.clone(), &value)
}

fn judge(name: &str, schema: impl FnOnce() -> Value, instance: &Value) -> Result<(), String> {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, Validator>>> = LazyLock::new(Mutex::default);
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let validator = validators.entry(name.to_owned()).or_insert_with(|| {
        // References lead into the components of the description, so they go along.
        let schema = json!({ "allOf": [schema()], "components": OPENAPI["components"] });
        jsonschema::draft202012::new(&schema).expect("the description's schemas are valid")
    });
    let errors: Vec<String> =
        validator.iter_errors(instance).map(|error| format!("{} at `{}`", error, error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}

/// The operation at a path, and its name.
fn operation(method: &str, path: &str) -> Result<(String, &'static Value), String> {
    let path = path.split('?').next().unwrap_or(path);
    let fits = |template: &str| {
        let (wanted, found): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        wanted.len() == found.len()
            && wanted
                .iter()
                .zip(found)
                .all(|(want, got)| if want.starts_with('{') { !got.is_empty() } else { *want == got })
    };
    let paths = OPENAPI["paths"].as_object().expect("paths are an object");
    let mut matching = paths.iter().filter(|(template, _)| fits(template));
    let operation = matching.find_map(|(template, item)| Some((template, item.get(method.to_ascii_lowercase())?)));
    let (template, operation) = operation.ok_or_else(|| format!("there is no {method} {path}"))?;
    Ok((format!("{method} {template}"), operation))
}

fn resolved(reference: &str) -> &'static Value {
    OPENAPI.pointer(reference.trim_start_matches('#')).expect("the description's references lead somewhere")
}

/// The schema with every object closed. References are replaced by what they name and `allOf` by one object, because
/// `additionalProperties` does not see past either.
fn closed(schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return closed(resolved(reference));
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return merged(parts.iter().map(closed));
    }
    let mut closed_schema = schema.clone();
    for list in ["oneOf", "items"] {
        match closed_schema.get_mut(list) {
            Some(Value::Array(parts)) => parts.iter_mut().for_each(|part| *part = closed(part)),
            Some(part) => *part = closed(part),
            None => {}
        }
    }
    if let Some(Value::Object(members)) = closed_schema.get_mut("properties") {
        members.values_mut().for_each(|member| *member = closed(member));
        closed_schema["additionalProperties"] = json!(false);
    }
    closed_schema
}

fn merged(parts: impl Iterator<Item = Value>) -> Value {
    let mut whole = Map::new();
    for part in parts {
        let Value::Object(part) = part else { continue };
        for (name, value) in part {
            match (whole.get_mut(&name), value) {
                (Some(Value::Object(all)), Value::Object(more)) => all.extend(more),
                (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
                (_, value) => {
                    whole.insert(name, value);
                }
            }
        }
    }
    Value::Object(whole)
}

#[test]
fn the_descriptions_own_examples_fit() {
    let paths = OPENAPI["paths"].as_object().expect("paths are an object");
    let mut judged = 0;
    for (template, item) in paths {
        for (method, operation) in item.as_object().expect("methods are an object") {
            let examples = operation.pointer("/requestBody/content/application~1json/examples");
            for example in examples.and_then(Value::as_object).into_iter().flat_map(Map::values) {
                request_fits(method, template, Some(&example["value"])).expect("a request that fits");
                judged += 1;
            }
        }
    }
    assert!(judged >= 8, "{judged} examples");
}

#[test]
fn unknown_members_are_refused_at_every_level() {
    let request = |path: &str, body: Value| request_fits("POST", path, Some(&body));
    let url = "https://example.com/a.jpg";
    for (path, body) in [
        ("/user/webhook-secret", json!({ "secret": "s", "more": 1 })),
        ("/renders", json!({ "config": { "type": "enhancement" }, "image_url": url, "more": 1 })),
        ("/renders", json!({ "config": { "type": "enhancement", "more": 1 }, "image_url": url })),
        ("/renders", json!({ "config": { "type": "enhancement", "variation_count": 1 }, "image_url": url })),
        ("/renders", json!({ "configs": [{ "type": "enhancement", "more": 1 }], "image_url": url })),
        (
            "/renders/rnd_1/variations",
            json!({ "config": { "type": "staging", "remove_furniture": { "mode": "on", "more": 1 } } }),
        ),
    ] {
        request(path, body.clone()).expect_err(&body.to_string());
    }
    request("/renders", json!({ "configs": [{ "type": "enhancement", "variation_count": 2 }], "image_url": url }))
        .expect("a count within a config of several");
}

#[test]
fn paths_methods_and_parameters_have_to_be_described() {
    for (method, path, fits) in [
        ("GET", "/renders?limit=5&cursor=7&order=asc", true),
        ("GET", "/renders/a%2Fb?include_variations=true&variations_limit=1", true),
        ("GET", "/renders?limit=0", false),
        ("GET", "/renders?limit=five", false),
        ("GET", "/renders?order=newest", false),
        ("GET", "/renders?page=2", false),
        ("GET", "/renders/a?include_variations=yes", false),
        ("GET", "/renders/", false),
        ("GET", "/renders/a/b", false),
        ("PATCH", "/renders", false),
    ] {
        let judged = request_fits(method, path, None);
        assert_eq!(judged.is_ok(), fits, "{method} {path}: {judged:?}");
    }
}
