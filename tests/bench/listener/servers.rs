//! The servers, each a process of its own on the first core, and what the kernel knows of them.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

use super::{BASE, LISTENERS, SECRET};

const SERVER_CORE: &str = "0";
const LOADER_CORE: &str = "1";

/// Names and packages of the receivers on Node.
const NODE: [(&str, &str, &str); 2] =
    [("Express 4, as documented", "express4", "npm:express@4.22.3"), ("Fastify", "fastify", "5.12.8")];

/// A running server; it ends when it is dropped.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    process: Child,
    _stderr: BufReader<ChildStderr>,
}

/// The argument with which this program is the server that the others are compared with.
pub(crate) const AXUM: &str = "serve-axum";

/// Starts those that are wanted by name, the one that others are compared with first.
pub(crate) fn start(home: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<Server> {
    let mut axum = Command::new(std::env::current_exe().expect("a path"));
    axum.arg(AXUM);
    let mut programs = vec![(BASE, axum)];
    for (name, arguments) in LISTENERS {
        programs.push((name, vsai(arguments)));
    }
    let packages = node_packages();
    for (name, package, _) in NODE {
        let mut node = Command::new("node");
        node.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/listener/receiver.mjs")).arg(&packages).arg(package);
        programs.push((name, node));
    }
    let wanted = programs.into_iter().filter(|(name, _)| is_wanted(name));
    wanted.map(|(name, program)| Server::start(name, program, home)).collect()
}

fn vsai(arguments: &str) -> Command {
    let mut vsai = Command::new(env!("CARGO_BIN_EXE_vsai"));
    vsai.args(arguments.split(' '));
    vsai
}

/// The folder of the npm packages, which are installed by the first run.
fn node_packages() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-node");
    if NODE.iter().any(|(_, package, _)| !folder.join("node_modules").join(package).is_dir()) {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-save",
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ]);
        npm.arg(&folder).args(NODE.map(|(_, package, version)| format!("{package}@{version}")));
        assert!(npm.status().expect("npm").success(), "npm cannot install express and fastify");
    }
    folder
}

/// Moves this thread to a core of its own, and tells where everything runs.
pub(crate) fn pin_loader() -> String {
    let pinned = Command::new("taskset").args(["-cp", LOADER_CORE, &std::process::id().to_string()]).output();
    assert!(pinned.expect("taskset").status.success(), "there is one core only: server and loader would share it");
    format!("servers on core {SERVER_CORE}, loader on core {LOADER_CORE}")
}

impl Server {
    /// `vsai listen` as it is without any flag, but for its port.
    pub(crate) fn listener(home: &Path) -> Self {
        let (name, arguments) = LISTENERS[LISTENERS.len() - 1];
        Self::start(name, vsai(arguments), home)
    }

    fn start(name: &'static str, program: Command, home: &Path) -> Self {
        let mut command = Command::new("taskset");
        command.args(["-c", SERVER_CORE]).arg(program.get_program()).args(program.get_args());
        command.env("HOME", home).env("VSAI_WEBHOOK_SECRET", SECRET).env("NODE_ENV", "production");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("started");
        let mut stderr = BufReader::new(process.stderr.take().expect("a pipe"));
        let address = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).expect("text") > 0, "{name} has ended");
            if let Some((_, url)) = line.split_once("http://") {
                let end = url.find('/').expect("a path");
                break url[..end].parse().expect("an address");
            }
        };
        Self { name, address, process, _stderr: stderr }
    }

    /// Time that it has had on its core.
    pub(crate) fn cpu_time(&self) -> Duration {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.process.id())).expect("Linux");
        let nanoseconds = threads.map(|thread| {
            let path = thread.expect("a thread").path().join("schedstat");
            let schedstat = std::fs::read_to_string(path).unwrap_or_default();
            schedstat.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(0)
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// The most bytes of memory that it has held.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// Serves with axum, on one thread.
pub(crate) fn serve_axum() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        eprintln!("listening on http://{}/", listener.local_addr().expect("bound"));
        let router = Router::new().route("/", post(async |_: Bytes| ()));
        axum::serve(listener, router).await.expect("served");
    });
}
