//! Replays of many deliveries: stored, and gone on with a few rows at a time.

use docextract_model::delivery::Trigger;
use docextract_model::id::{DeliveryId, ReplayId, id_floor};
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{Webhook, WebhookStatus};
use rusqlite::{Connection, params};

use super::rows::{Columns, execute, integer, json_text, ms, one, take_id};
use super::{deliveries, events, webhooks};
use crate::Result;
use crate::commands::{CreateReplayOutcome, StepReplay};

const SELECT: &str = "SELECT id, org_id, mode, webhook_id, since, until, statuses, status, replayed, \
     last_delivery_id, position, created_at, stepped_at, finished_at FROM replays";

pub(super) fn create(db: &Connection, replay: Replay) -> Result<CreateReplayOutcome> {
    let Some(webhook) = webhooks::find(db, &replay.tenant, &replay.webhook_id)? else {
        return Ok(CreateReplayOutcome::WebhookNotFound);
    };
    if webhook.status == WebhookStatus::Disabled {
        return Ok(CreateReplayOutcome::WebhookDisabled);
    }
    execute(
        db,
        "INSERT INTO replays (id, org_id, mode, webhook_id, since, until, statuses, created_at, status, \
         replayed, stepped_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', 0, 0)",
        params![
            replay.id.as_str(),
            replay.tenant.org_id.as_str(),
            replay.tenant.mode.as_str(),
            replay.webhook_id.as_str(),
            replay.since.unix_ms(),
            replay.until.unix_ms(),
            json_text(&replay.statuses)?,
            replay.created_at.unix_ms(),
        ],
    )?;
    save(db, &replay)?;
    Ok(CreateReplayOutcome::Created(replay))
}

/// Writes everything of a replay that changes.
fn save(db: &Connection, replay: &Replay) -> Result<()> {
    execute(
        db,
        "UPDATE replays SET status = ?, replayed = ?, last_delivery_id = ?, position = ?, stepped_at = ?, \
         finished_at = ? WHERE id = ?",
        params![
            replay.status.as_str(),
            integer(replay.replayed)?,
            replay.cursor.as_ref().map(DeliveryId::as_str),
            ms(replay.position),
            replay.stepped_at.unix_ms(),
            ms(replay.finished_at),
            replay.id.as_str(),
        ],
    )?;
    Ok(())
}

pub(super) fn find(db: &Connection, tenant: &Tenant, id: &ReplayId) -> Result<Option<Replay>> {
    let sql = format!("{SELECT} WHERE id = ? AND org_id = ? AND mode = ?");
    one(db, &sql, [id.as_str(), tenant.org_id.as_str(), tenant.mode.as_str()], read)
}

pub(super) fn cancel(
    db: &Connection,
    tenant: &Tenant,
    id: &ReplayId,
    now: Timestamp,
) -> Result<Option<Replay>> {
    let Some(mut replay) = find(db, tenant, id)? else { return Ok(None) };
    if replay.status == ReplayStatus::Running {
        end(&mut replay, ReplayStatus::Cancelled, now);
        save(db, &replay)?;
    }
    Ok(Some(replay))
}

fn end(replay: &mut Replay, status: ReplayStatus, now: Timestamp) {
    replay.status = status;
    replay.finished_at = Some(now);
}

pub(super) fn step(db: &Connection, mut command: StepReplay) -> Result<Option<Replay>> {
    let sql = format!("{SELECT} WHERE status = 'running' AND until <= ? ORDER BY stepped_at, id LIMIT 1");
    let Some(mut replay) = one(db, &sql, [command.now.unix_ms()], read)? else { return Ok(None) };
    replay.stepped_at = command.now;
    let webhook = webhooks::find(db, &replay.tenant, &replay.webhook_id)?;
    match webhook.filter(|webhook| webhook.status == WebhookStatus::Enabled) {
        None => end(&mut replay, ReplayStatus::Cancelled, command.now),
        Some(webhook) => go_on(db, &mut replay, &webhook, &mut command)?,
    }
    save(db, &replay)?;
    Ok(Some(replay))
}

fn go_on(db: &Connection, replay: &mut Replay, webhook: &Webhook, command: &mut StepReplay) -> Result<()> {
    let from = replay.cursor.as_ref().map(DeliveryId::to_string);
    let from = from.unwrap_or_else(|| id_floor::<DeliveryId>(replay.since));
    let until = id_floor::<DeliveryId>(replay.until);
    let rows = deliveries::of_webhook_between(db, &webhook.id, &from, &until, command.limit)?;
    let is_last_step = rows.len() < usize::try_from(command.limit).unwrap_or(usize::MAX);
    for delivery in rows {
        replay.cursor = Some(delivery.id.clone());
        replay.position = Some(delivery.created_at);
        let is_wanted = delivery.trigger != Trigger::Test && replay.statuses.contains(&delivery.status);
        if is_wanted
            && deliveries::is_latest_of_event(db, &delivery)?
            && !events::is_erased(db, &replay.tenant, &delivery.event_id)?
        {
            let again = deliveries::again(delivery, take_id(&mut command.ids)?, webhook, command.now);
            deliveries::insert(db, &again, None, None)?;
            replay.replayed += 1;
        }
    }
    if is_last_step {
        end(replay, ReplayStatus::Completed, command.now);
    }
    Ok(())
}

fn read(columns: &mut Columns<'_, '_>) -> Result<Replay> {
    Ok(Replay {
        id: columns.id()?,
        tenant: columns.tenant()?,
        webhook_id: columns.id()?,
        since: columns.time()?,
        until: columns.time()?,
        statuses: columns.json()?,
        status: columns.word("replay status", ReplayStatus::parse)?,
        replayed: columns.count()?,
        cursor: columns.id_or_none()?,
        position: columns.time_or_none()?,
        created_at: columns.time()?,
        stepped_at: columns.time()?,
        finished_at: columns.time_or_none()?,
    })
}
