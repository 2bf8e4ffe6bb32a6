//! Plans: requests taken from their windows, and which jobs have a slot.

use docextract_model::id::{JobId, OrgId};
use docextract_model::job::JobStatus;
use docextract_model::plan::{PlanLimits, TakenRequest};
use docextract_model::time::Timestamp;

use super::{Tables, missing};
use crate::Result;
use crate::commands::{Organisation, SetPlan};

impl Tables {
    /// None for a plan without limits.
    pub(super) fn plan_limits(&self, org_id: &OrgId) -> Option<PlanLimits> {
        self.organisations.get(org_id).and_then(|row| row.organisation.plan.limits())
    }

    pub(super) fn set_plan(&mut self, command: &SetPlan) -> Option<Organisation> {
        let row = self.organisations.get_mut(&command.org_id)?;
        row.organisation.plan = command.plan;
        let organisation = row.organisation.clone();
        let is_limited = command.plan.limits().is_some();
        for row in self.jobs.values_mut() {
            let is_queued = row.job.status == JobStatus::Queued && row.job.hold_reason.is_none();
            if row.job.org_id == command.org_id && is_queued {
                if row.waits_for_slot && !is_limited {
                    row.due_at = row.due_at.max(command.now);
                }
                row.waits_for_slot = is_limited;
            }
        }
        self.give_slots(&command.org_id, command.now);
        Some(organisation)
    }

    pub(super) fn take_request(&mut self, org_id: &OrgId, now: Timestamp) -> Result<TakenRequest> {
        let row = self.organisations.get_mut(org_id).ok_or_else(|| missing("organisation"))?;
        Ok(match row.organisation.plan.limits() {
            None => TakenRequest::Unlimited,
            Some(limits) => row.requests.take(limits, now),
        })
    }

    /// Gives the slots that are free to the jobs that wait, the lowest id first.
    pub(super) fn give_slots(&mut self, org_id: &OrgId, now: Timestamp) {
        let Some(limits) = self.plan_limits(org_id) else { return };
        let of_organisation = |id: &OrgId| id == org_id;
        let taken =
            self.jobs.values().filter(|row| of_organisation(&row.job.org_id) && row.has_slot()).count();
        let free = (limits.concurrent_jobs as usize).saturating_sub(taken);
        let waiting =
            self.jobs.values_mut().filter(|row| of_organisation(&row.job.org_id) && row.waits_for_slot);
        for row in waiting.take(free) {
            row.waits_for_slot = false;
            row.due_at = row.due_at.max(now);
        }
    }

    /// Whether as many other jobs of its organisation are processing as its plan allows.
    pub(super) fn has_no_room(&self, id: &JobId) -> bool {
        let Some(job) = self.jobs.get(id).map(|row| &row.job) else { return false };
        self.plan_limits(&job.org_id).is_some_and(|limits| {
            let others = self.jobs.values().map(|row| &row.job).filter(|other| {
                other.org_id == job.org_id && other.status == JobStatus::Processing && &other.id != id
            });
            others.count() >= limits.concurrent_jobs as usize
        })
    }
}
