//! A way in from outside: an installed tool as a child process, the public URL in what it says, and the proof that what
//! is sent there arrives here.

mod lines;
mod probe;
mod process;
mod search;
mod tool;
mod watch;

pub(crate) use probe::{Probe, Probed, Unchecked};
pub(crate) use tool::Tool;
pub(crate) use watch::{News, Plan, Tunnel, TunnelError};
