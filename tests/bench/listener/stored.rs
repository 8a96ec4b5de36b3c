//! What an event costs with more and more of them stored: CPU time of a listener on a core of its own.

use std::path::Path;
use std::time::Duration;

use super::figures::{Cell, Round, print_stored};
use super::load::{Load, Until};
use super::servers::Server;

const CONNECTIONS: usize = 64;
const ROUNDS: u64 = 5;
/// Events of one round where there is next to nothing stored yet: with fewer, a young process's beginnings are most of it.
const FIRST_ROUND: u64 = 20_000;
/// A tenth of what is stored is sent again in the rounds: with less, the index's larger steps would not be among it.
const SHARE: u64 = 10;

/// Prints the cost at each size. The first one is measured with a fresh listener for each round.
#[expect(clippy::print_stdout, reason = "a benchmark's answer")]
pub(crate) fn run(is_quick: bool) {
    let sizes: &[u64] = if is_quick { &[1000, 100_000, 1_000_000] } else { &[1000, 1_000_000, 10_000_000] };
    let mut load = Load::new();
    println!("{}", super::servers::pin_loader());
    println!("{ROUNDS} rounds for each figure, {CONNECTIONS} connections; medians (lowest to highest)");
    println!("\n  {:>10}{:>26}{:>10}{:>26}{:>12}", "stored", "CPU µs an event", "to first", "answers/s", "file MB");
    let (mut first, mut bytes) = (Cell::default(), 0);
    for _ in 0..ROUNDS {
        let home = tempfile::tempdir().expect("a folder");
        let server = Server::listener(home.path());
        send(&server, &mut load, sizes[0]);
        first.add(send(&server, &mut load, FIRST_ROUND));
        bytes = bytes_below(home.path());
    }
    print_stored(sizes[0], &first, &first, bytes);
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::listener(home.path());
    let mut stored = 0;
    for size in &sizes[1..] {
        send(&server, &mut load, size - stored);
        let (mut cell, round) = (Cell::default(), size / SHARE / ROUNDS);
        (0..ROUNDS).for_each(|_| cell.add(send(&server, &mut load, round)));
        stored = size + ROUNDS * round;
        print_stored(*size, &cell, &first, bytes_below(home.path()));
    }
}

fn send(server: &Server, load: &mut Load, count: u64) -> Round {
    let mut before = Duration::ZERO;
    let answers = load.run(server.address, CONNECTIONS, Until::Sent(count), || before = server.cpu_time());
    Round::new(answers, server.cpu_time() - before)
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    bytes.sum()
}
