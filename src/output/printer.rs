//! The printer: reports go to stdout, as text or as JSON lines; banners, hints, warnings and errors go to stderr.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use serde::Serialize;

use super::json::json_line;
use super::progress::Progress;
use super::style::{ColorChoice, Meaning};
use super::text::Text;

/// What a command answers: one JSON object, or a text for people.
pub(crate) trait Report: Serialize {
    /// The record's `kind`.
    const KIND: &'static str;
    /// Version of its schema, raised when a member changes its meaning or goes away.
    const VERSION: u32 = 1;

    /// The same for people; empty where they are told on stderr instead.
    fn human(&self) -> Text {
        Text::new()
    }
}

/// How stdout is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text for people.
    Human,
    /// One JSON object a line and nothing else.
    Json,
}

/// Bytes of lines that wait to be printed together.
const TOGETHER: usize = 64 * 1024;

/// Reports that come faster than one by one can be printed, printed together.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    printer: &'a Printer,
    colored: bool,
    text: String,
}

impl Lines<'_> {
    /// Adds an answer, which is on stdout after [`Lines::print`] at the latest.
    pub(crate) fn add<R: Report>(&mut self, report: &R) {
        self.printer.write(report, self.colored, &mut self.text);
        if self.text.len() >= TOGETHER {
            self.print();
        }
    }

    /// Prints what was added.
    pub(crate) fn print(&mut self) {
        self.printer.to_stdout(&self.text);
        self.text.clear();
    }
}

/// Where all output goes through.
#[derive(Debug)]
pub(crate) struct Printer {
    format: Format,
    quiet: bool,
    verbose: bool,
    color: ColorChoice,
    no_color: bool,
    progress: Progress,
    stdout_failed: OnceLock<io::Error>,
}

/// A report with its kind and schema, as it is printed and as it stands within another.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a, R: Serialize> {
    kind: &'a str,
    schema: String,
    #[serde(flatten)]
    report: &'a R,
}

impl<'a, R: Report> Record<'a, R> {
    pub(crate) fn of(report: &'a R) -> Self {
        Self { kind: R::KIND, schema: schema(R::KIND, R::VERSION), report }
    }
}

#[derive(Serialize)]
struct Said<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// A report as the JSON line that `--json` prints, for files.
pub(crate) fn json_record<R: Report>(report: &R) -> String {
    record_line(R::KIND, R::VERSION, report)
}

fn record_line(kind: &str, version: u32, report: &impl Serialize) -> String {
    json_line(&Record { kind, schema: schema(kind, version), report })
}

fn schema(kind: &str, version: u32) -> String {
    format!("vsai.{kind}/{version}")
}

impl Printer {
    /// `no_color` is whether the environment asks for none (`NO_COLOR`, a dumb terminal).
    pub(crate) fn new(format: Format, quiet: bool, verbose: bool, color: ColorChoice, no_color: bool) -> Self {
        let is_seen = !quiet && format == Format::Human;
        let progress = if is_seen { Progress::on_stderr() } else { Progress::default() };
        Self { format, quiet, verbose, color, no_color, progress, stdout_failed: OnceLock::new() }
    }

    /// Lines that show how far work has come; none where nobody sees them.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Columns of the terminal that stdout is; none where it is something else.
    pub(crate) fn columns(&self) -> Option<usize> {
        let stdout = io::stdout();
        stdout.is_terminal().then(|| terminal_size::terminal_size_of(stdout)).flatten().map(|(width, _)| width.0.into())
    }

    /// Prints an answer to stdout.
    pub(crate) fn report<R: Report>(&self, report: &R) {
        let mut lines = self.lines();
        lines.add(report);
        lines.print();
    }

    /// Prints answers that may come in large numbers.
    pub(crate) fn lines(&self) -> Lines<'_> {
        Lines { printer: self, colored: self.colors(&io::stdout()), text: String::new() }
    }

    fn write<R: Report>(&self, report: &R, colored: bool, text: &mut String) {
        match self.format {
            Format::Human => report.human().write_to(text, colored),
            Format::Json => {
                text.push_str(&json_record(report));
                text.push('\n');
            }
        }
    }

    /// Writes bytes to stdout as they are, such as a shell's completions.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        if self.stdout_failed.get().is_some() {
            return;
        }
        let written = self.progress.suspended(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes).and_then(|()| stdout.flush())
        });
        if let Err(error) = written {
            let _ = self.stdout_failed.set(error);
        }
    }

    /// Writes a help text to stderr, for a command line that stops short.
    pub(crate) fn help(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says something about the work to stderr, unless `--quiet`.
    pub(crate) fn note(&self, text: impl Into<Text>) {
        if !self.quiet {
            self.to_stderr(&text.into());
        }
    }

    /// Says more with `--verbose`.
    pub(crate) fn detail(&self, text: impl Into<Text>) {
        if self.verbose {
            self.to_stderr(&text.into());
        }
    }

    /// Warns on stderr, and with `--json` also as a record.
    pub(crate) fn warning(&self, code: &str, message: &str) {
        let mut text = Text::new();
        text.add(Meaning::Warning, "warning: ").plain(message);
        self.to_stderr(&text);
        if self.format == Format::Json {
            self.record("warning", 1, &Said { code, message, hint: None });
        }
    }

    /// Tells on stderr what went wrong and what to do, and with `--json` also as a record.
    pub(crate) fn error(&self, code: &str, message: &str, hint: Option<&str>) {
        let mut text = Text::new();
        text.add(Meaning::Failure, "error: ").plain(message).end_line();
        for line in hint.unwrap_or_default().lines() {
            text.add(Meaning::Dim, "  hint: ").plain(line).end_line();
        }
        self.to_stderr(&text);
        if self.format == Format::Json {
            self.record("error", 1, &Said { code, message, hint });
        }
    }

    /// Whether the reader of stdout has gone away. Printing stops then; verdicts stand.
    pub(crate) fn reader_left(&self) -> bool {
        self.stdout_failed.get().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Why an answer could not be written, other than that its reader has gone.
    pub(crate) fn write_error(&self) -> Option<&io::Error> {
        self.stdout_failed.get().filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }

    fn record(&self, kind: &str, version: u32, report: &impl Serialize) {
        self.to_stdout(&(record_line(kind, version, report) + "\n"));
    }

    fn colors(&self, stream: &impl IsTerminal) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => !self.no_color && stream.is_terminal(),
        }
    }

    fn to_stdout(&self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn to_stderr(&self, text: &Text) {
        let text = text.rendered(self.colors(&io::stderr()));
        // Nobody is left to tell when stderr is gone.
        let _ = self.progress.suspended(|| io::stderr().lock().write_all(text.as_bytes()));
    }
}
