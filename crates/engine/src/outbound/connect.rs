//! Connections to judged addresses.
//!
//! A name is resolved, every answer is judged, and the connection goes to one of those answers
//! ([`super::dial`]). A connection that the pool finishes in
//! the background, because its request took an idle one, has the same limit as an attempt.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use docextract_model::address::{AddressRefused, WebhookUrl};
use docextract_model::delivery::AttemptErrorCode;
use hyper::Uri;
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::dial::Way;
use super::elapsed_ms;
use super::failure::{self, ConnectFailure};
use super::guard::{Guard, Refusal};
use super::progress::{PROGRESS, Progress, Stage};
use super::proxy::Tunnel;
use super::resolve::Resolver;
use crate::network::Stream;
use crate::{Config, Parts};

/// Which connection a request went out on.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConnectionInfo {
    pub(super) id: u64,
    pub(super) remote_ip: IpAddr,
}

impl ConnectionInfo {
    /// The connection that a request got, once it has one.
    pub(super) fn of(captured: &CaptureConnection) -> Option<Self> {
        let mut extensions = hyper::http::Extensions::new();
        captured.connection_metadata().as_ref()?.get_extras(&mut extensions);
        extensions.get().copied()
    }
}

struct Shared {
    way: Way,
    resolver: Resolver,
    guard: Guard,
    connect_ms_max: u64,
    next_id: AtomicU64,
}

/// Makes the pool's connections.
#[derive(Clone)]
pub(super) struct Connector {
    shared: Arc<Shared>,
    tls: TlsConnector,
}

impl Connector {
    pub(super) fn new(parts: &Parts, config: &Config, tls: Arc<ClientConfig>) -> Self {
        let network = || Arc::clone(&parts.network);
        let ambient = || Arc::clone(&parts.ambient);
        let resolver = Resolver::new(network(), ambient(), Arc::clone(&parts.spawner));
        let way = match config.egress_proxy.clone() {
            None => Way::Direct(network()),
            Some(proxy) => Way::Through(Tunnel { network: network(), resolver: resolver.clone(), proxy }),
        };
        let shared = Arc::new(Shared {
            way,
            resolver,
            guard: Guard::new(network(), ambient(), config.addresses.clone()),
            connect_ms_max: config.attempt_ms_max,
            next_id: AtomicU64::new(1),
        });
        Self { shared, tls: TlsConnector::from(tls) }
    }

    /// The same ways and judgements, with another identity.
    pub(super) fn proving(&self, tls: Arc<ClientConfig>) -> Self {
        Self { shared: Arc::clone(&self.shared), tls: TlsConnector::from(tls) }
    }
}

impl Connector {
    /// See [`super::Outbound::judge`].
    pub(super) async fn judge(&self, url: &WebhookUrl) -> Result<(), AddressRefused> {
        self.shared.judge_host(url.url().host_str().unwrap_or_default().trim_matches(['[', ']'])).await
    }
}

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<Wire>;
    type Error = ConnectFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectFailure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectFailure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let progress = PROGRESS.try_with(Arc::clone).unwrap_or_default();
        let (shared, tls) = (Arc::clone(&self.shared), self.tls.clone());
        Box::pin(async move {
            let limit_ms = shared.connect_ms_max;
            match timeout(Duration::from_millis(limit_ms), shared.connect(&uri, &tls, &progress)).await {
                Ok(connected) => connected.map(TokioIo::new),
                // In the background of another connection this is nobody's error.
                Err(_elapsed) => Err(ConnectFailure(progress.deadline_passed(limit_ms))),
            }
        })
    }
}

impl Shared {
    async fn connect(
        &self,
        uri: &Uri,
        tls: &TlsConnector,
        progress: &Progress,
    ) -> Result<Wire, ConnectFailure> {
        let is_tls = uri.scheme_str() == Some("https");
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let mut answer = Answer { resolver: &self.resolver, host, works: false };
        let addresses = self.judged_addresses(host, progress).await?;
        let (stream, remote_ip) = self.way.dial(&addresses, port, progress).await?;
        let io = if is_tls {
            Io::Tls(Box::new(handshake(tls, host, stream, progress).await?))
        } else {
            Io::Plain(stream)
        };
        answer.works = true;
        let info = ConnectionInfo { id: self.next_id.fetch_add(1, Ordering::Relaxed), remote_ip };
        progress.update(|phases| {
            phases.connection_id = Some(info.id);
            phases.stage = Stage::Connected;
        });
        Ok(Wire { io, info })
    }

    async fn judged_addresses(
        &self,
        host: &str,
        progress: &Progress,
    ) -> Result<Arc<[IpAddr]>, ConnectFailure> {
        let addresses = match host.parse::<IpAddr>() {
            Ok(literal) => Arc::from([literal]),
            Err(_) => match self.resolver.kept(host) {
                Some(addresses) => addresses,
                None => self.look_up(host, progress).await?,
            },
        };
        self.guard.judge(&addresses).map_err(|refusal| match refusal {
            Refusal::NotAllowed(refused) => {
                let message = format!("{host} may not be called: {refused}");
                ConnectFailure::new(AttemptErrorCode::AddressNotAllowed, message)
            }
            Refusal::OwnUnknown(_) => {
                ConnectFailure::new(AttemptErrorCode::ConnectFailed, refusal.to_string())
            }
        })?;
        Ok(addresses)
    }

    /// Whether a URL leads to an address that may be called. What does not resolve now is judged when a
    /// connection is made.
    async fn judge_host(&self, host: &str) -> Result<(), AddressRefused> {
        let addresses = match host.parse::<IpAddr>() {
            Ok(literal) => Arc::from([literal]),
            Err(_) => match self.resolver.look_up(host).await {
                Ok(addresses) => addresses,
                Err(_unknown) => return Ok(()),
            },
        };
        match self.guard.judge(&addresses) {
            Err(Refusal::NotAllowed(refused)) => Err(refused),
            Ok(()) | Err(Refusal::OwnUnknown(_)) => Ok(()),
        }
    }

    async fn look_up(&self, host: &str, progress: &Progress) -> Result<Arc<[IpAddr]>, ConnectFailure> {
        let started = Instant::now();
        progress.update(|phases| phases.stage = Stage::Resolving);
        let found = self.resolver.look_up(host).await;
        progress.update(|phases| phases.dns_ms = Some(elapsed_ms(started)));
        found.map_err(|reason| {
            ConnectFailure::new(
                AttemptErrorCode::DnsFailed,
                format!("the name {host} could not be resolved: {reason}"),
            )
        })
    }
}

async fn handshake(
    tls: &TlsConnector,
    host: &str,
    stream: Box<dyn Stream>,
    progress: &Progress,
) -> Result<TlsStream<Box<dyn Stream>>, ConnectFailure> {
    let started = Instant::now();
    progress.update(|phases| phases.stage = Stage::Handshaking);
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned()).map_err(|_| {
        let message = format!("{host} is not a name that a certificate could be for");
        ConnectFailure::new(AttemptErrorCode::TlsFailed, message)
    })?;
    let shaken = tls.connect(name, stream).await;
    progress.update(|phases| phases.tls_ms = Some(elapsed_ms(started)));
    shaken.map_err(|error| failure::of_tls(&error))
}

/// The answer that a connection relies on: forgotten unless the connection comes about, so also when it
/// is refused by the policy, or when the attempt stops waiting for it.
struct Answer<'a> {
    resolver: &'a Resolver,
    host: &'a str,
    works: bool,
}

impl Drop for Answer<'_> {
    fn drop(&mut self) {
        if !self.works {
            self.resolver.forget(self.host);
        }
    }
}

enum Io {
    Plain(Box<dyn Stream>),
    Tls(Box<TlsStream<Box<dyn Stream>>>),
}

/// An open connection.
pub(super) struct Wire {
    io: Io,
    info: ConnectionInfo,
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        let connected = Connected::new().extra(self.info);
        match &self.io {
            Io::Tls(tls) if tls.get_ref().1.alpn_protocol() == Some(b"h2") => connected.negotiated_h2(),
            Io::Tls(_) | Io::Plain(_) => connected,
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.io {
            Io::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Io::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.io {
            Io::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Io::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.io {
            Io::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Io::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.io {
            Io::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Io::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::resolve::testing::{Still, Table, ambient};
    use super::*;
    use crate::TokioSpawner;
    use docextract_model::address::AddressPolicy;
    use docextract_model::limits;

    fn shared(network: Table, clock: &Arc<Still>) -> Shared {
        let (network, ambient) = (Arc::new(network), ambient(clock));
        Shared {
            resolver: Resolver::new(network.clone(), ambient.clone(), Arc::new(TokioSpawner)),
            guard: Guard::new(network.clone(), ambient, AddressPolicy::default()),
            way: Way::Direct(network),
            connect_ms_max: 1_000,
            next_id: AtomicU64::new(1),
        }
    }

    async fn judge(shared: &Shared) -> Result<Arc<[IpAddr]>, AttemptErrorCode> {
        let judged = shared.judged_addresses("hooks.example.com", &Progress::default()).await;
        judged.map_err(|failure| failure.0.code)
    }

    async fn judged(addresses: &[IpAddr]) -> Result<Arc<[IpAddr]>, AttemptErrorCode> {
        let table = Table { addresses: addresses.to_vec(), ..Table::default() };
        judge(&shared(table, &Arc::default())).await
    }

    #[tokio::test]
    async fn an_address_that_an_interface_gets_is_refused_within_seconds_although_the_answer_is_kept() {
        let public: IpAddr = [93, 184, 215, 14].into();
        let kept_for = Duration::from_secs(60);
        let table = Table { addresses: vec![public], valid_for: kept_for, ..Table::default() };
        let own = Arc::clone(&table.own);
        let clock = Arc::new(Still::default());
        let shared = shared(table, &clock);
        assert!(judge(&shared).await.is_ok());
        *own.lock().unwrap() = Ok(vec![public]);
        let kept_ms = i64::try_from(limits::OWN_ADDRESSES_KEPT_MS_MAX).unwrap();
        clock.0.store(kept_ms - 1, Ordering::Relaxed);
        assert!(judge(&shared).await.is_ok());
        clock.0.store(kept_ms, Ordering::Relaxed);
        assert_eq!(judge(&shared).await, Err(AttemptErrorCode::AddressNotAllowed));
        assert!(shared.resolver.kept("hooks.example.com").is_some());
    }

    #[tokio::test]
    async fn without_a_list_of_the_servers_own_addresses_nothing_is_called() {
        let table = Table { addresses: vec![[93, 184, 215, 14].into()], ..Table::default() };
        *table.own.lock().unwrap() = Err("no netlink".to_owned());
        assert_eq!(judge(&shared(table, &Arc::default())).await, Err(AttemptErrorCode::ConnectFailed));
    }

    #[tokio::test]
    async fn one_forbidden_answer_refuses_them_all() {
        let public: IpAddr = [93, 184, 215, 14].into();
        assert_eq!(judged(&[public]).await, Ok(Arc::from([public])));
        for private in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"] {
            let answers = [public, private.parse().unwrap()];
            assert_eq!(judged(&answers).await, Err(AttemptErrorCode::AddressNotAllowed), "{private}");
        }
    }
}
