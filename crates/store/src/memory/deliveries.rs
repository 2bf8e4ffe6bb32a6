//! Events and their deliveries: fanned out, claimed, attempted, replayed.

use std::collections::BTreeMap;

use docextract_model::delivery::{Attempt, AttemptErrorCode, Delivery, DeliveryStatus, Trigger};
use docextract_model::event::{self, Event, subscription_matches};
use docextract_model::id::{DeliveryId, EventId, WebhookId, id_floor};
use docextract_model::limits;
use docextract_model::stats::{AttemptCount, hour_of, latency_class};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{DisabledReason, Webhook, WebhookStatus};

use super::{Tables, missing, page, take_id, within};
use crate::commands::{
    AfterAttempt, ClaimDeliveries, CountedHours, DeliveryFilter, EventFilter, FencedOutcome, Lease,
    LeasedDelivery, Page, PageRequest, PruneLog, PrunedLog, RecordAttempt, RecordAttempts, RecordTest,
    RecordedAttempts, ReplayDelivery, ReplayOutcome,
};
use crate::{Result, leased_delivery};

#[derive(Debug)]
pub(super) struct DeliveryRow {
    pub(super) delivery: Delivery,
    /// When a pending delivery may be claimed: its turn, or the end of its lease.
    due_at: Timestamp,
    /// Held while an attempt may be on the wire. A delivery that is skipped meanwhile keeps it until
    /// that attempt is recorded; one that was delivered or failed has none.
    pub(super) lease: Option<Lease>,
    pub(super) attempts: Vec<Attempt>,
}

impl DeliveryRow {
    pub(super) fn is_pending(&self) -> bool {
        self.delivery.status == DeliveryStatus::Pending
    }

    fn is_leased_with(&self, token: &str) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.token == token)
    }

    pub(super) fn finish(&mut self, status: DeliveryStatus, finished_at: Timestamp) {
        self.delivery.status = status;
        self.delivery.finished_at = Some(finished_at);
        self.delivery.next_attempt_at = None;
    }

    fn release(&mut self) {
        self.lease = None;
        self.due_at = self.delivery.next_attempt_at.unwrap_or(self.due_at);
    }
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

impl Tables {
    /// Stores an event with a delivery for each matching webhook, and returns those to be sent.
    pub(super) fn publish(&mut self, event: Event, send_lease: &Lease) -> Vec<LeasedDelivery> {
        let mut to_send = Vec::new();
        let matching = self.webhooks.values().filter(|row| {
            !row.deleted
                && row.webhook.tenant == event.tenant
                && subscription_matches(&row.webhook.events, &event.event_type)
        });
        for (ordinal, row) in (0_u32..).zip(matching) {
            let webhook = &row.webhook;
            let is_enabled = webhook.status == WebhookStatus::Enabled;
            let mut delivery = Delivery {
                id: DeliveryId::of_event(&event.id, ordinal),
                tenant: event.tenant.clone(),
                event_id: event.id.clone(),
                event_type: event.event_type.clone(),
                webhook_id: Some(webhook.id.clone()),
                url: webhook.url.clone(),
                status: DeliveryStatus::Pending,
                trigger: Trigger::Event,
                attempt_count: 0,
                next_attempt_at: Some(event.created_at),
                created_at: event.created_at,
                finished_at: None,
            };
            if is_enabled {
                let id = delivery.id.clone();
                to_send.push(leased_delivery(id, event.clone(), webhook, 1, send_lease, event.created_at));
            } else {
                delivery.status = DeliveryStatus::Skipped;
                delivery.next_attempt_at = None;
                delivery.finished_at = Some(event.created_at);
            }
            self.deliveries.insert(
                delivery.id.clone(),
                DeliveryRow {
                    delivery,
                    due_at: send_lease.until,
                    lease: is_enabled.then(|| send_lease.clone()),
                    attempts: Vec::new(),
                },
            );
        }
        self.events.insert(event.id.clone(), event);
        to_send
    }

    pub(super) fn event(&self, tenant: &Tenant, id: &EventId) -> Option<Event> {
        self.events.get(id).filter(|event| &event.tenant == tenant).cloned()
    }

    pub(super) fn events(&self, tenant: &Tenant, filter: &EventFilter, request: &PageRequest) -> Page<Event> {
        let newest_first = self.events.values().rev().filter(|event| {
            &event.tenant == tenant
                && filter.event_type.as_ref().is_none_or(|wanted| wanted == &event.event_type)
                && within(event.created_at, filter.created_after, filter.created_before)
        });
        page(newest_first, |event| event.id.as_str(), request)
    }

    pub(super) fn delivery(&self, tenant: &Tenant, id: &DeliveryId) -> Option<&DeliveryRow> {
        self.deliveries.get(id).filter(|row| &row.delivery.tenant == tenant)
    }

    pub(super) fn deliveries(
        &self,
        tenant: &Tenant,
        filter: &DeliveryFilter,
        request: &PageRequest,
    ) -> Page<Delivery> {
        let newest_first = self.deliveries.values().rev().map(|row| &row.delivery).filter(|delivery| {
            &delivery.tenant == tenant
                && filter.webhook_id.as_ref().is_none_or(|id| Some(id) == delivery.webhook_id.as_ref())
                && filter.event_id.as_ref().is_none_or(|id| id == &delivery.event_id)
                && filter.event_type.as_ref().is_none_or(|wanted| wanted == &delivery.event_type)
                && filter.status.is_none_or(|status| status == delivery.status)
                && within(delivery.created_at, filter.created_after, filter.created_before)
        });
        page(newest_first, |delivery| delivery.id.as_str(), request)
    }

    pub(super) fn claim_deliveries(&mut self, command: &ClaimDeliveries) -> Result<Vec<LeasedDelivery>> {
        let mut due: BTreeMap<WebhookId, Vec<(Timestamp, DeliveryId)>> = BTreeMap::new();
        for row in self.deliveries.values().filter(|row| row.is_pending() && row.due_at <= command.now) {
            if let Some(id) = row.delivery.webhook_id.as_ref().filter(|id| command.room_for(id) > 0) {
                due.entry(id.clone()).or_default().push((row.due_at, row.delivery.id.clone()));
            }
        }
        let mut lanes: Vec<(Timestamp, WebhookId, Vec<DeliveryId>)> = Vec::new();
        for (webhook_id, mut waiting) in due {
            waiting.sort();
            waiting.truncate(command.room_for(&webhook_id) as usize);
            if let Some((longest_due, _)) = waiting.first() {
                lanes.push((*longest_due, webhook_id, waiting.into_iter().map(|(_, id)| id).collect()));
            }
        }
        lanes.sort();
        let chosen = lanes
            .into_iter()
            .flat_map(|(_, webhook_id, waiting)| waiting.into_iter().map(move |id| (webhook_id.clone(), id)))
            .take(command.limit as usize);
        let (mut claimed, mut bytes) = (Vec::new(), 0_usize);
        for (webhook_id, id) in chosen {
            if bytes >= command.bytes_max {
                break;
            }
            let leased = self.claim(&webhook_id, &id, &command.lease, command.now)?;
            bytes = bytes.saturating_add(leased.body.len());
            claimed.push(leased);
        }
        Ok(claimed)
    }

    /// Leases one delivery, to be sent to where its webhook is now and signed as it signs now.
    fn claim(
        &mut self,
        webhook_id: &WebhookId,
        id: &DeliveryId,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<LeasedDelivery> {
        let webhook = &self.webhooks.get(webhook_id).ok_or_else(|| missing("webhook"))?.webhook;
        let row = self.deliveries.get_mut(id).ok_or_else(|| missing("delivery"))?;
        let event = self.events.get(&row.delivery.event_id).ok_or_else(|| missing("event"))?;
        row.delivery.url.clone_from(&webhook.url);
        row.lease = Some(lease.clone());
        row.due_at = lease.until;
        Ok(leased_delivery(id.clone(), event.clone(), webhook, row.delivery.attempt_count + 1, lease, now))
    }

    pub(super) fn release_deliveries(&mut self, leases: &[(DeliveryId, String)]) {
        for (id, token) in leases {
            if let Some(row) = self.deliveries.get_mut(id)
                && row.is_pending()
                && row.is_leased_with(token)
            {
                row.release();
            }
        }
    }

    pub(super) fn release_deliveries_of_node(&mut self, node: &str) -> u64 {
        let mut released = 0;
        for row in self.deliveries.values_mut() {
            if row.is_pending() && row.lease.as_ref().is_some_and(|lease| lease.node == node) {
                row.release();
                released += 1;
            }
        }
        released
    }

    pub(super) fn next_delivery_due_at(&self) -> Option<Timestamp> {
        self.deliveries.values().filter(|row| row.is_pending()).map(|row| row.due_at).min()
    }

    /// Ends what was still to be sent. A lease stays, so that an attempt on the wire is still logged.
    pub(super) fn skip_pending(&mut self, webhook_id: &WebhookId, now: Timestamp) {
        for row in self.deliveries.values_mut() {
            if row.is_pending() && row.delivery.webhook_id.as_ref() == Some(webhook_id) {
                row.finish(DeliveryStatus::Skipped, now);
            }
        }
    }

    pub(super) fn record_attempts(&mut self, mut command: RecordAttempts) -> Result<RecordedAttempts> {
        let mut recorded = RecordedAttempts::default();
        for record in command.attempts.iter().cloned() {
            let (id, error, now) =
                (record.delivery_id.clone(), record.attempt.error.clone(), record.finished_at);
            let (outcome, disabled) = self.record_attempt(record);
            recorded.outcomes.push(outcome);
            let Some(webhook) = disabled else { continue };
            let failing = &self.deliveries.get(&id).ok_or_else(|| missing("delivery"))?.delivery;
            let event = Event {
                id: take_id(&mut command.ids)?,
                tenant: webhook.tenant.clone(),
                event_type: event::WEBHOOK_DISABLED.to_owned(),
                body: event::webhook_disabled(&webhook, failing, error.as_ref(), now),
                job_id: None,
                created_at: now,
            };
            recorded.to_send.extend(self.publish(event, &command.send_lease));
        }
        Ok(recorded)
    }

    /// What became of it, and the webhook if that disabled it.
    fn record_attempt(&mut self, record: RecordAttempt) -> (FencedOutcome, Option<Webhook>) {
        let Some(row) = self
            .deliveries
            .get_mut(&record.delivery_id)
            .filter(|row| row.is_leased_with(&record.lease_token))
        else {
            return (FencedOutcome::LostLease, None);
        };
        row.lease = None;
        row.delivery.attempt_count = record.attempt.number;
        if let Some(webhook_id) = row.delivery.webhook_id.clone() {
            let error = record.attempt.error.as_ref().map_or("", |error| error.code.as_str());
            let (hour, class) =
                (hour_of(record.attempt.attempted_at), latency_class(record.attempt.response_time_ms));
            *self.attempt_counts.entry((hour, webhook_id, error, class)).or_default() += 1;
        }
        let attempted_at = record.attempt.attempted_at;
        row.attempts.push(record.attempt);
        // A delivery that was skipped while this attempt was on the wire only changes when it arrived.
        match record.after {
            AfterAttempt::Delivered => row.finish(DeliveryStatus::Delivered, record.finished_at),
            AfterAttempt::RetryAt(at) if row.is_pending() => {
                row.delivery.next_attempt_at = Some(at);
                row.due_at = at;
            }
            AfterAttempt::Failed | AfterAttempt::Gone if row.is_pending() => {
                row.finish(DeliveryStatus::Failed, record.finished_at);
            }
            AfterAttempt::RetryAt(_) | AfterAttempt::Failed | AfterAttempt::Gone => {}
        }
        let disabled = match row.delivery.webhook_id.clone() {
            Some(webhook_id) => {
                self.note_attempt(&webhook_id, record.after, attempted_at, record.finished_at)
            }
            None => None,
        };
        (FencedOutcome::Written, disabled)
    }

    /// What an attempt says about its webhook: that it works, that it is gone, or how long it has failed.
    /// Returns the webhook if that disabled it.
    fn note_attempt(
        &mut self,
        webhook_id: &WebhookId,
        after: AfterAttempt,
        attempted_at: Timestamp,
        finished_at: Timestamp,
    ) -> Option<Webhook> {
        let row = self.webhooks.get_mut(webhook_id).filter(|row| !row.deleted)?;
        if after == AfterAttempt::Delivered {
            row.webhook.failing_since = None;
            return None;
        }
        let was_enabled = row.webhook.status == WebhookStatus::Enabled;
        let failing_since = *row.webhook.failing_since.get_or_insert(attempted_at);
        if after == AfterAttempt::Gone {
            self.disable(webhook_id, DisabledReason::Gone, finished_at);
        } else if finished_at.ms_since(failing_since) >= limits::WEBHOOK_FAILING_MS_MAX {
            self.disable(webhook_id, DisabledReason::FailingTooLong, finished_at);
        }
        let webhook = &self.webhooks.get(webhook_id)?.webhook;
        (was_enabled && webhook.status == WebhookStatus::Disabled).then(|| webhook.clone())
    }

    /// A delivery that nobody holds and that is due when it is scheduled.
    pub(super) fn insert_due(&mut self, delivery: Delivery) {
        let due_at = delivery.next_attempt_at.unwrap_or(delivery.created_at);
        self.deliveries
            .insert(delivery.id.clone(), DeliveryRow { delivery, due_at, lease: None, attempts: Vec::new() });
    }

    pub(super) fn prune_log(&mut self, command: &PruneLog) -> PrunedLog {
        let limit = command.limit as usize;
        let floor = id_floor::<DeliveryId>(command.before);
        let old =
            self.deliveries.iter().filter(|(id, row)| id.as_str() < floor.as_str() && !row.is_pending());
        let old: Vec<DeliveryId> = old.map(|(id, _)| id.clone()).take(limit).collect();
        self.deliveries.retain(|id, _| !old.contains(id));
        let floor = id_floor::<EventId>(command.before);
        let is_sent = |id: &EventId| self.deliveries.values().any(|row| row.delivery.event_id == *id);
        let done = self.events.keys().filter(|id| id.as_str() < floor.as_str() && !is_sent(id));
        let done: Vec<EventId> = done.take(limit).cloned().collect();
        self.events.retain(|id, _| !done.contains(id));
        let counts = self.attempt_counts.keys().filter(|(hour, ..)| *hour < hour_of(command.before));
        let counts: Vec<_> = counts.take(limit).cloned().collect();
        self.attempt_counts.retain(|count, _| !counts.contains(count));
        PrunedLog { deliveries: old.len() as u64, events: done.len() as u64, counts: counts.len() as u64 }
    }

    pub(super) fn attempt_counts(&self, hours: &CountedHours) -> Option<Vec<AttemptCount>> {
        self.present_webhooks(&hours.tenant).find(|webhook| webhook.id == hours.webhook_id)?;
        let of_webhook = self.attempt_counts.iter().filter(|((hour, webhook_id, ..), _)| {
            *webhook_id == hours.webhook_id && within(*hour, Some(hours.since), Some(hours.until))
        });
        let read = of_webhook.map(|((hour, _, error, latency_class), attempts)| AttemptCount {
            hour: *hour,
            error: AttemptErrorCode::parse(error),
            latency_class: *latency_class,
            attempts: *attempts,
        });
        Some(read.collect())
    }

    pub(super) fn record_test(&mut self, command: RecordTest) {
        let status =
            if command.attempt.error.is_none() { DeliveryStatus::Delivered } else { DeliveryStatus::Failed };
        let delivery = Delivery {
            id: command.delivery_id,
            tenant: command.event.tenant.clone(),
            event_id: command.event.id.clone(),
            event_type: command.event.event_type.clone(),
            webhook_id: command.webhook_id,
            url: command.url,
            status,
            trigger: Trigger::Test,
            attempt_count: 1,
            next_attempt_at: None,
            created_at: command.event.created_at,
            finished_at: Some(command.finished_at),
        };
        let due_at = delivery.created_at;
        self.deliveries.insert(
            delivery.id.clone(),
            DeliveryRow { delivery, due_at, lease: None, attempts: vec![command.attempt] },
        );
        self.events.insert(command.event.id.clone(), command.event);
    }

    pub(super) fn replay_delivery(&mut self, command: ReplayDelivery) -> Result<ReplayOutcome> {
        let Some(row) = self.delivery(&command.tenant, &command.delivery_id) else {
            return Ok(ReplayOutcome::NotFound);
        };
        let webhook_id = row.delivery.webhook_id.as_ref();
        let webhook = self.present_webhooks(&command.tenant).find(|webhook| Some(&webhook.id) == webhook_id);
        let Some(webhook) = webhook else { return Ok(ReplayOutcome::WebhookGone) };
        if webhook.status == WebhookStatus::Disabled {
            return Ok(ReplayOutcome::WebhookDisabled);
        }
        let event = self.events.get(&row.delivery.event_id).ok_or_else(|| missing("event"))?;
        if event.is_erased() {
            return Ok(ReplayOutcome::EventErased);
        }
        let delivery = again(row.delivery.clone(), command.new_id.clone(), webhook, command.now);
        let to_send =
            leased_delivery(command.new_id, event.clone(), webhook, 1, &command.send_lease, command.now);
        self.deliveries.insert(
            delivery.id.clone(),
            DeliveryRow {
                delivery: delivery.clone(),
                due_at: command.send_lease.until,
                lease: Some(command.send_lease),
                attempts: Vec::new(),
            },
        );
        Ok(ReplayOutcome::Replayed { delivery, to_send })
    }
}
