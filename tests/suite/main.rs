//! The suite: drives the built program in an empty home folder and compares stdout, stderr and exit code with snapshots.
//! `SNAPSHOTS=overwrite cargo test --test suite` writes them anew; read the difference before you commit it.

mod api;
mod completions;
mod failures;
mod global;
mod home;
mod sandbox;
mod login;
mod payloads;
mod render;
mod secret;
mod sign;
mod terminal;
mod verify;

use home::Home;
