//! vsai: the developer CLI for Virtual Staging AI, independent of the vendor.
//!
//! [`protocol`] is the part that other Rust programs can use: signing, verifying and reading webhook
//! deliveries, without I/O. [`cli`] is the program behind the `vsai` binary.

pub mod cli;
mod images;
pub mod protocol;
