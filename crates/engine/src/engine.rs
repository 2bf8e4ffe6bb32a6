//! The engine: what it is made of, and what the server may ask of it.

use std::sync::Arc;

use docextract_extraction::Limits;
use docextract_model::address::AddressPolicy;
use docextract_model::id::JobId;
use docextract_model::limits;
use docextract_model::retry::RetrySchedule;
use docextract_store::Store;
use docextract_store::blobs::Blobs;
use docextract_store::commands::{Lease, LeasedDelivery};
use tokio::sync::{broadcast, watch};

use crate::{Ambient, Extract, TestResult, TestTarget};

/// What the engine works with.
pub struct Parts {
    pub store: Arc<dyn Store>,
    pub blobs: Arc<dyn Blobs>,
    pub extractor: Arc<dyn Extract>,
    pub ambient: Arc<Ambient>,
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
    /// Waits before a job with a temporary error is tried again; after the last it fails.
    pub job_retry_waits_ms: Vec<u64>,
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
            job_retry_waits_ms: limits::JOB_RETRY_WAITS_MS.to_vec(),
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
    parts: Parts,
    config: Config,
    endings: broadcast::Sender<JobId>,
}

impl Engine {
    pub fn new(parts: Parts, config: Config) -> Result<Arc<Self>, EngineError> {
        let (endings, _) = broadcast::channel(1024);
        Ok(Arc::new(Self { parts, config, endings }))
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

    pub async fn run(self: &Arc<Self>, _shutdown: watch::Receiver<bool>) {
        todo!()
    }

    /// The lease for commands that write events: this node sends what they return.
    #[must_use]
    pub fn send_lease(&self) -> Lease {
        self.ambient().lease(limits::DELIVERY_LEASE_MS)
    }

    pub fn hand_over(self: &Arc<Self>, _to_send: Vec<LeasedDelivery>) {
        todo!()
    }

    pub fn wake_jobs(&self) {
        todo!()
    }

    pub fn wake_deliveries(&self) {
        todo!()
    }

    /// Tells when jobs end, as a hint: a slow receiver misses some.
    #[must_use]
    pub fn subscribe_job_endings(&self) -> broadcast::Receiver<JobId> {
        self.endings.subscribe()
    }

    #[must_use]
    pub fn gauges(&self) -> Gauges {
        todo!()
    }

    pub async fn send_test(&self, _target: TestTarget) -> docextract_store::Result<TestResult> {
        todo!()
    }

    pub async fn settle(self: &Arc<Self>) {
        todo!()
    }

    pub async fn step_jobs(self: &Arc<Self>) -> usize {
        todo!()
    }

    pub async fn step_deliveries(self: &Arc<Self>) -> usize {
        todo!()
    }
}
