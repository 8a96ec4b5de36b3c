//! Payloads of unusual kinds: pipes, sparse files, files that only their owner could open.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread::JoinHandle;

use super::Home;

/// A file of zeros that takes no room on the disk.
pub(crate) fn file_of_zeros(home: &Home, name: &str, length: u64) {
    File::create(home.path().join(name)).and_then(|file| file.set_len(length)).expect("made");
}

/// A named pipe: what is read from it cannot be read again.
pub(crate) fn fifo(home: &Home, name: &str) -> PathBuf {
    let path = home.path().join(name);
    let _ = fs::remove_file(&path);
    assert!(Command::new("mkfifo").arg(&path).status().expect("started").success());
    path
}

/// Writes into a pipe, once.
pub(crate) fn feed(pipe: PathBuf, text: &str) -> JoinHandle<()> {
    let text = text.to_owned();
    std::thread::spawn(move || fs::write(pipe, text).expect("read to its end"))
}

/// Makes a file that nobody may read and runs the program as somebody who has to heed that, which root has not.
pub(crate) fn unreadable(home: &Home, name: &str, arguments: &str) -> Output {
    let path = home.file(name, "[1]");
    fs::set_permissions(&path, Permissions::from_mode(0o000)).expect("changed");
    if File::open(&path).is_err() {
        return home.run(arguments);
    }
    home.bash(&format!("setpriv --bounding-set=-dac_override,-dac_read_search vsai {arguments}"))
}
