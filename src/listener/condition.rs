//! Which events are of interest, and when enough of them have come.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use serde_json::value::RawValue;

use crate::journal::EventRecord;
use crate::protocol::canonical_json::canonicalize;

/// `--filter NAME=VALUE`: a member of the payload by its path, or a query parameter as `query.NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    path: String,
    value: String,
}

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((path, value)) if !path.is_empty() => Ok(Self { path: path.to_owned(), value: value.to_owned() }),
            _ => Err("a filter looks like render_id=rnd_abc, result.url=… or query.job=7".to_owned()),
        }
    }
}

impl Filter {
    /// `payload` is canonical.
    fn admits(&self, record: &EventRecord, payload: Option<&str>) -> bool {
        if let Some(name) = self.path.strip_prefix("query.") {
            let query = record.target().split_once('?').map_or("", |(_, query)| query);
            return url::form_urlencoded::parse(query.as_bytes()).any(|(n, value)| n == name && value == self.value);
        }
        payload.and_then(|payload| member(payload, &self.path)).is_some_and(|found| {
            found == self.value || serde_json::from_str::<String>(found).is_ok_and(|text| text == self.value)
        })
    }
}

/// The text of a member by its path, such as `result.url` or `result.0.url`. Only what is on the path has to be readable.
fn member<'a>(payload: &'a str, path: &str) -> Option<&'a str> {
    path.split('.').try_fold(payload, |value, name| {
        if let Ok(members) = serde_json::from_str::<HashMap<String, &RawValue>>(value) {
            return members.get(name).map(|member| member.get());
        }
        let items: Vec<&RawValue> = serde_json::from_str(value).ok()?;
        items.get(name.parse::<usize>().ok()?).map(|item| item.get())
    })
}

/// Which events are shown and counted: any of the types (all, when none is named) that meet every filter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interest {
    pub(crate) types: Vec<String>,
    pub(crate) filters: Vec<Filter>,
}

impl Interest {
    pub(crate) fn admits(&self, record: &EventRecord) -> bool {
        let is_of_interest = |event_type| self.types.iter().any(|wanted| wanted == event_type);
        if !self.types.is_empty() && !record.event_type().is_some_and(is_of_interest) {
            return false;
        }
        if self.filters.is_empty() {
            return true;
        }
        let payload = canonicalize(record.payload().as_bytes()).ok();
        self.filters.iter().all(|filter| filter.admits(record, payload.as_deref()))
    }
}

/// `--until-done RENDER=N` or `--until-done VARIATION`. A variation that has failed has ended, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UntilDone {
    /// So many variations of a render have ended.
    Render(String, usize),
    /// One variation has ended.
    Variation(String),
}

impl FromStr for UntilDone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if !text.is_empty() => Ok(Self::Variation(text.to_owned())),
            Some((render, count)) if !render.is_empty() => match count.parse() {
                Ok(count) if count > 0 => Ok(Self::Render(render.to_owned(), count)),
                _ => Err(format!("{count:?} is no number of variations")),
            },
            _ => Err("write RENDER=N or VARIATION".to_owned()),
        }
    }
}

/// When to stop by itself: after so many events, or when every `--until-done` is met, whichever is first.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    count: Option<u64>,
    until_done: Vec<UntilDone>,
    counted: u64,
    ended: BTreeSet<(String, String)>,
}

impl Conditions {
    pub(crate) fn new(count: Option<u64>, until_done: Vec<UntilDone>) -> Self {
        Self { count, until_done, ..Self::default() }
    }

    /// Whether there is anything to wait for.
    pub(crate) fn any(&self) -> bool {
        self.count.is_some() || !self.until_done.is_empty()
    }

    /// Takes note of a verified event of interest; a duplicate counts for nothing.
    pub(crate) fn note(&mut self, record: &EventRecord) {
        if record.is_duplicate() {
            return;
        }
        self.counted += 1;
        if self.until_done.is_empty() {
            return;
        }
        if let (Some(render), Some((variation, _))) = (record.render_id(), record.identity().outcome()) {
            self.ended.insert((render.to_owned(), variation.to_owned()));
        }
    }

    pub(crate) fn met(&self) -> bool {
        self.any()
            && (self.count.is_some_and(|count| self.counted >= count)
                || (!self.until_done.is_empty() && self.until_done.iter().all(|until| self.has_ended(until))))
    }

    /// How far it has come, for people.
    pub(crate) fn progress(&self) -> String {
        let mut parts = Vec::new();
        if let Some(count) = self.count {
            parts.push(format!("{} of {count} events came", self.counted));
        }
        for until in &self.until_done {
            parts.push(match until {
                UntilDone::Render(render, count) => {
                    let ended = self.ended_of(render);
                    format!("{ended} of {count} variations of {render} have ended")
                }
                UntilDone::Variation(_) if self.has_ended(until) => continue,
                UntilDone::Variation(variation) => format!("variation {variation} has not ended"),
            });
        }
        parts.join(", ")
    }

    /// The flags with which another run waits for what is still missing: it begins to count anew.
    pub(crate) fn missing(&self) -> String {
        let count = self.count.map(|count| format!("--count {}", count.saturating_sub(self.counted)));
        let until_done = self.until_done.iter().filter(|until| !self.has_ended(until)).map(|until| match until {
            UntilDone::Render(render, count) => format!("--until-done {render}={}", count - self.ended_of(render)),
            UntilDone::Variation(variation) => format!("--until-done {variation}"),
        });
        count.into_iter().chain(until_done).collect::<Vec<_>>().join(" ")
    }

    fn ended_of(&self, render: &str) -> usize {
        self.ended.iter().filter(|(of, _)| of == render).count()
    }

    fn has_ended(&self, until: &UntilDone) -> bool {
        match until {
            UntilDone::Render(render, count) => self.ended_of(render) >= *count,
            UntilDone::Variation(variation) => self.ended.iter().any(|(_, ended)| ended == variation),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::journal::{Arrival, Headers};
    use crate::protocol::{Secret, SigningKey, Verifier};

    fn event(event_type: &str, render: &str, variation: &str) -> Box<EventRecord> {
        let text = format!(
            r#"{{"event_type":"{event_type}","render_id":"{render}","variation_id":"{variation}","variation_type":"staging","timestamp":7,"error_message":"m","result":{{"url":"u"}}}}"#
        );
        let secret = Secret::new("s").expect("not empty");
        let signature = SigningKey::new(&secret).sign(text.as_bytes());
        let verified = Verifier::new(&[secret]).verify(text.as_bytes(), signature).expect("verified");
        let arrival = Arrival {
            received_at: Timestamp::UNIX_EPOCH,
            target: "/?job=a%20b".into(),
            headers: Headers::default(),
            reformatted: None,
        };
        Box::new(EventRecord::new(verified, String::new(), arrival))
    }

    #[test]
    fn filters_look_into_payload_and_query() {
        for (types, filter, admitted) in [
            ("done", "render_id=r", true),
            ("error", "render_id=r", false),
            ("done", "result.url=u", true),
            ("done", "timestamp=7", true),
            ("done", "query.job=a b", true),
            ("done", "query.job=a", false),
            ("done", "nothing=", false),
        ] {
            let filters = vec![filter.parse().expect("a filter")];
            let interest = Interest { types: vec![types.into()], filters };
            assert_eq!(interest.admits(&event("done", "r", "v")), admitted, "{types} {filter}");
        }
    }

    #[test]
    fn counts_distinct_ended_variations_of_the_render() {
        let mut conditions =
            Conditions::new(None, vec!["r=2".parse().expect("a condition"), "x".parse().expect("one")]);
        for (record, met) in [
            (event("done", "r", "1"), false),
            (event("done", "r", "1").numbered(2, true), false),
            (event("done", "other", "2"), false),
            (event("update", "r", "3"), false),
            (event("error", "r", "4"), false),
            (event("done", "other", "x"), true),
        ] {
            conditions.note(&record);
            assert_eq!(conditions.met(), met, "{record:?}");
        }
    }

    #[test]
    fn duplicates_count_for_nothing() {
        let mut conditions = Conditions::new(Some(2), vec![]);
        conditions.note(&event("done", "r", "1"));
        conditions.note(&event("done", "r", "1").numbered(2, true));
        assert!(!conditions.met());
        conditions.note(&event("done", "r", "2"));
        assert!(conditions.met());
    }

    #[test]
    fn refuses_conditions_that_cannot_be_met() {
        for text in ["", "=2", "r=0", "r=many"] {
            assert!(text.parse::<UntilDone>().is_err(), "{text:?}");
        }
    }
}
