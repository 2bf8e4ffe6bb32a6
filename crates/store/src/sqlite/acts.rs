//! Acts, each with its entry in the audit log.

use rusqlite::{Connection, params};

use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::{AuditId, OrgId};
use docextract_model::tenant::Mode;

use super::rows::{Columns, ListQuery, execute, json_text, text};
use super::{credits, deliveries, erasure, extractors, keys, lessons, people, plans, replays, webhooks};
use crate::Result;
use crate::acts::{Act, ActOutcome, TookPlace as _};
use crate::commands::{Page, PageRequest};
use crate::people::AuditFilter;

const SELECT_ENTRY: &str = "SELECT id, org_id, actor, action, target, mode, address, request_id, detail, \
     created_at FROM audit_log";

pub(super) fn act(db: &Connection, act: Act, entry: &AuditEntry) -> Result<ActOutcome> {
    let outcome = perform(db, act)?;
    if outcome.took_place() {
        note(db, entry)?;
    }
    Ok(outcome)
}

fn perform(db: &Connection, act: Act) -> Result<ActOutcome> {
    Ok(match act {
        Act::CreateKey(command) => ActOutcome::CreateKey(keys::create(db, &command)?),
        Act::RevokeKey(command) => ActOutcome::RevokeKey(keys::revoke(db, &command)?),
        Act::SetPlan(command) => ActOutcome::SetPlan(plans::set(db, &command)?),
        Act::CreateExtractor(command) => {
            let (org_id, extractor) = (&command.org_id, &command.extractor);
            ActOutcome::CreateExtractor(extractors::create(db, org_id, extractor, command.now)?)
        }
        Act::UpdateExtractor(command) => ActOutcome::UpdateExtractor(extractors::update(db, command)?),
        Act::DeleteExtractor(command) => {
            ActOutcome::DeleteExtractor(extractors::delete(db, &command.tenant, &command.id)?)
        }
        Act::CorrectJob(command) => ActOutcome::CorrectJob(lessons::correct(db, &command)?),
        Act::EraseJob(command) => ActOutcome::EraseJob(erasure::erase(db, &command)?),
        Act::GrantCredits(command) => ActOutcome::GrantCredits(credits::grant(db, command)?),
        Act::SetLowBalanceThreshold(command) => {
            ActOutcome::SetLowBalanceThreshold(credits::set_threshold(db, &command)?)
        }
        Act::CreateWebhook(webhook) => ActOutcome::CreateWebhook(webhooks::create(db, webhook)?),
        Act::UpdateWebhook(command) => ActOutcome::UpdateWebhook(webhooks::update(db, command)?),
        Act::RotateSecret(command) => ActOutcome::RotateSecret(webhooks::rotate_secret(db, &command)?),
        Act::DeleteWebhook(command) => {
            let deleted = webhooks::delete(db, &command.tenant, &command.id, command.now)?;
            ActOutcome::DeleteWebhook(deleted)
        }
        Act::ReplayDelivery(command) => ActOutcome::ReplayDelivery(deliveries::replay(db, command)?),
        Act::CreateReplay(replay) => ActOutcome::CreateReplay(replays::create(db, replay)?),
        Act::CancelReplay(command) => {
            let cancelled = replays::cancel(db, &command.tenant, &command.id, command.now)?;
            ActOutcome::CancelReplay(cancelled)
        }
        Act::AddMember(command) => ActOutcome::AddMember(people::add_member(db, &command)?),
        Act::ChangeRole(command) => ActOutcome::ChangeRole(people::change_role(db, &command)?),
        Act::RemoveMember(command) => ActOutcome::RemoveMember(people::remove_member(db, &command)?),
        Act::CreateInvitation(command) => ActOutcome::CreateInvitation(people::invite(db, &command)?),
        Act::RevokeInvitation(command) => {
            ActOutcome::RevokeInvitation(people::revoke_invitation(db, &command)?)
        }
        Act::AcceptInvitation(command) => {
            ActOutcome::AcceptInvitation(people::accept_invitation(db, &command)?)
        }
        Act::SignIn(command) => ActOutcome::SignIn(people::sign_in(db, &command)?),
        Act::EndSession(command) => ActOutcome::EndSession(people::end_session(db, &command)?),
        Act::ChangePassword(command) => ActOutcome::ChangePassword(people::change_password(db, &command)?),
    })
}

pub(super) fn note(db: &Connection, entry: &AuditEntry) -> Result<()> {
    execute(
        db,
        "INSERT INTO audit_log (id, org_id, actor, action, target, mode, address, request_id, detail, \
         created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            entry.id.as_str(),
            entry.org_id.as_ref().map(OrgId::as_str),
            entry.actor.as_str(),
            entry.action.as_str(),
            entry.target,
            entry.mode.map(Mode::as_str),
            entry.address,
            entry.request_id.as_ref().map(docextract_model::id::RequestId::as_str),
            json_text(&entry.detail)?,
            entry.created_at.unix_ms(),
        ],
    )?;
    Ok(())
}

pub(super) fn log(
    db: &Connection,
    org_id: &OrgId,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<AuditEntry>> {
    log_query(org_id, filter).page(db, page, read_entry)
}

pub(super) fn log_query(org_id: &OrgId, filter: &AuditFilter) -> ListQuery {
    let mut query = ListQuery::new(SELECT_ENTRY, "org_id = ?", [text(org_id.as_str())]);
    query.and("target = ?", filter.target.as_deref().map(text));
    query.and("actor = ?", filter.actor.as_ref().map(|actor| text(actor.as_str())));
    query.and("action = ?", filter.action.map(|action| text(action.as_str())));
    query.created::<AuditId>(filter.created_after, filter.created_before);
    query
}

fn read_entry(columns: &mut Columns<'_, '_>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: columns.id()?,
        org_id: columns.id_or_none()?,
        actor: columns.word("actor", Actor::parse)?,
        action: columns.word("action", AuditAction::parse)?,
        target: columns.get()?,
        mode: columns.word_or_none("mode", Mode::parse)?,
        address: columns.get()?,
        request_id: columns.id_or_none()?,
        detail: columns.json()?,
        created_at: columns.time()?,
    })
}
