//! The program on a terminal, where it asks. The terminal echoes what is typed, as a user's does.

use std::process::{Command, Stdio};
use std::time::Instant;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

use super::Home;
use super::home::{PATIENCE, examine};

/// A program on a terminal of its own.
pub(crate) struct Terminal {
    session: PtySession,
    transcript: String,
    confidential: Vec<String>,
}

impl Terminal {
    /// Without colours.
    pub(crate) fn start(home: &Home, arguments: &str) -> Self {
        Self::start_as_it_is(home, &format!("{arguments} --color never"))
    }

    pub(crate) fn start_as_it_is(home: &Home, arguments: &str) -> Self {
        let program = home.command(arguments);
        // Whoever runs the tests in the background ignores Ctrl-C, and children inherit that.
        let mut command = home.in_home(Command::new("env"));
        // The terminal of the library does not echo by itself, and has no size.
        command
            .args(["--default-signal=INT", "bash", "-c", "stty echo rows 24 cols 80; exec \"$0\" \"$@\""])
            .arg(program.get_program())
            .args(program.get_args());
        command.stdin(Stdio::inherit());
        let patience = u64::try_from(PATIENCE.as_millis()).expect("short");
        let session = spawn_command(command, Some(patience)).expect("started");
        Self { session, transcript: String::new(), confidential: home.what_is_confidential() }
    }

    /// Waits for a question.
    #[track_caller]
    pub(crate) fn asks(&mut self, question: &str) -> &mut Self {
        let before = self.session.exp_string(question).unwrap_or_else(|error| panic!("{question:?}: {error}"));
        self.transcript += &(before + question);
        self
    }

    /// Types a line that everybody may see.
    pub(crate) fn answer(&mut self, line: &str) -> &mut Self {
        self.session.send_line(line).expect("typed");
        self
    }

    /// Types a line once the terminal does not echo any more.
    #[track_caller]
    pub(crate) fn answer_unseen(&mut self, line: &str) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        while self.echoes() {
            assert!(Instant::now() < deadline, "the terminal goes on echoing: {}", self.transcript);
        }
        self.answer(line)
    }

    /// Presses Ctrl and a letter.
    pub(crate) fn control(&mut self, letter: char) -> &mut Self {
        self.session.send_control(letter).expect("typed");
        self
    }

    fn echoes(&self) -> bool {
        let terminal = self.session.process().get_file_handle().expect("open");
        let said = Command::new("stty").arg("-a").stdin(Stdio::from(terminal)).output().expect("started");
        !String::from_utf8_lossy(&said.stdout).contains("-echo ")
    }

    /// Exit code and all that was to be seen.
    #[track_caller]
    pub(crate) fn end(mut self) -> String {
        let rest = self.session.exp_eof().unwrap_or_else(|error| panic!("it does not end: {error}"));
        // The library reads each byte as a character.
        let bytes: Vec<u8> = (self.transcript + &rest).chars().map(|c| u8::try_from(c).expect("a byte")).collect();
        let transcript = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        examine(&self.confidential, &transcript, "the terminal");
        let status = match self.session.process().wait().expect("waited") {
            WaitStatus::Exited(_, code) => format!("exit {code}"),
            WaitStatus::Signaled(_, signal, _) => format!("killed by {signal}"),
            other => format!("{other:?}"),
        };
        format!("{status}\n{transcript}")
    }
}
