//! Webhooks: registered endpoints and their life.

use std::num::NonZeroU32;

use docextract_model::event::subscription_names;
use docextract_model::id::WebhookId;
use docextract_model::limits;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{
    ClientCertificate, DisabledReason, PreviousSecret, Secret, Webhook, WebhookStatus,
};
use rusqlite::{Connection, params};

use super::rows::{Columns, ListQuery, all, execute, json_text, ms, one};
use super::skips;
use crate::Result;
use crate::commands::{
    CreateWebhookOutcome, DeleteOutcome, Page, PageRequest, RotateSecret, StatusChange, UpdateWebhook,
};

const SELECT: &str = "SELECT id, org_id, mode, url, description, events, status, disabled_reason, \
     opened(headers, 'webhooks.headers', id), rate_limit_per_second, client_certificate, \
     opened(client_key, 'webhooks.client_key', id), client_fingerprint, \
     opened(secret, 'webhooks.secret', id), opened(previous_secret, 'webhooks.previous_secret', id), \
     previous_secret_expires_at, failing_since, created_at, updated_at, claim_at FROM webhooks";

pub(super) fn create(db: &Connection, webhook: Webhook) -> Result<CreateWebhookOutcome> {
    let count = one(
        db,
        "SELECT count(*) FROM webhooks WHERE org_id = ? AND mode = ? AND deleted_at IS NULL",
        [webhook.tenant.org_id.as_str(), webhook.tenant.mode.as_str()],
        |columns| columns.count(),
    )?;
    if count.unwrap_or(0) >= u64::from(limits::WEBHOOKS_MAX) {
        return Ok(CreateWebhookOutcome::TooMany);
    }
    execute(
        db,
        "INSERT INTO webhooks (id, org_id, mode, created_at, url, description, events, status, updated_at) \
         VALUES (?, ?, ?, ?, '', '', '[]', 'enabled', 0)",
        params![
            webhook.id.as_str(),
            webhook.tenant.org_id.as_str(),
            webhook.tenant.mode.as_str(),
            webhook.created_at.unix_ms()
        ],
    )?;
    save(db, &webhook)?;
    subscribe(db, &webhook, &[])?;
    Ok(CreateWebhookOutcome::Created(webhook))
}

/// Writes everything of a webhook that can change.
fn save(db: &Connection, webhook: &Webhook) -> Result<()> {
    let headers = (!webhook.headers.is_empty()).then(|| json_text(&webhook.headers)).transpose()?;
    let (previous, client) = (webhook.previous_secret.as_ref(), webhook.client_certificate.as_ref());
    execute(
        db,
        "UPDATE webhooks SET url = ?, description = ?, events = ?, status = ?, disabled_reason = ?, \
         headers = sealed(?, 'webhooks.headers', id, (SELECT key_id FROM sealing)), \
         rate_limit_per_second = ?, client_certificate = ?, \
         client_key = sealed(?, 'webhooks.client_key', id, (SELECT key_id FROM sealing)), \
         client_fingerprint = ?, secret = sealed(?, 'webhooks.secret', id, (SELECT key_id FROM sealing)), \
         previous_secret = sealed(?, 'webhooks.previous_secret', id, (SELECT key_id FROM sealing)), \
         previous_secret_expires_at = ?, failing_since = ?, updated_at = ? WHERE id = ?",
        params![
            webhook.url,
            webhook.description,
            json_text(&webhook.events)?,
            webhook.status.as_str(),
            webhook.disabled_reason.map(DisabledReason::as_str),
            headers,
            webhook.rate_limit_per_second.map(NonZeroU32::get),
            client.map(ClientCertificate::certificate_pem),
            client.map(ClientCertificate::expose_private_key_pem),
            client.map(ClientCertificate::fingerprint_sha256),
            webhook.secret.expose(),
            previous.map(|previous| previous.secret.expose()),
            previous.map(|previous| previous.expires_at.unix_ms()),
            ms(webhook.failing_since),
            webhook.updated_at.unix_ms(),
            webhook.id.as_str(),
        ],
    )?;
    Ok(())
}

pub(super) fn find(db: &Connection, tenant: &Tenant, id: &WebhookId) -> Result<Option<Webhook>> {
    let sql = format!("{SELECT} WHERE id = ? AND org_id = ? AND mode = ? AND deleted_at IS NULL");
    one(db, &sql, [id.as_str(), tenant.org_id.as_str(), tenant.mode.as_str()], read)
}

/// A webhook that has not been deleted, whosever it is: for the engine's use cases.
pub(super) fn find_any(db: &Connection, id: &WebhookId) -> Result<Option<Webhook>> {
    one(db, &format!("{SELECT} WHERE id = ? AND deleted_at IS NULL"), [id.as_str()], read)
}

pub(super) fn by_url(db: &Connection, tenant: &Tenant, url: &str) -> Result<Option<Webhook>> {
    let sql = format!(
        "{SELECT} WHERE org_id = ? AND mode = ? AND url = ? AND deleted_at IS NULL ORDER BY id LIMIT 1"
    );
    one(db, &sql, [tenant.org_id.as_str(), tenant.mode.as_str(), url], read)
}

/// A tenant's webhooks that ask for this type, in the order of their ids, and when they are to be claimed.
/// Others cost nothing.
pub(super) fn asking_for(
    db: &Connection,
    tenant: &Tenant,
    event_type: &str,
) -> Result<Vec<(Webhook, Option<Timestamp>)>> {
    let mut names = subscription_names(event_type);
    let name = names.next().unwrap_or(event_type);
    let sql = format!(
        "{SELECT} WHERE deleted_at IS NULL AND id IN (SELECT webhook_id FROM webhook_subscriptions \
         WHERE org_id = ? AND mode = ? AND event_type IN (?, ?)) ORDER BY id"
    );
    let values = [tenant.org_id.as_str(), tenant.mode.as_str(), name, names.next().unwrap_or(name)];
    all(db, &sql, values, |columns| Ok((read(columns)?, columns.time_or_none()?)))
}

/// Replaces what a webhook asks for.
fn subscribe(db: &Connection, webhook: &Webhook, replaced: &[String]) -> Result<()> {
    let (org_id, mode) = (webhook.tenant.org_id.as_str(), webhook.tenant.mode.as_str());
    let id = webhook.id.as_str();
    for name in replaced {
        let sql = "DELETE FROM webhook_subscriptions \
             WHERE org_id = ? AND mode = ? AND event_type = ? AND webhook_id = ?";
        execute(db, sql, [org_id, mode, name, id])?;
    }
    for name in &webhook.events {
        // A name that stands twice is one subscription.
        let sql = "INSERT INTO webhook_subscriptions (org_id, mode, event_type, webhook_id) \
             VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
        execute(db, sql, [org_id, mode, name, id])?;
    }
    Ok(())
}

pub(super) fn list(db: &Connection, tenant: &Tenant, page: &PageRequest) -> Result<Page<Webhook>> {
    let mut query = ListQuery::of_tenant(SELECT, tenant);
    query.only("deleted_at IS NULL");
    query.page(db, page, read)
}

pub(super) fn update(db: &Connection, command: UpdateWebhook) -> Result<Option<Webhook>> {
    let Some(mut webhook) = find(db, &command.tenant, &command.id)? else { return Ok(None) };
    webhook.url = command.url.unwrap_or(webhook.url);
    webhook.description = command.description.unwrap_or(webhook.description);
    if let Some(events) = command.events {
        let replaced = std::mem::replace(&mut webhook.events, events);
        subscribe(db, &webhook, &replaced)?;
    }
    webhook.headers = command.headers.unwrap_or(webhook.headers);
    webhook.rate_limit_per_second = command.rate_limit_per_second.unwrap_or(webhook.rate_limit_per_second);
    webhook.client_certificate = command.client_certificate.unwrap_or(webhook.client_certificate);
    webhook.updated_at = command.now;
    match command.status {
        None => {}
        Some(StatusChange::Enable) => {
            webhook.status = WebhookStatus::Enabled;
            webhook.disabled_reason = None;
            webhook.failing_since = None;
        }
        Some(StatusChange::Disable(reason)) => {
            disable(db, &mut webhook, reason, command.now)?;
        }
    }
    save(db, &webhook)?;
    Ok(Some(webhook))
}

/// Disables a webhook that is enabled; what is pending for it becomes skipped.
fn disable(db: &Connection, webhook: &mut Webhook, reason: DisabledReason, now: Timestamp) -> Result<()> {
    if webhook.status == WebhookStatus::Disabled {
        return Ok(());
    }
    webhook.status = WebhookStatus::Disabled;
    webhook.disabled_reason = Some(reason);
    webhook.updated_at = now;
    skips::begin(db, &webhook.id, now)
}

/// Something pending for a webhook is due then: no claim may miss it.
pub(super) fn claim_by(db: &Connection, id: &WebhookId, due_at: Timestamp) -> Result<()> {
    let sql = "UPDATE webhooks SET claim_at = ?1 WHERE id = ?2 AND (claim_at IS NULL OR claim_at > ?1)";
    execute(db, sql, params![due_at.unix_ms(), id.as_str()])?;
    Ok(())
}

/// Notes when the first of what is pending for a webhook is due.
pub(super) fn set_claim_at(db: &Connection, id: &WebhookId, due_at: Option<Timestamp>) -> Result<()> {
    execute(db, "UPDATE webhooks SET claim_at = ? WHERE id = ?", params![ms(due_at), id.as_str()])?;
    Ok(())
}

/// What an attempt's outcome means for its webhook.
pub(super) enum Health {
    Succeeded,
    /// With the instants at which the attempt began and ended.
    Failed {
        attempted_at: Timestamp,
        finished_at: Timestamp,
        gone: bool,
    },
}

/// Notes it, and returns the webhook if that has just disabled it.
pub(super) fn note_health(db: &Connection, id: &WebhookId, health: &Health) -> Result<Option<Webhook>> {
    match *health {
        Health::Succeeded => {
            let sql = "UPDATE webhooks SET failing_since = NULL \
                       WHERE id = ? AND failing_since IS NOT NULL AND deleted_at IS NULL";
            execute(db, sql, [id.as_str()])?;
            Ok(None)
        }
        Health::Failed { attempted_at, finished_at, gone } => {
            note_failure(db, id, attempted_at, finished_at, gone)
        }
    }
}

fn note_failure(
    db: &Connection,
    id: &WebhookId,
    attempted_at: Timestamp,
    finished_at: Timestamp,
    gone: bool,
) -> Result<Option<Webhook>> {
    let Some(mut webhook) = find_any(db, id)? else { return Ok(None) };
    let was_enabled = webhook.status == WebhookStatus::Enabled;
    let was_failing = webhook.failing_since.is_some();
    let since = *webhook.failing_since.get_or_insert(attempted_at);
    if gone {
        disable(db, &mut webhook, DisabledReason::Gone, finished_at)?;
    } else if finished_at.ms_since(since) >= limits::WEBHOOK_FAILING_MS_MAX {
        disable(db, &mut webhook, DisabledReason::FailingTooLong, finished_at)?;
    } else if was_failing {
        return Ok(None);
    }
    save(db, &webhook)?;
    let has_been_disabled = was_enabled && webhook.status == WebhookStatus::Disabled;
    Ok(has_been_disabled.then_some(webhook))
}

pub(super) fn rotate_secret(db: &Connection, command: &RotateSecret) -> Result<Option<Webhook>> {
    let Some(mut webhook) = find(db, &command.tenant, &command.id)? else { return Ok(None) };
    let old = std::mem::replace(&mut webhook.secret, command.secret.clone());
    webhook.previous_secret = Some(PreviousSecret { secret: old, expires_at: command.overlap_until });
    webhook.updated_at = command.now;
    save(db, &webhook)?;
    Ok(Some(webhook))
}

pub(super) fn delete(
    db: &Connection,
    tenant: &Tenant,
    id: &WebhookId,
    now: Timestamp,
) -> Result<DeleteOutcome> {
    let Some(mut webhook) = find(db, tenant, id)? else { return Ok(DeleteOutcome::NotFound) };
    let replaced = std::mem::take(&mut webhook.events);
    subscribe(db, &webhook, &replaced)?;
    let sql = "UPDATE webhooks SET deleted_at = ?, secret = NULL, previous_secret = NULL, client_key = NULL, \
               headers = NULL WHERE id = ?";
    execute(db, sql, params![now.unix_ms(), id.as_str()])?;
    skips::begin(db, id, now)?;
    Ok(DeleteOutcome::Deleted)
}

fn read(columns: &mut Columns<'_, '_>) -> Result<Webhook> {
    Ok(Webhook {
        id: columns.id()?,
        tenant: columns.tenant()?,
        url: columns.get()?,
        description: columns.get()?,
        events: columns.json()?,
        status: columns.word("webhook status", WebhookStatus::parse)?,
        disabled_reason: columns.word_or_none("disabled reason", DisabledReason::parse)?,
        headers: columns.json_or_none()?.unwrap_or_default(),
        rate_limit_per_second: columns.get::<Option<u32>>()?.and_then(NonZeroU32::new),
        client_certificate: {
            let (certificate, key) = (columns.get::<Option<String>>()?, columns.get::<Option<String>>()?);
            let fingerprint = columns.get::<Option<String>>()?;
            let pair = certificate.zip(key).zip(fingerprint);
            pair.map(|((certificate, key), fingerprint)| {
                ClientCertificate::new(certificate, key, fingerprint)
            })
        },
        secret: Secret::from_text(columns.get()?),
        previous_secret: {
            let (secret, expires_at) = (columns.get::<Option<String>>()?, columns.time_or_none()?);
            secret
                .zip(expires_at)
                .map(|(secret, expires_at)| PreviousSecret { secret: Secret::from_text(secret), expires_at })
        },
        failing_since: columns.time_or_none()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
    })
}
