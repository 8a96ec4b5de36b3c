//! Reading the members of a request's objects; what is wrong is told with the member's path, such as
//! `config.add_furniture.style`.

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// An object of the request and where it stands.
pub(super) struct Members<'a> {
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    /// The object at `path`, which is empty for the body itself. When `strict`, other members than `known` are refused.
    pub(super) fn of(value: &'a Value, path: &str, known: &[&str], strict: bool) -> Result<Self, Refusal> {
        let Value::Object(map) = value else {
            let place = if path.is_empty() { "Invalid request body: it" } else { path };
            return Err(Refusal::invalid(format!("{place} must be an object")));
        };
        let this = Self { path: path.to_owned(), map };
        match map.keys().find(|member| !known.contains(&member.as_str())) {
            Some(unknown) if strict => {
                let name = this.name(&cut(unknown));
                Err(Refusal::invalid(format!("{name} is no member of this request; there are {}", known.join(", "))))
            }
            _ => Ok(this),
        }
    }

    /// The path of a member.
    pub(super) fn name(&self, member: &str) -> String {
        if self.path.is_empty() { member.to_owned() } else { format!("{}.{member}", self.path) }
    }

    /// A refusal about a member.
    pub(super) fn wrong(&self, member: &str, must: &str) -> Refusal {
        Refusal::invalid(format!("{} {must}", self.name(member)))
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.map.contains_key(member)
    }

    pub(super) fn get(&self, member: &str) -> Option<&'a Value> {
        self.map.get(member)
    }

    pub(super) fn required(&self, member: &str) -> Result<&'a Value, Refusal> {
        self.get(member).ok_or_else(|| self.wrong(member, "is missing"))
    }

    /// A text that may be left out.
    pub(super) fn text(&self, member: &str) -> Result<Option<&'a str>, Refusal> {
        self.get(member).map(|value| value.as_str().ok_or_else(|| self.wrong(member, "must be a string"))).transpose()
    }

    /// A flag that is false when left out.
    pub(super) fn flag(&self, member: &str) -> Result<bool, Refusal> {
        let Some(value) = self.get(member) else { return Ok(false) };
        value.as_bool().ok_or_else(|| self.wrong(member, "must be true or false"))
    }

    /// One of a fixed list of texts.
    pub(super) fn one_of(&self, member: &str, allowed: &[&'static str]) -> Result<&'static str, Refusal> {
        let value = self.required(member)?;
        let found = allowed.iter().find(|allowed| value == *allowed);
        found.copied().ok_or_else(|| {
            let shown = cut(&value.to_string());
            self.wrong(member, &format!("must be one of {}, not {shown}", allowed.join(", ")))
        })
    }

    /// A whole number in a range; a default when left out.
    pub(super) fn count(&self, member: &str, from: u64, to: u64, default: u64) -> Result<u64, Refusal> {
        let Some(value) = self.get(member) else { return Ok(default) };
        let number = value.as_u64().filter(|number| (from..=to).contains(number));
        number.ok_or_else(|| {
            let shown = cut(&value.to_string());
            self.wrong(member, &format!("must be a whole number from {from} to {to}, not {shown}"))
        })
    }
}

/// A client's text short enough to be repeated to it.
fn cut(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}
