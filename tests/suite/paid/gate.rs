//! A way to the sandbox on which requests and answers are lost, and which knows what was bought for which photo.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;

use super::photo;
use crate::api::{Request, read};

/// A moment in the life of a batch at which it can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    /// The list of renders is asked for: an anchor, or a look for a lost one.
    Listing,
    /// A render is asked for, and nothing was done yet.
    Arrived,
    /// It was carried out, and nothing was answered yet.
    CarriedOut,
    HalfAnswered,
    Answered,
    /// A render is waited for.
    Waiting,
    PictureAsked,
    PictureHalfSent,
}

pub(super) const STEPS: [Step; 8] = [
    Step::Listing,
    Step::Arrived,
    Step::CarriedOut,
    Step::HalfAnswered,
    Step::Answered,
    Step::Waiting,
    Step::PictureAsked,
    Step::PictureHalfSent,
];

/// What befalls a request that costs a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Fault {
    CutBefore,
    CutAfter,
    CutWithinAnswer,
    /// Its connection is cut, and it is carried out only after the next look for it.
    Late,
    /// It is carried out and never answered, until somebody kills the batch.
    Hang,
    ErrorBefore,
    ErrorAfter,
    TooMany,
}

/// Out of how many hundred requests each befalls.
const FAULTS: [(Fault, u8); 8] = [
    (Fault::CutBefore, 2),
    (Fault::CutAfter, 5),
    (Fault::CutWithinAnswer, 5),
    (Fault::Late, 3),
    (Fault::Hang, 2),
    (Fault::ErrorBefore, 2),
    (Fault::ErrorAfter, 5),
    (Fault::TooMany, 6),
];

/// Out of how many hundred other requests one loses its connection.
const FREE_CUTS: u8 = 3;

/// What has gone through.
#[derive(Debug, Default)]
pub(super) struct Passed {
    pub(super) posts: usize,
    pub(super) faults: HashMap<Fault, usize>,
    /// The renders that were made for each photo.
    pub(super) renders: HashMap<u16, Vec<String>>,
}

/// The way to a sandbox, open as long as the test lives.
pub(super) struct Gate {
    pub(super) url: String,
    way: Arc<Way>,
    /// Told when the batch is where it is to be killed.
    pub(super) reached: Receiver<()>,
}

struct Way {
    sandbox: SocketAddr,
    own: SocketAddr,
    passed: Mutex<Passed>,
    late: Mutex<Vec<Request>>,
    random: Mutex<fastrand::Rng>,
    /// Where the batch is to be killed, and how many times it may get there before.
    kill: Mutex<Option<(Step, usize)>>,
    reached: Mutex<Sender<()>>,
    has_faults: Mutex<bool>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("not poisoned")
}

impl Gate {
    pub(super) fn before(sandbox_url: &str, seed: u64) -> Self {
        let address = sandbox_url.trim_start_matches("http://").split('/').next().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("bound");
        let (tell, reached) = channel();
        let way = Arc::new(Way {
            sandbox: address.parse().expect("an address"),
            own,
            passed: Mutex::default(),
            late: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            kill: Mutex::new(None),
            reached: Mutex::new(tell),
            has_faults: Mutex::new(true),
        });
        let taking = way.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let way = taking.clone();
                std::thread::spawn(move || way.take(stream));
            }
        });
        Self { url: format!("http://{own}/v2"), way, reached }
    }

    /// The batch is to be killed when it gets to this step after `before` times.
    pub(super) fn kill_at(&self, step: Step, before: usize) {
        while self.reached.try_recv().is_ok() {}
        *lock(&self.way.kill) = Some((step, before));
    }

    /// Carries out what is still on its way when the batch has gone.
    pub(super) fn settle(&self) {
        self.way.carry_out_what_is_late();
    }

    /// From now on everything goes through.
    pub(super) fn repair(&self) {
        *lock(&self.way.has_faults) = false;
        *lock(&self.way.kill) = None;
    }

    pub(super) fn passed(&self) -> MutexGuard<'_, Passed> {
        lock(&self.way.passed)
    }
}

impl Way {
    fn take(&self, mut client: TcpStream) {
        let Some(request) = read(&client) else { return };
        // Whoever has asked may be gone by the time of an answer.
        let _ = match request.line.as_str() {
            "POST /v2/renders" => self.sell(&request, &mut client),
            line if line.starts_with("GET /v2/renders?") => self.list(&request, &mut client),
            line if line.starts_with("GET /v2/renders/") => {
                self.step(Step::Waiting, &mut client).and_then(|()| self.give(&request, &mut client))
            }
            line if line.starts_with("GET /v2/") => self.give(&request, &mut client),
            _ => self.step(Step::PictureAsked, &mut client).and_then(|()| self.show(&request, &mut client)),
        };
    }

    /// Kills the batch if it is to be killed here: waits until its end of the connection is closed.
    fn step(&self, step: Step, client: &mut TcpStream) -> std::io::Result<()> {
        let is_here = {
            let mut kill = lock(&self.kill);
            match &mut *kill {
                Some((at, 0)) if *at == step => kill.take().is_some(),
                Some((at, before)) if *at == step => {
                    *before -= 1;
                    false
                }
                _ => false,
            }
        };
        if is_here { self.have_it_killed(client) } else { Ok(()) }
    }

    fn have_it_killed(&self, client: &mut TcpStream) -> std::io::Result<()> {
        lock(&self.reached).send(()).expect("the test is there");
        while client.read(&mut [0; 64])? > 0 {}
        Err(std::io::ErrorKind::ConnectionReset.into())
    }

    fn fault(&self) -> Option<Fault> {
        if !*lock(&self.has_faults) {
            return None;
        }
        let mut number = lock(&self.random).u8(..100);
        let fault = FAULTS.iter().find(|(_, share)| {
            let is_this = number < *share;
            number = number.saturating_sub(*share);
            is_this
        });
        let fault = fault.map(|(fault, _)| *fault);
        if let Some(fault) = fault {
            *lock(&self.passed).faults.entry(fault).or_default() += 1;
        }
        fault
    }

    /// A request that costs a photo.
    fn sell(&self, request: &Request, client: &mut TcpStream) -> std::io::Result<()> {
        lock(&self.passed).posts += 1;
        self.step(Step::Arrived, client)?;
        let fault = self.fault();
        match fault {
            Some(Fault::CutBefore) => return Ok(()),
            Some(Fault::ErrorBefore) => return client.write_all(EMPTY_500),
            Some(Fault::TooMany) => return client.write_all(EMPTY_429),
            Some(Fault::Late) => {
                lock(&self.late).push(request.clone());
                return Ok(());
            }
            _ => {}
        }
        let answer = self.carry_out(request);
        match fault {
            Some(Fault::CutAfter) => return Ok(()),
            Some(Fault::ErrorAfter) => return client.write_all(EMPTY_500),
            Some(Fault::Hang) => return self.have_it_killed(client),
            _ => self.step(Step::CarriedOut, client)?,
        }
        let (half, rest) = answer.split_at(answer.len() / 2);
        client.write_all(half)?;
        if fault == Some(Fault::CutWithinAnswer) {
            return client.shutdown(Shutdown::Both);
        }
        self.step(Step::HalfAnswered, client)?;
        client.write_all(rest)?;
        self.step(Step::Answered, client)
    }

    /// Has the sandbox make a render, and notes for which photo; its answer.
    fn carry_out(&self, request: &Request) -> Vec<u8> {
        let answer = self.ask(request);
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let photo = photo::number_of(body["image_url"].as_str().expect("a data URL"));
        let made: Value = serde_json::from_slice(split(&answer).1).expect("a render");
        let render = made["id"].as_str().unwrap_or_else(|| panic!("no render was made: {made}")).to_owned();
        lock(&self.passed).renders.entry(photo).or_default().push(render);
        answer
    }

    fn carry_out_what_is_late(&self) {
        for request in std::mem::take(&mut *lock(&self.late)) {
            self.carry_out(&request);
        }
    }

    fn list(&self, request: &Request, client: &mut TcpStream) -> std::io::Result<()> {
        self.step(Step::Listing, client)?;
        let given = self.give(request, client);
        self.carry_out_what_is_late();
        given
    }

    /// A request that costs nothing.
    fn give(&self, request: &Request, client: &mut TcpStream) -> std::io::Result<()> {
        let answer = self.ask(request);
        if *lock(&self.has_faults) && lock(&self.random).u8(..100) < FREE_CUTS {
            return client.write_all(&answer[..answer.len() / 2]);
        }
        client.write_all(&answer)
    }

    /// A picture.
    fn show(&self, request: &Request, client: &mut TcpStream) -> std::io::Result<()> {
        let answer = self.ask(request);
        let (half, rest) = answer.split_at(answer.len() / 2);
        client.write_all(half)?;
        self.step(Step::PictureHalfSent, client)?;
        client.write_all(rest)
    }

    /// The sandbox's answer, with this address in the place of its own.
    fn ask(&self, request: &Request) -> Vec<u8> {
        let mut sandbox = TcpStream::connect(self.sandbox).expect("the sandbox is there");
        let headers = request.headers.lines().filter(|header| !header.to_lowercase().starts_with("connection:"));
        let headers: String = headers.map(|header| format!("{header}\r\n")).collect();
        write!(sandbox, "{} HTTP/1.1\r\n{headers}connection: close\r\n\r\n{}", request.line, request.body)
            .expect("sent");
        let mut answer = Vec::new();
        sandbox.read_to_end(&mut answer).expect("answered");
        let (head, body) = split(&answer);
        let head = String::from_utf8(head.to_vec()).expect("ASCII");
        if !head.contains("application/json") {
            return answer;
        }
        let text = str::from_utf8(body).expect("JSON");
        let body = text.replace(&self.sandbox.to_string(), &self.own.to_string());
        let (status, _) = head.split_once("\r\n").expect("a status");
        let rest = "content-type: application/json\r\nconnection: close\r\ncontent-length:";
        format!("{status}\r\n{rest} {}\r\n\r\n{body}", body.len()).into_bytes()
    }
}

/// Head and body.
fn split(answer: &[u8]) -> (&[u8], &[u8]) {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    answer.split_at(end)
}

const EMPTY_500: &[u8] = b"HTTP/1.1 500 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const EMPTY_429: &[u8] = b"HTTP/1.1 429 X\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
