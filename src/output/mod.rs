//! The only folder that prints: reports to stdout, everything said about them to stderr.

mod diagnosis;
mod foot;
mod json;
mod picture;
mod printer;
mod progress;
mod style;
mod table;
mod text;

pub(crate) use printer::{Format, Lines, Printer, Record, Report, json_record};
pub(crate) use progress::Line;
pub(crate) use style::{ColorChoice, Meaning};
pub(crate) use table::{Cell, Table};
pub(crate) use text::{Text, counted, exact_local_time, local_time, printable};
