//! Reads the body of a delivery: a small one for nothing, a large one out of the budget for bodies in flight.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout, timeout_at};

use super::budget::{Budget, Share};
use super::refusal::Refusal;

/// A body of at most so many bytes is taken whatever others take: the vendor's have a few hundred.
const SMALL: usize = 8 * 1024;
/// Bytes of a refused body that are read and thrown away, so that its sender gets to see the answer.
const DISCARDED: u64 = 16 * 1024 * 1024;

/// Others get their turn after so much work. A piece costs something whatever its size.
const TURN: usize = 16 * 1024;
const PIECE: usize = 256;

/// A body that is here as a whole.
#[derive(Debug)]
pub(super) struct Whole {
    bytes: Bytes,
    /// What a large one takes of the budget, for as long as it is there.
    _share: Option<Share>,
}

impl Whole {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads at most `most` bytes within `time`.
pub(super) async fn read(
    body: &mut Incoming,
    most: usize,
    time: Duration,
    budget: &Arc<Budget>,
) -> Result<Whole, Refusal> {
    let deadline = Instant::now() + time;
    let first = timeout_at(deadline, piece(body)).await.map_err(|_| Refusal::too_slow())??;
    let Some(first) = first else { return Err(Refusal::empty()) };
    if body.is_end_stream() && first.len() <= most.min(SMALL) {
        return Ok(Whole { bytes: first, _share: None });
    }
    Box::pin(timeout_at(deadline, gather(first, body, most, budget))).await.unwrap_or_else(|_| Err(Refusal::too_slow()))
}

async fn gather(first: Bytes, body: &mut Incoming, most: usize, budget: &Arc<Budget>) -> Result<Whole, Refusal> {
    // One text instead of many pieces: a stranger's pieces may be of one byte each.
    let mut bytes = Vec::new();
    let (mut share, mut turn) = (None, Turn::default());
    let mut next = Some(first);
    while let Some(piece) = next {
        let length = bytes.len() + piece.len();
        if length > most {
            return Err(Refusal::too_large(most));
        }
        if share.is_none() && length > SMALL {
            let whole = body.size_hint().exact().and_then(|rest| usize::try_from(rest).ok());
            let whole = whole.map_or(most, |rest| length.saturating_add(rest).min(most));
            let granted = budget.share(whole).await;
            share = Some(granted.ok_or_else(|| Refusal::busy("too many large bodies are in flight"))?);
        }
        bytes.extend_from_slice(&piece);
        turn.took(piece.len()).await;
        drop(piece);
        next = next_piece(body, share.as_ref()).await?;
    }
    if bytes.is_empty() {
        return Err(Refusal::empty());
    }
    if let Some(share) = &share {
        share.arrived();
    }
    Ok(Whole { bytes: bytes.into(), _share: share })
}

async fn next_piece(body: &mut Incoming, share: Option<&Share>) -> Result<Option<Bytes>, Refusal> {
    let Some(share) = share else { return piece(body).await };
    tokio::select! {
        biased;
        piece = piece(body) => piece,
        () = share.withdrawn() => Err(Refusal::busy("others wait, and this body has taken long")),
    }
}

/// The next bytes; `None` at the end. Trailers are passed over.
async fn piece(body: &mut Incoming) -> Result<Option<Bytes>, Refusal> {
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "the body was cut off or badly chunked"))?;
        if let Ok(bytes) = frame.into_data() {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// Reads what the sender is still writing: closing at once would reset the connection under the answer.
pub(super) async fn discard(mut body: Incoming, time: Duration) {
    let mut left = DISCARDED;
    if body.size_hint().lower() > left {
        return;
    }
    let drained = async {
        let mut turn = Turn::default();
        while let Ok(Some(piece)) = piece(&mut body).await {
            let Some(rest) = left.checked_sub(piece.len() as u64) else { break };
            left = rest;
            turn.took(piece.len()).await;
        }
    };
    let _ = timeout(time, drained).await;
}

/// What reading has cost since others last had their turn.
#[derive(Default)]
struct Turn(usize);

impl Turn {
    async fn took(&mut self, bytes: usize) {
        self.0 += bytes + PIECE;
        if self.0 >= TURN {
            self.0 = 0;
            tokio::task::yield_now().await;
        }
    }
}
