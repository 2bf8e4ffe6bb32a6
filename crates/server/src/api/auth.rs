//! Who asks, and whether they may: a bearer key, a request that the plan allows, and the scope that a
//! route needs.
//!
//! A handler states its scope in its signature, `Caller<DocumentsRead>`, so a route without one stands
//! out. A key that is unknown, revoked or expired gets the same answer.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use docextract_model::key::{ApiKey, KeyHash, Scope};
use docextract_model::tenant::{Mode, Tenant};

use super::app::App;
use super::error::{ApiError, ErrorCode, Result};
use super::rate::Counted;

/// A scope as a type.
pub(crate) trait Required: Send + Sync + 'static {
    const SCOPE: Scope;
}

macro_rules! scopes {
    ($($name:ident)+) => {$(
        pub(crate) struct $name;
        impl Required for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )+};
}

scopes! {
    DocumentsRead DocumentsWrite ExtractorsRead ExtractorsWrite WebhooksRead WebhooksWrite CreditsRead Admin
}

/// The key behind a request, which has the scope `S`.
pub(crate) struct Caller<S> {
    pub(crate) key: ApiKey,
    pub(crate) tenant: Tenant,
    scope: PhantomData<S>,
}

impl<S> Caller<S> {
    /// Credits and keys are an organisation's, not a mode's: a test key does not change the live ones.
    pub(crate) fn require_live(&self) -> Result<()> {
        match self.tenant.mode {
            Mode::Live => Ok(()),
            Mode::Test => Err(ErrorCode::LiveKeyRequired.into()),
        }
    }
}

impl<S: Required> FromRequestParts<Arc<App>> for Caller<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let key = match parts.extensions.get::<Identified>() {
            Some(Identified(key)) => key.clone(),
            None => identify(parts, app).await?,
        };
        require_scope(&key, S::SCOPE)?;
        Ok(Self { tenant: key.tenant(), key, scope: PhantomData })
    }
}

/// The key of a request that was identified before its handler.
#[derive(Clone)]
pub(super) struct Identified(pub(super) ApiKey);

/// The usable key that a request bears. Asking for it counts the request.
pub(super) async fn identify(parts: &Parts, app: &App) -> Result<ApiKey> {
    let secret = bearer(parts).ok_or(ErrorCode::MissingAuthorization)?;
    let now = app.ambient.now();
    let found = app.key_cache.find(app.store.as_ref(), &KeyHash::of(secret)).await?;
    let known = found.filter(|known| known.key.is_usable(now)).ok_or(ErrorCode::InvalidApiKey)?;
    app.key_usage.note(&known.key, now);
    let counted = parts.extensions.get::<Counted>().cloned().unwrap_or_default();
    counted.take(app, &known.key.org_id, known.plan, now).await?;
    Ok(known.key)
}

pub(super) fn require_scope(key: &ApiKey, scope: Scope) -> Result<()> {
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
