//! The suite: drives the built program in an empty home folder and compares stdout, stderr and exit code with snapshots.
//! `SNAPSHOTS=overwrite cargo test --test suite` writes them anew; read the difference before you commit it.

#[path = "../support/contract.rs"]
mod contract;
mod described;
mod home;
mod listen;
mod listening;
mod receiver;
mod recorder;
mod sender;
mod sign;
mod texts;

use home::Home;
