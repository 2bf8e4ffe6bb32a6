//! Who asks, and whether they may: a bearer key, a request that the plan allows, and the scope that the
//! route's row names.
//!
//! All of that is done in a layer around the handler, [`admit`]; a handler that takes a [`Caller`] gets
//! what the layer found. A key that is unknown, revoked or expired gets the same answer.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use docextract_model::key::{ApiKey, KeyHash, Scope};
use docextract_model::tenant::{Mode, Tenant};

use super::app::App;
use super::error::{ApiError, ErrorCode, Result};
use super::rate::Counted;

/// What stands before a route that takes an API key.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) app: Arc<App>,
    pub(super) scope: Scope,
}

/// The key behind a request, which has the scope that its route wants.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) key: ApiKey,
    pub(crate) tenant: Tenant,
    pub(crate) scope: Scope,
}

impl Caller {
    /// Credits and keys are an organisation's, not a mode's: a test key does not change the live ones.
    pub(crate) fn require_live(&self) -> Result<()> {
        match self.tenant.mode {
            Mode::Live => Ok(()),
            Mode::Test => Err(ErrorCode::LiveKeyRequired.into()),
        }
    }
}

/// Lets in who has a usable key with the scope.
pub(super) async fn admit(gate: Gate, request: Request, next: Next) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let key = identify(&parts, &gate.app).await?;
    require_scope(&key, gate.scope)?;
    parts.extensions.insert(Caller { tenant: key.tenant(), key, scope: gate.scope });
    Ok(next.run(Request::from_parts(parts, body)).await)
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| ApiError::internal("a handler asks who calls, and its route is public"))
    }
}

/// The usable key that a request bears. Asking for it counts the request.
async fn identify(parts: &Parts, app: &App) -> Result<ApiKey> {
    let secret = bearer(parts).ok_or(ErrorCode::MissingAuthorization)?;
    let now = app.ambient.now();
    let found = app.key_cache.find(app.store.as_ref(), &KeyHash::of(secret)).await?;
    let known = found.filter(|known| known.key.is_usable(now)).ok_or(ErrorCode::InvalidApiKey)?;
    app.key_usage.note(&known.key, now);
    let counted = parts.extensions.get::<Counted>().cloned().unwrap_or_default();
    counted.take(app, &known.key.org_id, known.plan, now).await?;
    Ok(known.key)
}

fn require_scope(key: &ApiKey, scope: Scope) -> Result<()> {
    if key.allows(scope) {
        return Ok(());
    }
    let message = format!("The API key lacks the scope {}.", scope.as_str());
    Err(ApiError::with_message(ErrorCode::InsufficientScope, message))
}

/// The token of an `Authorization: Bearer` header.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
