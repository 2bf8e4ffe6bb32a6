//! One engine with everything around it, behind the few words that the scenarios need.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use docextract_engine::{
    Ambient, Clock, Config, Engine, Extract, Network, Parts, Random, SystemNetwork, TokioSpawner,
};
use docextract_extraction::{Document, Extraction, Lesson, Limits, NotDrawn, Request};
use docextract_model::address::AddressPolicy;
use docextract_model::delivery::{Attempt, AttemptErrorCode, Delivery};
use docextract_model::event::Event;
use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::{DeliveryId, EventId, ExtractorId, JobId, OrgId, WebhookId};
use docextract_model::job::Job;
use docextract_model::json::RawJson;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::webhook::{Secret, Webhook, WebhookStatus};
use docextract_store::Store;
use docextract_store::blobs::{Blobs as _, MemoryBlobs};
use docextract_store::commands::{
    CreateOrganisation, DeliveryFilter, ExtractorRef, FencedOutcome, LeaseJobs, LeasedDelivery, NewExtractor,
    NoteFile, PageRequest, PublishEvent, ReplayDelivery, ReplayOutcome, SUBMIT_JOB_IDS, SubmitJob,
    SubmitJobOutcome,
};
use docextract_store::memory::MemoryStore;
use tokio::io::AsyncReadExt as _;

/// A clock that stands until it is moved.
pub(crate) struct StillClock(AtomicI64);

impl StillClock {
    pub(crate) fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that differ from call to call and are the same in every run.
#[derive(Default)]
struct Counted(Mutex<u64>);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let source = count.to_be_bytes();
        for (at, byte) in bytes.iter_mut().rev().enumerate() {
            *byte = source.iter().rev().nth(at).copied().unwrap_or(0);
        }
    }
}

type Reader = dyn Fn(Request) -> Result<Extraction, Failure> + Send + Sync;

/// An extractor that does what the scenario says.
pub(crate) struct Scripted(pub(crate) Box<Reader>);

#[async_trait]
impl Extract for Scripted {
    async fn extract(&self, mut request: Request, document: &dyn Document) -> Result<Extraction, Failure> {
        document.open().await?.bytes.read_to_end(&mut request.bytes).await.unwrap();
        (self.0)(request)
    }

    async fn draw(&self, _: &str, _: &dyn Document, _: u32, _: u32, _: &Limits) -> Result<Vec<u8>, NotDrawn> {
        Err(NotDrawn::NoPages)
    }

    async fn learn(
        &self,
        _: Request,
        _: &dyn Document,
        _: serde_json::Map<String, serde_json::Value>,
    ) -> Result<Option<Lesson>, Failure> {
        Ok(None)
    }
}

pub(crate) fn unused() -> Arc<dyn Extract> {
    Arc::new(Scripted(Box::new(|_| Err(Failure::new(FailureCode::UnsupportedFormat)))))
}

/// Loopback receivers are allowed; everything else is as it is by default.
pub(crate) fn config() -> Config {
    Config { addresses: AddressPolicy { dev: true, allowed: Vec::new() }, ..Config::default() }
}

pub(crate) struct World {
    pub(crate) engine: Arc<Engine>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) blobs: Arc<MemoryBlobs>,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) tenant: Tenant,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(config(), unused()).await
    }

    pub(crate) async fn with(config: Config, extractor: Arc<dyn Extract>) -> Self {
        Self::on(Arc::new(MemoryStore::new()), config, extractor).await
    }

    pub(crate) async fn on(store: Arc<dyn Store>, config: Config, extractor: Arc<dyn Extract>) -> Self {
        Self::with_all(store, config, extractor, Arc::new(SystemNetwork::default())).await
    }

    /// A world whose names are those of a name server of the test.
    pub(crate) async fn asking(name_server: SocketAddr) -> Self {
        let network = SystemNetwork::asking(name_server).unwrap();
        Self::with_all(Arc::new(MemoryStore::new()), config(), unused(), Arc::new(network)).await
    }

    async fn with_all(
        store: Arc<dyn Store>,
        config: Config,
        extractor: Arc<dyn Extract>,
        network: Arc<dyn Network>,
    ) -> Self {
        let blobs = Arc::new(MemoryBlobs::default());
        let clock = Arc::new(StillClock(AtomicI64::new(1_732_356_000_000)));
        let ambient = Ambient::new(clock.clone(), Arc::new(Counted::default()), "node-a".to_owned());
        let parts = Parts {
            store: store.clone(),
            blobs: blobs.clone(),
            extractor,
            ambient: Arc::new(ambient),
            network,
            spawner: Arc::new(TokioSpawner),
        };
        let engine = Engine::new(parts, config).unwrap();
        let tenant = Tenant { org_id: OrgId::parse("org_a").unwrap(), mode: Mode::Test };
        let organisation = CreateOrganisation {
            id: tenant.org_id.clone(),
            name: "A".to_owned(),
            extractors: vec![extractor_of("ext_a")],
            now: clock.now(),
        };
        store.create_organisation(organisation).await.unwrap();
        Self { engine, store, blobs, clock, tenant }
    }

    pub(crate) async fn webhook(&self, url: &str) -> Webhook {
        self.webhook_for(url, &["*", "order.paid"]).await
    }

    pub(crate) async fn webhook_for(&self, url: &str, events: &[&str]) -> Webhook {
        let webhook = Webhook {
            id: self.engine.ambient().id(),
            tenant: self.tenant.clone(),
            url: url.to_owned(),
            description: String::new(),
            events: events.iter().map(|name| (*name).to_owned()).collect(),
            status: WebhookStatus::Enabled,
            disabled_reason: None,
            headers: vec![("Authorization".to_owned(), "Bearer of-the-receiver".to_owned())].into(),
            rate_limit_per_second: None,
            client_certificate: None,
            secret: Secret::new(self.engine.ambient().random_bytes()),
            previous_secret: None,
            failing_since: None,
            created_at: self.clock.now(),
            updated_at: self.clock.now(),
        };
        self.store.create_webhook(webhook.clone()).await.unwrap();
        webhook
    }

    /// Writes an event and hands its deliveries over, as the API does.
    pub(crate) async fn publish(&self) -> EventId {
        let (id, to_send) = self.write_event().await;
        self.engine.hand_over(to_send);
        id
    }

    /// Writes an event whose deliveries this node has leased but does not get to send.
    pub(crate) async fn write_event(&self) -> (EventId, Vec<LeasedDelivery>) {
        let id: EventId = self.engine.ambient().id();
        let event = Event {
            id: id.clone(),
            tenant: self.tenant.clone(),
            event_type: "order.paid".to_owned(),
            body: format!(r#"{{"event":"order.paid","data":{{"order":"{id}","total":1250.50}}}}"#)
                .into_bytes()
                .into(),
            job_id: None,
            created_at: self.clock.now(),
        };
        let command = PublishEvent { event, send_lease: self.engine.send_lease() };
        (id, self.store.publish_event(command).await.unwrap())
    }

    pub(crate) async fn replay(&self, delivery: &DeliveryId) -> DeliveryId {
        let new_id: DeliveryId = self.engine.ambient().id();
        let command = ReplayDelivery {
            tenant: self.tenant.clone(),
            delivery_id: delivery.clone(),
            new_id: new_id.clone(),
            now: self.clock.now(),
            send_lease: self.engine.send_lease(),
        };
        match self.store.replay_delivery(command).await.unwrap() {
            ReplayOutcome::Replayed { to_send, .. } => self.engine.hand_over(vec![to_send]),
            other => panic!("not replayed: {other:?}"),
        }
        new_id
    }

    pub(crate) async fn delivery(&self, id: &DeliveryId) -> (Delivery, Vec<Attempt>) {
        self.store.delivery(&self.tenant, id).await.unwrap().unwrap()
    }

    /// The first of a webhook's deliveries, oldest first.
    pub(crate) async fn deliveries(&self, webhook: &WebhookId) -> Vec<Delivery> {
        let filter = DeliveryFilter { webhook_id: Some(webhook.clone()), ..DeliveryFilter::default() };
        let page = self.store.deliveries(&self.tenant, filter, PageRequest::first(100)).await.unwrap();
        page.items.into_iter().rev().collect()
    }

    /// The only delivery of a webhook.
    pub(crate) async fn only_delivery(&self, webhook: &WebhookId) -> (Delivery, Vec<Attempt>) {
        let deliveries = self.deliveries(webhook).await;
        assert_eq!(deliveries.len(), 1);
        self.delivery(&deliveries[0].id).await
    }

    /// Sends one event to a URL, and tells how its first attempt went.
    pub(crate) async fn attempt(&self, url: &str) -> (Delivery, Attempt) {
        let webhook = self.webhook(url).await;
        self.publish().await;
        self.engine.settle().await;
        let (delivery, mut attempts) = self.only_delivery(&webhook.id).await;
        assert_eq!(attempts.len(), 1);
        (delivery, attempts.remove(0))
    }

    pub(crate) async fn submit(&self, metadata: &str) -> JobId {
        let id: JobId = self.engine.ambient().id();
        self.blobs.put(&id, b"%PDF-1.7".to_vec()).await.unwrap();
        self.submit_as(id, None, None, metadata).await
    }

    /// Submits a document that is kept with its job.
    pub(crate) async fn submit_small(&self, document: &[u8]) -> JobId {
        self.submit_as(self.engine.ambient().id(), None, Some(document.to_vec()), "{}").await
    }

    /// Submits a document by its address.
    pub(crate) async fn submit_url(&self, url: &str) -> JobId {
        self.submit_as(self.engine.ambient().id(), Some(url.to_owned()), None, "{}").await
    }

    async fn submit_as(
        &self,
        id: JobId,
        source_url: Option<String>,
        document: Option<Vec<u8>>,
        metadata: &str,
    ) -> JobId {
        let command = SubmitJob {
            id: id.clone(),
            tenant: self.tenant.clone(),
            extractor: ExtractorRef::Id(ExtractorId::parse("ext_a").unwrap()),
            file_size_bytes: match (&source_url, &document) {
                (Some(_), _) => 0,
                (None, Some(document)) => u64::try_from(document.len()).unwrap(),
                (None, None) => 8,
            },
            source_url,
            document,
            filename: None,
            mime_type: "application/octet-stream".to_owned(),
            metadata: RawJson::parse(metadata.to_owned()).unwrap(),
            password: None,
            now: self.clock.now(),
            ids: self.engine.ambient().ids(SUBMIT_JOB_IDS),
            send_lease: self.engine.send_lease(),
        };
        match self.store.submit_job(command).await.unwrap() {
            SubmitJobOutcome::Submitted { .. } => id,
            other => panic!("not submitted: {other:?}"),
        }
    }

    /// What this node did of a job before it was killed: its document is kept, and not read.
    pub(crate) async fn fetch_and_die(&self, id: &JobId, bytes: &[u8]) {
        let lease = self.engine.ambient().lease(60_000);
        let command = LeaseJobs {
            awaiting_file: true,
            limit: 1,
            now: self.clock.now(),
            lease: lease.clone(),
            ids: self.engine.ambient().ids(1),
            send_lease: self.engine.send_lease(),
        };
        assert_eq!(self.store.lease_jobs(command).await.unwrap().jobs[0].job.id, *id);
        self.blobs.put(id, bytes.to_vec()).await.unwrap();
        let file_size_bytes = u64::try_from(bytes.len()).unwrap();
        let command = NoteFile { job_id: id.clone(), lease_token: lease.token, file_size_bytes };
        assert_eq!(self.store.note_file(command).await.unwrap(), FencedOutcome::Written);
    }

    pub(crate) async fn job(&self, id: &JobId) -> Job {
        self.store.job(&self.tenant, id).await.unwrap().unwrap()
    }
}

fn extractor_of(id: &str) -> NewExtractor {
    NewExtractor {
        id: ExtractorId::parse(id).unwrap(),
        mode: Mode::Test,
        name: "Invoices".to_owned(),
        document_type: DocumentType::parse("invoice").unwrap(),
        field_definitions: vec![FieldDefinition::new("total_amount", FieldType::Currency, "The total")],
        ready_made: false,
        created_by: "system".to_owned(),
    }
}

pub(crate) fn error_code(attempt: &Attempt) -> Option<AttemptErrorCode> {
    attempt.error.as_ref().map(|error| error.code)
}
