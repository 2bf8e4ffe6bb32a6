//! Events: what happened, as the exact bytes that receivers get.
//!
//! A body is written once, by the functions here, and stored. It is signed and sent as stored and
//! never serialised again. Its keys and their order are the public contract.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use crate::credit;
use crate::delivery::{AttemptError, Delivery};
use crate::failure::Failure;
use crate::id::{DeliveryId, EventId, JobId, OrgId, WebhookId};
use crate::job::{Job, JobStatus};
use crate::json::RawJson;
use crate::number::json_number;
use crate::tenant::Tenant;
use crate::time::Timestamp;
use crate::webhook::{DisabledReason, Webhook};

/// The types that this product sends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CoreEvent {
    JobCompleted,
    JobFailed,
    CreditsLowBalance,
    CreditsDepleted,
    WebhookTest,
}

impl CoreEvent {
    pub const ALL: [CoreEvent; 5] = [
        Self::JobCompleted,
        Self::JobFailed,
        Self::CreditsLowBalance,
        Self::CreditsDepleted,
        Self::WebhookTest,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JobCompleted => "job.completed",
            Self::JobFailed => "job.failed",
            Self::CreditsLowBalance => "credits.low_balance",
            Self::CreditsDepleted => "credits.depleted",
            Self::WebhookTest => "webhook.test",
        }
    }
}

/// Tells an organisation's other webhooks that one was disabled; only to those that name it.
pub const WEBHOOK_DISABLED: &str = "webhook.disabled";

/// What a webhook asks for: `*` means the core types, and nothing else.
#[must_use]
pub fn subscription_matches(subscribed: &[String], event_type: &str) -> bool {
    subscription_names(event_type).any(|name| subscribed.iter().any(|subscribed| subscribed == name))
}

/// The names by which a webhook may ask for this type: its own, and `*` for a core type.
pub fn subscription_names(event_type: &str) -> impl Iterator<Item = &str> {
    let is_core = CoreEvent::ALL.iter().any(|core| core.as_str() == event_type);
    std::iter::once(event_type).chain(is_core.then_some("*"))
}

/// A stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub tenant: Tenant,
    pub event_type: String,
    /// The bytes that are signed and sent, one copy for all of its deliveries.
    pub body: Arc<[u8]>,
    /// The job that it reports, when it reports one.
    pub job_id: Option<JobId>,
    pub created_at: Timestamp,
}

impl Event {
    /// Whether its document was erased, and its body with it.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.job_id.is_some() && *self.body == *erased(&self.event_type)
    }
}

/// What a JSON object is described as whose fields are the user's.
type JsonObject = serde_json::Map<String, serde_json::Value>;

/// How the data of each type that this product sends is described.
#[must_use]
pub fn data_schemas(generator: &mut SchemaGenerator) -> [(&'static str, Schema); 6] {
    [
        (CoreEvent::JobCompleted.as_str(), generator.subschema_for::<JobCompleted>()),
        (CoreEvent::JobFailed.as_str(), generator.subschema_for::<JobFailed>()),
        (CoreEvent::CreditsLowBalance.as_str(), generator.subschema_for::<LowBalanceData>()),
        (CoreEvent::CreditsDepleted.as_str(), generator.subschema_for::<DepletedData>()),
        (CoreEvent::WebhookTest.as_str(), generator.subschema_for::<TestData>()),
        (WEBHOOK_DISABLED, generator.subschema_for::<WebhookDisabledData>()),
    ]
}

/// What stands in the place of a body that was erased. It is never sent, and no event has null as its data.
#[must_use]
pub fn erased(event_type: &str) -> Arc<[u8]> {
    format!(r#"{{"event":"{event_type}","data":null}}"#).into_bytes().into()
}

#[derive(Serialize)]
struct Envelope<'a, D> {
    event: &'a str,
    data: D,
}

fn body<D: Serialize>(event: CoreEvent, data: D) -> Arc<[u8]> {
    body_of(event.as_str(), data)
}

fn body_of<D: Serialize>(event: &str, data: D) -> Arc<[u8]> {
    // Strings, numbers and maps with string keys always serialise: there is no error to report.
    serde_json::to_vec(&Envelope { event, data }).unwrap_or_default().into()
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JobCompletedData")]
struct JobCompleted<'a> {
    id: &'a JobId,
    org_id: &'a OrgId,
    extractor_id: &'a str,
    status: JobStatus,
    #[schemars(with = "Option<JsonObject>")]
    extracted_data: Option<&'a RawJson>,
    #[schemars(with = "Option<JsonObject>")]
    confidence: Option<&'a RawJson>,
    processing_time_ms: Option<u64>,
    cost_credits: u64,
    #[schemars(with = "JsonObject")]
    metadata: &'a RawJson,
    created_at: Timestamp,
    completed_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JobFailedData")]
struct JobFailed<'a> {
    id: &'a JobId,
    org_id: &'a OrgId,
    extractor_id: &'a str,
    status: JobStatus,
    error_details: Option<&'a Failure>,
    processing_time_ms: Option<u64>,
    cost_credits: u64,
    #[schemars(with = "JsonObject")]
    metadata: &'a RawJson,
    created_at: Timestamp,
    failed_at: Option<Timestamp>,
}

/// The type and body of the event that reports how a job ended.
#[must_use]
pub fn job_ended(job: &Job) -> (CoreEvent, Arc<[u8]>) {
    match job.status {
        JobStatus::Failed => (
            CoreEvent::JobFailed,
            body(
                CoreEvent::JobFailed,
                JobFailed {
                    id: &job.id,
                    org_id: &job.org_id,
                    extractor_id: job.extractor_id.as_str(),
                    status: job.status,
                    error_details: job.failure.as_ref(),
                    processing_time_ms: job.processing_time_ms,
                    cost_credits: job.cost_credits,
                    metadata: &job.metadata,
                    created_at: job.created_at,
                    failed_at: job.completed_at,
                },
            ),
        ),
        JobStatus::Completed | JobStatus::Queued | JobStatus::Processing => (
            CoreEvent::JobCompleted,
            body(
                CoreEvent::JobCompleted,
                JobCompleted {
                    id: &job.id,
                    org_id: &job.org_id,
                    extractor_id: job.extractor_id.as_str(),
                    status: job.status,
                    extracted_data: job.result.as_ref().map(|result| &result.extracted_data),
                    confidence: job.result.as_ref().map(|result| &result.confidence),
                    processing_time_ms: job.processing_time_ms,
                    cost_credits: job.cost_credits,
                    metadata: &job.metadata,
                    created_at: job.created_at,
                    completed_at: job.completed_at,
                },
            ),
        ),
    }
}

/// What `credits.low_balance` is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowBalance {
    pub balance: u64,
    pub threshold: u64,
    pub total_purchased: u64,
    /// Credits of the last charged jobs together, and how many those were.
    pub recent_charges_sum: u64,
    pub recent_charges_count: u64,
}

#[derive(Serialize, JsonSchema)]
struct LowBalanceData<'a> {
    org_id: &'a OrgId,
    current_balance: u64,
    threshold: u64,
    #[schemars(with = "f64")]
    percentage_remaining: serde_json::Value,
    estimated_jobs_remaining: u64,
    timestamp: Timestamp,
}

#[must_use]
pub fn low_balance(org_id: &OrgId, low: LowBalance, now: Timestamp) -> Arc<[u8]> {
    body(
        CoreEvent::CreditsLowBalance,
        LowBalanceData {
            org_id,
            current_balance: low.balance,
            threshold: low.threshold,
            percentage_remaining: json_number(credit::percentage_remaining(low.balance, low.total_purchased)),
            estimated_jobs_remaining: credit::estimated_jobs_remaining(
                low.balance,
                low.recent_charges_sum,
                low.recent_charges_count,
            ),
            timestamp: now,
        },
    )
}

#[derive(Serialize, JsonSchema)]
struct DepletedData<'a> {
    org_id: &'a OrgId,
    depleted_at: Timestamp,
    jobs_queued: u64,
}

#[must_use]
pub fn depleted(org_id: &OrgId, jobs_queued: u64, now: Timestamp) -> Arc<[u8]> {
    body(CoreEvent::CreditsDepleted, DepletedData { org_id, depleted_at: now, jobs_queued })
}

#[derive(Serialize, JsonSchema)]
struct TestData {
    message: &'static str,
    timestamp: Timestamp,
}

#[must_use]
pub fn webhook_test(now: Timestamp) -> Arc<[u8]> {
    body(
        CoreEvent::WebhookTest,
        TestData { message: "This is a test event from DocExtract.", timestamp: now },
    )
}

#[derive(Serialize, JsonSchema)]
struct WebhookDisabledData<'a> {
    org_id: &'a OrgId,
    webhook_id: &'a WebhookId,
    url: &'a str,
    disabled_reason: Option<DisabledReason>,
    failing_since: Option<Timestamp>,
    event_id: &'a EventId,
    event_type: &'a str,
    delivery_id: &'a DeliveryId,
    last_error: Option<&'a AttemptError>,
    disabled_at: Timestamp,
}

/// A webhook was disabled by what its endpoint did; `failing` is the delivery whose attempt was the last straw.
#[must_use]
pub fn webhook_disabled(
    webhook: &Webhook,
    failing: &Delivery,
    last_error: Option<&AttemptError>,
    now: Timestamp,
) -> Arc<[u8]> {
    body_of(
        WEBHOOK_DISABLED,
        WebhookDisabledData {
            org_id: &webhook.tenant.org_id,
            webhook_id: &webhook.id,
            url: &webhook.url,
            disabled_reason: webhook.disabled_reason,
            failing_since: webhook.failing_since,
            event_id: &failing.event_id,
            event_type: &failing.event_type,
            delivery_id: &failing.id,
            last_error,
            disabled_at: now,
        },
    )
}
