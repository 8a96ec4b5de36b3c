//! What a stranger's mebibyte may cost, whatever its shape: the peak memory of canonical JSON (input included), and its time
//! beside that of a plain document. One test, since the allocator counts for the whole process.

#![expect(clippy::print_stdout, reason = "the figures, for who looks")]

use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use vsai::protocol::canonical_json::canonicalize;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;
const MEMORY: usize = 16_000_000;

/// How many times as long as `[0,0,…]` a text may take. Work that grew with the square of a text would take thousands.
const SLOWDOWN: u32 = 40;

fn filled(open: &str, piece: &str, close: &str) -> String {
    let times = (MIB - open.len() - close.len()) / piece.len();
    [open, &piece.repeat(times), close].concat()
}

fn nested(open: &str, middle: &str, close: &str) -> String {
    let depth = (MIB - middle.len()) / (open.len() + close.len());
    [&open.repeat(depth), middle, &close.repeat(depth)].concat()
}

fn distinct_keys(key: fn(usize) -> String) -> String {
    let mut text = String::with_capacity(MIB);
    text.push('{');
    for index in 0.. {
        let member = format!("\"{}\":0,", key(index));
        if text.len() + member.len() > MIB - "\"\":0}".len() {
            break;
        }
        text.push_str(&member);
    }
    text + "\"\":0}"
}

type Shape = fn() -> String;

/// Shortest of three runs, the peak of memory, and whether the text was accepted.
fn cost(text: &str) -> (Duration, usize, bool) {
    let runs = [(); 3].map(|()| {
        ALLOCATOR.reset_peak_usage();
        let start = Instant::now();
        let accepted = canonicalize(text.as_bytes()).is_ok();
        (start.elapsed(), ALLOCATOR.peak_usage(), accepted)
    });
    runs.into_iter().min().expect("three runs")
}

#[test]
fn a_mebibyte_of_any_shape_takes_less_than_16_mb_and_time_in_proportion() {
    let shapes: [(&str, Shape); 20] = [
        ("zeros", || filled("[0", ",0", "]")),
        ("small objects", || filled("[0", ",{\"\":0}", "]")),
        ("empty objects", || filled("[0", ",{}", "]")),
        ("numbers that grow", || filled("[0", ",9e20", "]")),
        ("numbers between two doubles", || filled("[0", ",9007199254740993.0000000000000000000001", "]")),
        ("numbers of 800 digits between two doubles", || {
            filled("[0", &format!(",9007199254740993.{:0800}e-300", 1), "]")
        }),
        ("one plain string", || filled("\"", "x", "\"")),
        ("escapes", || filled("\"", "\\u00e9", "\"")),
        ("deep arrays", || nested("[", "", "]")),
        ("arrays never closed", || filled("[", "[", "")),
        ("deep objects", || nested("{\"\":", "0", "}")),
        ("objects never closed", || filled("{\"\":", "{\"\":", "")),
        ("one key again and again", || filled("{\"\":0", ",\"\":0", "}")),
        ("long keys, alike but for the end", || distinct_keys(|index| format!("{}{index:02x}", "x".repeat(70_000)))),
        ("small objects, all reordered", || filled("[0", ",{\"1\":0,\"0\":0}", "]")),
        ("small objects, all with a duplicate", || filled("[0", ",{\"\":0,\"\":0}", "]")),
        ("deep objects, all reordered", || nested("{\"1\":0,\"0\":", "0", "}")),
        ("deep objects, all reordered and with a duplicate", || nested("{\"a\":{},\"a\":", "0", ",\"0\":0}")),
        ("many keys", || distinct_keys(|index| format!("{index:x}"))),
        ("many integer keys, falling", || distinct_keys(|index| (4_294_967_294 - index).to_string())),
    ];
    let (plain, ..) = cost(&shapes[0].1());
    for (name, shape) in shapes {
        let text = shape();
        assert!(text.len() <= MIB && text.len() > MIB * 9 / 10, "{name}: {} bytes", text.len());
        let (time, peak, accepted) = cost(&text);
        println!("{name}: {:.1} MB, {:.1} times", peak as f64 / 1e6, time.as_secs_f64() / plain.as_secs_f64());
        assert_eq!(accepted, !name.ends_with("never closed"), "{name}");
        assert!(peak < MEMORY, "{name}: {peak} bytes");
        assert!(time < plain * SLOWDOWN, "{name}: {time:?} beside {plain:?}");
    }
}
