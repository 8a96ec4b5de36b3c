//! A body that goes out bit by bit, as over a bad line.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Interval, interval};

/// Pieces that a body is cut into.
const PIECES: usize = 8;

/// The pieces, the first at once and the last when the time is over. Their length is declared from the beginning.
#[derive(Debug)]
pub(super) struct Trickle {
    left: Bytes,
    piece: usize,
    ticks: Interval,
}

impl Trickle {
    pub(super) fn new(body: Bytes, over: Duration) -> Self {
        let pause = (over / (PIECES as u32 - 1)).max(Duration::from_nanos(1));
        Self { piece: body.len().div_ceil(PIECES), left: body, ticks: interval(pause) }
    }
}

impl Body for Trickle {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.ticks.poll_tick(context));
        let length = self.piece.min(self.left.len());
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn the_last_piece_goes_out_when_the_time_is_over() {
        for text in ["sixteen letters.", "x", "exactly8"] {
            let started = Instant::now();
            let mut body = Trickle::new(Bytes::from(text), Duration::from_millis(7));
            let mut pieces = Vec::new();
            while let Some(frame) = body.frame().await {
                pieces.push(frame.expect("infallible").into_data().expect("data"));
            }
            assert_eq!(pieces.concat(), text.as_bytes());
            assert!(started.elapsed().as_millis() >= pieces.len() as u128 - 1, "{text}");
            assert_eq!(pieces.len(), text.len().min(PIECES), "{text}");
        }
    }
}
