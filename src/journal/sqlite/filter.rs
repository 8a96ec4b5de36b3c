//! A Bloom filter in which one key touches one word: tells for certain that a key is not there.

/// Bits for each key: about one absent key in two hundred is taken for a present one.
const BITS: usize = 16;
/// Bits that a key sets.
const SET: u32 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter(Box<[u64]>);

impl Filter {
    pub(super) fn for_keys(keys: usize) -> Self {
        Self(vec![0; (keys * BITS).div_ceil(64).max(1)].into())
    }

    pub(super) fn add(&mut self, hash: u64) {
        let (word, bits) = self.place(hash);
        self.0[word] |= bits;
    }

    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        self.0[word] & bits == bits
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let words: Box<[u64]> =
            bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes"))).collect();
        // Whatever is read, a filter that says "perhaps" costs time and nothing else.
        if words.is_empty() { Self(vec![u64::MAX].into()) } else { Self(words) }
    }

    /// The word of a key, by the upper bits of its hash, and the bits in it, by a mixture of all.
    fn place(&self, hash: u64) -> (usize, u64) {
        let word = (u128::from(hash) * self.0.len() as u128) >> 64;
        let mixed = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let bits = (0..SET).fold(0, |bits, number| bits | 1 << (mixed >> (34 + 6 * number) & 63));
        (word as usize, bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_added_and_little_else() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut filter = Filter::for_keys(10_000);
        let added: Vec<u64> = (0..10_000).map(|_| random.u64(..) << 4).collect();
        added.iter().for_each(|hash| filter.add(*hash));
        let read = Filter::from_bytes(&filter.to_bytes());
        assert_eq!(read, filter);
        assert!(added.iter().all(|hash| read.may_hold(*hash)));
        let wrong = (0..10_000).filter(|_| read.may_hold(random.u64(..) << 4)).count();
        assert!(wrong < 200, "{wrong} of 10,000 absent keys were taken for present");
    }
}
