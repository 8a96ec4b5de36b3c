//! Two listeners on one journal.

use rusqlite::Connection;

use super::kept;
use crate::home::Home;
use crate::sender::{Post, Wire, done};

#[test]
fn of_an_event_that_two_listeners_get_exactly_one_delivery_is_no_duplicate() {
    const EVENTS: usize = 200;
    let home = Home::new();
    let listeners = [home.listen(""), home.listen("")];
    std::thread::scope(|scope| {
        for address in listeners.iter().map(|listening| listening.address) {
            scope.spawn(move || {
                let mut wire = Wire::open(address);
                for number in 0..EVENTS {
                    wire.write(&Post::signed(done("r", &number.to_string())).bytes());
                    assert_eq!(wire.answer().expect("an answer").status, 200);
                }
            });
        }
    });
    let kept = kept(&home, "");
    assert_eq!(kept.len(), EVENTS);
    assert!(kept.values().all(|counts| *counts == (2, 1)), "{kept:?}");
    for listening in listeners {
        assert_eq!(listening.interrupt().0, Some(130));
    }
}

#[test]
fn while_another_program_has_locked_it_the_answer_is_503_and_afterwards_200_again() {
    let home = Home::new();
    let mut listening = home.listen("");
    let first = Post::signed(done("r", "first"));
    assert_eq!(first.send(listening.address).status, 200);
    let other = Connection::open(home.path().join(".local/share/vsai/journal/default.db")).expect("opened");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locked");
    let second = Post::signed(done("r", "second"));
    let answer = second.send(listening.address);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    assert!(!answer.body.contains("journal"), "a stranger learns nothing of this machine: {}", answer.body);
    let warning = listening.note("warning: ");
    assert!(warning.contains("default.db: another program has locked it; events are answered 503"), "{warning}");
    other.execute_batch("ROLLBACK").expect("let go");
    assert_eq!(second.send(listening.address).status, 200);
    listening.note("can be written again");
    let kept = kept(&home, "");
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), [("first".into(), (1, 1)), ("second".into(), (1, 1))]);
}

#[test]
fn what_is_kept_after_its_sender_has_gone_is_shown_and_counted() {
    let home = Home::new();
    let listening = home.listen("--count 1");
    let other = Connection::open(home.path().join(".local/share/vsai/journal/default.db")).expect("opened");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    // The answers to others show that the listener has seen the delivery, and then that its sender has gone.
    let seen = || assert_eq!(Post::unsigned("{}").send(listening.address).status, 401);
    let mut wire = Wire::open(listening.address);
    wire.write(&Post::signed(done("r", "v")).bytes());
    seen();
    drop(wire);
    seen();
    other.execute_batch("ROLLBACK").expect("let go");
    let (code, stdout, _) = listening.end();
    assert_eq!(code, Some(0));
    assert!(stdout.contains("r/v") && !stdout.contains("duplicate"), "{stdout}");
}
