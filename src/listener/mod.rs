//! The webhook receiver: reads a delivery within limits, verifies it, and hands it on. What is not verified is another type.

mod body;
mod bounds;
mod budget;
mod condition;
mod queue;
mod receive;
mod refusal;
mod refused;
mod secrets;
mod seen;

pub(crate) use bounds::Bounds;
pub(crate) use condition::{Conditions, Filter, Interest, UntilDone};
pub(crate) use queue::{Received, Waiting, queue};
pub(crate) use receive::{Listener, Options, Unverifiable};
pub(crate) use secrets::{LiveSecrets, Reload};
