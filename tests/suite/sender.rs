//! A sender of webhooks that can get everything wrong: bytes on a socket, and the answer to them.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use vsai::protocol::{SIGNATURE_HEADER, Secret, SigningKey};

use crate::home::PATIENCE;

/// The secret of the tests' honest sender.
pub(crate) const SECRET: &str = "test-secret";

/// The documented delivery and its signature with [`SECRET`], made by the vendor's own code path.
pub(crate) const DOCUMENTED: &str = r#"{"render_id":"rnd_abc123","variation_id":"var_xyz789","variation_type":"staging","base_variation_id":"var_removal123","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/image.jpg","optimized_url":"https://results.example.com/image_optimized.webp","thumbnail_url":"https://results.example.com/image_thumb.jpg"}}"#;
pub(crate) const DOCUMENTED_SIGNATURE: &str = "1a0ce703d32efd12433d4402d633a54c7455de46bd82b66a3ddc7570acc2b853";

/// The payload of a finished variation.
pub(crate) fn done(render: &str, variation: &str) -> String {
    format!(
        r#"{{"render_id":"{render}","variation_id":"{variation}","variation_type":"staging","timestamp":1634567890123,"event_type":"done","result":{{"url":"https://results.example.com/a.jpg","optimized_url":null,"thumbnail_url":null}}}}"#
    )
}

/// The payload of a failed variation.
pub(crate) fn failed(render: &str, variation: &str) -> String {
    format!(
        r#"{{"render_id":"{render}","variation_id":"{variation}","variation_type":"staging","timestamp":1634567890123,"event_type":"error","error_message":"the photo is too dark"}}"#
    )
}

/// What `secret` signs `text` with.
pub(crate) fn signature(secret: &str, text: impl AsRef<[u8]>) -> String {
    SigningKey::new(&Secret::new(secret).expect("not empty")).sign(text.as_ref()).to_string()
}

/// A delivery, well-formed until something about it is changed.
#[derive(Clone)]
pub(crate) struct Post {
    line: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    framing: Framing,
}

/// How a request tells where its body ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length,
    Chunks,
    None,
}

impl Post {
    /// As the vendor sends it when no secret is set.
    pub(crate) fn unsigned(body: impl Into<Vec<u8>>) -> Self {
        let (line, headers, framing) = ("POST / HTTP/1.1".to_owned(), Vec::new(), Framing::Length);
        Self { line, headers, body: body.into(), framing }
            .header("Host", "localhost")
            .header("Content-Type", "application/json")
    }

    /// With this as its signature header.
    pub(crate) fn with(body: impl Into<Vec<u8>>, signature: impl Into<Vec<u8>>) -> Self {
        Self::unsigned(body).header(SIGNATURE_HEADER, signature)
    }

    /// Signed with [`SECRET`] over exactly these bytes.
    pub(crate) fn signed(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = signature(SECRET, &body);
        Self::with(body, signature)
    }

    /// Adds a header, or replaces it unless it is the signature's.
    pub(crate) fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        if name != SIGNATURE_HEADER {
            self = self.without(name);
        }
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Replaces the request line.
    pub(crate) fn line(mut self, line: &str) -> Self {
        line.clone_into(&mut self.line);
        self
    }

    /// Sends the body in chunks instead of declaring its length.
    pub(crate) fn chunked(mut self) -> Self {
        self.framing = Framing::Chunks;
        self
    }

    /// Tells nothing of a body.
    pub(crate) fn without_length(mut self) -> Self {
        self.framing = Framing::None;
        self
    }

    /// The request's head, up to and with the empty line.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.line).into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        head.extend(match self.framing {
            Framing::Length => format!("Content-Length: {}\r\n\r\n", self.body.len()).into_bytes(),
            Framing::Chunks => b"Transfer-Encoding: chunked\r\n\r\n".to_vec(),
            Framing::None => b"\r\n".to_vec(),
        });
        head
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        if self.framing != Framing::Chunks {
            return self.body.clone();
        }
        let chunk = |piece: &[u8]| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        let mut bytes: Vec<u8> = self.body.chunks(1000).flat_map(chunk).collect();
        bytes.extend(b"0\r\n\r\n");
        bytes
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head(), self.body()].concat()
    }

    /// Sends it on a connection of its own.
    #[track_caller]
    pub(crate) fn send(&self, to: SocketAddr) -> Answer {
        let mut wire = Wire::open(to);
        wire.write(&self.bytes());
        wire.answer().expect("an answer")
    }
}

/// An answer, and its body as text.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) message: Message,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.message.header(name)
    }
}

/// A connection.
pub(crate) struct Wire {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A request or an answer as it came.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }
}

impl Wire {
    #[track_caller]
    pub(crate) fn open(to: SocketAddr) -> Self {
        Self::over(TcpStream::connect(to).expect("connected"))
    }

    #[track_caller]
    pub(crate) fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream.set_write_timeout(Some(PATIENCE)).expect("set");
        Self { stream, received: Vec::new() }
    }

    /// Writes as much as the other end takes; whether that was all.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// The next answer; `None` when the connection was closed without one.
    #[track_caller]
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let message = self.message()?;
        let status = message.head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let body = String::from_utf8(message.body.clone()).expect("UTF-8");
        Some(Answer { status, message, body })
    }

    /// The next message whose head tells the length of its body; `None` when the connection was closed without one.
    #[track_caller]
    pub(crate) fn message(&mut self) -> Option<Message> {
        let end = loop {
            match self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None if !self.read() => return None,
                None => {}
            }
        };
        let head = String::from_utf8(self.received.drain(..end).collect()).expect("a head is ASCII");
        let mut message = Message { head, body: Vec::new() };
        assert_eq!(message.header("transfer-encoding"), None, "chunks are not read here");
        let length = message.header("content-length").map_or(0, |length| length.parse().expect("a number"));
        while self.received.len() < length {
            assert!(self.read(), "the body was cut off: {message:?}");
        }
        message.body = self.received.drain(..length).collect();
        Some(message)
    }

    /// Waits until the other end has closed the connection, saying nothing more.
    #[track_caller]
    pub(crate) fn closed(&mut self) {
        assert!(!self.read() && self.received.is_empty(), "{}", String::from_utf8_lossy(&self.received));
    }

    /// Reads some bytes; `false` at the end.
    #[track_caller]
    fn read(&mut self) -> bool {
        let mut piece = [0; 4096];
        match self.stream.read(&mut piece) {
            Ok(length) => {
                self.received.extend(&piece[..length]);
                length > 0
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("no more came: {error}"),
        }
    }
}
