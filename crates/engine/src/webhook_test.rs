//! A `webhook.test`: a real signed request, sent now and once, outside of the queue.
//!
//! It goes through the same client and the same checks as every attempt, and is recorded as a
//! delivery with one attempt. It is never retried and does not count for or against its webhook.

use docextract_model::address::WebhookUrl;
use docextract_model::delivery::Attempt;
use docextract_model::event::{CoreEvent, Event, webhook_test};
use docextract_model::id::{DeliveryId, EventId};
use docextract_model::tenant::Tenant;
use docextract_model::webhook::{Secret, Webhook};
use docextract_store::StoreError;
use docextract_store::commands::RecordTest;

use crate::Engine;
use crate::message::Message;
use crate::outbound::destination_of;

/// Where a test goes.
#[derive(Debug, Clone)]
pub struct TestTarget {
    pub tenant: Tenant,
    /// The registered webhook, when it is one: its headers, live secrets and client certificate are used.
    pub webhook: Option<Webhook>,
    pub url: WebhookUrl,
    /// Signs when the URL is not registered.
    pub secret: Secret,
}

/// What came of a test.
#[derive(Debug, Clone)]
pub struct TestResult {
    pub delivery_id: DeliveryId,
    pub attempt: Attempt,
}

impl Engine {
    /// Sends a test now and records it. It fails only when it could not be recorded; an endpoint's
    /// failure is in the attempt.
    pub async fn send_test(&self, target: TestTarget) -> Result<TestResult, StoreError> {
        let now = self.ambient().now();
        let body = webhook_test(now);
        let (event_id, delivery_id): (EventId, DeliveryId) = (self.ambient().id(), self.ambient().id());
        let event_type = CoreEvent::WebhookTest.as_str();
        let (secrets, headers) = match &target.webhook {
            Some(webhook) => (webhook.live_secrets(now), webhook.headers.clone()),
            None => (vec![target.secret.clone()], Vec::new().into()),
        };
        let message = Message {
            event_id: &event_id,
            event_type,
            delivery_id: &delivery_id,
            attempt_number: 1,
            secrets: &secrets,
            headers: &headers,
        };
        let url = target.url.as_str().to_owned();
        let identity = target.webhook.as_ref().and_then(|webhook| webhook.client_certificate.as_ref());
        let destination = destination_of(&target.url);
        let attempt = self.make_attempt(&message, destination, identity, body.clone()).await.attempt;
        let event = Event {
            id: event_id,
            tenant: target.tenant,
            event_type: event_type.to_owned(),
            body,
            job_id: None,
            created_at: now,
        };
        let command = RecordTest {
            event,
            delivery_id: delivery_id.clone(),
            webhook_id: target.webhook.map(|webhook| webhook.id),
            url,
            attempt: attempt.clone(),
            finished_at: self.ambient().now(),
        };
        self.store().record_test(command).await?;
        Ok(TestResult { delivery_id, attempt })
    }
}
