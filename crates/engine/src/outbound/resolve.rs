//! Names to addresses: one lookup per name at a time, however many attempts wait for it, so that a
//! name server that hangs does not hold back the lookups of other names.
//!
//! It never caches: an endpoint that moves is found at its new address by the next connection.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::Network;
use crate::network::Resolved;

/// Answers of one name that are looked at.
const ADDRESSES_MAX: usize = 64;

type Answer = Result<Vec<IpAddr>, String>;
type Running = Arc<Mutex<HashMap<String, watch::Receiver<Option<Answer>>>>>;

#[derive(Clone)]
pub(super) struct Resolver {
    network: Arc<dyn Network>,
    running: Running,
}

impl Resolver {
    pub(super) fn new(network: Arc<dyn Network>) -> Self {
        Self { network, running: Running::default() }
    }

    /// The name's addresses, at least one, or why there are none.
    pub(super) async fn resolve(&self, name: &str) -> Answer {
        let mut answer = self.join_or_start(name);
        let Ok(answer) = answer.wait_for(Option::is_some).await else {
            return Err("the lookup was interrupted".to_owned());
        };
        answer.clone().unwrap_or_else(|| Err("the lookup was interrupted".to_owned()))
    }

    fn join_or_start(&self, name: &str) -> watch::Receiver<Option<Answer>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = running.get(name) {
            return answer.clone();
        }
        let (answered, answer) = watch::channel(None);
        running.insert(name.to_owned(), answer.clone());
        let (resolver, name) = (self.clone(), name.to_owned());
        // A task of its own: the answer is awaited to its end, whoever gave up waiting.
        tokio::spawn(async move {
            let found = resolver.network.resolve(&name).await;
            resolver.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
            answered.send_replace(Some(answer_of(found)));
        });
        answer
    }
}

fn answer_of(found: std::io::Result<Resolved>) -> Answer {
    match found {
        Ok(found) if found.addresses.is_empty() => Err("it has no address".to_owned()),
        Ok(Resolved { mut addresses, .. }) => {
            addresses.truncate(ADDRESSES_MAX);
            Ok(addresses)
        }
        Err(error) => Err(error.to_string().replace("failed to lookup address information: ", "")),
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::io;
    use std::net::SocketAddr;
    use std::time::Duration;

    use async_trait::async_trait;

    use super::*;
    use crate::network::Stream;

    /// Answers every name with the same addresses, and counts how often it was asked.
    #[derive(Default)]
    pub(in super::super) struct Table {
        pub(in super::super) addresses: Vec<IpAddr>,
        pub(in super::super) asked: std::sync::atomic::AtomicUsize,
    }

    #[async_trait]
    impl Network for Table {
        async fn resolve(&self, _name: &str) -> io::Result<Resolved> {
            self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(Resolved { addresses: self.addresses.clone(), valid_for: Duration::ZERO })
        }

        async fn connect(&self, _remote: SocketAddr) -> io::Result<Box<dyn Stream>> {
            Err(io::ErrorKind::Unsupported.into())
        }

        fn own_addresses(&self) -> io::Result<Vec<IpAddr>> {
            Ok(Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::testing::Table;
    use super::*;

    #[tokio::test]
    async fn attempts_that_wait_for_one_name_share_one_lookup() {
        let table = Arc::new(Table { addresses: vec![[192, 0, 2, 1].into()], ..Table::default() });
        let resolver = Resolver::new(table.clone());
        let (a, b, c) = tokio::join!(
            resolver.resolve("one.test"),
            resolver.resolve("one.test"),
            resolver.resolve("one.test")
        );
        assert_eq!((a.unwrap().len(), b.unwrap().len(), c.unwrap().len()), (1, 1, 1));
        assert_eq!(table.asked.load(Ordering::SeqCst), 1);
        resolver.resolve("one.test").await.unwrap();
        assert_eq!(table.asked.load(Ordering::SeqCst), 2, "an answer was cached");
    }
}
