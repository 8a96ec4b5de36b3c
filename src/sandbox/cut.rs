//! Answers that never come to their end: the connection is closed instead.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

/// Closes the connection without an answer.
pub(super) fn at_once() -> Response {
    let mut response = Response::new(Body::new(Breaking { left: Bytes::new(), length: 1, is_out: true }));
    response.extensions_mut().insert(Cut);
    response
}

/// Closes the connection when half of the answer's body is out.
pub(super) async fn in_the_middle(answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = whole.len().max(1) as u64;
    let body = Breaking { left: whole.slice(..whole.len() / 2), length, is_out: false };
    let mut response = Response::from_parts(head, Body::new(body));
    response.extensions_mut().insert(Cut);
    response
}

/// Rides on a response that nobody will read as a whole.
#[derive(Debug, Clone)]
pub(super) struct Cut;

/// A body that breaks off. Before anything of it is sent, hyper has not sent the head either.
struct Breaking {
    left: Bytes,
    length: u64,
    /// What there is has been handed over and sent.
    is_out: bool,
}

impl HttpBody for Breaking {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.left.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.left)))));
        }
        if !std::mem::replace(&mut self.is_out, true) {
            // Who has to wait sends what it has meanwhile.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("cut on purpose"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
