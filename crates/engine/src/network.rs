//! The network as the engine sees it: names, connections, and this machine's own addresses.
//!
//! [`SystemNetwork`] is the real one. A test or a simulation hands in another and so decides what a
//! name resolves to and what answers at an address. Nothing here judges an address: that is
//! [`crate::outbound`]'s part, for every implementation alike.

mod names;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use names::Names;

/// What the engine may ask of a network.
#[async_trait]
pub trait Network: Send + Sync + 'static {
    /// A name's addresses, and for how long that answer may be kept.
    async fn resolve(&self, name: &str) -> io::Result<Resolved>;

    async fn connect(&self, remote: SocketAddr) -> io::Result<Box<dyn Stream>>;

    /// The addresses of this machine's own interfaces.
    fn own_addresses(&self) -> io::Result<Vec<IpAddr>>;
}

/// What a name resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub addresses: Vec<IpAddr>,
    /// Zero: asked for again at the next connection.
    pub valid_for: Duration,
}

/// A connection's bytes, both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The machine's network, with the name servers that it is configured for ([`names`]).
pub struct SystemNetwork {
    names: Names,
}

impl Default for SystemNetwork {
    fn default() -> Self {
        Self { names: Names::of_system() }
    }
}

impl SystemNetwork {
    /// For tests: asks this name server alone, and looks at no file.
    pub fn asking(name_server: SocketAddr) -> io::Result<Self> {
        Ok(Self { names: Names::of_server(name_server)? })
    }
}

#[async_trait]
impl Network for SystemNetwork {
    async fn resolve(&self, name: &str) -> io::Result<Resolved> {
        self.names.resolve(name).await
    }

    async fn connect(&self, remote: SocketAddr) -> io::Result<Box<dyn Stream>> {
        let tcp = TcpStream::connect(remote).await?;
        // A request is written at once and small: waiting to fill a packet would only delay it.
        tcp.set_nodelay(true)?;
        Ok(Box::new(tcp))
    }

    fn own_addresses(&self) -> io::Result<Vec<IpAddr>> {
        Ok(if_addrs::get_if_addrs()?.iter().map(if_addrs::Interface::ip).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_is_among_this_machines_own_addresses() {
        let own = SystemNetwork::default().own_addresses().unwrap();
        assert!(own.contains(&IpAddr::from([127, 0, 0, 1])), "{own:?}");
    }
}
