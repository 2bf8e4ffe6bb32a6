//! The one HTTP client that may call an address that a customer gave.
//!
//! Who plays: [`Outbound`] posts one request and tells all that happened to it ([`Exchange`]);
//! [`connect`] makes connections, to judged addresses only; [`resolve`] knows a name's addresses;
//! [`guard`] judges them; [`identity`] keeps client certificates' connections apart; [`progress`] remembers how far an attempt came; [`failure`] names what went wrong; [`fetch`] gets documents by their address.
//!
//! What is guaranteed: every address that a name resolves to is judged, one that is not allowed
//! refuses them all, and the connection goes to a judged address itself, so nothing can be rebound
//! in between. One deadline covers DNS, connection, TLS, request, headers and body. At most
//! `limits::RESPONSE_BYTES_MAX` of a body are read. Connections are kept alive and reused, HTTP/2
//! where the endpoint offers it.
//!
//! On failure the exchange carries a typed error and whatever was known by then. A request is sent
//! again by itself only when a reused connection turned out to be closed before it was written.
//!
//! What it never does: follow a webhook's redirect, look at a proxy variable (an operator's proxy is configured,
//! [`proxy`]), keep a cookie, decompress, or
//! accept a certificate that the system's roots do not vouch for.

mod connect;
mod dial;
mod failure;
mod fetch;
mod guard;
mod identity;
mod progress;
mod proxy;
mod resolve;
mod tls;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use docextract_model::address::{AddressPolicy, AddressRefused, WebhookUrl};
use docextract_model::delivery::AttemptError;
use docextract_model::limits;
use docextract_model::webhook::ClientCertificate;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::{HeaderMap, Method, Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::rt::TokioTimer;
use tokio::time::{Instant, timeout};
use tokio_rustls::rustls::RootCertStore;

pub(crate) use fetch::{FetchError, FetchLimits};
pub use identity::{CertificateProblem, check_client_certificate};
pub use proxy::EgressProxy;

use connect::{ConnectionInfo, Connector};
use identity::Identities;
use progress::{PROGRESS, Progress};

use crate::{Config, EngineError, Parts, Spawner};

/// Node closes idle connections after 5 s; leaving them earlier avoids a race whose loser is an attempt.
const IDLE_MS_MAX: u64 = 4_000;
/// Idle connections that are kept to one endpoint.
const IDLE_PER_HOST_MAX: usize = limits::LANE_IN_FLIGHT_MAX;
/// An HTTP/2 connection that does not answer a ping for this long is dropped, not reused.
const HTTP2_PING_MS: u64 = 5_000;
/// URLs that are known to be right.
const DESTINATIONS_MAX: usize = 4_096;
/// Bytes of one answer's header block.
const RESPONSE_HEADER_BYTES_MAX: usize = 64 * 1024;

/// The client. Cheap to share; one is enough for a process.
pub(crate) struct Outbound {
    connector: Connector,
    spawner: Arc<dyn Spawner>,
    roots: Arc<RootCertStore>,
    identities: Identities,
    client: Client<Connector, Full<Bytes>>,
    attempt_ms_max: u64,
    addresses: AddressPolicy,
    destinations: Mutex<HashMap<String, Uri>>,
}

/// All that happened to one request. Durations are milliseconds; a phase that did not happen is none.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) status_code: Option<u16>,
    pub(crate) response_time_ms: u64,
    pub(crate) dns_ms: Option<u64>,
    pub(crate) connect_ms: Option<u64>,
    pub(crate) tls_ms: Option<u64>,
    pub(crate) first_byte_ms: Option<u64>,
    pub(crate) remote_ip: Option<String>,
    pub(crate) response_headers: HeaderMap,
    /// The first `limits::RESPONSE_BYTES_LOGGED` of the body.
    pub(crate) response_body: Option<Vec<u8>>,
    /// None: a 2xx whose body was complete in time.
    pub(crate) error: Option<AttemptError>,
}

impl Outbound {
    pub(crate) fn new(parts: &Parts, config: &Config) -> Result<Self, EngineError> {
        let roots = tls::roots(&config.extra_roots)?;
        let tls = tls::config(&roots, None).map_err(EngineError::Tls)?;
        let connector = Connector::new(parts, config, tls);
        Ok(Self {
            client: client(connector.clone(), Arc::clone(&parts.spawner)),
            connector,
            spawner: Arc::clone(&parts.spawner),
            roots,
            identities: Identities::default(),
            attempt_ms_max: config.attempt_ms_max,
            addresses: config.addresses.clone(),
            destinations: Mutex::default(),
        })
    }

    /// Whether the URL leads to addresses that may be called, as far as its name resolves now.
    pub(crate) async fn judge(&self, url: &WebhookUrl) -> Result<(), AddressRefused> {
        self.connector.judge(url).await
    }

    /// Where requests to a webhook's URL go, or why it may not be called. Most go where others went before, so
    /// what was found right is known for a while; addresses are judged at every connection all the same.
    pub(crate) fn destination(&self, url: &str) -> Result<Uri, AttemptError> {
        if let Some(known) = self.destinations().get(url) {
            return Ok(known.clone());
        }
        let not_allowed = |refused| failure::address(format!("this URL may not be called: {refused}"));
        let destination = destination_of(&WebhookUrl::parse(url, &self.addresses).map_err(not_allowed)?)?;
        let mut destinations = self.destinations();
        if destinations.len() >= DESTINATIONS_MAX {
            destinations.clear();
        }
        destinations.insert(url.to_owned(), destination.clone());
        Ok(destination)
    }

    fn destinations(&self) -> MutexGuard<'_, HashMap<String, Uri>> {
        self.destinations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Posts `body` to `url`, proving `identity` if the endpoint asks. `headers` are sent as they are,
    /// beside `host` and `content-length`.
    pub(crate) async fn post(
        &self,
        url: Uri,
        identity: Option<&ClientCertificate>,
        headers: HeaderMap,
        body: Bytes,
    ) -> Exchange {
        let started = Instant::now();
        let progress = Arc::new(Progress::default());
        let mut exchange = Exchange::default();
        let limit = Duration::from_millis(self.attempt_ms_max);
        let conversation = self.converse((url, identity), headers, body, started, &progress, &mut exchange);
        let outcome = timeout(limit, PROGRESS.scope(Arc::clone(&progress), conversation)).await;
        exchange.response_time_ms = elapsed_ms(started);
        let trouble = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(_elapsed) => Some(progress.deadline_passed(self.attempt_ms_max)),
        };
        // A status that refuses says more than how the rest of its answer went.
        exchange.error = exchange.status_code.and_then(failure::of_status).or(trouble);
        exchange
    }

    async fn converse(
        &self,
        (url, identity): (Uri, Option<&ClientCertificate>),
        headers: HeaderMap,
        body: Bytes,
        started: Instant,
        progress: &Progress,
        exchange: &mut Exchange,
    ) -> Result<(), AttemptError> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url;
        *request.headers_mut() = headers;
        let connection = capture_connection(&mut request);
        progress.watch(connection.clone());
        let answered = match identity {
            None => self.client.request(request).await,
            Some(identity) => self.client_proving(identity)?.request(request).await,
        };
        describe_connection(exchange, &connection, progress);
        let response = answered.map_err(|error| failure::of_request(&error))?;
        exchange.first_byte_ms = Some(elapsed_ms(started));
        exchange.status_code = Some(response.status().as_u16());
        read_answer(response, exchange).await
    }
}

impl Outbound {
    fn client_proving(
        &self,
        identity: &ClientCertificate,
    ) -> Result<Arc<Client<Connector, Full<Bytes>>>, AttemptError> {
        let made = self.identities.client(identity, || {
            let tls = tls::config(&self.roots, Some(identity))?;
            Ok(client(self.connector.proving(tls), Arc::clone(&self.spawner)))
        });
        made.map_err(|problem| failure::identity(&problem))
    }
}

/// A URL as HTTP names it.
pub(crate) fn destination_of(url: &WebhookUrl) -> Result<Uri, AttemptError> {
    let destination = url.as_str().parse();
    destination.map_err(|error| failure::address(format!("this URL cannot be called: {error}")))
}

fn client(connector: Connector, spawner: Arc<dyn Spawner>) -> Client<Connector, Full<Bytes>> {
    Client::builder(Connections(spawner))
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_millis(IDLE_MS_MAX))
        .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
        .http1_max_buf_size(RESPONSE_HEADER_BYTES_MAX)
        .http2_keep_alive_interval(Duration::from_millis(HTTP2_PING_MS))
        .http2_keep_alive_timeout(Duration::from_millis(HTTP2_PING_MS))
        .http2_max_header_list_size(u32::try_from(RESPONSE_HEADER_BYTES_MAX).unwrap_or(u32::MAX))
        .build(connector)
}

/// Runs the client's own tasks, one or two per connection.
#[derive(Clone)]
struct Connections(Arc<dyn Spawner>);

impl Executor<BoxFuture<'static, ()>> for Connections {
    fn execute(&self, task: BoxFuture<'static, ()>) {
        self.0.spawn(task);
    }
}

/// Notes where the request went, and the phases of its connection when it was made for it.
fn describe_connection(exchange: &mut Exchange, connection: &CaptureConnection, progress: &Progress) {
    let used = ConnectionInfo::of(connection);
    let made = progress.phases();
    let is_reused = used.is_some_and(|used| made.connection_id != Some(used.id));
    if !is_reused {
        (exchange.dns_ms, exchange.connect_ms, exchange.tls_ms) = (made.dns_ms, made.connect_ms, made.tls_ms);
    }
    exchange.remote_ip = used.map(|used| used.remote_ip).or(made.remote_ip).map(|ip| ip.to_string());
}

async fn read_answer(response: Response<Incoming>, exchange: &mut Exchange) -> Result<(), AttemptError> {
    let (parts, mut body) = response.into_parts();
    exchange.response_headers = parts.headers;
    let logged = exchange.response_body.insert(Vec::new());
    let mut read_bytes = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| failure::of_body(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        let room = limits::RESPONSE_BYTES_LOGGED - logged.len();
        logged.extend_from_slice(&data[..data.len().min(room)]);
        read_bytes += data.len();
        if read_bytes > limits::RESPONSE_BYTES_MAX {
            // Dropping the body closes its connection: the rest is never read.
            return Err(failure::too_large());
        }
    }
    Ok(())
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
