//! Lines at the foot of a terminal that show how far work has come and vanish when it is done. Where stderr is no
//! terminal there are none. What is printed meanwhile goes above them.

use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, WeakProgressBar};

use super::foot::Foot;
use super::text::printable;

/// How often clocks and spinners move on.
const TICK: Duration = Duration::from_millis(120);

/// Drawings a second at most.
const REDRAWS: u8 = 20;

/// Lines that are drawn at the same time; later ones come when others have gone.
const MOST: usize = 12;

/// Where lines are drawn. Clones draw on the same screen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Option<Arc<Screen>>);

/// The lines of one terminal.
struct Screen {
    lines: MultiProgress,
    order: Mutex<Order>,
}

#[derive(Default)]
struct Order {
    /// What is drawn, and moves on by itself.
    drawn: Vec<WeakProgressBar>,
    queued: VecDeque<WeakProgressBar>,
    has_thread: bool,
}

/// One line; it vanishes when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Line(Option<(ProgressBar, Arc<Screen>)>);

impl Progress {
    /// Lines on stderr; none where it is no terminal, or one that cannot move its cursor.
    pub(super) fn on_stderr() -> Self {
        if ProgressDrawTarget::stderr().is_hidden() {
            return Self::default();
        }
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(Foot::default()), REDRAWS);
        let lines = MultiProgress::with_draw_target(target);
        Self(Some(Arc::new(Screen { lines, order: Mutex::default() })))
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
        screen.clone().take(&bar, is_first);
        Line(Some((bar, screen.clone())))
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
    /// Draws the line if there is room for it, and as soon as there is.
    fn take(self: Arc<Self>, bar: &ProgressBar, is_first: bool) {
        let mut order = self.order();
        if is_first {
            self.lines.insert(0, bar.clone());
            order.drawn.push(bar.downgrade());
        } else {
            order.queued.push_back(bar.downgrade());
            self.fill(&mut order);
        }
        if !std::mem::replace(&mut order.has_thread, true) {
            let screen = Arc::downgrade(&self);
            std::thread::spawn(move || {
                while screen.upgrade().is_some_and(|screen| screen.tick()) {
                    std::thread::sleep(TICK);
                }
            });
        }
    }

    fn drop_line(&self, bar: &ProgressBar) {
        bar.finish_and_clear();
        self.lines.remove(bar);
        self.fill(&mut self.order());
    }

    /// Draws what is queued, as far as there is room.
    fn fill(&self, order: &mut Order) {
        order.drawn.retain(is_alive);
        while order.drawn.len() < MOST {
            let Some(next) = order.queued.pop_front() else { return };
            if let Some(bar) = next.upgrade().filter(|bar| !bar.is_finished()) {
                self.lines.add(bar);
                order.drawn.push(next);
            }
        }
    }

    /// Moves all lines on; false when there are none any more, which ends the thread.
    fn tick(&self) -> bool {
        let mut order = self.order();
        order.drawn.retain(is_alive);
        order.drawn.iter().filter_map(WeakProgressBar::upgrade).for_each(|bar| bar.tick());
        order.has_thread = !order.drawn.is_empty();
        order.has_thread
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_alive(bar: &WeakProgressBar) -> bool {
    bar.upgrade().is_some_and(|bar| !bar.is_finished())
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
        if let Some((bar, screen)) = self.0.take() {
            screen.drop_line(&bar);
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
    fn lines_that_are_gone_make_room_for_others() {
        let lines = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let progress = Progress(Some(Arc::new(Screen { lines, order: Mutex::default() })));
        let screen = progress.0.as_ref().expect("a screen");
        let counts = || {
            let order = screen.order();
            (order.drawn.len(), order.queued.len())
        };
        let mut many: Vec<_> = (0..MOST + 3).map(|_| progress.waiting("x")).collect();
        assert_eq!(counts(), (MOST, 3));
        let batch = progress.batch("all", 9);
        assert_eq!(counts(), (MOST + 1, 3), "the batch is always drawn");
        many.drain(..3);
        assert_eq!(counts(), (MOST, 1));
        many.clear();
        drop(batch);
        assert!(!screen.tick(), "nothing moves on any more");
        let again = progress.bytes("later", Some(7));
        assert!(screen.tick());
        drop(again);
    }
}
