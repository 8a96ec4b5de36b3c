//! The rows of a batch: each with its photo and its settings, all checked before anything is paid.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use serde_json::{Map, Value};

use super::manifest::{Manifest, ManifestRow, Place};
use crate::commands::render::settings::Settings;
use crate::commands::render::wanted::Wanted;
use crate::jobs::{Image, Source};

/// One photo and what is wanted of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) place: Place,
    /// The photo in words; a file's name as the manifest has it.
    pub(super) label: String,
    pub(super) image: Image,
    /// What the user calls it.
    pub(super) name: Option<String>,
    pub(super) wanted: Wanted,
    /// The index of an earlier row that asks for the very same.
    pub(super) same_as: Option<usize>,
}

/// The rows in their order, or all that is wrong with them, by where it is. `as_is` is how files are sent.
pub(super) fn rows(manifest: Manifest, flags: &Settings, as_is: bool) -> Result<Vec<Row>, Vec<String>> {
    let (mut rows, mut wrong, mut first) = (Vec::new(), Vec::new(), HashMap::new());
    for ManifestRow { place, members } in manifest.rows {
        let name = place.to_string();
        match members.and_then(|members| row(place, &members, &manifest.folder, flags, as_is)) {
            Ok(mut row) => {
                match first.entry((row.image.identity, row.wanted.body.to_string())) {
                    Entry::Occupied(earlier) => row.same_as = Some(*earlier.get()),
                    Entry::Vacant(new) => drop(new.insert(rows.len())),
                }
                rows.push(row);
            }
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
}

fn row(
    place: Place,
    members: &Map<String, Value>,
    folder: &Path,
    flags: &Settings,
    as_is: bool,
) -> Result<Row, String> {
    let text = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim())),
        Some(other) => Err(format!("{name}: {other} is no text")),
    };
    let image = text("image")?.filter(|image| !image.is_empty()).ok_or("it names no image")?;
    let name = text("name")?.map(str::to_owned);
    let wanted = flags.of_row(members)?.build().map_err(|error| without_list(&error.message))?;
    let (label, image) = photo(image, folder, as_is)?;
    Ok(Row { place, label, image, name, wanted, same_as: None })
}

/// An error without the list of all values where it says which one was meant: many rows may have it.
fn without_list(message: &str) -> String {
    let meant = message.split_once("; known: ").filter(|(start, _)| start.contains("did you mean"));
    meant.map_or(message, |(start, _)| start).to_owned()
}

/// The photo, read and checked but for what only decoding shows, and what to call it.
fn photo(text: &str, folder: &Path, as_is: bool) -> Result<(String, Image), String> {
    let source = match Source::parse(text) {
        Source::Stdin => return Err("standard input is no photo of a batch".to_owned()),
        Source::File(path) => Source::File(folder.join(path)),
        url => url,
    };
    let image = source.read(as_is).map_err(|error| error.to_string())?;
    let label = if matches!(source, Source::File(_)) { text.to_owned() } else { image.label.clone() };
    Ok((label, image))
}
