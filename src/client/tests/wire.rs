//! A server on a raw socket, for answers that no HTTP library would give.

use std::future::pending;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What one request is answered with, and what comes after.
#[derive(Clone)]
pub(super) struct Reply {
    bytes: Vec<u8>,
    then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Close,
    KeepOpen,
    Hang,
}

impl Reply {
    /// These bytes, then the end of the connection.
    pub(super) fn cut(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Close }
    }

    /// These bytes, then nothing more.
    pub(super) fn hang(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Hang }
    }

    /// A whole answer on a connection that stays open.
    pub(super) fn whole(status: &str, headers: &str, body: &str) -> Self {
        let bytes = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len());
        Self { bytes: bytes.into(), then: Then::KeepOpen }
    }
}

/// A request as it came, and on which connection, counted from 0.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) connection: usize,
    pub(super) text: String,
}

/// A server that answers the first request with the first reply, and so on; the last reply goes on for ever.
pub(super) struct Wire {
    pub(super) port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Wire {
    pub(super) async fn start(replies: impl Into<Vec<Reply>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::default();
        let script = Script { replies: replies.into().into(), received: Arc::clone(&received) };
        tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { break };
                tokio::spawn(script.clone().serve(connection, stream));
            }
        });
        Self { port, received }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v2", self.port)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("not poisoned").clone()
    }
}

/// What a [`Wire`] does on each connection.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) replies: Arc<[Reply]>,
    pub(super) received: Arc<Mutex<Vec<Received>>>,
}

impl Script {
    pub(super) async fn serve(self, connection: usize, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        while let Some(text) = request(&mut stream).await {
            let reply = {
                let mut received = self.received.lock().expect("not poisoned");
                let reply = self.replies.get(received.len()).or(self.replies.last()).expect("a reply").clone();
                received.push(Received { connection, text });
                reply
            };
            // The client may have had enough, for example of an answer that is too large.
            let _ = stream.write_all(&reply.bytes).await;
            match reply.then {
                Then::Close => {
                    let _ = stream.shutdown().await;
                    return;
                }
                Then::KeepOpen => {}
                Then::Hang => pending().await,
            }
        }
    }
}

/// The next request with its body; `None` once the client has closed.
pub(super) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase().split_once("content-length: ").map_or(0, |(_, rest)| {
                rest.lines().next().and_then(|line| line.trim().parse().ok()).expect("a length")
            });
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
