//! The sender: keep-alive connections on one thread, each with one POST under way; every POST is another event, truly signed.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use vsai::protocol::{Secret, SigningKey};

use super::SECRET;

const BEFORE_NUMBER: &str = r#"{"render_id":"rnd_9fK2mQ7xLw3Bv8TzRc1d","variation_id":"var_"#;
const AFTER_NUMBER: &str = r#"","variation_type":"staging","base_variation_id":"var_removal123","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/image.jpg","optimized_url":"https://results.example.com/image_optimized.webp","thumbnail_url":"https://results.example.com/image_thumb.jpg"}}"#;
const NUMBER: usize = 16;
const SIGNATURE: usize = 64;

/// Answers to one round of POSTs.
pub(crate) struct Answers {
    /// How long each POST took that was answered 200, in ascending order.
    pub(crate) times: Vec<Duration>,
    /// POSTs that were answered otherwise.
    pub(crate) others: usize,
    pub(crate) took: Duration,
}

/// When a round is over.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    Passed(Duration),
    /// So many POSTs, the first of each connection included.
    Sent(u64),
}

/// Sends rounds of POSTs. No two events are the same, in all rounds together.
pub(crate) struct Load {
    runtime: Runtime,
    post: Post,
}

impl Load {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { runtime, post: Post::new() }
    }

    /// Keeps every connection busy until then. Each has had one answer before the time begins, which `begins` is told.
    pub(crate) fn run(
        &mut self,
        address: SocketAddr,
        connections: usize,
        until: Until,
        begins: impl FnOnce(),
    ) -> Answers {
        let tasks = LocalSet::new();
        let post = self.post.clone();
        // Never lets the thread sleep: a server would pay for waking it, and the slower it is the more often.
        tasks.spawn_local(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
        tasks.block_on(&self.runtime, async {
            let (sent_before, mut open) = (self.post.sent.get(), Vec::new());
            for _ in 0..connections {
                let mut connection = Connection::open(address, post.clone()).await.expect("connected");
                connection.exchange().await.expect("an answer");
                open.push(connection);
            }
            begins();
            let start = Instant::now();
            let (end, last) = match until {
                Until::Passed(time) => (Some(start + time), u64::MAX),
                Until::Sent(count) => (None, sent_before + count),
            };
            let busy = open.into_iter().map(|connection| tokio::task::spawn_local(connection.run(end, last)));
            let busy: Vec<_> = busy.collect();
            let mut answers = Answers { times: Vec::new(), others: 0, took: Duration::ZERO };
            for connection in busy {
                let (times, others) = connection.await.expect("no panic").expect("answers");
                answers.times.extend(times);
                answers.others += others;
            }
            answers.took = start.elapsed();
            answers.times.sort_unstable();
            answers
        })
    }
}

struct Connection {
    stream: TcpStream,
    post: Post,
    answer: Box<[u8]>,
}

impl Connection {
    async fn open(address: SocketAddr, post: Post) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, post, answer: vec![0; 4096].into() })
    }

    async fn run(mut self, end: Option<Instant>, last: u64) -> io::Result<(Vec<Duration>, usize)> {
        let (mut times, mut others) = (Vec::new(), 0);
        while self.post.sent.get() < last && end.is_none_or(|end| Instant::now() < end) {
            match self.exchange().await? {
                (200, time) => times.push(time),
                _ => others += 1,
            }
        }
        Ok((times, others))
    }

    /// Sends the next event and returns the status of the answer and the time that it took.
    async fn exchange(&mut self) -> io::Result<(u16, Duration)> {
        let bytes = self.post.next();
        let start = Instant::now();
        self.stream.write_all(bytes).await?;
        let mut length = 0;
        loop {
            let read = self.stream.read(&mut self.answer[length..]).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            length += read;
            if let Some(status) = status(&self.answer[..length]) {
                return Ok((status, start.elapsed()));
            }
        }
    }
}

/// The status of an answer that has come whole.
fn status(answer: &[u8]) -> Option<u16> {
    let answer = std::str::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().expect("a length"))
    });
    let status = head.get(9..12)?.parse().expect("a status");
    (body.len() >= length.expect("a length")).then_some(status)
}

/// A whole request, in which number and signature are written over. Clones count on together.
#[derive(Clone)]
struct Post {
    key: SigningKey,
    bytes: Vec<u8>,
    body: usize,
    sent: Rc<Cell<u64>>,
}

impl Post {
    fn new() -> Self {
        let body = format!("{BEFORE_NUMBER}{:NUMBER$}{AFTER_NUMBER}", "");
        let head = format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/plain, */*\r\nContent-Type: application/json\r\n\
             User-Agent: axios/1.7.9\r\nContent-Length: {}\r\nConnection: keep-alive\r\nX-VSAI-Signature: {:SIGNATURE$}\r\n\r\n",
            body.len(),
            ""
        );
        let key = SigningKey::new(&Secret::new(SECRET).expect("not empty"));
        Self { key, body: head.len(), bytes: (head + &body).into_bytes(), sent: Rc::default() }
    }

    fn next(&mut self) -> &[u8] {
        self.sent.set(self.sent.get() + 1);
        let mut number = self.sent.get();
        let (head, body) = self.bytes.split_at_mut(self.body);
        for digit in body[BEFORE_NUMBER.len()..][..NUMBER].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
        let signature_at = head.len() - "\r\n\r\n".len() - SIGNATURE;
        hex::encode_to_slice(self.key.sign(body).as_bytes(), &mut head[signature_at..][..SIGNATURE])
            .expect("64 digits");
        &self.bytes
    }
}
