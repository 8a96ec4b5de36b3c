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
        [$(($kind, include_str!(concat!("schema/", $kind, ".json")))),*]
    };
}

const KINDS: [(&str, &str); 18] = kinds![
    "ready",
    "event",
    "unverified",
    "warning",
    "error",
    "summary",
    "download",
    "login",
    "logout",
    "identity",
    "secret",
    "signature",
    "verification",
    "render",
    "page",
    "request",
    "webhook",
    "fault",
];

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Print the JSON Schema of the records that --json prints
///
/// Without a kind, of all of them in one document. Later versions may add members to a record: readers pass over what they do not
/// know.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// One kind of record
    #[arg(value_parser = PossibleValuesParser::new(KINDS.map(|(kind, _)| kind)))]
    kind: Option<String>,
}

impl Schema {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let schema = match self.kind {
            Some(wanted) => KINDS.iter().find(|(kind, _)| *kind == wanted).map(one).unwrap_or_default(),
            None => all(),
        };
        let text = serde_json::to_string_pretty(&schema).expect("a document with string keys");
        context.printer.bytes(format!("{text}\n").as_bytes());
        Ok(Exit::Done)
    }
}

fn members((_, text): &(&str, &str)) -> Map<String, Value> {
    serde_json::from_str(text).expect("the files are part of the program, and a test reads all of them")
}

/// A document of its own.
fn one(kind: &(&str, &str)) -> Map<String, Value> {
    let mut document = Map::from_iter([("$schema".to_owned(), DIALECT.into())]);
    document.extend(members(kind));
    document
}

/// One document: a record is of one of the kinds. What a kind's file defines stands beside the kinds.
fn all() -> Map<String, Value> {
    let (mut definitions, mut kinds, mut parts) = (Map::new(), Vec::new(), Map::new());
    for kind in &KINDS {
        let mut members = members(kind);
        if let Some(Value::Object(own)) = members.remove("$defs") {
            parts.extend(own);
        }
        kinds.push(json!({ "$ref": format!("#/$defs/{}", kind.0) }));
        definitions.insert(kind.0.to_owned(), members.into());
    }
    definitions.extend(parts);
    Map::from_iter([
        ("$schema".to_owned(), DIALECT.into()),
        ("title".to_owned(), "A line that vsai --json prints".into()),
        ("oneOf".to_owned(), kinds.into()),
        ("$defs".to_owned(), definitions.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_describes_its_kind_and_no_two_define_one_name() {
        let mut names: Vec<String> = KINDS.map(|(kind, _)| kind.to_owned()).into();
        for kind in &KINDS {
            let members = members(kind);
            assert_eq!(members["properties"]["kind"]["const"], kind.0);
            let version = members["properties"]["schema"]["const"].as_str().expect("a version");
            assert!(version.starts_with(&format!("vsai.{}/", kind.0)), "{version}");
            assert!(members["description"].is_string(), "{}", kind.0);
            names.extend(
                members.get("$defs").and_then(Value::as_object).into_iter().flat_map(|own| own.keys().cloned()),
            );
        }
        let defined = all()["$defs"].as_object().map(Map::len);
        assert_eq!(defined, Some(names.len()), "{names:?}");
    }
}
