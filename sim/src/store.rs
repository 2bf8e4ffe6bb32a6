//! The store as a node sees it: late, now and then away, and watched.
//!
//! Behind it is a real store. A call waits a little, may be refused, is carried out at one instant of
//! the simulation (the only thread blocks for the answer, so an adapter with threads of its own stays
//! in step), is told to the book, waits again, and may lose its answer. A node that dies while it
//! waits dies before or after the commit. The simulation's own looks at the store go past all this.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use docextract_model::audit::AuditEntry;
use docextract_model::credit::{Account, Transaction};
use docextract_model::delivery::{Attempt, Delivery, DeliveryStatus, Trigger};
use docextract_model::event::Event;
use docextract_model::extractor::FieldDefinition;
use docextract_model::id::{
    DeliveryId, EventId, ExtractorId, JobId, KeyId, OrgId, ReplayId, SessionId, TransactionId, UserId,
    WebhookId,
};
use docextract_model::job::Job;
use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::member::{Invitation, LiveSession, Member, Membership, Session, User};
use docextract_model::plan::TakenRequest;
use docextract_model::replay::Replay;
use docextract_model::stats::AttemptCount;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::token::TokenHash;
use docextract_model::webhook::{Webhook, WebhookStatus};
use docextract_store::acts::{Act, ActOutcome};
use docextract_store::commands::{
    AfterAttempt, BeginRequest, BeginRequestOutcome, ClaimDeliveries, CorrectJob, CorrectJobOutcome,
    CountedHours, CreateExtractor, CreateKey, CreateKeyOutcome, CreateOrganisation, CreateReplayOutcome,
    CreateWebhookOutcome, DeferJob, DeleteOutcome, DeliveryFilter, EndRequest, EraseJob, EraseJobOutcome,
    EventFilter, Extractor, ExtractorRef, FencedOutcome, FinishJob, FinishJobOutcome, GrantCredits,
    GrantOutcome, JobFilter, LearntLesson, Lease, LeaseJobs, LeasedDelivery, LeasedJobs, NoteFile,
    Organisation, Page, PageRequest, PruneLog, PrunedLog, PublishEvent, RecordAttempts, RecordTest,
    RecordedAttempts, ReplayDelivery, ReplayOutcome, RetryJob, RetryJobOutcome, RevokeKey, RotateSecret,
    SetLowBalanceThreshold, SetPlan, StepReplay, SubmitJob, SubmitJobOutcome, UpdateExtractor, UpdateWebhook,
};
use docextract_store::people::{
    AuditFilter, LinkIdentity, PruneAccounts, SignInGate, SignInSubjects, SwitchSession, UserRef,
};
use docextract_store::{NextDue, Result, Store, StoreError};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::book::LeaseNote;
use crate::life::Life;
use crate::receiver::Receiver;
use crate::world::{World, sleep_ms};

/// Blocks this thread until the store has answered: nothing else happens meanwhile.
pub fn at_once<T>(call: impl Future<Output = T>) -> T {
    futures_executor::block_on(tokio::task::unconstrained(call))
}

pub struct NodeStore {
    pub inner: Arc<dyn Store>,
    pub world: Arc<World>,
    pub life: Arc<Life>,
    pub node: String,
    pub skew_ms: i64,
    pub receivers: Arc<Vec<Arc<Receiver>>>,
    pub tenants: Arc<Vec<Tenant>>,
    pub rng: Mutex<StdRng>,
}

/// How one call will go.
struct Way {
    wait_before_ms: u64,
    is_refused: bool,
    wait_after_ms: u64,
    is_answer_lost: bool,
}

impl NodeStore {
    fn way(&self) -> Way {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = || if rng.random_bool(0.3) { rng.random_range(1..6) } else { 0 };
        let (wait_before_ms, wait_after_ms) = (wait(), wait());
        let spell = self.world.faults().store;
        let (is_refused, is_answer_lost) = spell.map_or((false, false), |spell| {
            let refused = rng.random_range(0..100) < spell.refused_percent;
            (refused, !refused && rng.random_range(0..100) < spell.answer_lost_percent)
        });
        Way { wait_before_ms, is_refused, wait_after_ms, is_answer_lost }
    }

    /// One call. `noted` tells the book of what was committed, in the same instant.
    async fn call<T>(
        &self,
        what: &str,
        call: impl Future<Output = Result<T>> + Send,
        noted: impl FnOnce(&T) -> Option<String> + Send,
    ) -> Result<T> {
        let way = self.way();
        if way.wait_before_ms > 0 {
            sleep_ms(way.wait_before_ms).await;
        }
        if way.is_refused {
            self.world.book().tally.store_errors += 1;
            return Err(StoreError::Unavailable("simulated: refused".to_owned()));
        }
        let answer = at_once(call);
        match &answer {
            Ok(answered) => {
                if let Some(said) = noted(answered) {
                    self.world.say(format_args!("{} {what}: {said}", self.life.name));
                }
            }
            Err(error) => self.world.say(format_args!("{} {what} failed: {error}", self.life.name)),
        }
        if way.wait_after_ms > 0 {
            sleep_ms(way.wait_after_ms).await;
        } else {
            tokio::task::yield_now().await;
        }
        if way.is_answer_lost {
            self.world.book().tally.store_errors += 1;
            self.world.say(format_args!("{} {what}: the answer was lost", self.life.name));
            return Err(StoreError::Unavailable("simulated: the answer was lost".to_owned()));
        }
        answer
    }

    fn lease_note(&self, lease: &Lease) -> LeaseNote {
        LeaseNote::of(lease, &self.life.name, self.skew_ms)
    }

    /// Tells the book of events that a use case wrote by itself.
    fn note_new_events(&self, to_send: &[LeasedDelivery], lease: &Lease) {
        for tenant in self.tenants.iter() {
            let newest = self.inner.events(tenant, EventFilter::default(), PageRequest::first(100));
            let Ok(newest) = at_once(newest) else { continue };
            for event in newest.items.into_iter().rev() {
                self.note_event(event, to_send, lease);
            }
        }
    }

    fn note_event(&self, event: Event, to_send: &[LeasedDelivery], lease: &Lease) {
        let now_ms = self.world.ms();
        let mut book = self.world.book();
        if !book.events.contains_key(&event.id) {
            let lease = self.lease_note(lease);
            book.event_committed(event, to_send, &lease, now_ms);
        }
    }

    /// Where a URL of a simulated webhook points.
    fn receiver_of(&self, url: &str) -> usize {
        let found = self.receivers.iter().find(|receiver| url.contains(&format!("//{}/", receiver.name)));
        found.map_or(usize::MAX, |receiver| receiver.index)
    }

    fn note_webhook(&self, webhook: &Webhook) {
        let receiver = self.receiver_of(&webhook.url);
        self.world.book().webhook_written(webhook.clone(), receiver, self.world.ms());
    }

    fn note_job_end(&self, job: &Job) {
        let mut book = self.world.book();
        let note = book.jobs.entry(job.id.clone()).or_default();
        let ended_before = note.ended.replace(job.clone()).is_some();
        if ended_before {
            book.complain(format!("{} ended twice", job.id));
        }
    }

    fn note_recorded(&self, command: &RecordAttempts, recorded: &RecordedAttempts) {
        for (record, outcome) in command.attempts.iter().zip(&recorded.outcomes) {
            let webhook = {
                let mut book = self.world.book();
                book.recorded(record, *outcome, self.world.ms());
                book.deliveries
                    .get(&record.delivery_id)
                    .map(|note| (note.tenant.clone(), note.webhook_id.clone()))
            };
            let Some((tenant, webhook_id)) = webhook else { continue };
            if record.after != AfterAttempt::Delivered
                && let Ok(Some(webhook)) = at_once(self.inner.webhook(&tenant, &webhook_id))
            {
                let (mut book, now_ms) = (self.world.book(), self.world.ms());
                match webhook.status {
                    WebhookStatus::Disabled => {
                        book.disabled_by_endpoint(webhook, record.after == AfterAttempt::Gone, now_ms);
                    }
                    WebhookStatus::Enabled => book.still_enabled(&webhook.id, now_ms),
                }
            }
        }
    }

    /// Finds the deliveries that a step of a replay made.
    fn note_replayed(&self, replay: &Replay) {
        let filter =
            DeliveryFilter { webhook_id: Some(replay.webhook_id.clone()), ..DeliveryFilter::default() };
        let mut after = None;
        loop {
            let page = PageRequest { limit: 100, after, offset: 0 };
            let Ok(page) = at_once(self.inner.deliveries(&replay.tenant, filter.clone(), page)) else {
                return;
            };
            for delivery in &page.items {
                self.note_replay_delivery(replay, delivery);
            }
            after = page.items.last().map(|delivery| delivery.id.to_string());
            if !page.has_more {
                return;
            }
        }
    }

    fn note_replay_delivery(&self, replay: &Replay, delivery: &Delivery) {
        let mut book = self.world.book();
        if book.deliveries.contains_key(&delivery.id) {
            return;
        }
        let is_first = book.replays.entry(replay.id.clone()).or_default().insert(delivery.event_id.clone());
        if !is_first {
            book.complain(format!("{} made a second delivery of {}", replay.id, delivery.event_id));
        }
        if delivery.trigger != Trigger::Replay || delivery.status != DeliveryStatus::Pending {
            book.complain(format!("{} made {} as {:?}", replay.id, delivery.id, delivery.status));
        }
        let Some(event) = book.events.get(&delivery.event_id).map(|note| note.event.clone()) else { return };
        let (id, at) = (delivery.id.clone(), delivery.created_at);
        book.add_delivery(
            id,
            &event,
            replay.webhook_id.clone(),
            Trigger::Replay,
            DeliveryStatus::Pending,
            None,
            at,
        );
    }

    /// Nothing that has not ended may be pruned.
    fn check_pruned(&self) {
        let pending: Vec<(Tenant, DeliveryId)> = {
            let book = self.world.book();
            let pending = book.deliveries.iter().filter(|(_, note)| note.status == DeliveryStatus::Pending);
            pending.map(|(id, note)| (note.tenant.clone(), id.clone())).collect()
        };
        for (tenant, id) in pending {
            if matches!(at_once(self.inner.delivery(&tenant, &id)), Ok(None)) {
                self.world.violated(format_args!("{id} was pruned while it was pending"));
            }
        }
    }
}

fn ids_of(deliveries: &[LeasedDelivery]) -> String {
    let ids: Vec<String> =
        deliveries.iter().map(|leased| format!("{}/{}", leased.id, leased.attempt_number)).collect();
    ids.join(" ")
}

#[async_trait]
impl Store for NodeStore {
    // ---- what the book has no part in ----

    async fn create_organisation(&self, command: CreateOrganisation) -> Result<()> {
        self.call("create_organisation", self.inner.create_organisation(command), |_| None).await
    }

    async fn create_key(&self, command: CreateKey) -> Result<CreateKeyOutcome> {
        self.call("create_key", self.inner.create_key(command), |_| None).await
    }

    async fn keys(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<ApiKey>> {
        self.call("keys", self.inner.keys(org_id, page), |_| None).await
    }

    async fn touch_keys(&self, used: Vec<(KeyId, Timestamp)>) -> Result<()> {
        self.call("touch_keys", self.inner.touch_keys(used), |_| None).await
    }

    async fn act(&self, act: Act, entry: AuditEntry) -> Result<ActOutcome> {
        self.call("act", self.inner.act(act, entry), |_| None).await
    }

    async fn record_audit(&self, entries: Vec<AuditEntry>) -> Result<()> {
        self.call("record_audit", self.inner.record_audit(entries), |_| None).await
    }

    async fn audit_log(
        &self,
        org_id: &OrgId,
        filter: AuditFilter,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>> {
        self.call("audit_log", self.inner.audit_log(org_id, filter, page), |_| None).await
    }

    async fn user(&self, which: &UserRef) -> Result<Option<User>> {
        self.call("user", self.inner.user(which), |_| None).await
    }

    async fn link_identity(&self, command: LinkIdentity) -> Result<bool> {
        self.call("link_identity", self.inner.link_identity(command), |_| None).await
    }

    async fn memberships(&self, user_id: &UserId) -> Result<Vec<Membership>> {
        self.call("memberships", self.inner.memberships(user_id), |_| None).await
    }

    async fn members(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Member>> {
        self.call("members", self.inner.members(org_id, page), |_| None).await
    }

    async fn member(&self, org_id: &OrgId, user_id: &UserId) -> Result<Option<Member>> {
        self.call("member", self.inner.member(org_id, user_id), |_| None).await
    }

    async fn has_owner(&self, org_id: &OrgId) -> Result<bool> {
        self.call("has_owner", self.inner.has_owner(org_id), |_| None).await
    }

    async fn invitations(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Invitation>> {
        self.call("invitations", self.inner.invitations(org_id, page), |_| None).await
    }

    async fn invitation_by_hash(&self, hash: &TokenHash) -> Result<Option<Invitation>> {
        self.call("invitation_by_hash", self.inner.invitation_by_hash(hash), |_| None).await
    }

    async fn session_by_hash(&self, hash: &TokenHash) -> Result<Option<LiveSession>> {
        self.call("session_by_hash", self.inner.session_by_hash(hash), |_| None).await
    }

    async fn sessions(&self, user_id: &UserId, page: PageRequest) -> Result<Page<Session>> {
        self.call("sessions", self.inner.sessions(user_id, page), |_| None).await
    }

    async fn touch_sessions(&self, used: Vec<(SessionId, Timestamp)>) -> Result<()> {
        self.call("touch_sessions", self.inner.touch_sessions(used), |_| None).await
    }

    async fn switch_session(&self, command: SwitchSession) -> Result<Option<LiveSession>> {
        self.call("switch_session", self.inner.switch_session(command), |_| None).await
    }

    async fn begin_sign_in(&self, subjects: &SignInSubjects, now: Timestamp) -> Result<SignInGate> {
        self.call("begin_sign_in", self.inner.begin_sign_in(subjects, now), |_| None).await
    }

    async fn prune_accounts(&self, command: PruneAccounts) -> Result<u64> {
        self.call("prune_accounts", self.inner.prune_accounts(command), |_| None).await
    }

    async fn revoke_key(&self, command: RevokeKey) -> Result<Option<ApiKey>> {
        self.call("revoke_key", self.inner.revoke_key(command), |_| None).await
    }

    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<ApiKey>> {
        self.call("key_by_hash", self.inner.key_by_hash(hash), |_| None).await
    }

    async fn organisations(&self) -> Result<Vec<Organisation>> {
        self.call("organisations", self.inner.organisations(), |_| None).await
    }

    async fn organisation(&self, org_id: &OrgId) -> Result<Option<Organisation>> {
        self.call("organisation", self.inner.organisation(org_id), |_| None).await
    }

    async fn set_plan(&self, command: SetPlan) -> Result<Option<Organisation>> {
        self.call("set_plan", self.inner.set_plan(command), |_| None).await
    }

    async fn take_request(&self, org_id: &OrgId, now: Timestamp) -> Result<TakenRequest> {
        self.call("take_request", self.inner.take_request(org_id, now), |_| None).await
    }

    async fn transaction(&self, org_id: &OrgId, id: &TransactionId) -> Result<Option<Transaction>> {
        self.call("transaction", self.inner.transaction(org_id, id), |_| None).await
    }

    async fn begin_request(&self, command: BeginRequest) -> Result<BeginRequestOutcome> {
        self.call("begin_request", self.inner.begin_request(command), |_| None).await
    }

    async fn end_request(&self, command: EndRequest) -> Result<FencedOutcome> {
        self.call("end_request", self.inner.end_request(command), |_| None).await
    }

    async fn prune_requests(&self, before: Timestamp, limit: u32) -> Result<u64> {
        self.call("prune_requests", self.inner.prune_requests(before, limit), |_| None).await
    }

    async fn small_document(&self, blob_id: &JobId) -> Result<Option<Vec<u8>>> {
        self.call("small_document", self.inner.small_document(blob_id), |_| None).await
    }

    async fn job_fields(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Vec<FieldDefinition>>> {
        self.call("job_fields", self.inner.job_fields(tenant, id), |_| None).await
    }

    async fn correct_job(&self, command: CorrectJob) -> Result<CorrectJobOutcome> {
        self.call("correct_job", self.inner.correct_job(command), |_| None).await
    }

    async fn lessons(&self, tenant: &Tenant, extractor_id: &ExtractorId) -> Result<Vec<LearntLesson>> {
        self.call("lessons", self.inner.lessons(tenant, extractor_id), |_| None).await
    }

    async fn erase_job(&self, command: EraseJob) -> Result<EraseJobOutcome> {
        self.call("erase_job", self.inner.erase_job(command), |_| None).await
    }

    async fn erased_blobs(&self, limit: u32) -> Result<Vec<JobId>> {
        self.call("erased_blobs", self.inner.erased_blobs(limit), |_| None).await
    }

    async fn unowned_blobs(&self, blob_ids: Vec<JobId>) -> Result<Vec<JobId>> {
        self.call("unowned_blobs", self.inner.unowned_blobs(blob_ids), |_| None).await
    }

    async fn note_file(&self, command: NoteFile) -> Result<FencedOutcome> {
        let job_id = command.job_id.clone();
        let noted = |outcome: &FencedOutcome| Some(format!("{job_id} {outcome:?}"));
        self.call("note_file", self.inner.note_file(command), noted).await
    }

    async fn forget_blob(&self, blob_id: &JobId) -> Result<()> {
        self.call("forget_blob", self.inner.forget_blob(blob_id), |_| None).await
    }

    async fn create_extractor(&self, command: CreateExtractor) -> Result<Extractor> {
        self.call("create_extractor", self.inner.create_extractor(command), |_| None).await
    }

    async fn extractor(&self, tenant: &Tenant, which: &ExtractorRef) -> Result<Option<Extractor>> {
        self.call("extractor", self.inner.extractor(tenant, which), |_| None).await
    }

    async fn extractors(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Extractor>> {
        self.call("extractors", self.inner.extractors(tenant, page), |_| None).await
    }

    async fn update_extractor(&self, command: UpdateExtractor) -> Result<Option<Extractor>> {
        self.call("update_extractor", self.inner.update_extractor(command), |_| None).await
    }

    async fn delete_extractor(&self, tenant: &Tenant, id: &ExtractorId) -> Result<DeleteOutcome> {
        self.call("delete_extractor", self.inner.delete_extractor(tenant, id), |_| None).await
    }

    async fn job(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Job>> {
        self.call("job", self.inner.job(tenant, id), |_| None).await
    }

    async fn jobs(&self, tenant: &Tenant, filter: JobFilter, page: PageRequest) -> Result<Page<Job>> {
        self.call("jobs", self.inner.jobs(tenant, filter, page), |_| None).await
    }

    async fn account(&self, org_id: &OrgId) -> Result<Option<Account>> {
        self.call("account", self.inner.account(org_id), |_| None).await
    }

    async fn set_low_balance_threshold(&self, command: SetLowBalanceThreshold) -> Result<Option<Account>> {
        self.call("set_low_balance_threshold", self.inner.set_low_balance_threshold(command), |_| None).await
    }

    async fn transactions(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Transaction>> {
        self.call("transactions", self.inner.transactions(org_id, page), |_| None).await
    }

    async fn webhook(&self, tenant: &Tenant, id: &WebhookId) -> Result<Option<Webhook>> {
        self.call("webhook", self.inner.webhook(tenant, id), |_| None).await
    }

    async fn webhook_by_url(&self, tenant: &Tenant, url: &str) -> Result<Option<Webhook>> {
        self.call("webhook_by_url", self.inner.webhook_by_url(tenant, url), |_| None).await
    }

    async fn webhooks(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Webhook>> {
        self.call("webhooks", self.inner.webhooks(tenant, page), |_| None).await
    }

    async fn event(&self, tenant: &Tenant, id: &EventId) -> Result<Option<Event>> {
        self.call("event", self.inner.event(tenant, id), |_| None).await
    }

    async fn events(&self, tenant: &Tenant, filter: EventFilter, page: PageRequest) -> Result<Page<Event>> {
        self.call("events", self.inner.events(tenant, filter, page), |_| None).await
    }

    async fn delivery(&self, tenant: &Tenant, id: &DeliveryId) -> Result<Option<(Delivery, Vec<Attempt>)>> {
        self.call("delivery", self.inner.delivery(tenant, id), |_| None).await
    }

    async fn deliveries(
        &self,
        tenant: &Tenant,
        filter: DeliveryFilter,
        page: PageRequest,
    ) -> Result<Page<Delivery>> {
        self.call("deliveries", self.inner.deliveries(tenant, filter, page), |_| None).await
    }

    async fn record_test(&self, command: RecordTest) -> Result<()> {
        self.call("record_test", self.inner.record_test(command), |_| None).await
    }

    async fn replay(&self, tenant: &Tenant, id: &ReplayId) -> Result<Option<Replay>> {
        self.call("replay", self.inner.replay(tenant, id), |_| None).await
    }

    async fn next_due_at(&self) -> Result<NextDue> {
        self.call("next_due_at", self.inner.next_due_at(), |_| None).await
    }

    async fn check_writable(&self) -> Result<()> {
        self.call("check_writable", self.inner.check_writable(), |_| None).await
    }

    async fn attempt_counts(&self, hours: CountedHours) -> Result<Option<Vec<AttemptCount>>> {
        self.call("attempt_counts", self.inner.attempt_counts(hours), |_| None).await
    }

    // ---- what the book is told ----

    async fn submit_job(&self, command: SubmitJob) -> Result<SubmitJobOutcome> {
        let lease = command.send_lease.clone();
        let noted = |outcome: &SubmitJobOutcome| match outcome {
            SubmitJobOutcome::Submitted { job, to_send } => {
                self.note_new_events(to_send, &lease);
                self.world.book().jobs.entry(job.id.clone()).or_default();
                Some(format!("{}{}", job.id, if job.hold_reason.is_some() { ", held" } else { "" }))
            }
            SubmitJobOutcome::ExtractorNotFound | SubmitJobOutcome::ExtractorInactive => None,
        };
        self.call("submit_job", self.inner.submit_job(command), noted).await
    }

    async fn retry_job(&self, command: RetryJob) -> Result<RetryJobOutcome> {
        let lease = command.send_lease.clone();
        let noted = |outcome: &RetryJobOutcome| match outcome {
            RetryJobOutcome::Submitted { job, to_send } => {
                self.note_new_events(to_send, &lease);
                self.world.book().jobs.entry(job.id.clone()).or_default();
                Some(job.id.to_string())
            }
            RetryJobOutcome::NotFound
            | RetryJobOutcome::NotEnded(_)
            | RetryJobOutcome::ExtractorNotFound
            | RetryJobOutcome::ExtractorInactive => None,
        };
        self.call("retry_job", self.inner.retry_job(command), noted).await
    }

    async fn lease_jobs(&self, command: LeaseJobs) -> Result<LeasedJobs> {
        let lease = command.send_lease.clone();
        let noted = |leased: &LeasedJobs| {
            // Holding a job may tell that the credits are used up, to nobody.
            if !leased.to_send.is_empty() {
                self.note_new_events(&leased.to_send, &lease);
            }
            let ids: Vec<String> = leased
                .jobs
                .iter()
                .map(|leased| format!("{}/{}", leased.job.id, leased.job.attempt_count))
                .collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        };
        self.call("lease_jobs", self.inner.lease_jobs(command), noted).await
    }

    async fn finish_job(&self, command: FinishJob) -> Result<FinishJobOutcome> {
        let (lease, job_id) = (command.send_lease.clone(), command.job_id.clone());
        let noted = |outcome: &FinishJobOutcome| match outcome {
            FinishJobOutcome::Finished { job, to_send } => {
                self.note_new_events(to_send, &lease);
                self.note_job_end(job);
                Some(format!(
                    "{job_id} {:?} for {}; to send {}",
                    job.status,
                    job.cost_credits,
                    ids_of(to_send)
                ))
            }
            FinishJobOutcome::Held { to_send, .. } => {
                self.note_new_events(to_send, &lease);
                Some(format!("{job_id} held"))
            }
            FinishJobOutcome::LostLease => Some(format!("{job_id} lost its lease")),
        };
        self.call("finish_job", self.inner.finish_job(command), noted).await
    }

    async fn defer_job(&self, command: DeferJob) -> Result<FencedOutcome> {
        let job_id = command.job_id.clone();
        let noted = |outcome: &FencedOutcome| Some(format!("{job_id} {outcome:?}"));
        self.call("defer_job", self.inner.defer_job(command), noted).await
    }

    async fn grant_credits(&self, command: GrantCredits) -> Result<GrantOutcome> {
        let amount = command.amount;
        let noted = |_: &GrantOutcome| Some(amount.to_string());
        self.call("grant_credits", self.inner.grant_credits(command), noted).await
    }

    async fn create_webhook(&self, webhook: Webhook) -> Result<CreateWebhookOutcome> {
        let noted = |outcome: &CreateWebhookOutcome| match outcome {
            CreateWebhookOutcome::Created(webhook) => {
                self.note_webhook(webhook);
                Some(format!("{} to {}", webhook.id, webhook.url))
            }
            CreateWebhookOutcome::TooMany => None,
        };
        self.call("create_webhook", self.inner.create_webhook(webhook), noted).await
    }

    async fn update_webhook(&self, command: UpdateWebhook) -> Result<Option<Webhook>> {
        let noted = |webhook: &Option<Webhook>| {
            let webhook = webhook.as_ref()?;
            self.note_webhook(webhook);
            Some(format!("{} to {}, {:?}", webhook.id, webhook.url, webhook.status))
        };
        self.call("update_webhook", self.inner.update_webhook(command), noted).await
    }

    async fn rotate_secret(&self, command: RotateSecret) -> Result<Option<Webhook>> {
        let noted = |webhook: &Option<Webhook>| {
            let webhook = webhook.as_ref()?;
            self.note_webhook(webhook);
            Some(webhook.id.to_string())
        };
        self.call("rotate_secret", self.inner.rotate_secret(command), noted).await
    }

    async fn delete_webhook(&self, tenant: &Tenant, id: &WebhookId, now: Timestamp) -> Result<DeleteOutcome> {
        let noted = |outcome: &DeleteOutcome| match outcome {
            DeleteOutcome::Deleted => {
                self.world.book().webhook_deleted(id, self.world.ms());
                Some(id.to_string())
            }
            DeleteOutcome::NotFound => None,
        };
        self.call("delete_webhook", self.inner.delete_webhook(tenant, id, now), noted).await
    }

    async fn publish_event(&self, command: PublishEvent) -> Result<Vec<LeasedDelivery>> {
        let (event, lease) = (command.event.clone(), command.send_lease.clone());
        let noted = |to_send: &Vec<LeasedDelivery>| {
            let said = format!("{}; to send {}", event.id, ids_of(to_send));
            self.note_event(event, to_send, &lease);
            Some(said)
        };
        self.call("publish_event", self.inner.publish_event(command), noted).await
    }

    async fn claim_deliveries(&self, command: ClaimDeliveries) -> Result<Vec<LeasedDelivery>> {
        let (lease, claimed_at) = (command.lease.clone(), command.now);
        let noted = |claimed: &Vec<LeasedDelivery>| {
            for leased in claimed {
                let (lease, now_ms) = (self.lease_note(&lease), self.world.ms());
                self.world.book().claimed(leased, lease, claimed_at, now_ms);
            }
            (!claimed.is_empty()).then(|| ids_of(claimed))
        };
        self.call("claim_deliveries", self.inner.claim_deliveries(command), noted).await
    }

    async fn release_deliveries(&self, leases: Vec<(DeliveryId, String)>) -> Result<()> {
        let given_back = leases.clone();
        let noted = |_: &()| {
            let mut ids: Vec<&str> = given_back.iter().map(|(id, _)| id.as_str()).collect();
            ids.sort_unstable();
            for (id, token) in &given_back {
                self.world.book().released(id, token);
            }
            Some(ids.join(" "))
        };
        self.call("release_deliveries", self.inner.release_deliveries(leases), noted).await
    }

    async fn record_attempts(&self, command: RecordAttempts) -> Result<RecordedAttempts> {
        let given = command.clone();
        let noted = |recorded: &RecordedAttempts| {
            self.note_recorded(&given, recorded);
            // Disabling a webhook is told to others.
            if given.attempts.iter().any(|record| record.after != AfterAttempt::Delivered) {
                self.note_new_events(&recorded.to_send, &given.send_lease);
            }
            let said: Vec<String> = given
                .attempts
                .iter()
                .zip(&recorded.outcomes)
                .map(|(record, outcome)| {
                    let error = record.attempt.error.as_ref().map_or("ok", |error| error.code.as_str());
                    format!("{}/{} {error} {outcome:?}", record.delivery_id, record.attempt.number)
                })
                .collect();
            Some(said.join(", "))
        };
        self.call("record_attempts", self.inner.record_attempts(command), noted).await
    }

    async fn replay_delivery(&self, command: ReplayDelivery) -> Result<ReplayOutcome> {
        let lease = command.send_lease.clone();
        let noted = |outcome: &ReplayOutcome| match outcome {
            ReplayOutcome::Replayed { delivery, .. } => {
                let mut book = self.world.book();
                let event = book.events.get(&delivery.event_id).map(|note| note.event.clone());
                if let (Some(event), Some(webhook_id)) = (event, delivery.webhook_id.clone()) {
                    let (id, lease, at) = (delivery.id.clone(), self.lease_note(&lease), delivery.created_at);
                    let status = DeliveryStatus::Pending;
                    book.add_delivery(id, &event, webhook_id, Trigger::Replay, status, Some(lease), at);
                }
                Some(format!("{} of {}", delivery.id, delivery.event_id))
            }
            ReplayOutcome::NotFound
            | ReplayOutcome::EventErased
            | ReplayOutcome::WebhookGone
            | ReplayOutcome::WebhookDisabled => None,
        };
        self.call("replay_delivery", self.inner.replay_delivery(command), noted).await
    }

    async fn create_replay(&self, replay: Replay) -> Result<CreateReplayOutcome> {
        let noted = |outcome: &CreateReplayOutcome| match outcome {
            CreateReplayOutcome::Created(replay) => {
                self.world.book().replays.entry(replay.id.clone()).or_default();
                Some(format!("{} of {}", replay.id, replay.webhook_id))
            }
            CreateReplayOutcome::WebhookNotFound | CreateReplayOutcome::WebhookDisabled => None,
        };
        self.call("create_replay", self.inner.create_replay(replay), noted).await
    }

    async fn cancel_replay(&self, tenant: &Tenant, id: &ReplayId, now: Timestamp) -> Result<Option<Replay>> {
        let noted = |replay: &Option<Replay>| {
            replay.as_ref().map(|replay| format!("{} {:?}", replay.id, replay.status))
        };
        self.call("cancel_replay", self.inner.cancel_replay(tenant, id, now), noted).await
    }

    async fn step_replay(&self, command: StepReplay) -> Result<Option<Replay>> {
        let noted = |replay: &Option<Replay>| {
            let replay = replay.as_ref()?;
            self.note_replayed(replay);
            Some(format!("{} {:?}, {} made", replay.id, replay.status, replay.replayed))
        };
        self.call("step_replay", self.inner.step_replay(command), noted).await
    }

    async fn step_skips(&self) -> Result<bool> {
        let noted = |has_skipped: &bool| has_skipped.then(|| "some".to_owned());
        self.call("step_skips", self.inner.step_skips(), noted).await
    }

    async fn release_node(&self, node: &str, now: Timestamp) -> Result<(u64, u64)> {
        let noted = |released: &(u64, u64)| {
            self.world.book().node_released(node);
            Some(format!("{} jobs, {} deliveries", released.0, released.1))
        };
        self.call("release_node", self.inner.release_node(node, now), noted).await
    }

    async fn prune_log(&self, command: PruneLog) -> Result<PrunedLog> {
        let noted = |pruned: &PrunedLog| {
            if pruned.deliveries == 0 && pruned.events == 0 {
                return None;
            }
            self.check_pruned();
            Some(format!("{} deliveries, {} events", pruned.deliveries, pruned.events))
        };
        self.call("prune_log", self.inner.prune_log(command), noted).await
    }
}
