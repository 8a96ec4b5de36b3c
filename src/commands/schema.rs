//! `vsai schema`: the JSON Schema of the records that `--json` prints. Each kind has a file in `schema/`, and a test that
//! finds every kind in the sources.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::error::{Error, Exit};

/// Lists the kinds, each with the text of its file.
macro_rules! kinds {
    ($($kind:literal),* $(,)?) => {
        &[$(($kind, include_str!(concat!("schema/", $kind, ".json")))),*]
    };
}

const KINDS: &[(&str, &str)] = kinds![
    "ready",
    "event",
    "unverified",
    "forward",
    "case",
    "planned",
    "tunnel",
    "warning",
    "error",
    "summary",
    "forward_summary",
    "event_history",
    "explanation",
    "stats",
    "exported",
    "pruned",
    "consumer",
    "signature",
    "verification",
    "secret",
    "login",
    "logout",
    "identity",
    "planned_request",
    "render",
    "analysis",
    "multi_view",
    "added",
    "job",
    "plan",
    "row",
    "page",
    "download",
    "request",
    "webhook",
    "fault",
];

/// What several kinds refer to, or one kind several times.
const PARTS: &str = include_str!("schema/parts.json");

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// How a schema names another one of its document.
const REFERENCE: &str = "#/$defs/";

/// Print the JSON Schema of the records that --json prints
///
/// Without a kind, of all of them in one document. Later versions may add members to a record: readers pass over what they do not
/// know.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// One kind of record
    #[arg(value_parser = PossibleValuesParser::new(KINDS.iter().map(|(kind, _)| *kind)))]
    kind: Option<String>,
}

impl Schema {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let document = match self.kind {
            Some(kind) => of_one(&kind),
            None => of_all(),
        };
        let text = serde_json::to_string_pretty(&document).expect("a document with string keys");
        context.printer.bytes(format!("{text}\n").as_bytes());
        Ok(Exit::Done)
    }
}

/// Every kind and every part by its name.
fn definitions() -> Map<String, Value> {
    let read = |text: &str| -> Value {
        serde_json::from_str(text).expect("the files are part of the program, and tests read all of them")
    };
    let kinds = KINDS.iter().map(|(kind, text)| ((*kind).to_owned(), read(text)));
    let Value::Object(parts) = read(PARTS) else { return kinds.collect() };
    kinds.chain(parts).collect()
}

fn of_all() -> Map<String, Value> {
    let kinds: Vec<Value> = KINDS.iter().map(|(kind, _)| json!({ "$ref": format!("{REFERENCE}{kind}") })).collect();
    Map::from_iter([
        ("$schema".to_owned(), DIALECT.into()),
        ("title".to_owned(), "A line that vsai --json prints".into()),
        ("oneOf".to_owned(), kinds.into()),
        ("$defs".to_owned(), definitions().into()),
    ])
}

/// A kind as a document of its own, with what it refers to.
fn of_one(kind: &str) -> Map<String, Value> {
    let mut definitions = definitions();
    let mut document = Map::from_iter([("$schema".to_owned(), DIALECT.into())]);
    let mut referred = Vec::new();
    if let Some(Value::Object(members)) = definitions.get(kind).cloned() {
        document.extend(members);
    }
    document.values().for_each(|value| note_references(value, &mut referred));
    let mut at = 0;
    while let Some(definition) = referred.get(at).and_then(|name| definitions.get(name)) {
        note_references(definition, &mut referred);
        at += 1;
    }
    definitions.retain(|name, _| referred.contains(name));
    if !definitions.is_empty() {
        document.insert("$defs".to_owned(), definitions.into());
    }
    document
}

fn note_references(value: &Value, referred: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| note_references(value, referred)),
        Value::Array(items) => items.iter().for_each(|value| note_references(value, referred)),
        Value::String(text) => {
            let name = text.strip_prefix(REFERENCE).filter(|name| !referred.iter().any(|known| known == name));
            referred.extend(name.map(str::to_owned));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_describes_its_kind() {
        let definitions = definitions();
        for (kind, _) in KINDS {
            let schema = &definitions[*kind];
            assert_eq!(schema["properties"]["kind"]["const"], *kind);
            let version = schema["properties"]["schema"]["const"].as_str().expect("a version");
            assert!(version.starts_with(&format!("vsai.{kind}/")), "{version}");
            assert!(schema["description"].is_string(), "{kind}");
        }
    }

    #[test]
    fn a_kind_alone_has_what_it_refers_to_and_nothing_else() {
        let names = |kind: &str| {
            let document = of_one(kind);
            let definitions = document.get("$defs").and_then(Value::as_object);
            definitions.map_or(Vec::new(), |definitions| definitions.keys().cloned().collect())
        };
        assert_eq!(names("page"), [""; 0]);
        assert_eq!(names("event_history"), ["event", "attempt", "forwarded"]);
        assert_eq!(names("explanation"), ["unverified", "diagnosis", "finding"]);
    }
}
