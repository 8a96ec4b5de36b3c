//! A tool as a child process in a group of its own, which ends with this program however that ends.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::lines;
use crate::child;

/// Time that the tool gets to end in order.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the tool in the place of the shell. Beside it waits a second shell for the end of a pipe that only this program
/// holds: it ends the whole group when this program is killed without a chance to do so.
#[cfg(unix)]
const GUARDED: &str = r#"
exec 3<&0
{ trap '' TERM; read -r end <&3; kill -s TERM 0; sleep 2; kill -s KILL 0; } >/dev/null 2>&1 &
exec 3<&-
exec "$@"
"#;

/// A running tool.
pub(super) struct Process {
    child: Child,
    lines: mpsc::Receiver<String>,
    last_line: Option<String>,
    /// The guard waits for its end.
    _pipe: Option<ChildStdin>,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

/// What a tool does next.
pub(super) enum Does {
    Says(String),
    Ends(ExitStatus),
}

impl Process {
    /// Starts a tool without a word of vsai's in its environment: a key or secret may be among them.
    pub(super) fn start(arguments: &[String]) -> io::Result<Self> {
        let mut command = guarded(arguments);
        child::keep_ours_from(command.as_std_mut());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let (sender, lines) = mpsc::channel(64);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(lines::hand_on(stdout, sender.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(lines::hand_on(stderr, sender));
        }
        Ok(Self {
            #[cfg(unix)]
            group: child.id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?)),
            _pipe: child.stdin.take(),
            child,
            lines,
            last_line: None,
        })
    }

    /// Waits for what the tool does next. Its end comes after its last words.
    pub(super) async fn next(&mut self) -> io::Result<Does> {
        let said = tokio::select! {
            Some(line) = self.lines.recv() => Some(line),
            status = self.child.wait() => match self.lines_after_the_end().await {
                Some(line) => Some(line),
                None => return status.map(Does::Ends),
            }
        };
        self.last_line.clone_from(&said);
        Ok(Does::Says(said.unwrap_or_default()))
    }

    /// What was said before the end and has not been read yet. Others of the group may hold the streams open.
    async fn lines_after_the_end(&mut self) -> Option<String> {
        timeout(Duration::from_millis(200), self.lines.recv()).await.ok().flatten()
    }

    /// The last line that the tool has said.
    pub(super) fn last_line(&self) -> Option<&str> {
        self.last_line.as_deref()
    }

    /// Ends the tool and all that it has started: in order, or after a moment without further ado.
    pub(super) async fn end(mut self) {
        self.signal_group(false);
        let ended = async {
            let _ = self.child.wait().await;
            // The streams end with the last of the group.
            while self.lines.recv().await.is_some() {}
        };
        let _ = timeout(GRACE, ended).await;
    }

    #[cfg(unix)]
    fn signal_group(&self, at_once: bool) {
        use rustix::process::{Signal, kill_process_group};
        let signal = if at_once { Signal::KILL } else { Signal::TERM };
        if let Some(group) = self.group {
            // The guard is in the group, so that its number belongs to nobody else; an error says that all are gone.
            let _ = kill_process_group(group, signal);
        }
    }

    #[cfg(not(unix))]
    fn signal_group(&mut self, at_once: bool) {
        if at_once {
            let _ = self.child.start_kill();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal_group(true);
    }
}

#[cfg(unix)]
fn guarded(arguments: &[String]) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", GUARDED, "sh"]).args(arguments).process_group(0);
    command
}

#[cfg(not(unix))]
fn guarded(arguments: &[String]) -> Command {
    let mut command = Command::new(&arguments[0]);
    command.args(&arguments[1..]);
    command
}
