//! `/v1/invitations`: links that let somebody into an organisation once. The link is in one answer only, the
//! one that made it: whoever made it sends it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::id::{InvitationId, OrgId, UserId};
use docextract_model::limits;
use docextract_model::member::{Email, Invitation, Role};
use docextract_model::time::Timestamp;
use docextract_model::token::Token;
use docextract_store::people::{CreateInvitationOutcome, RevokeInvitation, RevokeInvitationOutcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::JsonBody;
use super::client::Client;
use super::describe::{Created, NoContent};
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::paging::{self, List};
use super::path::At;
use super::query::{Cursor, Limit, page, query};
use super::sessions::{SessionView, WithCookie, with_cookie};
use super::sign_in::{Acceptance, accept};
use crate::duration::DurationMs;
use crate::invitations::{Invitee, draft_invitation, link};
use crate::password::Password;

/// Durations from 1m to 30d, as a regular expression.
const EXPIRES_IN_PATTERN: &str = "^([1-9][0-9]{0,3}m|[1-9][0-9]{0,1}h|([1-9]|[12][0-9]|30)d)$";

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invitation")]
pub(crate) struct InvitationView {
    id: InvitationId,
    org_id: OrgId,
    role: Role,
    email: Option<String>,
    /// Who accepted it, or the member that it lets in again.
    user_id: Option<UserId>,
    /// open, accepted, revoked or expired.
    status: &'static str,
    created_by: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    accepted_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    /// The link, when it was made just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl InvitationView {
    fn of(invitation: Invitation, url: Option<String>, now: Timestamp) -> Self {
        Self {
            status: invitation.status(now),
            id: invitation.id,
            org_id: invitation.org_id,
            role: invitation.role,
            email: invitation.email.map(|email| email.as_str().to_owned()),
            user_id: invitation.user_id,
            created_by: invitation.created_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            accepted_at: invitation.accepted_at,
            revoked_at: invitation.revoked_at,
            url,
        }
    }
}

query! {
    ListInvitations {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<InvitationId>,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListInvitations,
) -> Result<Json<List<InvitationView>>> {
    let page = page(query.limit, query.cursor);
    let (limit, now) = (page.limit, app.ambient.now());
    let invitations = app.store.invitations(&caller.tenant.org_id, page).await?;
    let view = |invitation| InvitationView::of(invitation, None, now);
    Ok(paging::list(invitations, limit, |invitation| invitation.id.as_str(), view))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InvitationCreate")]
pub(crate) struct Create {
    #[schemars(length(max = limits::EMAIL_BYTES_MAX), extend("format" = "email"))]
    email: String,
    role: Role,
    /// How long the link is good for: from 1m to 30d.
    #[schemars(with = "Option<String>", regex(pattern = EXPIRES_IN_PATTERN))]
    expires_in: Option<DurationMs>,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Create>,
) -> Result<Created<InvitationView>> {
    caller.require_live()?;
    let mut problems = Problems::default();
    let email = Email::parse(&body.email).map_err(|problem| problems.push("email", problem)).ok();
    let kept = body.expires_in.unwrap_or(DurationMs(limits::INVITATION_MS_DEFAULT));
    if !(60_000..=limits::INVITATION_MS_MAX).contains(&kept.0) {
        problems.push("expires_in", format!("must be from 1m to {}", DurationMs(limits::INVITATION_MS_MAX)));
    }
    problems.finish()?;
    let invitee = Invitee { role: body.role, email, user_id: None };
    let (token, command) = draft_invitation(
        &app.ambient,
        caller.tenant.org_id.clone(),
        invitee,
        (caller.name(), caller.role()),
        kept.0,
    );
    let entry = caller.entry(&app, AuditAction::InvitationCreated, &command.invitation.id);
    match app.act(command, with_detail(entry, "role", body.role.as_str())).await? {
        CreateInvitationOutcome::Created(invitation) => {
            let url = link(&app.base_url, &token);
            let view = InvitationView::of(invitation, Some(url), app.ambient.now());
            Ok(Created(view))
        }
        CreateInvitationOutcome::Refused(refusal) => Err(refusal.into()),
        CreateInvitationOutcome::AlreadyMember => Err(ErrorCode::AlreadyMember.into()),
        CreateInvitationOutcome::TooMany => Err(ErrorCode::MemberLimitReached.into()),
        CreateInvitationOutcome::NotFound => {
            Err(ApiError::internal("a caller's organisation does not exist"))
        }
    }
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<InvitationId>,
) -> Result<NoContent> {
    caller.require_live()?;
    let entry = caller.entry(&app, AuditAction::InvitationRevoked, &id);
    let command = RevokeInvitation { org_id: caller.tenant.org_id, id, now: app.ambient.now() };
    match app.act(command, entry).await? {
        RevokeInvitationOutcome::Revoked(_) => Ok(NoContent),
        RevokeInvitationOutcome::NotFound => Err(ErrorCode::InvitationNotFound.into()),
        RevokeInvitationOutcome::Accepted => Err(ErrorCode::InvitationAccepted.into()),
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InvitationAccept")]
pub(crate) struct Accept {
    /// What stands behind `token=` in the link.
    token: String,
    #[schemars(extend("format" = "email"))]
    email: Option<String>,
    #[serde(default)]
    #[schemars(length(max = limits::USER_NAME_CHARS_MAX))]
    name: String,
    #[schemars(with = "String", length(min = limits::PASSWORD_CHARS_MIN, max = limits::PASSWORD_BYTES_MAX))]
    password: Password,
}

/// Makes a member of who has the link, or lets a member in again, and signs them in.
pub(crate) async fn accept_link(
    State(app): State<Arc<App>>,
    client: Client,
    JsonBody(body): JsonBody<Accept>,
) -> Result<WithCookie<Created<SessionView>>> {
    let Accept { token, email, name, password } = body;
    let acceptance = Acceptance { token: Token::given(&token), email, name, password };
    let signed_in = accept(&app, &client, acceptance).await?;
    with_cookie(&app, Some(&signed_in.token), Created(signed_in.live.into()))
}
