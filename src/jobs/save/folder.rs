//! A folder of pictures, which describes itself in `pictures.json`: which variation each file shows and what is known of it.
//! Several processes may save into one folder; no file that is not ours is ever overwritten unasked.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::Variant;
use super::download::Fetched;
use super::names::without_extension;
use crate::files::{self, PART_PREFIX, PART_SUFFIX, reason, sync_folder};

const DESCRIPTION: &str = "pictures.json";
const LOCK: &str = ".vsai-pictures.lock";
const SCHEMA: &str = "vsai.pictures/1";

/// A part of this age is nobody's any more: no download takes so long.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// One picture of the folder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) render: String,
    pub(crate) variation: String,
    /// From 1; multi-view renders have several.
    pub(crate) view: usize,
    pub(crate) variant: Variant,
    /// What the variation is: staging, removal, …
    pub(crate) kind: Option<String>,
    /// The variation that this one was made from.
    pub(crate) base: Option<String>,
    /// Name in the folder.
    pub(crate) file: String,
    pub(crate) bytes: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What the photo is called.
    pub(crate) source: Option<String>,
    /// The photo itself, as a file in the folder.
    pub(crate) before: Option<String>,
    pub(crate) room: Option<String>,
    pub(crate) style: Option<String>,
    /// Row of the manifest.
    pub(crate) row: Option<u64>,
}

impl Entry {
    fn is_of_the_same_picture(&self, other: &Self) -> bool {
        let key = |entry: &Self| (entry.render.clone(), entry.variation.clone(), entry.view, entry.variant);
        key(self) == key(other)
    }
}

/// Why a folder cannot take a picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("cannot write {}: {}", path.display(), reason(error))]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("cannot read {}: {}", path.display(), reason(error))]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is no list of pictures that this version of vsai understands: {reason}", path.display())]
    Foreign { path: PathBuf, reason: String },
    #[error("there is another file at {}, which is left as it is", path.display())]
    Taken { path: PathBuf },
}

/// A folder that takes pictures.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Description {
    schema: String,
    pictures: Vec<Entry>,
}

impl Folder {
    /// Makes the folder if there is none, and sees that it can be written in and understood.
    pub(crate) fn open(path: &Path) -> Result<Self, FolderError> {
        let this = Self::at(path);
        fs::create_dir_all(path).map_err(|error| this.unwritable("", error))?;
        this.entries()?;
        this.lock()?;
        this.clear_abandoned_parts();
        Ok(this)
    }

    /// A folder to look into; there may be none.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a file of the folder is.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        if self.path == Path::new(".") { name.into() } else { self.path.join(name) }
    }

    /// The pictures that have been saved here; a file may have gone since.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>, FolderError> {
        let path = self.file(DESCRIPTION);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(FolderError::Unreadable { path, error }),
        };
        let foreign = |reason: String| FolderError::Foreign { path, reason };
        let description: Description = match serde_json::from_slice(&text) {
            Ok(description) => description,
            Err(_) => return Err(foreign("it is damaged, or another program has written it".to_owned())),
        };
        if description.schema != SCHEMA {
            return Err(foreign(format!("it is of the kind {:?}", description.schema)));
        }
        let named = description.pictures.iter().flat_map(|entry| [Some(&entry.file), entry.before.as_ref()]).flatten();
        if let Some(name) = named.into_iter().find(|name| !is_plain_name(name)) {
            return Err(foreign(format!("{name:?} is not in its folder")));
        }
        Ok(description.pictures)
    }

    /// The entry of this picture, provided that its file is there as it was saved.
    pub(crate) fn complete(&self, entries: &[Entry], wanted: &Entry) -> Option<Entry> {
        let entry = entries.iter().find(|entry| entry.is_of_the_same_picture(wanted))?;
        let length = fs::metadata(self.file(&entry.file)).ok()?.len();
        (length == entry.bytes).then(|| entry.clone())
    }

    /// Gives what was fetched the name of `entry`, which gets its extension, and describes it. A file that is there
    /// already and equal is taken for it.
    pub(crate) fn keep(&self, fetched: Fetched, entry: Entry, overwrite: bool) -> Result<Entry, FolderError> {
        let Fetched { file, bytes, facts } = fetched;
        let name = format!("{}.{}", entry.file, facts.extension);
        let path = self.file(&name);
        file.as_file().sync_all().map_err(|error| self.unwritable(&name, error))?;
        if overwrite {
            file.persist(&path).map_err(|error| self.unwritable(&name, error.error))?;
        } else if let Err(refused) = file.persist_noclobber(&path) {
            if refused.error.kind() != ErrorKind::AlreadyExists {
                return Err(self.unwritable(&name, refused.error));
            }
            if !are_equal(refused.file.path(), &path, bytes) {
                return Err(FolderError::Taken { path });
            }
        }
        sync_folder(&self.path).map_err(|error| self.unwritable(&name, error))?;
        let entry = Entry { file: name, bytes, width: facts.width, height: facts.height, ..entry };
        self.describe(&entry)?;
        Ok(entry)
    }

    /// The photo of a render, where an earlier picture of it has one.
    pub(crate) fn photo_of(&self, render: &str) -> Option<String> {
        let mut entries = self.entries().ok()?.into_iter().filter(|entry| entry.render == render);
        entries.find_map(|entry| entry.before).filter(|name| self.file(name).is_file())
    }

    /// Saves the photo that pictures were made from and returns its name in the folder. `name` is made plain.
    pub(crate) fn save_before(&self, name: &str, jpeg: &[u8]) -> Result<String, FolderError> {
        let stem = without_extension(name).chars();
        let stem: String = stem.map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
        let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(jpeg));
        let name = format!("before-{}-{}.jpg", stem.trim_matches('-'), &digest[..8]);
        let path = self.file(&name);
        // The digest in its name says what it holds.
        if fs::metadata(&path).is_ok_and(|found| found.len() == jpeg.len() as u64) {
            return Ok(name);
        }
        files::replace_shared(&path, jpeg).map_err(|error| self.unwritable(&name, error))?;
        Ok(name)
    }

    /// Writes a file that is made anew each time.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, FolderError> {
        let path = self.file(name);
        files::replace_shared(&path, bytes).map_err(|error| self.unwritable(name, error))?;
        Ok(path)
    }

    /// Adds an entry, in place of one of the same picture or file, to what others have written meanwhile.
    fn describe(&self, entry: &Entry) -> Result<(), FolderError> {
        let _lock = self.lock()?;
        let mut pictures = self.entries()?;
        let is_replaced = |known: &Entry| known.is_of_the_same_picture(entry) || known.file == entry.file;
        match pictures.iter().position(is_replaced) {
            Some(at) => {
                pictures[at] = entry.clone();
                let mut number = 0..;
                pictures.retain(|known| number.next() == Some(at) || !is_replaced(known));
            }
            None => pictures.push(entry.clone()),
        }
        let description = Description { schema: SCHEMA.to_owned(), pictures };
        let text = serde_json::to_vec_pretty(&description).expect("texts and numbers are JSON");
        self.replace(DESCRIPTION, &text).map(drop)
    }

    /// Waits for its turn; others wait until the file is dropped.
    pub(crate) fn lock(&self) -> Result<File, FolderError> {
        let lock = File::options().create(true).truncate(false).write(true).open(self.file(LOCK));
        let locked = lock.and_then(|lock| lock.lock().map(|()| lock));
        locked.map_err(|error| self.unwritable(LOCK, error))
    }

    /// Removes what processes that were killed have left. What cannot be removed does no harm.
    fn clear_abandoned_parts(&self) {
        let is_abandoned = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let modified = entry.metadata().and_then(|found| found.modified());
            let age = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
            name.starts_with(PART_PREFIX) && name.ends_with(PART_SUFFIX) && age.is_some_and(|age| age > ABANDONED)
        };
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        for entry in entries.filter(is_abandoned) {
            let _ = fs::remove_file(entry.path());
        }
    }

    fn unwritable(&self, name: &str, error: io::Error) -> FolderError {
        let path = if name.is_empty() { self.path.clone() } else { self.file(name) };
        FolderError::Unwritable { path, error }
    }
}

/// Whether a name stays in its folder.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':'])
}

fn are_equal(one: &Path, other: &Path, bytes: u64) -> bool {
    fs::metadata(other).is_ok_and(|found| found.is_file() && found.len() == bytes)
        && matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::images::Facts;

    fn folder() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(&place.path().join("new/pictures")).expect("opened");
        (place, folder)
    }

    fn fetched(folder: &Folder, bytes: &[u8]) -> Fetched {
        let mut file = files::shared_part(folder.path()).expect("begun");
        file.write_all(bytes).expect("written");
        Fetched { file, bytes: bytes.len() as u64, facts: Facts { extension: "jpg", width: 3, height: 2 } }
    }

    fn wanted(variation: &str) -> Entry {
        Entry { render: "r".into(), variation: variation.into(), view: 1, file: variation.into(), ..Entry::default() }
    }

    #[test]
    fn describes_what_it_keeps_and_tells_what_is_complete() {
        let (_place, folder) = folder();
        let kept = folder.keep(fetched(&folder, b"abc"), wanted("v1"), false).expect("kept");
        assert_eq!((kept.file.as_str(), kept.bytes, kept.width, kept.height), ("v1.jpg", 3, 3, 2));
        let entries = folder.entries().expect("read");
        assert_eq!(entries, std::slice::from_ref(&kept));
        assert_eq!(folder.complete(&entries, &wanted("v1")), Some(kept));
        assert_eq!(folder.complete(&entries, &wanted("v2")), None);
        let other_variant = Entry { variant: Variant::Thumbnail, ..wanted("v1") };
        assert_eq!(folder.complete(&entries, &other_variant), None);
        for change in [|path: &Path| fs::write(path, "abcd"), |path: &Path| fs::remove_file(path)] {
            change(&folder.path().join("v1.jpg")).expect("changed");
            assert_eq!(folder.complete(&entries, &wanted("v1")), None);
        }
    }

    #[test]
    fn a_foreign_file_is_never_overwritten_unasked() {
        let (_place, folder) = folder();
        let path = folder.path().join("v1.jpg");
        for foreign in [&b"abd"[..], b"longer", b""] {
            fs::write(&path, foreign).expect("written");
            let error = folder.keep(fetched(&folder, b"abc"), wanted("v1"), false).expect_err("taken");
            assert!(matches!(error, FolderError::Taken { .. }), "{error}");
            assert_eq!(fs::read(&path).expect("there"), foreign);
        }
        assert_eq!(folder.entries().expect("read"), []);
        folder.keep(fetched(&folder, b"abc"), wanted("v1"), true).expect("asked for");
        assert_eq!(fs::read(&path).expect("there"), b"abc");
    }

    #[test]
    fn what_a_killed_process_saved_and_did_not_describe_is_recognised() {
        let (_place, folder) = folder();
        fs::write(folder.path().join("v1.jpg"), "abc").expect("written");
        let kept = folder.keep(fetched(&folder, b"abc"), wanted("v1"), false).expect("equal");
        assert_eq!(folder.entries().expect("read"), [kept]);
    }

    #[test]
    fn a_file_or_picture_has_one_entry() {
        let (_place, folder) = folder();
        folder.keep(fetched(&folder, b"a"), wanted("v1"), false).expect("kept");
        folder.keep(fetched(&folder, b"b"), wanted("v2"), false).expect("kept");
        let renamed = Entry { file: "v2".into(), ..wanted("v1") };
        let kept = folder.keep(fetched(&folder, b"c"), renamed, true).expect("kept");
        assert_eq!(folder.entries().expect("read"), [kept]);
    }

    #[test]
    fn processes_that_save_into_one_folder_lose_no_entry() {
        let (_place, folder) = folder();
        std::thread::scope(|scope| {
            for process in 0..8 {
                let folder = Folder::open(folder.path()).expect("opened");
                scope.spawn(move || {
                    for number in 0..10 {
                        let variation = format!("v{process}-{number}");
                        folder.keep(fetched(&folder, b"abc"), wanted(&variation), false).expect("kept");
                    }
                });
            }
        });
        assert_eq!(folder.entries().expect("read").len(), 80);
    }

    #[test]
    fn a_list_that_is_not_ours_is_left_alone() {
        let (_place, folder) = folder();
        let description = folder.path().join(DESCRIPTION);
        for (text, said) in [
            ("", "damaged"),
            ("[]", "another program"),
            (r#"{"schema":"vsai.pictures/9","pictures":[]}"#, "vsai.pictures/9"),
            (r#"{"schema":"vsai.pictures/1","pictures":[{"file":"x"}]}"#, "damaged"),
        ] {
            fs::write(&description, text).expect("written");
            let error = folder.keep(fetched(&folder, b"abc"), wanted("v1"), true).expect_err("refused").to_string();
            assert!(error.contains(said), "{error}");
            assert!(Folder::open(folder.path()).is_err());
            assert_eq!(fs::read_to_string(&description).expect("there"), text);
        }
    }

    #[test]
    fn a_list_cannot_lead_out_of_its_folder() {
        let (_place, folder) = folder();
        let kept = folder.keep(fetched(&folder, b"abc"), wanted("v1"), false).expect("kept");
        for name in ["../../etc/passwd", "/etc/passwd", "..", ".bashrc", "C:x", "a\\b", ""] {
            for entry in
                [Entry { file: name.into(), ..kept.clone() }, Entry { before: Some(name.into()), ..kept.clone() }]
            {
                let description = Description { schema: SCHEMA.into(), pictures: vec![entry] };
                let text = serde_json::to_string(&description).expect("JSON");
                fs::write(folder.path().join(DESCRIPTION), text).expect("written");
                assert!(folder.entries().is_err(), "{name}");
            }
        }
    }

    #[test]
    fn parts_of_killed_processes_go_away_and_others_stay() {
        let (_place, folder) = folder();
        let old = SystemTime::now() - ABANDONED - Duration::from_secs(60);
        for name in [".vsai-old.part", ".vsai-new.part", "mine.part"] {
            let file = File::create(folder.path().join(name)).expect("made");
            if name != ".vsai-new.part" {
                file.set_modified(old).expect("set");
            }
        }
        Folder::open(folder.path()).expect("opened");
        let there = |name: &str| folder.path().join(name).exists();
        assert_eq!([there(".vsai-old.part"), there(".vsai-new.part"), there("mine.part")], [false, true, true]);
    }

    #[test]
    fn a_photo_is_saved_once_under_a_plain_name() {
        let (_place, folder) = folder();
        let name = folder.save_before("../küche 1.jpg", b"jpeg").expect("saved");
        assert_eq!(name, "before-k-che-1-41e5787e.jpg");
        assert_eq!(folder.save_before("../küche 1.jpg", b"jpeg").expect("there"), name);
        assert_ne!(folder.save_before("../küche 1.jpg", b"other").expect("saved"), name);
        assert_eq!(fs::read(folder.path().join(name)).expect("there"), b"jpeg");
    }
}
