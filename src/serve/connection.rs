//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Duration, sleep_until};

use super::{Caller, Limits, Serve};

/// The least that hyper takes for its buffer, which also holds pieces of bodies.
const BUFFER: usize = 8 * 1024;

const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

pub(super) async fn run(
    stream: TcpStream,
    caller: Arc<Caller>,
    service: impl Serve,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    // Answers are small: without this, the last piece of one waits for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let (caller, service) = (&*caller, &service);
    let answers = service_fn(|request: Request<Incoming>| {
        caller.has_sent_head();
        service.serve(request, caller).map(|answer| {
            caller.owes_a_request();
            Ok::<_, Infallible>(answer)
        })
    });
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(BUFFER))
        // Answers are of one piece.
        .writev(false)
        .serve_connection(TokioIo::new(stream), answers);
    tokio::select! {
        biased;
        _ = &mut connection => {}
        () = head_is_late(caller, limits.header_time) => {
            let parts = connection.into_parts();
            // An idle connection just ends; whoever has begun a request is told.
            if !parts.read_buf.is_empty() {
                let _ = parts.io.into_inner().try_write(TOO_SLOW);
            }
        }
        _ = stopped.changed() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// Resolves when the caller has owed a request head for this long. One timer for the whole connection, which is looked at
/// when it fires: hyper's own is made anew for every request.
async fn head_is_late(caller: &Caller, allowed: Duration) {
    loop {
        let since = caller.owes_head_since().unwrap_or_else(Instant::now);
        let deadline = since + allowed;
        if deadline <= Instant::now() {
            return;
        }
        sleep_until(deadline.into()).await;
    }
}
