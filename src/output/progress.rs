//! Lines at the foot of a terminal that show how far work has come and vanish when it is done. Where stderr is no
//! terminal there are none. What is printed meanwhile goes above them.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, WeakProgressBar};

use super::text::printable;

/// How often clocks and spinners move on.
const TICK: Duration = Duration::from_millis(120);

/// Where lines are drawn. Clones draw on the same screen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Option<Arc<Screen>>);

/// The lines of one terminal, and those that move on by themselves.
struct Screen {
    lines: MultiProgress,
    moving: Mutex<Vec<WeakProgressBar>>,
}

/// One line; it vanishes when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Line(Option<(ProgressBar, MultiProgress)>);

impl Progress {
    /// Lines on stderr; none where it is no terminal, or one that cannot move its cursor.
    pub(super) fn on_stderr() -> Self {
        let target = ProgressDrawTarget::stderr();
        if target.is_hidden() {
            return Self::default();
        }
        let lines = MultiProgress::with_draw_target(target);
        Self(Some(Arc::new(Screen { lines, moving: Mutex::default() })))
    }

    /// A batch: how many of `total` jobs are done, and how long the rest will take. It stands above all other lines.
    pub(crate) fn batch(&self, what: &str, total: u64) -> Line {
        self.line(what, Some(total), "{spinner} {wide_msg} {pos}/{len}  {took}{left}", true)
    }

    /// Something that takes as long as it takes.
    pub(crate) fn waiting(&self, what: &str) -> Line {
        self.line(what, None, "{spinner} {wide_msg} {took}", false)
    }

    /// Bytes that go up or come down; [`Line::advance`] counts them.
    pub(crate) fn bytes(&self, what: &str, total: Option<u64>) -> Line {
        let template = match total {
            Some(_) => "{spinner} {wide_msg} {binary_bytes} of {binary_total_bytes}{left}",
            None => "{spinner} {wide_msg} {binary_bytes}",
        };
        self.line(what, total, template, false)
    }

    fn line(&self, what: &str, total: Option<u64>, template: &str, is_first: bool) -> Line {
        let Some(screen) = &self.0 else { return Line(None) };
        let style = ProgressStyle::with_template(template).expect("a template that is written here");
        let style = style.with_key("took", took).with_key("left", left);
        // Hidden until it is whole and among the others.
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let bar = bar.with_style(style).with_message(printable(what).into_owned());
        let bar = if is_first { screen.lines.insert(0, bar) } else { screen.lines.add(bar) };
        screen.move_on(&bar);
        Line(Some((bar, screen.lines.clone())))
    }

    /// Prints without tearing the lines.
    pub(super) fn suspended<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(screen) => screen.lines.suspend(print),
            None => print(),
        }
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Screen {
    /// Has the line move on from now, for as long as it lives. One thread moves them all.
    fn move_on(self: &Arc<Self>, bar: &ProgressBar) {
        let mut moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = moving.is_empty();
        moving.push(bar.downgrade());
        if is_first {
            let screen = Arc::downgrade(self);
            std::thread::spawn(move || {
                while screen.upgrade().is_some_and(|screen| screen.tick()) {
                    std::thread::sleep(TICK);
                }
            });
        }
    }

    /// Moves all lines on; false when there are none any more.
    fn tick(&self) -> bool {
        let mut moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        moving.retain(|bar| bar.upgrade().is_some_and(|bar| !bar.is_finished()));
        moving.iter().filter_map(WeakProgressBar::upgrade).for_each(|bar| bar.tick());
        !moving.is_empty()
    }
}

impl Line {
    /// Shows another text; it is cut where the terminal ends.
    pub(crate) fn say(&self, text: &str) {
        if let Some((bar, _)) = &self.0 {
            bar.set_message(printable(text).into_owned());
        }
    }

    /// So much more is done: jobs of a batch, or bytes.
    pub(crate) fn advance(&self, by: u64) {
        if let Some((bar, _)) = &self.0 {
            bar.inc(by);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some((bar, lines)) = self.0.take() {
            bar.finish_and_clear();
            lines.remove(&bar);
        }
    }
}

fn took(state: &ProgressState, out: &mut dyn Write) {
    let _ = out.write_str(&clock(state.elapsed()));
}

/// Nothing is known before the first is done.
fn left(state: &ProgressState, out: &mut dyn Write) {
    if state.pos() > 0 && state.len().is_some_and(|total| state.pos() < total) {
        let _ = write!(out, "  {} left", clock(state.eta()));
    }
}

/// `0:05`, `12:30`, `1:02:03`.
fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_short() {
        for (seconds, shown) in [(0, "0:00"), (65, "1:05"), (3599, "59:59"), (3723, "1:02:03"), (360_000, "100:00:00")]
        {
            assert_eq!(clock(Duration::from_secs(seconds)), shown);
        }
    }

    #[test]
    fn without_a_terminal_there_are_no_lines_and_no_thread() {
        let progress = Progress::default();
        let line = progress.batch("renders", 3);
        line.advance(1);
        line.say("x");
        assert!(line.0.is_none() && progress.suspended(|| true));
    }

    #[test]
    fn lines_that_are_gone_do_not_move_on() {
        let lines = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let progress = Progress(Some(Arc::new(Screen { lines, moving: Mutex::default() })));
        let [one, other] = [progress.waiting("one"), progress.bytes("other", Some(7))];
        let screen = progress.0.as_ref().expect("a screen");
        drop(one);
        assert!(screen.tick());
        drop(other);
        assert!(!screen.tick());
    }
}
