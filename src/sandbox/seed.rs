//! Decisions that are the same in every run with one seed: each from the seed and its subject's name, so that tasks that
//! race cannot change each other's.

use sha2::{Digest, Sha256};

/// A number that follows from the seed and the names alone.
pub(super) fn number(seed: u64, names: &[&str]) -> u64 {
    let mut hash = Sha256::new_with_prefix(seed.to_le_bytes());
    for name in names {
        hash.update(name.len().to_le_bytes());
        hash.update(name);
    }
    let digest = hash.finalize();
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

/// A generator that starts at such a number.
pub(super) fn generator(seed: u64, names: &[&str]) -> fastrand::Rng {
    fastrand::Rng::with_seed(number(seed, names))
}

/// An id such as `rnd_8fJ2kLm0QxYz3bNc` for what is called `name` among its kind.
pub(super) fn id(seed: u64, prefix: &str, name: &str) -> String {
    let mut generator = generator(seed, &["id", prefix, name]);
    let letters: String = std::iter::repeat_with(|| generator.alphanumeric()).take(16).collect();
    format!("{prefix}_{letters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_run_into_each_other() {
        assert_ne!(number(1, &["ab", "c"]), number(1, &["a", "bc"]));
        assert_ne!(number(1, &["a"]), number(2, &["a"]));
    }
}
