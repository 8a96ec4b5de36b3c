//! vsai: the developer CLI for Virtual Staging AI, independent of the vendor.
//!
//! [`protocol`] is the part that other Rust programs can use: signing, verifying and reading webhook
//! deliveries, without I/O. [`cli`] is the program behind the `vsai` binary.

mod address;
mod child;
pub mod cli;
mod client;
mod commands;
mod config;
mod context;
#[cfg(test)]
#[path = "../tests/support/contract.rs"]
mod contract;
mod correlation;
mod database;
mod delivery;
mod error;
mod files;
mod http_client;
mod images;
mod jobs;
mod journal;
mod json_path;
mod ledger;
mod listener;
mod output;
mod payload;
pub mod protocol;
mod quantity;
mod sandbox;
mod serve;
mod signals;
