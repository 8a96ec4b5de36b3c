//! When a delivery counts as accepted, and how often it is tried.

use std::future::Future;
use std::time::Duration;

use super::{Attempt, Message, Sender, Target};

/// How often a delivery is tried. Exactly 200 ends it, as the vendor documents it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RetryPolicy {
    /// The pause before each further try; one try more than pauses.
    pub(crate) pauses: Vec<Duration>,
}

impl RetryPolicy {
    /// As the vendor does it: up to three more tries until exactly 200 (documented). Its pauses are not known; here the
    /// first is given and doubles.
    pub(crate) fn vendor(pause: Duration) -> Self {
        let pauses = [1, 2, 4].map(|times| pause.saturating_mul(times)).to_vec();
        Self { pauses }
    }
}

/// Sends until an answer is accepted or the tries are used up, reports each attempt, and returns the last one.
pub(crate) async fn deliver<F, R>(
    sender: &Sender,
    target: &Target,
    message: &Message,
    policy: &RetryPolicy,
    mut report: F,
) -> Attempt
where
    F: FnMut(Attempt) -> R,
    R: Future<Output = ()>,
{
    let mut pauses = policy.pauses.iter();
    let mut number = 1;
    loop {
        let attempt = Attempt { number, ..sender.post(target, message).await };
        report(attempt.clone()).await;
        match pauses.next() {
            Some(pause) if !is_accepted(&attempt) => tokio::time::sleep(*pause).await,
            _ => return attempt,
        }
        number += 1;
    }
}

fn is_accepted(attempt: &Attempt) -> bool {
    attempt.outcome.as_ref().is_ok_and(|answer| answer.status == 200)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::delivery::sender::AttemptError;
    use crate::protocol::{Secret, SigningKey};

    /// A receiver that answers with these heads in turn, one connection each, and returns what it was sent.
    async fn receiver(answers: &'static [&'static str]) -> (Target, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let task = tokio::spawn(async move {
            let mut requests = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    assert!(
                        stream.read_buf(&mut request).await.expect("readable") > 0,
                        "the request ends with its body"
                    );
                }
                stream.write_all(answer.as_bytes()).await.expect("written");
                requests.push(String::from_utf8(request).expect("text"));
            }
            requests
        });
        (Target::parse(&format!("localhost:{port}/hook?order=7")).expect("a target"), task)
    }

    fn policy(pauses: usize) -> RetryPolicy {
        RetryPolicy { pauses: vec![Duration::ZERO; pauses] }
    }

    fn sender() -> Sender {
        Sender::new(Duration::from_secs(5)).expect("a client")
    }

    async fn statuses(target: &Target, policy: &RetryPolicy, message: &Message) -> Vec<(u32, String)> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let report = |attempt: Attempt| {
            let outcome = match attempt.outcome {
                Ok(answer) => answer.status.as_u16().to_string(),
                Err(error) => error.to_string(),
            };
            seen.lock().expect("not poisoned").push((attempt.number, outcome));
            std::future::ready(())
        };
        let last = deliver(&sender(), target, message, policy, report).await;
        let seen = seen.lock().expect("not poisoned").clone();
        assert_eq!(seen.last().map(|(number, _)| *number), Some(last.number));
        seen
    }

    #[tokio::test]
    async fn tries_until_exactly_200_and_sends_the_same_bytes_each_time() {
        let (target, task) = receiver(&[
            "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ])
        .await;
        let body = r#"{"n": 1}"#;
        let signature = SigningKey::new(&Secret::new("s").expect("not empty")).sign(body.as_bytes());
        let seen = statuses(&target, &policy(3), &Message::json(body).signed(signature)).await;
        assert_eq!(seen, [(1, "500"), (2, "204"), (3, "302"), (4, "200")].map(|(n, s)| (n, s.to_owned())));
        for request in task.await.expect("no panic") {
            assert!(request.starts_with("POST /hook?order=7 HTTP/1.1\r\n"), "{request}");
            assert!(request.contains("content-type: application/json\r\n"), "{request}");
            assert!(request.contains(&format!("x-vsai-signature: {signature}\r\n")), "{request}");
            assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
        }
    }

    #[tokio::test]
    async fn sends_headers_as_they_are_set_and_keeps_those_of_the_answer() {
        let (target, task) = receiver(&["HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Order: 7\r\n\r\nok"]).await;
        let message = Message::json("{}")
            .header(CONTENT_TYPE, HeaderValue::from_static("text/plain"))
            .header(HeaderName::from_static("x-more"), HeaderValue::from_static("a"));
        let attempt = sender().post(&target, &message).await;
        assert_eq!(attempt.outcome.expect("an answer").headers["x-order"], "7");
        let request = task.await.expect("no panic").remove(0);
        assert!(request.contains("content-type: text/plain\r\n") && request.contains("x-more: a\r\n"), "{request}");
    }

    #[tokio::test]
    async fn a_bare_message_has_no_content_type_and_a_slow_one_tells_its_length() {
        let (target, task) = receiver(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]).await;
        let message = Message::new(r#"{"n": 1}"#).slowly(Duration::from_millis(7));
        let attempt = sender().post(&target, &message).await;
        assert!(attempt.outcome.is_ok() && attempt.duration >= Duration::from_millis(7), "{attempt:?}");
        let request = task.await.expect("no panic").remove(0);
        assert!(!request.contains("content-type") && request.contains("content-length: 8\r\n"), "{request}");
    }

    #[tokio::test]
    async fn gives_up_after_the_last_pause() {
        let (target, _task) = receiver(&["HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"; 2]).await;
        let seen = statuses(&target, &policy(1), &Message::json("{}")).await;
        assert_eq!(seen, [(1, "503".to_owned()), (2, "503".to_owned())]);
    }

    #[tokio::test]
    async fn a_port_that_nobody_listens_on_is_no_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let target = Target::parse(&listener.local_addr().expect("bound").to_string()).expect("a target");
        drop(listener);
        let seen = statuses(&target, &policy(0), &Message::json("{}")).await;
        assert!(seen[0].1.starts_with("no connection: Connection refused"), "{seen:?}");
    }

    #[tokio::test]
    async fn a_connection_that_closes_without_an_answer_is_broken() {
        let (target, _task) = receiver(&[""]).await;
        let seen = statuses(&target, &policy(0), &Message::json("{}")).await;
        assert!(seen[0].1.starts_with("the connection broke"), "{seen:?}");
    }

    #[tokio::test]
    async fn a_target_without_tls_is_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            assert!(stream.read(&mut [0; 1024]).await.expect("readable") > 0);
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("written");
        });
        let target = Target::parse(&format!("https://{address}/")).expect("a target");
        assert_eq!(
            sender().post(&target, &Message::json("{}")).await.outcome.expect_err("no TLS"),
            AttemptError::NoTls
        );
    }

    #[tokio::test]
    async fn a_silent_target_is_given_up_in_time() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let target = Target::parse(&listener.local_addr().expect("bound").to_string()).expect("a target");
        let sender = Sender::new(Duration::from_millis(50)).expect("a client");
        let attempt = sender.post(&target, &Message::json("{}")).await;
        assert_eq!(attempt.outcome.expect_err("silent"), AttemptError::Timeout(Duration::from_millis(50)));
    }

    #[tokio::test]
    async fn keeps_only_the_first_bytes_of_a_long_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let target = Target::parse(&listener.local_addr().expect("bound").to_string()).expect("a target");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).await.expect("readable") > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("written");
            // Endless: only a reader that stops can end this.
            while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
        });
        let attempt = sender().post(&target, &Message::json("{}")).await;
        assert_eq!(attempt.outcome.expect("an answer").body.len(), 16 * 1024);
    }
}
