//! The foot of the terminal that stderr is, as the lines of progress are drawn there. After each drawing the cursor stands
//! at the beginning of the last line: at its end, the echo of Ctrl-C would begin another one, and leave the lines behind.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::TermLike;
use terminal_size::{Height, Width, terminal_size_of};

/// Takes what is drawn and writes it at once.
#[derive(Debug, Default)]
pub(super) struct Foot {
    drawn: Mutex<String>,
}

impl Foot {
    fn drawn(&self) -> MutexGuard<'_, String> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, text: &str) -> io::Result<()> {
        self.drawn().push_str(text);
        Ok(())
    }

    /// Moves the cursor; no way at all would be taken for one step.
    fn go(&self, steps: usize, direction: char) -> io::Result<()> {
        if steps > 0 { self.add(&format!("\x1b[{steps}{direction}")) } else { Ok(()) }
    }
}

impl TermLike for Foot {
    fn width(&self) -> u16 {
        terminal_size_of(io::stderr()).map_or(80, |(Width(width), _)| width)
    }

    fn height(&self) -> u16 {
        terminal_size_of(io::stderr()).map_or(24, |(_, Height(height))| height)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.go(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.go(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.go(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.go(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(text)?;
        self.add("\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.add("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let mut drawn = std::mem::take(&mut *self.drawn());
        if drawn.is_empty() {
            return Ok(());
        }
        drawn.push('\r');
        let mut stderr = io::stderr().lock();
        stderr.write_all(drawn.as_bytes())?;
        stderr.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_is_no_step() {
        let foot = Foot::default();
        foot.move_cursor_up(0).expect("drawn");
        foot.move_cursor_up(2).expect("drawn");
        foot.clear_line().expect("drawn");
        assert_eq!(*foot.drawn(), "\x1b[2A\r\x1b[2K");
    }
}
