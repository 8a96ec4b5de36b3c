//! `vsai listen`: what its socket takes, what it calls verified, when it stops, and what it prints.

mod conditions;
mod download;
mod forwarding;
mod hostile;
mod output;
mod reader;
mod secrets;
mod socket;
mod stopping;
mod verdicts;
#[cfg(unix)]
mod way_in;
