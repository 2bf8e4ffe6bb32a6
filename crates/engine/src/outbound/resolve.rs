//! Names to addresses: asked for once, however many attempts wait, and kept for as long as the answer
//! says.
//!
//! One lookup per name runs at a time, so a name server that hangs does not hold back the lookups of
//! other names. An answer is kept until its time to live is over, at most
//! `limits::DNS_ANSWER_KEPT_MS_MAX`, and is forgotten when a connection to it fails: an endpoint that
//! moved is found by the next attempt. That there is no answer is never kept.
//!
//! Nothing here judges: an answer is judged when a connection is made to it, kept or not.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use docextract_model::limits;
use docextract_model::time::Timestamp;
use tokio::sync::watch;

use crate::network::Resolved;
use crate::{Ambient, Network, Spawner};

/// Answers of one name that are looked at.
const ADDRESSES_MAX: usize = 64;

type Addresses = Arc<[IpAddr]>;
type Answer = Result<Addresses, String>;

#[derive(Clone)]
pub(super) struct Resolver(Arc<Shared>);

struct Shared {
    network: Arc<dyn Network>,
    ambient: Arc<Ambient>,
    spawner: Arc<dyn Spawner>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    running: HashMap<String, watch::Receiver<Option<Answer>>>,
    kept: HashMap<String, Kept>,
}

struct Kept {
    addresses: Addresses,
    since: Timestamp,
    until: Timestamp,
}

impl Kept {
    /// A clock that was set back makes an answer from the future: it is not believed.
    fn is_valid(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.until
    }
}

impl Resolver {
    pub(super) fn new(network: Arc<dyn Network>, ambient: Arc<Ambient>, spawner: Arc<dyn Spawner>) -> Self {
        Self(Arc::new(Shared { network, ambient, spawner, book: Mutex::default() }))
    }

    /// An earlier answer that is still valid.
    pub(super) fn kept(&self, name: &str) -> Option<Addresses> {
        let now = self.0.ambient.now();
        let book = self.0.book();
        book.kept.get(name).filter(|kept| kept.is_valid(now)).map(|kept| Arc::clone(&kept.addresses))
    }

    /// The name's addresses as they are now, at least one, or why there are none.
    pub(super) async fn look_up(&self, name: &str) -> Answer {
        let mut answer = self.join_or_start(name);
        let Ok(answer) = answer.wait_for(Option::is_some).await else {
            return Err("the lookup was interrupted".to_owned());
        };
        answer.clone().unwrap_or_else(|| Err("the lookup was interrupted".to_owned()))
    }

    /// A connection to what the name resolved to did not come about.
    pub(super) fn forget(&self, name: &str) {
        self.0.book().kept.remove(name);
    }

    fn join_or_start(&self, name: &str) -> watch::Receiver<Option<Answer>> {
        let mut book = self.0.book();
        if let Some(answer) = book.running.get(name) {
            return answer.clone();
        }
        let (answered, answer) = watch::channel(None);
        book.running.insert(name.to_owned(), answer.clone());
        let (shared, name) = (Arc::clone(&self.0), name.to_owned());
        // A task of its own: the answer is awaited to its end, whoever gave up waiting.
        self.0.spawner.spawn(Box::pin(async move {
            let found = shared.network.resolve(&name).await;
            answered.send_replace(Some(shared.note(name, found)));
        }));
        answer
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, name: String, found: io::Result<Resolved>) -> Answer {
        let now = self.ambient.now();
        let mut book = self.book();
        book.running.remove(&name);
        let found = found.map_err(|error| error.to_string())?;
        if found.addresses.is_empty() {
            return Err("it has no address".to_owned());
        }
        let addresses = alternating(found.addresses);
        let valid_ms = u64::try_from(found.valid_for.as_millis()).unwrap_or(u64::MAX);
        let until = now.plus_ms(valid_ms.min(limits::DNS_ANSWER_KEPT_MS_MAX));
        if until > now {
            book.keep(name, Kept { addresses: Arc::clone(&addresses), since: now, until });
        }
        Ok(addresses)
    }
}

impl Book {
    fn keep(&mut self, name: String, answer: Kept) {
        if self.kept.len() >= limits::DNS_NAMES_KEPT_MAX {
            let now = answer.since;
            self.kept.retain(|_, kept| kept.is_valid(now));
        }
        // Full of valid answers: this one is asked for again next time, which costs a lookup.
        if self.kept.len() < limits::DNS_NAMES_KEPT_MAX {
            self.kept.insert(name, answer);
        }
    }
}

/// IPv6 and IPv4 in turn (RFC 8305), so that a machine without one of them soon tries the other.
fn alternating(mut addresses: Vec<IpAddr>) -> Addresses {
    addresses.truncate(ADDRESSES_MAX);
    let (v4, v6): (Vec<IpAddr>, Vec<IpAddr>) = addresses.into_iter().partition(IpAddr::is_ipv4);
    let turns = v4.len().max(v6.len());
    (0..turns).flat_map(|turn| [v6.get(turn), v4.get(turn)]).flatten().copied().collect()
}

#[cfg(test)]
pub(super) mod testing {
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use async_trait::async_trait;

    use super::*;
    use crate::network::Stream;
    use crate::{Clock, Random};

    /// Answers every name with the same addresses, and counts how often it was asked.
    pub(in super::super) struct Table {
        pub(in super::super) addresses: Vec<IpAddr>,
        pub(in super::super) valid_for: Duration,
        pub(in super::super) asked: AtomicUsize,
        pub(in super::super) own: Arc<Mutex<Result<Vec<IpAddr>, String>>>,
    }

    impl Default for Table {
        fn default() -> Self {
            Self {
                addresses: Vec::new(),
                valid_for: Duration::ZERO,
                asked: AtomicUsize::new(0),
                own: Arc::new(Mutex::new(Ok(Vec::new()))),
            }
        }
    }

    #[async_trait]
    impl Network for Table {
        async fn resolve(&self, _name: &str) -> io::Result<Resolved> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(Resolved { addresses: self.addresses.clone(), valid_for: self.valid_for })
        }

        async fn connect(&self, _remote: SocketAddr) -> io::Result<Box<dyn Stream>> {
            Err(io::ErrorKind::Unsupported.into())
        }

        fn own_addresses(&self) -> io::Result<Vec<IpAddr>> {
            self.own.lock().unwrap().clone().map_err(io::Error::other)
        }
    }

    /// A clock that stands where it is set.
    #[derive(Default)]
    pub(in super::super) struct Still(pub(in super::super) std::sync::atomic::AtomicI64);

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
        }
    }

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    pub(in super::super) fn ambient(clock: &Arc<Still>) -> Arc<Ambient> {
        Arc::new(Ambient::new(clock.clone(), Arc::new(Zeros), "node-a".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    use super::testing::{Still, Table, ambient};
    use super::*;
    use crate::TokioSpawner;

    fn table(valid_for: Duration) -> Arc<Table> {
        Arc::new(Table { addresses: vec![[192, 0, 2, 1].into()], valid_for, ..Table::default() })
    }

    #[tokio::test]
    async fn attempts_that_wait_for_one_name_share_one_lookup() {
        let (table, clock) = (table(Duration::ZERO), Arc::new(Still::default()));
        let resolver = Resolver::new(table.clone(), ambient(&clock), Arc::new(TokioSpawner));
        let (a, b, c) = tokio::join!(
            resolver.look_up("one.test"),
            resolver.look_up("one.test"),
            resolver.look_up("one.test")
        );
        assert_eq!((a.unwrap().len(), b.unwrap().len(), c.unwrap().len()), (1, 1, 1));
        assert_eq!(table.asked.load(Ordering::SeqCst), 1);
        assert_eq!(resolver.kept("one.test"), None, "an answer without a time to live was kept");
    }

    #[tokio::test]
    async fn an_answer_is_kept_for_its_time_to_live_and_no_longer_than_the_limit() {
        for (ttl_s, kept_ms) in
            [(60, 60_000), (86_400, i64::try_from(limits::DNS_ANSWER_KEPT_MS_MAX).unwrap())]
        {
            let clock = Arc::new(Still::default());
            let resolver =
                Resolver::new(table(Duration::from_secs(ttl_s)), ambient(&clock), Arc::new(TokioSpawner));
            let answer = resolver.look_up("one.test").await.unwrap();
            clock.0.store(kept_ms - 1, Ordering::SeqCst);
            assert_eq!(resolver.kept("one.test"), Some(answer));
            clock.0.store(kept_ms, Ordering::SeqCst);
            assert_eq!(resolver.kept("one.test"), None);
            clock.0.store(-1, Ordering::SeqCst);
            assert_eq!(resolver.kept("one.test"), None, "the clock was set back");
        }
    }

    #[tokio::test]
    async fn only_so_many_answers_are_kept_and_those_that_ended_make_room() {
        let clock = Arc::new(Still::default());
        let resolver = Resolver::new(table(Duration::from_secs(1)), ambient(&clock), Arc::new(TokioSpawner));
        for number in 0..=limits::DNS_NAMES_KEPT_MAX {
            resolver.look_up(&format!("{number}.test")).await.unwrap();
        }
        assert_eq!(resolver.0.book().kept.len(), limits::DNS_NAMES_KEPT_MAX);
        clock.0.store(1_000, Ordering::SeqCst);
        resolver.look_up("late.test").await.unwrap();
        assert_eq!(resolver.0.book().kept.len(), 1);
        assert!(resolver.kept("late.test").is_some());
    }

    #[test]
    fn both_families_are_tried_in_turn() {
        let [a, b, c] = ["2001:db8::1", "2001:db8::2", "2001:db8::3"].map(|ip| ip.parse::<IpAddr>().unwrap());
        let d = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(*alternating(vec![a, b, c, d]), [a, d, b, c]);
    }
}
