//! What goes wrong on the way to the API, and what ends a wait at once.

use super::double::{GONE, lists, made, status};
use super::*;

#[tokio::test(start_paused = true)]
async fn an_outage_is_survived() {
    let (content_type, start) = ("text/html".to_owned(), "<html>come back later</html>".to_owned());
    let (reason, detail) = ("EOF while parsing a value".to_owned(), "connection reset".to_owned());
    for (what, answer) in [
        ("500", status(500, None)),
        ("503", status(503, None)),
        ("429", status(429, None)),
        ("408", status(408, None)),
        ("a web page", Answer::Fails(Failure::NotJson { status: 200, content_type, start })),
        ("half an answer", Answer::Fails(Failure::NotUnderstood { status: 200, reason })),
        ("a broken connection", Answer::Fails(Failure::Broken { detail })),
        ("nobody there", GONE),
        ("no answer", Answer::Hangs(30)),
    ] {
        let script = [vec![answer; 4], vec![lists("v1 rendering")], vec![GONE; 3], vec![lists("v1 done")]].concat();
        let outcome = Trial::new(script).run().await;
        assert_eq!(outcome.shown(), "settled: v1 done poll", "{what}");
        assert_eq!(outcome.steps.iter().filter(|step| step.starts_with("unread")).count(), 7, "{what}");
        assert_eq!(outcome.waited.polls, 10, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_lasts_until_the_deadline_at_most() {
    for answer in [GONE, Answer::Hangs(3600)] {
        let outcome = Trial::new([lists("v1 rendering"), answer]).within(120).run().await;
        assert_eq!(outcome.shown(), "timed out: v1 rendering");
        assert!((119.9..=120.1).contains(&outcome.seconds), "{}", outcome.seconds);
    }
    let outcome = Trial::new([GONE]).within(60).run().await;
    assert_eq!((outcome.shown().as_str(), outcome.waited.render.id.as_str()), ("timed out: ", "rnd_1"));
    assert_eq!(outcome.waited.render.variations, None, "nothing is known of them");
}

#[tokio::test(start_paused = true)]
async fn a_definite_no_ends_it_at_once() {
    for code in [400, 401, 402, 403, 404, 410] {
        for script in [vec![status(code, None)], vec![lists("v1 rendering"), status(code, None)]] {
            let reads = script.len();
            let outcome = Trial::new(script).run().await;
            let shown = outcome.shown();
            assert!(shown.starts_with("refused: ") && shown.contains(&format!("({code})")), "{shown}");
            assert_eq!(outcome.reads.len(), reads, "{code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_looks_like_a_wrong_address_ends_it_unless_the_address_was_right_before() {
    let moved = Answer::Fails(Failure::Redirect { status: 302, location: Some("login.example".to_owned()) });
    let outcome = Trial::new([moved.clone()]).run().await;
    assert_eq!(outcome.shown(), "refused: a redirect (302) to login.example, which is not followed: ");
    let outcome = Trial::new([lists("v1 rendering"), moved, lists("v1 done")]).run().await;
    assert_eq!(outcome.shown(), "settled: v1 done poll");
}

#[tokio::test(start_paused = true)]
async fn a_render_that_was_just_made_may_be_unknown_for_a_moment() {
    let new = |mut trial: Trial| {
        trial.wanted.made = Some(made(""));
        trial
    };
    let script = [vec![status(404, None); 4], vec![lists("v1 done")]].concat();
    assert_eq!(new(Trial::new(script)).run().await.shown(), "settled: v1 done poll");
    let outcome = new(Trial::new([status(404, None)])).run().await;
    assert!(outcome.shown().starts_with("refused: not found (404)"), "{}", outcome.shown());
    assert!((10.0..=16.0).contains(&outcome.seconds), "{}", outcome.seconds);
    let script = [lists("v1 rendering"), status(404, None)];
    let outcome = new(Trial::new(script)).run().await;
    assert!(outcome.shown().starts_with("refused") || outcome.seconds < 16.0, "{}", outcome.shown());
}

#[tokio::test(start_paused = true)]
async fn the_api_is_left_alone_for_as_long_as_it_asks() {
    for code in [429, 503] {
        let busy = status(code, 40);
        let outcome = Trial::new([busy, lists("v1 done")]).run().await;
        assert!((40.0..=40.1).contains(&outcome.reads[1]), "{:?}", outcome.reads);
        assert_eq!(outcome.shown(), "settled: v1 done poll");
    }
}
