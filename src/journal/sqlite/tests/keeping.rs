//! What is dropped, and what never comes back.

use super::*;
use crate::journal::{Begin, Keep, Outcome, Standing, Start, Verdict};

fn start(name: &str, second: i64, begin: Begin) -> Start {
    Start { name: name.to_owned(), goal: "http://localhost:3000/".to_owned(), at: at(second), begin }
}

#[tokio::test]
async fn positions_are_not_given_out_twice_though_everything_was_pruned() {
    let folder = Folder::new();
    let journal = folder.open();
    let mut last = Position::START;
    for round in 0..3 {
        for number in 0..5 {
            let position = append(&journal, done(&format!("{round}-{number}"), at(round), 0)).await.expect("appended");
            assert!(position.position > last);
            last = position.position;
        }
        let pruned =
            journal.prune(Keep { since: Some(at(round + 1)), bytes: None, behind: None }).await.expect("pruned");
        assert_eq!((pruned.deliveries, all(&journal).await.len()), (5, 0));
        assert_eq!(journal.end().await.expect("read"), last);
    }
    journal.close().await;
    let journal = folder.open();
    assert!(append(&journal, done("v", at(9), 0)).await.expect("appended").position > last);
}

#[tokio::test]
async fn a_consumer_stands_where_it_stood_when_what_it_had_finished_was_pruned() {
    let folder = Folder::new();
    let journal = folder.open();
    append(&journal, done("1", at(0), 0)).await.expect("appended");
    let stands = journal.consumer(start("c", 1, Begin::Now)).await.expect("begun");
    let next = append(&journal, done("2", at(10), 0)).await.expect("appended");
    journal.prune(Keep { since: Some(at(5)), bytes: None, behind: None }).await.expect("pruned");
    assert_eq!(journal.consumer(start("c", 6, Begin::Start)).await.expect("known"), stands);
    let waiting = journal.read(Page::After(stands), Selection::default(), 10).await.expect("read");
    assert_eq!(waiting.iter().map(|logged| logged.position).collect::<Vec<_>>(), [next.position]);
}

#[tokio::test]
async fn a_consumer_that_is_forgotten_tries_nothing_again() {
    let folder = Folder::new();
    let journal = folder.open();
    for name in ["b", "a"] {
        journal.consumer(start(name, 1, Begin::Start)).await.expect("begun");
    }
    let of = append(&journal, done("1", at(2), 0)).await.expect("appended").position;
    let outcome = |consumer: &str| Outcome {
        consumer: consumer.to_owned(),
        of,
        attempt: 1,
        at: at(2),
        target: "http://localhost:3000/".to_owned(),
        status: Some(503),
        error: None,
        duration_ms: 1,
        answer: None,
        verdict: Verdict::Waiting { next_attempt_at: at(9) },
        finished_to: None,
    };
    let tried = ["a", "b"].map(|consumer| Entry::Outcome(Box::new(outcome(consumer))));
    journal.append(tried.into()).await.expect("appended");
    journal.consumer(start("a", 3, Begin::Now)).await.expect("known");
    assert!(journal.forget("b").await.expect("forgotten") && !journal.forget("b").await.expect("nothing to forget"));
    let outcomes = journal.outcomes(of, of, None).await.expect("read");
    let verdicts: Vec<_> = outcomes.into_iter().map(|outcome| (outcome.consumer, outcome.verdict)).collect();
    let waiting = Verdict::Waiting { next_attempt_at: at(9) };
    assert_eq!(verdicts, [("a".to_owned(), waiting), ("b".to_owned(), Verdict::Failed)]);
    let left = Standing {
        name: "a".to_owned(),
        goal: Some("http://localhost:3000/".to_owned()),
        started_at: Some(at(3)),
        finished_to: Position::START,
    };
    assert_eq!(journal.consumers().await.expect("read"), [left]);
}

#[tokio::test]
async fn pruning_to_a_size_drops_the_oldest_and_shrinks_the_file() {
    let folder = Folder::new();
    let journal = folder.open();
    for batch in 0..40 {
        let entries = (0..100).map(|number| delivery(done(&format!("{batch}-{number}"), at(batch), 1_000)));
        journal.append(entries.collect()).await.expect("appended");
    }
    let limit = 3 << 20;
    let pruned = journal.prune(Keep { since: None, bytes: Some(limit), behind: None }).await.expect("pruned");
    let left = all(&journal).await;
    assert!(pruned.bytes <= limit && left.len() as u64 == 4_000 - pruned.deliveries, "{pruned:?}");
    assert_eq!(left.last().expect("the newest").record.received_at(), at(39));
    journal.close().await;
    assert_eq!(fs::metadata(folder.path()).expect("there").len(), pruned.bytes);
}

#[tokio::test]
async fn the_last_hundred_refusals_are_kept_and_eight_mebibytes_of_them() {
    let folder = Folder::new();
    let journal = folder.open();
    let kept = async || {
        let mut kept = Vec::new();
        for number in 1..200 {
            kept.extend(journal.refusal(number).await.expect("read").map(|_| number));
        }
        kept
    };
    for _ in 0..120 {
        journal.append(vec![refusal(10)]).await.expect("appended");
    }
    assert_eq!(kept().await, (21..=120).collect::<Vec<_>>());
    for _ in 0..40 {
        journal.append(vec![refusal(1 << 20)]).await.expect("appended");
    }
    // Each is cut to 256 KiB, so that 32 of them fill 8 MiB.
    assert_eq!(kept().await, (129..=160).collect::<Vec<_>>());
    let refused = journal.refusal(160).await.expect("read").expect("kept");
    assert_eq!((refused.size(), refused.evidence().expect("kept").len()), (1 << 20, 256 << 10));
}
