//! Names to addresses, by the system's own resolver.
//!
//! The system's resolver (`getaddrinfo`) honours `/etc/hosts`, `nsswitch` and search domains as an
//! operator expects, and needs no second DNS implementation. Its one weakness is that a lookup holds
//! a thread and cannot be cancelled. So lookups have slots of their own and one name takes at most
//! one, however many attempts wait for it: a name server that hangs can neither use up the threads
//! that the store needs nor hold back the lookups of other names.
//!
//! It never caches: an endpoint that moves is found at its new address by the next connection.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::{Semaphore, watch};

/// Lookups at the same time, of the 512 threads that tokio keeps for blocking work.
const LOOKUPS_MAX: usize = 128;
/// Answers of one name that are looked at.
const ADDRESSES_MAX: usize = 64;

/// Asks for a name's addresses. The real one is the system; tests hold a table.
#[async_trait]
pub(super) trait Lookup: Send + Sync + 'static {
    async fn lookup(&self, name: &str) -> std::io::Result<Vec<IpAddr>>;
}

pub(super) struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        let addresses = tokio::net::lookup_host((name, 0)).await?;
        Ok(addresses.map(|address| address.ip()).collect())
    }
}

type Answer = Result<Vec<IpAddr>, String>;
type Running = Arc<Mutex<HashMap<String, watch::Receiver<Option<Answer>>>>>;

#[derive(Clone)]
pub(super) struct Resolver {
    lookup: Arc<dyn Lookup>,
    slots: Arc<Semaphore>,
    running: Running,
}

impl Resolver {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup, slots: Arc::new(Semaphore::new(LOOKUPS_MAX)), running: Running::default() }
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
        // A task of its own: the slot stays taken until the thread is free again, whoever gave up waiting.
        tokio::spawn(async move {
            let _slot = resolver.slots.acquire().await;
            let found = resolver.lookup.lookup(&name).await;
            resolver.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
            answered.send_replace(Some(answer_of(found)));
        });
        answer
    }
}

fn answer_of(found: std::io::Result<Vec<IpAddr>>) -> Answer {
    match found {
        Ok(addresses) if addresses.is_empty() => Err("it has no address".to_owned()),
        Ok(mut addresses) => {
            addresses.truncate(ADDRESSES_MAX);
            Ok(addresses)
        }
        Err(error) => Err(error.to_string().replace("failed to lookup address information: ", "")),
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// Answers every name with the same addresses, and counts how often it was asked.
    #[derive(Default)]
    pub(in super::super) struct Table {
        pub(in super::super) addresses: Vec<IpAddr>,
        pub(in super::super) asked: std::sync::atomic::AtomicUsize,
    }

    #[async_trait]
    impl Lookup for Table {
        async fn lookup(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
            self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(self.addresses.clone())
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
        let resolver = Resolver::new(Arc::clone(&table) as Arc<dyn Lookup>);
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
