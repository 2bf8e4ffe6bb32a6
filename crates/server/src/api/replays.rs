//! `/v1/webhooks/{id}/replay` and `/v1/replays`: everything of a webhook, by time and status, sent again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::delivery::DeliveryStatus;
use docextract_model::id::{ReplayId, WebhookId};
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::time::Timestamp;
use docextract_store::commands::CreateReplayOutcome;
use docextract_store::people::CancelReplay;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::JsonBody;
use super::describe::Accepted;
use super::error::{ErrorCode, Problems, Result};
use super::idempotency::Once;
use super::path::{At, found};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Replay")]
pub(crate) struct ReplayView {
    id: ReplayId,
    webhook_id: WebhookId,
    since: Timestamp,
    until: Timestamp,
    statuses: Vec<DeliveryStatus>,
    status: ReplayStatus,
    /// Deliveries that were made so far.
    replayed: u64,
    /// Up to when the log has been looked at; between `since` and `until`.
    position: Option<Timestamp>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl From<Replay> for ReplayView {
    fn from(replay: Replay) -> Self {
        Self {
            id: replay.id,
            webhook_id: replay.webhook_id,
            since: replay.since,
            until: replay.until,
            statuses: replay.statuses,
            status: replay.status,
            replayed: replay.replayed,
            position: replay.position,
            created_at: replay.created_at,
            finished_at: replay.finished_at,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReplayCreate")]
pub(crate) struct Create {
    since: Timestamp,
    /// Now, when it is left out.
    until: Option<Timestamp>,
    /// Failed and skipped, when it is left out; never pending.
    #[schemars(length(min = 1))]
    status: Option<Vec<DeliveryStatus>>,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    At(webhook_id): At<WebhookId>,
    JsonBody(body): JsonBody<Create>,
) -> Result<Accepted<ReplayView>> {
    let id: ReplayId = once.id();
    if once.is_again
        && let Some(replay) = app.store.replay(&caller.tenant, &id).await?
    {
        return Ok(Accepted(replay.into()));
    }
    let now = once.now;
    let statuses = body.status.unwrap_or_else(|| vec![DeliveryStatus::Failed, DeliveryStatus::Skipped]);
    // What is made from now on is not looked at, or a replay would replay itself.
    let until = body.until.unwrap_or(now).min(now);
    let mut problems = Problems::default();
    if statuses.is_empty() || statuses.contains(&DeliveryStatus::Pending) {
        problems.push("status", "must name some of failed, skipped and delivered");
    }
    if body.since >= until {
        problems.push("since", "must lie before until, and in the past");
    }
    problems.finish()?;
    let entry = caller.entry(&app, AuditAction::WebhookReplayed, &webhook_id);
    let entry = with_detail(entry, "replay_id", &id);
    let replay = Replay {
        id,
        tenant: caller.tenant,
        webhook_id,
        since: body.since,
        until,
        statuses,
        status: ReplayStatus::Running,
        replayed: 0,
        cursor: None,
        position: None,
        created_at: now,
        stepped_at: now,
        finished_at: None,
    };
    match app.act(replay, entry).await? {
        CreateReplayOutcome::Created(replay) => {
            app.engine.wake_replays();
            Ok(Accepted(replay.into()))
        }
        CreateReplayOutcome::WebhookNotFound => Err(ErrorCode::WebhookNotFound.into()),
        CreateReplayOutcome::WebhookDisabled => Err(ErrorCode::WebhookDisabled.into()),
    }
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<ReplayId>,
) -> Result<Json<ReplayView>> {
    Ok(Json(found(app.store.replay(&caller.tenant, &id).await?, &id)?.into()))
}

pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<ReplayId>,
) -> Result<Json<ReplayView>> {
    let entry = caller.entry(&app, AuditAction::ReplayCancelled, &id);
    let command = CancelReplay { tenant: caller.tenant, id: id.clone(), now: app.ambient.now() };
    let replay = app.act(command, entry).await?;
    Ok(Json(found(replay, &id)?.into()))
}
