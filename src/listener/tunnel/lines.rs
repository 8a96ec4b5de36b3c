//! A child's output as lines: bounded in length, without the escape sequences that colour them.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc;

/// Bytes of a line that are kept; the rest of it is passed over.
const KEPT: usize = 4096;

/// Hands on each line that is not empty, until the stream ends or nobody listens any more. A bare carriage return ends
/// a line, too: some tools redraw theirs.
pub(super) async fn hand_on(stream: impl AsyncRead + Unpin, lines: mpsc::Sender<String>) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        let read = match stream.fill_buf().await {
            Ok(read) if !read.is_empty() => read,
            _ => break,
        };
        let length = read.len();
        for &byte in read {
            if !matches!(byte, b'\n' | b'\r') {
                if line.len() < KEPT {
                    line.push(byte);
                }
            } else if !send(&mut line, &lines).await {
                return;
            }
        }
        stream.consume(length);
    }
    send(&mut line, &lines).await;
}

async fn send(line: &mut Vec<u8>, lines: &mpsc::Sender<String>) -> bool {
    let text = plain(&String::from_utf8_lossy(line));
    line.clear();
    text.trim().is_empty() || lines.send(text).await.is_ok()
}

/// The text without escape sequences (`ESC [ … letter`, `ESC ] … BEL`, `ESC` and one character).
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('[') => drop(characters.find(|c| matches!(c, '@'..='~'))),
            Some(']') => drop(characters.find(|c| matches!(c, '\u{7}' | '\u{1b}'))),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines_of(bytes: &[u8]) -> Vec<String> {
        let (sender, mut receiver) = mpsc::channel(16);
        hand_on(bytes, sender).await;
        let mut lines = Vec::new();
        while let Some(line) = receiver.recv().await {
            lines.push(line);
        }
        lines
    }

    #[tokio::test]
    async fn reads_lines_of_every_kind() {
        let text = b"one\r\n\n  \ntwo\rthree \xff\n\x1b[2m2024\x1b[0m \x1b[32m INFO\x1b[0m \x1b]0;title\x07four\nlast";
        assert_eq!(lines_of(text).await, ["one", "two", "three \u{fffd}", "2024  INFO four", "last"]);
    }

    #[tokio::test]
    async fn a_line_without_end_takes_bounded_memory() {
        let mut text = vec![b'x'; 1_000_000];
        text.extend(b"\nnext\n");
        let lines = lines_of(&text).await;
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [KEPT, 4]);
    }
}
