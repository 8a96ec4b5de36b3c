//! The log as a file of this machine: SQLite, one writer thread, many readers.

mod consumers;
mod engine;
mod filter;
mod group;
mod keys;
mod pruning;
mod rows;
mod runs;
mod schema;
mod search;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use engine::Sqlite;
