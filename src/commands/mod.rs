//! One file for each word the user types: its flags, its run, its report.

pub(crate) mod analyze;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod events;
pub(crate) mod listen;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod man;
pub(crate) mod multi_view;
pub(crate) mod render;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod secret;
pub(crate) mod sign;
pub(crate) mod test_handler;
pub(crate) mod trigger;
pub(crate) mod verify;
pub(crate) mod whoami;
