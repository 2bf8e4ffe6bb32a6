//! Delivery: every leased delivery is sent once, and what came of it is recorded.
//!
//! First attempts are handed over in memory by whoever wrote the event ([`Engine::hand_over`]);
//! retries, and what had no room, are claimed from the store ([`Engine::step_deliveries`]). Both go
//! through [`crate::lanes`], so one webhook never waits for another. A task per attempt sends it,
//! frees its place in the lane, and then writes the outcome ([`crate::record`]).
//!
//! What is guaranteed: an attempt starts only while its lease outlasts it, so two nodes do not send
//! the same delivery at the same time; an outcome is recorded, or the delivery is sent again.
//! On failure the schedule of `model::retry` decides; an attempt that panics is logged, and its
//! delivery is due again when the lease runs out.
//!
//! What it never does: look at a delivery without a lease, or keep one that has no room.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, MutexGuard, PoisonError};

use bytes::Bytes;
use docextract_model::delivery::{Attempt, AttemptError};
use docextract_model::id::{DeliveryId, WebhookId};
use docextract_model::time::Timestamp;
use docextract_model::webhook::ClientCertificate;
use docextract_store::commands::{AfterAttempt, ClaimDeliveries, LeasedDelivery, RecordAttempt};
use futures_util::FutureExt as _;
use hyper::{HeaderMap, Uri};
use tokio::time::Instant;

use crate::Engine;
use crate::lanes::{Lanes, Next, Offer, QUEUE_MAX_FAILING, Verdict};
use crate::message::{self, Message};
use crate::outbound::Exchange;
use crate::record::Outcome;

/// What a lease must outlast an attempt by, for the outcome to be written.
const LEASE_MARGIN_MS: u64 = 5_000;

/// One attempt, with what its schedule needs of the answer.
pub(crate) struct Made {
    pub(crate) attempt: Attempt,
    pub(crate) retry_after_ms: Option<u64>,
}

/// What a claim came to.
#[derive(Debug, Default)]
pub(crate) struct Claimed {
    /// Started or queued.
    pub(crate) taken: usize,
    /// Another claim would bring more, with the room that there is now.
    pub(crate) may_be_more: bool,
}

impl Engine {
    /// Sends the first attempts of deliveries that a command has just written and leased to this
    /// node, or queues them. Those without room go back to the store and are claimed later.
    pub fn hand_over(self: &Arc<Self>, to_send: Vec<LeasedDelivery>) {
        self.take_in(to_send);
    }

    /// Tells that a webhook's URL, headers, secret or status changed: what waits for it in memory goes
    /// back, and is claimed again as the webhook is now. Other nodes find out when their leases end.
    pub fn webhook_changed(self: &Arc<Self>, webhook_id: &WebhookId) {
        let queued = self.lanes().take_queued(webhook_id);
        self.spawn_release(queued);
    }

    /// Claims due deliveries as far as there is room and starts or queues them. Returns how many.
    pub async fn step_deliveries(self: &Arc<Self>) -> usize {
        self.claim_due().await.taken
    }

    pub(crate) async fn claim_due(self: &Arc<Self>) -> Claimed {
        let _turn = self.claiming.lock().await;
        let room = self.lanes().claim_room(Instant::now());
        if room.limit == 0 {
            return Claimed::default();
        }
        let claim = ClaimDeliveries {
            lease: self.send_lease(),
            now: self.ambient().now(),
            limit: u32::try_from(room.limit).unwrap_or(u32::MAX),
            bytes_max: room.bytes,
            per_webhook: u32::try_from(QUEUE_MAX_FAILING).unwrap_or(u32::MAX),
            room: room.lanes.clone(),
        };
        match self.store().claim_deliveries(claim).await {
            Ok(claimed) => {
                self.outages.deliveries.ended();
                let brought = room.brought(&claimed);
                let taken = self.take_in(claimed);
                Claimed { taken, may_be_more: self.lanes().claimed(&brought, Instant::now()) }
            }
            Err(error) => {
                self.outages.deliveries.report(&error, "due deliveries could not be claimed");
                Claimed::default()
            }
        }
    }

    /// Finds each its place; returns how many were started or queued.
    fn take_in(self: &Arc<Self>, deliveries: Vec<LeasedDelivery>) -> usize {
        let offered = deliveries.len();
        let mut start = Vec::new();
        let mut refused = Vec::new();
        let mut timers = Vec::new();
        {
            let (mut lanes, now) = (self.lanes(), Instant::now());
            for delivery in deliveries {
                let webhook_id = delivery.webhook_id.clone();
                match lanes.offer(delivery, now) {
                    Offer::Start(delivery) => start.push(*delivery),
                    Offer::Queued(None) => {}
                    Offer::Queued(Some(resume_at)) => timers.push((webhook_id, resume_at)),
                    Offer::Refused(delivery) => refused.push(*delivery),
                }
            }
        }
        for (webhook_id, resume_at) in timers {
            self.spawn_timer(webhook_id, resume_at);
        }
        let taken = offered - refused.len();
        for delivery in start {
            self.spawn_attempt(delivery);
        }
        self.spawn_release(refused);
        taken
    }

    fn spawn_release(self: &Arc<Self>, refused: Vec<LeasedDelivery>) {
        if refused.is_empty() {
            return;
        }
        let engine = Arc::clone(self);
        self.tasks.spawn(async move {
            let webhook_ids: BTreeSet<WebhookId> =
                refused.iter().map(|delivery| delivery.webhook_id.clone()).collect();
            let leases: Vec<(DeliveryId, String)> =
                refused.into_iter().map(|delivery| (delivery.id, delivery.lease.token)).collect();
            engine.release(leases).await;
            // Each is told, whatever the others say.
            let now = Instant::now();
            let claimable = webhook_ids.iter().filter(|id| engine.lanes().given_back(id, now)).count();
            if claimable > 0 {
                engine.wake_deliveries();
            }
        });
    }

    fn spawn_attempt(self: &Arc<Self>, delivery: LeasedDelivery) {
        let engine = Arc::clone(self);
        self.tasks.spawn(engine.deliver(delivery));
    }

    /// One delivery's way: attempt, place in the lane, outcome.
    async fn deliver(self: Arc<Self>, delivery: LeasedDelivery) {
        let (webhook_id, body_bytes) = (delivery.webhook_id.clone(), delivery.body.len());
        let outcome = self.attempt_in_time(delivery).await;
        let next = self.lanes().finished(&webhook_id, verdict(outcome.as_ref()), Instant::now());
        self.go_on(webhook_id, next);
        match outcome {
            Some(outcome) => self.record(outcome).await,
            None => self.lanes().forget(body_bytes),
        }
    }

    fn go_on(self: &Arc<Self>, webhook_id: WebhookId, next: Next) {
        for delivery in next.start {
            self.spawn_attempt(delivery);
        }
        if let Some(resume_at) = next.resume_at {
            self.spawn_timer(webhook_id, resume_at);
        }
        self.spawn_release(next.release);
        if next.claim {
            self.wake_deliveries();
        }
    }

    /// Goes on with a lane when its pace allows the next attempt.
    fn spawn_timer(self: &Arc<Self>, webhook_id: WebhookId, resume_at: Instant) {
        let engine = Arc::clone(self);
        self.tasks.spawn(async move {
            tokio::time::sleep_until(resume_at).await;
            let next = engine.lanes().resume(&webhook_id, Instant::now());
            engine.go_on(webhook_id, next);
        });
    }

    /// None when the lease is too short for an attempt, or the attempt broke down.
    async fn attempt_in_time(&self, delivery: LeasedDelivery) -> Option<Outcome> {
        let needed_ms = self.config().attempt_ms_max + LEASE_MARGIN_MS;
        if delivery.lease.until < self.ambient().now().plus_ms(needed_ms) {
            tracing::debug!(delivery.id = %delivery.id, "a delivery waited too long for its lease: it is due again soon");
            return None;
        }
        let id = delivery.id.clone();
        match AssertUnwindSafe(self.attempt_once(delivery)).catch_unwind().await {
            Ok(outcome) => Some(outcome),
            Err(_panic) => {
                tracing::error!(delivery.id = %id, "an attempt broke down: it is made again when its lease runs out");
                None
            }
        }
    }

    async fn attempt_once(&self, delivery: LeasedDelivery) -> Outcome {
        let body_bytes = delivery.body.len();
        let destination = self.outbound.destination(&delivery.url);
        let message = Message {
            event_id: &delivery.event_id,
            event_type: &delivery.event_type,
            delivery_id: &delivery.id,
            attempt_number: delivery.attempt_number,
            secrets: &delivery.secrets,
            headers: &delivery.headers,
        };
        let identity = delivery.client_certificate.as_ref();
        let made = self.make_attempt(&message, destination, identity, delivery.body).await;
        let finished_at = self.ambient().now();
        let after = self.after(&made, finished_at);
        let record = RecordAttempt {
            delivery_id: delivery.id,
            webhook_id: delivery.webhook_id,
            lease_token: delivery.lease.token,
            attempt: made.attempt,
            after,
            finished_at,
        };
        Outcome { record, lease_until: delivery.lease.until, body_bytes }
    }

    /// Signs and sends one request now.
    pub(crate) async fn make_attempt(
        &self,
        message: &Message<'_>,
        destination: Result<Uri, AttemptError>,
        identity: Option<&ClientCertificate>,
        body: Arc<[u8]>,
    ) -> Made {
        let attempted_at = self.ambient().now();
        let headers = message.headers(&body, &self.config().user_agent, attempted_at);
        let exchange = match destination {
            Ok(url) => self.outbound.post(url, identity, headers.sent, Bytes::from_owner(body)).await,
            Err(refused) => Exchange { error: Some(refused), ..Exchange::default() },
        };
        let retry_after_ms = retry_after_ms(&exchange, self.ambient().now());
        let response_body = exchange.response_body.map(|said| message.logged_text(&said));
        let attempt = Attempt {
            number: message.attempt_number,
            attempted_at,
            status_code: exchange.status_code,
            response_time_ms: exchange.response_time_ms,
            dns_ms: exchange.dns_ms,
            connect_ms: exchange.connect_ms,
            tls_ms: exchange.tls_ms,
            first_byte_ms: exchange.first_byte_ms,
            remote_ip: exchange.remote_ip,
            error: exchange.error,
            request_headers: headers.logged,
            response_headers: message.logged_answer(&exchange.response_headers),
            response_body,
        };
        Made { attempt, retry_after_ms }
    }

    fn after(&self, made: &Made, finished_at: Timestamp) -> AfterAttempt {
        if made.attempt.error.is_none() {
            return AfterAttempt::Delivered;
        }
        if made.attempt.status_code == Some(GONE) {
            return AfterAttempt::Gone;
        }
        let next =
            self.config().schedule.next_attempt_at(made.attempt.number, finished_at, made.retry_after_ms);
        next.map_or(AfterAttempt::Failed, AfterAttempt::RetryAt)
    }

    pub(crate) fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes no more deliveries, and gives back those that were not started.
    pub(crate) fn close_lanes(self: &Arc<Self>) {
        let queued = self.lanes().close();
        self.spawn_release(queued);
    }
}

/// The status by which an endpoint says that it will never come back.
const GONE: u16 = 410;

fn verdict(outcome: Option<&Outcome>) -> Verdict {
    match outcome {
        None => Verdict::NotMade,
        Some(outcome) if outcome.record.attempt.error.is_none() => Verdict::Succeeded,
        Some(_) => Verdict::Failed,
    }
}

fn retry_after_ms(exchange: &Exchange, now: Timestamp) -> Option<u64> {
    let headers: &HeaderMap = &exchange.response_headers;
    exchange.error.as_ref().and_then(|_| message::retry_after_ms(headers, now))
}
