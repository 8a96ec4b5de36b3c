//! Two APIs to talk to: the program's own sandbox, and a server that answers each request as a test says and counts them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};

use super::Home;
use super::home::{PATIENCE, Running};

/// A sandbox with work done at once and the same ids in each run.
pub(crate) struct Sandbox {
    pub(crate) url: String,
    _running: Running,
    _home: Home,
}

impl Sandbox {
    pub(crate) fn start(flags: &str) -> Self {
        let home = Home::new();
        let speed = if flags.contains("--speed") { "" } else { "--speed 1000" };
        let mut running = home.start(&format!("sandbox --port 0 --json {speed} --seed 1 --fixed-ids {flags}"));
        let ready: serde_json::Value = serde_json::from_str(&running.line("\"ready\"")).expect("a record");
        Self { url: ready["url"].as_str().expect("a URL").to_owned(), _running: running, _home: home }
    }
}

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method and path: `GET /v2/user`.
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.lines().filter_map(|line| line.split_once(": "));
        headers.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
    }
}

/// What goes back.
pub(crate) enum Answer {
    /// These bytes; then the connection is closed.
    Bytes(String),
    /// Nothing, for as long as the API lives.
    Silence,
}

/// An answer in JSON.
pub(crate) fn json(status: u16, body: &str) -> Answer {
    full(status, "content-type: application/json\r\n", body)
}

/// An answer with these header lines.
pub(crate) fn full(status: u16, headers: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Bytes(format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    ))
}

/// An API that answers as it is told.
pub(crate) struct Api {
    pub(crate) url: String,
    came: Arc<(Mutex<Vec<Request>>, Condvar)>,
}

type Answering = dyn Fn(&Request) -> Answer + Send + Sync;

impl Api {
    pub(crate) fn answering(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::answering_at(SocketAddr::from(([127, 0, 0, 1], 0)), answer)
    }

    /// Answers with these statuses in turn, and with the last one from then on.
    pub(crate) fn with_statuses(statuses: &'static [u16]) -> Self {
        let number = AtomicUsize::new(0);
        Self::answering(move |_| full(statuses[number.fetch_add(1, SeqCst).min(statuses.len() - 1)], "", ""))
    }

    /// Answers a POST as the test says; the account is a new one without any render.
    pub(crate) fn selling(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::answering(move |request| match request.line.as_str() {
            "GET /v2/user" => json(200, r#"{"user":{"uid":"u1"}}"#),
            line if line.starts_with("GET /v2/renders?") => json(200, r#"{"items":[],"next_cursor":null}"#),
            _ => answer(request),
        })
    }

    pub(crate) fn answering_at(
        address: SocketAddr,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).expect("a port");
        let url = format!("http://{}/v2", listener.local_addr().expect("bound"));
        let came = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let (answer, coming): (Arc<Answering>, _) = (Arc::new(answer), Arc::downgrade(&came));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, coming) = (answer.clone(), coming.clone());
                std::thread::spawn(move || {
                    let mut stream = stream;
                    let (Some(request), Some(came)) = (read(&stream), coming.upgrade()) else { return };
                    let answer = answer(&request);
                    came.0.lock().expect("not poisoned").push(request);
                    came.1.notify_all();
                    drop(came);
                    match answer {
                        Answer::Bytes(bytes) => drop(stream.write_all(bytes.as_bytes())),
                        // Until the other end gives up.
                        Answer::Silence => drop(stream.read(&mut [0])),
                    }
                });
            }
        });
        Self { url, came }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.came.0.lock().expect("not poisoned").clone()
    }

    /// What was sent to be carried out.
    pub(crate) fn posts(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.line.starts_with("POST ")).collect()
    }

    /// Waits until so many requests have come.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) {
        let requests = self.came.0.lock().expect("not poisoned");
        let few = |requests: &mut Vec<Request>| requests.len() < count;
        let waited = self.came.1.wait_timeout_while(requests, PATIENCE, few).expect("not poisoned");
        assert!(!waited.1.timed_out(), "the API got no {count} requests");
    }
}

/// Reads one request; none where the other end says nothing.
pub(crate) fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let (mut headers, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        headers += &header;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request { line, headers, body: String::from_utf8(body).ok()? })
}
