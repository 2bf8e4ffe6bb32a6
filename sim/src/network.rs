//! The network between nodes and receivers.
//!
//! Names resolve, connections open and bytes pass as the receivers' behaviour and the partitions
//! say. A partition makes open connections silent and new ones hang, as a firewall that drops packets
//! does. The engine must never connect to an address that its policy forbids: who is asked to notes it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use docextract_engine::Network;
use docextract_engine::network::{Resolved, Stream};
use rand::RngExt as _;
use rand::rngs::StdRng;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

use crate::life::Life;
use crate::receiver::{Accepted, Behaviour, Receiver};
use crate::world::{World, sleep_ms};

/// Bytes on the way in each direction.
const WIRE_BYTES: usize = 64 * 1024;
/// Where names lead that were rebound.
const PRIVATE: [u8; 4] = [10, 0, 0, 7];
/// An address at which nobody answers.
const DEAD: [u8; 4] = [93, 184, 216, 9];

pub struct SimNetwork {
    pub world: Arc<World>,
    pub receivers: Arc<Vec<Arc<Receiver>>>,
    pub life: Arc<Life>,
    pub node: String,
    pub rng: Mutex<StdRng>,
    pub links: Arc<Mutex<Vec<std::sync::Weak<Link>>>>,
}

impl SimNetwork {
    fn draw(&self, range: std::ops::Range<u64>) -> u64 {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).random_range(range)
    }

    fn is_parted(&self, receiver: usize) -> bool {
        self.world.faults().partitions.contains(&(self.node.clone(), receiver))
    }
}

#[async_trait]
impl Network for SimNetwork {
    async fn resolve(&self, name: &str) -> io::Result<Resolved> {
        let receiver = self.receivers.iter().find(|receiver| receiver.name == name);
        let receiver = receiver.ok_or_else(|| io::Error::other("Name or service not known"))?;
        sleep_ms(self.draw(0..20)).await;
        let answer = |addresses: Vec<IpAddr>| Ok(Resolved { addresses, valid_for: Duration::ZERO });
        match receiver.behaviour(self.world.ms()) {
            Behaviour::NameUnknown => Err(io::Error::other("Name or service not known")),
            Behaviour::NameHangs => {
                sleep_ms(20_000).await;
                Err(io::Error::other("Temporary failure in name resolution"))
            }
            Behaviour::Rebound => answer(vec![receiver.ip, PRIVATE.into()]),
            // The first of its addresses is out of order now and then: the second serves.
            Behaviour::Slow(_) => answer(vec![DEAD.into(), receiver.ip]),
            _ => answer(vec![receiver.ip]),
        }
    }

    async fn connect(&self, remote: SocketAddr) -> io::Result<Box<dyn Stream>> {
        if remote.ip() == IpAddr::from(PRIVATE) {
            self.world.violated(format_args!("{} connected to {remote}, which is forbidden", self.life.name));
        }
        let Some(receiver) = self.receivers.iter().find(|receiver| receiver.ip == remote.ip()) else {
            return Err(io::ErrorKind::ConnectionRefused.into());
        };
        sleep_ms(self.draw(0..30)).await;
        let behaviour = receiver.behaviour(self.world.ms());
        if behaviour == Behaviour::Deaf || self.is_parted(receiver.index) {
            std::future::pending::<()>().await;
        }
        if behaviour == Behaviour::Refused {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (near, far) = duplex(WIRE_BYTES);
        let link =
            Arc::new(Link { node: self.node.clone(), receiver: receiver.index, state: Mutex::default() });
        self.links.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&link));
        let accepted = Accepted {
            world: Arc::clone(&self.world),
            receiver: Arc::clone(receiver),
            stream: far,
            link: Arc::clone(&link),
            life: self.life.name.clone(),
            rng: self.world.rng(("connection", &self.life.name, self.draw(0..u64::MAX))),
        };
        tokio::spawn(accepted.serve());
        Ok(Box::new(Wire { stream: near, link }))
    }

    fn own_addresses(&self) -> io::Result<Vec<IpAddr>> {
        Ok(vec![[127, 0, 0, 1].into()])
    }
}

/// What can happen to a connection from outside.
#[derive(Debug)]
pub struct Link {
    node: String,
    receiver: usize,
    state: Mutex<LinkState>,
}

#[derive(Debug, Default)]
struct LinkState {
    is_silent: bool,
    is_reset: bool,
    waiting: Vec<Waker>,
}

impl Link {
    fn change(&self, change: impl FnOnce(&mut LinkState)) {
        let waiting = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut state);
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    pub fn reset(&self) {
        self.change(|state| state.is_reset = true);
    }

    /// None: the bytes pass.
    fn blocks(&self, context: &mut Context<'_>) -> Option<Poll<io::Error>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_reset {
            return Some(Poll::Ready(io::ErrorKind::ConnectionReset.into()));
        }
        // A reset must be noticed also by whoever waits for bytes.
        if !state.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
            state.waiting.push(context.waker().clone());
        }
        state.is_silent.then_some(Poll::Pending)
    }
}

/// Makes open connections between a node and a receiver silent, or lets their bytes pass again.
pub fn set_silent(links: &Mutex<Vec<std::sync::Weak<Link>>>, node: &str, receiver: usize, is_silent: bool) {
    let mut links = links.lock().unwrap_or_else(PoisonError::into_inner);
    links.retain(|link| link.strong_count() > 0);
    let between: Vec<Arc<Link>> = links
        .iter()
        .filter_map(std::sync::Weak::upgrade)
        .filter(|link| link.node == node && link.receiver == receiver)
        .collect();
    drop(links);
    for link in between {
        link.change(|state| state.is_silent = is_silent);
    }
}

struct Wire {
    stream: DuplexStream,
    link: Arc<Link>,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.link.blocks(context) {
            Some(blocked) => blocked.map(Err),
            None => Pin::new(&mut self.stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.link.blocks(context) {
            Some(blocked) => blocked.map(Err),
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.link.blocks(context) {
            Some(blocked) => blocked.map(Err),
            None => Pin::new(&mut self.stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
