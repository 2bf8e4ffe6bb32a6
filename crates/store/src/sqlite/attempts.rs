//! Attempts, recorded many at a time: logged, counted, and what they mean for delivery and webhook.
//!
//! Most attempts succeed, and most of a group went to the same few webhooks. So a success moves its
//! delivery on without reading it first, and what a group says about a webhook is written once.

use std::collections::BTreeSet;

use docextract_model::delivery::{Attempt, Delivery, DeliveryStatus};
use docextract_model::event::{self, Event};
use docextract_model::id::{DeliveryId, IdBlock, WebhookId};
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::deliveries::{DueWebhooks, leased_under};
use super::events;
use super::rows::{execute, integer, ms, one, take_id};
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
        ids: command.ids.clone(),
        tally: Tally::default(),
        due: DueWebhooks::default(),
        working: BTreeSet::new(),
    };
    let mut recorded = RecordedAttempts::default();
    for (record, detail) in command.attempts.iter().zip(details) {
        let (outcome, disabled) = match record.after {
            AfterAttempt::Delivered => (recording.delivered(db, record, detail)?, None),
            AfterAttempt::RetryAt(_) | AfterAttempt::Failed | AfterAttempt::Gone => {
                recording.failed(db, record, detail)?
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

/// What a group adds up to.
struct Recording {
    ids: IdBlock,
    tally: Tally,
    due: DueWebhooks,
    /// Webhooks of which this group has noted that they work, and nothing else since.
    working: BTreeSet<WebhookId>,
}

impl Recording {
    fn delivered(&mut self, db: &Connection, record: &RecordAttempt, detail: &str) -> Result<FencedOutcome> {
        let finished_at = record.finished_at.unix_ms();
        let sql = "UPDATE deliveries SET status = 'delivered', attempt_count = ?, next_attempt_at = NULL, \
             finished_at = ?2, due_at = ?2, lease_node = NULL, lease_token = NULL \
             WHERE id = ?3 AND lease_token = ?4 RETURNING webhook_id";
        let values =
            params![record.attempt.number, finished_at, record.delivery_id.as_str(), record.lease_token];
        let Some(webhook_id) = one(db, sql, values, |columns| columns.id_or_none::<WebhookId>())? else {
            return Ok(FencedOutcome::LostLease);
        };
        log(db, &record.delivery_id, &record.attempt, detail)?;
        if let Some(webhook_id) = webhook_id {
            self.tally.add(&webhook_id, record);
            if !self.working.contains(&webhook_id) {
                webhooks::note_health(db, &webhook_id, &Health::Succeeded)?;
                self.working.insert(webhook_id);
            }
        }
        Ok(FencedOutcome::Written)
    }

    /// Logs it and moves its delivery on; the event to publish if that disabled the webhook.
    fn failed(
        &mut self,
        db: &Connection,
        record: &RecordAttempt,
        detail: &str,
    ) -> Result<(FencedOutcome, Option<Event>)> {
        let Some(delivery) = leased_under(db, &record.delivery_id, &record.lease_token)? else {
            return Ok((FencedOutcome::LostLease, None));
        };
        log(db, &delivery.id, &record.attempt, detail)?;
        move_on(db, record, &delivery)?;
        let Some(webhook_id) = &delivery.webhook_id else { return Ok((FencedOutcome::Written, None)) };
        self.tally.add(webhook_id, record);
        self.working.remove(webhook_id);
        if let AfterAttempt::RetryAt(at) = record.after {
            self.due.add(webhook_id, at);
        }
        Ok((FencedOutcome::Written, self.webhook_disabled(db, webhook_id, record, &delivery)?))
    }

    fn webhook_disabled(
        &mut self,
        db: &Connection,
        webhook_id: &WebhookId,
        record: &RecordAttempt,
        delivery: &Delivery,
    ) -> Result<Option<Event>> {
        let now = record.finished_at;
        let health = Health::Failed {
            attempted_at: record.attempt.attempted_at,
            finished_at: now,
            gone: record.after == AfterAttempt::Gone,
        };
        let Some(webhook) = webhooks::note_health(db, webhook_id, &health)? else { return Ok(None) };
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

/// Writes the log's row. `detail` is the attempt as JSON.
pub(super) fn log(db: &Connection, id: &DeliveryId, attempt: &Attempt, detail: &str) -> Result<()> {
    execute(
        db,
        "INSERT INTO attempts (delivery_id, number, attempted_at, status_code, response_time_ms, \
         error_code, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
        params![
            id.as_str(),
            attempt.number,
            attempt.attempted_at.unix_ms(),
            attempt.status_code,
            integer(attempt.response_time_ms)?,
            attempt.error.as_ref().map(|error| error.code.as_str()),
            detail,
        ],
    )?;
    Ok(())
}
