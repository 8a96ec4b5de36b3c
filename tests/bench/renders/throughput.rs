//! Rows per second. Each row has a config of its own, so that no row waits for another's answer, and its photo is a link, so that
//! no picture is read.

use std::rc::Rc;
use std::time::Duration;

use serde_json::json;

use super::bare::{self, Loop};
use super::programs::{Sandbox, pin_this, run as run_program, vsai};

const AT_ONCE: [usize; 3] = [8, 32, 64];

/// An API that is as far away as the next country, and as quick as can be.
const SLOW: &str = "50ms";

const LOOPS: [(Loop, &str); 3] = [
    (Loop::Posts, "reqwest: POST"),
    (Loop::PostsApart, "reqwest: POST, own connections"),
    (Loop::PostsApartAndReads, "the same, and GET until done"),
];

/// Rounds of each contestant, and rows of a round.
struct Size {
    rounds: usize,
    rows: usize,
}

/// Prints the rates for each number of rows at once.
pub(crate) fn run(is_quick: bool) {
    let size = if is_quick { Size { rounds: 3, rows: 600 } } else { Size { rounds: 7, rows: 4000 } };
    // An error says that a provider is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    pin_this();
    let sandbox = Sandbox::start("0", true);
    println!("sandbox on one core, client on another; {} rounds of {} rows, in turn;", size.rounds, size.rows);
    println!("medians (lowest to highest); the start of vsai, measured with one row, is left out of its rates");
    for at_once in AT_ONCE {
        Comparison::measure(&size, at_once, &sandbox).print(&format!("{at_once} at once"));
    }
    let at_once = AT_ONCE[AT_ONCE.len() - 1];
    let slow = Comparison::measure(&size, at_once, &Sandbox::start(SLOW, true));
    slow.print(&format!("{at_once} at once, answers after {SLOW}"));
}

/// What all rounds with one number of rows at once have come to.
struct Comparison {
    start: Vec<f64>,
    batch: Vec<f64>,
    loops: [Vec<f64>; LOOPS.len()],
}

impl Comparison {
    fn measure(size: &Size, at_once: usize, sandbox: &Sandbox) -> Self {
        let mut this = Self { start: Vec::new(), batch: Vec::new(), loops: Default::default() };
        let bodies: Rc<[String]> = (0..size.rows).map(body).collect();
        for round in 0..size.rounds {
            let key = |name: &str| format!("vsai-sandbox-{at_once}-{round}-{name}");
            let start = batch(1, at_once, sandbox, &key("start"));
            let all = batch(size.rows, at_once, sandbox, &key("batch"));
            this.start.push(start.as_secs_f64() * 1e3);
            this.batch.push((size.rows - 1) as f64 / all.saturating_sub(start).as_secs_f64());
            for ((which, name), rates) in LOOPS.iter().zip(&mut this.loops) {
                let took = bare::run(*which, &sandbox.url, &key(&name.replace(' ', "-")), &bodies, at_once);
                rates.push(size.rows as f64 / took.as_secs_f64());
            }
        }
        this
    }

    fn print(&self, title: &str) {
        println!("\n{title:<34}{:>26}{:>30}", "rows/s", "vsai to it, within a round");
        println!("  {:<32}{:>26}", "vsai render batch", spread(&self.batch, 0));
        for ((_, name), rates) in LOOPS.iter().zip(&self.loops) {
            let ratios: Vec<f64> = self.batch.iter().zip(rates).map(|(own, other)| own / other).collect();
            println!("  {name:<32}{:>26}{:>30}", spread(rates, 0), spread(&ratios, 2));
        }
        println!("  one row from start to end: {} ms", spread(&self.start, 0));
    }
}

/// Runs a batch of so many rows for a new account with a new ledger.
fn batch(rows: usize, at_once: usize, sandbox: &Sandbox, key: &str) -> Duration {
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let lines: String = (0..rows).map(|row| format!("{}\n", json!({"image": image(row), "mask": mask(row)}))).collect();
    std::fs::write(home.path().join("rows.jsonl"), lines).expect("written");
    let arguments = format!("-q render batch rows.jsonl --remove on --yes -j {at_once}");
    run_program(vsai(&arguments, home.path(), sandbox, key, true)).0
}

/// What the batch sends for a row.
fn body(row: usize) -> String {
    let config = json!({"type": "staging", "remove_furniture": {"mode": "on", "mask_url": mask(row)}});
    json!({"config": config, "variation_count": 1, "image_url": image(row)}).to_string()
}

fn image(row: usize) -> String {
    format!("https://photos.example.com/shoot/{row}.jpg")
}

fn mask(row: usize) -> String {
    format!("https://photos.example.com/shoot/{row}-mask.png")
}

/// The median, and the lowest and the highest.
fn spread(figures: &[f64], digits: usize) -> String {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let [low, median, high] = [sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1]];
    format!("{median:.digits$} ({low:.digits$} to {high:.digits$})")
}
