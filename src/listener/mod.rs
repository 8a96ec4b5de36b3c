//! The webhook receiver: reads a delivery within limits, verifies it, and hands it on. What is not verified is another type.

mod arrivals;
mod body;
mod bounds;
mod budget;
mod condition;
mod finish;
mod keeper;
mod passed;
mod queue;
mod receive;
mod refusal;
mod relay;
mod secrets;
mod seen;
mod summary;
mod tunnel;

pub(crate) use arrivals::Arrivals;
pub(crate) use bounds::Bounds;
pub(crate) use condition::{Conditions, Filter, Interest, UntilDone};
pub(crate) use keeper::Keeper;
pub(crate) use passed::Passed;
pub(crate) use queue::{Queue, Received, Waiting, queue};
pub(crate) use receive::{Listener, Options, Unverifiable};
pub(crate) use relay::Relay;
pub(crate) use secrets::{LiveSecrets, Reload};
pub(crate) use summary::{StoppedBy, Summary};
pub(crate) use tunnel::{News, Plan, Probe, Probed, Tool, Tunnel, TunnelError, Unchecked};
