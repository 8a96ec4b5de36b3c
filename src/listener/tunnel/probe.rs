//! The proof that what is sent to the public URL arrives here: a random word goes out, and only this listener knows what
//! to answer. Everybody else's requests go on as if there were no such thing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, ready};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use tokio::time::Instant;
use url::Url;

use crate::delivery::{Message, Sender, Target};
use crate::listener::Listener;
use crate::serve::{Caller, Serve};

/// The query parameter that carries the word. Webhooks carry their sender's own ids in the same place.
const PARAMETER: &str = "vsai-probe";
/// Time for one try.
const TRY: Duration = Duration::from_secs(5);

/// What is asked, and what only this listener answers. Clones share one state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Probe(Arc<Mutex<Option<Expected>>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    path: String,
    query: String,
    answer: String,
}

/// Why the way in could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unchecked(String);

impl Probe {
    /// Sends a word to `public` until it has come to `path` here and the answer has come back, for at most `time`.
    pub(crate) async fn check(&self, public: &Url, path: &str, time: Duration) -> Result<(), Unchecked> {
        let expected = Expected { path: path.to_owned(), query: random()?, answer: random()? };
        let mut url = public.clone();
        url.query_pairs_mut().append_pair(PARAMETER, &expected.query);
        let query = url.query().unwrap_or_default().to_owned();
        let answer = expected.answer.clone();
        *self.locked() = Some(Expected { query, ..expected });
        let checked = repeat(&url, answer.as_bytes(), time).await;
        *self.locked() = None;
        checked
    }

    /// The answer to a request that carries the word of the moment.
    fn answer<B>(&self, request: &Request<B>) -> Option<Response<Full<Bytes>>> {
        // Most requests have no query of ours: they take no lock.
        let query = request.uri().query().filter(|query| query.contains(PARAMETER))?;
        let expected = self.locked().clone()?;
        let is_ours =
            request.method() == Method::POST && request.uri().path() == expected.path && query == expected.query;
        is_ours.then(|| Response::new(Full::new(Bytes::from(expected.answer))))
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Expected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn repeat(url: &Url, answer: &[u8], time: Duration) -> Result<(), Unchecked> {
    let unchecked = |error: &dyn std::error::Error| Unchecked(error.to_string());
    let target = Target::parse(url.as_str()).map_err(|error| unchecked(&error))?;
    let sender = Sender::new(TRY.min(time)).map_err(|error| unchecked(&error))?;
    let message = Message::json("{}");
    let deadline = Instant::now() + time;
    let mut pause = Duration::from_millis(100);
    loop {
        let attempt = tokio::time::timeout_at(deadline, sender.post(&target, &message)).await;
        let reason = match attempt.map(|attempt| attempt.outcome) {
            Ok(Ok(came)) if came.status == 200 && came.body == answer => return Ok(()),
            Ok(Ok(came)) => format!("something else answered {}", came.status.as_u16()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if Instant::now() + pause >= deadline {
            return Err(Unchecked(reason));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// A word that nobody can guess.
fn random() -> Result<String, Unchecked> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Unchecked(format!("the system gave no random bytes: {error}")))?;
    Ok(hex::encode(bytes))
}

/// A listener that answers its own probe before anything else looks at the request.
#[derive(Clone)]
pub(crate) struct Probed {
    listener: Listener,
    probe: Probe,
}

impl Probed {
    pub(crate) fn new(listener: Listener, probe: Probe) -> Self {
        Self { listener, probe }
    }
}

impl Serve for Probed {
    type Body = Full<Bytes>;

    fn serve(&self, request: Request<Incoming>, caller: &Caller) -> impl Future<Output = Response<Full<Bytes>>> + Send {
        match self.probe.answer(&request) {
            Some(answer) => Either::Left(ready(answer)),
            None => Either::Right(self.listener.serve(request, caller)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn expecting() -> Probe {
        let [path, query, answer] = ["/w/a", "job=7&vsai-probe=word", "answer"].map(str::to_owned);
        Probe(Arc::new(Mutex::new(Some(Expected { path, query, answer }))))
    }

    fn is_answered(probe: &Probe, method: Method, target: &str) -> bool {
        let request = Request::builder().method(method).uri(target).body(()).expect("a request");
        probe.answer(&request).is_some()
    }

    #[test]
    fn only_the_word_of_the_moment_is_answered_and_only_at_its_place() {
        let probe = expecting();
        assert!(is_answered(&probe, Method::POST, "/w/a?job=7&vsai-probe=word"));
        for (method, target) in [
            (Method::GET, "/w/a?job=7&vsai-probe=word"),
            (Method::POST, "/w/b?job=7&vsai-probe=word"),
            (Method::POST, "/w/a?vsai-probe=word"),
            (Method::POST, "/w/a?job=7&vsai-probe=wor"),
            (Method::POST, "/w/a?job=7&vsai-probe="),
            (Method::POST, "/w/a"),
        ] {
            assert!(!is_answered(&probe, method, target), "{target}");
        }
        assert!(!is_answered(&Probe::default(), Method::POST, "/w/a?vsai-probe=word"));
    }

    #[tokio::test]
    async fn what_only_says_200_is_no_proof_and_no_word_is_left() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/w/a", listener.local_addr().expect("bound"));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome").await;
                let _ = stream.shutdown().await;
            }
        });
        let probe = Probe::default();
        let url = Url::parse(&url).expect("a URL");
        let checked = probe.check(&url, "/w/a", Duration::from_millis(300)).await;
        assert_eq!(checked, Err(Unchecked("something else answered 200".to_owned())));
        assert!(probe.locked().is_none());
    }
}
