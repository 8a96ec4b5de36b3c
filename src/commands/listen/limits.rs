//! The flags that bound what strangers may take up. Every default is far above what the vendor sends.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use crate::context::Context;
use crate::listener::Bounds;
use crate::quantity;
use crate::serve::Limits;

/// What strangers may take up.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Connections at once; past it, the one that has kept the listener waiting for longest is dropped
    #[arg(long, value_name = "N", default_value = "512", value_parser = quantity::number)]
    max_connections: NonZeroUsize,
    /// Largest request head that is taken
    #[arg(long, value_name = "SIZE", default_value = "8KiB", value_parser = quantity::size)]
    max_header: usize,
    /// Largest body that is taken
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = quantity::size)]
    max_body: usize,
    /// Time that a sender gets for its request's head, and again for the body
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = quantity::time_limit)]
    read_timeout: Duration,
    /// Memory for large bodies in flight, all together; at least one of the largest is taken
    #[arg(long, value_name = "SIZE", default_value = "8MiB", value_parser = quantity::size)]
    max_bodies: usize,
    /// Verified deliveries in flight; one more waits for up to 2 s, then it is answered 503
    #[arg(long, value_name = "N", default_value = "256", value_parser = quantity::number)]
    max_requests: NonZeroUsize,
    /// Checks at once that may take long: of large bodies, and of those not signed as they are
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::number)]
    max_checks: NonZeroUsize,
}

impl LimitArgs {
    /// What deliveries may take up.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            body: self.max_body,
            body_time: self.read_timeout,
            bodies: self.max_bodies,
            requests: self.max_requests.get(),
            checks: self.max_checks.get(),
        }
    }

    /// What connections may take up. Says so where the system allows fewer of them.
    pub(super) fn of_connections(&self, context: &Context) -> Limits {
        let asked = Limits {
            connections: self.max_connections.get(),
            header_time: self.read_timeout,
            header_bytes: self.max_header,
            ..Limits::default()
        };
        let limits = asked.within_descriptors();
        if limits.connections < self.max_connections.get() {
            let message = format!(
                "only {} connections at once: the system allows no more open files (ulimit -n)",
                limits.connections
            );
            context.printer.warning("few_descriptors", &message);
        }
        limits
    }
}
