//! A real relay on loopback: OpenSSH's client forwards a free port of its server, which it starts for itself, to the listener.

use std::fs;
use std::process::Command;
use std::time::Instant;

use crate::home::{Home, PATIENCE, Running};
use crate::listening::Listening;

/// Started as `sh relay PORT`: prints the URL at which the port can be reached, and leaves the client's process id.
const RELAY: &str = r#"
{ sh -c 'echo $$ >relay.pid; exec ssh "$@"' ssh -N -F none -i user_key -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o ExitOnForwardFailure=yes -o BatchMode=yes \
    -o ProxyCommand="/usr/sbin/sshd -i -f $PWD/sshd_config" -R "0:127.0.0.1:$1" relay 2>&1
} | while read -r line; do
    case $line in
    "Allocated port "*) set -- $line; echo "http://127.0.0.1:$3" ;;
    *) echo "ssh: $line" ;;
    esac
done
"#;

/// The command of a tunnel by the relay. It leaves the number of its process group.
pub(crate) const TUNNEL: &str = "cmd:echo $$ >group; sh relay {port}";

impl Home {
    /// Puts the relay and its keys into this folder.
    pub(crate) fn relay(&self) {
        self.file("secret", crate::sender::SECRET);
        self.file("relay", RELAY);
        for key in ["host_key", "user_key"] {
            let mut command = self.in_home(Command::new("ssh-keygen"));
            let status = command.args(["-q", "-t", "ed25519", "-N", "", "-f", key]).status().expect("started");
            assert!(status.success());
        }
        self.file("authorized_keys", self.read("user_key.pub"));
        let home = self.path().display();
        let setting = |name: &str, file: &str| format!("{name} {home}/{file}\n");
        let rest = "UsePAM no\nStrictModes no\nPidFile none\n";
        let settings = [setting("HostKey", "host_key"), setting("AuthorizedKeysFile", "authorized_keys"), rest.into()];
        self.file("sshd_config", settings.concat());
        // A server that root starts wants it; others cannot make it and need not.
        let _ = fs::create_dir_all("/run/sshd");
    }

    /// Starts `vsai listen` with a tunnel and the tests' secret, as a program that goes on.
    pub(crate) fn start_with_tunnel(&self, tunnel: &str, arguments: &str) -> Running {
        let mut command = self.command(&format!("listen --port 0 --secret-file secret {arguments}"));
        command.args(["--tunnel", tunnel]);
        Running::new(command, "listen --tunnel")
    }

    /// The same, and waits until webhooks can come in; the address is the tunnel's.
    #[track_caller]
    pub(crate) fn listen_through(&self, tunnel: &str, arguments: &str) -> Listening {
        Listening::wait(self.start_with_tunnel(tunnel, arguments))
    }

    /// Waits until none of the tunnel's processes is left.
    #[track_caller]
    pub(crate) fn tunnel_is_gone(&self) {
        let group = self.read("group");
        let deadline = Instant::now() + PATIENCE;
        while is_there(&format!("-{}", group.trim())) {
            assert!(Instant::now() < deadline, "the tunnel's processes go on");
        }
    }

    /// Whether any of the tunnel's processes is there.
    pub(crate) fn tunnel_is_there(&self) -> bool {
        is_there(&format!("-{}", self.read("group").trim()))
    }
}

/// Whether there is such a process, or a process of the group whose number is negative.
fn is_there(process: &str) -> bool {
    let command = format!("kill -0 {process}");
    Command::new("sh").args(["-c", &command]).output().expect("started").status.success()
}
