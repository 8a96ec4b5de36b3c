//! A machine that loses power at any moment, made from what strace has seen of a program: of what it wrote, only what
//! was synced is sure to be on the disk. A kill could not show this, since it leaves the kernel's memory as it is.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use fastrand::Rng;

/// A system call, from the line where it begins to the line where it ends.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: String,
    text: String,
    begin: usize,
    end: usize,
}

/// Reads what strace wrote, in the order in which the calls matter: an answer is out when it begins, anything else has
/// happened when it ends. Calls of one thread are broken off by those of others.
pub(super) fn calls(trace: &str) -> Vec<Call> {
    let mut open: HashMap<&str, Call> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            if let Some(mut call) = open.remove(thread) {
                call.end = at;
                call.text.push_str(resumed);
                calls.push(call);
            }
            continue;
        }
        let Some((name, _)) = rest.split_once('(') else { continue };
        let call = Call { name: name.to_owned(), text: rest.to_owned(), begin: at, end: at };
        if rest.ends_with("<unfinished ...>") {
            open.insert(thread, call);
        } else {
            calls.push(call);
        }
    }
    calls.sort_by_key(|call| if call.is_answer() { call.begin } else { call.end });
    calls
}

impl Call {
    /// Whether it sends something to a socket.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.name.as_str(), "write" | "writev" | "sendto" | "sendmsg") && self.descriptor().contains("socket:")
    }

    /// The first argument: number and name of a descriptor.
    pub(super) fn descriptor(&self) -> String {
        let (_, arguments) = self.text.split_once('(').expect("arguments");
        let (number, rest) = arguments.split_once('<').unwrap_or((arguments, ""));
        format!("{number}<{}", String::from_utf8_lossy(&decoded(rest.split('>').next().expect("the first"))))
    }

    /// All texts among the arguments, one after the other.
    pub(super) fn data(&self) -> Vec<u8> {
        self.text.split('"').skip(1).step_by(2).flat_map(decoded).collect()
    }

    fn path(&self) -> String {
        self.descriptor().split_once('<').expect("a name").1.to_owned()
    }

    /// What it returned; less than zero is an error.
    fn returned(&self) -> i64 {
        let (_, value) = self.text.rsplit_once(" = ").unwrap_or(("", "-1"));
        value.split(|c: char| !c.is_ascii_digit() && c != '-').next().and_then(|value| value.parse().ok()).unwrap_or(-1)
    }

    /// The number that follows the other arguments.
    fn last_number(&self) -> usize {
        let (arguments, _) = self.text.rsplit_once([')', '<']).expect("an end");
        let arguments = arguments.split(" <unfinished").next().expect("the first").trim_end_matches(')');
        let digits = arguments.rsplit(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("no number: {}", self.text))
    }
}

/// Bytes that strace shows as `\x2f\x74…`.
fn decoded(text: &str) -> Vec<u8> {
    let byte = |digits: &str| u8::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("not in hex: {text}"));
    text.split("\\x").skip(1).map(byte).collect()
}

/// What a call changed in a file.
#[derive(Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, contents: &mut Vec<u8>) {
        match self {
            Self::Write(at, bytes) => {
                contents.resize(contents.len().max(at + bytes.len()), 0);
                contents[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Self::Truncate(length) => contents.resize(*length, 0),
        }
    }
}

#[derive(Debug, Default)]
struct File {
    /// What is on the disk for certain.
    synced: Vec<u8>,
    /// What may be, and when it was written.
    waiting: Vec<(usize, Change)>,
    /// Whether its name is on the disk for certain.
    is_named: bool,
    is_removed: bool,
}

/// The files of one folder as a loss of power would leave them.
#[derive(Debug)]
pub(super) struct Disk {
    folder: String,
    files: BTreeMap<String, File>,
}

impl Disk {
    /// With what is in the folder now, all of it synced.
    pub(super) fn of(folder: &Path) -> Self {
        let path = folder.canonicalize().expect("there").to_str().expect("UTF-8").to_owned();
        let entries = std::fs::read_dir(folder).expect("there").flatten();
        let files = entries.map(|entry| {
            let name = entry.file_name().into_string().expect("UTF-8");
            let synced = std::fs::read(entry.path()).expect("readable");
            (format!("{path}/{name}"), File { synced, is_named: true, ..File::default() })
        });
        Self { files: files.collect(), folder: path }
    }

    /// Takes in a call.
    pub(super) fn note(&mut self, call: &Call) {
        let is_done = call.returned() >= 0;
        match call.name.as_str() {
            "openat" if is_done && call.text.contains("O_CREAT") => {
                let path = String::from_utf8(call.text.split('"').nth(1).map(decoded).expect("a path")).expect("UTF-8");
                // The index in memory is made anew after a crash.
                if path.starts_with(&self.folder) && !path.ends_with("-shm") {
                    self.files.entry(path).or_default();
                }
            }
            "unlink" if is_done => {
                let path = String::from_utf8(call.data()).expect("UTF-8");
                self.files.entry(path).and_modify(|file| file.is_removed = true);
            }
            "fsync" | "fdatasync" if call.path() == self.folder => {
                self.files.retain(|_, file| !file.is_removed || !is_done);
                self.files.values_mut().for_each(|file| file.is_named |= is_done);
            }
            "fsync" | "fdatasync" | "pwrite64" | "ftruncate" => {
                if let Some(file) = self.files.get_mut(&call.path()) {
                    file.note(call, is_done);
                }
            }
            _ => {}
        }
    }

    /// Puts into `folder` what may be left when the power fails now: what was synced and, by chance, some of the rest.
    pub(super) fn lose_power(&self, random: Option<&mut Rng>, folder: &Path) {
        let mut random = random;
        let mut by_chance = || random.as_mut().is_some_and(|random| random.bool());
        for (path, file) in &self.files {
            let is_there = (file.is_named || by_chance()) && !(file.is_removed && by_chance());
            let mut contents = file.synced.clone();
            file.waiting.iter().filter(|_| by_chance()).for_each(|(_, change)| change.apply(&mut contents));
            if is_there {
                let name = Path::new(path).file_name().expect("a name");
                std::fs::write(folder.join(name), contents).expect("written");
            }
        }
    }
}

impl File {
    fn note(&mut self, call: &Call, is_done: bool) {
        match call.name.as_str() {
            "pwrite64" if is_done => {
                let data = call.data();
                assert_eq!(call.returned(), data.len() as i64, "strace has cut it");
                self.waiting.push((call.end, Change::Write(call.last_number(), data)));
            }
            "ftruncate" if is_done => self.waiting.push((call.end, Change::Truncate(call.last_number()))),
            "fsync" | "fdatasync" => {
                // After one that failed, the kernel forgets what it could not write.
                let (covered, later) = self.waiting.drain(..).partition(|(end, _)| *end < call.begin);
                self.waiting = later;
                let covered: Vec<(usize, Change)> = covered;
                covered.iter().filter(|_| is_done).for_each(|(_, change)| change.apply(&mut self.synced));
            }
            _ => {}
        }
    }
}
