//! The members of one object and their order: integer-like keys first and ascending, the others as they first appeared, a
//! duplicate with its first place and its last value.

use std::hash::{BuildHasher, RandomState};

/// Largest key that V8 keeps among an object's elements: the largest index of an array.
const MAX_INDEX: u64 = 4_294_967_294;

/// Up to so many members, comparing each key with all others is cheaper than hashing.
const FEW: usize = 16;

/// Where a member stands in the draft: `"key":value` is `start..end`. Offsets of 32 bits, since an input can be almost all
/// members.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) start: u32,
    /// Length of the key with its quotes.
    pub(super) key_length: u32,
    pub(super) end: u32,
}

impl Member {
    /// The key in canonical form, with its quotes: equal for two keys exactly when they decode to one text.
    fn key<'a>(&self, draft: &'a str) -> &'a [u8] {
        &draft.as_bytes()[self.start as usize..][..self.key_length as usize]
    }

    /// Key and value in the text that the offsets are meant for.
    pub(super) fn key_and_value<'a>(&self, text: &'a str) -> (&'a str, &'a str) {
        let value = self.start + self.key_length;
        (&text[self.start as usize..value as usize], &text[value as usize + ":".len()..self.end as usize])
    }

    fn has_key_of(&self, other: &Self, draft: &str) -> bool {
        self.key_length == other.key_length && self.key(draft) == other.key(draft)
    }

    /// Sorts integer-like keys by their number and before all others, which rank alike.
    fn rank(&self, draft: &str) -> u64 {
        let [b'"', digits @ .., b'"'] = self.key(draft) else { return u64::MAX };
        let canonical = matches!(digits, [b'0'] | [b'1'..=b'9', ..]) && digits.len() <= 10;
        if !canonical || !digits.iter().all(u8::is_ascii_digit) {
            return u64::MAX;
        }
        let number = digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
        if number <= MAX_INDEX { number } else { u64::MAX }
    }
}

/// Brings the members of an object into canonical order. `None` when they are in it already; otherwise how many are left
/// at the front of the slice.
pub(super) fn arrange(members: &mut [Member], draft: &str) -> Option<usize> {
    let kept = if members.len() <= FEW { merge_few(members, draft) } else { merge_many(members, draft) };
    let is_sorted = members[..kept].is_sorted_by_key(|member| member.rank(draft));
    if !is_sorted {
        members[..kept].sort_by_cached_key(|member| member.rank(draft));
    }
    (!is_sorted || kept < members.len()).then_some(kept)
}

/// Merges duplicate keys towards the front and returns how many members are left.
fn merge_few(members: &mut [Member], draft: &str) -> usize {
    let mut kept = 0;
    for next in 0..members.len() {
        let member = members[next];
        let place = members[..kept].iter().position(|earlier| earlier.has_key_of(&member, draft)).unwrap_or(kept);
        members[place] = member;
        kept = kept.max(place + 1);
    }
    kept
}

/// As [`merge_few`], over a hash table of places in the slice, seeded so that no sender can choose keys that collide.
fn merge_many(members: &mut [Member], draft: &str) -> usize {
    const FREE: u32 = u32::MAX;
    let hasher = RandomState::new();
    let mut table = vec![FREE; (members.len() * 2).next_power_of_two()];
    let mask = table.len() - 1;
    let mut kept = 0;
    for next in 0..members.len() {
        let member = members[next];
        let mut slot = hasher.hash_one(member.key(draft)) as usize & mask;
        while table[slot] != FREE && !members[table[slot] as usize].has_key_of(&member, draft) {
            slot = (slot + 1) & mask;
        }
        if table[slot] == FREE {
            table[slot] = kept as u32;
            kept += 1;
        }
        members[table[slot] as usize] = member;
    }
    kept
}
