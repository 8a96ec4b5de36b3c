//! Waits against an API that answers by a script, on a clock that runs ahead whenever all wait: minutes pass in no time, and
//! every quirk is met.

mod double;
mod failures;
mod quirks;
mod webhooks;

use std::sync::Mutex;

use double::{Answer, Script, shown};

use super::*;

/// One wait for `rnd_1`, and what is looked at afterwards.
struct Trial {
    script: Script,
    wanted: Wanted,
    begun: Instant,
}

/// What a trial has come to.
struct Outcome {
    waited: Waited,
    /// Seconds that have passed.
    seconds: f64,
    /// When each read began, in seconds.
    reads: Vec<f64>,
    /// Each step, in words.
    steps: Vec<String>,
}

impl Trial {
    fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        let begun = Instant::now();
        let wanted = Wanted {
            render_id: "rnd_1".to_owned(),
            expected: None,
            made: None,
            webhooks: None,
            deadline: begun + Duration::from_secs(600),
        };
        Self { script: Script::new(script), wanted, begun }
    }

    fn expecting(mut self, variations: impl Into<Option<usize>>) -> Self {
        self.wanted.expected = variations.into();
        self
    }

    fn within(mut self, seconds: u64) -> Self {
        self.wanted.deadline = self.begun + Duration::from_secs(seconds);
        self
    }

    async fn run(self) -> Outcome {
        self.until(pending()).await
    }

    async fn until(self, stop: impl Future<Output = ()>) -> Outcome {
        let begun = self.begun;
        let times = self.script.times.clone();
        let epoch = Timestamp::UNIX_EPOCH;
        let waiter = Waiter::new(self.script, move || epoch + begun.elapsed());
        let steps = Mutex::new(Vec::new());
        let waited = waiter.wait(self.wanted, stop, |step| steps.lock().expect("whole").push(in_words(step))).await;
        let seconds = begun.elapsed().as_secs_f64();
        let reads = times.lock().expect("whole").iter().map(|time| (*time - begun).as_secs_f64()).collect();
        Outcome { waited, seconds, reads, steps: steps.into_inner().expect("whole") }
    }
}

fn in_words(step: Step<'_>) -> String {
    match step {
        Step::Standing(tally) => format!("{} pending, {} done", tally.pending, tally.done),
        Step::Ended(variation, by) => format!("{} {} {by:?}", variation.id, variation.status),
        Step::Unread(error, _) => format!("unread: {}", error.failure),
    }
}

impl Outcome {
    /// How it ended, and each variation with who told of its end.
    fn shown(&self) -> String {
        let end = match &self.waited.end {
            End::Settled => "settled".to_owned(),
            End::TimedOut => "timed out".to_owned(),
            End::Interrupted => "interrupted".to_owned(),
            End::Refused(error) => format!("refused: {}", error.failure),
        };
        format!("{end}: {}", shown(&self.waited))
    }
}
