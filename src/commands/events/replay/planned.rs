//! What `--dry-run` shows: a request as it would be sent, without the user's own headers.

use serde::Serialize;

use super::item::Item;
use crate::delivery::{Handler, Message};
use crate::output::{Meaning, Report, Text};

/// A request that was not sent.
#[derive(Debug, Serialize)]
pub(super) struct Planned<'a> {
    /// The delivery, or the file that it was read from.
    from: &'a str,
    /// The URL.
    target: String,
    headers: Vec<(String, String)>,
    payload: &'a str,
    /// Whether it is another payload than was received.
    changed: bool,
}

impl<'a> Planned<'a> {
    pub(super) fn new(item: &'a Item, handler: &Handler) -> Self {
        let parcel = item.parcel();
        Self {
            from: item.name(),
            target: handler.target_of(&parcel).to_string(),
            headers: shown(&handler.message(&parcel)),
            payload: item.payload(),
            changed: item.is_changed(),
        }
    }
}

/// The user's own headers are marked as sensitive: they may be credentials.
fn shown(message: &Message) -> Vec<(String, String)> {
    let headers = message.headers().iter().filter(|(_, value)| !value.is_sensitive());
    headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

impl Report for Planned<'_> {
    const KIND: &'static str = "planned";

    fn human(&self) -> Text {
        let mut text = Text::new();
        let changed = if self.changed { ", changed" } else { "" };
        text.plain("POST ").add(Meaning::Path, &self.target).add(Meaning::Dim, format!("  {}{changed}", self.from));
        for (name, value) in &self.headers {
            text.end_line().add(Meaning::Dim, format!("  {name}: ")).plain(value);
        }
        text.end_line();
        for line in self.payload.lines() {
            text.plain("  ").plain(line).end_line();
        }
        text
    }
}
