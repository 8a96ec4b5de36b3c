//! The accept loop under every server of vsai: a cap on connections, a bound on request heads, a graceful stop.
//! It knows sockets and HTTP/1.1; what is served comes in as a service.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

/// What strangers may take up.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Connections at once; past it, the one that has waited longest without a complete request head is dropped.
    pub(crate) connections: usize,
    /// Time for a request head to arrive.
    pub(crate) header_time: Duration,
    /// Bytes of a request head, give or take one read; more is answered 431. hyper takes no less than 8 KiB.
    pub(crate) header_bytes: usize,
    /// Time that requests under way get after the stop.
    pub(crate) drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            header_time: Duration::from_secs(10),
            header_bytes: 32 * 1024,
            drain: Duration::from_secs(2),
        }
    }
}

/// The other end of a request's connection, found in the request's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stop` resolves, then lets requests under way end within `limits.drain`.
pub(crate) async fn serve<S, B>(listener: TcpListener, service: S, limits: Limits, stop: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let waiting = Arc::new(Waiting::default());
    let places = Arc::new(Semaphore::new(limits.connections));
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_about_one_connection(&error) => continue,
            // Out of descriptors or memory, which a connection that is closed frees: a moment later there may be some.
            Err(_) => {
                waiting.drop_oldest();
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            }
        };
        if places.available_permits() == 0 {
            waiting.drop_oldest();
        }
        let place = tokio::select! {
            () = &mut stop => break,
            place = places.clone().acquire_owned() => place.expect("nobody closes this semaphore"),
        };
        let dropped = Arc::new(Notify::new());
        let ticket = Mutex::new(waiting.enter(&dropped));
        let connection = Connection { peer, place, waiting: waiting.clone(), dropped, ticket };
        connections.spawn(connection.run(stream, service.clone(), limits.clone(), stopped.clone()));
    }
    drop(listener);
    drop(stopping);
    let drained = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(limits.drain, drained).await;
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted, InvalidInput, NotConnected,
    };
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted | InvalidInput | NotConnected
    )
}

/// Connections that have no complete request head, oldest first.
#[derive(Default)]
struct Waiting(Mutex<(u64, BTreeMap<u64, Arc<Notify>>)>);

impl Waiting {
    fn locked(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Arc<Notify>>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, drop: &Arc<Notify>) -> u64 {
        let mut waiting = self.locked();
        waiting.0 += 1;
        let ticket = waiting.0;
        waiting.1.insert(ticket, drop.clone());
        ticket
    }

    fn leave(&self, ticket: u64) {
        self.locked().1.remove(&ticket);
    }

    fn drop_oldest(&self) {
        if let Some((_, drop)) = self.locked().1.pop_first() {
            drop.notify_one();
        }
    }
}

struct Connection {
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    waiting: Arc<Waiting>,
    dropped: Arc<Notify>,
    ticket: Mutex<u64>,
}

impl Connection {
    async fn run<S, B>(self, stream: TcpStream, service: S, limits: Limits, mut stopped: watch::Receiver<()>)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + Sync + 'static,
        S::Future: Send,
        B: Body + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let Self { peer, place, waiting, dropped, ticket } = self;
        // Answers are small: without this, the last piece of one waits for the peer's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let request_service = service_fn(|mut request: Request<Incoming>| {
            waiting.leave(*ticket.lock().unwrap_or_else(PoisonError::into_inner));
            request.extensions_mut().insert(Peer(peer));
            let answer = service.call(request);
            async {
                let answer = answer.await;
                *ticket.lock().unwrap_or_else(PoisonError::into_inner) = waiting.enter(&dropped);
                answer
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_time)
            .max_buf_size(limits.header_bytes.max(8 * 1024))
            .serve_connection(TokioIo::new(stream), request_service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => {}
            () = dropped.notified() => {}
            _ = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
        waiting.leave(*ticket.lock().unwrap_or_else(PoisonError::into_inner));
        drop(place);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http_body_util::Full;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    async fn start(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (stop, stopped) = oneshot::channel::<()>();
        let service = service_fn(|_: Request<Incoming>| async { Ok(Response::new(Full::new(Bytes::from("hello")))) });
        let task = tokio::spawn(async move {
            serve(listener, service, limits, async {
                let _ = stopped.await;
            })
            .await;
        });
        (address, stop, task)
    }

    async fn exchange(stream: &mut TcpStream, text: &str) -> String {
        stream.write_all(text.as_bytes()).await.expect("written");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    #[tokio::test]
    async fn at_the_cap_the_oldest_silent_connection_makes_room() {
        let (address, _stop, _task) = start(Limits { connections: 2, ..Limits::default() }).await;
        let mut silent =
            [TcpStream::connect(address).await.expect("first"), TcpStream::connect(address).await.expect("second")];
        let mut third = TcpStream::connect(address).await.expect("third");
        assert!(exchange(&mut third, GET).await.ends_with("hello"));
        assert_eq!(exchange(&mut silent[0], "").await, "", "the oldest was closed");
        assert!(exchange(&mut silent[1], GET).await.ends_with("hello"), "the younger one was kept");
    }

    #[tokio::test]
    async fn a_head_past_the_limit_is_answered_431() {
        let (address, _stop, _task) = start(Limits { header_bytes: 8192, ..Limits::default() }).await;
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(10_000));
        assert!(exchange(&mut stream, &head).await.starts_with("HTTP/1.1 431"));
    }

    #[tokio::test]
    async fn a_slow_head_is_cut_off() {
        let limits = Limits { header_time: Duration::from_millis(50), ..Limits::default() };
        let (address, _stop, _task) = start(limits).await;
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let answer = exchange(&mut stream, "GET / HTTP/1.1\r\nHos").await;
        assert!(!answer.contains("hello"), "{answer}");
    }

    #[tokio::test]
    async fn a_stop_closes_idle_connections_and_ends() {
        let (address, stop, task) = start(Limits::default()).await;
        let mut idle = TcpStream::connect(address).await.expect("connected");
        idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("written");
        let mut answer = [0; 512];
        assert!(idle.read(&mut answer).await.expect("an answer") > 0);
        stop.send(()).expect("running");
        tokio::time::timeout(Duration::from_secs(5), task).await.expect("ended in time").expect("no panic");
        assert!(TcpStream::connect(address).await.is_err(), "nothing listens any more");
    }
}
