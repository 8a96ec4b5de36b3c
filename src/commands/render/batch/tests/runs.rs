//! Runs of a plan: order, limits, failures, the quota and Ctrl-C; and the results that are written.

use std::cell::{Cell, RefCell};
use std::future::pending;

use tokio::sync::watch;

use super::super::engine::{Engine, Outcome, Standing, Status};
use super::super::files::write;
use super::super::plan::Plan;
use super::super::results::{RowReport, Summary};
use super::super::runner::{Ended, run};
use super::*;
use crate::error::Exit;
use crate::jobs::Folder;
use crate::signals::Signal;

/// What happens to a row is in its photo's name.
#[derive(Default)]
struct Fake {
    began: RefCell<Vec<String>>,
    running: Cell<usize>,
    most_at_once: Cell<usize>,
}

fn word(row: &Row) -> &str {
    row.label.rsplit('/').next().expect("a name")
}

impl Engine for Fake {
    async fn run(&self, row: &Row, mut stop: watch::Receiver<bool>) -> Outcome {
        self.began.borrow_mut().push(word(row).to_owned());
        self.running.set(self.running.get() + 1);
        self.most_at_once.set(self.most_at_once.get().max(self.running.get()));
        let outcome = self.outcome(word(row), &mut stop).await;
        self.running.set(self.running.get() - 1);
        outcome
    }
}

impl Fake {
    async fn outcome(&self, word: &str, stop: &mut watch::Receiver<bool>) -> Outcome {
        tokio::task::yield_now().await;
        let failed = |error: &str, halt| Outcome { error: Some(error.to_owned()), halt, ..Outcome::of(Status::Failed) };
        match word.trim_end_matches(char::is_numeric) {
            "bad" => failed("refused", None),
            "quota" => failed("photo limit reached", Some(Exit::Quota)),
            "key" => failed("key refused", Some(Exit::Key)),
            "unclear" => Outcome { paid: true, ..Outcome::of(Status::Unclear) },
            "slow" => {
                stop.wait_for(|stop| *stop).await.expect("the run goes on");
                Outcome { paid: true, ..Outcome::of(Status::Waiting) }
            }
            "stuck" => pending().await,
            _ => Outcome {
                paid: true,
                render: Some(format!("rnd_{word}")),
                pictures: vec![format!("{word}.jpg")],
                ..Outcome::of(Status::Done)
            },
        }
    }
}

struct Ran {
    ended: Ended,
    began: Vec<String>,
    told: Vec<String>,
    most_at_once: usize,
}

/// Runs rows with these names; so many signals come once nothing else can happen.
fn run_signalled(names: &[&str], at_once: usize, signals: usize) -> Ran {
    let rows = rows_of(names);
    let (engine, told) = (Fake::default(), RefCell::new(Vec::new()));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let standing = |row| if word(row).starts_with("begun") { Standing::Begun } else { Standing::New };
    let plan = Plan::new(&rows, &rows.iter().map(standing).collect::<Vec<_>>(), None);
    let mut left = signals;
    let signal = async || {
        while engine.running.get() == 0 || left == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        left -= 1;
        Signal::Interrupt
    };
    let tell = |item: &super::super::plan::Item<'_>, outcome: &Outcome| {
        told.borrow_mut().push(format!("{} {:?}", word(item.row), outcome.status));
    };
    let ended = runtime.block_on(run(&plan.items, &engine, at_once, signal, tell));
    Ran { ended, began: engine.began.take(), told: told.take(), most_at_once: engine.most_at_once.get() }
}

fn ran(names: &[&str], at_once: usize) -> Ran {
    run_signalled(names, at_once, 0)
}

fn statuses(ran: &Ran) -> Vec<Status> {
    ran.ended.outcomes.iter().map(|outcome| outcome.status).collect()
}

#[test]
fn rows_run_in_their_order_some_at_a_time_and_past_failures() {
    let names = ["a", "bad", "b", "c", "unclear", "d"];
    for at_once in [1, 3, 10] {
        let ran = ran(&names, at_once);
        assert_eq!(ran.began, names);
        assert_eq!(ran.most_at_once, at_once.min(names.len()));
        assert_eq!(ran.told.len(), names.len());
        assert_eq!(ran.ended.exit(false), Exit::Partly);
    }
}

#[test]
fn a_row_that_repeats_another_has_its_outcome_and_costs_nothing() {
    let ran = ran(&["a", "b", "a"], 2);
    assert_eq!(ran.began, ["a", "b"]);
    let [first, _, repeated] = &ran.ended.outcomes[..] else { panic!("three rows") };
    assert_eq!((&first.render, &first.pictures), (&repeated.render, &repeated.pictures));
    assert_eq!((first.paid, repeated.paid), (true, false));
    assert_eq!((ran.ended.exit(false), Summary::of(&ran.ended.outcomes).is_unfinished()), (Exit::Done, false));
}

#[test]
fn when_the_quota_is_used_up_only_what_is_paid_goes_on() {
    let ran = ran(&["a", "quota", "b", "begun", "c"], 1);
    assert_eq!(ran.began, ["a", "quota", "begun"]);
    use Status::{Done, Failed, NotSent};
    assert_eq!(statuses(&ran), [Done, Failed, NotSent, Done, NotSent]);
    assert_eq!(ran.ended.outcomes[4].error.as_deref(), Some("the quota is used up"));
    assert_eq!(ran.ended.exit(false), Exit::Quota);
}

#[test]
fn a_refused_key_stops_everything() {
    let ran = ran(&["key", "b", "begun"], 1);
    assert_eq!(ran.began, ["key"]);
    assert_eq!(ran.ended.exit(false), Exit::Key);
}

#[test]
fn the_first_signal_stops_in_order_and_the_second_at_once() {
    use Status::{Done, NotSent, Unclear, Waiting};
    let ran = run_signalled(&["slow", "a", "slow2", "b", "begun"], 2, 1);
    assert_eq!(statuses(&ran), [Waiting, Done, Waiting, NotSent, Waiting]);
    assert_eq!(ran.ended.exit(false), Exit::Interrupted);
    let ran = run_signalled(&["stuck", "slow", "b"], 2, 2);
    assert_eq!(statuses(&ran), [Unclear, Waiting, NotSent]);
}

#[test]
fn the_exit_code_is_that_of_all_rows_together() {
    for (names, left_out, exit) in [
        (&["a", "b"][..], false, Exit::Done),
        (&["a", "b"], true, Exit::Quota),
        (&["bad1", "bad2"], false, Exit::No),
        (&["a", "bad"], false, Exit::Partly),
        (&["unclear"], false, Exit::Partly),
    ] {
        assert_eq!(ran(names, 2).ended.exit(left_out), exit, "{names:?}");
    }
    let waiting = Ended { outcomes: vec![Outcome::of(Status::Waiting)], stopped_by: None, halted: None };
    assert_eq!(waiting.exit(false), Exit::TimedOut);
}

#[test]
fn results_are_written_without_formulas() {
    let folder =
        folder(&[("m.csv", "image,name\nhttps://a.example/1,\"=HYPERLINK(\"\"x\"\")\"\n=x.jpg,@b\n"), ("=x.jpg", "1")]);
    let rows = read(&folder.path().join("m.csv"), "--room bed --style modern --style luxury").expect("valid");
    let plan = Plan::new(&rows, &[Standing::New; 2], None);
    let done = Outcome {
        job: Some("job_1".into()),
        render: Some("rnd_1".into()),
        paid: true,
        pictures: vec!["a.jpg".into(), "b.jpg".into()],
        ..Outcome::of(Status::Done)
    };
    let outcomes = [done, Outcome::not_sent("-1 photos, \"left\"")];
    let reports = plan.items.iter().zip(&outcomes).map(|(item, outcome)| RowReport::new(item, outcome));
    let out = Folder::open(&folder.path().join("out")).expect("opened");
    assert!(write(&out, reports.collect()).expect("written").is_empty());
    let read = |name| std::fs::read_to_string(out.file(name)).expect("written");
    assert_eq!(
        read("results.csv"),
        "row,image,name,type,room,styles,status,job,render,photos,paid_now,pictures,files,error\n\
         2,a.example/1,\"'=HYPERLINK(\"\"x\"\")\",staging,bed,modern luxury,done,job_1,rnd_1,1,true,2,a.jpg b.jpg,\n\
         3,'=x.jpg,'@b,staging,bed,modern luxury,not_sent,,,0,false,0,,\"'-1 photos, \"\"left\"\"\"\n"
    );
    let records: serde_json::Value = serde_json::from_str(&read("results.json")).expect("JSON");
    assert_eq!(records[0]["pictures"], serde_json::json!(["a.jpg", "b.jpg"]));
    assert_eq!((&records[1]["status"], &records[1]["image"]), (&"not_sent".into(), &"=x.jpg".into()));
}

/// Rows of links with these jobs; what is not paid now was paid for before.
fn rows_with(jobs: &[Option<&str>], paid: bool) -> Vec<RowReport> {
    let names: Vec<_> = jobs.iter().map(|job| job.unwrap_or("none")).collect();
    let rows = rows_of(&names);
    let plan = Plan::new(&rows, &vec![Standing::New; rows.len()], None);
    let outcome = |job: &Option<&str>| Outcome {
        job: job.map(str::to_owned),
        render: job.map(|job| format!("rnd_{job}")),
        paid,
        ..Outcome::of(if job.is_some() { Status::Done } else { Status::NotSent })
    };
    plan.items.iter().zip(jobs).map(|(item, job)| RowReport::new(item, &outcome(job))).collect()
}

#[test]
fn results_add_up_over_runs_and_manifests_of_one_folder() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = Folder::open(place.path()).expect("opened");
    for (jobs, paid) in [(&[Some("1"), None][..], true), (&[Some("1"), Some("2")], false), (&[Some("3")], true)] {
        assert!(write(&folder, rows_with(jobs, paid)).expect("written").is_empty());
    }
    let text = std::fs::read_to_string(folder.file("results.json")).expect("written");
    let records: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    let of = |name: &str| records.iter().map(|record| record[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("job"), ["1", "2", "3"]);
    assert_eq!((of("photos"), of("paid_now")), (vec![1.into(); 3], vec![false.into(), false.into(), true.into()]));
    let csv = std::fs::read_to_string(folder.file("results.csv")).expect("written");
    assert_eq!(csv.lines().count(), 4, "{csv}");
}

#[test]
fn files_that_only_have_the_names_of_results_are_left_as_they_are() {
    for (name, text) in [
        ("results.csv", "name,score\nme,1\n"),
        ("results.csv", ""),
        ("results.json", "{\"mine\": true}"),
        ("results.json", r#"[{"kind":"row","schema":"vsai.row/99"}]"#),
    ] {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(place.path()).expect("opened");
        std::fs::write(folder.file(name), text).expect("written");
        let left = write(&folder, rows_with(&[Some("1")], true)).expect("written");
        assert_eq!(left, [folder.file(name)]);
        assert_eq!(std::fs::read_to_string(folder.file(name)).expect("there"), text);
        let other = if name == "results.csv" { "results.json" } else { "results.csv" };
        assert!(std::fs::read_to_string(folder.file(other)).expect("written").contains("rnd_1"));
    }
}
