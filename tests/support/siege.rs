//! An attack on a running listener, an honest sender beside it, and what both of them cost.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::home::PATIENCE;
use crate::sender::{Post, SECRET, Wire, done};

/// What the listener may take while it is under attack, in kB of resident memory.
const MEMORY: u64 = 64 * 1024;
/// How long the honest sender may wait for its answer.
const WAIT: Duration = Duration::from_secs(1);
/// How often it sends.
const PACE: Duration = Duration::from_millis(20);
/// How many events it still sends once the attackers have done their worst, while they hold what they have.
const LAST: usize = 10;

/// One attack at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Attacks a new listener while an honest sender goes on. Afterwards the listener is up, and within its limits. Whatever else
/// this machine does can only make the honest sender wait longer: one attack of three in which it did not is enough.
#[track_caller]
pub(crate) fn withstand<Held>(name: &str, attack: impl Fn(SocketAddr) -> Held) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // The attacker's own: each of its connections takes a descriptor.
    let _ = rlimit::increase_nofile_limit(16_384);
    let stood = (0..3).any(|_| longest_wait(name, &attack) < WAIT);
    assert!(stood, "{name}: the honest sender waited longer than {WAIT:?}");
}

/// How long the honest sender had to wait at most during one attack.
#[track_caller]
fn longest_wait<Held>(name: &str, attack: impl Fn(SocketAddr) -> Held) -> Duration {
    let listener = Listener::start();
    let address = listener.address();
    let before = peak_memory(listener.child.id());
    let started = Instant::now();
    let (ended, end) = channel::<()>();
    let waits = std::thread::scope(|scope| {
        let honest = scope.spawn(|| send_until(end, address));
        let _held = attack(address);
        drop(ended);
        honest.join().expect("honest events are taken")
    });
    let longest = *waits.iter().max().expect("at least one event");
    let peak = peak_memory(listener.child.id());
    report(&format!(
        "{name}: {:.1?}; honest: {} events, median {:.1?}, longest {longest:.1?}; peak memory {} MB, {} at the start",
        started.elapsed(),
        waits.len(),
        median(&waits),
        peak / 1000,
        before / 1000,
    ));
    assert!(peak <= MEMORY, "{name}: {peak} kB");
    let stdout = listener.interrupt();
    assert!(stdout.matches("✓ verified").count() >= waits.len(), "{name}: what was answered 200 is shown");
    longest
}

/// The built program in a home folder of its own, killed when the test is over.
struct Listener {
    home: TempDir,
    child: Child,
}

impl Listener {
    #[track_caller]
    fn start() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let file = |name: &str| File::create(home.path().join(name)).expect("made");
        file("secret").write_all(SECRET.as_bytes()).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vsai"));
        command.args(["listen", "--port", "0", "--secret-file", "secret", "--ready-file", "ready"]);
        command.current_dir(home.path()).env_clear().env("HOME", home.path());
        command.stdin(Stdio::null()).stdout(file("stdout")).stderr(file("stderr"));
        let child = command.spawn().expect("started");
        Self { home, child }
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).unwrap_or_default()
    }

    /// Waits until it listens.
    #[track_caller]
    fn address(&self) -> SocketAddr {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(ready) = serde_json::from_str::<serde_json::Value>(&self.read("ready")) {
                let port = ready["port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port");
                return SocketAddr::from(([127, 0, 0, 1], port));
            }
            assert!(Instant::now() < deadline, "it does not listen: {}", self.read("stderr"));
            std::thread::yield_now();
        }
    }

    /// Stops it as Ctrl-C does; what it has printed.
    #[track_caller]
    fn interrupt(mut self) -> String {
        let kill = Command::new("sh").arg("-c").arg(format!("kill -INT {}", self.child.id())).status();
        assert!(kill.expect("started").success());
        let status = self.child.wait().expect("waited");
        assert_eq!(status.code(), Some(130), "{}", self.read("stderr"));
        self.read("stdout")
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends one event after the other; how long each waited for its 200.
fn send_until(end: Receiver<()>, to: SocketAddr) -> Vec<Duration> {
    let (mut waits, mut left) = (Vec::new(), LAST);
    while left > 0 {
        let post = Post::signed(done("honest", &waits.len().to_string()));
        let started = Instant::now();
        let mut wire = Wire::open(to);
        wire.write(&post.bytes());
        assert_eq!(wire.answer().expect("an honest sender is not cut off").status, 200);
        waits.push(started.elapsed());
        if end.recv_timeout(PACE) == Err(RecvTimeoutError::Disconnected) {
            left -= 1;
        }
    }
    waits
}

/// Does it on so many threads at once.
pub(crate) fn crowd<T: Send>(number: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..number).map(|_| scope.spawn(&work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("an attacker")).collect()
    })
}

fn median(waits: &[Duration]) -> Duration {
    let mut waits = waits.to_vec();
    waits.sort();
    waits[waits.len() / 2]
}

/// The most that a process has had in memory so far, in kB; 0 where the system does not tell.
fn peak_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[expect(clippy::print_stdout, reason = "the figures, for who looks")]
fn report(line: &str) {
    println!("{line}");
}
