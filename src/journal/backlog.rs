//! What one consumer has yet to hand over: which delivery may go next, and up to where all is finished.
//! It knows no clock and no log: times and deliveries come in.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use jiff::Timestamp;

use super::entry::Position;

/// Unfinished deliveries that are known at once; later ones stay in the log until there is room.
const WINDOW: usize = 10_000;

/// Deliveries that were read and are not finished.
#[derive(Debug)]
pub(super) struct Backlog {
    read_to: Position,
    unfinished: BTreeMap<Position, Item>,
    /// Of each variation with something unfinished, in the order of arrival. Only the first may be handed out.
    variations: HashMap<String, VecDeque<Position>>,
    /// What may be handed out, by the time from which it may.
    ready: BTreeSet<(Timestamp, Position)>,
}

#[derive(Debug)]
struct Item {
    variation: Option<String>,
    progress: Progress,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    /// Attempts so far.
    pub(super) attempts: u32,
    /// The next attempt is not made before this time.
    pub(super) due: Timestamp,
    /// The last attempt got no answer.
    pub(super) unanswered: bool,
}

impl Backlog {
    /// Begins behind what is finished.
    pub(super) fn new(finished_to: Position) -> Self {
        Self { read_to: finished_to, unfinished: BTreeMap::new(), variations: HashMap::new(), ready: BTreeSet::new() }
    }

    /// Where the next delivery is to be read from.
    pub(super) fn read_to(&self) -> Position {
        self.read_to
    }

    /// Whether more may be read.
    pub(super) fn has_room(&self) -> bool {
        self.unfinished.len() < WINDOW
    }

    /// Deliveries that are known and not finished.
    pub(super) fn unfinished(&self) -> usize {
        self.unfinished.len()
    }

    /// Takes note of a delivery that is none of the consumer's business or is finished already.
    pub(super) fn skip(&mut self, position: Position) {
        self.read_to = position;
    }

    /// Takes note of a delivery to be handed over.
    pub(super) fn add(&mut self, position: Position, variation: Option<&str>, progress: Progress) {
        self.read_to = position;
        let is_first = match variation {
            None => true,
            Some(variation) => {
                let queue = self.variations.entry(variation.to_owned()).or_default();
                queue.push_back(position);
                queue.len() == 1
            }
        };
        if is_first {
            self.ready.insert((progress.due, position));
        }
        self.unfinished.insert(position, Item { variation: variation.map(str::to_owned), progress });
    }

    /// The delivery that is to be handed out next, if any may be at this time.
    pub(super) fn due_at(&self, now: Timestamp) -> Option<Position> {
        self.ready.first().filter(|(due, _)| *due <= now).map(|(_, position)| *position)
    }

    /// The time from which something may be handed out.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.ready.first().map(|(due, _)| *due)
    }

    /// Hands a delivery out, until it is delayed or finished; returns the attempts so far.
    pub(super) fn hand_out(&mut self, position: Position) -> u32 {
        let Some(item) = self.unfinished.get(&position) else { return 0 };
        self.ready.remove(&(item.progress.due, position));
        item.progress.attempts
    }

    /// An attempt was made, and another follows.
    pub(super) fn delay(&mut self, position: Position, progress: Progress) {
        if let Some(item) = self.unfinished.get_mut(&position) {
            item.progress = progress;
            self.ready.insert((progress.due, position));
        }
    }

    /// Nothing further is tried.
    pub(super) fn finish(&mut self, position: Position) {
        let Some(item) = self.unfinished.remove(&position) else { return };
        self.ready.remove(&(item.progress.due, position));
        let Some(variation) = item.variation else { return };
        let Some(queue) = self.variations.get_mut(&variation) else { return };
        queue.retain(|queued| *queued != position);
        match queue.front() {
            None => drop(self.variations.remove(&variation)),
            Some(next) => {
                let due = self.unfinished[next].progress.due;
                self.ready.insert((due, *next));
            }
        }
    }

    /// Makes due what waits because nobody answered.
    pub(super) fn hurry(&mut self, now: Timestamp) {
        let late: Vec<_> = self.ready.range((now, Position::START)..).map(|(_, position)| *position).collect();
        for position in late {
            let Some(item) = self.unfinished.get_mut(&position).filter(|item| item.progress.unanswered) else {
                continue;
            };
            self.ready.remove(&(item.progress.due, position));
            item.progress.due = now;
            self.ready.insert((now, position));
        }
    }

    /// Up to where everything is finished once these are.
    pub(super) fn finished_to_with(&self, finished: &HashSet<Position>) -> Position {
        let first = self.unfinished.keys().find(|position| !finished.contains(position));
        first.map_or(self.read_to, |position| position.before())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn progress(attempts: u32, due: i64) -> Progress {
        Progress { attempts, due: at(due), unanswered: attempts > 0 }
    }

    fn finished_to(backlog: &Backlog) -> Position {
        backlog.finished_to_with(&HashSet::new())
    }

    /// Deliveries 1, 2, … of these variations, new ones.
    fn backlog(variations: &[Option<&str>]) -> Backlog {
        let mut backlog = Backlog::new(Position(0));
        for (position, variation) in (1..).zip(variations) {
            backlog.add(Position(position), *variation, progress(0, 0));
        }
        backlog
    }

    /// What may be handed out at a time, all of it.
    fn hand_out_all(backlog: &mut Backlog, second: i64) -> Vec<u64> {
        let mut out = Vec::new();
        while let Some(position) = backlog.due_at(at(second)) {
            backlog.hand_out(position);
            out.push(position.0);
        }
        out
    }

    #[test]
    fn later_deliveries_of_a_variation_wait_for_the_earlier_ones() {
        let mut backlog = backlog(&[Some("a"), Some("b"), Some("a"), None, Some("a")]);
        assert_eq!(hand_out_all(&mut backlog, 0), [1, 2, 4]);
        backlog.delay(Position(1), progress(1, 9));
        assert_eq!(hand_out_all(&mut backlog, 8), [0; 0], "3 waits for 1, which waits for its time");
        assert_eq!(backlog.next_due(), Some(at(9)));
        assert_eq!(hand_out_all(&mut backlog, 9), [1]);
        backlog.finish(Position(1));
        assert_eq!(hand_out_all(&mut backlog, 9), [3]);
        backlog.finish(Position(3));
        assert_eq!(hand_out_all(&mut backlog, 9), [5]);
    }

    #[test]
    fn the_mark_stays_below_the_first_that_is_unfinished() {
        let mut backlog = backlog(&[None, None, None]);
        backlog.skip(Position(4));
        assert_eq!(finished_to(&backlog), Position(0));
        backlog.finish(Position(2));
        assert_eq!(finished_to(&backlog), Position(0));
        assert_eq!(backlog.finished_to_with(&HashSet::from([Position(1)])), Position(2));
        backlog.finish(Position(1));
        backlog.finish(Position(3));
        assert_eq!(finished_to(&backlog), Position(4), "what was skipped is finished");
    }

    #[test]
    fn there_is_room_for_so_many() {
        let mut backlog = backlog(&[None; WINDOW]);
        assert!(!backlog.has_room());
        backlog.finish(Position(7));
        assert!(backlog.has_room());
    }

    #[test]
    fn what_nobody_answered_can_be_hurried_and_nothing_else() {
        let mut backlog = backlog(&[None, None, Some("a"), Some("a")]);
        hand_out_all(&mut backlog, 0);
        backlog.delay(Position(1), progress(1, 90));
        backlog.delay(Position(2), Progress { unanswered: false, ..progress(1, 80) });
        backlog.delay(Position(3), progress(2, 70));
        backlog.hurry(at(5));
        assert_eq!(hand_out_all(&mut backlog, 5), [1, 3]);
        assert_eq!(backlog.next_due(), Some(at(80)));
    }

    #[test]
    fn a_backlog_that_is_read_again_goes_on_where_it_was() {
        let mut backlog = Backlog::new(Position(4));
        backlog.add(Position(5), Some("a"), progress(3, 50));
        backlog.skip(Position(6));
        backlog.add(Position(7), Some("a"), progress(0, 0));
        assert_eq!((backlog.due_at(at(49)), backlog.due_at(at(50))), (None, Some(Position(5))));
        assert_eq!(backlog.hand_out(Position(5)), 3);
    }

    proptest! {
        #[test]
        fn whatever_happens_order_and_mark_hold(
            variations in prop::collection::vec(prop::option::of(0..4u8), 1..60),
            steps in prop::collection::vec((any::<prop::sample::Index>(), 0..3u8), 0..300),
        ) {
            let names: Vec<_> = variations.iter().map(|variation| variation.map(|name| name.to_string())).collect();
            let names: Vec<_> = names.iter().map(Option::as_deref).collect();
            let mut backlog = backlog(&names);
            let (mut out, mut done) = (Vec::new(), HashSet::new());
            for (now, (choice, step)) in (0..).zip(steps) {
                if let (0, Some(position)) = (step, backlog.due_at(at(now))) {
                    let index = position.0 as usize - 1;
                    let before = (1..position.0).filter(|other| names[*other as usize - 1] == names[index]);
                    let is_turn = names[index].is_none() || before.clone().all(|other| done.contains(&Position(other)));
                    prop_assert!(is_turn, "{position:?} went before one of {:?}", before.collect::<Vec<_>>());
                    prop_assert!(!out.contains(&position) && !done.contains(&position), "{position:?} went twice");
                    backlog.hand_out(position);
                    out.push(position);
                } else if !out.is_empty() {
                    let position = out.swap_remove(choice.index(out.len()));
                    if step == 1 {
                        backlog.delay(position, progress(1, now + 3));
                    } else {
                        backlog.finish(position);
                        done.insert(position);
                    }
                }
                let first = (1..).map(Position).find(|position| !done.contains(position)).expect("endless");
                prop_assert_eq!(finished_to(&backlog), first.before());
            }
        }
    }
}
