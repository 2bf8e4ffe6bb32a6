//! What is pending for a webhook that is disabled or deleted ends as skipped, a few at a time.
//!
//! An endpoint that answers 410 may have a million deliveries pending, and one transaction for all of
//! them would keep every other webhook waiting. So the transaction that disables ends the first
//! [`STEP_ROWS`], and notes through which delivery the rest is to be; that is what nobody claims until
//! it is done, also when the webhook has been enabled again.

use docextract_model::id::WebhookId;
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::deliveries::next_due_of;
use super::rows::{execute, one};
use super::webhooks;
use crate::Result;

/// Deliveries that one transaction skips.
const STEP_ROWS: usize = 1_000;

/// Ends what is pending for a webhook. An attempt that is on the wire keeps its lease token, so that
/// it can still be logged.
pub(super) fn begin(db: &Connection, webhook_id: &WebhookId, now: Timestamp) -> Result<()> {
    execute(
        db,
        "INSERT INTO webhook_skips (webhook_id, through_id, finished_at) \
         SELECT ?1, max(id), ?2 FROM deliveries WHERE webhook_id = ?1 HAVING max(id) IS NOT NULL \
         ON CONFLICT (webhook_id) DO UPDATE SET through_id = excluded.through_id",
        params![webhook_id.as_str(), now.unix_ms()],
    )?;
    step_of(db, webhook_id)
}

/// Goes on with one webhook; whether there was one.
pub(super) fn step(db: &Connection) -> Result<bool> {
    let waiting = one(db, "SELECT webhook_id FROM webhook_skips LIMIT 1", [], |columns| columns.id())?;
    let Some(webhook_id) = waiting else { return Ok(false) };
    step_of(db, &webhook_id)?;
    Ok(true)
}

fn step_of(db: &Connection, webhook_id: &WebhookId) -> Result<()> {
    let limit = i64::try_from(STEP_ROWS).unwrap_or(i64::MAX);
    let skipped = execute(
        db,
        "UPDATE deliveries SET status = 'skipped', next_attempt_at = NULL, \
         finished_at = (SELECT finished_at FROM webhook_skips WHERE webhook_id = ?1) \
         WHERE id IN (SELECT id FROM deliveries INDEXED BY deliveries_pending \
             WHERE status = 'pending' AND webhook_id = ?1 \
             AND id <= (SELECT through_id FROM webhook_skips WHERE webhook_id = ?1) LIMIT ?2)",
        params![webhook_id.as_str(), limit],
    )?;
    if skipped < STEP_ROWS {
        execute(db, "DELETE FROM webhook_skips WHERE webhook_id = ?", [webhook_id.as_str()])?;
        webhooks::set_claim_at(db, webhook_id, next_due_of(db, webhook_id)?)?;
    }
    Ok(())
}
