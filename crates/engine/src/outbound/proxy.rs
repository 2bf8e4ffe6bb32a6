//! The egress proxy: where an operator's network lets nothing out but one HTTP proxy.
//!
//! It is asked with `CONNECT` for the address that was judged, never for the name, so that it cannot
//! resolve that name to something else; TLS with the endpoint goes through the tunnel. The proxy's own
//! address is not judged: an operator named it. Its password is in no log, no error and no `Debug`.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docextract_model::delivery::AttemptErrorCode;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::{Host, Url};

use super::failure::ConnectFailure;
use super::resolve::Resolver;
use crate::Network;
use crate::network::Stream;

/// Bytes of a proxy's answer.
const ANSWER_BYTES_MAX: usize = 8 * 1024;

/// An HTTP proxy that every connection to an endpoint goes through.
#[derive(Clone, PartialEq, Eq)]
pub struct EgressProxy {
    host: Host<String>,
    port: u16,
    /// `Basic …`, as it is sent.
    authorization: Option<String>,
}

impl EgressProxy {
    /// Reads `http://host:port` or `http://user:password@host:port`. What is wrong with it is told
    /// without repeating it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{what}: use http://host:port, or http://user:password@host:port");
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        if url.scheme() != "http" {
            return Err(wrong("the proxy must be one that is spoken to in plain http"));
        }
        let Some(host) = url.host() else { return Err(wrong("there is no host")) };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("there is more than a host and a port"));
        }
        let decoded = |part: &str| percent_decode_str(part).collect::<Vec<u8>>();
        let authorization = (!url.username().is_empty() || url.password().is_some()).then(|| {
            let mut pair = decoded(url.username());
            pair.push(b':');
            pair.extend(decoded(url.password().unwrap_or_default()));
            format!("Basic {}", STANDARD.encode(pair))
        });
        Ok(Self { host: host.to_owned(), port: url.port_or_known_default().unwrap_or(80), authorization })
    }
}

impl fmt::Display for EgressProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for EgressProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EgressProxy({self})")
    }
}

/// The way out through a proxy.
pub(super) struct Tunnel {
    pub(super) network: Arc<dyn Network>,
    pub(super) resolver: Resolver,
    pub(super) proxy: EgressProxy,
}

impl Tunnel {
    /// A connection to the endpoint's address, by way of the proxy.
    pub(super) async fn connect(&self, remote: SocketAddr) -> Result<Box<dyn Stream>, ConnectFailure> {
        let mut stream = self.reach_proxy().await?;
        let answered = self.ask(&mut stream, remote).await;
        let status = answered.map_err(|error| self.failed(&format!("broke off: {error}")))?;
        match status {
            200..=299 => Ok(stream),
            407 => Err(self.failed(
                "did not accept this server's user name and password (407): its operator sets \
                 webhooks.egress_proxy",
            )),
            _ => Err(self.failed(&format!("refused to connect to {remote}: it answered {status}"))),
        }
    }

    async fn reach_proxy(&self) -> Result<Box<dyn Stream>, ConnectFailure> {
        let mut last = None;
        for ip in self.addresses().await?.iter() {
            match self.network.connect(SocketAddr::new(*ip, self.proxy.port)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Some(error),
            }
        }
        if let Host::Domain(name) = &self.proxy.host {
            self.resolver.forget(name);
        }
        let reason = last.map_or_else(|| "it has no address".to_owned(), |error| error.to_string());
        Err(self.failed(&format!("could not be reached: {reason}")))
    }

    async fn addresses(&self) -> Result<Arc<[IpAddr]>, ConnectFailure> {
        match &self.proxy.host {
            Host::Ipv4(ip) => Ok(Arc::from([IpAddr::V4(*ip)])),
            Host::Ipv6(ip) => Ok(Arc::from([IpAddr::V6(*ip)])),
            Host::Domain(name) => match self.resolver.kept(name) {
                Some(addresses) => Ok(addresses),
                None => self
                    .resolver
                    .look_up(name)
                    .await
                    .map_err(|reason| self.failed(&format!("could not be resolved: {reason}"))),
            },
        }
    }

    /// The status of the answer to `CONNECT`. Nothing behind its head is read: that is the tunnel's.
    async fn ask(&self, stream: &mut Box<dyn Stream>, remote: SocketAddr) -> io::Result<u16> {
        let mut request = format!("CONNECT {remote} HTTP/1.1\r\nHost: {remote}\r\n");
        if let Some(authorization) = &self.proxy.authorization {
            request.push_str(&format!("Proxy-Authorization: {authorization}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() == ANSWER_BYTES_MAX {
                return Err(io::Error::other("its answer has no end"));
            }
            head.push(stream.read_u8().await?);
        }
        status_of(&head).ok_or_else(|| io::Error::other("its answer was not HTTP"))
    }

    fn failed(&self, what: &str) -> ConnectFailure {
        ConnectFailure::new(
            AttemptErrorCode::ConnectFailed,
            format!("the egress proxy {} {what}", self.proxy),
        )
    }
}

fn status_of(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_sent_decoded_and_shown_nowhere() {
        let proxy = EgressProxy::parse("http://us%40er:p%3Ass@Proxy.internal:3128/").unwrap();
        assert_eq!(proxy.authorization.as_deref(), Some("Basic dXNAZXI6cDpzcw=="));
        assert_eq!(format!("{proxy:?} {proxy}"), "EgressProxy(proxy.internal:3128) proxy.internal:3128");
        assert_eq!(EgressProxy::parse("http://10.0.0.1:8080").unwrap().authorization, None);
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_being_repeated() {
        for text in [
            "https://user:hunter2@proxy:3128",
            "socks5://user:hunter2@proxy:1080",
            "http://user:hunter2@proxy:3128/path",
            "user:hunter2@proxy:3128",
            "http://user:hunter2@proxy:99999",
            "proxy",
        ] {
            let problem = EgressProxy::parse(text).unwrap_err();
            assert!(problem.contains("http://host:port") && !problem.contains("hunter2"), "{problem}");
        }
    }
}
