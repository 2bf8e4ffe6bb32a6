//! Requests that came with an `Idempotency-Key`.

use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::rows::{execute, one};
use crate::Result;
use crate::commands::{BeginRequest, BeginRequestOutcome, EndRequest, FencedOutcome, KeptAnswer, RequestEnd};

struct Row {
    fingerprint: String,
    reserved: String,
    begun_at: Timestamp,
    answer: Option<String>,
    is_erased: bool,
    lease_until: Option<Timestamp>,
}

impl Row {
    fn became(&self, command: &BeginRequest) -> Option<BeginRequestOutcome> {
        if self.fingerprint != command.fingerprint {
            Some(BeginRequestOutcome::Differs)
        } else if self.is_erased {
            Some(BeginRequestOutcome::Erased)
        } else if let Some(answer) = &self.answer {
            Some(BeginRequestOutcome::Answered(KeptAnswer(answer.clone())))
        } else {
            self.lease_until
                .is_some_and(|until| until > command.now)
                .then_some(BeginRequestOutcome::InProgress)
        }
    }
}

pub(super) fn begin(db: &Connection, command: &BeginRequest) -> Result<BeginRequestOutcome> {
    let (tenant, lease) = (&command.tenant, &command.lease);
    let sql = "SELECT fingerprint, reserved, begun_at, \
               opened(answer, 'keyed_requests.answer', org_id || '/' || mode || '/' || key), erased, lease_until \
               FROM keyed_requests \
               WHERE org_id = ? AND mode = ? AND key = ? AND begun_at >= ?";
    let identity =
        params![tenant.org_id.as_str(), tenant.mode.as_str(), command.key, command.expired_before.unix_ms()];
    let known = one(db, sql, identity, |columns| {
        Ok(Row {
            fingerprint: columns.get()?,
            reserved: columns.get()?,
            begun_at: columns.time()?,
            answer: columns.get()?,
            is_erased: columns.get()?,
            lease_until: columns.time_or_none()?,
        })
    })?;
    if let Some(outcome) = known.as_ref().and_then(|row| row.became(command)) {
        return Ok(outcome);
    }
    let is_again = known.is_some();
    let (reserved, begun_at) =
        known.map_or_else(|| (command.reserved.clone(), command.now), |row| (row.reserved, row.begun_at));
    // One that is expired is replaced.
    execute(
        db,
        "INSERT OR REPLACE INTO keyed_requests (org_id, mode, key, fingerprint, reserved, begun_at, answer, \
         erased, lease_node, lease_token, lease_until) VALUES (?, ?, ?, ?, ?, ?, NULL, 0, ?, ?, ?)",
        params![
            tenant.org_id.as_str(),
            tenant.mode.as_str(),
            command.key,
            command.fingerprint,
            reserved,
            begun_at.unix_ms(),
            lease.node,
            lease.token,
            lease.until.unix_ms(),
        ],
    )?;
    Ok(BeginRequestOutcome::Begun { reserved, begun_at, is_again })
}

pub(super) fn end(db: &Connection, command: &EndRequest) -> Result<FencedOutcome> {
    let tenant = &command.tenant;
    let (org_id, mode) = (tenant.org_id.as_str(), tenant.mode.as_str());
    let (key, token) = (command.key.as_str(), command.lease_token.as_str());
    let answer = |answer: Option<&str>| {
        execute(
            db,
            "UPDATE keyed_requests SET answer = CASE erased WHEN 0 THEN sealed(?, 'keyed_requests.answer', \
             org_id || '/' || mode || '/' || key, (SELECT key_id FROM sealing)) END, lease_node = NULL, \
             lease_token = NULL, lease_until = NULL WHERE org_id = ? AND mode = ? AND key = ? AND lease_token = ?",
            params![answer, org_id, mode, key, token],
        )
    };
    let ended = match &command.end {
        RequestEnd::Keep(KeptAnswer(text)) => answer(Some(text))?,
        RequestEnd::Release => answer(None)?,
        RequestEnd::Forget => execute(
            db,
            "DELETE FROM keyed_requests WHERE org_id = ? AND mode = ? AND key = ? AND lease_token = ?",
            [org_id, mode, key, token],
        )?,
    };
    Ok(if ended == 1 { FencedOutcome::Written } else { FencedOutcome::LostLease })
}

pub(super) fn release_node(db: &Connection, node: &str) -> Result<()> {
    execute(
        db,
        "UPDATE keyed_requests SET lease_node = NULL, lease_token = NULL, lease_until = NULL \
         WHERE lease_node = ?",
        [node],
    )?;
    Ok(())
}

pub(super) fn prune(db: &Connection, before: Timestamp, limit: u32) -> Result<u64> {
    let pruned = execute(
        db,
        "DELETE FROM keyed_requests WHERE (org_id, mode, key) IN (SELECT org_id, mode, key FROM keyed_requests \
         WHERE begun_at < ? ORDER BY begun_at, org_id, mode, key LIMIT ?)",
        params![before.unix_ms(), limit],
    )?;
    Ok(pruned.try_into().unwrap_or(u64::MAX))
}
