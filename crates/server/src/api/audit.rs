//! `/v1/audit-log`: who did what, newest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use docextract_model::audit::{Actor, AuditAction};
use docextract_model::id::AuditId;
use docextract_store::people::AuditFilter;

use super::app::App;
use super::auth::Caller;
use super::error::Result;
use super::paging;
use super::query::Query;

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut query: Query,
) -> Result<impl IntoResponse> {
    let filter = AuditFilter {
        actor: query.parsed(
            "actor",
            "the id of a user or a key, or command_line, system or nobody",
            Actor::parse,
        ),
        action: query.parsed("action", "an action such as key.created", AuditAction::parse),
        target: query.text("target"),
        created_after: query.time("created_after"),
        created_before: query.time("created_before"),
    };
    let page = query.page::<AuditId>();
    query.finish()?;
    let limit = page.limit;
    let entries = app.store.audit_log(&caller.tenant.org_id, filter, page).await?;
    Ok(paging::list(entries, limit, |entry| entry.id.as_str(), |entry| entry))
}
