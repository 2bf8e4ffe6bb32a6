//! Accounts, the ledger, what is told about a balance, and which held jobs it can pay for.

use std::sync::Arc;

use docextract_model::credit::{self, Account, Purchase, Transaction, TransactionKind};
use docextract_model::event::{self, CoreEvent, Event, LowBalance};
use docextract_model::id::{IdBlock, JobId, OrgId};
use docextract_model::job::JobStatus;
use docextract_model::plan::RequestCounts;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;

use super::{Tables, missing, page, take_id};
use crate::Result;
use crate::commands::{
    GrantCredits, GrantOutcome, Lease, LeasedDelivery, Organisation, Page, PageRequest,
    SetLowBalanceThreshold,
};

/// Held jobs that one grant or one finished job looks at.
const HELD_JOBS_EXAMINED_MAX: usize = 10_000;

#[derive(Debug)]
pub(super) struct OrganisationRow {
    pub(super) organisation: Organisation,
    pub(super) account: Account,
    /// `credits.low_balance` went out and the balance has not been at the threshold again since.
    pub(super) low_told: bool,
    /// `credits.depleted` went out and nothing was granted since.
    pub(super) depleted_told: bool,
    pub(super) requests: RequestCounts,
}

impl OrganisationRow {
    /// Being at the threshold again re-arms `credits.low_balance`; nothing else does.
    fn rearm_low_balance(&mut self) {
        if self.account.balance >= self.account.low_balance_threshold {
            self.low_told = false;
        }
    }
}

impl Tables {
    fn organisation_mut(&mut self, org_id: &OrgId) -> Result<&mut OrganisationRow> {
        self.organisations.get_mut(org_id).ok_or_else(|| missing("organisation"))
    }

    pub(super) fn account(&self, org_id: &OrgId) -> Option<Account> {
        self.organisations.get(org_id).map(|row| row.account.clone())
    }

    pub(super) fn balance(&self, org_id: &OrgId) -> u64 {
        self.organisations.get(org_id).map_or(0, |row| row.account.balance)
    }

    pub(super) fn transactions(&self, org_id: &OrgId, request: &PageRequest) -> Page<Transaction> {
        let newest_first = self.transactions.values().rev().filter(|row| &row.org_id == org_id);
        page(newest_first, |row| row.id.as_str(), request)
    }

    pub(super) fn grant_credits(&mut self, command: GrantCredits) -> GrantOutcome {
        let Some(row) = self.organisations.get_mut(&command.org_id) else {
            return GrantOutcome::OrganisationNotFound;
        };
        let granted = self.transactions.get(&command.transaction_id);
        if let Some(granted) = granted.filter(|granted| granted.org_id == command.org_id) {
            return GrantOutcome::AlreadyGranted(granted.clone());
        }
        let sum = |present: u64| -> Option<u64> {
            present.checked_add(command.amount).filter(|sum| i64::try_from(*sum).is_ok())
        };
        let (Some(balance), Some(total_purchased), Ok(amount)) =
            (sum(row.account.balance), sum(row.account.total_purchased), i64::try_from(command.amount))
        else {
            return GrantOutcome::TooMany;
        };
        row.account.balance = balance;
        row.account.total_purchased = total_purchased;
        row.account.last_purchase = Some(Purchase {
            amount: command.amount,
            price_paid: command.price_paid,
            purchased_at: command.now,
        });
        row.depleted_told = false;
        row.rearm_low_balance();
        let account = row.account.clone();
        let transaction = Transaction {
            id: command.transaction_id,
            org_id: command.org_id.clone(),
            kind: TransactionKind::Grant,
            amount,
            balance_after: balance,
            job_id: None,
            description: command.description,
            created_at: command.now,
        };
        self.transactions.insert(transaction.id.clone(), transaction.clone());
        let jobs_resumed = self.release_held_jobs(&command.org_id, command.now);
        GrantOutcome::Granted { account, transaction, jobs_resumed }
    }

    pub(super) fn set_low_balance_threshold(&mut self, command: &SetLowBalanceThreshold) -> Option<Account> {
        let row = self.organisations.get_mut(&command.org_id)?;
        row.account.low_balance_threshold = command.threshold;
        row.rearm_low_balance();
        Some(row.account.clone())
    }

    /// Takes what a job cost off the balance. The caller has seen that the balance suffices.
    pub(super) fn charge(
        &mut self,
        org_id: &OrgId,
        job_id: &JobId,
        cost: u64,
        ids: &mut IdBlock,
        now: Timestamp,
    ) -> Result<()> {
        if cost == 0 {
            return Ok(());
        }
        let account = &mut self.organisation_mut(org_id)?.account;
        account.balance -= cost;
        account.total_used += cost;
        let transaction = Transaction {
            id: take_id(ids)?,
            org_id: org_id.clone(),
            kind: TransactionKind::Charge,
            amount: -i64::try_from(cost).unwrap_or(i64::MAX),
            balance_after: account.balance,
            job_id: Some(job_id.clone()),
            description: "Document extraction".to_owned(),
            created_at: now,
        };
        self.transactions.insert(transaction.id.clone(), transaction);
        Ok(())
    }

    /// After a charge: publishes that the balance is low, then that it is used up, each once.
    pub(super) fn tell_balance(
        &mut self,
        org_id: &OrgId,
        ids: &mut IdBlock,
        now: Timestamp,
        send_lease: &Lease,
    ) -> Result<Vec<LeasedDelivery>> {
        let mut to_send = Vec::new();
        let (recent_charges_sum, recent_charges_count) = self.recent_charges(org_id);
        let row = self.organisation_mut(org_id)?;
        let (balance, threshold) = (row.account.balance, row.account.low_balance_threshold);
        if balance < threshold && !row.low_told {
            row.low_told = true;
            let total_purchased = row.account.total_purchased;
            let low =
                LowBalance { balance, threshold, total_purchased, recent_charges_sum, recent_charges_count };
            let body = event::low_balance(org_id, low, now);
            let event = credits_event(CoreEvent::CreditsLowBalance, org_id, body, ids, now)?;
            to_send.extend(self.publish(event, send_lease));
        }
        if balance == 0 {
            to_send.extend(self.tell_depleted(org_id, ids, now, send_lease)?);
        }
        Ok(to_send)
    }

    /// The sum and number of the last charges.
    fn recent_charges(&self, org_id: &OrgId) -> (u64, u64) {
        self.transactions
            .values()
            .rev()
            .filter(|row| &row.org_id == org_id && row.kind == TransactionKind::Charge)
            .take(credit::MEAN_COST_JOBS as usize)
            .fold((0, 0), |(sum, count), row| (sum + row.amount.unsigned_abs(), count + 1))
    }

    /// Publishes `credits.depleted`, unless it went out since the last grant.
    pub(super) fn tell_depleted(
        &mut self,
        org_id: &OrgId,
        ids: &mut IdBlock,
        now: Timestamp,
        send_lease: &Lease,
    ) -> Result<Vec<LeasedDelivery>> {
        let row = self.organisation_mut(org_id)?;
        if row.depleted_told {
            return Ok(Vec::new());
        }
        row.depleted_told = true;
        let body = event::depleted(org_id, self.live_jobs_queued(org_id), now);
        let event = credits_event(CoreEvent::CreditsDepleted, org_id, body, ids, now)?;
        Ok(self.publish(event, send_lease))
    }

    fn live_jobs_queued(&self, org_id: &OrgId) -> u64 {
        let queued =
            self.jobs.values().map(|row| &row.job).filter(|job| {
                &job.org_id == org_id && job.mode == Mode::Live && job.status == JobStatus::Queued
            });
        queued.count() as u64
    }

    /// Lets held jobs run again, oldest first, each that what is left of the balance can pay for:
    /// one that needs much does not keep back a later one that needs little.
    pub(super) fn release_held_jobs(&mut self, org_id: &OrgId, now: Timestamp) -> u64 {
        let mut remaining = self.balance(org_id);
        let is_limited = self.plan_limits(org_id).is_some();
        let mut released = 0;
        let held = self.jobs.values_mut().filter(|row| {
            &row.job.org_id == org_id && row.job.mode == Mode::Live && row.job.hold_reason.is_some()
        });
        for row in held.take(HELD_JOBS_EXAMINED_MAX) {
            if row.job.credits_needed <= remaining {
                remaining -= row.job.credits_needed;
                row.job.hold_reason = None;
                row.due_at = now;
                row.waits_for_slot = is_limited;
                released += 1;
            }
        }
        self.give_slots(org_id, now);
        released
    }
}

/// An event about a balance; it is the live side's, because only live jobs cost anything.
fn credits_event(
    core: CoreEvent,
    org_id: &OrgId,
    body: Arc<[u8]>,
    ids: &mut IdBlock,
    now: Timestamp,
) -> Result<Event> {
    Ok(Event {
        id: take_id(ids)?,
        tenant: Tenant { org_id: org_id.clone(), mode: Mode::Live },
        event_type: core.as_str().to_owned(),
        body,
        job_id: None,
        created_at: now,
    })
}
