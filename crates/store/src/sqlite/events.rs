//! Events, and their fan-out to webhooks.

use docextract_model::delivery::{Delivery, DeliveryStatus, Trigger};
use docextract_model::event::Event;
use docextract_model::id::{DeliveryId, EventId, JobId};
use docextract_model::tenant::Tenant;
use docextract_model::webhook::WebhookStatus;
use rusqlite::{Connection, params};

use super::rows::{Columns, ListQuery, execute, one, text};
use super::{deliveries, webhooks};
use crate::commands::{EventFilter, Lease, LeasedDelivery, Page, PageRequest};
use crate::{Result, leased_delivery};

const SELECT: &str = "SELECT id, org_id, mode, event_type, body, job_id, created_at FROM events";

/// Writes an event and one delivery per matching webhook of its tenant.
pub(super) fn publish(db: &Connection, event: &Event, send_lease: &Lease) -> Result<Vec<LeasedDelivery>> {
    insert(db, event)?;
    let mut to_send = Vec::new();
    let matching = webhooks::asking_for(db, &event.tenant, &event.event_type)?;
    for (ordinal, (webhook, claim_at)) in (0_u32..).zip(matching) {
        let enabled = webhook.status == WebhookStatus::Enabled;
        let delivery = Delivery {
            id: DeliveryId::of_event(&event.id, ordinal),
            tenant: event.tenant.clone(),
            event_id: event.id.clone(),
            event_type: event.event_type.clone(),
            webhook_id: Some(webhook.id.clone()),
            url: webhook.url.clone(),
            status: if enabled { DeliveryStatus::Pending } else { DeliveryStatus::Skipped },
            trigger: Trigger::Event,
            attempt_count: 0,
            next_attempt_at: enabled.then_some(event.created_at),
            created_at: event.created_at,
            finished_at: (!enabled).then_some(event.created_at),
        };
        deliveries::insert(db, &delivery, enabled.then_some(send_lease), claim_at)?;
        if enabled {
            to_send.push(leased_delivery(
                delivery.id,
                event.clone(),
                &webhook,
                1,
                send_lease,
                event.created_at,
            ));
        }
    }
    Ok(to_send)
}

pub(super) fn insert(db: &Connection, event: &Event) -> Result<()> {
    execute(
        db,
        "INSERT INTO events (id, org_id, mode, event_type, body, job_id, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        params![
            event.id.as_str(),
            event.tenant.org_id.as_str(),
            event.tenant.mode.as_str(),
            event.event_type,
            event.body,
            event.job_id.as_ref().map(JobId::as_str),
            event.created_at.unix_ms(),
        ],
    )?;
    Ok(())
}

pub(super) fn find(db: &Connection, tenant: &Tenant, id: &EventId) -> Result<Option<Event>> {
    let sql = format!("{SELECT} WHERE id = ? AND org_id = ? AND mode = ?");
    one(db, &sql, [id.as_str(), tenant.org_id.as_str(), tenant.mode.as_str()], read)
}

pub(super) fn is_erased(db: &Connection, tenant: &Tenant, id: &EventId) -> Result<bool> {
    Ok(find(db, tenant, id)?.is_some_and(|event| event.is_erased()))
}

pub(super) fn list(
    db: &Connection,
    tenant: &Tenant,
    filter: &EventFilter,
    page: &PageRequest,
) -> Result<Page<Event>> {
    list_query(tenant, filter).page(db, page, read)
}

pub(super) fn list_query(tenant: &Tenant, filter: &EventFilter) -> ListQuery {
    let mut query = ListQuery::of_tenant(SELECT, tenant);
    query.and("event_type = ?", filter.event_type.as_deref().map(text));
    query.created::<EventId>(filter.created_after, filter.created_before);
    query
}

/// An event, from its columns in the order of [`SELECT`].
pub(super) fn read(columns: &mut Columns<'_, '_>) -> Result<Event> {
    Ok(Event {
        id: columns.id()?,
        tenant: columns.tenant()?,
        event_type: columns.get()?,
        body: columns.get()?,
        job_id: columns.id_or_none()?,
        created_at: columns.time()?,
    })
}
