//! `/v1/members`: who belongs to an organisation, and what they may do there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::id::{OrgId, UserId};
use docextract_model::member::{Member, Role};
use docextract_model::time::Timestamp;
use docextract_store::people::{ChangeMemberOutcome, ChangeRole, RemoveMember};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::JsonBody;
use super::describe::NoContent;
use super::error::{ErrorCode, Result};
use super::paging::{self, List};
use super::path::{At, found};
use super::query::{Cursor, Limit, page, query};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Member")]
pub(crate) struct MemberView {
    user_id: UserId,
    org_id: OrgId,
    email: String,
    name: String,
    role: Role,
    joined_at: Timestamp,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id,
            org_id: member.org_id,
            email: member.email.as_str().to_owned(),
            name: member.name,
            role: member.role,
            joined_at: member.joined_at,
        }
    }
}

query! {
    ListMembers {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<UserId>,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListMembers,
) -> Result<Json<List<MemberView>>> {
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let members = app.store.members(&caller.tenant.org_id, page).await?;
    Ok(paging::list(members, limit, |member| member.user_id.as_str(), MemberView::from))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(user_id): At<UserId>,
) -> Result<Json<MemberView>> {
    let member = app.store.member(&caller.tenant.org_id, &user_id).await?;
    Ok(Json(found(member, &user_id)?.into()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MemberUpdate")]
pub(crate) struct Update {
    role: Role,
}

fn changed(outcome: ChangeMemberOutcome) -> Result<Member> {
    match outcome {
        ChangeMemberOutcome::Changed(member) => Ok(member),
        ChangeMemberOutcome::NotFound => Err(ErrorCode::MemberNotFound.into()),
        ChangeMemberOutcome::Refused(refusal) => Err(refusal.into()),
    }
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(user_id): At<UserId>,
    JsonBody(body): JsonBody<Update>,
) -> Result<Json<MemberView>> {
    caller.require_live()?;
    let entry = caller.entry(&app, AuditAction::MemberRoleChanged, &user_id);
    let by = caller.role();
    let command = ChangeRole { org_id: caller.tenant.org_id, user_id, role: body.role, by };
    let outcome = app.act(command, with_detail(entry, "role", body.role.as_str())).await;
    app.key_cache.forget();
    Ok(Json(changed(outcome?)?.into()))
}

pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(user_id): At<UserId>,
) -> Result<NoContent> {
    caller.require_live()?;
    let entry = caller.entry(&app, AuditAction::MemberRemoved, &user_id);
    let by = caller.role();
    let outcome = app.act(RemoveMember { org_id: caller.tenant.org_id, user_id, by }, entry).await;
    app.key_cache.forget();
    changed(outcome?)?;
    Ok(NoContent)
}
