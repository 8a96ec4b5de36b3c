//! The accept loop under every server of vsai: a cap on connections, bounds on request heads, a graceful stop.
//! It knows sockets and HTTP/1.1; what is served comes in as a service.

mod caller;
mod connection;

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::{Body, Incoming};
use hyper::service::Service;
use hyper::{Request, Response};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, Id, JoinSet};

pub(crate) use caller::Caller;

/// Descriptors that are left for files, standard streams and connections of our own.
const OTHER_DESCRIPTORS: usize = 64;

/// What strangers may take up.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Connections at once; past it, the one that has owed a part of its request for longest is dropped.
    pub(crate) connections: usize,
    /// Time for a request head to arrive; after it, 408.
    pub(crate) header_time: Duration,
    /// Bytes of a request head; more is answered 431.
    pub(crate) header_bytes: usize,
    /// Time that requests under way get after the stop.
    pub(crate) drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            header_time: Duration::from_secs(10),
            header_bytes: 8 * 1024,
            drain: Duration::from_secs(2),
        }
    }
}

impl Limits {
    /// Asks the system for as many descriptors as the connections need, and does with fewer connections where it has to.
    pub(crate) fn within_descriptors(mut self) -> Self {
        let wanted = self.connections.saturating_add(OTHER_DESCRIPTORS);
        // Where there is no such limit there is nothing to raise.
        if let Ok(granted) = rlimit::increase_nofile_limit(wanted.try_into().unwrap_or(u64::MAX)) {
            let granted = usize::try_from(granted).unwrap_or(usize::MAX);
            let possible = granted.saturating_sub(OTHER_DESCRIPTORS).max(granted / 2).max(1);
            self.connections = self.connections.min(possible);
        }
        self
    }
}

/// What is served over every connection.
pub(crate) trait Serve: Clone + Send + Sync + 'static {
    /// The body of an answer.
    type Body: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static;

    /// Answers one request. Until [`Caller::has_sent`] is called its connection may be dropped to make room.
    fn serve(&self, request: Request<Incoming>, caller: &Caller) -> impl Future<Output = Response<Self::Body>> + Send;
}

impl<S, B> Serve for S
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send>,
    S: Clone + Send + Sync + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    type Body = B;

    fn serve(&self, request: Request<Incoming>, caller: &Caller) -> impl Future<Output = Response<B>> + Send {
        caller.has_sent();
        let answer = self.call(request);
        async {
            match answer.await {
                Ok(answer) => answer,
                Err(never) => match never {},
            }
        }
    }
}

/// Connections that wait to be accepted, where the system allows so many. A full queue costs an honest sender a second: its
/// system tries again only then.
const BACKLOG: u32 = 4096;

/// Listens there.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As tokio does it: elsewhere this would let two listeners have one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` resolves, then lets requests under way end within `limits.drain`.
pub(crate) async fn serve(listener: TcpListener, service: impl Serve, limits: Limits, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(());
    let mut connections = Connections::new(limits.connections);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(()) = connections.one_ends() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_about_one_connection(&error) => continue,
            // Out of descriptors or memory, which a connection that is closed frees: a moment later there may be some.
            Err(_) => {
                connections.drop_longest_waiting();
                tokio::time::sleep(MOMENT).await;
                continue;
            }
        };
        tokio::select! {
            () = &mut stop => break,
            () = connections.make_room() => {}
        }
        connections.start(stream, peer, &service, &limits, &stopped);
    }
    drop(listener);
    drop(stopping);
    let drained = async { while connections.one_ends().await.is_some() {} };
    let _ = tokio::time::timeout(limits.drain, drained).await;
}

/// How long to wait before looking again for a connection that can make room.
const MOMENT: Duration = Duration::from_millis(5);

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted, InvalidInput, NotConnected,
    };
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted | InvalidInput | NotConnected
    )
}

/// The open connections.
struct Connections {
    most: usize,
    tasks: JoinSet<()>,
    callers: HashMap<Id, (Arc<Caller>, AbortHandle)>,
    started: Instant,
}

impl Connections {
    fn new(most: usize) -> Self {
        Self { most, tasks: JoinSet::new(), callers: HashMap::new(), started: Instant::now() }
    }

    fn start(
        &mut self,
        stream: TcpStream,
        peer: SocketAddr,
        service: &impl Serve,
        limits: &Limits,
        stopped: &watch::Receiver<()>,
    ) {
        let caller = Arc::new(Caller::new(peer, self.started));
        let task = connection::run(stream, caller.clone(), service.clone(), limits.clone(), stopped.clone());
        let handle = self.tasks.spawn(task);
        self.callers.insert(handle.id(), (caller, handle));
    }

    /// Waits until a connection has ended; `None` when there is none.
    async fn one_ends(&mut self) -> Option<()> {
        let id = match self.tasks.join_next_with_id().await? {
            Ok((id, ())) => id,
            Err(error) => error.id(),
        };
        self.callers.remove(&id);
        Some(())
    }

    async fn make_room(&mut self) {
        while self.callers.len() >= self.most {
            if self.drop_longest_waiting() {
                // The others get to read what has come: else a crowd that waits to be accepted would drop them unread.
                tokio::task::yield_now().await;
            } else {
                // Every request is in our hands now: one of them is answered soon.
                let _ = tokio::time::timeout(MOMENT, self.one_ends()).await;
            }
        }
    }

    /// Drops the connection that has owed a part of its request for longest; false where none does.
    fn drop_longest_waiting(&mut self) -> bool {
        let waiting = self.callers.iter().filter_map(|(id, (caller, _))| Some((caller.owes_since()?, *id)));
        let Some((_, id)) = waiting.min() else { return false };
        if let Some((_, task)) = self.callers.remove(&id) {
            task.abort();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http_body_util::Full;
    use hyper::service::service_fn;
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
        let (address, _stop, _task) = start(Limits { header_bytes: 1000, ..Limits::default() }).await;
        let around = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: \r\n\r\n".len();
        for (length, status) in [(1000, "200"), (1001, "431"), (100_000, "431")] {
            let mut stream = TcpStream::connect(address).await.expect("connected");
            let long = "a".repeat(length - around);
            let head = format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: {long}\r\n\r\n");
            let answer = exchange(&mut stream, &head).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{length}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_slow_head_is_answered_408_and_an_idle_connection_just_ends() {
        let limits = Limits { header_time: Duration::from_millis(50), ..Limits::default() };
        let (address, _stop, _task) = start(limits).await;
        let mut slow = TcpStream::connect(address).await.expect("connected");
        let answer = exchange(&mut slow, "GET / HTTP/1.1\r\nHos").await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        let mut idle = TcpStream::connect(address).await.expect("connected");
        let answer = exchange(&mut idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(answer.ends_with("hello"), "{answer}");
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
