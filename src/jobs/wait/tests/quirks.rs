//! What a render's variations do that a simple loop gets wrong.

use serde_json::json;

use super::double::{lists, made, pages, status};
use super::*;

#[tokio::test(start_paused = true)]
async fn a_render_is_settled_when_all_of_it_has_ended_and_stays_the_same() {
    let many: Vec<String> = (1..=25).map(|n| format!("v{n} done")).collect();
    let halves = [many[..20].join(", "), many[20..].join(", ")];
    let halves = pages(&[&halves[0], &halves[1]]);
    let all: Vec<String> = (1..=25).map(|n| format!("v{n} done poll")).collect();
    for (what, expected, script, end, seconds) in [
        ("done at once", Some(1), vec![lists("v1 done")], "v1 done poll", 0.5..=1.0),
        (
            "a queued answer lists nothing yet",
            Some(1),
            vec![lists(""), lists("v1 queued"), lists("v1 done")],
            "v1 done poll",
            1.0..=4.0,
        ),
        ("one failed", Some(2), vec![lists("v1 done, v2 error")], "v1 done poll, v2 error poll", 0.5..=1.0),
        (
            "the removal comes last",
            Some(1),
            vec![lists("v1 done"), lists("v1 done, r1 removal rendering"), lists("v1 done, r1 removal done")],
            "v1 done poll, r1 done poll",
            1.5..=5.0,
        ),
        (
            "the removal comes late, but is named",
            Some(1),
            [vec![lists("v1 done <r1"); 5], vec![lists("v1 done <r1, r1 removal done")]].concat(),
            "v1 done poll, r1 done poll",
            3.0..=15.0,
        ),
        (
            "the removal comes late, but was asked for",
            None,
            [vec![lists("v1 done removing"); 5], vec![lists("v1 done removing, r1 removal done")]].concat(),
            "v1 done poll, r1 done poll",
            3.0..=15.0,
        ),
        (
            "a removal is all that was asked for",
            Some(1),
            vec![lists("r1 removal done removing")],
            "r1 done poll",
            0.0..=0.1,
        ),
        (
            "the removal comes first",
            Some(1),
            [vec![lists("r1 removal done furnishing"); 5], vec![lists("r1 removal done furnishing, v1 done")]].concat(),
            "r1 done poll, v1 done poll",
            3.0..=15.0,
        ),
        (
            "variations are listed one by one",
            Some(3),
            [vec![lists("v1 done")], vec![lists("v1 done, v2 done"); 4], vec![lists("v1 done, v2 done, v3 done")]]
                .concat(),
            "v1 done poll, v2 done poll, v3 done poll",
            3.0..=15.0,
        ),
        ("fewer than asked for, for good", Some(3), vec![lists("v1 done")], "v1 done poll", 30.0..=42.0),
        ("a base that is nowhere", None, vec![lists("v1 done <r1")], "v1 done poll", 30.0..=42.0),
        (
            "done comes before the link",
            Some(1),
            [vec![lists("v1 done-"); 4], vec![lists("v1 done")]].concat(),
            "v1 done poll",
            2.0..=10.0,
        ),
        ("a link never comes", Some(1), vec![lists("v1 done-")], "v1 done- poll", 30.0..=42.0),
        (
            "one is deleted meanwhile",
            Some(2),
            vec![lists("v1 done, v2 rendering"), lists("v1 done, v2 deleted")],
            "v1 done poll, v2 deleted poll",
            1.0..=3.0,
        ),
        (
            "one is not listed any more",
            Some(2),
            vec![lists("v1 done, v2 rendering"), lists("v1 done")],
            "v1 done poll, v2 deleted poll",
            1.0..=3.0,
        ),
        ("all are gone", Some(1), vec![lists("v1 rendering"), lists("")], "v1 deleted poll", 1.0..=3.0),
        (
            "one is missing from a single answer",
            None,
            vec![
                lists("v1 done, v2 rendering"),
                lists("v1 done"),
                lists("v1 done, v2 rendering"),
                lists("v1 done, v2 done"),
            ],
            "v1 done poll, v2 done poll",
            2.0..=6.0,
        ),
        ("several pages", Some(25), vec![halves], &all.join(", "), 0.5..=1.0),
    ] {
        let outcome = Trial::new(script).expecting(expected).run().await;
        assert_eq!(outcome.shown(), format!("settled: {end}"), "{what}");
        assert!(seconds.contains(&outcome.seconds), "{what}: {} s", outcome.seconds);
        assert_eq!(outcome.waited.polls as usize, outcome.reads.len(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_have_nothing_more_is_read_once() {
    for (what, expected, variations, reads) in [
        ("all that was asked for", Some(2), "v1 done typed, v2 done typed", 1),
        ("a removal alone", Some(1), "r1 removal done removing", 1),
        ("nobody knows how many", None, "v1 done typed", 2),
        ("a config that is not repeated", Some(1), "v1 done", 2),
        ("one failed", Some(1), "v1 error typed", 2),
        ("a removal that is listed", Some(1), "v1 done typed removing, r1 removal done removing", 2),
        ("more than was asked for", Some(1), "v1 done typed, v2 done typed", 2),
    ] {
        let outcome = Trial::new([lists(variations)]).expecting(expected).run().await;
        assert!(outcome.shown().starts_with("settled: "), "{what}: {}", outcome.shown());
        assert_eq!(outcome.reads.len(), reads, "{what}");
    }
    let late = [lists("v1 done typed removing"), lists("v1 done typed removing, r1 removal done removing")];
    assert_eq!(Trial::new(late).expecting(Some(1)).run().await.shown(), "settled: v1 done poll, r1 done poll");
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_the_request_counts_where_it_has_everything() {
    let with = |answer: &str, script: Vec<Answer>| {
        let mut trial = Trial::new(script).expecting(Some(1));
        trial.wanted.made = Some(made(answer));
        trial
    };
    let outcome = with("v1 done typed", vec![status(500, None)]).run().await;
    assert_eq!((outcome.shown().as_str(), outcome.reads.len()), ("settled: v1 done poll", 0));
    assert_eq!(outcome.steps, ["v1 done Poll", "0 pending, 1 done"]);
    let outcome = with("v1 queued @8", vec![lists("v1 done typed")]).run().await;
    assert!((6.0..=8.1).contains(&outcome.reads[0]), "not before it is expected: {:?}", outcome.reads);
    let outcome = with("v1 queued @0", vec![lists("v1 done typed")]).run().await;
    assert_eq!((outcome.shown().as_str(), outcome.reads[0]), ("settled: v1 done poll", 0.0));
    // Another machine of the API may not know yet what the first one has told.
    let script = [vec![lists(""); 4], vec![lists("v1 done typed")]].concat();
    assert_eq!(with("v1 queued", script).run().await.shown(), "settled: v1 done poll");
}

#[tokio::test(start_paused = true)]
async fn what_may_still_come_is_waited_for_until_the_deadline() {
    for (what, answer, end) in [
        ("nothing is listed", lists(""), ""),
        ("a status that is not known", lists("v1 done, v2 upscaling"), "v1 done poll, v2 upscaling"),
        ("no list at all", Answer::Pages(vec![json!({"id": "rnd_1"})]), ""),
    ] {
        let outcome = Trial::new([answer]).within(90).run().await;
        assert_eq!(outcome.shown(), format!("timed out: {end}"), "{what}");
        assert_eq!((outcome.seconds * 100.0).round(), 9000.0, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn reads_are_quick_at_first_and_ease_off_to_a_bound() {
    let reads = Trial::new([lists("v1 rendering")]).run().await.reads;
    let gaps: Vec<f64> = reads.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(gaps[0] <= 1.0 && gaps.iter().all(|gap| *gap <= 12.01), "{gaps:?}");
    assert!((55..=75).contains(&reads.len()), "{} reads in ten minutes", reads.len());
}

#[tokio::test(start_paused = true)]
async fn an_eta_is_a_hint_within_the_bound() {
    let reads = Trial::new([lists("v1 rendering @8")]).within(60).run().await.reads;
    assert!((6.0..=8.1).contains(&reads[1]) && reads[2] - reads[1] <= 2.0, "{reads:?}");
    let reads = Trial::new([lists("v1 rendering @9000")]).within(60).run().await.reads;
    assert!(reads.windows(2).all(|two| (9.0..=12.1).contains(&(two[1] - two[0]))) && reads.len() >= 5, "{reads:?}");
    let of_all = |status: &str| json!({"id": "rnd_1", "eta": 9_000_000, "variations": [{"id": "v1", "status": status, "result": {"url": "u"}}]});
    let outcome = Trial::new([Answer::Pages(vec![of_all("done")])]).run().await;
    assert!(outcome.seconds <= 1.0, "what has ended is not expected any more");
    let reads = Trial::new([Answer::Pages(vec![of_all("queued")])]).within(60).run().await.reads;
    assert!(reads[1] >= 9.0, "{reads:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_it_with_what_is_known() {
    let stop = tokio::time::sleep(Duration::from_millis(2500));
    let outcome = Trial::new([lists("v1 done, v2 rendering")]).until(stop).await;
    assert_eq!(outcome.shown(), "interrupted: v1 done poll, v2 rendering");
    assert!(outcome.seconds < 2.6);
}

#[tokio::test(start_paused = true)]
async fn each_step_is_told() {
    let outcome =
        Trial::new([lists("v1 rendering, v2 queued"), lists("v1 done, v2 rendering"), lists("v1 done, v2 error")])
            .run()
            .await;
    let steps = [
        "2 pending, 0 done",
        "v1 done Poll",
        "1 pending, 1 done",
        "v2 error Poll",
        "0 pending, 1 done",
        "0 pending, 1 done",
    ];
    assert_eq!(outcome.steps, steps);
}
