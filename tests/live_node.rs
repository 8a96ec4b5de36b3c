//! Canonical JSON against Node itself, with fresh random texts on every run. `VSAI_TEST_SEED=… cargo test --test live_node`
//! repeats a run, `VSAI_TEST_TEXTS=…` makes it longer.
#![expect(clippy::print_stdout, reason = "a failure is repeated by the seed it prints")]

use std::io::Write;
use std::process::{Command, Stdio};

use texts::Texts;
use vsai::protocol::canonical_json::{CanonicalError, canonicalize};

#[path = "live_node/texts.rs"]
mod texts;

#[derive(Debug, PartialEq)]
enum Verdict {
    Canonical(String),
    Refused,
    NotUtf8,
}

#[test]
fn agrees_with_node_on_random_texts() {
    let seed = setting("VSAI_TEST_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("VSAI_TEST_SEED={seed}");
    let count = setting("VSAI_TEST_TEXTS").unwrap_or(10_000) as usize;
    let texts: Vec<_> = Texts::new(seed).take(count).collect();
    let verdicts = node_verdicts(&texts);
    assert_eq!(verdicts.len(), texts.len());
    for (text, verdict) in texts.iter().zip(&verdicts) {
        assert_eq!(our_verdict(text), *verdict, "VSAI_TEST_SEED={seed}, on {:?}", String::from_utf8_lossy(text));
    }
    let share =
        |expected: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| expected(verdict)).count() * 100 / count;
    assert!(share(|verdict| matches!(verdict, Verdict::Canonical(_))) >= 50, "hardly any text was JSON");
    assert!(share(|verdict| *verdict == Verdict::Refused) >= 10, "hardly any text was broken");
    assert!(share(|verdict| *verdict == Verdict::NotUtf8) >= 2, "hardly any text was not UTF-8");
}

#[test]
fn the_committed_vectors_are_what_their_script_writes() {
    let written = run(node("tests/vectors/generate.mjs"), &[]);
    assert!(written == include_bytes!("vectors/canonical.jsonl"), "run node tests/vectors/generate.mjs again");
}

fn setting(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is a number, not {value:?}")))
}

fn our_verdict(text: &[u8]) -> Verdict {
    match canonicalize(text) {
        Ok(canonical) => Verdict::Canonical(canonical),
        Err(CanonicalError::NotUtf8 { .. }) => Verdict::NotUtf8,
        Err(_) => Verdict::Refused,
    }
}

fn node(script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(script).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::piped()).stdout(Stdio::piped());
    node
}

/// Gives all input, then takes all output: both scripts read to the end before they write.
fn run(mut command: Command, input: &[u8]) -> Vec<u8> {
    let mut child = command.spawn().unwrap_or_else(|error| panic!("this test needs node 18.14 or later: {error}"));
    child.stdin.take().expect("piped").write_all(input).expect("node reads its input");
    let output = child.wait_with_output().expect("node's output");
    assert!(output.status.success(), "node ended with {}", output.status);
    output.stdout
}

fn node_verdicts(texts: &[Vec<u8>]) -> Vec<Verdict> {
    let framed = texts.iter().flat_map(|text| [&(text.len() as u32).to_be_bytes(), text.as_slice()].concat());
    let answers = run(node("tests/live_node/judge.mjs"), &framed.collect::<Vec<_>>());
    let mut rest = answers.as_slice();
    let mut verdicts = Vec::with_capacity(texts.len());
    while let Some(([verdict, length @ ..], following)) = rest.split_first_chunk::<5>() {
        let (canonical, following) = following.split_at(u32::from_be_bytes(*length) as usize);
        verdicts.push(match verdict {
            b'c' => Verdict::Canonical(String::from_utf8(canonical.to_vec()).expect("node writes UTF-8")),
            b'r' => Verdict::Refused,
            b'b' => Verdict::NotUtf8,
            other => panic!("verdict {other}"),
        });
        rest = following;
    }
    verdicts
}
