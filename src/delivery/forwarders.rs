//! Several forwarders at work side by side, and the stop that all of them get.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Forward, Forwarder, Stop};

/// Forwarders at work.
pub(crate) struct Forwarders {
    running: JoinSet<usize>,
    stop: watch::Sender<Stop>,
}

impl Forwarders {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { running: JoinSet::new(), stop: watch::Sender::new(Stop::NotYet) }
    }

    /// Lets one more work. Must be called inside the runtime.
    pub(crate) fn add<F, R>(&mut self, forwarder: Forwarder, tell: F)
    where
        F: Fn(Forward) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.running.spawn(forwarder.run(self.stop.subscribe(), tell));
    }

    /// Ends all of them in order; how many events wait for the next run, as far as they are known.
    pub(crate) async fn end(self, how: Stop) -> usize {
        self.stop.send_replace(how);
        self.running.join_all().await.into_iter().sum()
    }
}
