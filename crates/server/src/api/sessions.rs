//! `/v1/session`, `/v1/sessions` and `/v1/me`: signing in and out, where one is signed in, and who one is.
//! All but signing in take a session; an API key is nobody's.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Response};
use docextract_model::audit::AuditAction;
use docextract_model::id::{OrgId, SessionId, UserId};
use docextract_model::key::Scope;
use docextract_model::limits;
use docextract_model::member::{LiveSession, Role, Session, User};
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use docextract_model::token::Token;
use docextract_store::people::{ChangePassword, EndSession, SwitchSession, UserRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::JsonBody;
use super::client::Client;
use super::describe::{Answers, Created, NoContent, Operation};
use super::error::{ApiError, ErrorCode, Result};
use super::paging::{self, List};
use super::path::At;
use super::query::{Cursor, Limit, page, query};
use super::sign_in;
use crate::cookie;
use crate::password::Password;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub(crate) struct SessionView {
    id: SessionId,
    user_id: UserId,
    org_id: OrgId,
    mode: Mode,
    role: Role,
    /// What the role may do.
    scopes: &'static [Scope],
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<LiveSession> for SessionView {
    fn from(live: LiveSession) -> Self {
        let LiveSession { session, role } = live;
        Self {
            id: session.id,
            user_id: session.user_id,
            org_id: session.org_id,
            mode: session.mode,
            role,
            scopes: role.scopes(),
            created_at: session.created_at,
            expires_at: session.expires_at,
        }
    }
}

/// The answer's header that gives or takes the cookie.
pub(super) fn with_cookie<T: IntoResponse>(
    app: &App,
    token: Option<&Token>,
    answer: T,
) -> Result<WithCookie<T>> {
    let cookie = cookie::write(token, app.cookie_is_secure)
        .ok_or_else(|| ApiError::internal("a token cannot stand in a header"))?;
    Ok(WithCookie((AppendHeaders([(header::SET_COOKIE, cookie)]), answer).into_response(), PhantomData))
}

/// An answer with the session's cookie.
pub(crate) struct WithCookie<T>(Response, PhantomData<T>);

impl<T> IntoResponse for WithCookie<T> {
    fn into_response(self) -> Response {
        self.0
    }
}

impl<T: Answers> Answers for WithCookie<T> {
    fn describe(operation: &mut Operation) {
        T::describe(operation);
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Credentials")]
pub(crate) struct Credentials {
    email: String,
    #[schemars(with = "String")]
    password: Password,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    client: Client,
    JsonBody(body): JsonBody<Credentials>,
) -> Result<WithCookie<Created<SessionView>>> {
    let signed_in = sign_in::sign_in(&app, &client, &body.email, body.password).await?;
    with_cookie(&app, Some(&signed_in.token), Created(signed_in.live.into()))
}

pub(crate) async fn show(caller: Caller) -> Result<Json<SessionView>> {
    Ok(Json(caller.session()?.clone().into()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionSwitch")]
pub(crate) struct Switch {
    org_id: Option<OrgId>,
    mode: Option<Mode>,
}

pub(crate) async fn switch(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Switch>,
) -> Result<Json<SessionView>> {
    let session = &caller.session()?.session;
    let command = SwitchSession {
        user_id: session.user_id.clone(),
        id: session.id.clone(),
        org_id: body.org_id.unwrap_or_else(|| session.org_id.clone()),
        mode: body.mode.unwrap_or(session.mode),
    };
    let switched = app.store.switch_session(command).await;
    app.key_cache.forget();
    Ok(Json(switched?.ok_or(ErrorCode::NotAMember)?.into()))
}

async fn end(app: &App, caller: &Caller, id: SessionId) -> Result<()> {
    let user_id = caller.session()?.session.user_id.clone();
    let entry = caller.entry(app, AuditAction::SessionEnded, &id);
    let ended = app.act(EndSession { user_id, id }, entry).await;
    app.key_cache.forget();
    ended?.map(|_| ()).ok_or_else(|| ErrorCode::SessionNotFound.into())
}

pub(crate) async fn sign_out(State(app): State<Arc<App>>, caller: Caller) -> Result<WithCookie<NoContent>> {
    let id = caller.session()?.session.id.clone();
    end(&app, &caller, id).await?;
    with_cookie(&app, None, NoContent)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListedSession")]
pub(crate) struct ListedSession {
    id: SessionId,
    org_id: OrgId,
    mode: Mode,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    address: Option<String>,
    user_agent: Option<String>,
    /// Whether it is the one that asks.
    is_current: bool,
}

query! {
    ListSessions {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<SessionId>,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListSessions,
) -> Result<Json<List<ListedSession>>> {
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let own = &caller.session()?.session;
    let mut sessions = app.store.sessions(&own.user_id, page).await?;
    let now = app.ambient.now();
    sessions.items.retain(|session| session.is_usable(now));
    let view = |session: Session| ListedSession {
        is_current: session.id == own.id,
        id: session.id,
        org_id: session.org_id,
        mode: session.mode,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        address: session.address,
        user_agent: session.user_agent,
    };
    Ok(paging::list(sessions, limit, |session| session.id.as_str(), view))
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<SessionId>,
) -> Result<NoContent> {
    end(&app, &caller, id).await?;
    Ok(NoContent)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(crate) struct UserView {
    id: UserId,
    email: String,
    name: String,
    has_password: bool,
    created_at: Timestamp,
    organisations: Vec<OrganisationView>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Organisation")]
struct OrganisationView {
    id: OrgId,
    name: String,
    role: Role,
}

async fn own_user(app: &App, caller: &Caller) -> Result<User> {
    let user_id = caller.session()?.session.user_id.clone();
    let user = app.store.user(&UserRef::Id(user_id)).await?;
    user.ok_or_else(|| ApiError::internal("a session's user does not exist"))
}

pub(crate) async fn me(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<UserView>> {
    let user = own_user(&app, &caller).await?;
    let memberships = app.store.memberships(&user.id).await?;
    let organisations = memberships.into_iter().map(|membership| OrganisationView {
        id: membership.org_id,
        name: membership.org_name,
        role: membership.role,
    });
    Ok(Json(UserView {
        organisations: organisations.collect(),
        has_password: user.password.is_some(),
        id: user.id,
        email: user.email.as_str().to_owned(),
        name: user.name,
        created_at: user.created_at,
    }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewPassword")]
pub(crate) struct NewPassword {
    /// Of who has one.
    #[schemars(with = "Option<String>")]
    current_password: Option<Password>,
    #[schemars(with = "String", length(min = limits::PASSWORD_CHARS_MIN, max = limits::PASSWORD_BYTES_MAX))]
    new_password: Password,
}

/// Sets a new password and ends the user's other sessions.
pub(crate) async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<NewPassword>,
) -> Result<NoContent> {
    let user = own_user(&app, &caller).await?;
    if let Some(problem) = body.new_password.problem(user.email.as_str()) {
        return Err(ApiError::invalid_field("new_password", problem));
    }
    if let Some(hash) = user.password {
        sign_in::begin(&app, &caller.client, user.email.as_str()).await?;
        let Some(current) = body.current_password else {
            return Err(ApiError::invalid_field("current_password", "is missing"));
        };
        if !app.passwords.verify(current, Some(hash)).await? {
            return Err(ApiError::invalid_field("current_password", "is wrong"));
        }
    }
    let password = app.passwords.hash(body.new_password, app.ambient.random_bytes()).await?;
    let keep = caller.session()?.session.id.clone();
    let entry = caller.entry(&app, AuditAction::PasswordChanged, &user.id);
    let command = ChangePassword { user_id: user.id, password, keep };
    let changed = app.act(command, with_detail(entry, "other_sessions", "ended")).await;
    app.key_cache.forget();
    changed?.ok_or_else(|| ApiError::internal("a session's user does not exist"))?;
    Ok(NoContent)
}
