//! `/v1/webhooks`: where events are sent.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_engine::TestTarget;
use docextract_model::audit::{AuditAction, AuditEntry};
use docextract_model::delivery::AttemptError;
use docextract_model::id::{DeliveryId, OrgId, WebhookId};
use docextract_model::json::some_object;
use docextract_model::limits;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{ClientCertificate, DisabledReason, Secret, Webhook, WebhookStatus};
use docextract_store::commands::{
    CreateWebhookOutcome, DeleteOutcome, RotateSecret, StatusChange, UpdateWebhook,
};
use docextract_store::people::DeleteWebhook;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::Caller;
use super::body::{JsonBody, Whole, null_is_a_value, null_or_object};
use super::describe::{Created, NoContent};
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::events::SUBSCRIPTION_PATTERN;
use super::idempotency::Once;
use super::paging::{self, List};
use super::path::{At, found};
use super::query::{Cursor, Limit, page, query};
use super::webhook_input::{
    ClientCertificateInput, DESCRIPTION_CHARS_MAX, Headers, check_client_certificate, check_description,
    check_events, check_headers, check_rate_limit, check_url,
};
use crate::duration::DurationMs;

/// How long the old secret signs too after a rotation, when nothing is said, and at most.
const OVERLAP_DEFAULT: DurationMs = DurationMs(24 * 60 * 60 * 1000);
/// The same as a regular expression.
const OVERLAP_PATTERN: &str = "^([0-9]{1,9}ms|[0-9]{1,6}s|[0-9]{1,4}m|[0-9]{1,2}h|([12]?[0-9]|30)d)$";
const OVERLAP_MAX: DurationMs = DurationMs(30 * 24 * 60 * 60 * 1000);

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
pub(crate) struct WebhookView {
    id: WebhookId,
    org_id: OrgId,
    url: String,
    description: String,
    events: Vec<String>,
    status: WebhookStatus,
    disabled_reason: Option<DisabledReason>,
    headers: Headers,
    rate_limit_per_second: Option<NonZeroU32>,
    client_certificate: Option<ClientCertificateView>,
    /// Only in the answer to creating and rotating.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl WebhookView {
    fn with_secret(webhook: Webhook) -> Self {
        let secret = webhook.secret.expose().to_owned();
        Self { secret: Some(secret), ..Self::from(webhook) }
    }
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            org_id: webhook.tenant.org_id,
            url: webhook.url,
            description: webhook.description,
            events: webhook.events,
            status: webhook.status,
            disabled_reason: webhook.disabled_reason,
            headers: Headers(webhook.headers.0),
            rate_limit_per_second: webhook.rate_limit_per_second,
            client_certificate: webhook.client_certificate.as_ref().map(ClientCertificateView::from),
            secret: None,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
        }
    }
}

/// A client certificate as it is shown: never its key.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientCertificate")]
struct ClientCertificateView {
    fingerprint_sha256: String,
}

impl From<&ClientCertificate> for ClientCertificateView {
    fn from(certificate: &ClientCertificate) -> Self {
        Self { fingerprint_sha256: certificate.fingerprint_sha256().to_owned() }
    }
}

fn all_core_events() -> Vec<String> {
    vec!["*".to_owned()]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WebhookCreate")]
pub(crate) struct Create {
    /// Begins with `https://`, and leads to a public address.
    #[schemars(length(max = limits::URL_CHARS_MAX), extend("format" = "webhook-url"))]
    url: String,
    #[serde(default)]
    #[schemars(length(max = DESCRIPTION_CHARS_MAX))]
    description: String,
    /// Types of events, or `*` for the core ones.
    #[serde(default = "all_core_events")]
    #[schemars(length(min = 1, max = limits::WEBHOOK_EVENTS_MAX), extend("uniqueItems" = true))]
    #[schemars(inner(regex(pattern = SUBSCRIPTION_PATTERN), length(max = 128)))]
    events: Vec<String>,
    #[serde(default)]
    headers: Headers,
    #[schemars(range(min = 1, max = limits::WEBHOOK_RATE_PER_SECOND_MAX))]
    rate_limit_per_second: Option<Whole>,
    #[serde(default, deserialize_with = "some_object")]
    client_certificate: Option<ClientCertificateInput>,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    JsonBody(body): JsonBody<Create>,
) -> Result<Created<WebhookView>> {
    let mut problems = Problems::default();
    check_description(&body.description, &mut problems);
    check_events(&body.events, &mut problems);
    check_headers(&body.headers, &mut problems);
    let rate_limit_per_second = check_rate_limit(body.rate_limit_per_second, &mut problems);
    let client_certificate =
        body.client_certificate.and_then(|input| check_client_certificate(input, &mut problems));
    let url = problems.take(check_url(&body.url, "url", &app).await)?;
    problems.finish()?;
    // A URL that cannot be used is among the problems.
    let url = url.ok_or(ErrorCode::InvalidRequest)?;
    let id: WebhookId = once.id();
    if once.is_again
        && let Some(webhook) = app.store.webhook(&caller.tenant, &id).await?
    {
        return Ok(Created(WebhookView::with_secret(webhook)));
    }
    let now = once.now;
    let entry = caller.entry(&app, AuditAction::WebhookCreated, &id);
    let webhook = Webhook {
        id,
        tenant: caller.tenant,
        url: url.as_str().to_owned(),
        description: body.description,
        events: body.events,
        status: WebhookStatus::Enabled,
        disabled_reason: None,
        headers: body.headers.0.into(),
        rate_limit_per_second,
        client_certificate,
        secret: Secret::new(app.ambient.random_bytes()),
        previous_secret: None,
        failing_since: None,
        created_at: now,
        updated_at: now,
    };
    match app.act(webhook, entry).await? {
        CreateWebhookOutcome::Created(webhook) => Ok(Created(WebhookView::with_secret(webhook))),
        CreateWebhookOutcome::TooMany => Err(ErrorCode::WebhookLimitReached.into()),
    }
}

query! {
    ListWebhooks {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<WebhookId>,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListWebhooks,
) -> Result<Json<List<WebhookView>>> {
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let webhooks = app.store.webhooks(&caller.tenant, page).await?;
    Ok(paging::list(webhooks, limit, |webhook| webhook.id.as_str(), WebhookView::from))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<WebhookId>,
) -> Result<Json<WebhookView>> {
    Ok(Json(found(app.store.webhook(&caller.tenant, &id).await?, &id)?.into()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WebhookUpdate")]
pub(crate) struct Update {
    #[schemars(length(max = limits::URL_CHARS_MAX), extend("format" = "webhook-url"))]
    url: Option<String>,
    #[schemars(length(max = DESCRIPTION_CHARS_MAX))]
    description: Option<String>,
    #[schemars(length(min = 1, max = limits::WEBHOOK_EVENTS_MAX), extend("uniqueItems" = true))]
    #[schemars(inner(regex(pattern = SUBSCRIPTION_PATTERN), length(max = 128)))]
    events: Option<Vec<String>>,
    headers: Option<Headers>,
    /// Null takes the limit away; left out, it stays.
    #[schemars(range(min = 1, max = limits::WEBHOOK_RATE_PER_SECOND_MAX))]
    #[serde(default, deserialize_with = "null_is_a_value")]
    rate_limit_per_second: Option<Option<Whole>>,
    /// Null takes the certificate away; left out, it stays.
    #[serde(default, deserialize_with = "null_or_object")]
    client_certificate: Option<Option<ClientCertificateInput>>,
    status: Option<WebhookStatus>,
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<WebhookId>,
    JsonBody(body): JsonBody<Update>,
) -> Result<Json<WebhookView>> {
    let mut problems = Problems::default();
    if let Some(description) = &body.description {
        check_description(description, &mut problems);
    }
    if let Some(events) = &body.events {
        check_events(events, &mut problems);
    }
    if let Some(headers) = &body.headers {
        check_headers(headers, &mut problems);
    }
    let rate_limit_per_second =
        body.rate_limit_per_second.map(|rate_limit| check_rate_limit(rate_limit, &mut problems));
    let client_certificate = body
        .client_certificate
        .map(|input| input.and_then(|input| check_client_certificate(input, &mut problems)));
    let url = match &body.url {
        None => None,
        Some(text) => problems.take(check_url(text, "url", &app).await)?,
    };
    problems.finish()?;
    let status = body.status.map(|status| match status {
        WebhookStatus::Enabled => StatusChange::Enable,
        WebhookStatus::Disabled => StatusChange::Disable(DisabledReason::ByRequest),
    });
    let entry = caller.entry(&app, AuditAction::WebhookUpdated, &id);
    let command = UpdateWebhook {
        tenant: caller.tenant,
        id,
        url: url.map(|url| url.as_str().to_owned()),
        description: body.description,
        events: body.events,
        headers: body.headers.map(|headers| headers.0.into()),
        rate_limit_per_second,
        client_certificate,
        status,
        now: app.ambient.now(),
    };
    change(&app, command, entry).await
}

/// Writes a change, and has what waits in memory for the webhook follow it.
async fn change(app: &App, command: UpdateWebhook, entry: AuditEntry) -> Result<Json<WebhookView>> {
    let id = command.id.clone();
    let webhook = found(app.act(command, entry).await?, &id)?;
    app.engine.webhook_changed(&id);
    Ok(Json(webhook.into()))
}

pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<WebhookId>,
) -> Result<Json<WebhookView>> {
    let entry = caller.entry(&app, AuditAction::WebhookEnabled, &id);
    let command = UpdateWebhook {
        tenant: caller.tenant,
        id,
        url: None,
        description: None,
        events: None,
        headers: None,
        rate_limit_per_second: None,
        client_certificate: None,
        status: Some(StatusChange::Enable),
        now: app.ambient.now(),
    };
    change(&app, command, entry).await
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<WebhookId>,
) -> Result<NoContent> {
    let entry = caller.entry(&app, AuditAction::WebhookDeleted, &id);
    let command = DeleteWebhook { tenant: caller.tenant, id: id.clone(), now: app.ambient.now() };
    match app.act(command, entry).await? {
        DeleteOutcome::Deleted => {
            app.engine.webhook_changed(&id);
            Ok(NoContent)
        }
        DeleteOutcome::NotFound => Err(ErrorCode::WebhookNotFound.into()),
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookSecret")]
pub(crate) struct SecretView {
    secret: String,
    /// Signs too, until its overlap ends.
    previous_secret: Option<String>,
    previous_secret_expires_at: Option<Timestamp>,
}

pub(crate) async fn secret(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<WebhookId>,
) -> Result<Json<SecretView>> {
    let webhook = found(app.store.webhook(&caller.tenant, &id).await?, &id)?;
    // Noted before it is shown: what cannot be noted is not shown.
    app.store.record_audit(vec![caller.entry(&app, AuditAction::WebhookSecretShown, &id)]).await?;
    let now = app.ambient.now();
    let previous = webhook.previous_secret.filter(|previous| now < previous.expires_at);
    Ok(Json(SecretView {
        secret: webhook.secret.expose().to_owned(),
        previous_secret_expires_at: previous.as_ref().map(|previous| previous.expires_at),
        previous_secret: previous.map(|previous| previous.secret.expose().to_owned()),
    }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SecretRotate")]
pub(crate) struct Rotate {
    /// How long the old secret signs too: 24h when it is left out, at most 30d.
    #[schemars(with = "Option<String>", regex(pattern = OVERLAP_PATTERN))]
    overlap: Option<DurationMs>,
}

pub(crate) async fn rotate_secret(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<WebhookId>,
    JsonBody(body): JsonBody<Rotate>,
) -> Result<Json<WebhookView>> {
    let overlap = body.overlap.unwrap_or(OVERLAP_DEFAULT);
    if overlap > OVERLAP_MAX {
        return Err(ApiError::invalid_field("overlap", format!("must be at most {OVERLAP_MAX}")));
    }
    let now = app.ambient.now();
    let entry = caller.entry(&app, AuditAction::WebhookSecretRotated, &id);
    let command = RotateSecret {
        tenant: caller.tenant,
        id: id.clone(),
        secret: Secret::new(app.ambient.random_bytes()),
        overlap_until: now.plus_ms(overlap.0),
        now,
    };
    let webhook = found(app.act(command, entry).await?, &id)?;
    app.engine.webhook_changed(&id);
    Ok(Json(WebhookView::with_secret(webhook)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WebhookTest")]
pub(crate) struct Test {
    #[schemars(length(max = limits::URL_CHARS_MAX), extend("format" = "webhook-url"))]
    webhook_url: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookTestResult")]
pub(crate) struct TestView {
    delivered: bool,
    status_code: Option<u16>,
    response_time_ms: u64,
    error: Option<AttemptError>,
    delivery_id: DeliveryId,
    /// What signed, when the URL is not registered: thrown away after this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Sends a real, signed `webhook.test` now and tells what came of it.
pub(crate) async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Test>,
) -> Result<Json<TestView>> {
    let url = check_url(&body.webhook_url, "webhook_url", &app).await?;
    let webhook = app.store.webhook_by_url(&caller.tenant, url.as_str()).await?;
    let throw_away = Secret::new(app.ambient.random_bytes());
    let shown = webhook.is_none().then(|| throw_away.expose().to_owned());
    let secret = webhook.as_ref().map_or(throw_away, |webhook| webhook.secret.clone());
    let target = TestTarget { tenant: caller.tenant, webhook, url, secret };
    let result = app.engine.send_test(target).await?;
    Ok(Json(TestView {
        delivered: result.attempt.error.is_none(),
        status_code: result.attempt.status_code,
        response_time_ms: result.attempt.response_time_ms,
        error: result.attempt.error,
        delivery_id: result.delivery_id,
        secret: shown,
    }))
}
