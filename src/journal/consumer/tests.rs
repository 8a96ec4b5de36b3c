//! A consumer over a real file: what it is handed, in which order, and what a restart changes.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use super::super::engine::Access;
use super::super::error::Reason;
use super::*;
use crate::journal::{Arrival, Begin, EventRecord};
use crate::protocol::{Secret, SigningKey, Verifier};

/// The time of day, in seconds; each test is a thread of its own.
fn now() -> Timestamp {
    CLOCK.with(|clock| Timestamp::from_second(clock.load(Ordering::Relaxed)).expect("in range"))
}

thread_local! {
    static CLOCK: AtomicI64 = const { AtomicI64::new(1000) };
}

fn set_clock(second: i64) {
    CLOCK.with(|clock| clock.store(second, Ordering::Relaxed));
}

fn event(event_type: &str, variation: &str) -> EventRecord {
    let text = format!(r#"{{"event_type":"{event_type}","render_id":"r","variation_id":"{variation}"}}"#);
    let secret = Secret::new("s").expect("not empty");
    let signature = SigningKey::new(&secret).sign(text.as_bytes());
    let verified = Verifier::new(&[secret]).verify(text.as_bytes(), signature).expect("verified");
    let arrival = Arrival { received_at: now(), target: "/".into(), headers: Default::default(), reformatted: None };
    EventRecord::new(verified, String::new(), arrival)
}

async fn append(journal: &Journal, records: impl IntoIterator<Item = EventRecord>) {
    let batch = records.into_iter().map(|record| Entry::Delivery(Box::new(record))).collect();
    journal.append(batch).await.expect("appended");
}

async fn open(journal: &Journal, begin: Begin) -> Result<Consumer, JournalError> {
    let takes = Box::new(|record: &EventRecord| record.event_type() != Some("update"));
    Consumer::open(journal.clone(), start(begin), takes, now).await
}

fn start(begin: Begin) -> Start {
    Start { name: "c".to_owned(), goal: "t".to_owned(), at: now(), begin }
}

/// Up to where all is finished, as the log knows it.
async fn stands(journal: &Journal) -> Position {
    journal.consumers().await.expect("read")[0].finished_to
}

fn journal(folder: &Path) -> Journal {
    Journal::open(&folder.join("j.db"), Access::Create).expect("opened")
}

fn outcome(due: &Due, verdict: Verdict) -> Outcome {
    Outcome {
        consumer: "c".to_owned(),
        of: due.position,
        attempt: due.attempt,
        at: now(),
        target: "t".to_owned(),
        status: None,
        error: None,
        duration_ms: 1,
        answer: None,
        verdict,
        finished_to: None,
    }
}

fn waiting(due: &Due, until: i64) -> Outcome {
    let next_attempt_at = Timestamp::from_second(until).expect("in range");
    outcome(due, Verdict::Waiting { next_attempt_at })
}

/// All that is due: variation and number of the attempt.
async fn take_all(consumer: &mut Consumer) -> Vec<(String, u32)> {
    let mut taken = Vec::new();
    while let Some(due) = consumer.due().await.expect("read") {
        taken.push((due.record.variation_id().unwrap_or_default().to_owned(), due.attempt));
    }
    taken
}

#[tokio::test]
async fn passes_over_duplicates_and_what_it_does_not_take() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    append(&journal, [event("done", "before")]).await;
    let mut consumer = open(&journal, Begin::Now).await.expect("free");
    append(&journal, [event("done", "a"), event("update", "b"), event("done", "a"), event("done", "c")]).await;
    assert_eq!(take_all(&mut consumer).await, [("a".to_owned(), 1), ("c".to_owned(), 1)]);
    assert_eq!(consumer.unfinished(), 2);
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let mut consumer = open(&journal, Begin::Start).await.expect("free");
    append(&journal, ["a", "b", "c", "d"].map(|variation| event("done", variation))).await;
    let mut due = Vec::new();
    for _ in 0..3 {
        due.push(consumer.next().await.expect("one"));
    }
    let outcomes = [outcome(&due[0], Verdict::Delivered), waiting(&due[1], 1040), outcome(&due[2], Verdict::Failed)];
    consumer.settle(&outcomes).await.expect("recorded");
    drop(consumer);
    let mut consumer = open(&journal, Begin::Now).await.expect("free again");
    assert_eq!(take_all(&mut consumer).await, [("d".to_owned(), 1)], "b waits");
    set_clock(1040);
    assert_eq!(take_all(&mut consumer).await, [("b".to_owned(), 2)]);
    drop(consumer);
    let mut consumer = open(&journal, Begin::Now).await.expect("free again");
    let again = take_all(&mut consumer).await;
    assert_eq!(again, [("b".to_owned(), 2), ("d".to_owned(), 1)], "no outcome was recorded");
}

#[tokio::test]
async fn what_is_finished_is_not_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let mut consumer = open(&journal, Begin::Start).await.expect("free");
    append(&journal, ["a", "b", "c"].map(|variation| event("done", variation))).await;
    let first = consumer.next().await.expect("one");
    let second = consumer.next().await.expect("one");
    consumer.settle(&[outcome(&second, Verdict::Delivered)]).await.expect("recorded");
    assert_eq!(stands(&journal).await, Position::START);
    consumer.settle(&[outcome(&first, Verdict::Delivered)]).await.expect("recorded");
    assert_eq!(stands(&journal).await, second.position);
}

#[tokio::test]
async fn what_it_does_not_take_is_finished_for_the_log_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let mut consumer = open(&journal, Begin::Start).await.expect("free");
    append(&journal, ["a", "b"].map(|variation| event("update", variation))).await;
    assert!(consumer.due().await.expect("read").is_none());
    consumer.keep_place().await.expect("kept");
    assert_eq!(stands(&journal).await, journal.end().await.expect("read"));
    append(&journal, [event("update", "c"), event("done", "d")]).await;
    let between = journal.end().await.expect("read").before();
    set_clock(1060);
    tokio::select! {
        biased;
        due = consumer.next() => assert_eq!(due.expect("one").record.variation_id(), Some("d")),
        () = std::future::pending() => {}
    }
    // What is handed out is not finished.
    consumer.keep_place().await.expect("kept");
    assert_eq!(stands(&journal).await, between);
}

#[tokio::test]
async fn a_quiet_one_lets_the_log_know_every_minute() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let mut consumer = open(&journal, Begin::Start).await.expect("free");
    append(&journal, [event("update", "a")]).await;
    set_clock(1060);
    let end = journal.end().await.expect("read");
    let known = async {
        while stands(&journal).await < end {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = consumer.next() => panic!("nothing is due"),
        known = tokio::time::timeout(Duration::from_secs(30), known) => known.expect("in time"),
    }
}

#[tokio::test]
async fn waits_for_what_comes_and_for_its_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let mut consumer = open(&journal, Begin::Start).await.expect("free");
    let (due, ()) = tokio::join!(consumer.next(), append(&journal, [event("done", "a")]));
    let due = due.expect("one");
    consumer.settle(&[waiting(&due, 1001)]).await.expect("recorded");
    assert!(consumer.due().await.expect("read").is_none());
    consumer.hurry();
    assert_eq!(consumer.next().await.expect("hurried").attempt, 2);
}

#[tokio::test]
async fn large_payloads_are_read_again_instead_of_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let mut consumer = open(&journal, Begin::Start).await.expect("free");
    let names: Vec<_> = (0..12).map(|number| format!("{number}{}", "x".repeat(900_000))).collect();
    append(&journal, names.iter().map(|name| event("done", name))).await;
    while consumer.read_page().await.expect("read") {
        assert!(consumer.kept_bytes <= KEPT_BYTES);
    }
    assert_eq!(consumer.kept.len(), 4);
    let taken: Vec<_> = take_all(&mut consumer).await.into_iter().map(|(variation, _)| variation).collect();
    assert_eq!(taken, names);
    assert_eq!(consumer.kept_bytes, 0);
}

#[tokio::test]
async fn a_second_holder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let _first = open(&journal, Begin::Now).await.expect("free");
    let error = open(&journal, Begin::Now).await.err().expect("held");
    assert_eq!(error.reason, Reason::Held("consumer c".to_owned()));
}
