//! From judged addresses to an open stream, directly or through the egress proxy.
//!
//! The addresses are tried in turn, the next one after a short wait or as soon as one fails (RFC 8305),
//! so that a broken IPv6 path costs a fraction of the deadline.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep};

use super::elapsed_ms;
use super::failure::{self, ConnectFailure};
use super::progress::{Progress, Stage};
use super::proxy::Tunnel;
use crate::Network;
use crate::network::Stream;

/// How long one address is waited for before the next is tried beside it.
const NEXT_ADDRESS_MS: u64 = 250;
/// Addresses of one name that are tried.
const ADDRESSES_TRIED_MAX: usize = 6;

/// How an address is connected to.
pub(super) enum Way {
    Direct(Arc<dyn Network>),
    Through(Tunnel),
}

impl Way {
    /// Connects to the first address that accepts.
    pub(super) async fn dial(
        &self,
        addresses: &[IpAddr],
        port: u16,
        progress: &Progress,
    ) -> Result<(Box<dyn Stream>, IpAddr), ConnectFailure> {
        let started = Instant::now();
        progress.update(|phases| {
            phases.stage = match self {
                Self::Direct(_) => Stage::Connecting,
                Self::Through(_) => Stage::Tunnelling,
            };
            phases.remote_ip = addresses.first().copied();
        });
        let dialled = self.race(addresses, port).await;
        progress.update(|phases| {
            phases.connect_ms = Some(elapsed_ms(started));
            if let Ok((_, ip)) = dialled {
                phases.remote_ip = Some(ip);
            }
        });
        dialled
    }

    async fn race(
        &self,
        addresses: &[IpAddr],
        port: u16,
    ) -> Result<(Box<dyn Stream>, IpAddr), ConnectFailure> {
        let mut waiting = addresses.iter().take(ADDRESSES_TRIED_MAX).peekable();
        let mut attempts = FuturesUnordered::new();
        loop {
            if let Some(ip) = waiting.next() {
                attempts.push(self.connect(SocketAddr::new(*ip, port)));
            }
            tokio::select! {
                // What has connected by now is taken; another address is tried only when none has.
                biased;
                Some(result) = attempts.next() => match result {
                    Ok(connected) => return Ok(connected),
                    Err(failed) if attempts.is_empty() && waiting.peek().is_none() => return Err(failed),
                    Err(_another_may_do) => {}
                },
                () = sleep(Duration::from_millis(NEXT_ADDRESS_MS)), if waiting.peek().is_some() => {}
                else => return Err(failure::no_address()),
            }
        }
    }

    async fn connect(&self, remote: SocketAddr) -> Result<(Box<dyn Stream>, IpAddr), ConnectFailure> {
        let stream = match self {
            Self::Direct(network) => {
                network.connect(remote).await.map_err(|error| failure::of_connect(&error, remote))?
            }
            Self::Through(tunnel) => tunnel.connect(remote).await?,
        };
        Ok((stream, remote.ip()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemNetwork;

    #[tokio::test]
    async fn an_address_that_refuses_does_not_hide_one_that_accepts() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answers = ["127.0.0.3".parse().unwrap(), "127.0.0.1".parse().unwrap()];
        let way = Way::Direct(Arc::new(SystemNetwork::default()));
        let (_, ip) = way.dial(&answers, port, &Progress::default()).await.unwrap();
        assert_eq!(ip, answers[1]);
    }
}
