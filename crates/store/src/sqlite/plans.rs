//! Plans: requests taken from their windows, and which jobs have a slot.

use docextract_model::id::{JobId, OrgId};
use docextract_model::plan::{Plan, PlanLimits, RequestCounts, TakenRequest};
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::keys;
use super::rows::{execute, one};
use crate::commands::{Organisation, SetPlan};
use crate::{Result, StoreError};

/// None for a plan without limits.
pub(super) fn limits(db: &Connection, org_id: &OrgId) -> Result<Option<PlanLimits>> {
    let sql = "SELECT plan FROM organisations WHERE id = ?";
    let plan = one(db, sql, [org_id.as_str()], |columns| columns.word("plan", Plan::parse))?;
    let plan = plan.ok_or_else(|| StoreError::Refused(format!("{org_id} does not exist")))?;
    Ok(plan.limits())
}

pub(super) fn set(db: &Connection, command: &SetPlan) -> Result<Option<Organisation>> {
    let (org_id, now) = (command.org_id.as_str(), command.now.unix_ms());
    execute(db, "UPDATE organisations SET plan = ? WHERE id = ?", params![command.plan.as_str(), org_id])?;
    let Some(organisation) = keys::organisation(db, &command.org_id)? else { return Ok(None) };
    if command.plan.limits().is_some() {
        execute(
            db,
            "UPDATE jobs SET waits_for_slot = 1 \
             WHERE org_id = ? AND status = 'queued' AND hold_reason IS NULL AND waits_for_slot = 0",
            [org_id],
        )?;
        give_slots(db, &command.org_id, command.now)?;
    } else {
        execute(
            db,
            "UPDATE jobs SET waits_for_slot = 0, due_at = max(due_at, ?) WHERE org_id = ? AND waits_for_slot = 1",
            params![now, org_id],
        )?;
    }
    Ok(Some(organisation))
}

pub(super) fn take_request(db: &Connection, org_id: &OrgId, now: Timestamp) -> Result<TakenRequest> {
    let Some(limits) = limits(db, org_id)? else { return Ok(TakenRequest::Unlimited) };
    let sql = "SELECT minute, minute_count, hour, hour_count FROM request_counts WHERE org_id = ?";
    let counts = one(db, sql, [org_id.as_str()], |columns| {
        Ok(RequestCounts {
            minute: columns.time()?,
            minute_count: columns.get()?,
            hour: columns.time()?,
            hour_count: columns.get()?,
        })
    })?;
    let mut counts = counts.unwrap_or_default();
    let taken = counts.take(limits, now);
    if matches!(taken, TakenRequest::Taken(_)) {
        execute(
            db,
            "INSERT INTO request_counts (org_id, minute, minute_count, hour, hour_count) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (org_id) DO UPDATE SET minute = excluded.minute, \
             minute_count = excluded.minute_count, hour = excluded.hour, hour_count = excluded.hour_count",
            params![
                org_id.as_str(),
                counts.minute.unix_ms(),
                counts.minute_count,
                counts.hour.unix_ms(),
                counts.hour_count,
            ],
        )?;
    }
    Ok(taken)
}

/// Gives the slots that are free to the jobs that wait, the lowest id first.
pub(super) fn give_slots(db: &Connection, org_id: &OrgId, now: Timestamp) -> Result<()> {
    let Some(limits) = limits(db, org_id)? else { return Ok(()) };
    // Counts no further than the limit: a plan that was lowered may have left more.
    let sql = "SELECT count(*) FROM (SELECT 1 FROM jobs INDEXED BY jobs_with_slot WHERE org_id = ? AND status \
               IN ('queued', 'processing') AND hold_reason IS NULL AND waits_for_slot = 0 LIMIT ?)";
    let taken: Option<u32> =
        one(db, sql, params![org_id.as_str(), limits.concurrent_jobs], |columns| columns.get())?;
    let free = limits.concurrent_jobs.saturating_sub(taken.unwrap_or(0));
    if free > 0 {
        execute(
            db,
            "UPDATE jobs SET waits_for_slot = 0, due_at = max(due_at, ?) WHERE id IN (SELECT id FROM jobs \
             INDEXED BY jobs_without_slot WHERE org_id = ? AND waits_for_slot = 1 ORDER BY id LIMIT ?)",
            params![now.unix_ms(), org_id.as_str(), free],
        )?;
    }
    Ok(())
}

/// Whether as many other jobs of its organisation are processing as its plan allows.
pub(super) fn has_no_room(db: &Connection, org_id: &OrgId, id: &JobId) -> Result<bool> {
    let Some(limits) = limits(db, org_id)? else { return Ok(false) };
    let sql = "SELECT count(*) FROM jobs INDEXED BY jobs_with_slot WHERE org_id = ? AND status IN ('queued', \
               'processing') AND hold_reason IS NULL AND waits_for_slot = 0 AND status = 'processing' AND id <> ?";
    let others: Option<u32> = one(db, sql, [org_id.as_str(), id.as_str()], |columns| columns.get())?;
    Ok(others.unwrap_or(0) >= limits.concurrent_jobs)
}
