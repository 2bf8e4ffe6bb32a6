//! The reference model: the contract in plain maps, small enough to be read as its definition.
//!
//! It is the oracle that the differential test compares the adapters with, and the fake that other
//! crates test against. Everything stands in one `Tables` behind a mutex, so a use case is one
//! transaction by holding the lock; it checks what it can refuse before it writes. It favours
//! clearness over speed: claims and holds look at every row. It keeps nothing across a restart, so
//! its [`check_writable`](Store::check_writable) proves nothing.

mod acts;
mod credits;
mod deliveries;
mod erasure;
mod jobs;
mod lessons;
mod owners;
mod people;
mod plans;
mod replays;
mod requests;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use docextract_model::audit::AuditEntry;
use docextract_model::credit::{Account, Transaction};
use docextract_model::delivery::{Attempt, Delivery};
use docextract_model::event::Event;
use docextract_model::extractor::FieldDefinition;
use docextract_model::id::{
    AuditId, DeliveryId, EventId, ExtractorId, Id, IdBlock, InvitationId, JobId, KeyId, OrgId, ReplayId,
    SessionId, TransactionId, UserId, WebhookId,
};
use docextract_model::job::Job;
use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::member::{
    Invitation, LiveSession, Member, Membership, Role, Session, SignInWindow, User,
};
use docextract_model::plan::TakenRequest;
use docextract_model::replay::Replay;
use docextract_model::stats::AttemptCount;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::token::TokenHash;
use docextract_model::webhook::Webhook;

use crate::acts::{Act, ActOutcome};
use crate::commands::{
    BeginRequest, BeginRequestOutcome, ClaimDeliveries, CorrectJob, CorrectJobOutcome, CountedHours,
    CreateExtractor, CreateKey, CreateKeyOutcome, CreateOrganisation, CreateReplayOutcome,
    CreateWebhookOutcome, DeferJob, DeleteOutcome, DeliveryFilter, EndRequest, EraseJob, EraseJobOutcome,
    EventFilter, Extractor, ExtractorRef, FencedOutcome, FinishJob, FinishJobOutcome, GrantCredits,
    GrantOutcome, JobFilter, LearntLesson, LeaseJobs, LeasedDelivery, LeasedJobs, NoteFile, Organisation,
    Page, PageRequest, PruneLog, PrunedLog, PublishEvent, RecordAttempts, RecordTest, RecordedAttempts,
    ReplayDelivery, ReplayOutcome, RetryJob, RetryJobOutcome, RevokeKey, RotateSecret,
    SetLowBalanceThreshold, SetPlan, StepReplay, SubmitJob, SubmitJobOutcome, UpdateExtractor, UpdateWebhook,
};
use crate::people::{
    AuditFilter, LinkIdentity, PruneAccounts, SignInGate, SignInSubjects, SwitchSession, UserRef,
};
use crate::{NextDue, Result, Store, StoreError};

use self::credits::OrganisationRow;
use self::deliveries::DeliveryRow;
use self::jobs::JobRow;
use self::lessons::LessonRow;
use self::owners::ExtractorRow;
use self::requests::RequestRow;
use self::webhooks::WebhookRow;

/// The contract in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

impl MemoryStore {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every row, by its id. Ids grow with time, so the order of a map is the order of creation.
#[derive(Debug, Default)]
struct Tables {
    organisations: BTreeMap<OrgId, OrganisationRow>,
    keys: BTreeMap<KeyId, (ApiKey, KeyHash)>,
    extractors: BTreeMap<ExtractorId, ExtractorRow>,
    jobs: BTreeMap<JobId, JobRow>,
    /// Documents that came with their jobs.
    small_documents: BTreeMap<JobId, Vec<u8>>,
    /// Of which the files are still to be removed.
    erased_blobs: BTreeSet<JobId>,
    /// By the job that was corrected.
    lessons: BTreeMap<JobId, LessonRow>,
    transactions: BTreeMap<TransactionId, Transaction>,
    webhooks: BTreeMap<WebhookId, WebhookRow>,
    events: BTreeMap<EventId, Event>,
    deliveries: BTreeMap<DeliveryId, DeliveryRow>,
    replays: BTreeMap<ReplayId, Replay>,
    /// By tenant and key.
    requests: BTreeMap<(Tenant, String), RequestRow>,
    /// Attempts by the hour, how they ended ('' for success) and the class of their response time.
    attempt_counts: BTreeMap<(Timestamp, WebhookId, &'static str, u32), u64>,
    users: BTreeMap<UserId, User>,
    members: BTreeMap<(OrgId, UserId), (Role, Timestamp)>,
    invitations: BTreeMap<InvitationId, (Invitation, TokenHash)>,
    sessions: BTreeMap<SessionId, (Session, TokenHash)>,
    /// Tries to sign in, by their subject.
    sign_in_windows: BTreeMap<String, SignInWindow>,
    audit_log: BTreeMap<AuditId, AuditEntry>,
}

/// Cuts a page out of rows that come newest first.
fn page<'a, T: Clone + 'a>(
    newest_first: impl Iterator<Item = &'a T>,
    id: impl Fn(&T) -> &str,
    request: &PageRequest,
) -> Page<T> {
    let mut rows = newest_first
        .filter(|row| request.after.as_deref().is_none_or(|after| id(row) < after))
        .skip(request.offset as usize);
    let items = rows.by_ref().take(request.limit as usize).cloned().collect();
    Page { items, has_more: rows.next().is_some() }
}

/// Whether an instant is in `[after, before)`, where a missing end is open.
fn within(instant: Timestamp, after: Option<Timestamp>, before: Option<Timestamp>) -> bool {
    after.is_none_or(|after| after <= instant) && before.is_none_or(|before| instant < before)
}

/// Refuses a command that carries fewer ids than its use case may need, before anything is written.
fn require_ids(ids: &IdBlock, needed: u32) -> Result<()> {
    if ids.left() < needed {
        return Err(StoreError::Refused(format!("the command has {} ids of {needed}", ids.left())));
    }
    Ok(())
}

fn take_id<I: Id>(ids: &mut IdBlock) -> Result<I> {
    ids.take().ok_or_else(|| StoreError::Refused("the command has no ids left".to_owned()))
}

fn missing(what: &str) -> StoreError {
    StoreError::Refused(format!("there is no such {what}"))
}

#[async_trait]
impl Store for MemoryStore {
    async fn create_organisation(&self, command: CreateOrganisation) -> Result<()> {
        self.lock().create_organisation(command);
        Ok(())
    }

    async fn organisations(&self) -> Result<Vec<Organisation>> {
        Ok(self.lock().organisations())
    }

    async fn organisation(&self, org_id: &OrgId) -> Result<Option<Organisation>> {
        Ok(self.lock().organisations.get(org_id).map(|row| row.organisation.clone()))
    }

    async fn set_plan(&self, command: SetPlan) -> Result<Option<Organisation>> {
        Ok(self.lock().set_plan(&command))
    }

    async fn take_request(&self, org_id: &OrgId, now: Timestamp) -> Result<TakenRequest> {
        self.lock().take_request(org_id, now)
    }

    async fn create_key(&self, command: CreateKey) -> Result<CreateKeyOutcome> {
        Ok(self.lock().create_key(command))
    }

    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<ApiKey>> {
        Ok(self.lock().key_by_hash(hash))
    }

    async fn keys(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<ApiKey>> {
        Ok(self.lock().keys(org_id, &page))
    }

    async fn touch_keys(&self, used: Vec<(KeyId, Timestamp)>) -> Result<()> {
        self.lock().touch_keys(used);
        Ok(())
    }

    async fn revoke_key(&self, command: RevokeKey) -> Result<Option<ApiKey>> {
        Ok(self.lock().revoke_key(&command))
    }

    async fn act(&self, act: Act, entry: AuditEntry) -> Result<ActOutcome> {
        self.lock().act(act, entry)
    }

    async fn record_audit(&self, entries: Vec<AuditEntry>) -> Result<()> {
        self.lock().record_audit(entries);
        Ok(())
    }

    async fn audit_log(
        &self,
        org_id: &OrgId,
        filter: AuditFilter,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>> {
        Ok(self.lock().audit_log(org_id, &filter, &page))
    }

    async fn user(&self, which: &UserRef) -> Result<Option<User>> {
        Ok(self.lock().user(which).cloned())
    }

    async fn link_identity(&self, command: LinkIdentity) -> Result<bool> {
        Ok(self.lock().link_identity(command))
    }

    async fn memberships(&self, user_id: &UserId) -> Result<Vec<Membership>> {
        Ok(self.lock().memberships(user_id))
    }

    async fn members(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Member>> {
        Ok(self.lock().members_of(org_id, &page))
    }

    async fn member(&self, org_id: &OrgId, user_id: &UserId) -> Result<Option<Member>> {
        Ok(self.lock().member(org_id, user_id))
    }

    async fn has_owner(&self, org_id: &OrgId) -> Result<bool> {
        Ok(self.lock().has_owner(org_id))
    }

    async fn invitations(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Invitation>> {
        Ok(self.lock().invitations_of(org_id, &page))
    }

    async fn invitation_by_hash(&self, hash: &TokenHash) -> Result<Option<Invitation>> {
        Ok(self.lock().invitation_by_hash(hash))
    }

    async fn session_by_hash(&self, hash: &TokenHash) -> Result<Option<LiveSession>> {
        Ok(self.lock().session_by_hash(hash))
    }

    async fn sessions(&self, user_id: &UserId, page: PageRequest) -> Result<Page<Session>> {
        Ok(self.lock().sessions_of(user_id, &page))
    }

    async fn touch_sessions(&self, used: Vec<(SessionId, Timestamp)>) -> Result<()> {
        self.lock().touch_sessions(used);
        Ok(())
    }

    async fn switch_session(&self, command: SwitchSession) -> Result<Option<LiveSession>> {
        Ok(self.lock().switch_session(&command))
    }

    async fn begin_sign_in(&self, subjects: &SignInSubjects, now: Timestamp) -> Result<SignInGate> {
        Ok(self.lock().begin_sign_in(subjects, now))
    }

    async fn prune_accounts(&self, command: PruneAccounts) -> Result<u64> {
        Ok(self.lock().prune_accounts(&command))
    }

    async fn begin_request(&self, command: BeginRequest) -> Result<BeginRequestOutcome> {
        Ok(self.lock().begin_request(command))
    }

    async fn end_request(&self, command: EndRequest) -> Result<FencedOutcome> {
        Ok(self.lock().end_request(command))
    }

    async fn prune_requests(&self, before: Timestamp, limit: u32) -> Result<u64> {
        Ok(self.lock().prune_requests(before, limit))
    }

    async fn create_extractor(&self, command: CreateExtractor) -> Result<Extractor> {
        self.lock().create_extractor(command)
    }

    async fn extractor(&self, tenant: &Tenant, which: &ExtractorRef) -> Result<Option<Extractor>> {
        Ok(self.lock().extractor(tenant, which).cloned())
    }

    async fn extractors(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Extractor>> {
        Ok(self.lock().extractors(tenant, &page))
    }

    async fn update_extractor(&self, command: UpdateExtractor) -> Result<Option<Extractor>> {
        Ok(self.lock().update_extractor(command))
    }

    async fn delete_extractor(&self, tenant: &Tenant, id: &ExtractorId) -> Result<DeleteOutcome> {
        Ok(self.lock().delete_extractor(tenant, id))
    }

    async fn submit_job(&self, command: SubmitJob) -> Result<SubmitJobOutcome> {
        self.lock().submit_job(command)
    }

    async fn retry_job(&self, command: RetryJob) -> Result<RetryJobOutcome> {
        self.lock().retry_job(command)
    }

    async fn job(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Job>> {
        Ok(self.lock().job(tenant, id).cloned())
    }

    async fn jobs(&self, tenant: &Tenant, filter: JobFilter, page: PageRequest) -> Result<Page<Job>> {
        Ok(self.lock().jobs(tenant, &filter, &page))
    }

    async fn lease_jobs(&self, command: LeaseJobs) -> Result<LeasedJobs> {
        self.lock().lease_jobs(command)
    }

    async fn finish_job(&self, command: FinishJob) -> Result<FinishJobOutcome> {
        self.lock().finish_job(command)
    }

    async fn note_file(&self, command: NoteFile) -> Result<FencedOutcome> {
        Ok(self.lock().note_file(&command))
    }

    async fn defer_job(&self, command: DeferJob) -> Result<FencedOutcome> {
        Ok(self.lock().defer_job(&command))
    }

    async fn small_document(&self, blob_id: &JobId) -> Result<Option<Vec<u8>>> {
        Ok(self.lock().small_documents.get(blob_id).cloned())
    }

    async fn job_fields(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Vec<FieldDefinition>>> {
        self.lock().job_fields(tenant, id)
    }

    async fn correct_job(&self, command: CorrectJob) -> Result<CorrectJobOutcome> {
        self.lock().correct_job(command)
    }

    async fn lessons(&self, tenant: &Tenant, extractor_id: &ExtractorId) -> Result<Vec<LearntLesson>> {
        Ok(self.lock().lessons_of(tenant, extractor_id))
    }

    async fn erase_job(&self, command: EraseJob) -> Result<EraseJobOutcome> {
        Ok(self.lock().erase_job(&command))
    }

    async fn erased_blobs(&self, limit: u32) -> Result<Vec<JobId>> {
        Ok(self.lock().erased_blobs.iter().take(limit as usize).cloned().collect())
    }

    async fn unowned_blobs(&self, blob_ids: Vec<JobId>) -> Result<Vec<JobId>> {
        let tables = self.lock();
        let is_owned = |id: &JobId| tables.jobs.values().any(|row| &row.job.blob_id == id);
        Ok(blob_ids.into_iter().filter(|id| !is_owned(id)).collect())
    }

    async fn forget_blob(&self, blob_id: &JobId) -> Result<()> {
        self.lock().erased_blobs.remove(blob_id);
        Ok(())
    }

    async fn account(&self, org_id: &OrgId) -> Result<Option<Account>> {
        Ok(self.lock().account(org_id))
    }

    async fn grant_credits(&self, command: GrantCredits) -> Result<GrantOutcome> {
        Ok(self.lock().grant_credits(command))
    }

    async fn transaction(&self, org_id: &OrgId, id: &TransactionId) -> Result<Option<Transaction>> {
        Ok(self.lock().transactions.get(id).filter(|row| &row.org_id == org_id).cloned())
    }

    async fn set_low_balance_threshold(&self, command: SetLowBalanceThreshold) -> Result<Option<Account>> {
        Ok(self.lock().set_low_balance_threshold(&command))
    }

    async fn transactions(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Transaction>> {
        Ok(self.lock().transactions(org_id, &page))
    }

    async fn create_webhook(&self, webhook: Webhook) -> Result<CreateWebhookOutcome> {
        self.lock().create_webhook(webhook)
    }

    async fn webhook(&self, tenant: &Tenant, id: &WebhookId) -> Result<Option<Webhook>> {
        Ok(self.lock().webhook_mut(tenant, id).map(|webhook| webhook.clone()))
    }

    async fn webhook_by_url(&self, tenant: &Tenant, url: &str) -> Result<Option<Webhook>> {
        Ok(self.lock().webhook_by_url(tenant, url))
    }

    async fn webhooks(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Webhook>> {
        Ok(self.lock().webhooks(tenant, &page))
    }

    async fn update_webhook(&self, command: UpdateWebhook) -> Result<Option<Webhook>> {
        Ok(self.lock().update_webhook(command))
    }

    async fn rotate_secret(&self, command: RotateSecret) -> Result<Option<Webhook>> {
        Ok(self.lock().rotate_secret(command))
    }

    async fn delete_webhook(&self, tenant: &Tenant, id: &WebhookId, now: Timestamp) -> Result<DeleteOutcome> {
        Ok(self.lock().delete_webhook(tenant, id, now))
    }

    async fn publish_event(&self, command: PublishEvent) -> Result<Vec<LeasedDelivery>> {
        Ok(self.lock().publish(command.event, &command.send_lease))
    }

    async fn event(&self, tenant: &Tenant, id: &EventId) -> Result<Option<Event>> {
        Ok(self.lock().event(tenant, id))
    }

    async fn events(&self, tenant: &Tenant, filter: EventFilter, page: PageRequest) -> Result<Page<Event>> {
        Ok(self.lock().events(tenant, &filter, &page))
    }

    async fn delivery(&self, tenant: &Tenant, id: &DeliveryId) -> Result<Option<(Delivery, Vec<Attempt>)>> {
        Ok(self.lock().delivery(tenant, id).map(|row| (row.delivery.clone(), row.attempts.clone())))
    }

    async fn deliveries(
        &self,
        tenant: &Tenant,
        filter: DeliveryFilter,
        page: PageRequest,
    ) -> Result<Page<Delivery>> {
        Ok(self.lock().deliveries(tenant, &filter, &page))
    }

    async fn claim_deliveries(&self, command: ClaimDeliveries) -> Result<Vec<LeasedDelivery>> {
        self.lock().claim_deliveries(&command)
    }

    async fn release_deliveries(&self, leases: Vec<(DeliveryId, String)>) -> Result<()> {
        self.lock().release_deliveries(&leases);
        Ok(())
    }

    async fn record_attempts(&self, command: RecordAttempts) -> Result<RecordedAttempts> {
        self.lock().record_attempts(command)
    }

    async fn attempt_counts(&self, hours: CountedHours) -> Result<Option<Vec<AttemptCount>>> {
        Ok(self.lock().attempt_counts(&hours))
    }

    async fn record_test(&self, command: RecordTest) -> Result<()> {
        self.lock().record_test(command);
        Ok(())
    }

    async fn replay_delivery(&self, command: ReplayDelivery) -> Result<ReplayOutcome> {
        self.lock().replay_delivery(command)
    }

    async fn create_replay(&self, replay: Replay) -> Result<CreateReplayOutcome> {
        Ok(self.lock().create_replay(replay))
    }

    async fn replay(&self, tenant: &Tenant, id: &ReplayId) -> Result<Option<Replay>> {
        Ok(self.lock().replay(tenant, id))
    }

    async fn cancel_replay(&self, tenant: &Tenant, id: &ReplayId, now: Timestamp) -> Result<Option<Replay>> {
        Ok(self.lock().cancel_replay(tenant, id, now))
    }

    async fn step_skips(&self) -> Result<bool> {
        // Nothing was left over.
        Ok(false)
    }

    async fn step_replay(&self, command: StepReplay) -> Result<Option<Replay>> {
        self.lock().step_replay(command)
    }

    async fn release_node(&self, node: &str, now: Timestamp) -> Result<(u64, u64)> {
        let mut tables = self.lock();
        tables.release_requests_of_node(node);
        Ok((tables.release_jobs_of_node(node, now), tables.release_deliveries_of_node(node)))
    }

    async fn prune_log(&self, command: PruneLog) -> Result<PrunedLog> {
        Ok(self.lock().prune_log(&command))
    }

    async fn next_due_at(&self) -> Result<NextDue> {
        let tables = self.lock();
        Ok(NextDue {
            job: tables.next_job_due_at(false),
            fetch: tables.next_job_due_at(true),
            delivery: tables.next_delivery_due_at(),
        })
    }

    async fn check_writable(&self) -> Result<()> {
        Ok(())
    }
}
