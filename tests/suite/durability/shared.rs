//! Two listeners on one journal.

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
