//! The programs that are measured: a sandbox that answers at once, and `vsai` with a home of its own for each run.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

const SERVER_CORE: &str = "0";
const CLIENT_CORE: &str = "1";

/// How often a running program is asked for its peak.
const MOMENT: Duration = Duration::from_millis(5);

/// A running sandbox; it ends when it is dropped.
pub(crate) struct Sandbox {
    /// With its version: `http://127.0.0.1:PORT/v2`.
    pub(crate) url: String,
    process: Child,
    _stderr: BufReader<ChildStderr>,
}

impl Sandbox {
    /// Starts one that answers after this time, if need be on a core of its own.
    pub(crate) fn start(after: &str, is_pinned: bool) -> Self {
        let arguments = "sandbox --port 0 --photos unlimited --speed 1000000 --color never --slow".split(' ');
        let mut command = on_core(is_pinned.then_some(SERVER_CORE));
        command.args(arguments).arg(after).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("started");
        let mut stderr = BufReader::new(process.stderr.take().expect("a pipe"));
        let url = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).expect("text") > 0, "the sandbox has ended");
            if let Some((_, url)) = line.split_once("http://") {
                break format!("http://{}", url.split_whitespace().next().expect("an address"));
            }
        };
        Self { url, process, _stderr: stderr }
    }

    /// The most bytes of memory that it has held.
    pub(crate) fn peak_memory(&self) -> u64 {
        peak_memory(self.process.id()).expect("it runs")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// `vsai` with these arguments, a home and an account.
pub(crate) fn vsai(arguments: &str, home: &Path, sandbox: &Sandbox, key: &str, is_pinned: bool) -> Command {
    let mut command = on_core(is_pinned.then_some(CLIENT_CORE));
    command.args(arguments.split(' ')).current_dir(home).env("HOME", home);
    command.env("VSAI_API_URL", &sandbox.url).env("VSAI_API_KEY", key);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Moves this thread, and those that it begins, to the core of the clients.
pub(crate) fn pin_this() {
    let pinned = Command::new("taskset").args(["-cp", CLIENT_CORE, &std::process::id().to_string()]).output();
    assert!(pinned.expect("taskset").status.success(), "there is one core only: server and client would share it");
}

/// Runs a program to its end; how long it took and the most memory that it held.
pub(crate) fn run(mut command: Command) -> (Duration, u64) {
    let begun = Instant::now();
    let mut process = command.spawn().expect("started");
    let mut peak = 0;
    let status = loop {
        // Nothing is left to ask once it has ended; what it takes at the very end is little.
        peak = peak_memory(process.id()).unwrap_or(peak);
        if let Some(status) = process.try_wait().expect("a child") {
            break status;
        }
        std::thread::sleep(MOMENT);
    };
    assert!(status.success(), "{command:?}: {status}");
    (begun.elapsed(), peak)
}

fn on_core(core: Option<&str>) -> Command {
    let vsai = env!("CARGO_BIN_EXE_vsai");
    match core {
        Some(core) => {
            let mut command = Command::new("taskset");
            command.args(["-c", core, vsai]);
            command
        }
        None => Command::new(vsai),
    }
}

fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
