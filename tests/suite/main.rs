//! The suite: drives the built program in an empty home folder and compares stdout, stderr and exit code with snapshots.
//! `SNAPSHOTS=overwrite cargo test --test suite` writes them anew; read the difference before you commit it.

mod analyze;
mod api;
mod batch;
mod batch_memory;
mod completions;
#[path = "../support/contract.rs"]
mod contract;
mod create;
mod demo;
mod described;
mod download;
mod durability;
mod events;
mod explain;
mod failures;
mod global;
mod home;
mod judge;
mod listen;
mod listening;
mod login;
mod paid;
mod payloads;
mod readme;
mod receiver;
mod recorder;
mod render;
mod render_wait;
mod sandbox;
mod schema;
mod secret;
mod sender;
mod sheet;
mod sign;
mod terminal;
mod test_handler;
#[path = "../live_node/texts.rs"]
mod texts;
mod trigger;
#[cfg(unix)]
mod tunnel;
mod verify;

use home::Home;
