//! `vsai render wait`: waits until renders are done, and tells how each has ended.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::waiting::{Outcomes, Watched};
use crate::client::Api;
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::jobs::{Waited, Waiter, Wanted};
use crate::output::Line;
use crate::quantity;
use crate::signals::Signals;

/// Wait until renders are done
///
/// Each is read until all of its variations have ended, and shown then. Neither --timeout nor Ctrl-C cancels a render:
/// wait again, or read it later with `vsai render get`. Exits 1 when something failed, and 3 when some renders are done
/// and others are not.
#[derive(Debug, Args)]
pub(super) struct Wait {
    /// The renders; ids of version 1 of the API will do as well
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Stop waiting after this time; exits 124
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = quantity::time_limit)]
    timeout: Duration,
    /// Variations that each render must come to; a removal that comes by itself is not one of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    expect: Option<u8>,
}

impl Wait {
    pub(super) fn run(mut self, context: &Context) -> Result<Exit, Error> {
        let mut seen = HashSet::new();
        self.ids.retain(|id| seen.insert(id.clone()));
        let api = context.api()?;
        context.block_on(async {
            let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
            let (stop, stopping) = watch::channel(false);
            let waiter = Arc::new(Waiter::new(Arc::new(api), Timestamp::now));
            let mut waits = JoinSet::new();
            for id in &self.ids {
                waits.spawn(self.wait(id, waiter.clone(), stopping.clone(), context));
            }
            let count = self.ids.len() as u64;
            let progress = context.printer.progress();
            let all = if count > 1 { progress.batch("renders", count) } else { Line::default() };
            let (mut outcomes, mut signal) = (Outcomes::default(), None);
            loop {
                tokio::select! {
                    came = signals.next(), if signal.is_none() => {
                        signal = Some(came);
                        stop.send_replace(true);
                    }
                    waited = waits.join_next() => match waited {
                        Some(Ok(waited)) => {
                            all.advance(1);
                            outcomes.take(waited, context);
                        }
                        Some(Err(_)) => {}
                        None => break,
                    },
                }
            }
            drop(all);
            Ok(outcomes.end(self.timeout, signal, |ids| self.again(ids, context), context))
        })
    }

    /// One wait, as a task of its own.
    fn wait(
        &self,
        id: &str,
        waiter: Arc<Waiter<Arc<Api>>>,
        mut stopping: watch::Receiver<bool>,
        context: &Context,
    ) -> impl Future<Output = Waited> + Send + 'static {
        let wanted = Wanted {
            render_id: id.to_owned(),
            expected: self.expect.map(usize::from),
            made: None,
            webhooks: None,
            deadline: Instant::now() + self.timeout,
        };
        let mut watched = Watched::new(id, &context.printer);
        async move {
            let stop = async {
                let _ = stopping.wait_for(|stop| *stop).await;
            };
            waiter.wait(wanted, stop, |step| watched.show(step)).await
        }
    }

    /// The command that waits again.
    fn again(&self, ids: &str, context: &Context) -> String {
        let expect = self.expect.map(|expect| format!(" --expect {expect}")).unwrap_or_default();
        format!("{} render wait{expect} {ids}", context.vsai())
    }
}
