//! A `webhook.test`, sent now and once, outside of the queue.

use docextract_model::address::WebhookUrl;
use docextract_model::delivery::Attempt;
use docextract_model::id::DeliveryId;
use docextract_model::tenant::Tenant;
use docextract_model::webhook::{Secret, Webhook};

/// Where a test goes.
#[derive(Debug, Clone)]
pub struct TestTarget {
    pub tenant: Tenant,
    /// The registered webhook, when it is one: its headers and its secrets are used.
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
