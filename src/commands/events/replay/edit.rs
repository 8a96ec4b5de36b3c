//! Changes a payload in the user's editor.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::item::Item;
use crate::child;
use crate::context::Context;
use crate::error::{Error, Kind, reason};
use crate::protocol::MAX_DEPTH;
use crate::protocol::canonical_json::canonicalize_within;

/// Lets the user change the payload, once more for as long as it is not JSON and somebody is there to go on.
pub(super) fn edit(item: &mut Item, context: &Context) -> Result<(), Error> {
    let editor = context.editor()?;
    let before = item.canonical()?;
    let folder = tempfile::tempdir().map_err(|error| Error::unwritable(&std::env::temp_dir(), &error))?;
    let path = folder.path().join("payload.json");
    std::fs::write(&path, laid_out(&before)).map_err(|error| Error::unwritable(&path, &error))?;
    loop {
        open(&editor, &path, item.name())?;
        let text = std::fs::read(&path).map_err(|error| Error::unreadable(&path, &error))?;
        let problem = match canonicalize_within(&text, MAX_DEPTH) {
            Ok(after) if after == before => {
                return Err(declined(format!("the payload of {} was not changed", item.name())));
            }
            Ok(after) => {
                item.replace(after);
                return Ok(());
            }
            Err(_) if text.trim_ascii().is_empty() => {
                return Err(declined(format!("the payload of {} was emptied", item.name())));
            }
            Err(error) => format!("the edited payload of {} cannot be taken: {error}", item.name()),
        };
        if !context.can_ask() {
            return Err(declined(problem));
        }
        context.confirm(&format!("{problem}. Edit it again?"))?;
    }
}

fn declined(message: String) -> Error {
    Error::new(Kind::Declined, format!("{message}; nothing was sent"))
}

/// One member a line, which is easier to change.
fn laid_out(canonical: &str) -> String {
    let laid_out = serde_json::from_str::<Value>(canonical).and_then(|value| serde_json::to_string_pretty(&value));
    laid_out.unwrap_or_else(|_| canonical.to_owned()) + "\n"
}

/// The exit codes with which a shell says that a program cannot be started.
const NOT_STARTED: [i32; 2] = [126, 127];

/// Runs the editor as git does, so that it may have arguments of its own. That it is not there is for us to say.
fn open(editor: &str, path: &Path, name: &str) -> Result<(), Error> {
    let program = editor.split_whitespace().next().unwrap_or_default();
    let is_there = if program.contains(['"', '\'', '\\']) { "" } else { "command -v \"$1\" >/dev/null || exit 127; " };
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{is_there}shift; {editor} \"$@\"")).arg(editor).arg(program).arg(path);
    child::keep_ours_from(&mut command);
    let cannot_start = |reason: String| {
        Error::new(Kind::Settings, format!("cannot start the editor {editor:?}: {reason}"))
            .hint("VISUAL or EDITOR names it: EDITOR=nano, for one")
    };
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) if status.code().is_some_and(|code| NOT_STARTED.contains(&code)) => {
            Err(cannot_start("there is no such program".to_owned()))
        }
        Ok(status) => {
            Err(declined(format!("the editor {editor:?} ended with {status} while it had the payload of {name}")))
        }
        Err(error) => Err(cannot_start(reason(&error))),
    }
}
