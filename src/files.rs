//! Files that are written whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

/// Replaces `path` by a file of mode 0600 with these bytes, and returns when it is on disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_by(tempfile::NamedTempFile::new_in(folder_of(path))?, path, bytes)
}

/// Replaces `path` by a file for everybody whom the user lets read files, and returns when it is on disk.
pub(crate) fn replace_shared(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_by(shared_part(folder_of(path))?, path, bytes)
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn replace_by(mut file: tempfile::NamedTempFile, path: &Path, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder_of(path))
}

/// The beginning of the names of parts, by which what a killed process left behind is known.
pub(crate) const PART_PREFIX: &str = ".vsai-";
/// The end of the names of parts.
pub(crate) const PART_SUFFIX: &str = ".part";

/// Begins a file under a name that is nobody's. Unlike a temporary file it is not private: the user's umask holds.
pub(crate) fn shared_part(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART_PREFIX).suffix(PART_SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Creates a folder, with its parents, that only its owner can enter. An existing one is left as it is.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Locks a file of mode 0600, which is made if there is none, until it is dropped or the process ends; none while somebody
/// else has it locked.
pub(crate) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The system's words for an error, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None if text == "stream did not contain valid UTF-8" => "it is not UTF-8 text".to_owned(),
        None => text,
    }
}

/// A path as a shell takes it.
pub(crate) fn for_shell(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@,".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        for bytes in [&b"first"[..], b"second"] {
            replace(&path, bytes).expect("written");
            assert_eq!(fs::read(&path).expect("read"), bytes);
        }
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }
}
