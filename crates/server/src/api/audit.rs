//! `/v1/audit-log`: who did what, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::AuditId;
use docextract_model::time::Timestamp;
use docextract_store::people::AuditFilter;

use super::app::App;
use super::auth::Caller;
use super::error::Result;
use super::paging::{self, List};
use super::query::{Cursor, Limit, page, query};

query! {
    ListAuditLog {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<AuditId>,
        /// Only what this one did: the id of a user or a key, or command_line, system or nobody.
        actor: Actor,
        /// Only this action.
        action: AuditAction,
        /// Only what was done to the object with this id.
        target: String,
        /// Only what was done after this instant.
        created_after: Timestamp,
        /// Only what was done before this instant.
        created_before: Timestamp,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListAuditLog,
) -> Result<Json<List<AuditEntry>>> {
    let filter = AuditFilter {
        actor: query.actor,
        action: query.action,
        target: query.target,
        created_after: query.created_after,
        created_before: query.created_before,
    };
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let entries = app.store.audit_log(&caller.tenant.org_id, filter, page).await?;
    Ok(paging::list(entries, limit, |entry| entry.id.as_str(), |entry| entry))
}
