//! An empty home folder and the built program in it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use snapbox::{IntoData, Redactions, assert_data_eq};
use tempfile::TempDir;

/// How long a condition may take to come true before a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A folder that is home and working folder of every program started in it.
pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
    redactions: Redactions,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut redactions = Redactions::new();
        let path = folder.path().canonicalize().expect("there");
        redactions.insert("[HOME]", path.to_str().expect("UTF-8").to_owned()).expect("a valid name");
        Self { folder, variables: Vec::new(), redactions }
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_vsai"));
        command.args(arguments.split(' ').filter(|argument| !argument.is_empty()));
        command.current_dir(self.folder.path()).env_clear();
        command
            .env("HOME", self.folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TZ", "UTC");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }

    /// Runs to the end with this standard input.
    pub(crate) fn run_with(&self, arguments: &str, stdin: &[u8]) -> Output {
        use std::io::Write;
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        // The program may end without reading; that is its business.
        let _ = child.stdin.take().expect("piped").write_all(stdin);
        child.wait_with_output().expect("ended")
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().expect("started")
    }

    /// stdout of a run that ends well.
    pub(crate) fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "vsai {arguments}: {}", shown(&output));
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
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
        let shown = self.redactions.redact(&shown(output));
        assert_data_eq!(shown, expected.into_data());
    }

    /// Compares the end of a program that went on with the snapshot.
    #[track_caller]
    pub(crate) fn compare_end(&self, (code, stdout, stderr): End, expected: impl IntoData) {
        let code = code.map_or("killed".to_owned(), |code| format!("exit {code}"));
        let shown = format!("{code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
        assert_data_eq!(self.redactions.redact(&shown), expected.into_data());
    }

    /// Starts a program that goes on.
    pub(crate) fn start(&self, arguments: &str) -> Running {
        Running::new(self.command(arguments), arguments)
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
}

impl Running {
    pub(crate) fn new(mut command: Command, name: &str) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let stdout = lines(child.stdout.take().expect("piped"));
        let stderr = lines(child.stderr.take().expect("piped"));
        let stdin = child.stdin.take();
        Self { child, name: name.to_owned(), stdout, stderr, stdin }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits for a line of stdout that holds `text`.
    #[track_caller]
    pub(crate) fn line(&mut self, text: &str) -> String {
        wait_for_line(&self.stdout, &self.name, text)
    }

    /// Waits for a line of stderr that holds `text`.
    #[track_caller]
    pub(crate) fn note(&mut self, text: &str) -> String {
        wait_for_line(&self.stderr, &self.name, text)
    }

    /// Sends a signal by name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        send_signal(self.pid(), name);
    }

    /// Waits for the end and returns the exit code and what was left on stdout and stderr.
    #[track_caller]
    pub(crate) fn end(mut self) -> End {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().expect("waited") {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("vsai {} does not end", self.name),
                None => std::thread::yield_now(),
            }
        };
        let rest = |lines: &Receiver<String>| lines.iter().map(|line| line + "\n").collect::<String>();
        (status.code(), rest(&self.stdout), rest(&self.stderr))
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

#[track_caller]
fn wait_for_line(lines: &Receiver<String>, name: &str, text: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    let mut seen = String::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) if line.contains(text) => return line,
            Ok(line) => seen = seen + &line + "\n",
            Err(_) => panic!("vsai {name} did not say {text:?}; it said:\n{seen}"),
        }
    }
}
