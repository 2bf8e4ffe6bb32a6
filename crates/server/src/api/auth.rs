//! Who asks, and whether they may: a bearer key or a session's cookie, a request that the plan allows, and
//! the scope that the route's row names.
//!
//! All of that is done in a layer around the handler, [`admit`]; a handler that takes a [`Caller`] gets
//! what the layer found. A key that is sent counts, and a cookie beside it does not. A request with a cookie
//! that changes something must come from a page of this server's ([`super::client::Site`]).
//!
//! A session has the scopes of its user's role, and works in one organisation and one mode at a time, which
//! `PATCH /v1/session` changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::OrgId;
use docextract_model::key::{KeyHash, Scope};
use docextract_model::member::{LiveSession, Role};
use docextract_model::plan::Plan;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::token::Token;

use super::app::App;
use super::client::{Client, Site};
use super::describe::{Operation, Takes};
use super::error::{ApiError, ErrorCode, Result};
use super::rate::Counted;
use super::routes::Access;
use crate::cookie;
use crate::key_cache::{Credential, Principal};

/// What stands before a route that is not public.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) app: Arc<App>,
    pub(super) access: Access,
}

/// Who is behind a request, and may do what its route does.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    pub(crate) tenant: Tenant,
    pub(crate) client: Client,
}

impl Caller {
    /// Credits and keys are an organisation's, not a mode's: a test key does not change the live ones. What a
    /// member may do does not depend on the side that the session looks at.
    pub(crate) fn require_live(&self) -> Result<()> {
        match (&self.principal, self.tenant.mode) {
            (Principal::User(_), _) | (Principal::Key(_), Mode::Live) => Ok(()),
            (Principal::Key(_), Mode::Test) => Err(ErrorCode::LiveKeyRequired.into()),
        }
    }

    /// The session, on routes that are for sessions only.
    pub(crate) fn session(&self) -> Result<&LiveSession> {
        match &self.principal {
            Principal::User(live) => Ok(live),
            Principal::Key(_) => Err(ErrorCode::SessionRequired.into()),
        }
    }

    /// What roles the caller may give, change and take away. A key is nobody's, and makes no owners.
    pub(crate) fn role(&self) -> Role {
        match &self.principal {
            Principal::User(live) => live.role,
            Principal::Key(key) if key.allows(Scope::Admin) => Role::Admin,
            Principal::Key(_) => Role::Viewer,
        }
    }

    pub(crate) fn actor(&self) -> Actor {
        match &self.principal {
            Principal::Key(key) => Actor::Key(key.id.clone()),
            Principal::User(live) => Actor::User(live.session.user_id.clone()),
        }
    }

    /// Who made something, for its `created_by`.
    pub(crate) fn name(&self) -> String {
        self.actor().as_str().to_owned()
    }

    /// The entry in the audit log for what the caller is about to do.
    pub(crate) fn entry(
        &self,
        app: &App,
        action: AuditAction,
        target: &(impl ToString + ?Sized),
    ) -> AuditEntry {
        let entry = entry(app, &self.client, Some(self.tenant.org_id.clone()), action, self.actor());
        AuditEntry { target: Some(target.to_string()), mode: Some(self.tenant.mode), ..entry }
    }
}

/// An entry with nothing particular in it.
pub(crate) fn entry(
    app: &App,
    client: &Client,
    org_id: Option<OrgId>,
    action: AuditAction,
    actor: Actor,
) -> AuditEntry {
    AuditEntry {
        id: app.ambient.id(),
        org_id,
        actor,
        action,
        target: None,
        mode: None,
        address: client.address_text(),
        request_id: client.request_id.clone(),
        detail: BTreeMap::new(),
        created_at: app.ambient.now(),
    }
}

/// One line of an entry's detail.
pub(crate) fn with_detail(mut entry: AuditEntry, name: &str, value: &(impl ToString + ?Sized)) -> AuditEntry {
    entry.detail.insert(name.to_owned(), value.to_string());
    entry
}

/// Lets in who has a usable key or session, with the scope that the route wants.
pub(super) async fn admit(gate: Gate, request: Request, next: Next) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let scope = match gate.access {
        Access::Public => return Ok(next.run(Request::from_parts(parts, body)).await),
        Access::SignIn => {
            // A page of another site must not sign its visitor in here as somebody else.
            if Site::of(&parts.headers, &gate.app.base_url) == Site::Other {
                return Err(ErrorCode::CrossSiteRequest.into());
            }
            return Ok(next.run(Request::from_parts(parts, body)).await);
        }
        Access::Session => None,
        Access::Key(scope) => Some(scope),
    };
    let principal = identify(&parts, &gate.app).await?;
    match scope {
        Some(scope) => require_scope(&principal, scope)?,
        None if matches!(principal, Principal::Key(_)) => return Err(ErrorCode::SessionRequired.into()),
        None => {}
    }
    let tenant = match &principal {
        Principal::Key(key) => key.tenant(),
        Principal::User(live) => live.session.tenant(),
    };
    let client = Client::of(&parts, &gate.app);
    parts.extensions.insert(Caller { principal, tenant, client });
    Ok(next.run(Request::from_parts(parts, body)).await)
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| ApiError::internal("a handler asks who calls, and its route is public"))
    }
}

impl Takes for Caller {
    /// Who may ask stands in the route's row.
    fn describe(_: &mut Operation) {}
}

/// Who the request comes from. Asking for it counts the request.
async fn identify(parts: &Parts, app: &App) -> Result<Principal> {
    let now = app.ambient.now();
    let (principal, plan) = match (bearer(parts), session_token(parts, app)) {
        (Some(secret), _) => key_of(secret, app, now).await?,
        (None, Some(token)) => {
            let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
            if !is_safe && Site::of(&parts.headers, &app.base_url) != Site::Own {
                return Err(ErrorCode::CrossSiteRequest.into());
            }
            session_of(&token, app, now).await?
        }
        (None, None) => return Err(ErrorCode::MissingAuthorization.into()),
    };
    let org_id = match &principal {
        Principal::Key(key) => &key.org_id,
        Principal::User(live) => &live.session.org_id,
    };
    let counted = parts.extensions.get::<Counted>().cloned().unwrap_or_default();
    counted.take(app, org_id, plan, now).await?;
    Ok(principal)
}

async fn key_of(secret: &str, app: &App, now: Timestamp) -> Result<(Principal, Plan)> {
    let credential = Credential::Key(KeyHash::of(secret));
    let known = app.key_cache.find(app.store.as_ref(), &credential).await?;
    let Some((Principal::Key(key), plan)) = known.map(|known| (known.principal, known.plan)) else {
        return Err(ErrorCode::InvalidApiKey.into());
    };
    if !key.is_usable(now) {
        // Whoever has the key may know what became of it.
        let message = match (key.revoked_at, key.expires_at) {
            (Some(at), _) => format!("The API key was revoked at {}.", at.to_rfc3339()),
            (None, Some(at)) => format!("The API key expired at {}.", at.to_rfc3339()),
            (None, None) => return Err(ErrorCode::InvalidApiKey.into()),
        };
        return Err(ApiError::with_message(ErrorCode::InvalidApiKey, message));
    }
    app.key_usage.note(&key, now);
    Ok((Principal::Key(key), plan))
}

async fn session_of(token: &Token, app: &App, now: Timestamp) -> Result<(Principal, Plan)> {
    let credential = Credential::Session(token.hash());
    let known = app.key_cache.find(app.store.as_ref(), &credential).await?;
    match known.map(|known| (known.principal, known.plan)) {
        Some((Principal::User(live), plan)) if live.session.is_usable(now) => {
            app.key_usage.note_session(&live.session, now);
            Ok((Principal::User(live), plan))
        }
        Some(_) | None => Err(ErrorCode::InvalidSession.into()),
    }
}

fn require_scope(principal: &Principal, scope: Scope) -> Result<()> {
    let (allows, who) = match principal {
        Principal::Key(key) => (key.allows(scope), "The API key lacks".to_owned()),
        Principal::User(live) => {
            (live.role.allows(scope), format!("The role {} does not have", live.role.as_str()))
        }
    };
    if allows {
        return Ok(());
    }
    let message = format!("{who} the scope {}.", scope.as_str());
    Err(ApiError::with_message(ErrorCode::InsufficientScope, message))
}

/// The token of an `Authorization: Bearer` header.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The token of the session's cookie.
fn session_token(parts: &Parts, app: &App) -> Option<Token> {
    cookie::read(&parts.headers, app.cookie_is_secure)
}
