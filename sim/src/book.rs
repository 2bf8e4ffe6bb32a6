//! The book: what must be true, kept beside the system and apart from it.
//!
//! The store's wrapper tells it what was committed, at the moment of the commit and whether or not
//! the answer arrives; receivers tell it what reached them. It knows the published contract on its own
//! account (the schedule, who gets which event, what a duplicate may be explained by) and compares.

use std::collections::{BTreeMap, BTreeSet};

use docextract_model::delivery::{Attempt, DeliveryStatus, Trigger};
use docextract_model::event::{Event, subscription_matches};
use docextract_model::id::{DeliveryId, EventId, JobId, ReplayId, WebhookId};
use docextract_model::job::Job;
use docextract_model::signature::{verify_hex, verify_standard};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{DisabledReason, Secret, Webhook, WebhookStatus};
use docextract_store::commands::{AfterAttempt, FencedOutcome, Lease, LeasedDelivery, RecordAttempt};

use crate::faults::{Faults, Kind};
use crate::receiver::Request;
use crate::world::World;

/// The published schedule, written down here once more.
const WAITS_MS: [u64; 5] = [5_000, 30_000, 120_000, 600_000, 3_600_000];
const ATTEMPTS_MAX: u32 = 6;
const RETRY_AFTER_MS_MAX: u64 = 3_600_000;
const FIVE_DAYS_MS: u64 = 5 * 24 * 3_600_000;
/// A delivery goes out with the URL and secrets that it was leased with, for as long as the lease.
const LEASE_MS: u64 = 60_000;
/// What a healthy receiver's first attempt may take from the commit on, when nothing is broken.
const PROMPT_MS: u64 = 2_000;
/// How long a disturbance may be felt: a lease that has to run out, and what waited for it.
const AFTERMATH_MS: u64 = 150_000;

/// What a receiver did with a request, as far as the sender can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Success,
    /// It took the request, and the answer does not arrive.
    SuccessUnheard,
    Failure,
    Gone,
}

#[derive(Debug, Clone)]
pub struct Arrival {
    pub at_ms: u64,
    pub number: u32,
    pub answer: Answer,
    pub life: String,
}

#[derive(Debug)]
pub struct WebhookNote {
    pub webhook: Webhook,
    pub is_deleted: bool,
    /// Each with the time from which on it did not sign any more.
    secrets: Vec<(Secret, u64)>,
    /// Each with the time from which on another's URL stood there.
    receivers: Vec<(usize, u64)>,
    failing_since_ms: Option<u64>,
}

#[derive(Debug)]
pub struct EventNote {
    pub event: Event,
    pub committed_ms: u64,
}

#[derive(Debug, Clone)]
pub struct LeaseNote {
    pub life: String,
    pub node: String,
    pub token: String,
    /// In true time.
    pub until_ms: u64,
}

#[derive(Debug)]
pub struct DeliveryNote {
    pub event_id: EventId,
    pub webhook_id: WebhookId,
    pub tenant: Tenant,
    pub trigger: Trigger,
    pub status: DeliveryStatus,
    pub lease: Option<LeaseNote>,
    pub committed: u32,
    /// By the clock of the node that recorded it.
    pub due_at: Timestamp,
    pub created_at: Timestamp,
    pub ended_ms: Option<u64>,
    pub arrivals: Vec<Arrival>,
}

#[derive(Debug, Default)]
pub struct JobNote {
    /// The client was told that it was accepted.
    pub is_acknowledged: bool,
    pub ended: Option<Job>,
}

/// Something must reach its receiver in time, unless something was broken.
#[derive(Debug)]
struct Expectation {
    delivery_id: DeliveryId,
    undisturbed_from_ms: u64,
    from_ms: u64,
    until_ms: u64,
    why: &'static str,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub arrivals: u64,
    pub duplicates: u64,
    pub attempts: u64,
    pub retries: u64,
    pub lost_leases: u64,
    pub crashes: u64,
    pub stops: u64,
    pub store_errors: u64,
    pub prompt_checks: u64,
    /// Webhooks that their endpoints disabled.
    pub disabled: u64,
}

#[derive(Debug, Default)]
pub struct Book {
    pub violations: Vec<String>,
    pub tally: Tally,
    pub skew_ms_max: u64,
    pub events: BTreeMap<EventId, EventNote>,
    pub webhooks: BTreeMap<WebhookId, WebhookNote>,
    pub deliveries: BTreeMap<DeliveryId, DeliveryNote>,
    pub jobs: BTreeMap<JobId, JobNote>,
    /// Events that a client was told are accepted.
    pub acknowledged: BTreeSet<EventId>,
    pub replays: BTreeMap<ReplayId, BTreeSet<EventId>>,
    arrivals: BTreeMap<usize, u64>,
    expectations: Vec<Expectation>,
}

impl Book {
    pub fn complain(&mut self, what: String) {
        self.violations.push(what);
    }

    pub fn arrivals_at(&self, receiver: usize) -> u64 {
        self.arrivals.get(&receiver).copied().unwrap_or(0)
    }

    // ---- webhooks ----

    pub fn webhook_written(&mut self, webhook: Webhook, receiver: usize, now_ms: u64) {
        let id = webhook.id.clone();
        match self.webhooks.get_mut(&id) {
            None => {
                let secrets = vec![(webhook.secret.clone(), u64::MAX)];
                let note = WebhookNote {
                    webhook,
                    is_deleted: false,
                    secrets,
                    receivers: vec![(receiver, u64::MAX)],
                    failing_since_ms: None,
                };
                self.webhooks.insert(id, note);
            }
            Some(note) => {
                if note.webhook.secret != webhook.secret {
                    let overlap_ms = webhook
                        .previous_secret
                        .as_ref()
                        .map_or(0, |previous| previous.expires_at.ms_since(webhook.updated_at));
                    for (_, until_ms) in note.secrets.iter_mut().filter(|(_, until_ms)| *until_ms == u64::MAX)
                    {
                        *until_ms = now_ms + overlap_ms;
                    }
                    note.secrets.push((webhook.secret.clone(), u64::MAX));
                }
                if note.webhook.url != webhook.url {
                    for (_, until_ms) in
                        note.receivers.iter_mut().filter(|(_, until_ms)| *until_ms == u64::MAX)
                    {
                        *until_ms = now_ms;
                    }
                    note.receivers.push((receiver, u64::MAX));
                }
                let is_enabled = webhook.status == WebhookStatus::Enabled;
                if is_enabled && note.webhook.status == WebhookStatus::Disabled {
                    note.failing_since_ms = None;
                }
                note.webhook = webhook;
                if !is_enabled {
                    self.skip_pending(&id, now_ms);
                }
            }
        }
    }

    pub fn webhook_deleted(&mut self, id: &WebhookId, now_ms: u64) {
        if let Some(note) = self.webhooks.get_mut(id) {
            note.is_deleted = true;
        }
        self.skip_pending(id, now_ms);
    }

    fn skip_pending(&mut self, id: &WebhookId, now_ms: u64) {
        let pending =
            |note: &&mut DeliveryNote| note.webhook_id == *id && note.status == DeliveryStatus::Pending;
        for note in self.deliveries.values_mut().filter(pending) {
            note.status = DeliveryStatus::Skipped;
            note.ended_ms = Some(now_ms);
        }
    }

    // ---- events ----

    /// An event was committed: each matching webhook of its tenant has exactly one delivery of it.
    pub fn event_committed(
        &mut self,
        event: Event,
        to_send: &[LeasedDelivery],
        lease: &LeaseNote,
        now_ms: u64,
    ) {
        let matching: Vec<(WebhookId, bool, bool)> = self
            .webhooks
            .values()
            .filter(|note| {
                !note.is_deleted
                    && note.webhook.tenant == event.tenant
                    && subscription_matches(&note.webhook.events, &event.event_type)
            })
            .map(|note| {
                let is_enabled = note.webhook.status == WebhookStatus::Enabled;
                (note.webhook.id.clone(), is_enabled, note.receivers.last().is_some_and(|(r, _)| *r == 0))
            })
            .collect();
        for (ordinal, (webhook_id, is_enabled, is_healthy)) in (0_u32..).zip(matching) {
            let id = DeliveryId::of_event(&event.id, ordinal);
            let is_handed_over =
                to_send.iter().any(|leased| leased.id == id && leased.webhook_id == webhook_id);
            if is_enabled != is_handed_over {
                self.complain(format!(
                    "{id} to {webhook_id}: enabled {is_enabled}, handed over {is_handed_over}"
                ));
            }
            let status = if is_enabled { DeliveryStatus::Pending } else { DeliveryStatus::Skipped };
            let lease = is_enabled.then(|| lease.clone());
            self.add_delivery(
                id.clone(),
                &event,
                webhook_id,
                Trigger::Event,
                status,
                lease,
                event.created_at,
            );
            if is_enabled && is_healthy {
                self.expect(id, now_ms, now_ms + PROMPT_MS, "a first attempt at a healthy receiver");
            }
        }
        self.events.insert(event.id.clone(), EventNote { event, committed_ms: now_ms });
    }

    #[expect(clippy::too_many_arguments, reason = "a row")]
    pub fn add_delivery(
        &mut self,
        id: DeliveryId,
        event: &Event,
        webhook_id: WebhookId,
        trigger: Trigger,
        status: DeliveryStatus,
        lease: Option<LeaseNote>,
        created_at: Timestamp,
    ) {
        let note = DeliveryNote {
            event_id: event.id.clone(),
            webhook_id,
            tenant: event.tenant.clone(),
            trigger,
            status,
            lease,
            committed: 0,
            due_at: created_at,
            created_at,
            ended_ms: (status != DeliveryStatus::Pending).then_some(0),
            arrivals: Vec::new(),
        };
        if self.deliveries.insert(id.clone(), note).is_some() {
            self.complain(format!("{id} was made twice"));
        }
    }

    fn expect(&mut self, delivery_id: DeliveryId, from_ms: u64, until_ms: u64, why: &'static str) {
        let undisturbed_from_ms = from_ms.saturating_sub(AFTERMATH_MS);
        self.expectations.push(Expectation { delivery_id, undisturbed_from_ms, from_ms, until_ms, why });
    }

    /// A node is back under its name: what it had leased is due at once, not when those leases end.
    pub fn node_recovered(&mut self, node: &str, held: &[DeliveryId], now_ms: u64) {
        for id in held {
            let Some(note) = self.deliveries.get(id) else { continue };
            let goes_to_healthy = self
                .webhooks
                .get(&note.webhook_id)
                .and_then(|webhook| webhook.receivers.last())
                .is_some_and(|(r, _)| *r == 0);
            if note.status == DeliveryStatus::Pending && note.committed == 0 && goes_to_healthy {
                self.expectations.push(Expectation {
                    delivery_id: id.clone(),
                    undisturbed_from_ms: now_ms,
                    from_ms: now_ms,
                    until_ms: now_ms + 3_000,
                    why: "what a crashed node held, after it is back",
                });
            }
            if note.status == DeliveryStatus::Pending
                && note.lease.as_ref().is_some_and(|lease| lease.node == node)
            {
                self.complain(format!("{node} is back, and {id} is still leased to its last life"));
            }
        }
    }

    /// What is pending under a lease of this node that lasts longer than to that time.
    pub fn held_by(&self, node: &str, until_ms: u64) -> Vec<DeliveryId> {
        let held = self.deliveries.iter().filter(|(_, note)| {
            note.status == DeliveryStatus::Pending
                && note.lease.as_ref().is_some_and(|lease| lease.node == node && lease.until_ms > until_ms)
        });
        held.map(|(id, _)| id.clone()).collect()
    }

    // ---- leases ----

    pub fn claimed(&mut self, leased: &LeasedDelivery, lease: LeaseNote, claimed_at: Timestamp, now_ms: u64) {
        let skew_ms = self.skew_ms_max;
        let Some(note) = self.deliveries.get_mut(&leased.id) else {
            return self.complain(format!("{} was claimed and never made", leased.id));
        };
        let mut wrong = Vec::new();
        if note.status != DeliveryStatus::Pending {
            wrong.push(format!("{} was claimed after it was {}", leased.id, note.status.as_str()));
        }
        if claimed_at < note.due_at {
            wrong.push(format!("{} was claimed {} ms early", leased.id, note.due_at.ms_since(claimed_at)));
        }
        if leased.attempt_number != note.committed + 1 {
            let (number, committed) = (leased.attempt_number, note.committed);
            wrong.push(format!("{} goes out as attempt {number} after {committed} were recorded", leased.id));
        }
        if let Some(held) = &note.lease
            && held.until_ms > now_ms + 2 * skew_ms
        {
            wrong.push(format!("{} was taken by {} while {} held it", leased.id, lease.life, held.life));
        }
        note.lease = Some(lease);
        self.violations.append(&mut wrong);
    }

    pub fn released(&mut self, id: &DeliveryId, token: &str) {
        if let Some(note) = self.deliveries.get_mut(id)
            && note.lease.as_ref().is_some_and(|lease| lease.token == token)
        {
            note.lease = None;
        }
    }

    pub fn node_released(&mut self, node: &str) {
        for note in self.deliveries.values_mut() {
            if note.lease.as_ref().is_some_and(|lease| lease.node == node) {
                note.lease = None;
            }
        }
    }

    // ---- attempts ----

    /// An attempt's outcome was committed, or refused because the lease was lost.
    pub fn recorded(&mut self, record: &RecordAttempt, outcome: FencedOutcome, now_ms: u64) {
        let id = &record.delivery_id;
        self.tally.attempts += 1;
        match outcome {
            FencedOutcome::LostLease => {
                self.tally.lost_leases += 1;
                return;
            }
            FencedOutcome::Written => {}
        }
        let Some(note) = self.deliveries.get_mut(id) else {
            return self.complain(format!("an attempt of {id} was recorded, which was never made"));
        };
        let mut wrong = Vec::new();
        let number = record.attempt.number;
        if note.lease.as_ref().is_none_or(|lease| lease.token != record.lease_token) {
            wrong.push(format!(
                "{id}: attempt {number} was recorded under a lease that was not the last one given"
            ));
        }
        if number != note.committed + 1 {
            wrong.push(format!("{id}: attempt {number} was recorded after {}", note.committed));
        }
        if note.status == DeliveryStatus::Delivered || note.status == DeliveryStatus::Failed {
            wrong.push(format!("{id}: attempt {number} was recorded after it was {}", note.status.as_str()));
        }
        let expected = expected_after(&record.attempt, record.finished_at);
        if record.after != expected {
            wrong.push(format!("{id}: attempt {number} led to {:?}, not {expected:?}", record.after));
        }
        let arrived_well =
            note.arrivals.iter().any(|arrival| arrival.number == number && arrival.answer == Answer::Success);
        if record.attempt.error.is_none() && !arrived_well {
            wrong.push(format!("{id}: attempt {number} was recorded as delivered and never arrived"));
        }
        note.lease = None;
        note.committed = number;
        let ended = |note: &mut DeliveryNote, status| {
            note.status = status;
            note.ended_ms = Some(now_ms);
        };
        match record.after {
            AfterAttempt::Delivered => ended(note, DeliveryStatus::Delivered),
            AfterAttempt::RetryAt(at) if note.status == DeliveryStatus::Pending => {
                note.due_at = at;
                self.tally.retries += 1;
            }
            AfterAttempt::Failed | AfterAttempt::Gone if note.status == DeliveryStatus::Pending => {
                ended(note, DeliveryStatus::Failed);
            }
            AfterAttempt::RetryAt(_) | AfterAttempt::Failed | AfterAttempt::Gone => {}
        }
        let webhook_id = note.webhook_id.clone();
        if let Some(webhook) = self.webhooks.get_mut(&webhook_id) {
            if record.after == AfterAttempt::Delivered {
                webhook.failing_since_ms = None;
            } else {
                webhook.failing_since_ms.get_or_insert(now_ms);
            }
        }
        self.violations.append(&mut wrong);
    }

    /// The engine found a webhook disabled after it recorded: that needs a reason.
    pub fn disabled_by_endpoint(&mut self, webhook: Webhook, was_gone: bool, now_ms: u64) {
        let Some(note) = self.webhooks.get(&webhook.id) else { return };
        if note.webhook.status == WebhookStatus::Disabled || note.is_deleted {
            return;
        }
        let receiver = note.receivers.last().map_or(0, |(receiver, _)| *receiver);
        let failing_ms = note.failing_since_ms.map_or(0, |since| now_ms.saturating_sub(since));
        let is_right = match webhook.disabled_reason {
            Some(DisabledReason::Gone) => was_gone,
            Some(DisabledReason::FailingTooLong) => failing_ms + 60_000 >= FIVE_DAYS_MS,
            Some(DisabledReason::ByRequest) | None => false,
        };
        if !is_right {
            self.complain(format!(
                "{} was disabled ({:?}) after failing for {failing_ms} ms",
                webhook.id, webhook.disabled_reason
            ));
        }
        self.tally.disabled += 1;
        self.webhook_written(webhook, receiver, now_ms);
    }

    /// A webhook is enabled after an attempt to it failed: it must not have failed for too long.
    pub fn still_enabled(&mut self, id: &WebhookId, now_ms: u64) {
        let since_ms = self.webhooks.get(id).and_then(|note| note.failing_since_ms);
        let failing_ms = since_ms.map_or(0, |since| now_ms.saturating_sub(since));
        if failing_ms > FIVE_DAYS_MS + 60_000 + 2 * self.skew_ms_max {
            self.complain(format!("{id} fails for {failing_ms} ms and is enabled"));
        }
    }

    // ---- the end ----

    /// What was asked to happen in time did, or something was broken.
    pub fn check_expectations(&mut self, faults: &Faults) {
        for expected in std::mem::take(&mut self.expectations) {
            let Some(note) = self.deliveries.get(&expected.delivery_id) else { continue };
            if !faults.were_none(expected.undisturbed_from_ms, expected.until_ms) {
                continue;
            }
            self.tally.prompt_checks += 1;
            let came = note.arrivals.iter().any(|arrival| arrival.at_ms <= expected.until_ms);
            let was_skipped = note.status == DeliveryStatus::Skipped;
            if !came && !was_skipped {
                let first = note.arrivals.first().map(|arrival| arrival.at_ms);
                let text = format!(
                    "{}: {}: nothing arrived from {} to {} ms, the first was at {first:?}",
                    expected.delivery_id, expected.why, expected.from_ms, expected.until_ms
                );
                self.complain(text);
            }
        }
    }

    /// Each delivery's end, as far as the book alone can tell.
    pub fn check_ends(&mut self) {
        let mut wrong = Vec::new();
        for (id, note) in &self.deliveries {
            let arrived = note.arrivals.iter().any(|arrival| arrival.answer == Answer::Success);
            match note.status {
                DeliveryStatus::Delivered if arrived => {}
                DeliveryStatus::Delivered => wrong.push(format!("{id} is delivered and nothing arrived")),
                DeliveryStatus::Failed => {
                    let gone = note.arrivals.iter().any(|arrival| arrival.answer == Answer::Gone);
                    if note.committed != ATTEMPTS_MAX && !gone {
                        wrong.push(format!("{id} failed after {} attempts", note.committed));
                    }
                }
                DeliveryStatus::Skipped => {}
                DeliveryStatus::Pending => wrong.push(format!(
                    "{id} ({} to {}) is still pending after {} attempts, due at {}, leased: {:?}",
                    note.event_id,
                    note.webhook_id,
                    note.committed,
                    note.due_at.to_rfc3339(),
                    note.lease
                )),
            }
        }
        let missing: Vec<String> = self
            .acknowledged
            .iter()
            .filter(|id| !self.events.contains_key(*id))
            .map(|id| format!("{id} was acknowledged and is not there"))
            .collect();
        wrong.extend(missing);
        self.violations.append(&mut wrong);
    }
}

impl LeaseNote {
    pub fn of(lease: &Lease, life: &str, skew_ms: i64) -> Self {
        let until = lease.until.unix_ms() - skew_ms - crate::world::EPOCH_MS;
        Self {
            life: life.to_owned(),
            node: lease.node.clone(),
            token: lease.token.clone(),
            until_ms: u64::try_from(until).unwrap_or(0),
        }
    }
}

/// What the published contract makes of an attempt.
fn expected_after(attempt: &Attempt, finished_at: Timestamp) -> AfterAttempt {
    if attempt.error.is_none() {
        return AfterAttempt::Delivered;
    }
    if attempt.status_code == Some(410) {
        return AfterAttempt::Gone;
    }
    let index = usize::try_from(attempt.number).unwrap_or(usize::MAX).wrapping_sub(1);
    let Some(wait_ms) = WAITS_MS.get(index) else { return AfterAttempt::Failed };
    let asked = attempt.response_headers.iter().find(|(name, _)| name == "retry-after");
    let asked_ms = asked.and_then(|(_, value)| value.parse::<u64>().ok()).unwrap_or(0) * 1_000;
    AfterAttempt::RetryAt(finished_at.plus_ms((*wait_ms).max(asked_ms.min(RETRY_AFTER_MS_MAX))))
}

impl Arrival {
    /// A whole request reached a receiver: is it what the contract says?
    pub fn judge(world: &World, receiver: usize, life: &str, request: &Request, answer: Answer) {
        let now_ms = world.ms();
        let number: u32 = request.header("x-docextract-attempt").parse().unwrap_or(0);
        let id = request.header("x-docextract-delivery").to_owned();
        world.say(format_args!("r{receiver} got {id} attempt {number} from {life}: {answer:?}"));
        let arrival = Self { at_ms: now_ms, number, answer, life: life.to_owned() };
        let wrong = {
            let (mut book, faults) = (world.book(), world.faults());
            *book.arrivals.entry(receiver).or_default() += 1;
            book.arrive(world, &faults, &id, request, receiver, arrival)
        };
        for what in wrong {
            world.violated(format_args!("{id} attempt {number} at r{receiver}: {what}"));
        }
    }
}

impl Book {
    fn arrive(
        &mut self,
        world: &World,
        faults: &Faults,
        id: &str,
        request: &Request,
        receiver: usize,
        arrival: Arrival,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        let (now_ms, now, skew_ms) = (arrival.at_ms, world.now(), self.skew_ms_max);
        let note = DeliveryId::parse(id).ok().and_then(|id| self.deliveries.get_mut(&id));
        let Some(note) = note else { return vec!["it was sent before it was committed".to_owned()] };
        self.tally.arrivals += 1;

        let event = self.events.get(&note.event_id).map(|note| &note.event);
        let Some(event) = event else { return vec!["its event is not there".to_owned()] };
        if *request.body != *event.body {
            wrong.push("the body is not the stored bytes".to_owned());
        }
        if request.header("webhook-id") != event.id.as_str() {
            wrong.push(format!("webhook-id is {}, not {}", request.header("webhook-id"), event.id));
        }
        if request.header("x-docextract-event") != event.event_type {
            wrong.push("another event type".to_owned());
        }
        if let Some(webhook) = self.webhooks.get(&note.webhook_id) {
            wrong.extend(check_signatures(webhook, request, now, now_ms, skew_ms));
            let was_its_url = webhook.receivers.iter().any(|(index, until_ms)| {
                *index == receiver && now_ms <= until_ms.saturating_add(LEASE_MS + 2 * skew_ms)
            });
            if !was_its_url {
                wrong.push(format!("{} does not point here", note.webhook_id));
            }
        }
        if arrival.number != note.committed + 1 {
            wrong.push(format!("{} attempts were recorded before it", note.committed));
        }
        if now.plus_ms(skew_ms) < note.due_at {
            wrong.push(format!("{} ms early", note.due_at.ms_since(now)));
        }
        match note.status {
            DeliveryStatus::Delivered | DeliveryStatus::Failed => {
                wrong.push(format!("sent again after it was {}", note.status.as_str()));
            }
            DeliveryStatus::Skipped => {
                let ended_ms = note.ended_ms.unwrap_or(0);
                if now_ms > ended_ms + LEASE_MS + 2 * skew_ms {
                    wrong.push("sent long after it was skipped".to_owned());
                }
            }
            DeliveryStatus::Pending => {}
        }
        let earlier = note.arrivals.iter().rev().find(|earlier| earlier.answer == Answer::Success);
        if let Some(earlier) = earlier {
            self.tally.duplicates += 1;
            // A drain that is given the time that it needs sends nothing twice.
            if faults.were_none_but(Some(Kind::Stop), earlier.at_ms.saturating_sub(6_000), now_ms) {
                wrong.push(format!(
                    "sent again {} ms after a success, and nothing explains it",
                    now_ms - earlier.at_ms
                ));
            }
        }
        note.arrivals.push(arrival);
        wrong
    }
}

fn check_signatures(
    webhook: &WebhookNote,
    request: &Request,
    now: Timestamp,
    now_ms: u64,
    skew_ms: u64,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let seconds: i64 = request.header("webhook-timestamp").parse().unwrap_or(0);
    let sent_at = Timestamp::from_unix_ms(seconds * 1000);
    let off_ms = sent_at.ms_since(now).max(now.ms_since(sent_at));
    if off_ms > skew_ms + 7_000 {
        wrong.push(format!("webhook-timestamp is {off_ms} ms off"));
    }
    // A delivery in memory is signed as it was leased.
    let live = || {
        let still = move |until_ms: u64| now_ms <= until_ms.saturating_add(LEASE_MS + 2 * skew_ms);
        webhook.secrets.iter().filter(move |(_, until_ms)| still(*until_ms)).map(|(secret, _)| secret)
    };
    if !live().any(|secret| verify_hex(secret, &request.body, request.header("x-docextract-signature"))) {
        wrong.push("X-DocExtract-Signature fits no live secret".to_owned());
    }
    let (id, header) = (request.header("webhook-id"), request.header("webhook-signature"));
    if !live().any(|secret| verify_standard(secret, id, sent_at, &request.body, header)) {
        wrong.push("webhook-signature fits no live secret".to_owned());
    }
    wrong
}
