//! `cargo bench --bench listener [-- --quick] [NAME…]`: signed POSTs per second to `vsai listen`, to the receivers that people write
//! in its place, and to an axum handler that reads the body and does no more. Needs node, npm and Linux. With `--stored` instead: what
//! an event costs with 1 thousand, 1 million and 10 million of them stored (with `--quick` 1 million at most, and no 10 GB of disk).
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures, its servers their address"
)]

mod figures;
mod load;
mod servers;
mod stored;

use std::time::Duration;

use figures::Cell;
use load::Until;
use servers::Server;

const SECRET: &str = "a webhook secret of common length";
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// What the others are compared with; the first of the servers.
const BASE: &str = "axum, body only";
/// The servers made of vsai: name and arguments. Their event lines go to /dev/null.
const LISTENERS: [(&str, &str); 3] = [
    ("vsai listen --no-journal", "listen --port 0 --no-journal"),
    ("the same with --json", "--json listen --port 0 --no-journal"),
    ("vsai listen", "listen --port 0"),
];

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == servers::AXUM) {
        return servers::serve_axum();
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    if arguments.iter().any(|argument| argument == "--stored") {
        return stored::run(quick);
    }
    let (rounds, time) = if quick { (3, Duration::from_millis(400)) } else { (5, Duration::from_millis(1200)) };
    let home = tempfile::tempdir().expect("a folder");
    let named: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let wanted = |name: &str| named.is_empty() || named.iter().any(|part| name.contains(part.as_str()));
    let mut servers = servers::start(home.path(), |name| name == BASE || wanted(name));
    let mut load = load::Load::new();
    println!("{}", servers::pin_loader());
    println!("{rounds} rounds of {time:?} for each figure, the servers in turn; medians (lowest to highest)");
    for connections in CONNECTIONS {
        let mut cells = vec![Cell::default(); servers.len()];
        for _ in 0..rounds {
            for (cell, server) in cells.iter_mut().zip(&servers) {
                cell.add(measure(server, &mut load, connections, time));
            }
        }
        figures::print(connections, &servers, &cells);
    }
    println!("\npeak memory");
    for server in &mut servers {
        println!("  {:<26}{:>6.1} MB", server.name, server.peak_memory() as f64 / 1e6);
    }
}

fn measure(server: &Server, load: &mut load::Load, connections: usize, time: Duration) -> figures::Round {
    let mut before = Duration::ZERO;
    let answers = load.run(server.address, connections, Until::Passed(time), || before = server.cpu_time());
    figures::Round::new(answers, server.cpu_time() - before)
}
