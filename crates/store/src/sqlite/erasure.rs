//! Erasing a job: what was read from its document goes from every table that has it.

use docextract_model::event;
use docextract_model::id::{Id as _, JobId};
use rusqlite::{Connection, params};

use super::jobs;
use super::rows::{all, execute, one};
use crate::Result;
use crate::commands::{EraseJob, EraseJobOutcome};

pub(super) fn erase(db: &Connection, command: &EraseJob) -> Result<EraseJobOutcome> {
    let Some(job) = jobs::find(db, &command.tenant, &command.job_id)? else {
        return Ok(EraseJobOutcome::NotFound);
    };
    if !job.status.is_terminal() {
        return Ok(EraseJobOutcome::NotEnded(job.status));
    }
    let events =
        all(db, "SELECT id, event_type FROM events WHERE job_id = ?", [job.id.as_str()], |columns| {
            Ok((columns.get::<String>()?, columns.get::<String>()?))
        })?;
    for (id, event_type) in events {
        execute(db, "UPDATE events SET body = ? WHERE id = ?", params![event::erased(&event_type), id])?;
        erase_deliveries(db, &id, command)?;
    }
    execute(db, "DELETE FROM jobs WHERE id = ?", [job.id.as_str()])?;
    execute(db, "DELETE FROM lessons WHERE job_id = ?", [job.id.as_str()])?;
    execute(
        db,
        "UPDATE keyed_requests SET answer = NULL, erased = 1 WHERE reserved = ?",
        [&job.id.as_str()[JobId::PREFIX.len()..]],
    )?;
    execute(
        db,
        "INSERT INTO erased_blobs (blob_id) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = ?1) \
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE blob_id = ?1 AND retry_of IS NOT NULL)",
        [job.blob_id.as_str()],
    )?;
    execute(
        db,
        "DELETE FROM small_documents WHERE blob_id = ?1 \
         AND EXISTS (SELECT 1 FROM erased_blobs WHERE blob_id = ?1)",
        [job.blob_id.as_str()],
    )?;
    Ok(EraseJobOutcome::Erased)
}

/// Who has one of them leased loses it, and with it what the receiver would answer.
fn erase_deliveries(db: &Connection, event_id: &str, command: &EraseJob) -> Result<()> {
    execute(
        db,
        "UPDATE deliveries SET status = 'skipped', next_attempt_at = NULL, finished_at = ? \
         WHERE event_id = ? AND status = 'pending'",
        params![command.now.unix_ms(), event_id],
    )?;
    execute(
        db,
        "UPDATE deliveries SET lease_node = NULL, lease_token = NULL \
         WHERE event_id = ? AND lease_token IS NOT NULL",
        [event_id],
    )?;
    execute(
        db,
        "UPDATE attempts SET detail = json_set(detail, '$.response_body', NULL) \
         WHERE delivery_id IN (SELECT id FROM deliveries WHERE event_id = ?)",
        [event_id],
    )?;
    Ok(())
}

pub(super) fn blobs(db: &Connection, limit: u32) -> Result<Vec<JobId>> {
    all(db, "SELECT blob_id FROM erased_blobs ORDER BY blob_id LIMIT ?", [limit], |columns| columns.id())
}

pub(super) fn unowned(db: &Connection, blob_ids: Vec<JobId>) -> Result<Vec<JobId>> {
    let mut unowned = Vec::new();
    for id in blob_ids {
        let sql = "SELECT 1 FROM jobs WHERE id = ?1 AND blob_id = ?1 \
                   UNION ALL SELECT 1 FROM jobs WHERE blob_id = ?1 AND retry_of IS NOT NULL LIMIT 1";
        if one(db, sql, [id.as_str()], |columns| columns.get::<i64>())?.is_none() {
            unowned.push(id);
        }
    }
    Ok(unowned)
}

pub(super) fn forget_blob(db: &Connection, blob_id: &JobId) -> Result<()> {
    execute(db, "DELETE FROM erased_blobs WHERE blob_id = ?", [blob_id.as_str()])?;
    Ok(())
}
