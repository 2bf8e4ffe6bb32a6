//! How the API is served: connections, and what a client may take of them.
//!
//! Who plays: the accept loop, [`admission`], which counts connections, and one task per connection, in
//! which hyper speaks HTTP/1 and [`watch`] looks at the clock.
//!
//! What is guaranteed: nobody holds a connection by saying nothing, by saying it byte by byte, or by not
//! reading the answer; a request's line and headers, and any body, have a size; one address cannot take
//! all connections. Who is over a limit is answered 503 or cut off, and the others are served.
//!
//! What it never does: encrypt (that is a proxy's work), compress or decompress, or speak HTTP/2.
//!
//! Stopping: no new connections, idle ones are closed, and each of the others ends with the answer to its
//! request.

mod admission;
mod watch;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, header};
use docextract_model::limits;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustix::process::{Resource, getrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch::Receiver;
use tower_service::Service as _;

use self::admission::{Admission, Place};
use self::watch::Watch;

/// What is said to who is over a limit before its request is read.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\n\
connection: close\r\n\r\n";
/// How long accepting pauses when the process can open no more files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What clients may take of the server. Each figure is an operator's to change.
#[derive(Debug, Clone)]
pub struct HttpLimits {
    pub connections_max: usize,
    pub connections_per_address_max: usize,
    pub requests_max: usize,
    pub head_ms_max: u64,
    pub idle_ms_max: u64,
    pub stall_ms_max: u64,
    pub bytes_per_second_min: u64,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections_max: limits::CONNECTIONS_MAX,
            connections_per_address_max: limits::CONNECTIONS_PER_ADDRESS_MAX,
            requests_max: limits::REQUESTS_MAX,
            head_ms_max: limits::REQUEST_HEAD_MS_MAX,
            idle_ms_max: limits::CONNECTION_IDLE_MS_MAX,
            stall_ms_max: limits::TRANSFER_STALL_MS_MAX,
            bytes_per_second_min: limits::TRANSFER_BYTES_PER_SECOND_MIN,
        }
    }
}

impl HttpLimits {
    /// With no more connections than the process may open files for: database, documents and webhooks
    /// need some, too.
    #[must_use]
    pub(crate) fn within_open_files(mut self) -> Self {
        let Some(files) = getrlimit(Resource::Nofile).current else { return self };
        let connections_max = usize::try_from(files / 4 * 3).unwrap_or(usize::MAX);
        if self.connections_max > connections_max {
            tracing::warn!(
                "limits.connections is {} and lowered to {connections_max}: this process may open {files} files \
                 (ulimit -n)",
                self.connections_max
            );
            self.connections_max = connections_max;
        }
        self
    }
}

/// A request came in on a connection beyond the limit, on which only health is told.
#[derive(Clone, Copy)]
pub(crate) struct OnlyHealth;

/// Accepts connections until it is told to stop, and returns when the last of them has ended.
/// `body_bytes_max` is the outer wall: every route has its own limit within.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: HttpLimits,
    body_bytes_max: u64,
    mut stopping: Receiver<bool>,
) {
    let admission = Arc::new(Admission::new(limits.connections_max, limits.connections_per_address_max));
    let limits = Arc::new(limits);
    // Each connection holds a receiver: the sender sees when the last one is gone.
    let (connections, connection) = tokio::sync::watch::channel(());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // A sender that is gone means the same as one that says so.
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                after_failed_accept(&error).await;
                continue;
            }
        };
        let Some(place) = admission.admit(peer.ip()) else {
            refuse(&stream);
            continue;
        };
        let served = Connection {
            router: router.clone(),
            peer,
            place,
            watch: Arc::new(Watch::new(Arc::clone(&limits), body_bytes_max)),
        };
        let (stopping, connection) = (stopping.clone(), connection.clone());
        tokio::spawn(async move {
            served.run(stream, stopping).await;
            drop(connection);
        });
    }
    drop((listener, connection));
    connections.closed().await;
}

async fn after_failed_accept(error: &io::Error) {
    let is_the_clients = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !is_the_clients {
        tracing::error!(%error, "a connection could not be accepted");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}

/// What the socket does not take at once is not worth waiting for.
fn refuse(stream: &TcpStream) {
    if let Err(error) = stream.try_write(REFUSAL) {
        tracing::debug!(%error, "a connection over the limit was not told so");
    }
}

struct Connection {
    router: Router,
    peer: SocketAddr,
    place: Place,
    watch: Arc<Watch>,
}

impl Connection {
    async fn run(self, stream: TcpStream, mut stopping: Receiver<bool>) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection sends small packets late");
        }
        // Who says nothing gets no buffers.
        tokio::select! {
            _ = stream.readable() => {}
            _ = self.watch.expired() => return,
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        let io = TokioIo::new(self.watch.stream(stream));
        let service = service_fn(|request| self.answer(request));
        let mut builder = Builder::new();
        builder
            .header_read_timeout(None)
            .max_buf_size(limits::CONNECTION_BUFFER_BYTES_MAX)
            .max_header_size(limits::REQUEST_HEAD_BYTES_MAX);
        let mut http = pin!(builder.serve_connection(io, service));
        let mut is_stopping = false;
        loop {
            tokio::select! {
                ended = http.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    return;
                }
                why = self.watch.expired() => {
                    tracing::debug!("a connection was cut off: {why}");
                    return;
                }
                _ = stopping.wait_for(|stopping| *stopping), if !is_stopping => {
                    is_stopping = true;
                    http.as_mut().graceful_shutdown();
                }
            }
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<axum::http::Response<watch::Answer>, Infallible> {
        self.watch.begin_request();
        let mut request = request.map(|body| Body::new(self.watch.body(body)));
        request.extensions_mut().insert(ConnectInfo(self.peer));
        if self.place.is_only_for_health() {
            request.extensions_mut().insert(OnlyHealth);
        }
        let mut response = self.router.clone().call(request).await?;
        if self.place.is_only_for_health() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response.map(|body| self.watch.answer(body)))
    }
}
