//! `cargo bench --bench canonical`: canonical JSON beside a serde_json tree and, where `node` is installed, beside
//! `JSON.stringify(JSON.parse(text))`. Medians of rounds taken in turn, since a shared machine drifts.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vsai::protocol::canonical_json::canonicalize;

const ROUNDS: usize = 31;
const ROUND: Duration = Duration::from_millis(10);

const EVENT: &str = r#"{"render_id":"rnd_abc123","variation_id":"var_xyz789","variation_type":"staging","base_variation_id":"var_removal123","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/image.jpg","optimized_url":"https://results.example.com/image_optimized.webp","thumbnail_url":"https://results.example.com/image_thumb.jpg"}}"#;

/// Reads a text from standard input and prints the median of a round's nanoseconds for each text.
const NODE: &str = r"
const bytes = require('fs').readFileSync(0);
const once = () => JSON.stringify(JSON.parse(bytes.toString()));
const round = (count) => {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) once();
  return Number(process.hrtime.bigint() - start) / count;
};
for (const end = Date.now() + 200; Date.now() < end; ) once();
const count = Math.ceil(1e7 / round(3));
const rounds = Array.from({ length: 31 }, () => round(count)).sort((a, b) => a - b);
console.log(rounds[15]);
";

fn main() {
    println!("{:<26}{:>9}{:>12}{:>12}{:>12}", "median", "bytes", "vsai", "serde_json", "node");
    for (name, text) in documents() {
        let [ours, tree] =
            medians([&|| drop(canonicalize(black_box(text.as_bytes()))), &|| drop(tree(black_box(&text)))]);
        let node = node(&text);
        let ratio = |other: f64| format!("{:.2} times", other / ours);
        let node = node.map_or("not here".to_owned(), ratio);
        println!("{name:<26}{:>9}{:>12}{:>12}{node:>12}", text.len(), shown(ours), ratio(tree));
    }
}

fn documents() -> Vec<(&'static str, String)> {
    let mut random = fastrand::Rng::with_seed(1);
    let event: serde_json::Value = serde_json::from_str(EVENT).expect("JSON");
    let record = |index: usize| {
        format!(
            r#"{{"id":"rnd_{index:08}","name":"Wohnzimmer {index} – süd","done":true,"tags":["a","b"],"n":{index}}}"#
        )
    };
    let records: Vec<_> = (0..11_500).map(record).collect();
    let floats: Vec<_> = (0..52_000).map(|_| random.f64().to_string()).collect();
    let prices: Vec<_> = (0..140_000).map(|_| format!("{:.2}", random.f64() * 10_000.0)).collect();
    let swapped: Vec<_> =
        (0..20_000).map(|index| format!(r#"{{"name":"room {index}","10":{index},"9":[true]}}"#)).collect();
    vec![
        ("event", EVENT.to_owned()),
        ("event, pretty", serde_json::to_string_pretty(&event).expect("JSON")),
        ("records", format!("[{}]", records.join(","))),
        ("records, all reordered", format!("[{}]", swapped.join(","))),
        ("floats of 16 digits", format!("[{}]", floats.join(","))),
        ("prices", format!("[{}]", prices.join(","))),
    ]
}

fn tree(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
    value.to_string()
}

/// Nanoseconds for one call of each, in rounds taken in turn.
fn medians<const N: usize>(tasks: [&dyn Fn(); N]) -> [f64; N] {
    let counts = tasks.map(|task| (ROUND.as_nanos() / (nanoseconds(task, 3) as u128).max(1)).max(1) as u32);
    let mut rounds = [(); N].map(|()| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for index in 0..N {
            rounds[index].push(nanoseconds(tasks[index], counts[index]));
        }
    }
    rounds.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    })
}

fn nanoseconds(task: &dyn Fn(), count: u32) -> f64 {
    let start = Instant::now();
    (0..count).for_each(|_| task());
    start.elapsed().as_nanos() as f64 / f64::from(count)
}

fn node(text: &str) -> Option<f64> {
    let mut node = Command::new("node").args(["-e", NODE]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    node.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = node.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn shown(nanoseconds: f64) -> String {
    if nanoseconds < 1e4 { format!("{nanoseconds:.0} ns") } else { format!("{:.2} ms", nanoseconds / 1e6) }
}
