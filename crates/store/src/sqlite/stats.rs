//! Counts of attempts by the hour: added up as attempts are recorded, read as statistics.

use std::collections::BTreeMap;

use docextract_model::delivery::AttemptErrorCode;
use docextract_model::id::WebhookId;
use docextract_model::stats::{AttemptCount, hour_of, latency_class};
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::rows::{all, execute, integer};
use super::webhooks;
use crate::Result;
use crate::commands::{CountedHours, RecordAttempt};

/// What one group of attempts adds: a row of the table is written once for all of them.
#[derive(Default)]
pub(super) struct Tally<'a>(BTreeMap<(&'a WebhookId, Timestamp, &'static str, u32), u64>);

impl<'a> Tally<'a> {
    pub(super) fn add(&mut self, record: &'a RecordAttempt) {
        let attempt = &record.attempt;
        let error = attempt.error.as_ref().map_or("", |error| error.code.as_str());
        let class = latency_class(attempt.response_time_ms);
        *self.0.entry((&record.webhook_id, hour_of(attempt.attempted_at), error, class)).or_default() += 1;
    }

    pub(super) fn write(self, db: &Connection) -> Result<()> {
        for ((webhook_id, hour, error, class), attempts) in self.0 {
            execute(
                db,
                "INSERT INTO attempt_counts (webhook_id, hour, error_code, latency_class, attempts) \
                 VALUES (?, ?, ?, ?, ?) ON CONFLICT (webhook_id, hour, error_code, latency_class) \
                 DO UPDATE SET attempts = attempt_counts.attempts + excluded.attempts",
                params![webhook_id.as_str(), hour.unix_ms(), error, class, integer(attempts)?],
            )?;
        }
        Ok(())
    }
}

pub(super) fn counts(db: &Connection, hours: &CountedHours) -> Result<Option<Vec<AttemptCount>>> {
    if webhooks::find(db, &hours.tenant, &hours.webhook_id)?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT hour, error_code, latency_class, attempts FROM attempt_counts \
         WHERE webhook_id = ? AND hour >= ? AND hour < ? ORDER BY hour";
    let values = params![hours.webhook_id.as_str(), hours.since.unix_ms(), hours.until.unix_ms()];
    let counts = all(db, sql, values, |columns| {
        Ok(AttemptCount {
            hour: columns.time()?,
            error: columns.word("attempt's error", |text| match text {
                "" => Some(None),
                code => AttemptErrorCode::parse(code).map(Some),
            })?,
            latency_class: columns.get()?,
            attempts: columns.count()?,
        })
    })?;
    Ok(Some(counts))
}

/// Removes counts of hours that had ended by an instant, the oldest first; how many.
pub(super) fn prune(db: &Connection, before: Timestamp, limit: u32) -> Result<u64> {
    let sql = "SELECT webhook_id, hour, error_code, latency_class FROM attempt_counts \
         WHERE hour < ? ORDER BY hour LIMIT ?";
    let old = all(db, sql, params![hour_of(before).unix_ms(), limit], |columns| {
        Ok((columns.get::<String>()?, columns.get::<i64>()?, columns.get::<String>()?, columns.get::<u32>()?))
    })?;
    let sql = "DELETE FROM attempt_counts \
         WHERE webhook_id = ? AND hour = ? AND error_code = ? AND latency_class = ?";
    let mut pruned = 0;
    for (webhook_id, hour, error, class) in old {
        execute(db, sql, params![webhook_id, hour, error, class])?;
        pruned += 1;
    }
    Ok(pruned)
}
