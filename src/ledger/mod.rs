//! The ledger: what was paid for, what is about to be, and what is not known. A row is on disk before its request goes out,
//! so that no photo is paid for twice, however vsai ends.

mod error;
mod job;
mod key;
mod store;
#[cfg(test)]
mod tests;
mod turn;
mod writer;

pub(crate) use error::LedgerError;
pub(crate) use job::{Anchor, Job, State};
pub(crate) use key::{Owner, Purchase};
pub(crate) use store::{Again, Claim, Ledger};
pub(crate) use turn::Turn;
