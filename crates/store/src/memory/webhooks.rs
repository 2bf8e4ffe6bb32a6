//! Webhooks, and what disabling or deleting one does to its deliveries.

use docextract_model::id::WebhookId;
use docextract_model::limits;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{DisabledReason, PreviousSecret, Webhook, WebhookStatus};

use super::{Tables, missing, page};
use crate::Result;
use crate::commands::{
    CreateWebhookOutcome, DeleteOutcome, Page, PageRequest, RotateSecret, StatusChange, UpdateWebhook,
};

#[derive(Debug)]
pub(super) struct WebhookRow {
    pub(super) webhook: Webhook,
    /// A deleted webhook stays for the log's sake and is seen by nobody.
    pub(super) deleted: bool,
}

impl Tables {
    pub(super) fn create_webhook(&mut self, webhook: Webhook) -> Result<CreateWebhookOutcome> {
        if !self.organisations.contains_key(&webhook.tenant.org_id) {
            return Err(missing("organisation"));
        }
        if self.present_webhooks(&webhook.tenant).count() >= limits::WEBHOOKS_MAX as usize {
            return Ok(CreateWebhookOutcome::TooMany);
        }
        self.webhooks.insert(webhook.id.clone(), WebhookRow { webhook: webhook.clone(), deleted: false });
        Ok(CreateWebhookOutcome::Created(webhook))
    }

    /// The tenant's webhooks that are not deleted, oldest first.
    pub(super) fn present_webhooks(&self, tenant: &Tenant) -> impl DoubleEndedIterator<Item = &Webhook> {
        self.webhooks
            .values()
            .filter(move |row| !row.deleted && &row.webhook.tenant == tenant)
            .map(|row| &row.webhook)
    }

    pub(super) fn webhook_mut(&mut self, tenant: &Tenant, id: &WebhookId) -> Option<&mut Webhook> {
        let row = self.webhooks.get_mut(id).filter(|row| !row.deleted && &row.webhook.tenant == tenant)?;
        Some(&mut row.webhook)
    }

    pub(super) fn webhook_by_url(&self, tenant: &Tenant, url: &str) -> Option<Webhook> {
        self.present_webhooks(tenant).find(|webhook| webhook.url == url).cloned()
    }

    pub(super) fn webhooks(&self, tenant: &Tenant, request: &PageRequest) -> Page<Webhook> {
        page(self.present_webhooks(tenant).rev(), |webhook| webhook.id.as_str(), request)
    }

    pub(super) fn update_webhook(&mut self, command: UpdateWebhook) -> Option<Webhook> {
        let webhook = self.webhook_mut(&command.tenant, &command.id)?;
        if let Some(url) = command.url {
            webhook.url = url;
        }
        if let Some(description) = command.description {
            webhook.description = description;
        }
        if let Some(events) = command.events {
            webhook.events = events;
        }
        if let Some(headers) = command.headers {
            webhook.headers = headers;
        }
        if let Some(rate_limit) = command.rate_limit_per_second {
            webhook.rate_limit_per_second = rate_limit;
        }
        if let Some(certificate) = command.client_certificate {
            webhook.client_certificate = certificate;
        }
        webhook.updated_at = command.now;
        match command.status {
            None => {}
            Some(StatusChange::Enable) => {
                webhook.status = WebhookStatus::Enabled;
                webhook.disabled_reason = None;
                webhook.failing_since = None;
            }
            Some(StatusChange::Disable(reason)) => self.disable(&command.id, reason, command.now),
        }
        self.webhook_mut(&command.tenant, &command.id).map(|webhook| webhook.clone())
    }

    /// Disables a webhook, unless it is disabled already: then the first reason stands.
    pub(super) fn disable(&mut self, id: &WebhookId, reason: DisabledReason, now: Timestamp) {
        let Some(row) = self.webhooks.get_mut(id) else { return };
        if row.webhook.status == WebhookStatus::Disabled {
            return;
        }
        row.webhook.status = WebhookStatus::Disabled;
        row.webhook.disabled_reason = Some(reason);
        row.webhook.updated_at = now;
        self.skip_pending(id, now);
    }

    pub(super) fn rotate_secret(&mut self, command: RotateSecret) -> Option<Webhook> {
        let webhook = self.webhook_mut(&command.tenant, &command.id)?;
        let replaced = std::mem::replace(&mut webhook.secret, command.secret);
        webhook.previous_secret =
            Some(PreviousSecret { secret: replaced, expires_at: command.overlap_until });
        webhook.updated_at = command.now;
        Some(webhook.clone())
    }

    pub(super) fn delete_webhook(
        &mut self,
        tenant: &Tenant,
        id: &WebhookId,
        now: Timestamp,
    ) -> DeleteOutcome {
        if self.webhook_mut(tenant, id).is_none() {
            return DeleteOutcome::NotFound;
        }
        if let Some(row) = self.webhooks.get_mut(id) {
            row.deleted = true;
        }
        self.skip_pending(id, now);
        DeleteOutcome::Deleted
    }
}
