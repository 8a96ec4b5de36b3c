//! Numbers, duplicates, and many appends in few transactions.

use std::collections::HashMap;

use super::*;
use crate::journal::{Keep, Outcome, Verdict};

const DAY: i64 = 24 * 60 * 60;
const FAILED_ANALYSIS: &str = r#"{"event_type":"analysis_error"}"#;

#[tokio::test]
async fn an_outcome_of_a_variation_happens_once_and_anything_else_once_a_day() {
    let folder = Folder::new();
    let journal = folder.open();
    let error = r#"{"event_type":"error","variation_id":"v","render_id":"r","error_message":"m"}"#;
    for (payload, seconds, number, duplicate) in [
        (error, 0, 1, false),
        (error, 1, 2, true),
        (error, 1_000 * DAY, 3, true),
        (FAILED_ANALYSIS, 0, 1, false),
        (FAILED_ANALYSIS, DAY - 1, 2, true),
        // A day after the last one that was new, whatever came between.
        (FAILED_ANALYSIS, DAY, 3, false),
        (FAILED_ANALYSIS, DAY + 1, 4, true),
        (FAILED_ANALYSIS, 2 * DAY - 1, 5, true),
        (FAILED_ANALYSIS, 2 * DAY, 6, false),
        // A clock that was set back.
        (FAILED_ANALYSIS, 5, 7, true),
    ] {
        let record = append(&journal, delivery_of(payload, at(seconds))).await.expect("appended").record;
        assert!(record.delivery().ends_with(&format!(".{number}")), "{payload} at {seconds}: {}", record.delivery());
        assert_eq!(record.is_duplicate(), duplicate, "{payload} at {seconds}");
    }
}

#[tokio::test]
async fn one_transaction_may_hold_an_event_twice() {
    let folder = Folder::new();
    let journal = folder.open();
    let twice = vec![delivery(done("v", at(0), 0)), refusal(1), delivery(done("v", at(0), 0))];
    journal.append(twice).await.expect("appended");
    let duplicates: Vec<_> = all(&journal).await.iter().map(|logged| logged.record.is_duplicate()).collect();
    assert_eq!(duplicates, [false, true]);
}

/// Numbers as they should be, kept in the simplest way.
#[derive(Default)]
struct Model(HashMap<String, (u32, i64)>);

impl Model {
    fn number(&mut self, record: &EventRecord, seconds: i64) -> (String, bool) {
        let known = self.0.get(record.id()).copied();
        let same = known.filter(|(_, new_at)| record.happens_once() || seconds - new_at < DAY);
        let (number, new_at) = (known.map_or(1, |known| known.0 + 1), same.map_or(seconds, |known| known.1));
        self.0.insert(record.id().to_owned(), (number, new_at));
        (format!("{}.{number}", record.id()), same.is_some())
    }
}

#[tokio::test]
async fn numbers_do_not_depend_on_who_appends_or_when_the_file_was_opened() {
    let mut random = fastrand::Rng::with_seed(5);
    let folder = Folder::new();
    let mut journals = [folder.open(), folder.open()];
    let (mut model, mut expected, mut seconds) = (Model::default(), Vec::new(), 0);
    for step in 0..300 {
        let journal = &mut journals[random.usize(..2)];
        if step % 40 == 39 {
            journal.clone().close().await;
            *journal = folder.open();
        }
        seconds += random.i64(0..DAY / 2);
        let records: Vec<_> = (0..random.usize(1..4))
            .map(|_| match random.u8(..2) {
                0 => done(&random.u8(..50).to_string(), at(seconds), 0),
                _ => delivery_of(&format!("[{}]", random.u8(..10)), at(seconds)),
            })
            .collect();
        let step: Vec<_> = records.iter().map(|record| model.number(record, seconds)).collect();
        let appended = journal.append(records.into_iter().map(delivery).collect()).await.expect("appended");
        let said: Vec<_> = appended
            .iter()
            .map(|appended| match appended {
                Appended::Delivery(logged) => (logged.record.delivery(), logged.record.is_duplicate()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(said, step);
        expected.extend(said.into_iter().map(|(name, _)| name));
    }
    assert_eq!(names(&journals[0]).await, expected);
    let positions: Vec<_> = all(&journals[1]).await.iter().map(|logged| logged.position).collect();
    assert!(positions.is_sorted_by(|one, other| one < other), "each has a place of its own");
}

#[tokio::test]
async fn what_is_left_of_an_event_tells_its_next_number() {
    let folder = Folder::new();
    let journal = folder.open();
    for seconds in [0, 1, 2] {
        append(&journal, done("v", at(seconds), 0)).await.expect("appended");
    }
    journal.prune(Keep { since: Some(at(2)), bytes: None, behind: None }).await.expect("pruned");
    let next = append(&journal, done("v", at(3), 0)).await.expect("appended").record;
    assert!(next.delivery().ends_with(".4") && next.is_duplicate(), "{next:?}");
}

/// Transactions in a write-ahead log: frames that name the file's size end one.
fn transactions(log: &[u8]) -> usize {
    // https://www.sqlite.org/fileformat2.html#the_write_ahead_log
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().expect("four bytes"));
    let page = number(8) as usize;
    (32..log.len() - 24).step_by(24 + page).filter(|frame| number(frame + 4) != 0).count()
}

#[tokio::test]
async fn appends_that_wait_share_a_transaction_and_a_lone_one_waits_for_nobody() {
    let folder = Folder::new();
    let journal = folder.open();
    let _pinned = folder.pinned();
    let log = || transactions(&fs::read(folder.wal()).expect("there"));
    append(&journal, done("first", at(0), 0)).await.expect("appended");
    let first = log();
    append(&journal, done("alone", at(0), 0)).await.expect("appended");
    let lone = log();
    assert_eq!(lone, first + 1);
    let mut appends = tokio::task::JoinSet::new();
    for number in 0..1_000 {
        let journal = journal.clone();
        appends.spawn(async move { append(&journal, done(&number.to_string(), at(0), 0)).await });
    }
    while let Some(appended) = appends.join_next().await {
        assert!(!appended.expect("no panic").expect("appended").record.is_duplicate());
    }
    let shared = log() - lone;
    assert!((2..20).contains(&shared), "{shared} transactions for 1,000 appends");
    assert_eq!(all(&journal).await.len(), 1_002);
}

#[tokio::test]
async fn everything_of_a_delivery_is_read_as_it_was_appended() {
    let folder = Folder::new();
    let journal = folder.open();
    let payload = "\u{feff}{ \"event_type\":\"new\", \"a\":\"é\\ud800\u{202e}\" }";
    let appended = append(&journal, delivery_of(payload, at(7))).await.expect("appended");
    let read = all(&journal).await.remove(0);
    assert_eq!(crate::output::json_record(&*read.record), crate::output::json_record(&*appended.record));
    assert_eq!(read.record.payload(), payload);
    let outcome = Outcome {
        consumer: "c".to_owned(),
        of: appended.position,
        attempt: 3,
        at: at(8),
        target: "http://localhost/".to_owned(),
        status: None,
        error: Some("connection refused".to_owned()),
        duration_ms: 12,
        answer: None,
        verdict: Verdict::Waiting { next_attempt_at: at(9) },
        finished_to: None,
    };
    journal.append(vec![Entry::Outcome(Box::new(outcome.clone()))]).await.expect("appended");
    assert_eq!(journal.outcomes(appended.position, appended.position, None).await.expect("read"), [outcome]);
}
