//! A running `vsai listen` or another server, and the records that it prints.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::home::{End, Home, Running};

/// A program that serves at an address.
pub(crate) struct Listening {
    running: Running,
    pub(crate) address: SocketAddr,
}

impl Home {
    /// Starts `vsai listen` on a free port, with arguments before and after the word, and waits until it listens.
    #[track_caller]
    pub(crate) fn listen_as(&self, before: &str, after: &str) -> Listening {
        Listening::wait(self.start(&format!("{before} listen --port 0 {after}")))
    }

    /// Starts `vsai sandbox` on a free port.
    #[track_caller]
    pub(crate) fn sandbox(&self, arguments: &str) -> Listening {
        Listening::wait(self.start(&format!("sandbox --port 0 {arguments}")))
    }

    /// Starts `vsai listen` with the tests' secret.
    #[track_caller]
    pub(crate) fn listen(&self, arguments: &str) -> Listening {
        self.file("secret", crate::sender::SECRET);
        self.listen_as("", &format!("--secret-file secret {arguments}"))
    }
}

impl Listening {
    #[track_caller]
    pub(crate) fn wait(mut running: Running) -> Self {
        let mut banner = running.note(" http://");
        // Handlers are named before.
        while banner.contains(" to http://") {
            banner = running.note(" http://");
        }
        let (_, url) = banner.split_once("http://").expect("an address");
        let end = url.find('/').expect("a path");
        Self { running, address: url[..end].parse().expect("an address") }
    }

    /// Waits for the end; exit code, stdout and stderr.
    #[track_caller]
    pub(crate) fn end(self) -> End {
        self.running.end()
    }

    /// Waits for the end; exit code and the records on stdout.
    #[track_caller]
    pub(crate) fn end_with_records(self) -> (Option<i32>, Vec<Value>) {
        let (code, stdout, _) = self.end();
        (code, records(&stdout))
    }

    /// Stops it as Ctrl-C does and waits for the end; exit code, stdout and stderr.
    #[track_caller]
    pub(crate) fn interrupt(self) -> End {
        self.signal("INT");
        self.end()
    }

    /// Stops it as Ctrl-C does and waits for the end; exit code and the records on stdout.
    #[track_caller]
    pub(crate) fn interrupt_with_records(self) -> (Option<i32>, Vec<Value>) {
        self.signal("INT");
        self.end_with_records()
    }
}

impl Deref for Listening {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

impl DerefMut for Listening {
    fn deref_mut(&mut self) -> &mut Running {
        &mut self.running
    }
}

/// JSON lines, each with a kind and the schema of that kind.
#[track_caller]
pub(crate) fn records(stdout: &str) -> Vec<Value> {
    let record = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let kind = record["kind"].as_str().expect("a kind");
        let schema = record["schema"].as_str().expect("a schema");
        assert!(schema.starts_with(&format!("vsai.{kind}/")), "{schema}");
        record
    };
    stdout.lines().map(record).collect()
}

/// The records of one kind.
pub(crate) fn of_kind<'a>(records: &'a [Value], kind: &str) -> Vec<&'a Value> {
    records.iter().filter(|record| record["kind"] == kind).collect()
}
