//! A proxy between the program and the API that keeps every exchange.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::sender::{Message, Wire};

/// One request and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    /// Path and query, below the API's base path.
    pub(crate) path: String,
    pub(crate) request: Message,
    pub(crate) status: u16,
    pub(crate) answer: Message,
}

impl Exchange {
    fn of(request: Message, status: u16, answer: Message) -> Self {
        let mut line = request.head.split(' ');
        let method = line.next().expect("a method").to_owned();
        let target = line.next().expect("a target");
        let path = target.strip_prefix("/v2").unwrap_or_else(|| panic!("{target} is not below /v2")).to_owned();
        Self { method, path, request, status, answer }
    }

    pub(crate) fn request_body(&self) -> Option<Value> {
        body_of(&self.request)
    }

    pub(crate) fn answer_body(&self) -> Option<Value> {
        body_of(&self.answer)
    }
}

fn body_of(message: &Message) -> Option<Value> {
    (!message.body.is_empty()).then(|| serde_json::from_slice(&message.body).expect("JSON"))
}

/// The proxy. It ends with the test.
pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    pub(crate) fn start(api: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let (address, exchanges) = (listener.local_addr().expect("bound"), Arc::new(Mutex::default()));
        let kept = Arc::clone(&exchanges);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || pass(stream, api, &kept));
            }
        });
        Self { address, exchanges }
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().expect("not poisoned").clone()
    }
}

/// Passes on a connection's requests one after the other.
fn pass(stream: TcpStream, api: SocketAddr, exchanges: &Mutex<Vec<Exchange>>) {
    let (mut from, mut to) = (Wire::over(stream), Wire::open(api));
    while let Some(request) = from.message() {
        to.write(&request.bytes());
        let Some(answer) = to.answer() else { return };
        let bytes = answer.message.bytes();
        exchanges.lock().expect("not poisoned").push(Exchange::of(request, answer.status, answer.message));
        from.write(&bytes);
    }
}
