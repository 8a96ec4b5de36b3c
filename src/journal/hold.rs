//! One holder of a consumer at a time, also among processes: a lock on a file beside the journal, which ends with the
//! process however that ends.

use std::fs::File;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::{JournalError, Reason};
use crate::files;

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Hold {
    _locked: File,
}

impl Hold {
    /// Takes hold of a consumer, unless somebody has it.
    pub(super) fn take(journal: &Path, consumer: &str) -> Result<Self, JournalError> {
        let failed = |reason| JournalError::new(journal, reason);
        // One journal may have several names.
        let real = journal.canonicalize().map_err(|error| failed(Reason::Other(files::reason(&error))))?;
        let path = lock_file(&real, consumer);
        match files::try_lock(&path) {
            Ok(Some(locked)) => Ok(Self { _locked: locked }),
            Ok(None) => Err(failed(Reason::Held(format!("consumer {consumer}")))),
            Err(error) => {
                let reason = format!("cannot lock {}: {}", path.display(), files::reason(&error));
                Err(failed(Reason::Other(reason)))
            }
        }
    }
}

fn lock_file(journal: &Path, consumer: &str) -> PathBuf {
    let digest = hex::encode(Sha256::digest(consumer));
    let mut name = journal.as_os_str().to_owned();
    name.push(format!(".{}.lock", &digest[..12]));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumer_has_one_holder_under_every_name_of_the_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = folder.path().join("j.db");
        std::fs::write(&journal, "").expect("written");
        let first = Hold::take(&journal, "a").expect("free");
        let other_name = folder.path().join(".").join("j.db");
        assert_eq!(Hold::take(&other_name, "a").expect_err("held").reason, Reason::Held("consumer a".to_owned()));
        Hold::take(&journal, "b").expect("another consumer");
        drop(first);
        Hold::take(&journal, "a").expect("free again");
    }
}
