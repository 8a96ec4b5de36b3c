//! `vsai events`: what it tells of a journal that a real listener has written.

mod explain;
mod export;
mod forwarding;
mod list;
mod prune;
mod show;
mod stats;
mod tail;

use std::process::Output;

use serde_json::Value;

use crate::home::{Home, shown};
use crate::listening::{of_kind, records};
use crate::sender::{Post, SECRET, Wire, done};

const JOURNAL: &str = ".local/share/vsai/journal/default.db";

/// A home in whose journal are these deliveries, in this order; and what the listener has printed.
#[track_caller]
fn received(posts: &[Post]) -> (Home, Vec<Value>) {
    let home = Home::new();
    let records = receive(&home, posts);
    (home, records)
}

/// Receives deliveries one after the other; what the listener has printed.
#[track_caller]
fn receive(home: &Home, posts: &[Post]) -> Vec<Value> {
    home.file("secret", SECRET);
    let listening = home.listen_as("--json", "--secret-file secret");
    let mut wire = Wire::open(listening.address);
    for post in posts {
        assert!(wire.write(&post.bytes()));
        wire.answer().expect("an answer");
    }
    listening.interrupt_with_records().1
}

/// Distinct events, numbered from the first.
fn distinct(numbers: std::ops::Range<usize>) -> Vec<Post> {
    numbers.map(|number| Post::signed(done("r", &format!("v{number}")))).collect()
}

/// stdout as records, of a run that ends well.
#[track_caller]
fn json(home: &Home, arguments: &str) -> Vec<Value> {
    records(&home.stdout(&format!("--json {arguments}")))
}

/// The variations of the events that a run prints.
#[track_caller]
fn variations(home: &Home, arguments: &str) -> Vec<String> {
    let text = |event: &Value| event["variation_id"].as_str().unwrap_or("-").to_owned();
    json(home, arguments).iter().map(text).collect()
}

/// The names of events that were received, in this order.
fn ids(records: &[Value]) -> Vec<String> {
    of_kind(records, "event").iter().map(|event| event["id"].as_str().expect("a text").to_owned()).collect()
}

/// Exit code and stderr.
#[track_caller]
fn refused(output: &Output) -> (Option<i32>, String) {
    assert!(output.stdout.is_empty(), "{}", shown(output));
    (output.status.code(), String::from_utf8(output.stderr.clone()).expect("UTF-8"))
}
