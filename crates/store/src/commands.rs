//! What goes into the store's methods and what comes out of them.
//!
//! A command carries everything that its use case needs: the instant, ids and leases included. An
//! outcome is an enum of what can happen, so that a caller cannot forget a case.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use docextract_model::credit::{Account, Transaction};
use docextract_model::delivery::{Attempt, Delivery, DeliveryStatus};
use docextract_model::document_password::DocumentPassword;
use docextract_model::event::Event;
use docextract_model::extractor::{DocumentType, FieldDefinition};
use docextract_model::failure::Failure;
use docextract_model::id::{
    DeliveryId, EventId, ExtractorId, IdBlock, JobId, KeyId, OrgId, TransactionId, WebhookId,
};
use docextract_model::job::{Job, JobResult, JobStatus};
use docextract_model::json::RawJson;
use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::limits;
use docextract_model::plan::Plan;
use docextract_model::replay::Replay;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::webhook::{ClientCertificate, DisabledReason, Secret, Webhook, WebhookHeaders};
use rust_decimal::Decimal;

/// Part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// 1 to `limits::PAGE_LIMIT_MAX`.
    pub limit: u32,
    /// The id after which the page begins: the last id of the page before.
    pub after: Option<String>,
    pub offset: u32,
}

impl PageRequest {
    /// The first `limit` objects.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { limit, after: None, offset: 0 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub has_more: bool,
}

/// Who holds a lease and until when. A lease that ran out can be taken by anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The node that holds it: after a restart it gives back what it held.
    pub node: String,
    /// Fences the holder: only who names the same token may write the outcome.
    pub token: String,
    pub until: Timestamp,
}

// ---- organisations and keys ----

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrgId,
    pub name: String,
    pub plan: Plan,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOrganisation {
    pub id: OrgId,
    pub name: String,
    /// The extractors that it has from its first day, for both modes.
    pub extractors: Vec<NewExtractor>,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPlan {
    pub org_id: OrgId,
    pub plan: Plan,
    pub now: Timestamp,
}

/// A request that came with an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeginRequest {
    pub tenant: Tenant,
    pub key: String,
    /// Says what the request is: another one with the same key is not the same request.
    pub fingerprint: String,
    /// The number of the id that the request's object gets, where this is its first beginning.
    pub reserved: String,
    pub now: Timestamp,
    /// What was begun before is forgotten.
    pub expired_before: Timestamp,
    /// Keeps the same request from being done twice at once.
    pub lease: Lease,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeginRequestOutcome {
    /// It is the caller's to do, and to end.
    Begun {
        reserved: String,
        /// When it was begun first.
        begun_at: Timestamp,
        /// It was begun before and never answered: it may have been done.
        is_again: bool,
    },
    /// What the first one was answered.
    Answered(KeptAnswer),
    /// It was answered, and the answer was erased with its document.
    Erased,
    /// The key was used for another request.
    Differs,
    /// Somebody else is doing it.
    InProgress,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndRequest {
    pub tenant: Tenant,
    pub key: String,
    pub lease_token: String,
    pub end: RequestEnd,
}

/// An answer as it is kept. It may show a secret, which `Debug` does not.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptAnswer(pub String);

impl fmt::Debug for KeptAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptAnswer(..)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestEnd {
    Keep(KeptAnswer),
    /// It has no answer that could be kept and may be begun again, with the same id.
    Release,
    /// Nothing was done.
    Forget,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateKey {
    pub key: ApiKey,
    pub hash: KeyHash,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateKeyOutcome {
    Created(ApiKey),
    OrganisationNotFound,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeKey {
    pub org_id: OrgId,
    pub key_id: KeyId,
    pub now: Timestamp,
}

// ---- extractors ----

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExtractor {
    pub id: ExtractorId,
    pub mode: Mode,
    pub name: String,
    pub document_type: DocumentType,
    pub field_definitions: Vec<FieldDefinition>,
    /// A ready-made extractor can also be named by its document type.
    pub ready_made: bool,
    /// The key that made it, or `system`.
    pub created_by: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extractor {
    pub id: ExtractorId,
    pub tenant: Tenant,
    pub name: String,
    pub document_type: DocumentType,
    pub field_definitions: Vec<FieldDefinition>,
    pub ready_made: bool,
    pub is_active: bool,
    /// 1 for the first; a change of its definitions makes the next.
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub created_by: String,
    /// Jobs submitted to it.
    pub usage_count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateExtractor {
    pub org_id: OrgId,
    pub extractor: NewExtractor,
    pub now: Timestamp,
}

/// Which extractor a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtractorRef {
    Id(ExtractorId),
    /// The ready-made one of this document type.
    ReadyMade(DocumentType),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateExtractor {
    pub tenant: Tenant,
    pub id: ExtractorId,
    pub name: Option<String>,
    pub document_type: Option<DocumentType>,
    pub field_definitions: Option<Vec<FieldDefinition>>,
    pub is_active: Option<bool>,
    pub now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteOutcome {
    Deleted,
    NotFound,
}

// ---- jobs ----

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitJob {
    pub id: JobId,
    pub tenant: Tenant,
    pub extractor: ExtractorRef,
    /// The document is to be fetched from there.
    pub source_url: Option<String>,
    /// The document itself, one that is small (`limits::DOCUMENT_BYTES_WITH_JOB_MAX`). Without it and without a
    /// `source_url`, its file is kept already.
    pub document: Option<Vec<u8>>,
    pub filename: Option<String>,
    pub mime_type: String,
    pub file_size_bytes: u64,
    pub metadata: RawJson,
    /// Opens the document. Kept sealed until the job has ended.
    pub password: Option<DocumentPassword>,
    pub now: Timestamp,
    /// One id, for a `credits.depleted` when the balance cannot pay for this job.
    pub ids: IdBlock,
    pub send_lease: Lease,
}

/// Ids that [`SubmitJob`], [`RetryJob`] may use.
pub const SUBMIT_JOB_IDS: u32 = 1;

#[derive(Debug, Clone, PartialEq)]
pub enum SubmitJobOutcome {
    Submitted { job: Job, to_send: Vec<LeasedDelivery> },
    ExtractorNotFound,
    ExtractorInactive,
}

/// Submits the same document with the same extractor again, as a new job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryJob {
    pub tenant: Tenant,
    pub job_id: JobId,
    pub new_id: JobId,
    /// Opens the document: the one of the first job is no longer known.
    pub password: Option<DocumentPassword>,
    pub now: Timestamp,
    pub ids: IdBlock,
    pub send_lease: Lease,
}

#[derive(Debug, Clone, PartialEq)]
pub enum RetryJobOutcome {
    Submitted {
        job: Job,
        to_send: Vec<LeasedDelivery>,
    },
    NotFound,
    /// It has not ended yet.
    NotEnded(JobStatus),
    ExtractorNotFound,
    ExtractorInactive,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobFilter {
    pub extractor_id: Option<ExtractorId>,
    pub status: Option<JobStatus>,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
    /// Ten-thousandths: every value found has at least this confidence.
    pub confidence_min_e4: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseJobs {
    /// Jobs whose documents are still to be fetched, or those whose documents are kept.
    pub awaiting_file: bool,
    pub limit: u32,
    pub now: Timestamp,
    pub lease: Lease,
    /// One id per job of `limit`, for `credits.depleted` of organisations whose jobs are held.
    pub ids: IdBlock,
    pub send_lease: Lease,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJobs {
    pub jobs: Vec<LeasedJob>,
    /// Deliveries of events that this use case wrote.
    pub to_send: Vec<LeasedDelivery>,
}

/// A job to be worked on, with the extractor's version that it runs with.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJob {
    pub job: Job,
    pub field_definitions: Vec<FieldDefinition>,
    pub password: Option<DocumentPassword>,
    /// The document, if the store keeps it.
    pub document: Option<Vec<u8>>,
    /// Whether the extractor has learnt anything.
    pub has_lessons: bool,
}

impl LeasedJob {
    /// It was taken up too often without ending: it is what kills its workers.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.job.attempt_count > limits::JOB_LEASES_MAX
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    Completed(JobResult),
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishJob {
    pub job_id: JobId,
    /// The token of the lease that the worker holds.
    pub lease_token: String,
    pub end: JobEnd,
    pub mime_type: Option<String>,
    /// Corrected documents whose lessons were of use.
    pub lessons_used: Vec<JobId>,
    pub processing_time_ms: u64,
    pub now: Timestamp,
    pub ids: IdBlock,
    pub send_lease: Lease,
}

/// Ids that [`FinishJob`] may use: the charge, the job's event, `low_balance` and `depleted`.
pub const FINISH_JOB_IDS: u32 = 4;

#[derive(Debug, Clone, PartialEq)]
pub enum FinishJobOutcome {
    Finished {
        job: Job,
        to_send: Vec<LeasedDelivery>,
    },
    /// The balance cannot pay for it: it is queued again, held, and knows what it needs.
    Held {
        job: Job,
        to_send: Vec<LeasedDelivery>,
    },
    /// The lease was another's by then; nothing was written.
    LostLease,
}

/// What a person says that a completed job's document has. A field that was corrected before and is not named
/// keeps its correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectJob {
    pub tenant: Tenant,
    pub job_id: JobId,
    /// An object of some of the extractor's fields, which fit them.
    pub corrections: RawJson,
    /// What was learnt from it, for the job's extractor; none leaves what was learnt before.
    pub lesson: Option<RawJson>,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CorrectJobOutcome {
    Corrected(Job),
    NotFound,
    NotCompleted(JobStatus),
}

/// What was learnt from a corrected document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearntLesson {
    /// Of the corrected document.
    pub job_id: JobId,
    /// The extraction's own: the store never looks into it.
    pub lesson: RawJson,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraseJob {
    pub tenant: Tenant,
    pub job_id: JobId,
    pub now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseJobOutcome {
    Erased,
    NotFound,
    /// It has not ended yet.
    NotEnded(JobStatus),
}

/// Puts a leased job back, to be tried again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferJob {
    pub job_id: JobId,
    pub lease_token: String,
    pub due_at: Timestamp,
}

/// The document of a leased job was fetched and is kept: it is read under the same lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteFile {
    pub job_id: JobId,
    pub lease_token: String,
    pub file_size_bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FencedOutcome {
    Written,
    LostLease,
}

// ---- credits ----

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantCredits {
    pub org_id: OrgId,
    pub amount: u64,
    /// None unless they were bought.
    pub price_paid: Option<Decimal>,
    pub description: String,
    pub transaction_id: TransactionId,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantOutcome {
    Granted {
        account: Account,
        transaction: Transaction,
        jobs_resumed: u64,
    },
    /// The organisation's ledger has this id already: it was granted before, and is not again.
    AlreadyGranted(Transaction),
    OrganisationNotFound,
    /// The balance would not fit in a signed 64-bit number.
    TooMany,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetLowBalanceThreshold {
    pub org_id: OrgId,
    pub threshold: u64,
}

// ---- webhooks ----

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateWebhookOutcome {
    Created(Webhook),
    TooMany,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateWebhook {
    pub tenant: Tenant,
    pub id: WebhookId,
    pub url: Option<String>,
    pub description: Option<String>,
    pub events: Option<Vec<String>>,
    pub headers: Option<WebhookHeaders>,
    /// The inner none takes the limit away.
    pub rate_limit_per_second: Option<Option<NonZeroU32>>,
    /// The inner none takes the certificate away.
    pub client_certificate: Option<Option<ClientCertificate>>,
    /// Enabling clears the reason and the failing streak; disabling skips what is pending.
    pub status: Option<StatusChange>,
    pub now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusChange {
    Enable,
    Disable(DisabledReason),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotateSecret {
    pub tenant: Tenant,
    pub id: WebhookId,
    pub secret: Secret,
    /// Until when the old secret signs too.
    pub overlap_until: Timestamp,
    pub now: Timestamp,
}

// ---- events and deliveries ----

/// An event to be written by itself (`POST /v1/events`, tests), not by a job or a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishEvent {
    pub event: Event,
    pub send_lease: Lease,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    pub event_type: Option<String>,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryFilter {
    pub webhook_id: Option<WebhookId>,
    pub event_id: Option<EventId>,
    pub event_type: Option<String>,
    pub status: Option<DeliveryStatus>,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
}

/// A delivery that its holder must send, with all that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedDelivery {
    pub id: DeliveryId,
    pub event_id: EventId,
    pub event_type: String,
    pub webhook_id: WebhookId,
    /// Whose it is.
    pub org_id: OrgId,
    pub url: String,
    pub headers: WebhookHeaders,
    /// Attempts a second that the webhook allows.
    pub rate_limit_per_second: Option<NonZeroU32>,
    /// What the webhook's requests prove, when its endpoint asks.
    pub client_certificate: Option<ClientCertificate>,
    /// The secrets that sign, the newest first.
    pub secrets: Vec<Secret>,
    pub body: Arc<[u8]>,
    /// 1 for the first attempt.
    pub attempt_number: u32,
    pub lease: Lease,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimDeliveries {
    pub lease: Lease,
    pub now: Timestamp,
    /// Of all webhooks together.
    pub limit: u32,
    /// Of their bodies together: none is claimed behind the one that reaches it.
    pub bytes_max: usize,
    /// Of one webhook that `room` does not name.
    pub per_webhook: u32,
    /// Of these, the caller knows how many it has room for; 0 for a lane that is full.
    pub room: BTreeMap<WebhookId, u32>,
}

impl ClaimDeliveries {
    /// How many of this webhook's deliveries may be claimed.
    #[must_use]
    pub fn room_for(&self, webhook_id: &WebhookId) -> u32 {
        self.room.get(webhook_id).copied().unwrap_or(self.per_webhook)
    }
}

/// What an attempt means for its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterAttempt {
    Delivered,
    RetryAt(Timestamp),
    /// The attempts are spent.
    Failed,
    /// The endpoint answered 410: the delivery failed and the webhook is disabled.
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAttempt {
    pub delivery_id: DeliveryId,
    /// As it was leased.
    pub webhook_id: WebhookId,
    pub lease_token: String,
    pub attempt: Attempt,
    pub after: AfterAttempt,
    pub finished_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAttempts {
    /// Shared, so that a caller can try again without a copy.
    pub attempts: Arc<[RecordAttempt]>,
    /// One id per attempt, for the `webhook.disabled` of a webhook that it disables.
    pub ids: IdBlock,
    pub send_lease: Lease,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedAttempts {
    /// One per attempt, in their order.
    pub outcomes: Vec<FencedOutcome>,
    /// Deliveries of events that this use case wrote.
    pub to_send: Vec<LeasedDelivery>,
}

/// A test that was sent outside of the queue, with its one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordTest {
    pub event: Event,
    pub delivery_id: DeliveryId,
    pub webhook_id: Option<WebhookId>,
    pub url: String,
    pub attempt: Attempt,
    pub finished_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CreateReplayOutcome {
    Created(Replay),
    WebhookNotFound,
    WebhookDisabled,
}

/// Goes on with the running replay that waits longest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReplay {
    /// Log rows to look at.
    pub limit: u32,
    /// One per row.
    pub ids: IdBlock,
    pub now: Timestamp,
}

/// Removes old log entries, a few at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PruneLog {
    /// What was created before is old.
    pub before: Timestamp,
    /// Of deliveries, of events, and of counts.
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrunedLog {
    pub deliveries: u64,
    pub events: u64,
    /// Rows of attempt counts.
    pub counts: u64,
}

/// Which hours of a webhook's attempts are asked for: those that begin in `[since, until)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedHours {
    pub tenant: Tenant,
    pub webhook_id: WebhookId,
    pub since: Timestamp,
    pub until: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayDelivery {
    pub tenant: Tenant,
    pub delivery_id: DeliveryId,
    pub new_id: DeliveryId,
    pub now: Timestamp,
    pub send_lease: Lease,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ReplayOutcome {
    Replayed {
        delivery: Delivery,
        to_send: LeasedDelivery,
    },
    NotFound,
    /// The event's document was erased, and its body with it.
    EventErased,
    /// The delivery was a test of an unregistered URL, or its webhook was deleted.
    WebhookGone,
    WebhookDisabled,
}
