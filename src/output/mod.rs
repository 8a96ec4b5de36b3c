//! The only folder that prints: reports to stdout, everything said about them to stderr.

mod json;
mod printer;
mod style;
mod text;

pub(crate) use printer::{Format, Lines, Printer, Report, json_record};
pub(crate) use style::{ColorChoice, Meaning};
pub(crate) use text::{Text, printable};
