//! The body of a request, which tells how much of it has gone.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// What goes at once, in bytes.
const PIECE: usize = 64 << 10;

/// Told of each piece that goes out: its bytes.
pub(crate) type OnSent = Arc<dyn Fn(u64) + Send + Sync>;

/// JSON to be sent; cheap to clone.
#[derive(Clone)]
pub(crate) struct Upload {
    bytes: Bytes,
    on_sent: Option<OnSent>,
}

impl Upload {
    /// Tells of each piece that goes out.
    pub(crate) fn told(bytes: Bytes, on_sent: OnSent) -> Self {
        Self { bytes, on_sent: Some(on_sent) }
    }
}

impl<T: Into<Bytes>> From<T> for Upload {
    fn from(bytes: T) -> Self {
        Self { bytes: bytes.into(), on_sent: None }
    }
}

impl From<Upload> for reqwest::Body {
    fn from(upload: Upload) -> Self {
        match &upload.on_sent {
            Some(_) => Self::wrap(upload),
            None => upload.bytes.into(),
        }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Upload").field(&self.bytes.len()).finish()
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.bytes.len().min(PIECE);
        let piece = self.bytes.split_to(length);
        if let Some(on_sent) = &self.on_sent {
            on_sent(length as u64);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}
