//! `--set a.b[0]=VALUE`: one member of a JSON document by its path.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

/// A path and the value to put there. The value is JSON where it parses, else a string.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    path: Vec<Step>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Index(usize),
}

/// More elements than this are not made up to reach an index.
const MAX_INDEX: usize = 100;

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, value) = text.split_once('=').ok_or("write PATH=VALUE, such as config.output_resolution=1536")?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        Ok(Self { path: steps(path)?, value })
    }
}

/// As it is written.
impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.path.iter().enumerate() {
            match step {
                Step::Member(name) if at == 0 => f.write_str(name)?,
                Step::Member(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        write!(f, "={}", self.value)
    }
}

fn steps(path: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return Err(format!("{path:?} is no path such as a.b[0]"));
        }
        steps.push(Step::Member(name.to_owned()));
        while let Some(inner) = rest.strip_prefix('[') {
            let (index, after) = inner.split_once(']').ok_or_else(|| format!("{path:?} lacks a closing ]"))?;
            let index = index.parse().ok().filter(|index| *index <= MAX_INDEX);
            steps.push(Step::Index(index.ok_or_else(|| format!("{path:?} has no index from 0 to {MAX_INDEX}"))?));
            rest = after;
        }
        if !rest.is_empty() {
            return Err(format!("{path:?} is no path such as a.b[0]"));
        }
    }
    Ok(steps)
}

impl Assignment {
    /// Whether it is about this member of the document, or something in it.
    pub(crate) fn begins_with(&self, member: &str) -> bool {
        matches!(self.path.first(), Some(Step::Member(name)) if name == member)
    }

    /// Puts the value into `document`, making objects and arrays on the way where there are none.
    pub(crate) fn apply(&self, document: &mut Value) {
        let mut place = document;
        for step in &self.path {
            place = match step {
                Step::Member(name) => member(place, name),
                Step::Index(index) => element(place, *index),
            };
        }
        *place = self.value.clone();
    }
}

fn member<'a>(place: &'a mut Value, name: &str) -> &'a mut Value {
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    place.as_object_mut().expect("just made").entry(name).or_insert(Value::Null)
}

fn element(place: &mut Value, index: usize) -> &mut Value {
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    let elements = place.as_array_mut().expect("just made");
    while elements.len() <= index {
        elements.push(Value::Null);
    }
    &mut elements[index]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_json_where_they_parse() {
        let mut document = json!({ "config": { "type": "staging" }, "n": 1 });
        for text in ["config.output_resolution=1536", "config.type=day_to_dusk", "list[1].x=true", "n=\"2\"", "t=a=b"] {
            text.parse::<Assignment>().expect("an assignment").apply(&mut document);
        }
        let expected = json!({ "config": { "type": "day_to_dusk", "output_resolution": 1536 }, "n": "2", "list": [null, { "x": true }], "t": "a=b" });
        assert_eq!(document, expected);
    }

    #[test]
    fn a_path_begins_with_its_first_member() {
        let begins = |text: &str| text.parse::<Assignment>().expect("an assignment").begins_with("image");
        assert!(begins("image=x") && begins("image[0].url=x"));
        assert!(!begins("images=x") && !begins("config.image=x"));
    }

    #[test]
    fn refuses_what_is_no_path() {
        for text in ["a", "=1", "a..b=1", "a[x]=1", "a[0=1", "a[0]b=1", "a[4000000000]=1"] {
            assert!(text.parse::<Assignment>().is_err(), "{text}");
        }
    }
}
