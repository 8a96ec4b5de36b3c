//! Batches from their manifests to their results, with an engine that only pretends to pay.

mod plans;
mod reading;
mod runs;

use std::path::Path;

use clap::Parser;
use tempfile::TempDir;

use super::manifest::Manifest;
use super::row::{Row, rows};
use crate::commands::render::settings::Settings;
use crate::images::Picture;

#[derive(Debug, Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// A folder with these files; one digit makes a photo of its own.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let photo = text.parse().map(|seed: u64| Picture::empty_room((12, 8), seed).jpeg());
        std::fs::write(folder.path().join(name), photo.unwrap_or(text.as_bytes().to_vec())).expect("written");
    }
    folder
}

fn read(path: &Path, flags: &str) -> Result<Vec<Row>, Vec<String>> {
    let manifest = Manifest::read(path).map_err(|error| vec![error.message])?;
    let flags = Flags::try_parse_from(["vsai"].into_iter().chain(flags.split_whitespace())).expect("flags");
    rows(manifest, &flags.settings, false)
}

/// Rows of links to photos with these names, all different.
fn rows_of(names: &[&str]) -> Vec<Row> {
    let lines: String = names.iter().map(|name| format!("{{\"image\":\"https://a.example/{name}\"}}\n")).collect();
    let folder = folder(&[("m.jsonl", &lines)]);
    read(&folder.path().join("m.jsonl"), "--room living --style modern -n 2").expect("valid")
}
