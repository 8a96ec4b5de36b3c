//! An empty home folder and the built program in it. What a test calls confidential may be in no output and in no file
//! but the one for credentials. Every record that is printed has to fit its schema.

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use regex::Regex;
use serde_json::Value;
use snapbox::{Assert, IntoData, Redactions};
use tempfile::TempDir;

use crate::judge::judge_records;
use crate::listening::records;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_vsai");

/// How long a condition may take to come true before a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What differs from run to run, as it is shown in snapshots.
const CHANGING: [(&str, &str); 7] = [
    ("[MILLISECONDS]", r#""(?:created_at|queued_at|eta)":(?<redacted>[0-9]{13})"#),
    ("[TIME]", r"(?<redacted>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}) UTC"),
    ("[PORT]", r"(?:127\.0\.0\.1|localhost|\[::1\]):(?<redacted>[0-9]{4,5})\b"),
    ("[PORT]", r#""port":(?<redacted>[0-9]+)"#),
    ("[PID]", r#""pid":(?<redacted>[0-9]+)"#),
    ("[JOB]", r"\bjob_(?<redacted>[0-9a-f]{10})\b"),
    ("[WAIT]", r"trying again in (?<redacted>[0-9.]+) s"),
];

/// A folder that is home and working folder of every program started in it.
pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
    redactions: Redactions,
    confidential: RefCell<Vec<String>>,
    /// Files in which a test itself has put something confidential.
    secret_files: RefCell<Vec<PathBuf>>,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut redactions = Redactions::new();
        let path = folder.path().canonicalize().expect("there");
        redactions.insert("[HOME]", path.to_str().expect("UTF-8").to_owned()).expect("a valid name");
        for (name, pattern) in CHANGING {
            redactions.insert(name, Regex::new(pattern).expect("a pattern")).expect("a valid name");
        }
        let (confidential, secret_files) = Default::default();
        Self { folder, variables: Vec::new(), redactions, confidential, secret_files }
    }

    /// Sets an environment variable for what is started from now on.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Shows `value` as `[name]` in snapshots.
    pub(crate) fn redact(&mut self, name: &'static str, value: impl Into<String>) {
        self.redactions.insert(name, value.into()).expect("a valid name");
    }

    /// From now on `text` may be in no output and in no file.
    pub(crate) fn confidential(&self, text: impl Into<String>) {
        self.confidential.borrow_mut().push(text.into());
    }

    /// Writes a file with a secret, which is confidential but for this place.
    pub(crate) fn secret_file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name, &contents);
        self.secret_files.borrow_mut().push(path.clone());
        if let Some(text) = str::from_utf8(contents.as_ref()).ok().map(str::trim).filter(|text| !text.is_empty()) {
            self.confidential(text);
        }
        path
    }

    pub(crate) fn what_is_confidential(&self) -> Vec<String> {
        self.confidential.borrow().clone()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, contents).expect("written");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, with arguments split at spaces.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = self.in_home(Command::new(PROGRAM));
        command.args(arguments.split(' ').filter(|argument| !argument.is_empty()));
        command
    }

    /// `command` in this folder, with an environment of its own.
    pub(crate) fn in_home(&self, mut command: Command) -> Command {
        command.current_dir(self.folder.path()).env_clear();
        command
            .env("HOME", self.folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TZ", "UTC");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }

    /// Runs a shell script in which the program is `vsai`.
    pub(crate) fn bash(&self, script: &str) -> Output {
        let folder = Path::new(PROGRAM).parent().expect("a folder");
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").expect("UTF-8"));
        let mut command = self.in_home(Command::new("bash"));
        self.examined(command.args(["-c", script]).env("PATH", path).output().expect("started"))
    }

    /// Runs to the end with this standard input.
    pub(crate) fn run_with(&self, arguments: &str, stdin: &[u8]) -> Output {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        // The program may end without reading; that is its business.
        let _ = child.stdin.take().expect("piped").write_all(stdin);
        self.examined(child.wait_with_output().expect("ended"))
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.examined(self.command(arguments).output().expect("started"))
    }

    /// The same, provided that nothing confidential is in it.
    fn examined(&self, output: Output) -> Output {
        let shown = shown(&output);
        examine(&self.confidential.borrow(), &shown, "the output");
        assert!(!shown.contains("panicked at"), "{shown}");
        judge_records(&shown);
        output
    }

    fn examine_files(&self) {
        let (confidential, secret_files) = (self.confidential.borrow(), self.secret_files.borrow());
        for path in files_below(self.path()) {
            let is_for_credentials = path.file_name().is_some_and(|name| name == "credentials.toml");
            if is_for_credentials || secret_files.contains(&path) {
                continue;
            }
            // What cannot be read here was made so by a test.
            let text = fs::read(&path).unwrap_or_default();
            examine(&confidential, &String::from_utf8_lossy(&text), &path.display().to_string());
        }
    }

    /// stdout of a run that ends well.
    pub(crate) fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "vsai {arguments}: {}", shown(&output));
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
    }

    /// The records that `--json` prints in a run that ends with this code.
    #[track_caller]
    pub(crate) fn records(&self, arguments: &str, code: i32) -> Vec<Value> {
        let output = self.run(&format!("--json {arguments}"));
        assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
        records(&String::from_utf8(output.stdout).expect("UTF-8"))
    }

    /// Runs and compares everything with the snapshot.
    #[track_caller]
    pub(crate) fn check(&self, arguments: &str, expected: impl IntoData) {
        self.compare(&self.run(arguments), expected);
    }

    /// Runs with this standard input and compares everything with the snapshot.
    #[track_caller]
    pub(crate) fn check_with(&self, arguments: &str, stdin: &[u8], expected: impl IntoData) {
        self.compare(&self.run_with(arguments, stdin), expected);
    }

    #[track_caller]
    pub(crate) fn compare(&self, output: &Output, expected: impl IntoData) {
        self.compare_text(&shown(output), expected);
    }

    /// Compares a text with the snapshot, without what changes from run to run.
    #[track_caller]
    pub(crate) fn compare_text(&self, text: &str, expected: impl IntoData) {
        // As it is: backslashes are no separators here.
        Assert::new().action_env("SNAPSHOTS").normalize_paths(false).eq(self.redactions.redact(text), expected);
    }

    /// Compares the end of a program that went on with the snapshot.
    #[track_caller]
    pub(crate) fn compare_end(&self, (code, stdout, stderr): End, expected: impl IntoData) {
        let code = code.map_or("killed".to_owned(), |code| format!("exit {code}"));
        let shown = format!("{code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
        self.compare_text(&shown, expected);
    }

    /// Waits until there is such a file and reads it.
    #[track_caller]
    pub(crate) fn wait_for_file(&self, name: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match fs::read_to_string(self.path().join(name)) {
                Ok(text) => return text,
                Err(error) => assert!(Instant::now() < deadline, "{name}: {error}"),
            }
            std::thread::yield_now();
        }
    }

    /// Starts a program that goes on.
    pub(crate) fn start(&self, arguments: &str) -> Running {
        let mut running = Running::new(self.command(arguments), arguments);
        running.confidential = self.what_is_confidential();
        running
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.examine_files();
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().collect()).unwrap_or_else(|_| Vec::new());
    let below = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files_below(&entry.path()),
        // Large ones are sparse files of zeros.
        Ok(kind) if kind.is_file() && entry.metadata().is_ok_and(|found| found.len() < 1 << 24) => vec![entry.path()],
        _ => Vec::new(),
    };
    entries.into_iter().flat_map(below).collect()
}

#[track_caller]
pub(crate) fn examine(confidential: &[String], text: &str, place: &str) {
    for secret in confidential {
        assert!(!text.contains(secret), "{secret:?} is confidential, but in {place}:\n{text}");
    }
}

/// How a program that went on has ended: exit code, and what was left on stdout and stderr.
pub(crate) type End = (Option<i32>, String, String);

/// Exit code, stdout and stderr as one text.
pub(crate) fn shown(output: &Output) -> String {
    let status = output.status.code().map_or_else(|| output.status.to_string(), |code| format!("exit {code}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{status}\n--- stdout\n{}--- stderr\n{}", text(&output.stdout), text(&output.stderr))
}

/// A program that goes on, killed when the test is over.
pub(crate) struct Running {
    child: Child,
    name: String,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    stdin: Option<ChildStdin>,
    confidential: Vec<String>,
}

impl Running {
    pub(crate) fn new(mut command: Command, name: &str) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let stdout = lines(child.stdout.take().expect("piped"));
        let stderr = lines(child.stderr.take().expect("piped"));
        let stdin = child.stdin.take();
        Self { child, name: name.to_owned(), stdout, stderr, stdin, confidential: Vec::new() }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits for a line of stdout that holds `text`.
    #[track_caller]
    pub(crate) fn line(&mut self, text: &str) -> String {
        self.wait_for_line(&self.stdout, text)
    }

    /// Waits for a line of stderr that holds `text`.
    #[track_caller]
    pub(crate) fn note(&mut self, text: &str) -> String {
        self.wait_for_line(&self.stderr, text)
    }

    #[track_caller]
    fn wait_for_line(&self, lines: &Receiver<String>, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = String::new();
        loop {
            let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) else {
                panic!("vsai {} did not say {text:?}; it said:\n{seen}", self.name);
            };
            examine(&self.confidential, &line, "the output");
            judge_records(&line);
            if line.contains(text) {
                return line;
            }
            seen = seen + &line + "\n";
        }
    }

    /// Sends a signal by name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        send_signal(self.pid(), name);
    }

    /// Waits for the end and returns the exit code and what was left on stdout and stderr.
    #[track_caller]
    pub(crate) fn end(mut self) -> End {
        let deadline = Instant::now() + PATIENCE;
        let [stdout, stderr] = [&self.stdout, &self.stderr].map(|lines| self.rest(lines, deadline));
        let status = self.child.wait().expect("waited");
        (status.code(), stdout, stderr)
    }

    /// What is still to come of a stream, which ends with the program.
    #[track_caller]
    fn rest(&self, lines: &Receiver<String>, deadline: Instant) -> String {
        let mut rest = String::new();
        loop {
            match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => rest = rest + &line + "\n",
                Err(RecvTimeoutError::Timeout) => panic!("vsai {} does not end; it said:\n{rest}", self.name),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        examine(&self.confidential, &rest, "the output");
        judge_records(&rest);
        rest
    }
}

/// Sends a signal by name to a process; the shell has its own `kill` where the system has none.
pub(crate) fn send_signal(pid: u32, name: &str) {
    let status = Command::new("sh").arg("-c").arg(format!("kill -{name} {pid}")).status().expect("started");
    assert!(status.success(), "kill -{name}");
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

#[test]
#[should_panic(expected = "is confidential, but in the output")]
fn a_leak_into_the_output_is_noticed() {
    let home = Home::new().variable("VSAI_WEBHOOK_SECRET", "whsec-0123456789");
    home.confidential("whsec-0123456789");
    home.run("secret show --reveal");
}

#[test]
#[should_panic(expected = "is confidential, but in ")]
fn a_leak_into_a_file_is_noticed() {
    let home = Home::new();
    home.confidential("whsec-0123456789");
    home.file(".local/share/vsai/log", "set whsec-0123456789");
}
