//! `results.csv` and `results.json` beside the pictures: what has become of every row whose pictures go into the folder, from
//! whichever manifest and run. Files of these names that are not ours are left as they are.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::results::RowReport;
use crate::error::Error;
use crate::files;
use crate::jobs::Folder;
use crate::output::{Report, json_record};

/// The columns of `results.csv`, by which a file of ours is known.
const COLUMNS: [&str; 14] = [
    "row", "image", "name", "type", "room", "styles", "status", "job", "render", "photos", "paid_now", "pictures",
    "files", "error",
];

/// A row of `results.json`.
#[derive(Deserialize)]
struct Kept {
    schema: String,
    #[serde(flatten)]
    row: RowReport,
}

/// Puts the rows into both files, each written whole or not at all, after those of other manifests and earlier runs. Returns
/// the files that are not ours and were left as they are.
pub(super) fn write(folder: &Folder, rows: Vec<RowReport>) -> Result<Vec<PathBuf>, Error> {
    // Another batch may have the folder.
    let _lock = folder.lock()?;
    let [csv, json] = ["results.csv", "results.json"].map(|name| folder.file(name));
    let earlier = there_is(&json)?.map(|bytes| rows_of(&bytes));
    let is_csv_ours = there_is(&csv)?.is_none_or(|bytes| bytes.starts_with(COLUMNS.join(",").as_bytes()));
    let is_json_ours = earlier.as_ref().is_none_or(Option::is_some);
    let rows = with_earlier(earlier.flatten().unwrap_or_default(), rows);
    let lines: Vec<String> = rows.iter().map(json_record).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n")).into_bytes();
    let mut left = Vec::new();
    for (path, is_ours, bytes) in [(csv, is_csv_ours, csv_of(&rows)), (json, is_json_ours, text)] {
        if is_ours {
            files::replace_shared(&path, &bytes).map_err(|error| Error::unwritable(&path, &error))?;
        } else {
            left.push(path);
        }
    }
    Ok(left)
}

fn there_is(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::unreadable(path, &error)),
    }
}

/// The rows of a `results.json`; none where it is not ours.
fn rows_of(bytes: &[u8]) -> Option<Vec<RowReport>> {
    let schema = format!("vsai.{}/{}", RowReport::KIND, RowReport::VERSION);
    let kept: Vec<Kept> = serde_json::from_slice(bytes).ok()?;
    kept.into_iter().map(|kept| (kept.schema == schema).then_some(kept.row)).collect()
}

/// A job is one purchase: what is told of it anew replaces what was told before. Earlier rows without one came to nothing.
fn with_earlier(mut all: Vec<RowReport>, rows: Vec<RowReport>) -> Vec<RowReport> {
    let told: HashSet<&String> = rows.iter().filter_map(|row| row.job.as_ref()).collect();
    all.retain(|row| row.job.as_ref().is_some_and(|job| !told.contains(job)));
    all.iter_mut().for_each(|row| row.paid_now = false);
    all.extend(rows);
    all
}

fn csv_of(rows: &[RowReport]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let in_memory = "a Vec takes all that is written to it, and every record has the header's length";
    writer.write_record(COLUMNS).expect(in_memory);
    for row in rows {
        writer.write_record(cells(row)).expect(in_memory);
    }
    writer.into_inner().expect(in_memory)
}

fn cells(row: &RowReport) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        row.row.to_string(),
        row.image.clone(),
        text(&row.name),
        text(&row.kind),
        text(&row.room),
        row.styles.join(" "),
        row.status.word().replace(' ', "_"),
        text(&row.job),
        text(&row.render),
        row.photos.to_string(),
        row.paid_now.to_string(),
        row.pictures.len().to_string(),
        row.pictures.join(" "),
        text(&row.error),
    ]
    .map(|cell| defused(&cell))
}

/// A cell that no spreadsheet takes for a formula.
fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}
