//! Attempts, recorded many at a time: logged, counted, and what they mean for delivery and webhook.
//!
//! Most attempts succeed, and most of a group went to the same few webhooks. So a success moves its
//! delivery on without reading it first, and what a group says about a webhook is written once.

use std::collections::BTreeSet;

use docextract_model::delivery::{Attempt, Delivery, DeliveryStatus};
use docextract_model::event::{self, Event};
use docextract_model::id::{DeliveryId, IdBlock, WebhookId};
use docextract_model::time::Timestamp;
use rusqlite::{CachedStatement, Connection, params};

use super::deliveries::{DueWebhooks, leased_under};
use super::events;
use super::rows::{execute, integer, ms, take_id};
use super::stats::Tally;
use super::webhooks::{self, Health};
use crate::Result;
use crate::commands::{AfterAttempt, FencedOutcome, RecordAttempt, RecordAttempts, RecordedAttempts};

/// Records a group. `details` are its attempts as JSON, which the writer need not make.
pub(super) fn record(
    db: &Connection,
    command: &RecordAttempts,
    details: &[String],
) -> Result<RecordedAttempts> {
    let mut recording = Recording {
        db,
        delivered: db.prepare_cached(DELIVERED)?,
        log: Log::open(db)?,
        ids: command.ids.clone(),
        tally: Tally::default(),
        due: DueWebhooks::default(),
        working: BTreeSet::new(),
    };
    let mut recorded = RecordedAttempts::default();
    for (record, detail) in command.attempts.iter().zip(details) {
        let (outcome, disabled) = match record.after {
            AfterAttempt::Delivered => (recording.delivered(record, detail)?, None),
            AfterAttempt::RetryAt(_) | AfterAttempt::Failed | AfterAttempt::Gone => {
                recording.failed(record, detail)?
            }
        };
        recorded.outcomes.push(outcome);
        if let Some(event) = disabled {
            recorded.to_send.extend(events::publish(db, &event, &command.send_lease)?);
        }
    }
    recording.tally.write(db)?;
    recording.due.write(db)?;
    Ok(recorded)
}

const DELIVERED: &str = "UPDATE deliveries SET status = 'delivered', attempt_count = ?, next_attempt_at = NULL, \
     finished_at = ?2, due_at = ?2, lease_node = NULL, lease_token = NULL \
     WHERE id = ?3 AND lease_token = ?4";

/// A group on its way, and what it adds up to.
struct Recording<'db, 'a> {
    db: &'db Connection,
    delivered: CachedStatement<'db>,
    log: Log<'db>,
    ids: IdBlock,
    tally: Tally<'a>,
    due: DueWebhooks,
    /// Webhooks of which this group has noted that they work, and nothing else since.
    working: BTreeSet<&'a WebhookId>,
}

impl<'a> Recording<'_, 'a> {
    fn delivered(&mut self, record: &'a RecordAttempt, detail: &str) -> Result<FencedOutcome> {
        let finished_at = record.finished_at.unix_ms();
        let values =
            params![record.attempt.number, finished_at, record.delivery_id.as_str(), record.lease_token];
        if self.delivered.execute(values)? == 0 {
            return Ok(FencedOutcome::LostLease);
        }
        self.log.write(&record.delivery_id, &record.attempt, detail)?;
        self.tally.add(record);
        if self.working.insert(&record.webhook_id) {
            webhooks::note_health(self.db, &record.webhook_id, &Health::Succeeded)?;
        }
        Ok(FencedOutcome::Written)
    }

    /// Logs it and moves its delivery on; the event to publish if that disabled the webhook.
    fn failed(&mut self, record: &'a RecordAttempt, detail: &str) -> Result<(FencedOutcome, Option<Event>)> {
        let db = self.db;
        let Some(delivery) = leased_under(db, &record.delivery_id, &record.lease_token)? else {
            return Ok((FencedOutcome::LostLease, None));
        };
        self.log.write(&delivery.id, &record.attempt, detail)?;
        move_on(db, record, &delivery)?;
        self.tally.add(record);
        self.working.remove(&record.webhook_id);
        if let AfterAttempt::RetryAt(at) = record.after {
            self.due.add(&record.webhook_id, at);
        }
        Ok((FencedOutcome::Written, self.webhook_disabled(record, &delivery)?))
    }

    fn webhook_disabled(&mut self, record: &RecordAttempt, delivery: &Delivery) -> Result<Option<Event>> {
        let now = record.finished_at;
        let health = Health::Failed {
            attempted_at: record.attempt.attempted_at,
            finished_at: now,
            gone: record.after == AfterAttempt::Gone,
        };
        let Some(webhook) = webhooks::note_health(self.db, &record.webhook_id, &health)? else {
            return Ok(None);
        };
        Ok(Some(Event {
            id: take_id(&mut self.ids)?,
            tenant: webhook.tenant.clone(),
            event_type: event::WEBHOOK_DISABLED.to_owned(),
            body: event::webhook_disabled(&webhook, delivery, record.attempt.error.as_ref(), now),
            job_id: None,
            created_at: now,
        }))
    }
}

/// Moves a delivery on whose attempt failed.
fn move_on(db: &Connection, record: &RecordAttempt, delivery: &Delivery) -> Result<()> {
    let (status, next_attempt_at, finished_at): (_, Option<Timestamp>, _) =
        match (delivery.status, record.after) {
            // Its webhook was disabled or deleted meanwhile: there is no further attempt.
            (DeliveryStatus::Skipped, _) => (DeliveryStatus::Skipped, None, delivery.finished_at),
            (_, AfterAttempt::RetryAt(at)) => (DeliveryStatus::Pending, Some(at), None),
            (_, AfterAttempt::Delivered | AfterAttempt::Failed | AfterAttempt::Gone) => {
                (DeliveryStatus::Failed, None, Some(record.finished_at))
            }
        };
    execute(
        db,
        "UPDATE deliveries SET status = ?, attempt_count = ?, next_attempt_at = ?, finished_at = ?, \
         due_at = ?, lease_node = NULL, lease_token = NULL WHERE id = ?",
        params![
            status.as_str(),
            record.attempt.number,
            ms(next_attempt_at),
            ms(finished_at),
            next_attempt_at.unwrap_or(record.finished_at).unix_ms(),
            delivery.id.as_str(),
        ],
    )?;
    Ok(())
}

/// Writes the log's rows.
pub(super) struct Log<'db>(CachedStatement<'db>);

impl<'db> Log<'db> {
    pub(super) fn open(db: &'db Connection) -> Result<Self> {
        let sql = "INSERT INTO attempts (delivery_id, number, attempted_at, status_code, response_time_ms, \
             error_code, detail) VALUES (?, ?, ?, ?, ?, ?, ?)";
        Ok(Self(db.prepare_cached(sql)?))
    }

    /// `detail` is the attempt as JSON.
    pub(super) fn write(&mut self, id: &DeliveryId, attempt: &Attempt, detail: &str) -> Result<()> {
        self.0.execute(params![
            id.as_str(),
            attempt.number,
            attempt.attempted_at.unix_ms(),
            attempt.status_code,
            integer(attempt.response_time_ms)?,
            attempt.error.as_ref().map(|error| error.code.as_str()),
            detail,
        ])?;
        Ok(())
    }
}
