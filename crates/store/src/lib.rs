//! The store's contract.
//!
//! One method is one use case is one transaction: it is written as a whole or not at all, and once
//! it has answered it survives `kill -9` and a loss of power. Three things implement the contract:
//! [`sqlite`], a PostgreSQL adapter to come, and [`memory`], the reference model that defines what
//! the others must do. One suite ([`conformance`]) holds them to it.
//!
//! What the contract promises throughout:
//!
//! - **No clock and no randomness.** Instants, ids and leases are in the commands, so the same
//!   commands give the same answers on every adapter.
//! - **Scope.** A method that takes a [`Tenant`] or an [`OrgId`] sees nothing of anybody else's:
//!   another's object is not found. A method without one is an operator's or the engine's.
//! - **Leases.** Work is taken with a [`Lease`] and finished by its token; whoever lost the lease
//!   writes nothing. There is no network call inside a transaction.
//! - **Events.** The transaction that ends a job, or moves a balance over a line, also writes the
//!   event and one delivery per matching webhook of the same tenant: `pending` and leased to the
//!   caller for an enabled webhook, `skipped` for a disabled one. They come back as `to_send`.
//! - **Bounds.** Every list takes a limit; a claim touches what it returns, not the backlog.
//! - **Lists.** Newest first, which is by id; a page begins behind the id that it names, whether that
//!   is still there or not. What was deleted is not shown; a revoked key is. An instant's filter is
//!   from `created_after` on, before `created_before`.
//! - **Ids.** A command brings as many ids as its documentation says, and a token never comes twice.
//!   They are taken in the order in which things are written, each only when its thing is.
//! - **Acts.** What people answer for goes through [`Store::act`], which logs it as it commits.
//! - **Refusals.** What no caller that follows the contract does (an organisation that is not there,
//!   an id twice, too few ids) is [`StoreError::Refused`].
//!
//! What it never does: send, wait, retry, or call anything but its database.

pub mod acts;
pub mod blobs;
pub mod commands;
pub mod conformance;
pub mod memory;
pub mod people;
pub mod sqlite;
pub mod vault;

use async_trait::async_trait;
use docextract_model::audit::AuditEntry;
use docextract_model::credit::{Account, Transaction};
use docextract_model::delivery::{Attempt, Delivery};
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
use docextract_model::webhook::Webhook;

use crate::acts::{Act, ActOutcome};
use crate::commands::{
    BeginRequest, BeginRequestOutcome, ClaimDeliveries, CorrectJob, CorrectJobOutcome, CountedHours,
    CreateExtractor, CreateKey, CreateKeyOutcome, CreateOrganisation, CreateReplayOutcome,
    CreateWebhookOutcome, DeferJob, DeleteOutcome, DeliveryFilter, EndRequest, EraseJob, EraseJobOutcome,
    EventFilter, Extractor, ExtractorRef, FencedOutcome, FinishJob, FinishJobOutcome, GrantCredits,
    GrantOutcome, JobFilter, LearntLesson, Lease, LeaseJobs, LeasedDelivery, LeasedJobs, NoteFile,
    Organisation, Page, PageRequest, PruneLog, PrunedLog, PublishEvent, RecordAttempts, RecordTest,
    RecordedAttempts, ReplayDelivery, ReplayOutcome, RetryJob, RetryJobOutcome, RevokeKey, RotateSecret,
    SetLowBalanceThreshold, SetPlan, StepReplay, SubmitJob, SubmitJobOutcome, UpdateExtractor, UpdateWebhook,
};
use crate::people::{
    AuditFilter, LinkIdentity, PruneAccounts, SignInGate, SignInSubjects, SwitchSession, UserRef,
};

/// Why the store could not answer. Nothing was written, unless it is only the answer to a commit that was
/// lost: whoever tries again after [`StoreError::Unavailable`] must bear that the first time counted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used now (disk full, locked, unreachable); trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database holds or was given something that this program does not understand.
    #[error("the database refused: {0}")]
    Refused(String),
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// The contract; see the module's header for what holds throughout.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    // ---- organisations and keys ----

    /// Creates an organisation with its first extractors, a balance of 0 and no threshold.
    /// Does nothing when the id exists.
    async fn create_organisation(&self, command: CreateOrganisation) -> Result<()>;

    /// All organisations, oldest first, at most 1,000. An operator's.
    async fn organisations(&self) -> Result<Vec<Organisation>>;

    async fn organisation(&self, org_id: &OrgId) -> Result<Option<Organisation>>;

    /// Gives an organisation another plan, which holds from now on: jobs that the new one has slots for
    /// get them, and queued ones beyond its slots lose theirs. What is being processed goes on. Takes as
    /// long as the organisation's queue is long. An operator's.
    async fn set_plan(&self, command: SetPlan) -> Result<Option<Organisation>>;

    /// Takes one request from what the plan allows in the present minute and hour. Writes nothing when
    /// the plan has no limits or the request is refused.
    async fn take_request(&self, org_id: &OrgId, now: Timestamp) -> Result<TakenRequest>;

    /// Stores a key under its hash.
    async fn create_key(&self, command: CreateKey) -> Result<CreateKeyOutcome>;

    /// The key with this hash, revoked or expired ones too: the caller judges. An operator's.
    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<ApiKey>>;

    /// The organisation's keys of both modes, revoked ones too.
    async fn keys(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<ApiKey>>;

    /// Sets `last_used_at` of each, where it is later than what stands there. An operator's.
    async fn touch_keys(&self, used: Vec<(KeyId, Timestamp)>) -> Result<()>;

    /// Revokes a key; revoking it again changes nothing. The key as it is then, if there is one.
    async fn revoke_key(&self, command: RevokeKey) -> Result<Option<ApiKey>>;

    // ---- acts and their log ----

    /// Carries out a use case that somebody answers for, and writes the entry in the same transaction if it
    /// took place. [`acts::act`] keeps the types of both.
    async fn act(&self, act: Act, entry: AuditEntry) -> Result<ActOutcome>;

    /// Writes entries about what changed nothing: a secret that was shown, a sign-in that failed.
    async fn record_audit(&self, entries: Vec<AuditEntry>) -> Result<()>;

    async fn audit_log(
        &self,
        org_id: &OrgId,
        filter: AuditFilter,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>>;

    // ---- people ----
    //
    // What changes them is an act: members come by `AddMember` or `AcceptInvitation`, and one who is removed
    // loses the sessions there. Every change of roles is judged by `model::member::judge_change`.

    /// An operator's, like the other look-ups of users.
    async fn user(&self, which: &UserRef) -> Result<Option<User>>;

    /// Ties a user to an identity; whether it was done, which it is not when the user has one or another
    /// user has this one.
    async fn link_identity(&self, command: LinkIdentity) -> Result<bool>;

    /// Where a user is a member, the oldest organisation first.
    async fn memberships(&self, user_id: &UserId) -> Result<Vec<Membership>>;

    /// An organisation's members, the newest user first.
    async fn members(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Member>>;

    async fn member(&self, org_id: &OrgId, user_id: &UserId) -> Result<Option<Member>>;

    /// Whether the organisation has an owner who can sign in: with a password or an identity.
    async fn has_owner(&self, org_id: &OrgId) -> Result<bool>;

    async fn invitations(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Invitation>>;

    /// The invitation with this hash, also one that is not open any more: the caller judges. An operator's.
    async fn invitation_by_hash(&self, hash: &TokenHash) -> Result<Option<Invitation>>;

    /// The session with this hash and its user's role there, also one that is over. An operator's.
    async fn session_by_hash(&self, hash: &TokenHash) -> Result<Option<LiveSession>>;

    /// A user's sessions in every organisation, also such as are over and not yet removed.
    async fn sessions(&self, user_id: &UserId, page: PageRequest) -> Result<Page<Session>>;

    /// Sets `last_used_at` of each, where it is later than what stands there. An operator's.
    async fn touch_sessions(&self, used: Vec<(SessionId, Timestamp)>) -> Result<()>;

    /// Moves a session to an organisation of its user's, and a side of it; none when there is no such
    /// session, or its user is no member there.
    async fn switch_session(&self, command: SwitchSession) -> Result<Option<LiveSession>>;

    /// Counts a try to sign in before its password is looked at, so that tries at once cannot outrun it.
    /// Counts nothing when one of the subjects has had its tries.
    async fn begin_sign_in(&self, subjects: &SignInSubjects, now: Timestamp) -> Result<SignInGate>;

    /// Removes sessions that are over, windows of tries that have ended, invitations that expired and
    /// entries of the log that are old, of each at most `limit`. The most that was removed of one. An
    /// operator's.
    async fn prune_accounts(&self, command: PruneAccounts) -> Result<u64>;

    // ---- requests with an Idempotency-Key ----

    /// Begins a request that came with a key, or says what became of the one that used the key first. A
    /// request that was begun and not ended, and whose lease ran out or was given back, is begun again with
    /// what was reserved for it at first.
    async fn begin_request(&self, command: BeginRequest) -> Result<BeginRequestOutcome>;

    /// Ends a request with the answer that is kept, or without one.
    async fn end_request(&self, command: EndRequest) -> Result<FencedOutcome>;

    /// Removes requests that were begun before, the oldest first, at most `limit`. An operator's.
    async fn prune_requests(&self, before: Timestamp, limit: u32) -> Result<u64>;

    // ---- extractors ----

    /// Adds an extractor, active and at version 1.
    async fn create_extractor(&self, command: CreateExtractor) -> Result<Extractor>;

    /// The extractor with this id, or the oldest ready-made one of this document type, active or not.
    async fn extractor(&self, tenant: &Tenant, which: &ExtractorRef) -> Result<Option<Extractor>>;

    async fn extractors(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Extractor>>;

    /// Changes an extractor. Other field definitions than the present ones make a new version; jobs
    /// keep the one they have. `updated_at` moves also when nothing changes.
    async fn update_extractor(&self, command: UpdateExtractor) -> Result<Option<Extractor>>;

    /// Takes an extractor away. Jobs that were submitted to it keep their version and still run.
    async fn delete_extractor(&self, tenant: &Tenant, id: &ExtractorId) -> Result<DeleteOutcome>;

    // ---- jobs ----

    /// Queues a job; a live one that the balance cannot pay for is held from the start, which
    /// publishes `credits.depleted` once until the next grant. Its `jobs_queued` counts every queued
    /// live job of the organisation, held ones and this one too. Test jobs are never held. A small document
    /// comes with its job and is written with it.
    async fn submit_job(&self, command: SubmitJob) -> Result<SubmitJobOutcome>;

    /// Submits an ended job's document again as a new job with `retry_of`, to the same extractor as it
    /// is now; held like any other. A document that was never fetched is fetched for the new job, under its
    /// own id.
    async fn retry_job(&self, command: RetryJob) -> Result<RetryJobOutcome>;

    async fn job(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Job>>;

    async fn jobs(&self, tenant: &Tenant, filter: JobFilter, page: PageRequest) -> Result<Page<Job>>;

    /// Leases due jobs, the longest due first: queued ones, and processing ones whose lease ran out. Those
    /// whose documents are still to be fetched, or else those whose documents are kept, as the command says.
    /// A live job that the balance cannot pay for is held instead, and counts against the limit. A
    /// lease that ran out still holds until somebody takes the job.
    ///
    /// An organisation whose plan has limits never has more processing jobs than its plan's concurrent
    /// ones. That many of its jobs, held ones aside, have a *slot*; only those become due, so a lease costs
    /// what it returns, and a backlog hides nobody's jobs. Every use case that leaves a slot free gives it
    /// to the job that waits with the lowest id, which is due from then on. A job keeps its slot while it
    /// is deferred. When a plan was lowered there may be more slots than it has: a job that is due while as
    /// many others are processing loses its slot instead of being leased, and counts against the limit.
    async fn lease_jobs(&self, command: LeaseJobs) -> Result<LeasedJobs>;

    /// Ends a job with its result or failure, its charge, its events and their deliveries, all at
    /// once: the charge, the job's event, then `low_balance` and `depleted` when the charge crossed
    /// their lines. From here on a live job's `credits_needed` is the cost of the pages that were
    /// counted; a balance that cannot pay it holds the job instead of ending it, and nothing of the
    /// result is kept. Whatever a live job's end is, held jobs of its organisation that the balance
    /// can pay for after all are released as by a grant. The engine's.
    async fn finish_job(&self, command: FinishJob) -> Result<FinishJobOutcome>;

    /// The document that was first submitted with this job, if it came with it: all others are files. An
    /// operator's.
    async fn small_document(&self, blob_id: &JobId) -> Result<Option<Vec<u8>>>;

    /// Notes that the document of a leased job is kept from now on. The engine's.
    async fn note_file(&self, command: NoteFile) -> Result<FencedOutcome>;

    /// Puts a leased job back into the queue, to be due when the command says. The engine's.
    async fn defer_job(&self, command: DeferJob) -> Result<FencedOutcome>;

    /// The field definitions that a job runs or ran with.
    async fn job_fields(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Vec<FieldDefinition>>>;

    /// Notes what a person corrected on a completed job, beside its result, which stays as it was read and as
    /// receivers were told. With a lesson, the job's extractor learns it in place of what it learnt from this
    /// job before; of a tenant's lessons beyond `limits::LESSONS_MAX`, those that were made or of use longest ago
    /// are forgotten.
    async fn correct_job(&self, command: CorrectJob) -> Result<CorrectJobOutcome>;

    /// What a tenant's extractor has learnt, the latest made or of use first. [`Store::finish_job`] notes which
    /// lessons were of use.
    async fn lessons(&self, tenant: &Tenant, extractor_id: &ExtractorId) -> Result<Vec<LearntLesson>>;

    /// Erases a job that has ended, and what was read from its document wherever that stands: the job is
    /// gone, the bodies of its events become [`docextract_model::event::erased`], what is pending of them
    /// ends as `skipped`, an attempt on the wire is not logged any more, what receivers answered to logged
    /// ones is taken away, and the answer to the request that made it is forgotten, but not that it was
    /// done. So are its corrections and what was learnt from them. The ledger stays. Unless another job has the same document, one
    /// that came with its job is gone, and a file is to be removed.
    async fn erase_job(&self, command: EraseJob) -> Result<EraseJobOutcome>;

    /// Documents that no job has any more and whose files are still to be removed, at most `limit`. An
    /// operator's.
    async fn erased_blobs(&self, limit: u32) -> Result<Vec<JobId>>;

    /// Notes that the file of an erased document is gone. An operator's.
    async fn forget_blob(&self, blob_id: &JobId) -> Result<()>;

    // ---- credits ----

    async fn account(&self, org_id: &OrgId) -> Result<Option<Account>>;

    /// Adds credits, then releases held jobs, oldest first, each that the rest can pay for: one that
    /// needs much does not keep back a later one that needs little. `credits.depleted` may be told
    /// again, and `low_balance` once the balance is at its threshold. An id that the organisation's ledger
    /// has already adds nothing.
    async fn grant_credits(&self, command: GrantCredits) -> Result<GrantOutcome>;

    async fn transaction(&self, org_id: &OrgId, id: &TransactionId) -> Result<Option<Transaction>>;

    /// Sets from which balance down `credits.low_balance` is told; only a charge tells it.
    async fn set_low_balance_threshold(&self, command: SetLowBalanceThreshold) -> Result<Option<Account>>;

    async fn transactions(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Transaction>>;

    // ---- webhooks ----

    /// Stores a webhook as it is given.
    async fn create_webhook(&self, webhook: Webhook) -> Result<CreateWebhookOutcome>;

    async fn webhook(&self, tenant: &Tenant, id: &WebhookId) -> Result<Option<Webhook>>;

    /// The tenant's webhook with exactly this URL, the oldest when there are several.
    async fn webhook_by_url(&self, tenant: &Tenant, url: &str) -> Result<Option<Webhook>>;

    async fn webhooks(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Webhook>>;

    /// Changes a webhook. Disabling a disabled one keeps the first reason; enabling sends nothing that
    /// was skipped. `updated_at` moves also when nothing changes.
    async fn update_webhook(&self, command: UpdateWebhook) -> Result<Option<Webhook>>;

    /// Replaces the secret. Only the one that it replaces signs beside it, not an earlier one.
    async fn rotate_secret(&self, command: RotateSecret) -> Result<Option<Webhook>>;

    /// Deletes a webhook; its pending deliveries end as `skipped`, its log stays.
    async fn delete_webhook(&self, tenant: &Tenant, id: &WebhookId, now: Timestamp) -> Result<DeleteOutcome>;

    // ---- events and deliveries ----

    /// Writes an event and its deliveries, numbered through the matching webhooks in the order of their
    /// ids, and returns those to be sent.
    async fn publish_event(&self, command: PublishEvent) -> Result<Vec<LeasedDelivery>>;

    async fn event(&self, tenant: &Tenant, id: &EventId) -> Result<Option<Event>>;

    async fn events(&self, tenant: &Tenant, filter: EventFilter, page: PageRequest) -> Result<Page<Event>>;

    /// A delivery with its attempts, the first one first.
    async fn delivery(&self, tenant: &Tenant, id: &DeliveryId) -> Result<Option<(Delivery, Vec<Attempt>)>>;

    async fn deliveries(
        &self,
        tenant: &Tenant,
        filter: DeliveryFilter,
        page: PageRequest,
    ) -> Result<Page<Delivery>>;

    /// Claims due deliveries, fairly: of each webhook at most as many as there is room for, the webhook
    /// that is due longest first. Its URL, headers and secrets are those of now, and the delivery takes over
    /// the URL. The engine's.
    async fn claim_deliveries(&self, command: ClaimDeliveries) -> Result<Vec<LeasedDelivery>>;

    /// Gives claimed deliveries back unsent, so that they are due when they were scheduled: at once.
    /// Those whose lease is lost are passed over. The engine's.
    async fn release_deliveries(&self, leases: Vec<(DeliveryId, String)>) -> Result<()>;

    /// Logs attempts and moves their deliveries on, many in one transaction, in the order given. A
    /// webhook is disabled by 410, or when it has failed for five days, as of the attempt's end, and a
    /// `webhook.disabled` is published then. What
    /// was skipped while its attempt was on the wire keeps that lease: the attempt is still logged, and
    /// one that arrived makes the delivery `delivered`. The attempt's number is the lease's. The engine's.
    async fn record_attempts(&self, command: RecordAttempts) -> Result<RecordedAttempts>;

    /// What [`Store::record_attempts`] counted of a webhook, by hour and in no other order; none when there
    /// is no such webhook. Reads as many rows as there are counts, not attempts.
    async fn attempt_counts(&self, hours: CountedHours) -> Result<Option<Vec<AttemptCount>>>;

    /// Logs a test with its event, which goes to nobody else and says nothing about a webhook's health.
    async fn record_test(&self, command: RecordTest) -> Result<()>;

    /// Sends a delivery's event again as a new delivery, whatever became of the first one; not an erased event.
    async fn replay_delivery(&self, command: ReplayDelivery) -> Result<ReplayOutcome>;

    /// Stores a replay, which [`Store::step_replay`] carries out.
    async fn create_replay(&self, replay: Replay) -> Result<CreateReplayOutcome>;

    async fn replay(&self, tenant: &Tenant, id: &ReplayId) -> Result<Option<Replay>>;

    /// Ends a running replay; what it made so far stays. One that has ended is left as it is.
    async fn cancel_replay(&self, tenant: &Tenant, id: &ReplayId, now: Timestamp) -> Result<Option<Replay>>;

    /// Goes on with skipping what was pending for a webhook when it was disabled or deleted. The first 1,000
    /// deliveries have been skipped at once; the rest is listed as pending until this gets to it, and is
    /// never claimed. Whether there was something to do. The engine's.
    async fn step_skips(&self) -> Result<bool>;

    /// Looks at the next rows of the log for the running replay that was gone on with longest ago, and
    /// makes deliveries that are due at once. Left out are tests, and deliveries of an event that was
    /// delivered to that webhook again since: of each event the latest counts; and erased events. A replay whose webhook
    /// is disabled or deleted is cancelled. One whose `until` is later than `now` is left alone, by a clock that
    /// is behind: what it made would lie before `until`, too, and be met and made again. None when there is no
    /// other. The engine's.
    async fn step_replay(&self, command: StepReplay) -> Result<Option<Replay>>;

    // ---- operations ----

    /// Of these blobs, those that no job's document is kept in. An operator's.
    async fn unowned_blobs(&self, blob_ids: Vec<JobId>) -> Result<Vec<JobId>>;

    /// Makes everything that `node` has leased due at once: what it calls when it starts, since
    /// whatever held those leases is gone. Returns how many jobs and pending deliveries that were; requests
    /// that it had begun and not ended can be begun again.
    async fn release_node(&self, node: &str, now: Timestamp) -> Result<(u64, u64)>;

    /// Removes old deliveries that have ended, with their attempts, then old events that no delivery
    /// refers to any more, then counts of hours that had ended; of each the oldest, at most `limit`.
    /// An operator's.
    async fn prune_log(&self, command: PruneLog) -> Result<PrunedLog>;

    /// When the next job or delivery becomes due, leases that run out included; none when nothing waits.
    /// That of deliveries may be too early, until a claim at that time has found nothing; never too late.
    async fn next_due_at(&self) -> Result<NextDue>;

    /// Proves that the store can be written to, durably, and that what was written can be read.
    async fn check_writable(&self) -> Result<()>;
}

/// When work becomes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NextDue {
    /// Of the jobs whose documents are kept.
    pub job: Option<Timestamp>,
    /// Of those whose documents are still to be fetched.
    pub fetch: Option<Timestamp>,
    pub delivery: Option<Timestamp>,
}

/// The lease that an event's first attempts go out with.
pub(crate) fn leased_delivery(
    id: DeliveryId,
    event: Event,
    webhook: &Webhook,
    attempt_number: u32,
    lease: &Lease,
    now: Timestamp,
) -> LeasedDelivery {
    LeasedDelivery {
        id,
        event_id: event.id,
        event_type: event.event_type,
        webhook_id: webhook.id.clone(),
        org_id: webhook.tenant.org_id.clone(),
        url: webhook.url.clone(),
        headers: webhook.headers.clone(),
        rate_limit_per_second: webhook.rate_limit_per_second,
        client_certificate: webhook.client_certificate.clone(),
        secrets: webhook.live_secrets(now),
        body: event.body,
        attempt_number,
        lease: lease.clone(),
    }
}
