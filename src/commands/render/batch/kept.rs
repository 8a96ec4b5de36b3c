//! The pictures that earlier runs have left in the folder: rows that have all of theirs ask the API for nothing.

use std::collections::HashMap;

use crate::context::SaveArgs;
use crate::error::Error;
use crate::jobs::{Entry, Folder};

/// What the folder held when the batch began.
#[derive(Debug)]
pub(super) struct Kept {
    folder: Folder,
    by_render: HashMap<String, Vec<Entry>>,
}

impl Kept {
    /// Reads the folder's description; with --overwrite nothing of it counts.
    pub(super) fn read(folder: &Folder, args: &SaveArgs) -> Result<Self, Error> {
        let mut by_render: HashMap<String, Vec<Entry>> = HashMap::new();
        let wanted = |entry: &Entry| entry.variant == args.variant && !args.overwrite;
        for entry in folder.entries()?.into_iter().filter(wanted) {
            by_render.entry(entry.render.clone()).or_default().push(entry);
        }
        Ok(Self { folder: folder.clone(), by_render })
    }

    /// The files of a render that was saved; none where one is missing or not whole.
    pub(super) fn pictures(&self, render: &str) -> Option<Vec<String>> {
        let is_whole = |entry: &Entry| {
            std::fs::metadata(self.folder.file(&entry.file)).is_ok_and(|found| found.len() == entry.bytes)
        };
        let entries = self.by_render.get(render)?;
        entries.iter().all(is_whole).then(|| entries.iter().map(|entry| entry.file.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Variant;

    #[test]
    fn a_render_is_kept_while_all_of_its_files_are_whole() {
        let directory = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(directory.path()).expect("opened");
        let entry = |file: &str| Entry { render: "r".into(), file: file.into(), bytes: 3, ..Entry::default() };
        let by_render = HashMap::from([("r".to_owned(), vec![entry("a.jpg"), entry("b.jpg")])]);
        let kept = Kept { folder, by_render };
        for name in ["a.jpg", "b.jpg"] {
            assert_eq!(kept.pictures("r"), None);
            std::fs::write(directory.path().join(name), "abc").expect("written");
        }
        assert_eq!(kept.pictures("r"), Some(vec!["a.jpg".to_owned(), "b.jpg".to_owned()]));
        assert_eq!(kept.pictures("other"), None);
        std::fs::write(directory.path().join("b.jpg"), "ab").expect("written");
        assert_eq!(kept.pictures("r"), None);
    }

    #[test]
    fn another_variant_or_what_is_to_be_replaced_does_not_count() {
        let directory = tempfile::tempdir().expect("a folder");
        let description = r#"{"schema":"vsai.pictures/1","pictures":[{"render":"r","variation":"v","view":1,"variant":"full","kind":null,"base":null,"file":"a.jpg","bytes":3,"width":1,"height":1,"source":null,"before":null,"room":null,"style":null,"row":null}]}"#;
        std::fs::write(directory.path().join("pictures.json"), description).expect("written");
        std::fs::write(directory.path().join("a.jpg"), "abc").expect("written");
        let folder = Folder::open(directory.path()).expect("opened");
        let name = "{variation}".parse().expect("a template");
        let mut args = SaveArgs { variant: Variant::Full, name, overwrite: false };
        let is_kept = |args: &SaveArgs| Kept::read(&folder, args).expect("read").pictures("r").is_some();
        assert!(is_kept(&args));
        args.variant = Variant::Thumbnail;
        assert!(!is_kept(&args));
        args = SaveArgs { variant: Variant::Full, overwrite: true, ..args };
        assert!(!is_kept(&args));
    }
}
