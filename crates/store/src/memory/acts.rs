//! Acts, each with its entry in the audit log.

use docextract_model::audit::AuditEntry;
use docextract_model::id::OrgId;

use super::{Tables, page, within};
use crate::acts::{Act, ActOutcome, TookPlace as _};
use crate::commands::{Page, PageRequest};
use crate::people::AuditFilter;
use crate::{Result, StoreError};

impl Tables {
    pub(super) fn act(&mut self, act: Act, entry: AuditEntry) -> Result<ActOutcome> {
        if self.audit_log.contains_key(&entry.id) {
            return Err(StoreError::Refused(format!("there is an entry {}", entry.id)));
        }
        let outcome = self.perform(act)?;
        if outcome.took_place() {
            self.record_audit(vec![entry]);
        }
        Ok(outcome)
    }

    fn perform(&mut self, act: Act) -> Result<ActOutcome> {
        Ok(match act {
            Act::CreateKey(command) => ActOutcome::CreateKey(self.create_key(command)),
            Act::RevokeKey(command) => ActOutcome::RevokeKey(self.revoke_key(&command)),
            Act::SetPlan(command) => ActOutcome::SetPlan(self.set_plan(&command)),
            Act::CreateExtractor(command) => ActOutcome::CreateExtractor(self.create_extractor(command)?),
            Act::UpdateExtractor(command) => ActOutcome::UpdateExtractor(self.update_extractor(command)),
            Act::DeleteExtractor(command) => {
                ActOutcome::DeleteExtractor(self.delete_extractor(&command.tenant, &command.id))
            }
            Act::CorrectJob(command) => ActOutcome::CorrectJob(self.correct_job(command)?),
            Act::EraseJob(command) => ActOutcome::EraseJob(self.erase_job(&command)),
            Act::GrantCredits(command) => ActOutcome::GrantCredits(self.grant_credits(command)),
            Act::SetLowBalanceThreshold(command) => {
                ActOutcome::SetLowBalanceThreshold(self.set_low_balance_threshold(&command))
            }
            Act::CreateWebhook(webhook) => ActOutcome::CreateWebhook(self.create_webhook(webhook)?),
            Act::UpdateWebhook(command) => ActOutcome::UpdateWebhook(self.update_webhook(command)),
            Act::RotateSecret(command) => ActOutcome::RotateSecret(self.rotate_secret(command)),
            Act::DeleteWebhook(command) => {
                let deleted = self.delete_webhook(&command.tenant, &command.id, command.now);
                ActOutcome::DeleteWebhook(deleted)
            }
            Act::ReplayDelivery(command) => ActOutcome::ReplayDelivery(self.replay_delivery(command)?),
            Act::CreateReplay(replay) => ActOutcome::CreateReplay(self.create_replay(replay)),
            Act::CancelReplay(command) => {
                let cancelled = self.cancel_replay(&command.tenant, &command.id, command.now);
                ActOutcome::CancelReplay(cancelled)
            }
            Act::AddMember(command) => ActOutcome::AddMember(self.add_member(command)),
            Act::ChangeRole(command) => ActOutcome::ChangeRole(self.change_role(&command)),
            Act::RemoveMember(command) => ActOutcome::RemoveMember(self.remove_member(&command)),
            Act::CreateInvitation(command) => ActOutcome::CreateInvitation(self.invite(command)),
            Act::RevokeInvitation(command) => ActOutcome::RevokeInvitation(self.revoke_invitation(&command)),
            Act::AcceptInvitation(command) => ActOutcome::AcceptInvitation(self.accept_invitation(command)),
            Act::SignIn(command) => ActOutcome::SignIn(self.sign_in(command)),
            Act::EndSession(command) => ActOutcome::EndSession(self.end_session(&command)),
            Act::ChangePassword(command) => ActOutcome::ChangePassword(self.change_password(command)),
        })
    }

    pub(super) fn record_audit(&mut self, entries: Vec<AuditEntry>) {
        self.audit_log.extend(entries.into_iter().map(|entry| (entry.id.clone(), entry)));
    }

    pub(super) fn audit_log(
        &self,
        org_id: &OrgId,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Page<AuditEntry> {
        let newest_first = self.audit_log.values().rev().filter(|entry| {
            entry.org_id.as_ref() == Some(org_id)
                && filter.actor.as_ref().is_none_or(|actor| actor == &entry.actor)
                && filter.action.is_none_or(|action| action == entry.action)
                && filter.target.as_ref().is_none_or(|target| Some(target) == entry.target.as_ref())
                && within(entry.created_at, filter.created_after, filter.created_before)
        });
        page(newest_first, |entry| entry.id.as_str(), request)
    }
}
