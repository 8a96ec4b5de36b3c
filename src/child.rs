//! Programs that vsai starts: none of them gets a word of vsai's own environment, for a key or secret may be among it.

use std::process::Command;

/// Takes every `VSAI_…` variable out of what a program will see.
pub(crate) fn keep_ours_from(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"VSAI_")) {
        command.env_remove(name);
    }
}
