//! What `--dry-run` shows: a request as it would be sent, images cut short.

use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::Context;
use crate::error::Exit;
use crate::output::{Meaning, Report, Text};

/// A request that was not sent.
#[derive(Debug, Serialize)]
pub(crate) struct PlannedRequest {
    method: &'static str,
    url: String,
    /// Photos that it would cost, where that is known.
    photos: Option<u32>,
    /// Variations that it would make; furniture removal may add one.
    #[serde(skip_serializing_if = "Option::is_none")]
    variations: Option<u64>,
    body: Value,
}

impl PlannedRequest {
    /// A POST to a path below the API's base URL.
    pub(crate) fn new(api: &Url, path: &str, photos: u32, variations: u64, body: Value) -> Self {
        Self { photos: Some(photos), variations: Some(variations), ..Self::of_unknown_cost(api, path, body) }
    }

    /// The same for what makes no variations, and of which nobody has told what it costs.
    pub(crate) fn of_unknown_cost(api: &Url, path: &str, mut body: Value) -> Self {
        shorten(&mut body);
        let url = format!("{}{path}", api.as_str().trim_end_matches('/'));
        Self { method: "POST", url, photos: None, variations: None, body }
    }

    /// Prints it and what it would come to.
    pub(crate) fn show(&self, context: &Context) -> Exit {
        context.printer.report(self);
        let made = match self.variations {
            None => String::new(),
            Some(1) => "make 1 variation ".to_owned(),
            Some(variations) => format!("make {variations} variations "),
        };
        let cost = match self.photos {
            None => "perhaps cost a photo: that is not documented".to_owned(),
            Some(0) => "for nothing".to_owned(),
            Some(1) => "for 1 photo".to_owned(),
            Some(photos) => format!("for {photos} photos"),
        };
        context.printer.note(format!("nothing was sent; it would {made}{cost}"));
        Exit::Done
    }
}

impl Report for PlannedRequest {
    const KIND: &'static str = "planned_request";

    fn human(&self) -> Text {
        let mut text = Text::new();
        text.plain(self.method).plain(" ").add(Meaning::Path, &self.url).end_line();
        for line in format!("{:#}", self.body).lines() {
            text.plain(line).end_line();
        }
        text
    }
}

/// Cuts data URLs down to what they are and how large their content is.
fn shorten(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(shorten),
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::String(text) => {
            if let Some((kind, data)) = text.split_once(";base64,").filter(|(kind, _)| kind.starts_with("data:")) {
                *text = format!("{kind};base64,… ({})", size(data.len() * 3 / 4));
            }
        }
        _ => {}
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn images_are_cut_short_wherever_they_are() {
        let data = |length: usize| format!("data:image/jpeg;base64,{}", "A".repeat(length));
        let link = "https://example.com/a;base64,b.jpg";
        let body = json!({ "image_urls": [data(1_600_000), link], "config": { "mask": data(40) } });
        let api = Url::parse("https://api.example/v2/").expect("a URL");
        let planned = PlannedRequest::new(&api, "/renders", 1, 1, body);
        assert_eq!(planned.url, "https://api.example/v2/renders");
        let expected = json!({
            "image_urls": ["data:image/jpeg;base64,… (1.2 MB)", link],
            "config": { "mask": "data:image/jpeg;base64,… (30 bytes)" },
        });
        assert_eq!(planned.body, expected);
    }
}
