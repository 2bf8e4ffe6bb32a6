//! Deliveries: written, claimed, released, replayed, pruned.

use std::collections::BTreeMap;

use docextract_model::delivery::{Attempt, Delivery, DeliveryStatus, Trigger};
use docextract_model::id::{DeliveryId, EventId, WebhookId, id_floor};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{Webhook, WebhookStatus};
use rusqlite::{Connection, params};

use super::rows::{Columns, ListQuery, all, each, execute, json_text, ms, one, text};
use super::{attempts, events, stats, webhooks};
use crate::commands::{
    ClaimDeliveries, DeliveryFilter, Lease, LeasedDelivery, Page, PageRequest, PruneLog, PrunedLog,
    RecordTest, ReplayDelivery, ReplayOutcome,
};
use crate::{Result, StoreError, leased_delivery};

const SELECT: &str = "SELECT id, org_id, mode, event_id, event_type, webhook_id, url, status, trigger_kind, \
     attempt_count, next_attempt_at, created_at, finished_at FROM deliveries";

/// A webhook's deliveries that are due, with their events. An outer join, because one without its event is
/// to be an error and not to be passed over for ever.
const DUE: &str = "SELECT deliveries.id, deliveries.attempt_count, \
     events.id, events.org_id, events.mode, events.event_type, events.body, events.job_id, events.created_at \
     FROM deliveries LEFT JOIN events ON events.id = deliveries.event_id \
     WHERE deliveries.status = 'pending' AND deliveries.webhook_id = ? AND deliveries.due_at <= ? \
     ORDER BY deliveries.due_at, deliveries.id LIMIT ?";

/// Writes a delivery, leased to its first sender when there is one. `claim_at` is what its webhook has
/// noted, as far as the caller knows.
pub(super) fn insert(
    db: &Connection,
    delivery: &Delivery,
    lease: Option<&Lease>,
    claim_at: Option<Timestamp>,
) -> Result<()> {
    let due_at = lease.map_or(delivery.created_at, |lease| lease.until);
    execute(
        db,
        "INSERT INTO deliveries (id, org_id, mode, event_id, event_type, webhook_id, url, status, \
         trigger_kind, attempt_count, next_attempt_at, created_at, finished_at, due_at, lease_node, \
         lease_token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            delivery.id.as_str(),
            delivery.tenant.org_id.as_str(),
            delivery.tenant.mode.as_str(),
            delivery.event_id.as_str(),
            delivery.event_type,
            delivery.webhook_id.as_ref().map(WebhookId::as_str),
            delivery.url,
            delivery.status.as_str(),
            delivery.trigger.as_str(),
            delivery.attempt_count,
            ms(delivery.next_attempt_at),
            delivery.created_at.unix_ms(),
            ms(delivery.finished_at),
            due_at.unix_ms(),
            lease.map(|lease| lease.node.as_str()),
            lease.map(|lease| lease.token.as_str()),
        ],
    )?;
    match (&delivery.webhook_id, delivery.status) {
        (Some(webhook_id), DeliveryStatus::Pending) if claim_at.is_none_or(|noted| due_at < noted) => {
            webhooks::claim_by(db, webhook_id, due_at)
        }
        _ => Ok(()),
    }
}

fn find(db: &Connection, tenant: &Tenant, id: &DeliveryId) -> Result<Option<Delivery>> {
    let sql = format!("{SELECT} WHERE id = ? AND org_id = ? AND mode = ?");
    one(db, &sql, [id.as_str(), tenant.org_id.as_str(), tenant.mode.as_str()], read)
}

pub(super) fn find_with_attempts(
    db: &Connection,
    tenant: &Tenant,
    id: &DeliveryId,
) -> Result<Option<(Delivery, Vec<Attempt>)>> {
    let Some(delivery) = find(db, tenant, id)? else { return Ok(None) };
    let sql = "SELECT number, attempted_at, status_code, response_time_ms, detail FROM attempts \
         WHERE delivery_id = ? ORDER BY number";
    let attempts = all(db, sql, [id.as_str()], |columns| {
        Ok(Attempt {
            number: columns.get()?,
            attempted_at: columns.time()?,
            status_code: columns.get()?,
            response_time_ms: columns.count()?,
            ..columns.json()?
        })
    })?;
    Ok(Some((delivery, attempts)))
}

pub(super) fn list(
    db: &Connection,
    tenant: &Tenant,
    filter: &DeliveryFilter,
    page: &PageRequest,
) -> Result<Page<Delivery>> {
    let is_pending_alone = filter.status == Some(DeliveryStatus::Pending)
        && filter.webhook_id.is_none()
        && filter.event_id.is_none();
    if is_pending_alone && are_few_pending(db, tenant)? {
        return pending_query(tenant, filter).page(db, page, read);
    }
    list_query(tenant, filter).page(db, page, read)
}

/// So many that wait are sorted for a page of them. Where more do, a page is soon found among the newest.
const FEW_PENDING: u32 = 1_000;
/// What waits, by way of its webhooks: the index of what is pending is ordered by those.
const PENDING: &str = "SELECT d.id FROM webhooks w CROSS JOIN deliveries d \
     ON d.webhook_id = w.id AND d.status = 'pending' WHERE w.org_id = ? AND w.mode =";

fn are_few_pending(db: &Connection, tenant: &Tenant) -> Result<bool> {
    let sql = format!("SELECT count(*) FROM ({PENDING} ? LIMIT ?)");
    let values = params![tenant.org_id.as_str(), tenant.mode.as_str(), FEW_PENDING + 1];
    let count = one(db, &sql, values, |columns| columns.count())?;
    Ok(count.unwrap_or(0) <= u64::from(FEW_PENDING))
}

/// What waits of a tenant, where that is little: without it, all that was ever sent would be looked at.
pub(super) fn pending_query(tenant: &Tenant, filter: &DeliveryFilter) -> ListQuery {
    let mut query = ListQuery::within_tenant(SELECT, tenant);
    let of_tenant = format!("id IN ({PENDING} '{}')", tenant.mode.as_str());
    query.and(&of_tenant, Some(text(tenant.org_id.as_str())));
    query.and("event_type = ?", filter.event_type.as_deref().map(text));
    query.created::<DeliveryId>(filter.created_after, filter.created_before);
    query
}

pub(super) fn list_query(tenant: &Tenant, filter: &DeliveryFilter) -> ListQuery {
    let mut query = if filter.event_id.is_some() || filter.webhook_id.is_some() {
        ListQuery::within_tenant(SELECT, tenant)
    } else {
        ListQuery::of_tenant(SELECT, tenant)
    };
    query.and("webhook_id = ?", filter.webhook_id.as_ref().map(|id| text(id.as_str())));
    query.and("event_id = ?", filter.event_id.as_ref().map(|id| text(id.as_str())));
    query.and("event_type = ?", filter.event_type.as_deref().map(text));
    query.status(filter.status.map(DeliveryStatus::as_str));
    query.created::<DeliveryId>(filter.created_after, filter.created_before);
    query
}

/// Claims what is due. It looks at webhooks that are due, and of each at what it may take: webhooks and
/// deliveries that are not due, however many, cost nothing.
pub(super) fn claim(db: &Connection, command: &ClaimDeliveries) -> Result<Vec<LeasedDelivery>> {
    let (mut claimed, mut bytes) = (Vec::new(), 0);
    let limit = usize::try_from(command.limit).unwrap_or(usize::MAX);
    for (_, webhook_id) in due_webhooks(db, command)? {
        let room = limit.saturating_sub(claimed.len());
        if room == 0 || bytes >= command.bytes_max {
            break;
        }
        let of_webhook = usize::try_from(command.room_for(&webhook_id)).unwrap_or(usize::MAX);
        if of_webhook > 0 {
            claim_of_webhook(db, command, &webhook_id, room.min(of_webhook), &mut bytes, &mut claimed)?;
            webhooks::set_claim_at(db, &webhook_id, next_due_of(db, &webhook_id)?)?;
        }
    }
    Ok(claimed)
}

/// Webhooks with a delivery that is due, the longest due first: enough of them for the claim, also when
/// none of those that it has no room for gives anything. What was noted too early is corrected first.
fn due_webhooks(db: &Connection, command: &ClaimDeliveries) -> Result<Vec<(Timestamp, WebhookId)>> {
    let most = i64::from(command.limit).saturating_add(i64::try_from(command.room.len()).unwrap_or(i64::MAX));
    let sql = "SELECT claim_at, id FROM webhooks WHERE claim_at <= ? ORDER BY claim_at, id LIMIT ?";
    loop {
        let due: Vec<(Timestamp, WebhookId)> =
            all(db, sql, params![command.now.unix_ms(), most], |columns| {
                Ok((columns.time()?, columns.id()?))
            })?;
        let mut are_right = true;
        for (claim_at, webhook_id) in &due {
            let due_at = next_due_of(db, webhook_id)?;
            if due_at != Some(*claim_at) {
                webhooks::set_claim_at(db, webhook_id, due_at)?;
                are_right = false;
            }
        }
        if are_right {
            return Ok(due);
        }
    }
}

/// When the first pending delivery of a webhook is due; never while what is pending for it is being skipped.
pub(super) fn next_due_of(db: &Connection, webhook_id: &WebhookId) -> Result<Option<Timestamp>> {
    let sql = "SELECT min(due_at) FROM deliveries WHERE status = 'pending' AND webhook_id = ?1 \
         AND NOT EXISTS (SELECT 1 FROM webhook_skips WHERE webhook_id = ?1)";
    Ok(one(db, sql, [webhook_id.as_str()], |columns| columns.time_or_none())?.flatten())
}

fn claim_of_webhook(
    db: &Connection,
    command: &ClaimDeliveries,
    webhook_id: &WebhookId,
    count: usize,
    bytes: &mut usize,
    claimed: &mut Vec<LeasedDelivery>,
) -> Result<()> {
    let missing = || StoreError::Refused(format!("{webhook_id} has pending deliveries but is gone"));
    let webhook = webhooks::find_any(db, webhook_id)?.ok_or_else(missing)?;
    let lease = &command.lease;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let read = |columns: &mut Columns<'_, '_>| {
        let (id, attempt_count): (DeliveryId, u32) = (columns.id()?, columns.get()?);
        let event = events::read(columns)?;
        Ok(leased_delivery(id, event, &webhook, attempt_count + 1, lease, command.now))
    };
    let mut due = Vec::new();
    each(db, DUE, params![webhook_id.as_str(), command.now.unix_ms(), count], read, |leased| {
        *bytes = bytes.saturating_add(leased.body.len());
        due.push(leased);
        *bytes < command.bytes_max
    })?;
    let mut update = db.prepare_cached(
        "UPDATE deliveries SET due_at = ?, lease_node = ?, lease_token = ?, url = ? WHERE id = ?",
    )?;
    for leased in &due {
        let values = params![lease.until.unix_ms(), lease.node, lease.token, webhook.url, leased.id.as_str()];
        update.execute(values)?;
    }
    claimed.extend(due);
    Ok(())
}

pub(super) fn release(db: &Connection, leases: &[(DeliveryId, String)]) -> Result<()> {
    let mut due = DueWebhooks::default();
    for (id, token) in leases {
        let sql = "UPDATE deliveries SET due_at = next_attempt_at, lease_node = NULL, lease_token = NULL \
             WHERE id = ? AND status = 'pending' AND lease_token = ? RETURNING webhook_id, due_at";
        let released = one(db, sql, [id.as_str(), token], |columns| Ok((columns.id()?, columns.time()?)))?;
        if let Some((webhook_id, due_at)) = released {
            due.add(&webhook_id, due_at);
        }
    }
    due.write(db)
}

/// What this node has leased, found without reading a row: `deliveries_pending` holds all that is asked for, while
/// an update by the same condition reads the row of everything that is pending before it looks at the node.
pub(super) const LEASED_BY_NODE: &str = "SELECT id FROM deliveries INDEXED BY deliveries_pending \
     WHERE lease_node = ? AND status = 'pending'";

pub(super) fn release_node(db: &Connection, node: &str) -> Result<u64> {
    let sql = format!(
        "UPDATE deliveries SET due_at = next_attempt_at, lease_node = NULL, lease_token = NULL \
         WHERE id IN ({LEASED_BY_NODE}) RETURNING webhook_id, due_at"
    );
    let released: Vec<(WebhookId, Timestamp)> =
        all(db, &sql, [node], |columns| Ok((columns.id()?, columns.time()?)))?;
    let mut due = DueWebhooks::default();
    for (webhook_id, due_at) in &released {
        due.add(webhook_id, *due_at);
    }
    due.write(db)?;
    Ok(released.len().try_into().unwrap_or(u64::MAX))
}

pub(super) fn next_due_at(db: &Connection) -> Result<Option<Timestamp>> {
    let sql = "SELECT min(claim_at) FROM webhooks WHERE claim_at IS NOT NULL";
    Ok(one(db, sql, [], |columns| columns.time_or_none())?.flatten())
}

/// Webhooks whose deliveries have become due earlier, each to be noted once.
#[derive(Default)]
pub(super) struct DueWebhooks(BTreeMap<WebhookId, Timestamp>);

impl DueWebhooks {
    pub(super) fn add(&mut self, webhook_id: &WebhookId, due_at: Timestamp) {
        let earliest = self.0.entry(webhook_id.clone()).or_insert(due_at);
        *earliest = (*earliest).min(due_at);
    }

    pub(super) fn write(self, db: &Connection) -> Result<()> {
        self.0.iter().try_for_each(|(webhook_id, due_at)| webhooks::claim_by(db, webhook_id, *due_at))
    }
}

/// The delivery, if it is leased by this token.
pub(super) fn leased_under(db: &Connection, id: &DeliveryId, lease_token: &str) -> Result<Option<Delivery>> {
    let sql = format!("{SELECT} WHERE id = ? AND lease_token = ?");
    one(db, &sql, [id.as_str(), lease_token], read)
}

pub(super) fn record_test(db: &Connection, command: &RecordTest) -> Result<()> {
    events::insert(db, &command.event)?;
    let delivered = command.attempt.error.is_none();
    let delivery = Delivery {
        id: command.delivery_id.clone(),
        tenant: command.event.tenant.clone(),
        event_id: command.event.id.clone(),
        event_type: command.event.event_type.clone(),
        webhook_id: command.webhook_id.clone(),
        url: command.url.clone(),
        status: if delivered { DeliveryStatus::Delivered } else { DeliveryStatus::Failed },
        trigger: Trigger::Test,
        attempt_count: command.attempt.number,
        next_attempt_at: None,
        created_at: command.event.created_at,
        finished_at: Some(command.finished_at),
    };
    insert(db, &delivery, None, None)?;
    attempts::Log::open(db)?.write(&delivery.id, &command.attempt, &json_text(&command.attempt)?)
}

/// A new delivery of the same event, to where the webhook is now, with attempts of its own.
pub(super) fn again(original: Delivery, id: DeliveryId, webhook: &Webhook, now: Timestamp) -> Delivery {
    Delivery {
        id,
        url: webhook.url.clone(),
        status: DeliveryStatus::Pending,
        trigger: Trigger::Replay,
        attempt_count: 0,
        next_attempt_at: Some(now),
        created_at: now,
        finished_at: None,
        ..original
    }
}

pub(super) fn replay(db: &Connection, command: ReplayDelivery) -> Result<ReplayOutcome> {
    let Some(original) = find(db, &command.tenant, &command.delivery_id)? else {
        return Ok(ReplayOutcome::NotFound);
    };
    let webhook = match &original.webhook_id {
        Some(id) => webhooks::find(db, &command.tenant, id)?,
        None => None,
    };
    let Some(webhook) = webhook else { return Ok(ReplayOutcome::WebhookGone) };
    if webhook.status == WebhookStatus::Disabled {
        return Ok(ReplayOutcome::WebhookDisabled);
    }
    let gone = || StoreError::Refused(format!("{} has no event", original.id));
    let event = events::find(db, &command.tenant, &original.event_id)?.ok_or_else(gone)?;
    if event.is_erased() {
        return Ok(ReplayOutcome::EventErased);
    }
    let delivery = again(original, command.new_id, &webhook, command.now);
    insert(db, &delivery, Some(&command.send_lease), None)?;
    let id = delivery.id.clone();
    let to_send = leased_delivery(id, event, &webhook, 1, &command.send_lease, command.now);
    Ok(ReplayOutcome::Replayed { delivery, to_send })
}

/// A webhook's deliveries in the order of their ids, which are behind `from` and before `until`.
pub(super) fn of_webhook_between(
    db: &Connection,
    webhook_id: &WebhookId,
    from: &str,
    until: &str,
    limit: u32,
) -> Result<Vec<Delivery>> {
    let sql = format!("{SELECT} WHERE webhook_id = ? AND id > ? AND id < ? ORDER BY id LIMIT ?");
    all(db, &sql, params![webhook_id.as_str(), from, until, limit], read)
}

/// Whether its event has not gone to its webhook again since.
pub(super) fn is_latest_of_event(db: &Connection, delivery: &Delivery) -> Result<bool> {
    let sql = "SELECT 1 FROM deliveries WHERE event_id = ? AND webhook_id IS ? AND id > ? LIMIT 1";
    let webhook_id = delivery.webhook_id.as_ref().map(WebhookId::as_str);
    let later =
        one(db, sql, params![delivery.event_id.as_str(), webhook_id, delivery.id.as_str()], |_| Ok(()))?;
    Ok(later.is_none())
}

/// Ids sort by creation, so what is old stands at the beginning of each table.
pub(super) fn prune_log(db: &Connection, command: &PruneLog) -> Result<PrunedLog> {
    let old_deliveries = "SELECT id FROM deliveries WHERE id < ? AND status <> 'pending' ORDER BY id LIMIT ?";
    let old_events = "SELECT id FROM events WHERE id < ? AND NOT EXISTS \
         (SELECT 1 FROM deliveries WHERE deliveries.event_id = events.id) ORDER BY id LIMIT ?";
    let text = |columns: &mut Columns<'_, '_>| columns.get::<String>();
    let mut pruned = PrunedLog::default();
    for id in all(db, old_deliveries, params![id_floor::<DeliveryId>(command.before), command.limit], text)? {
        execute(db, "DELETE FROM attempts WHERE delivery_id = ?", [&id])?;
        execute(db, "DELETE FROM deliveries WHERE id = ?", [&id])?;
        pruned.deliveries += 1;
    }
    for id in all(db, old_events, params![id_floor::<EventId>(command.before), command.limit], text)? {
        execute(db, "DELETE FROM events WHERE id = ?", [&id])?;
        pruned.events += 1;
    }
    pruned.counts = stats::prune(db, command.before, command.limit)?;
    Ok(pruned)
}

fn read(columns: &mut Columns<'_, '_>) -> Result<Delivery> {
    Ok(Delivery {
        id: columns.id()?,
        tenant: columns.tenant()?,
        event_id: columns.id()?,
        event_type: columns.get()?,
        webhook_id: columns.id_or_none()?,
        url: columns.get()?,
        status: columns.word("delivery status", DeliveryStatus::parse)?,
        trigger: columns.word("trigger", Trigger::parse)?,
        attempt_count: columns.get()?,
        next_attempt_at: columns.time_or_none()?,
        created_at: columns.time()?,
        finished_at: columns.time_or_none()?,
    })
}
