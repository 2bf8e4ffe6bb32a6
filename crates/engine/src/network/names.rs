//! Names to addresses as this system is configured: `/etc/hosts`, then the name servers and search
//! domains of `/etc/resolv.conf`, with the time for which an answer may be kept.
//!
//! Both files are read again now and then, so that a change needs no restart. When the system names no
//! server that could be asked, `getaddrinfo` is, whose answers may not be kept since it does not say for
//! how long (docs/adr/0005).
//!
//! It keeps no answer itself: that is [`crate::outbound`]'s part.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ServerOrderingStrategy,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::rr::Name;
use hickory_resolver::{ResolverBuilder, TokioResolver};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::Resolved;

/// Lookups at the same time. By `getaddrinfo` each holds one of the 512 threads that tokio keeps for
/// blocking work, and the store needs some of those.
const LOOKUPS_MAX: usize = 128;
/// How long one question waits for its answer before it is asked again. An attempt has 5 s for
/// everything, and a lost packet must not cost it all of them.
const QUESTION_MS_MAX: u64 = 1_500;
/// How often the system's files are looked at.
const FILES_READ_EVERY: Duration = Duration::from_secs(30);

pub(super) struct Names {
    servers: Servers,
    lookups: Semaphore,
}

enum Servers {
    System(Mutex<Files>),
    One(TokioResolver),
}

/// What the system's files said when they were last read.
#[derive(Default)]
struct Files {
    resolver: Option<TokioResolver>,
    read_at: Option<Instant>,
    trouble: Option<String>,
}

impl Names {
    pub(super) fn of_system() -> Self {
        let names = Self::asking(Servers::System(Mutex::default()));
        // An operator hears of trouble at the start, not at the first delivery.
        names.resolver();
        names
    }

    pub(super) fn of_server(address: SocketAddr) -> io::Result<Self> {
        let mut connection = ConnectionConfig::udp();
        connection.port = address.port();
        let server = NameServerConfig::new(address.ip(), true, vec![connection]);
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        builder.options_mut().use_hosts_file = ResolveHosts::Never;
        Ok(Self::asking(Servers::One(build(builder).map_err(io::Error::other)?)))
    }

    fn asking(servers: Servers) -> Self {
        Self { servers, lookups: Semaphore::new(LOOKUPS_MAX) }
    }

    pub(super) async fn resolve(&self, name: &str) -> io::Result<Resolved> {
        let _slot = self.lookups.acquire().await;
        match self.resolver() {
            Some(resolver) => ask(&resolver, name).await,
            None => ask_system(name).await,
        }
    }

    fn resolver(&self) -> Option<TokioResolver> {
        match &self.servers {
            Servers::One(resolver) => Some(resolver.clone()),
            Servers::System(files) => files.lock().unwrap_or_else(PoisonError::into_inner).resolver(),
        }
    }
}

impl Files {
    fn resolver(&mut self) -> Option<TokioResolver> {
        if self.read_at.is_none_or(|read_at| read_at.elapsed() >= FILES_READ_EVERY) {
            self.read_at = Some(Instant::now());
            self.read();
        }
        self.resolver.clone()
    }

    /// Trouble is told once, until it changes or ends.
    fn read(&mut self) {
        let trouble = match TokioResolver::builder_tokio().and_then(build) {
            Ok(resolver) => {
                self.resolver = Some(resolver);
                None
            }
            Err(error) => {
                self.resolver = None;
                Some(error.to_string())
            }
        };
        if trouble != self.trouble {
            match &trouble {
                Some(trouble) => tracing::warn!(
                    "/etc/resolv.conf names no server to ask ({trouble}): names are looked up with getaddrinfo \
                     at every connection, since it does not say how long its answers may be kept"
                ),
                None => tracing::info!("/etc/resolv.conf names servers again: they are asked from now on"),
            }
        }
        self.trouble = trouble;
    }
}

fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<TokioResolver, NetError> {
    let options = builder.options_mut();
    // Answers are kept in one place only, where each is judged again before it is used.
    options.cache_size = 0;
    options.timeout = options.timeout.min(Duration::from_millis(QUESTION_MS_MAX));
    // As resolv.conf has it: the second server is asked when the first does not answer. It may well not
    // know what the first one knows.
    options.server_ordering_strategy = ServerOrderingStrategy::UserProvidedOrder;
    options.num_concurrent_reqs = 1;
    builder.build()
}

async fn ask(resolver: &TokioResolver, name: &str) -> io::Result<Resolved> {
    // Names of machines with an underscore exist, whatever the standard says of them.
    let name = Name::from_str_relaxed(name).map_err(|error| io::Error::other(error.to_string()))?;
    let found = resolver.lookup_ip(name).await.map_err(|error| io::Error::other(told(&error)))?;
    // The chain of aliases counts too: each of them may change when its own time is over.
    let ttl_s = found.as_lookup().answers().iter().map(|record| record.ttl).min().unwrap_or(0);
    Ok(Resolved { addresses: found.iter().collect(), valid_for: Duration::from_secs(ttl_s.into()) })
}

async fn ask_system(name: &str) -> io::Result<Resolved> {
    let found = tokio::net::lookup_host((name, 0)).await.map_err(|error| {
        io::Error::other(error.to_string().replace("failed to lookup address information: ", ""))
    })?;
    Ok(Resolved { addresses: found.map(|address| address.ip()).collect(), valid_for: Duration::ZERO })
}

/// What a name server's answer means to the person who reads the attempt.
fn told(error: &NetError) -> String {
    match error {
        _ if error.is_nx_domain() => "there is no such name".to_owned(),
        _ if error.is_no_records_found() => "it has no address".to_owned(),
        NetError::Timeout => "no name server answered in time".to_owned(),
        NetError::Dns(DnsError::ResponseCode(code)) => format!("the name server answered: {code}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_name_server_the_system_answers_and_nothing_may_be_kept() {
        let files = Files { read_at: Some(Instant::now()), ..Files::default() };
        let names = Names::asking(Servers::System(Mutex::new(files)));
        let resolved = names.resolve("localhost").await.unwrap();
        assert!(resolved.addresses.iter().all(std::net::IpAddr::is_loopback), "{resolved:?}");
        assert_eq!(resolved.valid_for, Duration::ZERO);
        let unknown = names.resolve("name.invalid").await.unwrap_err().to_string();
        assert!(!unknown.contains("lookup address information"), "{unknown}");
    }

    #[tokio::test]
    async fn a_name_in_the_hosts_file_needs_no_name_server() {
        let resolved = Names::of_system().resolve("localhost").await.unwrap();
        assert!(!resolved.addresses.is_empty());
        assert!(resolved.addresses.iter().all(std::net::IpAddr::is_loopback), "{resolved:?}");
    }
}
