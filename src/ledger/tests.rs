//! The ledger on a real file: what it keeps over restarts, and what it refuses.

use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::database::Reason;

fn purchase(photo: u8, count: u32) -> Purchase {
    Purchase {
        owner: Owner { origin: "https://api.example.com".into(), account: "u".into() },
        endpoint: "/renders",
        photo: [photo; 32],
        source: format!("{photo}.jpg"),
        settings: json!({"config": {"type": "staging"}}),
        count,
    }
}

fn now() -> Timestamp {
    Timestamp::from_millisecond(1_760_000_000_000).expect("a time")
}

struct File(TempDir);

impl File {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn open(&self) -> Ledger {
        Ledger::open(&self.0.path().join("data").join("ledger.db")).expect("opened")
    }
}

async fn plan(ledger: &Ledger, purchase: Purchase, again: Again) -> Job {
    ledger.plan(vec![purchase], again, now()).await.expect("planned").remove(0)
}

#[tokio::test]
async fn a_job_outlives_the_process_with_all_that_is_known_of_it() {
    let file = File::new();
    let anchor = Anchor { render_id: "r0".into(), created_at: Some(7) };
    let planned = {
        let ledger = file.open();
        let job = plan(&ledger, purchase(1, 2), Again::No).await;
        assert!(ledger.sending(&job.id, Some(anchor.clone()), now()).await.expect("noted"));
        assert!(!ledger.sending(&job.id, None, now()).await.expect("answered"), "it is on its way");
        job
    };
    let job = file.open().job(&planned.id).await.expect("read").expect("there");
    let expected = Job { state: State::Sending, anchor: Some(anchor), sent_at: Some(now()), ..planned };
    assert_eq!(job, expected);
}

#[tokio::test]
async fn the_same_is_bought_again_on_purpose_only_and_only_once_it_is_there() {
    let file = File::new();
    let ledger = file.open();
    let first = plan(&ledger, purchase(1, 1), Again::No).await;
    assert_eq!(plan(&ledger, purchase(1, 1), Again::Yes).await.id, first.id, "it has not come to an end");
    assert_eq!(ledger.accepted(&first.id, "r1", false).await.expect("noted"), Claim::Made);
    assert_eq!(plan(&ledger, purchase(1, 1), Again::No).await.render_id.as_deref(), Some("r1"));
    let second = plan(&ledger, purchase(1, 1), Again::Yes).await;
    assert_ne!(second.id, first.id);
    assert_eq!(second.state, State::Planned);
    assert_eq!(plan(&ledger, purchase(1, 1), Again::No).await.id, second.id, "an interrupted one is gone on with");
}

#[tokio::test]
async fn a_render_belongs_to_one_job() {
    let file = File::new();
    let ledger = file.open();
    let jobs =
        ledger.plan(vec![purchase(1, 1), purchase(2, 1), purchase(1, 1)], Again::No, now()).await.expect("planned");
    assert_eq!(jobs[0].id, jobs[2].id);
    assert_eq!(ledger.accepted(&jobs[0].id, "r1", false).await.expect("noted"), Claim::Made);
    assert_eq!(ledger.accepted(&jobs[0].id, "r1", true).await.expect("noted"), Claim::Made, "it is its own");
    assert_eq!(ledger.accepted(&jobs[1].id, "r1", false).await.expect("noted"), Claim::Taken(jobs[0].id.clone()));
    let owner = &purchase(1, 1).owner;
    assert_eq!(ledger.job_of(owner, "r1").await.expect("read").expect("there").id, jobs[0].id);
    let of_render = ledger.job_at(&owner.origin, "r1").await.expect("read").expect("there");
    let identity = purchase(1, 1).photo;
    assert_eq!((of_render.id.as_str(), of_render.is_of_photo("/renders", identity)), (jobs[0].id.as_str(), true));
    assert!(!of_render.is_of_photo("/renders", [0xFF; 32]) && !of_render.is_of_photo("/else", identity));
    assert_eq!(ledger.job_at("http://127.0.0.1:2", "r1").await.expect("read"), None);
    let other = Owner { account: "v".into(), ..owner.clone() };
    assert_eq!(ledger.job_of(&other, "r1").await.expect("read"), None);
    let others = ledger.paid_with_photos(&[&purchase(1, 5), &purchase(1, 1)]).await.expect("read");
    let counts: Vec<Vec<u32>> = others.iter().map(|jobs| jobs.iter().map(|job| job.count).collect()).collect();
    assert_eq!(counts, [vec![1], vec![]]);
}

#[tokio::test]
async fn a_job_goes_forward_only() {
    let file = File::new();
    let ledger = file.open();
    let job = plan(&ledger, purchase(1, 1), Again::No).await;
    let state = async || ledger.job(&job.id).await.expect("read").expect("there").state;
    ledger.reached(&job.id, State::Saved).await.expect("noted");
    assert_eq!(state().await, State::Planned, "nothing was paid");
    ledger.accepted(&job.id, "r1", false).await.expect("noted");
    for (reached, expected) in [(State::Saved, State::Saved), (State::Done, State::Saved)] {
        ledger.reached(&job.id, reached).await.expect("noted");
        assert_eq!(state().await, expected);
    }
    ledger.left_unclear(&job.id, "late").await.expect("noted");
    assert_eq!(state().await, State::Saved, "what is paid does not become unclear");
}

#[tokio::test]
async fn changes_of_many_at_once_are_all_kept() {
    let file = File::new();
    let ledger = file.open();
    let tasks: Vec<_> = (0..100)
        .map(|photo| {
            let ledger = ledger.clone();
            tokio::spawn(async move { plan(&ledger, purchase(photo, 1), Again::No).await.id })
        })
        .collect();
    let other = file.open();
    for task in tasks {
        let id = task.await.expect("no panic");
        assert!(other.job(&id).await.expect("read").is_some(), "seen by another process as soon as it is answered");
    }
}

#[tokio::test]
async fn a_turn_is_one_at_a_time_also_between_two_opened_files() {
    let file = File::new();
    let (one, two) = (file.open(), file.open());
    let job = plan(&one, purchase(1, 1), Again::No).await;
    let other = plan(&one, purchase(1, 2), Again::No).await;
    let turn = one.turn(&job).await.expect("free");
    let _other_turn = two.turn(&other).await.expect("another line");
    let mut waiting = Box::pin(two.turn(&job));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(120), &mut waiting).await.is_err());
    drop(turn);
    waiting.await.expect("free again");
}

#[tokio::test]
async fn requests_that_share_a_lock_file_wait_for_each_other_between_processes_only() {
    let file = File::new();
    let (one, two) = (file.open(), file.open());
    let job = plan(&one, purchase(1, 1), Again::No).await;
    let others = one.plan((2..3000).map(|count| purchase(1, count)).collect(), Again::No, now()).await;
    let mut others = others.expect("planned").into_iter();
    let other = others.find(|other| other.twin[0] == job.twin[0]).expect("one in 256 has the same file");
    let turn = one.turn(&job).await.expect("free");
    let other_turn = one.turn(&other).await.expect("in the same process");
    drop(turn);
    let mut waiting = Box::pin(two.turn(&job));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(120), &mut waiting).await.is_err());
    drop(other_turn);
    waiting.await.expect("free again");
}

#[tokio::test]
async fn what_may_be_mistaken_for_another_is_not_sent_without_a_closer_look() {
    let file = File::new();
    let ledger = file.open();
    let jobs = ledger.plan(vec![purchase(1, 1), purchase(2, 1), purchase(3, 2)], Again::No, now()).await;
    let [one, twin, other] = jobs.expect("planned").try_into().expect("three");
    let anchor = || Anchor { render_id: "r0".into(), created_at: Some(7) };
    let sent = async |job: &Job| ledger.sending_alone(&job.id, anchor(), now()).await.expect("answered");
    assert!(sent(&one).await && !sent(&one).await, "it is on its way");
    assert!(!sent(&twin).await && sent(&other).await, "only the twin may be mistaken for it");
    ledger.left_unclear(&one.id, "cut").await.expect("noted");
    assert!(!sent(&twin).await);
    ledger.accepted(&one.id, "r1", false).await.expect("noted");
    assert!(sent(&twin).await && !sent(&one).await);
    let sent = ledger.job(&twin.id).await.expect("read").expect("there");
    assert_eq!((sent.state, sent.anchor, sent.sent_at), (State::Sending, Some(anchor()), Some(now())));
}

#[tokio::test]
async fn refuses_a_file_that_is_no_ledger_and_one_that_goes_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    std::fs::write(&path, "notes").expect("written");
    assert_eq!(Ledger::open(&path).expect_err("foreign").reason, Reason::Foreign);
    assert_eq!(std::fs::read(&path).expect("read"), b"notes");
    let file = File::new();
    let ledger = file.open();
    std::fs::remove_file(file.0.path().join("data").join("ledger.db")).expect("removed");
    let error = ledger.plan(vec![purchase(1, 1)], Again::No, now()).await.expect_err("gone");
    assert_eq!(error.reason, Reason::Gone);
}
