//! The engine: what it is made of, and what the server may ask of it.

use std::sync::{Arc, Mutex};

use docextract_extraction::Limits;
use docextract_model::address::{AddressPolicy, AddressRefused, WebhookUrl};
use docextract_model::id::JobId;
use docextract_model::limits;
use docextract_model::retry::RetrySchedule;
use docextract_store::Store;
use docextract_store::blobs::Blobs;
use docextract_store::commands::Lease;
use tokio::sync::{Notify, Semaphore, broadcast};

use crate::extract::InHand;
use crate::fetch::FetchCount;
use crate::lanes::Lanes;
use crate::outage::Outages;
use crate::outbound::{EgressProxy, Outbound};
use crate::prune::Sweep;
use crate::record::Recorder;
use crate::tasks::Tasks;
use crate::{Ambient, Extract, Network, Spawner};

/// Job endings that a slow listener may lag behind before it misses some.
const ENDINGS_MAX: usize = 1_024;

/// A lease lasts for at least this many attempts, so that a delivery may wait a little in its lane.
const LEASE_ATTEMPTS: u64 = 4;

/// What the engine works with.
pub struct Parts {
    pub store: Arc<dyn Store>,
    pub blobs: Arc<dyn Blobs>,
    pub extractor: Arc<dyn Extract>,
    pub ambient: Arc<Ambient>,
    pub network: Arc<dyn Network>,
    pub spawner: Arc<dyn Spawner>,
}

/// What an operator may change.
#[derive(Debug, Clone)]
pub struct Config {
    pub schedule: RetrySchedule,
    pub addresses: AddressPolicy,
    /// One attempt, from DNS to the last byte of the answer.
    pub attempt_ms_max: u64,
    /// `DocExtract-Webhooks/<version>`.
    pub user_agent: String,
    /// Documents that are read at the same time.
    pub extraction_workers: usize,
    pub extraction: Limits,
    /// Fetching one document by its address, from DNS to its last byte.
    pub fetch_ms_max: u64,
    /// Waits before a job with a temporary error is tried again; after the last it fails.
    pub job_retry_waits_ms: Vec<u64>,
    /// How long events, deliveries and attempts are kept.
    pub log_kept_ms: u64,
    /// How long entries of the audit log are kept.
    pub audit_kept_ms: u64,
    /// The longest that a loop waits before it looks at the store again, for what nobody woke it for.
    pub scan_ms_max: u64,
    /// Every connection to an endpoint goes through it.
    pub egress_proxy: Option<EgressProxy>,
    /// Certificates (DER) that are trusted as roots beside those of the system.
    pub extra_roots: Vec<Vec<u8>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            schedule: RetrySchedule::default(),
            addresses: AddressPolicy::default(),
            attempt_ms_max: limits::ATTEMPT_MS_MAX,
            user_agent: concat!("DocExtract-Webhooks/", env!("CARGO_PKG_VERSION")).to_owned(),
            extraction_workers: 2,
            extraction: Limits::default(),
            fetch_ms_max: limits::FETCH_MS_MAX,
            job_retry_waits_ms: limits::JOB_RETRY_WAITS_MS.to_vec(),
            log_kept_ms: limits::LOG_KEPT_MS,
            audit_kept_ms: limits::AUDIT_KEPT_MS,
            scan_ms_max: limits::SCAN_MS_MAX,
            egress_proxy: None,
            extra_roots: Vec::new(),
        }
    }
}

/// Why an engine could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("TLS could not be set up: {0}")]
    Tls(String),
    #[error("{0:?} cannot be a User-Agent")]
    UserAgent(String),
}

/// What the engine holds in memory at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gauges {
    /// Deliveries queued, in flight, or with an outcome that is not written yet.
    pub deliveries_held: usize,
    pub attempts_in_flight: usize,
    /// Webhooks with a delivery in memory.
    pub lanes: usize,
    pub extractions_running: usize,
}

/// The background half of DocExtract; see the crate's header.
pub struct Engine {
    pub(crate) parts: Parts,
    config: Config,
    pub(crate) outbound: Outbound,
    pub(crate) lanes: Mutex<Lanes>,
    pub(crate) recorder: Recorder,
    pub(crate) workers: Semaphore,
    pub(crate) pictures: Semaphore,
    pub(crate) in_hand: InHand,
    pub(crate) fetching: FetchCount,
    pub(crate) tasks: Tasks,
    pub(crate) outages: Outages,
    pub(crate) endings: broadcast::Sender<JobId>,
    pub(crate) jobs_wanted: Notify,
    pub(crate) fetches_wanted: Notify,
    pub(crate) deliveries_wanted: Notify,
    pub(crate) replays_wanted: Notify,
    pub(crate) recovered: tokio::sync::OnceCell<()>,
    /// One pass of each kind at a time, so that none takes room that another counted on.
    pub(crate) leasing: tokio::sync::Mutex<()>,
    pub(crate) fetch_leasing: tokio::sync::Mutex<()>,
    pub(crate) sweep: tokio::sync::Mutex<Sweep>,
    pub(crate) claiming: tokio::sync::Mutex<()>,
}

impl Engine {
    /// Makes an engine that does nothing yet; see [`Engine::run`].
    pub fn new(parts: Parts, config: Config) -> Result<Arc<Self>, EngineError> {
        let outbound = Outbound::new(&parts, &config)?;
        let tasks = Tasks::new(Arc::clone(&parts.spawner));
        let workers = Semaphore::new(config.extraction_workers);
        let (endings, _) = broadcast::channel(ENDINGS_MAX);
        Ok(Arc::new(Self {
            parts,
            config,
            outbound,
            lanes: Mutex::default(),
            recorder: Recorder::default(),
            workers,
            pictures: Semaphore::new(limits::PICTURES_AT_ONCE_MAX),
            in_hand: InHand::default(),
            fetching: FetchCount::default(),
            tasks,
            outages: Outages::default(),
            endings,
            jobs_wanted: Notify::new(),
            fetches_wanted: Notify::new(),
            deliveries_wanted: Notify::new(),
            replays_wanted: Notify::new(),
            recovered: tokio::sync::OnceCell::new(),
            leasing: tokio::sync::Mutex::new(()),
            fetch_leasing: tokio::sync::Mutex::new(()),
            sweep: tokio::sync::Mutex::default(),
            claiming: tokio::sync::Mutex::new(()),
        }))
    }

    #[must_use]
    pub fn ambient(&self) -> &Ambient {
        &self.parts.ambient
    }

    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.parts.store
    }

    #[must_use]
    pub fn blobs(&self) -> &Arc<dyn Blobs> {
        &self.parts.blobs
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The lease for commands that write events: this node sends what they return.
    #[must_use]
    pub fn send_lease(&self) -> Lease {
        self.ambient().lease(limits::DELIVERY_LEASE_MS.max(self.config.attempt_ms_max * LEASE_ATTEMPTS))
    }

    /// Whether a URL leads to addresses that may be called, as far as its name resolves now. They are
    /// judged again at every connection.
    pub async fn judge_url(&self, url: &WebhookUrl) -> Result<(), AddressRefused> {
        self.outbound.judge(url).await
    }

    /// A hint: a job was submitted, or credits were granted.
    pub fn wake_jobs(&self) {
        self.jobs_wanted.notify_one();
    }

    /// A hint: a job was submitted whose document is to be fetched, or credits were granted.
    pub fn wake_fetches(&self) {
        self.fetches_wanted.notify_one();
    }

    /// A hint: deliveries are due in the store.
    pub fn wake_deliveries(&self) {
        self.deliveries_wanted.notify_one();
    }

    /// A hint: a replay was stored.
    pub fn wake_replays(&self) {
        self.replays_wanted.notify_one();
    }

    /// Tells when jobs end, as a hint: a slow receiver misses some.
    #[must_use]
    pub fn subscribe_job_endings(&self) -> broadcast::Receiver<JobId> {
        self.endings.subscribe()
    }

    /// What is in memory now.
    #[must_use]
    pub fn gauges(&self) -> Gauges {
        let lanes = self.lanes();
        Gauges {
            deliveries_held: lanes.held(),
            attempts_in_flight: lanes.in_flight(),
            lanes: lanes.count(),
            extractions_running: self.config.extraction_workers - self.workers.available_permits(),
        }
    }
}
