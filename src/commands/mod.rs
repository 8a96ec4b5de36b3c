//! One file for each word the user types: its flags, its run, its report.

pub(crate) mod completions;
pub(crate) mod listen;
pub(crate) mod man;
pub(crate) mod sign;
pub(crate) mod verify;
