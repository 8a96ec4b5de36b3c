//! What became of the rows: a record each, the summary, and the files `results.csv` and `results.json` beside the pictures.

use std::path::Path;

use serde::Serialize;

use super::engine::{Outcome, Status};
use super::plan::{Item, photos};
use super::runner::Ended;
use crate::error::{Error, Exit};
use crate::files;
use crate::output::{Meaning, Report, Text, json_record};

/// A row and what became of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RowReport<'a> {
    row: u64,
    image: &'a str,
    name: Option<&'a str>,
    room: Option<&'a str>,
    styles: Vec<&'a str>,
    status: Status,
    job: Option<&'a str>,
    render: Option<&'a str>,
    /// Photos that were paid for in this run.
    photos: u32,
    pictures: &'a [String],
    error: Option<&'a str>,
    #[serde(skip)]
    place: String,
}

/// What a batch came to.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    rows: u64,
    done: u64,
    partly: u64,
    failed: u64,
    unclear: u64,
    waiting: u64,
    not_sent: u64,
    /// Photos that were paid for in this run.
    photos: u64,
    pictures: u64,
}

impl<'a> RowReport<'a> {
    pub(super) fn new(item: &'a Item<'a>, outcome: &'a Outcome) -> Self {
        let row = item.row;
        Self {
            row: row.place.row,
            image: &row.label,
            name: row.name.as_deref(),
            room: row.wanted.room(),
            styles: row.wanted.styles(),
            status: outcome.status,
            job: outcome.job.as_deref(),
            render: outcome.render.as_deref(),
            photos: u32::from(outcome.paid),
            pictures: &outcome.pictures,
            error: outcome.error.as_deref(),
            place: row.place.to_string(),
        }
    }

    fn cells(&self) -> [String; 12] {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        [
            self.row.to_string(),
            self.image.to_owned(),
            text(self.name),
            text(self.room),
            self.styles.join(" "),
            self.status.word().replace(' ', "_"),
            text(self.job),
            text(self.render),
            self.photos.to_string(),
            self.pictures.len().to_string(),
            self.pictures.join(" "),
            text(self.error),
        ]
        .map(|cell| defused(&cell))
    }
}

/// The columns of `results.csv`.
const COLUMNS: [&str; 12] =
    ["row", "image", "name", "room", "styles", "status", "job", "render", "photos", "pictures", "files", "error"];

/// A cell that no spreadsheet takes for a formula.
fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly",
            Self::Failed => "failed",
            Self::Unclear => "unclear",
            Self::Waiting => "waiting",
            Self::NotSent => "not sent",
        }
    }
}

impl Report for RowReport<'_> {
    const KIND: &'static str = "row";

    fn human(&self) -> Text {
        let meaning = match self.status {
            Status::Done => Meaning::Success,
            Status::Failed => Meaning::Failure,
            Status::Partly | Status::Unclear | Status::Waiting | Status::NotSent => Meaning::Warning,
        };
        let mut text = Text::new();
        text.add(Meaning::Identifier, &self.place)
            .plain(format!("  {}  ", self.image))
            .add(meaning, self.status.word());
        if let Some(render) = self.render {
            text.plain("  ").add(Meaning::Identifier, render);
        }
        match self.pictures.len() {
            0 => {}
            1 => drop(text.plain("  1 picture")),
            number => drop(text.plain(format!("  {number} pictures"))),
        }
        if let Some(error) = self.error {
            text.plain("  ").add(meaning, error);
        }
        text
    }
}

impl Summary {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut this = Self { rows: outcomes.len() as u64, ..Self::default() };
        for outcome in outcomes {
            let number = match outcome.status {
                Status::Done => &mut this.done,
                Status::Partly => &mut this.partly,
                Status::Failed => &mut this.failed,
                Status::Unclear => &mut this.unclear,
                Status::Waiting => &mut this.waiting,
                Status::NotSent => &mut this.not_sent,
            };
            *number += 1;
            this.photos += u64::from(outcome.paid);
            this.pictures += outcome.pictures.len() as u64;
        }
        this
    }

    pub(super) fn text(&self) -> Text {
        let mut text = Text::from(format!("{} of {} rows done", self.done, self.rows));
        for (number, what) in [
            (self.partly, "partly"),
            (self.failed, "failed"),
            (self.unclear, "unclear"),
            (self.waiting, "not waited for"),
            (self.not_sent, "not sent"),
        ] {
            if number > 0 {
                text.plain(format!(", {number} {what}"));
            }
        }
        text.plain(format!("; {} paid for, {} pictures", photos(self.photos), self.pictures));
        text
    }

    /// Whether the same command would go on with something.
    pub(super) fn is_unfinished(&self) -> bool {
        self.done < self.rows
    }

    fn exit(&self) -> Exit {
        match self {
            Self { done, rows, .. } if done == rows => Exit::Done,
            Self { failed, rows, .. } if failed == rows => Exit::No,
            Self { unclear: 0, waiting: 1.., .. } => Exit::TimedOut,
            _ => Exit::Partly,
        }
    }
}

impl Report for Summary {
    const KIND: &'static str = "summary";
}

impl Ended {
    /// How the run has ended; `left_out` is whether --max-photos has stopped it.
    pub(super) fn exit(&self, left_out: bool) -> Exit {
        match (self.stopped_by, self.halted) {
            (Some(signal), _) => signal.into(),
            (None, Some(exit)) => exit,
            (None, None) if left_out => Exit::Quota,
            (None, None) => Summary::of(&self.outcomes).exit(),
        }
    }
}

/// Writes `results.csv` and `results.json` to the folder, each whole or not at all.
pub(super) fn write(folder: &Path, reports: &[RowReport<'_>]) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::unwritable(folder, &error))?;
    let lines: Vec<String> = reports.iter().map(json_record).collect();
    for (name, bytes) in
        [("results.csv", csv_of(reports)), ("results.json", format!("[\n{}\n]\n", lines.join(",\n")).into_bytes())]
    {
        let path = folder.join(name);
        files::replace(&path, &bytes).map_err(|error| Error::unwritable(&path, &error))?;
    }
    Ok(())
}

fn csv_of(reports: &[RowReport<'_>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let in_memory = "a Vec takes all that is written to it, and every record has the header's length";
    writer.write_record(COLUMNS).expect(in_memory);
    for report in reports {
        writer.write_record(report.cells()).expect(in_memory);
    }
    writer.into_inner().expect(in_memory)
}
