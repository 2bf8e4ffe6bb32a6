//! `/v1/keys`: an organisation's API keys. A key's text is in one answer only, the one that made it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::{AuditAction, AuditEntry};
use docextract_model::id::{KeyId, OrgId};
use docextract_model::key::{ApiKey, Scope};
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use docextract_store::commands::{CreateKeyOutcome, RevokeKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::JsonBody;
use super::describe::{Created, NoContent};
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::paging::{self, List};
use super::path::At;
use super::query::{Cursor, Limit, page, query};
use crate::keys::{KeyDraft, draft_key, scopes_text};

/// Characters of a key's name.
const NAME_CHARS_MAX: usize = 200;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
pub(crate) struct KeyView {
    id: KeyId,
    org_id: OrgId,
    name: String,
    mode: Mode,
    scopes: Vec<Scope>,
    hint: String,
    created_at: Timestamp,
    created_by: String,
    last_used_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    /// The key itself, when it was made just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyView {
    fn of(key: ApiKey, secret: Option<String>) -> Self {
        Self {
            id: key.id,
            org_id: key.org_id,
            name: key.name,
            mode: key.mode,
            scopes: key.scopes,
            hint: key.hint,
            created_at: key.created_at,
            created_by: key.created_by,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            key: secret,
        }
    }
}

query! {
    ListKeys {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<KeyId>,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListKeys,
) -> Result<Json<List<KeyView>>> {
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let keys = app.store.keys(&caller.tenant.org_id, page).await?;
    Ok(paging::list(keys, limit, |key| key.id.as_str(), |key| KeyView::of(key, None)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApiKeyCreate")]
pub(crate) struct Create {
    #[serde(default)]
    #[schemars(length(max = NAME_CHARS_MAX))]
    name: String,
    mode: Mode,
    #[schemars(length(min = 1))]
    scopes: Vec<Scope>,
    /// In the future.
    expires_at: Option<Timestamp>,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Create>,
) -> Result<Created<KeyView>> {
    caller.require_live()?;
    let now = app.ambient.now();
    let mut problems = Problems::default();
    if body.name.chars().count() > NAME_CHARS_MAX {
        problems.push("name", format!("must be at most {NAME_CHARS_MAX} characters"));
    }
    if body.scopes.is_empty() {
        problems.push("scopes", "must name at least one scope");
    }
    if body.expires_at.is_some_and(|expires_at| expires_at <= now) {
        problems.push("expires_at", "must lie in the future");
    }
    problems.finish()?;
    let draft = KeyDraft {
        org_id: caller.tenant.org_id.clone(),
        name: body.name,
        mode: body.mode,
        scopes: body.scopes,
        expires_at: body.expires_at,
        created_by: caller.name(),
    };
    let (secret, command) = draft_key(draft, &app.ambient);
    let entry = caller.entry(&app, AuditAction::KeyCreated, &command.key.id);
    let entry = with_detail(entry, "name", &command.key.name);
    let entry = with_detail(entry, "scopes", &scopes_text(&command.key.scopes));
    let entry = AuditEntry { mode: Some(command.key.mode), ..entry };
    match app.act(command, entry).await? {
        CreateKeyOutcome::Created(key) => Ok(Created(KeyView::of(key, Some(secret)))),
        CreateKeyOutcome::OrganisationNotFound => {
            Err(ApiError::internal("a key's organisation does not exist"))
        }
    }
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(key_id): At<KeyId>,
) -> Result<NoContent> {
    caller.require_live()?;
    let entry = caller.entry(&app, AuditAction::KeyRevoked, &key_id);
    let command = RevokeKey { org_id: caller.tenant.org_id, key_id, now: app.ambient.now() };
    let revoked = app.act(command, entry).await;
    app.key_cache.forget();
    match revoked? {
        Some(_) => Ok(NoContent),
        None => Err(ErrorCode::KeyNotFound.into()),
    }
}
