//! A command line that is not run: help and version are the answer, everything else is told what was meant.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{color_named, failed, format, judged, wants_no_color};
use crate::config::Variables;
use crate::error::{Error, Exit};
use crate::output::{ColorChoice, Printer};

/// Bytes of a number with its unit.
const LONGEST_NUMBER: usize = 12;

/// Answers `--help` and `--version` on stdout, and a misused command line on stderr.
pub(super) fn answer(error: &clap::Error, variables: &Variables) -> Exit {
    let printer = printer(variables);
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            printer.bytes(text.as_bytes());
            judged(&printer, Exit::Done)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            printer.help(&text);
            Exit::CannotStart
        }
        _ => {
            let told = secret_as_argument(error, &text).or_else(|| negative_value(error, std::env::args_os()));
            failed(&printer, &told.unwrap_or_else(|| misuse(&text)))
        }
    }
}

/// The printer of a command line whose flags were not taken in: those that matter are looked for.
fn printer(variables: &Variables) -> Printer {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let after_flag = arguments.iter().skip_while(|argument| *argument != "--color").nth(1);
    let joined = arguments.iter().find_map(|argument| argument.strip_prefix("--color="));
    let color = joined.or(after_flag.map(String::as_str)).or(variables.get("VSAI_COLOR")).and_then(color_named);
    let format = format(arguments.iter().any(|argument| argument == "--json"), variables);
    Printer::new(format, false, false, color.unwrap_or(ColorChoice::Auto), wants_no_color(variables))
}

/// clap's message in one line, its tips and the usage as hints.
fn misuse(text: &str) -> Error {
    let (message, rest) = text.trim_start_matches("error: ").split_once("\n\n").unwrap_or((text, ""));
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    // Words of the standard library.
    let message = message.replace("invalid digit found in string", "it is no whole number");
    let lines =
        rest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("For more information"));
    let hints: Vec<&str> = lines.map(|line| line.trim_start_matches("tip: ").trim_start_matches("Usage: ")).collect();
    let error = Error::usage(message);
    if hints.is_empty() { error } else { error.hint(hints.join("\n")) }
}

/// The refusal of a key or secret as an argument. No command has such an argument, so that no shell completes one, and clap's
/// own words would repeat it.
fn secret_as_argument(error: &clap::Error, text: &str) -> Option<Error> {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return None };
    let is_stray = error.kind() == ErrorKind::UnknownArgument && !argument.starts_with('-');
    if matches!(argument.as_str(), "--key" | "--api-key") || is_stray && text.contains("Usage: vsai login") {
        return Some(Error::secret_as_argument("vsai login asks for it; or vsai login --stdin, or VSAI_API_KEY"));
    }
    if is_stray && text.contains("Usage: vsai secret set") {
        return Some(Error::secret_as_argument("vsai secret set asks for it; or --from-file FILE, or --stdin"));
    }
    matches!(argument.as_str(), "--secret" | "--webhook-secret").then(|| {
        Error::secret_as_argument(
            "--secret-file FILE or VSAI_WEBHOOK_SECRET; vsai secret set --from-file FILE or --stdin",
        )
    })
}

/// A negative number where a value is expected: clap takes it for a flag, and would tell how to pass it on.
fn negative_value(error: &clap::Error, arguments: impl Iterator<Item = OsString>) -> Option<Error> {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return None };
    let is_number =
        |text: &str| text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if error.kind() != ErrorKind::UnknownArgument || !is_number(unknown) {
        return None;
    }
    let mut before = None;
    for argument in arguments.map(|argument| argument.to_string_lossy().into_owned()) {
        // What is longer may be anything, and is not repeated.
        let is_it = argument.starts_with(unknown.as_str()) && argument.len() <= LONGEST_NUMBER;
        match before.filter(|before: &String| is_it && before.starts_with('-')) {
            Some(flag) => {
                return Some(Error::usage(format!("invalid value '{argument}' for '{flag}': none is negative")));
            }
            None => before = Some(argument),
        }
    }
    None
}
