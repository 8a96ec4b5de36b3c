//! The rows of a batch: each with its photo and its settings, all checked before anything is paid.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::manifest::{Manifest, Place};
use crate::commands::render::settings::{Settings, start_of};
use crate::commands::render::wanted::Wanted;
use crate::files::reason;
use crate::protocol::render::check_image_url;

/// One photo and what is wanted of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) place: Place,
    pub(super) photo: Photo,
    /// What the user calls it.
    pub(super) name: Option<String>,
    pub(super) wanted: Wanted,
    /// The index of an earlier row that asks for the very same.
    pub(super) same_as: Option<usize>,
}

/// A photo: where it is, and what makes it the same photo as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Photo {
    /// As the manifest has it.
    pub(super) label: String,
    /// A link, a data URL, or a path.
    pub(super) source: PathBuf,
    /// SHA-256 of the file's bytes, or of the exact URL.
    pub(super) identity: [u8; 32],
}

/// The rows in their order, or all that is wrong with them, by where it is.
pub(super) fn rows(manifest: Manifest, flags: &Settings) -> Result<Vec<Row>, Vec<String>> {
    let (mut rows, mut wrong, mut first) = (Vec::new(), Vec::new(), HashMap::new());
    for entry in manifest.rows {
        let place = entry.place;
        match entry.members.and_then(|members| row(&members, &manifest.folder, flags)) {
            Ok((photo, name, wanted)) => {
                let same_as = match first.entry((photo.identity, wanted.body.to_string())) {
                    Entry::Occupied(earlier) => Some(*earlier.get()),
                    Entry::Vacant(new) => {
                        new.insert(rows.len());
                        None
                    }
                };
                rows.push(Row { place, photo, name, wanted, same_as });
            }
            Err(why) => wrong.push(format!("{place}: {why}")),
        }
    }
    if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
}

fn row(
    members: &Map<String, Value>,
    folder: &Path,
    flags: &Settings,
) -> Result<(Photo, Option<String>, Wanted), String> {
    let text = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim())),
        Some(other) => Err(format!("{name}: {other} is no text")),
    };
    let image = text("image")?.filter(|image| !image.is_empty()).ok_or("it names no image")?;
    let name = text("name")?.map(str::to_owned);
    let wanted = flags.of_row(members)?.build().map_err(|error| without_list(&error.message))?;
    Ok((Photo::inspect(image, folder)?, name, wanted))
}

/// An error without the list of all values where it says which one was meant: many rows may have it.
fn without_list(message: &str) -> String {
    let meant = message.split_once("; known: ").filter(|(start, _)| start.contains("did you mean"));
    meant.map_or(message, |(start, _)| start).to_owned()
}

impl Photo {
    /// Reads what tells whether it is the same photo as another.
    fn inspect(image: &str, folder: &Path) -> Result<Self, String> {
        let is_url = image.contains("://") || image.starts_with("data:");
        let (source, bytes) = if is_url {
            check_image_url(image).map_err(|error| format!("cannot send {}: {error}", start_of(image)))?;
            (PathBuf::from(image), image.as_bytes().to_vec())
        } else {
            let path = folder.join(image);
            let bytes = std::fs::read(&path).map_err(|error| format!("cannot read {image}: {}", reason(&error)))?;
            (path, bytes)
        };
        Ok(Self { label: start_of(image), source, identity: Sha256::digest(&bytes).into() })
    }
}
