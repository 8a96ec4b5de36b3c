//! What the kernel is asked for, in order: a delivery is written to the write-ahead log, the log is synced, and only then
//! goes its 200 out. A kill could not show this: it leaves the kernel's memory as it is.

use std::collections::HashMap;
use std::process::Command;

use crate::home::{Home, Running, send_signal};
use crate::listening::Listening;
use crate::sender::{Post, SECRET, Wire, done};

/// A system call, from the line where it begins to the line where it ends.
#[derive(Debug)]
struct Call {
    name: String,
    text: String,
    begin: usize,
    end: usize,
}

/// Reads what strace wrote, in which calls of one thread are broken off by those of others.
fn calls(trace: &str) -> Vec<Call> {
    let mut open: HashMap<&str, Call> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            if let Some(mut call) = open.remove(thread) {
                call.end = at;
                call.text.push_str(resumed);
                calls.push(call);
            }
            continue;
        }
        let Some((name, _)) = rest.split_once('(') else { continue };
        let call = Call { name: name.to_owned(), text: rest.to_owned(), begin: at, end: at };
        if rest.ends_with("<unfinished ...>") {
            open.insert(thread, call);
        } else {
            calls.push(call);
        }
    }
    calls
}

impl Call {
    fn is_on_log(&self) -> bool {
        self.text.split(',').next().is_some_and(|first| first.contains("-wal>"))
    }

    fn is_sync(&self) -> bool {
        matches!(self.name.as_str(), "fdatasync" | "fsync") && self.is_on_log() && self.text.trim_end().ends_with("= 0")
    }

    /// The descriptor, up to the name of what it stands for.
    fn descriptor(&self) -> &str {
        self.text.split_once('(').map_or("", |(_, arguments)| arguments.split(['<', ',']).next().unwrap_or(""))
    }
}

/// A listener under strace, and where the trace goes.
fn traced(home: &Home) -> Listening {
    home.file("secret", SECRET);
    let program = home.command("listen --port 0 --secret-file secret");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-s", "20000", "-o", "trace"]);
    strace.args(["-e", "trace=read,recvfrom,pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync"]);
    strace.arg(program.get_program()).args(program.get_args());
    Listening::wait(Running::new(home.in_home(strace), "listen under strace"))
}

/// Each of these events was synced between its being written and its being answered.
#[track_caller]
fn check(trace: &str, ids: &[String]) {
    let calls = calls(trace);
    let syncs: Vec<_> = calls.iter().filter(|call| call.is_sync()).collect();
    for id in ids {
        let id = format!("\\\"{id}\\\"");
        let find = |what: &str, is: &dyn Fn(&Call) -> bool| {
            calls.iter().find(|call| is(call)).unwrap_or_else(|| panic!("{id} is not {what}"))
        };
        let received =
            find("received", &|call| matches!(call.name.as_str(), "recvfrom" | "read") && call.text.contains(&id));
        let written = find("written", &|call| call.name == "pwrite64" && call.is_on_log() && call.text.contains(&id));
        let answered = find("answered", &|call| {
            call.begin > received.end
                && matches!(call.name.as_str(), "write" | "writev" | "sendto" | "sendmsg")
                && call.descriptor() == received.descriptor()
                && call.text.contains("HTTP/1.1 200")
        });
        assert!(
            syncs.iter().any(|sync| sync.begin > written.end && sync.end < answered.begin),
            "{id} was written in line {} and answered in line {} without a sync in between",
            written.end + 1,
            answered.begin + 1
        );
    }
}

#[test]
fn every_delivery_is_synced_before_it_is_answered() {
    const CONNECTIONS: usize = 8;
    let home = Home::new();
    let listening = traced(&home);
    // A name that is in one page alone: the next event may be written into the same.
    let id = |connection: usize, number: usize| format!("id-{connection}-{number}-end");
    let address = listening.address;
    let send = |connection: usize| {
        let mut wire = Wire::open(address);
        for number in 0..5 {
            wire.write(&Post::signed(done("r", &id(connection, number))).bytes());
            assert_eq!(wire.answer().expect("an answer").status, 200);
        }
    };
    // One alone, then several at once.
    send(0);
    std::thread::scope(|scope| {
        for connection in 1..=CONNECTIONS {
            let send = &send;
            scope.spawn(move || send(connection));
        }
    });
    // strace passes it on no further than to its own end; the program is its child.
    let child = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", listening.pid())).expect("Linux");
    send_signal(child.trim().parse().expect("one child"), "INT");
    assert_eq!(listening.end().0, Some(130));
    let ids: Vec<_> = (0..=CONNECTIONS).flat_map(|connection| (0..5).map(move |number| (connection, number))).collect();
    check(&home.read("trace"), &ids.into_iter().map(|(connection, number)| id(connection, number)).collect::<Vec<_>>());
}
