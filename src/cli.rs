//! The command line: flags, dispatch and the exit code.

use std::process::ExitCode;

/// Runs the program on the process's own arguments and returns its exit code.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
