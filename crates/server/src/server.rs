//! Wiring: from a configuration to a server that runs, and back to nothing.
//!
//! Starting opens the data directory for this process alone, makes sure that there is an organisation,
//! and binds before anything is announced. Stopping drains: no new connections, the requests in flight
//! are answered, then the engine finishes or gives back what it holds.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use docextract_engine::ambient::{Ambient, Clock, Random};
use docextract_engine::{Engine, EngineError, Extract, Network, Parts, TokioSpawner};
use docextract_model::limits;
use docextract_store::blobs::Blobs;
use docextract_store::commands::Organisation;
use docextract_store::{Store, StoreError};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::api;
use crate::api::app::App;
use crate::api::body::BODY_BYTES_MAX;
use crate::api::health::Readiness;
use crate::api::load::Load;
use crate::api::submission;
use crate::checkout::Shop;
use crate::config::Config;
use crate::cookie;
use crate::data_dir::{DataDir, DataDirError, ServeLock};
use crate::dev::inbox::Inbox;
use crate::http;
use crate::key_cache::KeyCache;
use crate::key_usage::KeyUsage;
use crate::llm::LlmEngine;
use crate::oidc::Oidc;
use crate::password::Passwords;
use crate::secrets::told_of;
use crate::setup::{self, INBOX_PATH};

/// One node per data directory: its name only has to be the same after a restart.
const NODE: &str = "local";
const KEY_USAGE_FLUSH: Duration = Duration::from_secs(10);
/// How long a drain waits for requests in flight before it gives up on them.
const DRAIN_REQUESTS: Duration = Duration::from_secs(20);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("the certificates that this system trusts could not be read: {0}")]
    Certificates(io::Error),
    #[error("the sender could not be set up: {0}")]
    Engine(#[from] EngineError),
}

impl StartError {
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::DataDir(error) => error.hint().to_owned(),
            Self::Store(_) => "check the free space and the permissions of the data directory".to_owned(),
            Self::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => format!(
                "something else listens there: stop it, or choose another with --listen {}:{}",
                address.ip(),
                address.port().saturating_add(1)
            ),
            Self::Listen(..) => {
                "choose an address of this machine and a port above 1023 with --listen".to_owned()
            }
            Self::Engine(_) | Self::Certificates(_) => {
                "check the certificates that this system trusts".to_owned()
            }
        }
    }
}

/// What the server takes from the machine, for a test to replace.
pub struct World {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub extractor: Arc<dyn Extract>,
    pub network: Arc<dyn Network>,
}

/// A server that runs. Dropping it leaves it running; [`Running::drain`] ends it.
pub struct Running {
    pub address: SocketAddr,
    /// Where users reach it.
    pub base_url: String,
    /// Under `--dev`, where the inbox is.
    pub inbox_url: Option<String>,
    /// For each organisation that has no owner who can sign in: its name, and a link that makes one. Shown now
    /// and never again.
    pub sign_in_links: Vec<(String, String)>,
    /// Under `--dev`, on a fresh data directory: a key that is shown now and never again.
    pub first_key: Option<String>,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    stop_engine: watch::Sender<bool>,
    http: JoinHandle<()>,
    engine: JoinHandle<()>,
    key_usage: JoinHandle<()>,
    _lock: ServeLock,
}

/// Starts a server. It is reachable when this returns.
pub async fn start(config: Config, world: World) -> Result<Running, StartError> {
    let data_dir = DataDir::open(&config.data_dir)?;
    let lock = data_dir.lock_for_serving()?;
    let (store, made) = data_dir.store(&config.secrets)?;
    if let Some(path) = made {
        tracing::warn!("{}", told_of(&path));
    }
    let store: Arc<dyn Store> = Arc::new(store);
    let blobs: Arc<dyn Blobs> = Arc::new(data_dir.blobs()?);
    let ambient = Arc::new(Ambient::new(world.clock, world.random, NODE.to_owned()));
    // Bound before anything is written: a first start that fails here is still the first.
    let cannot_listen = |error| StartError::Listen(config.listen, error);
    let listener = listen(config.listen).map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let organisations = {
        let _setting_up = data_dir.lock_for_setup()?;
        setup::ensure_organisation(store.as_ref(), &ambient).await?
    };
    let local_url = format!("http://{}", reachable(address));
    let base_url = config.public_url.clone().unwrap_or_else(|| local_url.clone());
    let (inbox_url, first_key) = if config.addresses.dev {
        let inbox_url = format!("{local_url}{INBOX_PATH}");
        let first_key = set_up_dev(store.as_ref(), &ambient, &organisations, &inbox_url).await?;
        (Some(inbox_url), first_key)
    } else {
        (None, None)
    };

    let mut sign_in_links = Vec::new();
    for organisation in &organisations {
        let link = setup::first_sign_in_link(store.as_ref(), &ambient, organisation, &base_url).await?;
        sign_in_links.extend(link.map(|link| (organisation.name.clone(), link)));
    }

    let parts = Parts {
        store: Arc::clone(&store),
        blobs: Arc::clone(&blobs),
        extractor: with_engine(world.extractor, &config)?,
        ambient: Arc::clone(&ambient),
        network: world.network,
        spawner: Arc::new(TokioSpawner),
    };
    let oidc = config.oidc.clone().map(|oidc| Oidc::new(oidc, &base_url)).transpose();
    let oidc = oidc.map_err(StartError::Certificates)?;
    let shop = config.checkout.clone().map(|checkout| Shop::open(checkout, &format!("{base_url}/")));
    let shop = shop.transpose().map_err(StartError::Certificates)?;
    let engine = Engine::new(parts, engine_config(&config))?;
    // Before anything can be handed over: leases of the last run cannot be told from those of this one.
    engine.recover().await;
    let (stop, stopping) = watch::channel(false);
    let (stop_engine, engine_stopping) = watch::channel(false);
    let http_limits = config.http.clone().within_open_files();
    let app = Arc::new(App {
        store,
        blobs,
        engine: Arc::clone(&engine),
        ambient,
        addresses: config.addresses.clone(),
        document_bytes_max: config.extraction.document_bytes_max,
        base_url: base_url.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        cookie_is_secure: cookie::is_secure(&base_url, config.addresses.dev),
        passwords: Passwords::default(),
        oidc,
        shop,
        key_cache: KeyCache::default(),
        key_usage: KeyUsage::default(),
        readiness: Readiness::default(),
        load: Load::new(http_limits.requests_max),
        waiters: Semaphore::new(limits::WAITERS_MAX),
        inbox: inbox_url.as_ref().map(|_| Inbox::default()),
        stopping: stopping.clone(),
    });
    Ok(Running {
        address,
        base_url,
        inbox_url,
        sign_in_links,
        first_key,
        http: tokio::spawn(http::serve(
            listener,
            api::router(&app),
            http_limits,
            // Beyond what any route takes, so that a route says itself what is too long.
            submission::request_bytes_max(&app).saturating_add(BODY_BYTES_MAX),
            stopping,
        )),
        engine: tokio::spawn(async move { engine.run(engine_stopping).await }),
        key_usage: tokio::spawn(flush_key_usage(Arc::clone(&app))),
        app,
        stop,
        stop_engine,
        _lock: lock,
    })
}

impl Running {
    /// Resolves when a part of the server ends without having been told to, which is a fault of its own.
    pub async fn failed(&mut self) -> &'static str {
        tokio::select! {
            _ = &mut self.http => "the HTTP server ended",
            _ = &mut self.engine => "the engine ended",
        }
    }

    /// Stops in the order in which nothing is lost: requests first, since they still hand the engine
    /// work, then the engine, then what was noted about keys.
    pub async fn drain(self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(DRAIN_REQUESTS, self.http).await.is_err() {
            tracing::warn!("some requests did not end in time and were cut off");
        }
        self.stop_engine.send_replace(true);
        if let Err(error) = self.engine.await {
            tracing::error!("the engine ended with a fault: {error}");
        }
        self.key_usage.abort();
        note_failure(self.app.key_usage.flush(self.app.store.as_ref()).await);
    }
}

/// Registers the inbox, and equips an organisation that has no key yet. Returns its first one.
async fn set_up_dev(
    store: &dyn Store,
    ambient: &Ambient,
    organisations: &[Organisation],
    inbox_url: &str,
) -> Result<Option<String>, StoreError> {
    let Some(organisation) = organisations.first() else { return Ok(None) };
    setup::ensure_inbox_webhook(store, ambient, &organisation.id, inbox_url).await?;
    setup::equip_for_dev(store, ambient, &organisation.id).await
}

fn engine_config(config: &Config) -> docextract_engine::Config {
    docextract_engine::Config {
        schedule: config.schedule.clone(),
        addresses: config.addresses.clone(),
        attempt_ms_max: config.attempt_ms_max,
        log_kept_ms: config.log_kept_ms,
        audit_kept_ms: config.audit_kept_ms,
        egress_proxy: config.egress_proxy.clone(),
        extraction_workers: config.extraction_workers,
        extraction: config.extraction.clone(),
        ..docextract_engine::Config::default()
    }
}

/// A burst of clients waits here while the server is busy. The library's own queue of 128 lets a client
/// beyond it believe for ever that it is connected.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As soon as a server has stopped, the next one may start.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(limits::CONNECTION_BACKLOG)
}

/// The address as a client on this machine names it.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

async fn flush_key_usage(app: Arc<App>) {
    let mut ticks = tokio::time::interval(KEY_USAGE_FLUSH);
    loop {
        ticks.tick().await;
        note_failure(app.key_usage.flush(app.store.as_ref()).await);
    }
}

fn note_failure(flushed: Result<(), StoreError>) {
    if let Err(error) = flushed {
        tracing::warn!("when keys were last used could not be written: {error}");
    }
}

/// The extractor as it is, or with a language model behind it.
fn with_engine(rules: Arc<dyn Extract>, config: &Config) -> Result<Arc<dyn Extract>, StartError> {
    let Some(llm) = config.llm.clone() else { return Ok(rules) };
    tracing::info!("text of live documents is sent to the language model {} at {}", llm.model, llm.base_url);
    let engine = LlmEngine::new(rules, llm, config.extraction_workers).map_err(StartError::Certificates)?;
    Ok(Arc::new(engine))
}
