//! A delivery that was answered 200 is on the disk, whenever the power fails: before and after a checkpoint, and also
//! when the disk has refused to sync.
#![expect(clippy::print_stdout, reason = "the seed and the figures, for `--nocapture` and for a failure")]

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::process::Command;
use std::time::Instant;

use fastrand::Rng;
use rusqlite::Connection;

use super::crash::{Call, Disk, calls};
use crate::home::{Home, PATIENCE, Running, send_signal};
use crate::listening::Listening;
use crate::sender::{Post, SECRET, Wire, done};

const CONNECTIONS: usize = 8;
const EVENTS: usize = 5;
const JOURNAL: &str = ".local/share/vsai/journal";

/// A listener under strace.
fn traced(home: &Home, options: &[&str]) -> Listening {
    let program = home.command("listen --port 0 --secret-file secret");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-xx", "-s", "100000", "-o", "trace"]).args(options);
    let files = "openat,unlink,pwrite64,ftruncate,fsync,fdatasync";
    strace.args(["-e", &format!("trace={files},recvfrom,read,write,writev,sendto,sendmsg")]);
    strace.arg(program.get_program()).args(program.get_args());
    Listening::wait(Running::new(home.in_home(strace), "listen under strace"))
}

/// Sends events on one connection, each until it is answered 200; how often it was answered otherwise.
fn send(to: SocketAddr, connection: usize) -> usize {
    let mut wire = Wire::open(to);
    let (mut refused, deadline) = (0, Instant::now() + PATIENCE);
    for number in 0..EVENTS {
        loop {
            wire.write(&Post::signed(done("r", &format!("id-{connection}-{number}-end"))).bytes());
            match wire.answer().expect("an answer").status {
                200 => break,
                503 => refused += 1,
                other => panic!("{other}"),
            }
            assert!(Instant::now() < deadline, "it is not taken");
        }
    }
    refused
}

/// Sends from one connection, then, after a checkpoint, from several at once; and ends the listener. How many answers
/// were no 200.
fn drive(home: &Home, listening: Listening) -> usize {
    let file = home.path().join(JOURNAL).join("default.db");
    let before = std::fs::read(&file).expect("there");
    let mut refused = send(listening.address, 0);
    let deadline = Instant::now() + PATIENCE;
    while std::fs::read(&file).expect("there") == before {
        assert!(Instant::now() < deadline, "no checkpoint in quiet times");
        std::thread::yield_now();
    }
    refused += std::thread::scope(|scope| {
        let to = listening.address;
        let senders: Vec<_> = (1..=CONNECTIONS).map(|number| scope.spawn(move || send(to, number))).collect();
        senders.into_iter().map(|sender| sender.join().expect("no panic")).sum::<usize>()
    });
    // strace passes a signal on no further than to its own end; the program is its child.
    let child = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", listening.pid())).expect("Linux");
    send_signal(child.trim().parse().expect("one child"), "INT");
    assert_eq!(listening.end().0, Some(130));
    refused
}

/// Who has asked on each connection, and who was answered 200.
#[derive(Default)]
struct Answered {
    asked: HashMap<String, String>,
    ids: BTreeSet<String>,
}

impl Answered {
    /// Takes in a call; whether it was an answer.
    fn note(&mut self, call: &Call) -> bool {
        let data = || String::from_utf8_lossy(&call.data()).into_owned();
        if matches!(call.name.as_str(), "recvfrom" | "read")
            && let Some(id) = data().split('"').find(|text| text.starts_with("id-") && text.ends_with("-end"))
        {
            self.asked.insert(call.descriptor(), id.to_owned());
        }
        if !call.is_answer() || !data().starts_with("HTTP/1.1 200") {
            return false;
        }
        self.ids.insert(self.asked.remove(&call.descriptor()).expect("somebody has asked"))
    }
}

/// What a journal holds that the power's failure has left.
fn recovered(disk: &Disk, random: Option<&mut Rng>) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder");
    disk.lose_power(random, folder.path());
    let journal = Connection::open(folder.path().join("default.db")).expect("opened");
    let health: String = journal.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(health, "ok");
    let mut ids = journal.prepare("SELECT variation_id FROM deliveries").expect("tables");
    let ids = ids.query_map([], |row| row.get(0)).expect("read");
    ids.map(|id| id.expect("a text")).collect()
}

/// Lets the power fail after each call, with nothing left that was not synced, and with some of it.
#[track_caller]
fn check(trace: &str, mut disk: Disk) {
    let seed = fastrand::u64(..);
    let (mut random, mut answered, mut failures) = (Rng::with_seed(seed), Answered::default(), 0);
    for call in calls(trace) {
        disk.note(&call);
        let is_answer = answered.note(&call);
        if !is_answer && !matches!(call.name.as_str(), "pwrite64" | "ftruncate" | "fsync" | "fdatasync" | "unlink") {
            continue;
        }
        for random in [None, Some(&mut random)] {
            failures += 1;
            let kept = recovered(&disk, random);
            let lost: Vec<_> = answered.ids.difference(&kept).collect();
            assert!(lost.is_empty(), "{lost:?} were answered 200 and are lost after {call:?}, seed {seed}");
        }
    }
    println!("{} events answered 200, {failures} failures of power, 0 lost", answered.ids.len());
    assert_eq!(answered.ids.len(), (CONNECTIONS + 1) * EVENTS);
}

/// A home with an empty journal, and its disk.
fn prepared() -> (Home, Disk) {
    let home = Home::new();
    home.file("secret", SECRET);
    home.run("listen --port 0 --secret-file secret --timeout 1ms");
    let disk = Disk::of(&home.path().join(JOURNAL));
    (home, disk)
}

#[test]
fn what_was_answered_200_outlives_a_loss_of_power() {
    let (home, disk) = prepared();
    let listening = traced(&home, &[]);
    assert_eq!(drive(&home, listening), 0);
    check(&home.read("trace"), disk);
}

#[test]
fn a_sync_that_failed_is_no_sync() {
    let (home, disk) = prepared();
    let listening = traced(&home, &["-e", "inject=fsync,fdatasync:error=EIO:when=15+6"]);
    let refused = drive(&home, listening);
    assert!(refused > 0, "what could not be synced was not answered 200");
    check(&home.read("trace"), disk);
}
