//! What a batch is made from: a folder of photos, a CSV with a header row, or JSON lines. Ends in the members of each row;
//! what they mean is not known here.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::columns::{COLUMNS, canonical};
use crate::error::{Error, Kind};
use crate::payload::Input;

/// Endings of photos in a folder.
const PHOTOS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// A manifest that was read.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) rows: Vec<ManifestRow>,
    /// What relative paths are relative to.
    pub(super) folder: PathBuf,
    /// Files of a folder that are no photos.
    pub(super) left_out: usize,
}

/// A row and its members, or why it has none.
#[derive(Debug)]
pub(super) struct ManifestRow {
    pub(super) place: Place,
    pub(super) members: Result<Map<String, Value>, String>,
}

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1; of a file, the line.
    pub(super) row: u64,
    name: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Place {
    fn in_file(file: &Path, word: &str, row: u64) -> Self {
        let name = file.file_name().unwrap_or(file.as_os_str());
        Self { row, name: format!("{} {word} {row}", name.display()) }
    }
}

impl Manifest {
    /// Reads a folder, or a file by its ending.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let manifest = if path.is_dir() { of_folder(path)? } else { of_file(path)? };
        if manifest.rows.is_empty() {
            let why = if path.is_dir() { "there is no JPEG, PNG or WebP in it" } else { "there is no row in it" };
            return Err(unusable(path, why));
        }
        Ok(manifest)
    }
}

fn unusable(path: &Path, why: &str) -> Error {
    Error::new(Kind::Input, format!("cannot make a batch from {}: {why}", path.display()))
}

fn of_folder(folder: &Path) -> Result<Manifest, Error> {
    let unreadable = |error: std::io::Error| Error::unreadable(folder, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !is_hidden && path.is_file() {
            files.push(path);
        }
    }
    let number = files.len();
    files.retain(|path| PHOTOS.iter().any(|ending| extension(path).eq_ignore_ascii_case(ending)));
    files.sort();
    let left_out = number - files.len();
    let row = |(at, path): (usize, PathBuf)| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = Place { row: at as u64 + 1, name: path.display().to_string() };
        let members = match path.file_name().and_then(OsStr::to_str) {
            Some(_) => Ok(Map::from_iter([("image".to_owned(), Value::String(name))])),
            None => Err("its name is not UTF-8 text".to_owned()),
        };
        ManifestRow { place, members }
    };
    Ok(Manifest { rows: files.into_iter().enumerate().map(row).collect(), folder: folder.to_owned(), left_out })
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(OsStr::to_str).unwrap_or_default()
}

fn of_file(path: &Path) -> Result<Manifest, Error> {
    let read: fn(&Path, &str) -> Result<Vec<ManifestRow>, Error> = match extension(path).to_ascii_lowercase().as_str() {
        "csv" => of_csv,
        "jsonl" | "ndjson" | "json" => |path, text| Ok(of_json_lines(path, text)),
        ending if PHOTOS.contains(&ending) => {
            return Err(unusable(path, "it is a photo").hint("one photo goes with vsai render create"));
        }
        _ if !path.exists() => {
            return Err(unusable(path, "there is no such file or folder"));
        }
        _ => return Err(unusable(path, "a manifest is a folder, or a file that ends in .csv or .jsonl")),
    };
    let text = Input::from(path.to_owned()).records()?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Manifest { rows: read(path, text.trim_start_matches('\u{feff}'))?, folder, left_out: 0 })
}

/// Spreadsheets separate by comma, semicolon or tab, as the country has it.
fn separator(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    b";\t".iter().copied().find(|separator| count(*separator) > count(b',')).unwrap_or(b',')
}

fn of_csv(path: &Path, text: &str) -> Result<Vec<ManifestRow>, Error> {
    let separator = separator(text.lines().next().unwrap_or_default());
    if let Some(line) = unclosed_quote(text, separator) {
        return Err(unusable(path, &format!("a quote that begins on line {line} is never closed")));
    }
    let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let broken = |error: &csv::Error| unusable(path, &format!("it is no CSV: {error}"));
    let columns = columns(path, reader.headers().map_err(|error| broken(&error))?)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            let line = record.position().map_or(0, |position| line_of(text, position.byte()));
            rows.push(ManifestRow { place: Place::in_file(path, "row", line), members: members(&columns, &record) });
        }
    }
    Ok(rows)
}

/// The line on which a quoted cell begins that takes all the rest for itself.
fn unclosed_quote(text: &str, separator: u8) -> Option<u64> {
    #[derive(Clone, Copy)]
    enum Cell {
        Begins,
        Plain,
        Quoted(u64),
        /// After a quote in it: its end, or the first of two.
        Perhaps(u64),
    }
    let (mut cell, mut line) = (Cell::Begins, 1);
    for byte in text.bytes() {
        cell = match (cell, byte) {
            (Cell::Begins, b'"') => Cell::Quoted(line),
            (Cell::Quoted(begun), b'"') => Cell::Perhaps(begun),
            (Cell::Perhaps(begun), b'"') | (Cell::Quoted(begun), _) => Cell::Quoted(begun),
            (_, b'\n' | b'\r') => Cell::Begins,
            (_, byte) if byte == separator => Cell::Begins,
            _ => Cell::Plain,
        };
        line += u64::from(byte == b'\n');
    }
    match cell {
        Cell::Quoted(begun) => Some(begun),
        _ => None,
    }
}

/// The line on which a record begins: its position may be that of empty lines before it.
fn line_of(text: &str, byte: u64) -> u64 {
    let start = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let empty = text[start..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    text[..start + empty].bytes().filter(|byte| *byte == b'\n').count() as u64 + 1
}

/// The header row, each column by its one name.
fn columns(path: &Path, header: &StringRecord) -> Result<Vec<&'static str>, Error> {
    let mut columns = Vec::new();
    // Spreadsheets may add empty columns.
    let named =
        header.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()).last().map_or(0, |(at, _)| at + 1);
    for name in header.iter().take(named) {
        let column = canonical(name).map_err(|error| unusable(path, &error))?;
        if columns.contains(&column) {
            return Err(unusable(path, &format!("column {column} is there twice")));
        }
        columns.push(column);
    }
    if !columns.contains(&"image") {
        let why = format!("its first row has to name the columns, and image among them; there are {COLUMNS}");
        return Err(unusable(path, &why));
    }
    Ok(columns)
}

fn members(columns: &[&str], record: &StringRecord) -> Result<Map<String, Value>, String> {
    let is_given = |cell: &&str| !cell.trim().is_empty();
    if record.iter().skip(columns.len()).any(|cell| is_given(&cell)) {
        return Err(format!("it has {} cells, and the header has {}", record.len(), columns.len()));
    }
    let cells = columns.iter().zip(record).filter(|(_, cell)| is_given(cell));
    Ok(cells.map(|(column, cell)| ((*column).to_owned(), Value::String(cell.trim().to_owned()))).collect())
}

fn of_json_lines(path: &Path, text: &str) -> Vec<ManifestRow> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let row = |(at, line): (usize, &str)| {
        let members = match serde_json::from_str(line) {
            Ok(Value::Object(members)) => named(members),
            Ok(_) => Err("it is no JSON object".to_owned()),
            Err(error) => Err(format!("it is not JSON: {}", error.to_string().replace("line 1 ", ""))),
        };
        ManifestRow { place: Place::in_file(path, "line", at as u64 + 1), members }
    };
    lines.map(row).collect()
}

/// The members by their one name, without those that are null.
fn named(members: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut named = Map::new();
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        let column = canonical(&name)?;
        if named.insert(column.to_owned(), value).is_some() {
            return Err(format!("{column} is there twice"));
        }
    }
    Ok(named)
}
