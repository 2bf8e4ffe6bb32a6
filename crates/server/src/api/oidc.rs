//! `/sign-in/oidc`: to the identity provider and back. What is asked of it is [`crate::oidc`]'s.
//!
//! Somebody who comes back is the user with that identity; else the user with that (verified) e-mail
//! address, who has the identity from then on; else, where the operator says so, a new member of the oldest
//! organisation.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::UserId;
use docextract_model::member::User;
use docextract_store::people::{AddMember, JoinOutcome, Joiner, LinkIdentity, UserRef};
use url::form_urlencoded;

use super::app::App;
use super::auth::{entry, with_detail};
use super::client::Client;
use super::error::{ApiError, ErrorCode, Result};
use super::sessions::with_cookie;
use super::sign_in::begin_session;
use super::sign_in_page;
use crate::cookie;
use crate::oidc::{Journey, Oidc, OidcError, Stranger};

fn provider(app: &App) -> Result<&Oidc> {
    app.oidc.as_ref().ok_or_else(|| ErrorCode::RouteNotFound.into())
}

pub(crate) async fn set_out(State(app): State<Arc<App>>) -> Result<Response> {
    let journey = Journey::new(|| app.ambient.random_bytes());
    match provider(&app)?.authorize_url(&journey).await {
        Ok(url) => {
            let location = HeaderValue::from_str(&url)
                .map_err(|error| ApiError::internal(format!("the provider's URL: {error}")))?;
            let cookie = cookie::write_journey(Some(&journey.to_text()), app.cookie_is_secure)
                .ok_or_else(|| ApiError::internal("a journey cannot stand in a header"))?;
            let headers = AppendHeaders([(header::LOCATION, location), (header::SET_COOKIE, cookie)]);
            Ok((StatusCode::SEE_OTHER, headers).into_response())
        }
        Err(error) => Ok(sign_in_page::with_error(&app, None, &api_error(error)).await),
    }
}

pub(crate) async fn come_back(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    // A provider may say more than is looked at.
    let query = query.unwrap_or_default();
    let text = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
    };
    let (code, state, problem) = (text("code"), text("state"), text("error"));
    let journey = cookie::read_journey(&headers, app.cookie_is_secure).and_then(|text| Journey::parse(&text));
    let is_same = |journey: &Journey| state.as_deref().is_some_and(|state| journey.is_state(state));
    let came = match (journey.filter(is_same), code, problem) {
        (None, ..) => {
            Err(OidcError::Refused("this browser did not set out from here, or too long ago".to_owned()))
        }
        (Some(_), None, problem) => {
            let why = problem.unwrap_or_else(|| "without a code".to_owned());
            Err(OidcError::Refused(format!("the identity provider sent the browser back: {why}")))
        }
        (Some(journey), Some(code), _) => provider(&app)?.who(&journey, &code, app.ambient.now()).await,
    };
    let signed_in = match came {
        Ok(stranger) => match member(&app, &client, stranger).await {
            Ok(user_id) => begin_session(&app, &client, &user_id, "oidc", None).await,
            Err(error) => Err(error),
        },
        Err(error) => {
            let failed = entry(&app, &client, None, AuditAction::SignInFailed, Actor::Nobody);
            app.store.record_audit(vec![with_detail(failed, "why", &error)]).await?;
            Err(api_error(error))
        }
    };
    let mut response = match signed_in {
        Ok(signed_in) => {
            let home = [(header::LOCATION, HeaderValue::from_static("/"))];
            with_cookie(&app, Some(&signed_in.token), (StatusCode::SEE_OTHER, home))?.into_response()
        }
        Err(error) => sign_in_page::with_error(&app, None, &error).await,
    };
    // A journey is made once.
    if let Some(cookie) = cookie::write_journey(None, app.cookie_is_secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn api_error(error: OidcError) -> ApiError {
    match error {
        OidcError::Unavailable(cause) => {
            tracing::warn!("the identity provider could not be asked: {cause}");
            ErrorCode::ServiceUnavailable.into()
        }
        OidcError::Refused(why) => {
            ApiError::with_message(ErrorCode::OidcFailed, format!("Signing in did not work: {why}."))
        }
    }
}

/// The user that the stranger is or becomes.
async fn member(app: &App, client: &Client, stranger: Stranger) -> Result<UserId> {
    let Stranger { identity, email, name } = stranger;
    if let Some(user) = app.store.user(&UserRef::Identity(identity.clone())).await? {
        return Ok(user.id);
    }
    if let Some(user) = app.store.user(&UserRef::Email(email.clone())).await? {
        let command = LinkIdentity { user_id: user.id.clone(), identity };
        // Somebody else has this address at the same provider.
        let is_linked = app.store.link_identity(command).await?;
        return if is_linked { Ok(user.id) } else { Err(ErrorCode::NotAMember.into()) };
    }
    let role = provider(app)?.config.auto_join_role.ok_or(ErrorCode::NotAMember)?;
    let organisations = app.store.organisations().await?;
    let organisation = organisations.into_iter().next().ok_or(ErrorCode::NotAMember)?;
    let now = app.ambient.now();
    let user =
        User { id: app.ambient.id(), email, name, password: None, identity: Some(identity), created_at: now };
    let user_id = user.id.clone();
    let org_id = organisation.id;
    let actor = Actor::User(user_id.clone());
    let joined = entry(app, client, Some(org_id.clone()), AuditAction::MemberJoined, actor);
    let joined = AuditEntry { target: Some(user_id.to_string()), ..joined };
    let command = AddMember { org_id, joiner: Joiner::New(user), role, now };
    match app.act(command, with_detail(joined, "role", role.as_str())).await? {
        JoinOutcome::Joined(member) => Ok(member.user_id),
        JoinOutcome::TooMany => Err(ErrorCode::MemberLimitReached.into()),
        // Another sign-in of the same person was quicker: the next try finds them.
        JoinOutcome::Taken | JoinOutcome::AlreadyMember | JoinOutcome::NotFound => {
            Err(ErrorCode::ServiceUnavailable.into())
        }
    }
}
