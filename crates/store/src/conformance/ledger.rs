//! Credits under random interleavings: what a store did with them, against books kept beside it.
//!
//! The commands are those of the [`differential`](super::differential) generator, of which the ones that
//! touch credits are taken: grants, thresholds, jobs that are submitted, retried, leased, deferred,
//! completed, failed, held and erased, plans, log rows that are pruned. In between, the store crashes:
//! it is opened anew, and the leases of its node are given back, as a starting node does.
//!
//! After every command the books must agree: an organisation's balance is the sum of its ledger; each live
//! job that completed is charged once, and nothing else is; `credits.low_balance` and `credits.depleted`
//! were written once per crossing, and never without one. The books know no rule of the store's but those
//! of the contract. A failure names the seed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use docextract_model::credit::TransactionKind;
use docextract_model::event::CoreEvent;
use docextract_model::id::{EventId, JobId, OrgId};
use docextract_model::job::JobStatus;
use docextract_model::tenant::{Mode, Tenant};

use super::differential::command::{Command, Outcome, apply};
use super::differential::generator::Generator;
use crate::Store;
use crate::commands::{EventFilter, FinishJobOutcome, GrantOutcome, JobFilter, PageRequest};

const EVERYTHING: PageRequest = PageRequest { limit: 1_000_000, after: None, offset: 0 };

/// What happened, for a test to see that its sequences reached it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Seen {
    pub charged: usize,
    pub failed: usize,
    pub held: usize,
    pub grants: usize,
    pub told_low: usize,
    pub told_depleted: usize,
    pub crashes: usize,
}

impl Seen {
    pub fn add(&mut self, other: &Self) {
        self.charged += other.charged;
        self.failed += other.failed;
        self.held += other.held;
        self.grants += other.grants;
        self.told_low += other.told_low;
        self.told_depleted += other.told_depleted;
        self.crashes += other.crashes;
    }
}

/// Does a seed's sequence on a store, which `crash` may replace by what is left of it, and checks the books
/// after every command.
pub async fn check<S: Deref<Target = dyn Store>>(
    seed: u64,
    length: usize,
    mut store: S,
    crash: impl AsyncFn(S) -> S,
) -> Seen {
    let mut generator = Generator::new(seed);
    let (mut books, mut done) = (Books::default(), 0);
    while done < length {
        let command = generator.next(&*store).await;
        if let Command::ReleaseNode(..) = command {
            store = crash(store).await;
            books.seen.crashes += 1;
        } else if !touches_credits(&command) {
            continue;
        }
        let shown = format!("seed {seed}, command {done}: {command:?}");
        let outcome = apply(&*store, command).await;
        generator.learn(&outcome);
        books.check(&*store, &outcome, &shown).await;
        done += 1;
    }
    books.seen
}

fn touches_credits(command: &Command) -> bool {
    matches!(
        command,
        Command::CreateOrganisation(_)
            | Command::SetPlan(_)
            | Command::UpdateExtractor(_)
            | Command::SubmitJob(_)
            | Command::RetryJob(_)
            | Command::LeaseJobs(_)
            | Command::FinishJob(_)
            | Command::DeferJob(_)
            | Command::EraseJob(_)
            | Command::GrantCredits(_)
            | Command::SetLowBalanceThreshold(_)
            | Command::CreateWebhook(_)
            | Command::ReleaseNode(..)
            | Command::PruneLog(_)
    )
}

#[derive(Default)]
struct Books {
    accounts: BTreeMap<OrgId, Page>,
    seen: Seen,
}

/// An organisation's page.
#[derive(Default)]
struct Page {
    /// What was granted, less what was charged.
    balance: i128,
    ledger_rows: usize,
    /// What each live job that completed cost.
    completed: BTreeMap<JobId, u64>,
    held: BTreeSet<JobId>,
    told: BTreeSet<EventId>,
    low_told: bool,
    depleted_told: bool,
}

impl Books {
    async fn check(&mut self, store: &dyn Store, outcome: &Outcome, shown: &str) {
        let mut granted_to = None;
        let mut completed = None;
        match outcome {
            Outcome::Granted(GrantOutcome::Granted { transaction, .. }) => {
                self.seen.grants += 1;
                granted_to = Some((transaction.org_id.clone(), transaction.amount));
            }
            Outcome::Finished(FinishJobOutcome::Finished { job, .. }) => match job.status {
                JobStatus::Completed if job.mode == Mode::Live => completed = Some(job.clone()),
                JobStatus::Completed => assert_eq!(job.cost_credits, 0, "{shown}: a test job costs nothing"),
                _ => {
                    self.seen.failed += 1;
                    assert_eq!(job.cost_credits, 0, "{shown}: a failed job costs nothing");
                }
            },
            _ => {}
        }
        for organisation in store.organisations().await.unwrap() {
            let page = self.accounts.entry(organisation.id.clone()).or_default();
            let granted = granted_to.as_ref().filter(|(org_id, _)| *org_id == organisation.id);
            let charged = completed.as_ref().filter(|job| job.org_id == organisation.id);
            if let Some((_, amount)) = granted {
                page.balance += i128::from(*amount);
                page.depleted_told = false;
            }
            if let Some(job) = charged {
                self.seen.charged += 1;
                page.balance -= i128::from(job.cost_credits);
                let before = page.completed.insert(job.id.clone(), job.cost_credits);
                assert_eq!(before, None, "{shown}: {} completed twice", job.id);
            }
            page.check_ledger(store, &organisation.id, shown).await;
            page.check_told(store, &organisation.id, charged.is_some(), &mut self.seen, shown).await;
        }
    }
}

impl Page {
    async fn check_ledger(&mut self, store: &dyn Store, org_id: &OrgId, shown: &str) {
        let account = store.account(org_id).await.unwrap().unwrap();
        let ledger = store.transactions(org_id, EVERYTHING).await.unwrap().items;
        let sum: i128 = ledger.iter().map(|row| i128::from(row.amount)).sum();
        assert!(self.balance >= 0, "{shown}: the balance fell below zero");
        assert_eq!(i128::from(account.balance), self.balance, "{shown}: the balance");
        assert_eq!(sum, self.balance, "{shown}: the ledger's sum");
        assert!(ledger.len() >= self.ledger_rows, "{shown}: the ledger lost rows");
        self.ledger_rows = ledger.len();
        let mut charged = BTreeMap::new();
        for row in ledger.iter().filter(|row| row.kind == TransactionKind::Charge) {
            let job_id = row.job_id.clone().unwrap();
            let before = charged.insert(job_id, row.amount.unsigned_abs());
            assert_eq!(before, None, "{shown}: {:?} was charged twice", row.job_id);
        }
        assert_eq!(charged, self.completed, "{shown}: what was charged, and what completed");
    }

    async fn check_told(
        &mut self,
        store: &dyn Store,
        org_id: &OrgId,
        is_charged: bool,
        seen: &mut Seen,
        shown: &str,
    ) {
        let tenant = Tenant { org_id: org_id.clone(), mode: Mode::Live };
        let account = store.account(org_id).await.unwrap().unwrap();
        let is_low = account.balance < account.low_balance_threshold;
        let newly_held = self.newly_held(store, &tenant).await;
        seen.held += newly_held;
        let low = self.newly_told(store, &tenant, CoreEvent::CreditsLowBalance).await;
        let crossed = is_charged && is_low && !self.low_told;
        assert_eq!(low, usize::from(crossed), "{shown}: credits.low_balance");
        self.low_told = (self.low_told || crossed) && is_low;
        let depleted = self.newly_told(store, &tenant, CoreEvent::CreditsDepleted).await;
        let is_depleted = newly_held > 0 || is_charged && account.balance == 0;
        assert_eq!(depleted, usize::from(is_depleted && !self.depleted_told), "{shown}: credits.depleted");
        self.depleted_told |= is_depleted;
        seen.told_low += low;
        seen.told_depleted += depleted;
    }

    /// Jobs that wait for credits and did not before.
    async fn newly_held(&mut self, store: &dyn Store, tenant: &Tenant) -> usize {
        let filter = JobFilter { status: Some(JobStatus::Queued), ..JobFilter::default() };
        let queued = store.jobs(tenant, filter, EVERYTHING).await.unwrap().items;
        let held: BTreeSet<JobId> =
            queued.into_iter().filter(|job| job.hold_reason.is_some()).map(|job| job.id).collect();
        let newly = held.difference(&self.held).count();
        self.held = held;
        newly
    }

    async fn newly_told(&mut self, store: &dyn Store, tenant: &Tenant, event: CoreEvent) -> usize {
        let filter = EventFilter { event_type: Some(event.as_str().to_owned()), ..EventFilter::default() };
        let events = store.events(tenant, filter, EVERYTHING).await.unwrap().items;
        events.into_iter().filter(|event| self.told.insert(event.id.clone())).count()
    }
}
