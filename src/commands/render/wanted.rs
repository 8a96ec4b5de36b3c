//! What a render or more variations are asked to be: the request but for its photo and its webhook.

use serde_json::Value;

use crate::error::Error;
use crate::output::Printer;

/// A request but for its photo and its webhook.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    /// With `config` and `variation_count`, or with `configs`.
    pub(super) body: Value,
    /// What is sent all the same.
    pub(super) cautions: Vec<Caution>,
    /// The flags that say the same, but for the number of variations.
    pub(super) flags: String,
    /// Whether all in it is known here.
    pub(super) is_checked: bool,
}

/// Something that may not come out as hoped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caution {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Wanted {
    /// Variations that are asked for. Furniture removal may add one more.
    pub(super) fn count(&self) -> u64 {
        let count_of = |value: &Value| value["variation_count"].as_u64().unwrap_or(1);
        match self.body["configs"].as_array() {
            Some(configs) => configs.iter().map(count_of).sum(),
            None => count_of(&self.body),
        }
    }

    /// Variations with each config.
    pub(super) fn each(&self) -> u32 {
        u32::try_from(self.count() / self.configs().count().max(1) as u64).unwrap_or(u32::MAX)
    }

    /// The flags that ask for the same with so many variations of each config.
    pub(super) fn flags_with(&self, each: u32) -> String {
        if each == 1 { self.flags.clone() } else { format!("{} -n {each}", self.flags) }
    }

    /// What is done: staging, daytodusk, …
    pub(super) fn kind(&self) -> Option<&str> {
        self.configs().find_map(|config| config["type"].as_str())
    }

    /// The room, to label pictures with.
    pub(super) fn room(&self) -> Option<&str> {
        self.furniture("room_type").next()
    }

    /// The styles, to label pictures with: one for each config.
    pub(super) fn styles(&self) -> Vec<&str> {
        self.furniture("style").collect()
    }

    /// What is wanted, for a line in a list.
    pub(super) fn in_words(&self) -> String {
        let furniture: Vec<&str> = self.room().into_iter().chain(self.styles()).collect();
        let what = match self.kind() {
            _ if !furniture.is_empty() => furniture.join(" "),
            Some("staging") => "removal".to_owned(),
            kind => kind.unwrap_or("configs").to_owned(),
        };
        format!("{what} ×{}", self.count())
    }

    /// The body with this photo, or with the two views of a room, and where webhooks go.
    pub(super) fn request(&self, mut images: Vec<String>, webhook_url: Option<&str>) -> Value {
        let mut body = self.body.clone();
        match images.len() {
            0 => {}
            // Moved: an image may have megabytes.
            1 => body["image_url"] = images.remove(0).into(),
            _ => body["image_urls"] = images.into(),
        }
        if let Some(url) = webhook_url {
            body["webhook_url"] = url.into();
        }
        body
    }

    /// Refuses what two views of a room cannot be asked for (documented), unless it is the user's own config.
    pub(super) fn check_multi_view(&self) -> Result<(), Error> {
        let config = &self.body["config"];
        let empties = config.get("remove_furniture").is_some_and(|removal| removal["mode"] != "off");
        let why = if !self.is_checked {
            return Ok(());
        } else if self.body.get("configs").is_some() {
            "one style at a time"
        } else if config["type"] != "staging" || empties {
            "furnishing only, without removal"
        } else if !matches!(self.room(), Some("living" | "bed")) {
            "rooms living and bed only"
        } else {
            return Ok(());
        };
        Err(Error::usage(format!("--multi-view takes {why}")))
    }

    /// Warns of what is sent all the same.
    pub(super) fn warn(&self, printer: &Printer) {
        self.cautions.iter().for_each(|caution| printer.warning(caution.code, &caution.message));
    }

    fn furniture<'a>(&'a self, member: &'a str) -> impl Iterator<Item = &'a str> {
        self.configs().filter_map(move |config| config["add_furniture"][member].as_str())
    }

    fn configs(&self) -> impl Iterator<Item = &Value> {
        let several = self.body["configs"].as_array().into_iter().flatten();
        self.body.get("config").into_iter().chain(several)
    }
}
