//! What is named on the command line: events of the journal, files of records, folders of such files, standard input.

use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use super::super::naming::{Named, find};
use super::item::Item;
use crate::context::{Context, JournalArgs};
use crate::error::{Error, Kind};
use crate::journal::{Journal, StoredRecord};
use crate::payload::Input;

/// Names' ends of the files in a folder that hold records.
const RECORDS: [&str; 3] = ["json", "jsonl", "ndjson"];

/// Whether any of these is an event of the journal.
pub(super) fn any_event(inputs: &[PathBuf]) -> bool {
    inputs.iter().any(|input| event(input).is_some())
}

/// An event's name. A file that is there is a file, whatever it is called.
fn event(input: &Path) -> Option<&str> {
    let name = input.to_str().filter(|name| name.starts_with("evt_") || name.starts_with("ref_"))?;
    (!input.exists()).then_some(name)
}

/// All that an input names, in its order; and what is wrong with it.
pub(super) async fn read(
    input: &Path,
    journal: Option<(&Journal, &JournalArgs)>,
    context: &Context,
) -> Vec<Result<Item, Error>> {
    match (event(input), journal) {
        (Some(name), Some((journal, args))) => vec![named(journal, args, name, context).await],
        _ if input.is_dir() => of_folder(input, context).unwrap_or_else(|error| vec![Err(error)]),
        _ => of_file(input, context).unwrap_or_else(|error| vec![Err(error)]),
    }
}

async fn named(journal: &Journal, args: &JournalArgs, name: &str, context: &Context) -> Result<Item, Error> {
    let Named { mut deliveries, chosen } = find(journal, name, context, args).await?;
    Ok(Item::of(deliveries.swap_remove(chosen)))
}

fn of_folder(folder: &Path, context: &Context) -> Result<Vec<Result<Item, Error>>, Error> {
    let unreadable = |error| Error::unreadable(folder, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        if extension.is_some_and(|extension| RECORDS.contains(&extension.as_str())) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::new(Kind::Input, format!("there is no .json or .jsonl file in {}", folder.display()))
            .hint("vsai events export --dir DIR writes such a folder"));
    }
    files.sort();
    Ok(files.iter().flat_map(|file| of_file(file, context).unwrap_or_else(|error| vec![Err(error)])).collect())
}

/// The event records of a file, one a line or laid out over several.
fn of_file(path: &Path, context: &Context) -> Result<Vec<Result<Item, Error>>, Error> {
    let input = Input::from(path.to_owned());
    let text = input.records()?;
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
    let (mut records, mut line, mut counted) = (Vec::new(), 1, 0);
    while let Some(value) = values.next() {
        let unread = &text[counted..];
        let start = counted + (unread.len() - unread.trim_start().len());
        line += newlines(&text[counted..start]);
        let record = value.ok().map(|value| StoredRecord::read(value.get()));
        match record {
            Some(Ok(None)) => {}
            Some(Ok(Some(record))) => records.push((line, Ok(record))),
            Some(Err(error)) => records.push((line, Err(error.to_string()))),
            None => records.push((line, Err("it is not JSON".to_owned()))),
        }
        counted = values.byte_offset().max(start);
        line += newlines(&text[start..counted]);
    }
    if records.is_empty() {
        return Err(Error::new(Kind::Input, format!("there is no event record in {input}"))
            .hint("records are the lines that vsai events export and vsai listen --json print"));
    }
    let is_one = records.len() == 1;
    let item = |(line, record): (usize, Result<StoredRecord, String>)| {
        let name = if is_one { input.to_string() } else { format!("{input}:{line}") };
        let unusable = |reason| {
            Error::new(Kind::Input, format!("cannot take a record from {name}: {reason}"))
                .hint(format!("a payload by itself is sent by {} trigger --data FILE --to TARGET", context.vsai()))
        };
        record.map_err(unusable).and_then(|record| Item::read(record, name.clone()))
    };
    Ok(records.into_iter().map(item).collect())
}

fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}
