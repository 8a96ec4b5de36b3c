//! The pretended Virtual Staging AI API on this machine: stateful, with real pictures and signed, retried webhooks.
//! It reads the API's description on its own: nothing of how vsai's client reads it may be used here.

mod account;
mod answers;
mod auth;
mod body;
mod cut;
mod endpoints;
mod faults;
mod intake;
mod members;
mod options;
mod pages;
mod pictures;
mod refusal;
mod results;
mod routes;
mod seed;
mod sources;
mod state;
#[cfg(test)]
mod tests;
mod validate;
mod webhooks;
mod worker;

pub(crate) use options::{FaultRates, Options, Pace, WebhookOptions};
pub(crate) use routes::run;
pub(crate) use state::{Sandbox, SandboxEvent};
