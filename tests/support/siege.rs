//! An attack on a running listener, an honest sender beside it, and what both of them cost.

use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::home::Home;
use crate::sender::{Post, Wire, done};

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
    let home = Home::new();
    let listening = home.listen("");
    let before = peak_memory(listening.pid());
    let started = Instant::now();
    let (ended, end) = channel::<()>();
    let waits = std::thread::scope(|scope| {
        let honest = scope.spawn(|| send_until(end, listening.address));
        let _held = attack(listening.address);
        drop(ended);
        honest.join().expect("honest events are taken")
    });
    let longest = *waits.iter().max().expect("at least one event");
    let peak = peak_memory(listening.pid());
    report(&format!(
        "{name}: {:.1?}; honest: {} events, median {:.1?}, longest {longest:.1?}; peak memory {} MB, {} at the start",
        started.elapsed(),
        waits.len(),
        median(&waits),
        peak / 1000,
        before / 1000,
    ));
    assert!(peak <= MEMORY, "{name}: {peak} kB");
    let (code, stdout, stderr) = listening.interrupt();
    assert_eq!(code, Some(130), "{name}: {stderr}");
    assert!(stdout.matches("✓ verified").count() >= waits.len(), "{name}: what was answered 200 is shown");
    longest
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
