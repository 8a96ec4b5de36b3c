//! Ctrl-C and SIGTERM, as something to wait for.

use std::io;
use std::time::{Duration, Instant};

/// Time in which a signal is the one before once more: `timeout`, for one, sends its signal to the program and then to its
/// group.
const SAME_WITHIN: Duration = Duration::from_secs(1);

/// What asked the program to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// Watches for signals from its making on, so that none is missed between two waits.
pub(crate) struct Signals {
    sources: Sources,
    last: Option<(Signal, Instant)>,
}

impl Signals {
    pub(crate) fn watch() -> io::Result<Self> {
        Ok(Self { sources: Sources::watch()?, last: None })
    }

    /// Waits for the next signal. One that was sent twice is one.
    pub(crate) async fn next(&mut self) -> Signal {
        loop {
            let signal = self.sources.next().await;
            if self.is_another(signal, Instant::now()) {
                return signal;
            }
        }
    }

    fn is_another(&mut self, signal: Signal, at: Instant) -> bool {
        let is_same = self.last.is_some_and(|(last, seen)| last == signal && at.duration_since(seen) < SAME_WITHIN);
        if !is_same {
            self.last = Some((signal, at));
        }
        !is_same
    }
}

#[cfg(unix)]
struct Sources {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Sources {
    fn watch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Sources;

#[cfg(not(unix))]
impl Sources {
    fn watch() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Interrupt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_equal_signal_at_once_is_the_same_one() {
        use Signal::{Interrupt, Terminate};
        let mut signals = Signals::watch().expect("watched");
        let start = Instant::now();
        for (signal, milliseconds, is_another) in [
            (Terminate, 0, true),
            (Terminate, 50, false),
            (Terminate, 999, false),
            (Terminate, 1000, true),
            (Interrupt, 1001, true),
            (Terminate, 1002, true),
        ] {
            let at = start + Duration::from_millis(milliseconds);
            assert_eq!(signals.is_another(signal, at), is_another, "{signal:?} {milliseconds}");
        }
    }
}
