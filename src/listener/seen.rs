//! Which events have been delivered before, in bounded memory.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

/// Events remembered; the oldest are forgotten first. Seven eighths of a power of two are what a hash table takes before it
/// doubles its memory.
const REMEMBERED: usize = 7 << 13;

/// Counts the deliveries of each event.
#[derive(Debug, Default)]
pub(super) struct Seen {
    deliveries: HashMap<Name, u32, RandomState>,
    order: VecDeque<Name>,
}

/// An event's id, `evt_` and 20 characters, without an allocation for each.
type Name = [u8; 24];

fn name_of(id: &str) -> Name {
    let mut name = [0; 24];
    name.iter_mut().zip(id.bytes()).for_each(|(place, byte)| *place = byte);
    name
}

impl Seen {
    /// Whether a delivery of the event was noted.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.deliveries.contains_key(&name_of(id))
    }

    /// Notes one more delivery of the event and returns its number, from 1.
    pub(super) fn delivered(&mut self, id: &str) -> u32 {
        let name = name_of(id);
        if let Some(number) = self.deliveries.get_mut(&name) {
            *number = number.saturating_add(1);
            return *number;
        }
        if self.order.len() == REMEMBERED {
            let oldest = self.order.pop_front().expect("just counted");
            self.deliveries.remove(&oldest);
        }
        self.deliveries.insert(name, 1);
        self.order.push_back(name);
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_deliveries_and_forgets_the_oldest() {
        let mut seen = Seen::default();
        assert_eq!([seen.delivered("a"), seen.delivered("b"), seen.delivered("a")], [1, 1, 2]);
        for number in 0..REMEMBERED {
            seen.delivered(&number.to_string());
        }
        assert_eq!(seen.delivered("a"), 1);
        assert_eq!(seen.order.len(), REMEMBERED);
    }
}
