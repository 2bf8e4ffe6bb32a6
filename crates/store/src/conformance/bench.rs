//! The bench that scenarios work at: a store, a clock that is set, ids and leases, and use cases in
//! one line each.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::num::NonZeroU32;

use docextract_model::delivery::{Attempt, AttemptError, AttemptErrorCode, Delivery, DeliveryStatus};
use docextract_model::event::Event;
use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::{DeliveryId, EventId, Id, IdBlock, IdSequence, JobId, OrgId, WebhookId};
use docextract_model::job::{Job, JobResult};
use docextract_model::json::RawJson;
use docextract_model::plan::Plan;
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::webhook::{ClientCertificate, Secret, Webhook, WebhookStatus};

use crate::Store;
use crate::commands::{
    AfterAttempt, ClaimDeliveries, CreateOrganisation, CreateWebhookOutcome, DeferJob, DeliveryFilter,
    EventFilter, Extractor, ExtractorRef, FINISH_JOB_IDS, FencedOutcome, FinishJob, FinishJobOutcome,
    GrantCredits, GrantOutcome, JobEnd, Lease, LeaseJobs, LeasedDelivery, LeasedJobs, NewExtractor,
    PageRequest, PublishEvent, RecordAttempt, RecordAttempts, RecordedAttempts, ReplayDelivery,
    ReplayOutcome, RetryJob, RetryJobOutcome, SUBMIT_JOB_IDS, SetLowBalanceThreshold, SetPlan, StatusChange,
    SubmitJob, SubmitJobOutcome, UpdateExtractor, UpdateWebhook,
};

/// When every scenario begins.
pub const START: Timestamp = Timestamp::from_unix_ms(1_732_356_000_123);
/// How long the bench's leases last.
pub const LEASE_MS: u64 = 60_000;
/// The node that the bench's leases name.
pub const NODE: &str = "node-a";
/// A page that holds everything a scenario makes.
pub const ALL: PageRequest = PageRequest { limit: 100, after: None, offset: 0 };

pub struct Bench<'a> {
    pub store: &'a dyn Store,
    now: Cell<Timestamp>,
    ids: RefCell<IdSequence>,
    leases: Cell<u32>,
}

/// A document type that is known to fit.
#[must_use]
pub fn document_type(name: &str) -> DocumentType {
    DocumentType::parse(name).unwrap()
}

/// Field definitions that differ where the names differ.
#[must_use]
pub fn definitions(name: &str) -> Vec<FieldDefinition> {
    vec![FieldDefinition::new(name, FieldType::Text, "What it says")]
}

/// The result of reading a document with this many pages.
#[must_use]
pub fn result(page_count: u32, confidence_min_e4: u32) -> JobResult {
    let json = |text: &str| RawJson::parse(text.to_owned()).unwrap();
    JobResult {
        extracted_data: json(r#"{"total_amount":1250.50,"invoice_number":null}"#),
        confidence: json(r#"{"total_amount":0.9,"invoice_number":0}"#),
        citations: json(r#"{"total_amount":{"page":1,"bbox":[0.1,0.2,0.3,0.4],"text":"1.250,50"}}"#),
        warnings: vec!["The XML disagrees with the page.".to_owned()],
        page_count,
        confidence_min_e4,
    }
}

/// An attempt that was answered with this status.
#[must_use]
pub fn attempt_at(attempted_at: Timestamp, number: u32, status_code: u16) -> Attempt {
    let error = (!(200..300).contains(&status_code)).then(|| AttemptError {
        code: AttemptErrorCode::HttpStatus,
        message: format!("the endpoint answered {status_code}"),
    });
    Attempt {
        number,
        attempted_at,
        status_code: Some(status_code),
        response_time_ms: 120,
        dns_ms: Some(3),
        connect_ms: Some(11),
        tls_ms: Some(25),
        first_byte_ms: Some(110),
        remote_ip: Some("203.0.113.9".to_owned()),
        error,
        request_headers: vec![("content-type".into(), "application/json".to_owned())],
        response_headers: vec![("server".into(), "nginx".to_owned())],
        response_body: Some("ok \u{1f44d}".to_owned()),
    }
}

impl<'a> Bench<'a> {
    #[must_use]
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store, now: Cell::new(START), ids: RefCell::default(), leases: Cell::new(0) }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now.get()
    }

    /// Moves the clock, and returns what it shows then.
    pub fn advance(&self, ms: u64) -> Timestamp {
        self.now.set(self.now().plus_ms(ms));
        self.now()
    }

    #[must_use]
    pub fn ids(&self, count: u32) -> IdBlock {
        self.ids.borrow_mut().reserve(self.now(), [0; 10], count)
    }

    #[must_use]
    pub fn id<I: Id>(&self) -> I {
        self.ids(1).take().unwrap()
    }

    /// A lease with a token of its own.
    #[must_use]
    pub fn lease(&self) -> Lease {
        self.leases.set(self.leases.get() + 1);
        let token = format!("lease-{}", self.leases.get());
        Lease { node: NODE.to_owned(), token, until: self.now().plus_ms(LEASE_MS) }
    }

    // ---- organisations, extractors, credits ----

    #[must_use]
    pub fn new_extractor(&self, mode: Mode, kind: &str, ready_made: bool) -> NewExtractor {
        NewExtractor {
            id: self.id(),
            mode,
            name: format!("Our {kind}"),
            document_type: document_type(kind),
            field_definitions: definitions("total_amount"),
            ready_made,
            created_by: "system".to_owned(),
        }
    }

    /// A new organisation with ready-made `invoice` and `receipt` in both modes; its live side.
    pub async fn organisation(&self) -> Tenant {
        let org_id: OrgId = self.id();
        let mut extractors = Vec::new();
        for mode in Mode::ALL {
            for kind in ["invoice", "receipt"] {
                extractors.push(self.new_extractor(mode, kind, true));
            }
        }
        let command = CreateOrganisation {
            id: org_id.clone(),
            name: "Example Ltd".to_owned(),
            extractors,
            now: self.now(),
        };
        self.store.create_organisation(command).await.unwrap();
        Tenant { org_id, mode: Mode::Live }
    }

    /// A new organisation with credits; its live side.
    pub async fn organisation_with(&self, credits: u64) -> Tenant {
        let tenant = self.organisation().await;
        self.grant(&tenant, credits).await;
        tenant
    }

    pub async fn set_plan(&self, tenant: &Tenant, plan: Plan) {
        let command = SetPlan { org_id: tenant.org_id.clone(), plan, now: self.now() };
        let organisation = self.store.set_plan(command).await.unwrap().unwrap();
        assert_eq!(organisation.plan, plan);
    }

    /// The other mode of the same organisation.
    #[must_use]
    pub fn other_mode(&self, tenant: &Tenant) -> Tenant {
        let mode = if tenant.mode == Mode::Live { Mode::Test } else { Mode::Live };
        Tenant { org_id: tenant.org_id.clone(), mode }
    }

    pub async fn grant(&self, tenant: &Tenant, amount: u64) -> GrantOutcome {
        let command = GrantCredits {
            org_id: tenant.org_id.clone(),
            amount,
            price_paid: None,
            description: "Top-up".to_owned(),
            transaction_id: self.id(),
            now: self.now(),
        };
        self.store.grant_credits(command).await.unwrap()
    }

    pub async fn threshold(&self, tenant: &Tenant, threshold: u64) {
        let command = SetLowBalanceThreshold { org_id: tenant.org_id.clone(), threshold };
        self.store.set_low_balance_threshold(command).await.unwrap().unwrap();
    }

    pub async fn balance(&self, tenant: &Tenant) -> u64 {
        self.store.account(&tenant.org_id).await.unwrap().unwrap().balance
    }

    pub async fn ready_made(&self, tenant: &Tenant, kind: &str) -> Extractor {
        let which = ExtractorRef::ReadyMade(document_type(kind));
        self.store.extractor(tenant, &which).await.unwrap().unwrap()
    }

    /// An update of an extractor that changes nothing yet.
    #[must_use]
    pub fn extractor_update(&self, extractor: &Extractor) -> UpdateExtractor {
        UpdateExtractor {
            tenant: extractor.tenant.clone(),
            id: extractor.id.clone(),
            name: None,
            document_type: None,
            field_definitions: None,
            is_active: None,
            now: self.now(),
        }
    }

    pub async fn set_active(&self, extractor: &Extractor, is_active: bool) {
        let command = UpdateExtractor { is_active: Some(is_active), ..self.extractor_update(extractor) };
        self.store.update_extractor(command).await.unwrap().unwrap();
    }

    // ---- jobs ----

    #[must_use]
    pub fn submission(&self, tenant: &Tenant, extractor: ExtractorRef) -> SubmitJob {
        SubmitJob {
            id: self.id(),
            tenant: tenant.clone(),
            extractor,
            source_url: None,
            document: None,
            filename: Some("scan.pdf".to_owned()),
            mime_type: "application/octet-stream".to_owned(),
            file_size_bytes: 12_345,
            metadata: RawJson::parse(r#"{"customer":"c-1"}"#.to_owned()).unwrap(),
            password: None,
            now: self.now(),
            ids: self.ids(SUBMIT_JOB_IDS),
            send_lease: self.lease(),
        }
    }

    /// Submits to the ready-made extractor of this kind.
    pub async fn submit_sending(&self, tenant: &Tenant, kind: &str) -> (Job, Vec<LeasedDelivery>) {
        let command = self.submission(tenant, ExtractorRef::ReadyMade(document_type(kind)));
        match self.store.submit_job(command).await.unwrap() {
            SubmitJobOutcome::Submitted { job, to_send } => (job, to_send),
            other => panic!("the job was not submitted: {other:?}"),
        }
    }

    pub async fn submit(&self, tenant: &Tenant, kind: &str) -> Job {
        self.submit_sending(tenant, kind).await.0
    }

    pub async fn retry(&self, tenant: &Tenant, job: &Job) -> RetryJobOutcome {
        let command = RetryJob {
            tenant: tenant.clone(),
            job_id: job.id.clone(),
            new_id: self.id(),
            password: None,
            now: self.now(),
            ids: self.ids(SUBMIT_JOB_IDS),
            send_lease: self.lease(),
        };
        self.store.retry_job(command).await.unwrap()
    }

    pub async fn lease_with(&self, lease: &Lease, limit: u32) -> LeasedJobs {
        let command = LeaseJobs {
            awaiting_file: false,
            limit,
            now: self.now(),
            lease: lease.clone(),
            ids: self.ids(limit),
            send_lease: self.lease(),
        };
        self.store.lease_jobs(command).await.unwrap()
    }

    /// Leases what is due and returns the token and the ids.
    pub async fn lease_jobs(&self, limit: u32) -> (String, Vec<JobId>) {
        let lease = self.lease();
        let leased = self.lease_with(&lease, limit).await;
        (lease.token, leased.jobs.into_iter().map(|leased| leased.job.id).collect())
    }

    /// Submits a document by its address.
    pub async fn submit_url(&self, tenant: &Tenant, kind: &str) -> Job {
        let command = SubmitJob {
            source_url: Some("https://files.example.com/scan.pdf".to_owned()),
            file_size_bytes: 0,
            ..self.submission(tenant, ExtractorRef::ReadyMade(document_type(kind)))
        };
        match self.store.submit_job(command).await.unwrap() {
            SubmitJobOutcome::Submitted { job, .. } => job,
            other => panic!("the job was not submitted: {other:?}"),
        }
    }

    /// Leases what is due and whose documents are to be fetched.
    pub async fn lease_fetches(&self, limit: u32) -> (String, Vec<JobId>) {
        let lease = self.lease();
        let command = LeaseJobs {
            awaiting_file: true,
            limit,
            now: self.now(),
            lease: lease.clone(),
            ids: self.ids(limit),
            send_lease: self.lease(),
        };
        let leased = self.store.lease_jobs(command).await.unwrap();
        (lease.token, leased.jobs.into_iter().map(|leased| leased.job.id).collect())
    }

    pub async fn end(&self, job_id: &JobId, token: &str, end: JobEnd) -> FinishJobOutcome {
        self.end_with_lessons(job_id, token, end, Vec::new()).await
    }

    pub async fn end_with_lessons(
        &self,
        job_id: &JobId,
        token: &str,
        end: JobEnd,
        lessons_used: Vec<JobId>,
    ) -> FinishJobOutcome {
        let command = FinishJob {
            job_id: job_id.clone(),
            lease_token: token.to_owned(),
            end,
            lessons_used,
            mime_type: Some("application/pdf".to_owned()),
            processing_time_ms: 840,
            now: self.now(),
            ids: self.ids(FINISH_JOB_IDS),
            send_lease: self.lease(),
        };
        self.store.finish_job(command).await.unwrap()
    }

    pub async fn finish(&self, job_id: &JobId, token: &str, pages: u32) -> FinishJobOutcome {
        self.end(job_id, token, JobEnd::Completed(result(pages, 9_000))).await
    }

    /// Submits a job, leases it and completes it: the whole way that most jobs go.
    pub async fn run(&self, tenant: &Tenant, kind: &str, pages: u32) -> (Job, Vec<LeasedDelivery>) {
        self.run_to(tenant, kind, JobEnd::Completed(result(pages, 9_000))).await
    }

    pub async fn run_to(&self, tenant: &Tenant, kind: &str, end: JobEnd) -> (Job, Vec<LeasedDelivery>) {
        let job = self.submit(tenant, kind).await;
        let (token, leased) = self.lease_jobs(100).await;
        assert!(leased.contains(&job.id), "the job was not leased");
        match self.end(&job.id, &token, end).await {
            FinishJobOutcome::Finished { job, to_send } => (job, to_send),
            other => panic!("the job did not end: {other:?}"),
        }
    }

    /// How a job ends that could not be read.
    #[must_use]
    pub fn unreadable(&self) -> JobEnd {
        JobEnd::Failed(Failure::with_detail(FailureCode::DocumentUnreadable, "Page 1 is blank."))
    }

    pub async fn job(&self, job: &Job) -> Job {
        let tenant = Tenant { org_id: job.org_id.clone(), mode: job.mode };
        self.store.job(&tenant, &job.id).await.unwrap().unwrap()
    }

    pub async fn defer(&self, job_id: &JobId, token: &str, due_at: Timestamp) -> FencedOutcome {
        let command = DeferJob { job_id: job_id.clone(), lease_token: token.to_owned(), due_at };
        self.store.defer_job(command).await.unwrap()
    }

    // ---- webhooks ----

    #[must_use]
    pub fn new_webhook(&self, tenant: &Tenant, events: &[&str]) -> Webhook {
        Webhook {
            id: self.id(),
            tenant: tenant.clone(),
            url: "https://example.com/hook".to_owned(),
            description: "Orders".to_owned(),
            events: events.iter().map(|&name| name.to_owned()).collect(),
            status: WebhookStatus::Enabled,
            disabled_reason: None,
            headers: vec![("X-Team".to_owned(), "billing".to_owned())].into(),
            rate_limit_per_second: NonZeroU32::new(50),
            client_certificate: Some(ClientCertificate::new(
                "chain".to_owned(),
                "key".to_owned(),
                "0f".to_owned(),
            )),
            secret: Secret::new([1; 24]),
            previous_secret: None,
            failing_since: None,
            created_at: self.now(),
            updated_at: self.now(),
        }
    }

    pub async fn webhook(&self, tenant: &Tenant, events: &[&str]) -> Webhook {
        match self.store.create_webhook(self.new_webhook(tenant, events)).await.unwrap() {
            CreateWebhookOutcome::Created(webhook) => webhook,
            CreateWebhookOutcome::TooMany => panic!("the webhook was not created"),
        }
    }

    /// An update of a webhook that changes nothing yet.
    #[must_use]
    pub fn webhook_update(&self, webhook: &Webhook) -> UpdateWebhook {
        UpdateWebhook {
            tenant: webhook.tenant.clone(),
            id: webhook.id.clone(),
            url: None,
            description: None,
            events: None,
            headers: None,
            rate_limit_per_second: None,
            client_certificate: None,
            status: None,
            now: self.now(),
        }
    }

    pub async fn set_status(&self, webhook: &Webhook, change: StatusChange) -> Webhook {
        let command = UpdateWebhook { status: Some(change), ..self.webhook_update(webhook) };
        self.store.update_webhook(command).await.unwrap().unwrap()
    }

    /// The webhook as it is now.
    pub async fn reread(&self, webhook: &Webhook) -> Webhook {
        self.store.webhook(&webhook.tenant, &webhook.id).await.unwrap().unwrap()
    }

    // ---- events and deliveries ----

    #[must_use]
    pub fn event(&self, tenant: &Tenant, event_type: &str) -> Event {
        Event {
            id: self.id(),
            tenant: tenant.clone(),
            event_type: event_type.to_owned(),
            body: format!(r#"{{"event":"{event_type}","data":{{}}}}"#).into_bytes().into(),
            job_id: None,
            created_at: self.now(),
        }
    }

    pub async fn publish(&self, tenant: &Tenant, event_type: &str) -> Vec<LeasedDelivery> {
        let command = PublishEvent { event: self.event(tenant, event_type), send_lease: self.lease() };
        self.store.publish_event(command).await.unwrap()
    }

    /// Publishes to a tenant with one matching webhook.
    pub async fn publish_one(&self, tenant: &Tenant) -> LeasedDelivery {
        let mut to_send = self.publish(tenant, "job.completed").await;
        assert_eq!(to_send.len(), 1, "one webhook matches");
        to_send.remove(0)
    }

    pub async fn claim(&self, limit: u32, per_webhook: u32) -> Vec<LeasedDelivery> {
        let command = ClaimDeliveries {
            lease: self.lease(),
            now: self.now(),
            limit,
            bytes_max: usize::MAX,
            per_webhook,
            room: BTreeMap::new(),
        };
        self.store.claim_deliveries(command).await.unwrap()
    }

    /// Whatever was known of deliveries to come, a claim at that time finds nothing, and then none is known.
    pub async fn nothing_is_due_any_more(&self) {
        if let Some(due_at) = self.store.next_due_at().await.unwrap().delivery {
            self.advance(due_at.ms_since(self.now()));
            assert_eq!(self.claim(10, 10).await, []);
        }
        assert_eq!(self.store.next_due_at().await.unwrap().delivery, None);
    }

    /// An attempt that began now and was answered with this status.
    #[must_use]
    pub fn attempt(&self, number: u32, status_code: u16) -> Attempt {
        attempt_at(self.now(), number, status_code)
    }

    /// The record of an attempt that took place now.
    #[must_use]
    pub fn attempted(&self, leased: &LeasedDelivery, after: AfterAttempt) -> RecordAttempt {
        let status_code = match after {
            AfterAttempt::Delivered => 204,
            AfterAttempt::RetryAt(_) | AfterAttempt::Failed => 503,
            AfterAttempt::Gone => 410,
        };
        RecordAttempt {
            delivery_id: leased.id.clone(),
            webhook_id: leased.webhook_id.clone(),
            lease_token: leased.lease.token.clone(),
            attempt: self.attempt(leased.attempt_number, status_code),
            after,
            finished_at: self.now().plus_ms(120),
        }
    }

    pub async fn record(&self, leased: &LeasedDelivery, after: AfterAttempt) -> FencedOutcome {
        let recorded = self.record_all(vec![self.attempted(leased, after)]).await;
        assert_eq!(recorded.outcomes.len(), 1, "one record has one outcome");
        recorded.outcomes[0]
    }

    pub async fn record_all(&self, attempts: Vec<RecordAttempt>) -> RecordedAttempts {
        let ids = self.ids(u32::try_from(attempts.len()).unwrap());
        let command = RecordAttempts { attempts: attempts.into(), ids, send_lease: self.lease() };
        self.store.record_attempts(command).await.unwrap()
    }

    /// A replay of everything before now, not stored yet.
    pub fn new_replay(&self, tenant: &Tenant, webhook_id: &WebhookId, statuses: &[DeliveryStatus]) -> Replay {
        Replay {
            id: self.id(),
            tenant: tenant.clone(),
            webhook_id: webhook_id.clone(),
            since: START,
            until: self.now(),
            statuses: statuses.to_vec(),
            status: ReplayStatus::Running,
            replayed: 0,
            cursor: None,
            position: None,
            created_at: self.now(),
            stepped_at: self.now(),
            finished_at: None,
        }
    }

    pub async fn replay(&self, tenant: &Tenant, delivery_id: &DeliveryId) -> ReplayOutcome {
        let command = ReplayDelivery {
            tenant: tenant.clone(),
            delivery_id: delivery_id.clone(),
            new_id: self.id(),
            now: self.now(),
            send_lease: self.lease(),
        };
        self.store.replay_delivery(command).await.unwrap()
    }

    pub async fn delivery(&self, tenant: &Tenant, id: &DeliveryId) -> (Delivery, Vec<Attempt>) {
        self.store.delivery(tenant, id).await.unwrap().unwrap()
    }

    pub async fn status(&self, tenant: &Tenant, id: &DeliveryId) -> DeliveryStatus {
        self.delivery(tenant, id).await.0.status
    }

    /// Every event of the tenant, oldest first.
    pub async fn events(&self, tenant: &Tenant) -> Vec<Event> {
        let mut events = self.store.events(tenant, EventFilter::default(), ALL).await.unwrap().items;
        events.reverse();
        events
    }

    pub async fn event_types(&self, tenant: &Tenant) -> Vec<String> {
        self.events(tenant).await.into_iter().map(|event| event.event_type).collect()
    }

    /// Every delivery of an event, in the order of its webhooks.
    pub async fn deliveries_of(&self, tenant: &Tenant, event_id: &EventId) -> Vec<Delivery> {
        let filter = DeliveryFilter { event_id: Some(event_id.clone()), ..DeliveryFilter::default() };
        let mut deliveries = self.store.deliveries(tenant, filter, ALL).await.unwrap().items;
        deliveries.reverse();
        deliveries
    }
}

/// The body of an event as the text that it is.
#[must_use]
pub fn text(body: &[u8]) -> &str {
    std::str::from_utf8(body).unwrap()
}
