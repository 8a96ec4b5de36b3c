//! The loops that a batch is compared with: the same bodies by plain reqwest, so many at a time, and no more done about it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::task::LocalSet;

/// What a loop does for each body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loop {
    /// Sends it, on connections that are used again.
    Posts,
    /// Sends it on a connection of its own, as what costs money is sent: a used one may turn out dead.
    PostsApart,
    /// Sends it so, and reads its render until it is done, the least that any client does to have its result.
    PostsApartAndReads,
}

/// Sends all bodies, `at_once` at a time, and returns how long it took.
pub(crate) fn run(which: Loop, url: &str, key: &str, bodies: &Rc<[String]>, at_once: usize) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tasks = LocalSet::new();
    let sender = Sender::new(which, url, key);
    let next = Rc::new(Cell::new(0));
    let begun = Instant::now();
    for _ in 0..at_once {
        let (sender, bodies, next) = (sender.clone(), bodies.clone(), next.clone());
        tasks.spawn_local(async move {
            while let Some(body) = bodies.get(next.replace(next.get() + 1)) {
                sender.send(body).await;
            }
        });
    }
    runtime.block_on(tasks);
    begun.elapsed()
}

#[derive(Clone)]
struct Sender {
    which: Loop,
    posting: Client,
    reading: Client,
    renders: String,
    authorization: String,
}

impl Sender {
    fn new(which: Loop, url: &str, key: &str) -> Self {
        let client = |idle| {
            let builder = Client::builder().no_proxy().tls_certs_only([]).pool_max_idle_per_host(idle);
            builder.build().expect("a client")
        };
        let posting = client(if which == Loop::Posts { usize::MAX } else { 0 });
        let (renders, authorization) = (format!("{url}/renders"), format!("Api-Key {key}"));
        Self { which, posting, reading: client(usize::MAX), renders, authorization }
    }

    async fn send(&self, body: &str) {
        let request = self.posting.post(&self.renders).header("content-type", "application/json").body(body.to_owned());
        let render = json(request.header(AUTHORIZATION, &self.authorization).send().await).await;
        if self.which != Loop::PostsApartAndReads {
            return;
        }
        let address = format!("{}/{}?include_variations=true", self.renders, render["id"].as_str().expect("an id"));
        loop {
            let request = self.reading.get(&address).header(AUTHORIZATION, &self.authorization);
            let render = json(request.send().await).await;
            let items = render["variations"]["items"].as_array().expect("variations");
            if items.iter().all(|variation| variation["status"] == "done") {
                return;
            }
        }
    }
}

async fn json(answer: reqwest::Result<Response>) -> Value {
    let answer = answer.and_then(Response::error_for_status).expect("an answer");
    serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON")
}
