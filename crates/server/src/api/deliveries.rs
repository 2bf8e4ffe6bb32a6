//! `/v1/deliveries`: the log of what was sent where, and sending it again.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::delivery::{Attempt, AttemptError, Delivery, DeliveryStatus, LoggedHeaders, Trigger};
use docextract_model::id::{DeliveryId, EventId, WebhookId};
use docextract_model::time::Timestamp;
use docextract_store::commands::{DeliveryFilter, ReplayDelivery, ReplayOutcome};
use schemars::JsonSchema;
use serde::Serialize;

use super::app::App;
use super::auth::{Caller, with_detail};
use super::describe::Accepted;
use super::error::{ErrorCode, Result};
use super::idempotency::Once;
use super::paging::{self, List};
use super::path::{At, found};
use super::query::{Cursor, Limit, page, query};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
pub(crate) struct DeliveryView {
    id: DeliveryId,
    event_id: EventId,
    event_type: String,
    webhook_id: Option<WebhookId>,
    url: String,
    status: DeliveryStatus,
    trigger: Trigger,
    attempt_count: u32,
    next_attempt_at: Option<Timestamp>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
    /// Left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Vec<AttemptView>>,
}

impl DeliveryView {
    fn of(delivery: Delivery, attempts: Option<Vec<Attempt>>) -> Self {
        Self {
            id: delivery.id,
            event_id: delivery.event_id,
            event_type: delivery.event_type,
            webhook_id: delivery.webhook_id,
            url: delivery.url,
            status: delivery.status,
            trigger: delivery.trigger,
            attempt_count: delivery.attempt_count,
            next_attempt_at: delivery.next_attempt_at,
            created_at: delivery.created_at,
            finished_at: delivery.finished_at,
            attempts: attempts.map(|attempts| attempts.into_iter().map(AttemptView::from).collect()),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Attempt")]
struct AttemptView {
    number: u32,
    attempted_at: Timestamp,
    status_code: Option<u16>,
    response_time_ms: u64,
    dns_ms: Option<u64>,
    connect_ms: Option<u64>,
    tls_ms: Option<u64>,
    first_byte_ms: Option<u64>,
    remote_ip: Option<String>,
    error: Option<AttemptError>,
    request_headers: BTreeMap<String, String>,
    response_headers: BTreeMap<String, String>,
    response_body: Option<String>,
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            attempted_at: attempt.attempted_at,
            status_code: attempt.status_code,
            response_time_ms: attempt.response_time_ms,
            dns_ms: attempt.dns_ms,
            connect_ms: attempt.connect_ms,
            tls_ms: attempt.tls_ms,
            first_byte_ms: attempt.first_byte_ms,
            remote_ip: attempt.remote_ip,
            error: attempt.error,
            request_headers: by_name(attempt.request_headers),
            response_headers: by_name(attempt.response_headers),
            response_body: attempt.response_body,
        }
    }
}

/// Headers as an object; one that stood several times is joined with commas, as HTTP has it.
fn by_name(headers: LoggedHeaders) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        joined
            .entry(name.into())
            .and_modify(|before| {
                before.push_str(", ");
                before.push_str(&value);
            })
            .or_insert(value);
    }
    joined
}

query! {
    ListDeliveries {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<DeliveryId>,
        /// Only deliveries to this webhook.
        webhook_id: WebhookId,
        /// Only deliveries of this event.
        event_id: EventId,
        /// Only deliveries of this type of event.
        event_type: String,
        /// Only deliveries with this status.
        status: DeliveryStatus,
        /// Only deliveries made after this instant.
        created_after: Timestamp,
        /// Only deliveries made before this instant.
        created_before: Timestamp,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListDeliveries,
) -> Result<Json<List<DeliveryView>>> {
    let page = page(query.limit, query.cursor);
    let filter = DeliveryFilter {
        webhook_id: query.webhook_id,
        event_id: query.event_id,
        event_type: query.event_type,
        status: query.status,
        created_after: query.created_after,
        created_before: query.created_before,
    };
    let limit = page.limit;
    let deliveries = app.store.deliveries(&caller.tenant, filter, page).await?;
    let view = |delivery| DeliveryView::of(delivery, None);
    Ok(paging::list(deliveries, limit, |delivery| delivery.id.as_str(), view))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<DeliveryId>,
) -> Result<Json<DeliveryView>> {
    let (delivery, attempts) = found(app.store.delivery(&caller.tenant, &id).await?, &id)?;
    Ok(Json(DeliveryView::of(delivery, Some(attempts))))
}

pub(crate) async fn replay(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    At(id): At<DeliveryId>,
) -> Result<Accepted<DeliveryView>> {
    let new_id: DeliveryId = once.id();
    if once.is_again
        && let Some((delivery, _)) = app.store.delivery(&caller.tenant, &new_id).await?
    {
        return Ok(Accepted(DeliveryView::of(delivery, None)));
    }
    let entry = caller.entry(&app, AuditAction::DeliveryReplayed, &id);
    let entry = with_detail(entry, "delivery_id", &new_id);
    let command = ReplayDelivery {
        tenant: caller.tenant,
        delivery_id: id,
        new_id,
        now: once.now,
        send_lease: app.send_lease(),
    };
    match app.act(command, entry).await? {
        ReplayOutcome::Replayed { delivery, to_send } => {
            app.hand_over(vec![to_send]);
            Ok(Accepted(DeliveryView::of(delivery, None)))
        }
        ReplayOutcome::NotFound => Err(ErrorCode::DeliveryNotFound.into()),
        ReplayOutcome::EventErased => Err(ErrorCode::EventErased.into()),
        ReplayOutcome::WebhookGone => Err(ErrorCode::WebhookGone.into()),
        ReplayOutcome::WebhookDisabled => Err(ErrorCode::WebhookDisabled.into()),
    }
}
