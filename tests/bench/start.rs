//! How long a whole `vsai verify` of a small file takes, against `openssl dgst -hmac` in turn: `cargo bench --bench start`.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 400;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let (event, secret) = (folder.path().join("event.json"), folder.path().join("secret"));
    let body = r#"{"render_id":"rnd_abc123","variation_id":"var_xyz789","variation_type":"staging","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/image.jpg"}}"#;
    std::fs::write(&event, body).expect("written");
    std::fs::write(&secret, "test-secret").expect("written");
    let vsai = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vsai"));
        command.args(arguments).arg(&event).arg("--secret-file").arg(&secret);
        command
    };
    assert!(vsai(&["sign", "--write"]).output().expect("vsai").status.success());
    let verify = || {
        let mut command = vsai(&["verify"]);
        command.arg("--sig");
        command
    };
    let openssl = || {
        let mut command = Command::new("openssl");
        command.args(["dgst", "-sha256", "-hmac", "test-secret"]).arg(&event);
        command
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(time(verify()));
        theirs.push(time(openssl()));
    }
    let (ours, theirs) = (quartiles(ours), quartiles(theirs));
    for (name, [low, median, high]) in [("vsai verify", ours), ("openssl dgst -hmac", theirs)] {
        report(&format!("{name:<20} median {median:.2?}, middle half {low:.2?} to {high:.2?}"));
    }
    report(&format!("ratio of medians: {:.2}", ours[1].as_secs_f64() / theirs[1].as_secs_f64()));
}

fn time(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status().expect("started");
    let took = started.elapsed();
    assert!(status.success());
    took
}

fn quartiles(mut times: Vec<Duration>) -> [Duration; 3] {
    times.sort();
    [1, 2, 3].map(|quarter| times[times.len() * quarter / 4])
}

#[expect(clippy::print_stdout, reason = "a benchmark's answer")]
fn report(line: &str) {
    println!("{line}");
}
