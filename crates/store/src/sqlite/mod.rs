//! The store on SQLite: one file, one writer, readers beside it.
//!
//! Durability is `WAL` with `synchronous=FULL`: a commit has been synced before it is answered. All
//! writes go through `writer`, which commits queued use cases together; reads run on connections
//! of their own and never wait for a writer. A second process may open the same file (the command
//! line does, while a server runs): each transaction takes the write lock at its start and waits
//! for it up to ten seconds.

mod acts;
mod attempts;
mod credits;
mod deliveries;
mod erasure;
mod events;
mod extractors;
mod jobs;
mod keys;
mod lessons;
mod people;
mod plans;
mod readers;
mod replays;
mod requests;
mod rows;
mod sealing;
mod skips;
mod stats;
mod webhooks;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

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
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

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
use crate::vault::{Vault, VaultKeyId};
use crate::{NextDue, Result, Store, StoreError};
use readers::Readers;
use rows::json_text;
pub use sealing::Resealed;
use writer::Writer;

/// Migrations in order; the database's `user_version` counts those that it has.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../migrations/sqlite/0001_initial.sql"),
    include_str!("../../migrations/sqlite/0002_small_documents.sql"),
];
/// How long a transaction waits for another process's.
const BUSY_WAIT: Duration = Duration::from_secs(10);
const READERS: usize = 4;
/// What the file says that it is ("DOC"), for whoever looks at it without knowing.
const APPLICATION_ID: i64 = 0x0044_4f43;
/// Pages of 4 KiB in the log before they are copied into the database file. The pages that every use case
/// changes are copied once for many commits.
const WAL_PAGES: i64 = 4_096;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let unavailable = matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::ReadOnly
                    | ErrorCode::SystemIoFailure
                    // So SQLite names a read that failed with EIO, too, which may go better once the disk does.
                    | ErrorCode::DatabaseCorrupt
                    | ErrorCode::CannotOpen
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::FileLockingProtocolFailed
                    // By a rollback, which SQLite does by itself when the disk fails.
                    | ErrorCode::OperationAborted
                    | ErrorCode::OutOfMemory
                    | ErrorCode::PermissionDenied
            )
        );
        if unavailable { Self::Unavailable(error.to_string()) } else { Self::Refused(error.to_string()) }
    }
}

/// Why the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the secrets in the database are sealed with key {0}, which is not among those given")]
    WrongKey(VaultKeyId),
}

/// The embedded store.
pub struct SqliteStore {
    // Dropped before the writer: the last connection that closes writes the log into the database and removes
    // it, which one that only reads cannot.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database file, creating it or bringing it up to date. Its secrets are sealed with the key
    /// that it names, which the vault must know; a fresh one names the vault's first.
    pub fn open(path: &Path, vault: &Arc<Vault>) -> std::result::Result<Self, OpenError> {
        let mut connection = connect(path, OpenFlags::default(), vault)?;
        migrate(&mut connection)?;
        if let Some(id) = sealing::ensure_key(&connection, vault)?
            && !vault.knows(id)
        {
            return Err(OpenError::WrongKey(id));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let readers = (0..READERS).map(|_| connect(path, flags, vault)).collect::<Result<Vec<_>>>()?;
        Ok(Self { writer: Writer::start(connection)?, readers: Readers::new(readers) })
    }

    /// The key that secrets are sealed with.
    pub async fn sealing_key(&self) -> Result<Option<VaultKeyId>> {
        self.readers.read(sealing::key).await
    }

    /// From the commit on, every process seals with this key, which all of them must be able to know.
    pub async fn seal_with(&self, id: VaultKeyId) -> Result<()> {
        self.writer.write(move |db| sealing::set_key(db, id)).await
    }

    /// Seals what some rows hold anew, with the key of now. Begun with the default, and over when it says so.
    pub async fn step_reseal(&self, done: Resealed, rows_max: u32) -> Result<Resealed> {
        self.writer.write(move |db| sealing::step(db, done.clone(), rows_max)).await
    }
}

fn connect(path: &Path, flags: OpenFlags, vault: &Arc<Vault>) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(256);
    sealing::teach(&connection, vault)?;
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // A use case's savepoint keeps the old pages that it changes, nearly always to throw them away:
        // in memory, where the default writes them to a temporary file.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
        // What was erased must not be found in the file: SQLite writes zeros over what it frees.
        connection.pragma_update(None, "secure_delete", "ON")?;
    }
    // A plan may not depend on the values that are bound to it: otherwise SQLite parses and plans such a
    // statement again each time, as with every `LIMIT ?`.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let version = usize::try_from(version).unwrap_or(0);
    if version > MIGRATIONS.len() {
        return Err(StoreError::Refused(format!(
            "it was written by a newer DocExtract (schema {version}, this one knows {}): use that version",
            MIGRATIONS.len()
        )));
    }
    for migration in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", rows::integer(MIGRATIONS.len() as u64)?)?;
    transaction.commit()?;
    Ok(())
}

#[async_trait]
impl Store for SqliteStore {
    async fn create_organisation(&self, command: CreateOrganisation) -> Result<()> {
        self.writer.write(move |db| keys::create_organisation(db, &command)).await
    }

    async fn organisations(&self) -> Result<Vec<Organisation>> {
        self.readers.read(keys::organisations).await
    }

    async fn organisation(&self, org_id: &OrgId) -> Result<Option<Organisation>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| keys::organisation(db, &org_id)).await
    }

    async fn set_plan(&self, command: SetPlan) -> Result<Option<Organisation>> {
        self.writer.write(move |db| plans::set(db, &command)).await
    }

    async fn take_request(&self, org_id: &OrgId, now: Timestamp) -> Result<TakenRequest> {
        let org_id = org_id.clone();
        self.writer.write(move |db| plans::take_request(db, &org_id, now)).await
    }

    async fn create_key(&self, command: CreateKey) -> Result<CreateKeyOutcome> {
        self.writer.write(move |db| keys::create(db, &command)).await
    }

    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<ApiKey>> {
        let hash = hash.clone();
        self.readers.read(move |db| keys::by_hash(db, &hash)).await
    }

    async fn keys(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<ApiKey>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| keys::list(db, &org_id, &page)).await
    }

    async fn touch_keys(&self, used: Vec<(KeyId, Timestamp)>) -> Result<()> {
        self.writer.write(move |db| keys::touch(db, &used)).await
    }

    async fn revoke_key(&self, command: RevokeKey) -> Result<Option<ApiKey>> {
        self.writer.write(move |db| keys::revoke(db, &command)).await
    }

    async fn act(&self, act: Act, entry: AuditEntry) -> Result<ActOutcome> {
        self.writer.write(move |db| acts::act(db, act.clone(), &entry)).await
    }

    async fn record_audit(&self, entries: Vec<AuditEntry>) -> Result<()> {
        self.writer.write(move |db| entries.iter().try_for_each(|entry| acts::note(db, entry))).await
    }

    async fn audit_log(
        &self,
        org_id: &OrgId,
        filter: AuditFilter,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| acts::log(db, &org_id, &filter, &page)).await
    }

    async fn user(&self, which: &UserRef) -> Result<Option<User>> {
        let which = which.clone();
        self.readers.read(move |db| people::user(db, &which)).await
    }

    async fn link_identity(&self, command: LinkIdentity) -> Result<bool> {
        self.writer.write(move |db| people::link_identity(db, &command)).await
    }

    async fn memberships(&self, user_id: &UserId) -> Result<Vec<Membership>> {
        let user_id = user_id.clone();
        self.readers.read(move |db| people::memberships(db, &user_id)).await
    }

    async fn members(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Member>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| people::members(db, &org_id, &page)).await
    }

    async fn member(&self, org_id: &OrgId, user_id: &UserId) -> Result<Option<Member>> {
        let (org_id, user_id) = (org_id.clone(), user_id.clone());
        self.readers.read(move |db| people::member(db, &org_id, &user_id)).await
    }

    async fn has_owner(&self, org_id: &OrgId) -> Result<bool> {
        let org_id = org_id.clone();
        self.readers.read(move |db| people::has_owner(db, &org_id)).await
    }

    async fn invitations(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Invitation>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| people::invitations(db, &org_id, &page)).await
    }

    async fn invitation_by_hash(&self, hash: &TokenHash) -> Result<Option<Invitation>> {
        let hash = hash.clone();
        self.readers.read(move |db| people::invitation_by_hash(db, &hash)).await
    }

    async fn session_by_hash(&self, hash: &TokenHash) -> Result<Option<LiveSession>> {
        let hash = hash.clone();
        self.readers.read(move |db| people::session_by_hash(db, &hash)).await
    }

    async fn sessions(&self, user_id: &UserId, page: PageRequest) -> Result<Page<Session>> {
        let user_id = user_id.clone();
        self.readers.read(move |db| people::sessions(db, &user_id, &page)).await
    }

    async fn touch_sessions(&self, used: Vec<(SessionId, Timestamp)>) -> Result<()> {
        self.writer.write(move |db| people::touch_sessions(db, &used)).await
    }

    async fn switch_session(&self, command: SwitchSession) -> Result<Option<LiveSession>> {
        self.writer.write(move |db| people::switch_session(db, &command)).await
    }

    async fn begin_sign_in(&self, subjects: &SignInSubjects, now: Timestamp) -> Result<SignInGate> {
        let subjects = subjects.clone();
        self.writer.write(move |db| people::begin_sign_in(db, &subjects, now)).await
    }

    async fn prune_accounts(&self, command: PruneAccounts) -> Result<u64> {
        self.writer.write(move |db| people::prune(db, &command)).await
    }

    async fn begin_request(&self, command: BeginRequest) -> Result<BeginRequestOutcome> {
        self.writer.write(move |db| requests::begin(db, &command)).await
    }

    async fn end_request(&self, command: EndRequest) -> Result<FencedOutcome> {
        self.writer.write(move |db| requests::end(db, &command)).await
    }

    async fn prune_requests(&self, before: Timestamp, limit: u32) -> Result<u64> {
        self.writer.write(move |db| requests::prune(db, before, limit)).await
    }

    async fn create_extractor(&self, command: CreateExtractor) -> Result<Extractor> {
        self.writer
            .write(move |db| extractors::create(db, &command.org_id, &command.extractor, command.now))
            .await
    }

    async fn extractor(&self, tenant: &Tenant, which: &ExtractorRef) -> Result<Option<Extractor>> {
        let (tenant, which) = (tenant.clone(), which.clone());
        self.readers.read(move |db| extractors::find(db, &tenant, &which)).await
    }

    async fn extractors(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Extractor>> {
        let tenant = tenant.clone();
        self.readers.read(move |db| extractors::list(db, &tenant, &page)).await
    }

    async fn update_extractor(&self, command: UpdateExtractor) -> Result<Option<Extractor>> {
        self.writer.write(move |db| extractors::update(db, command.clone())).await
    }

    async fn delete_extractor(&self, tenant: &Tenant, id: &ExtractorId) -> Result<DeleteOutcome> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.writer.write(move |db| extractors::delete(db, &tenant, &id)).await
    }

    async fn submit_job(&self, command: SubmitJob) -> Result<SubmitJobOutcome> {
        self.writer.write(move |db| jobs::submit(db, command.clone())).await
    }

    async fn retry_job(&self, command: RetryJob) -> Result<RetryJobOutcome> {
        self.writer.write(move |db| jobs::retry(db, command.clone())).await
    }

    async fn job(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Job>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.readers.read(move |db| jobs::find(db, &tenant, &id)).await
    }

    async fn jobs(&self, tenant: &Tenant, filter: JobFilter, page: PageRequest) -> Result<Page<Job>> {
        let tenant = tenant.clone();
        self.readers.read(move |db| jobs::list(db, &tenant, &filter, &page)).await
    }

    async fn lease_jobs(&self, command: LeaseJobs) -> Result<LeasedJobs> {
        self.writer.write(move |db| jobs::lease(db, command.clone())).await
    }

    async fn finish_job(&self, command: FinishJob) -> Result<FinishJobOutcome> {
        self.writer.write(move |db| jobs::finish(db, command.clone())).await
    }

    async fn note_file(&self, command: NoteFile) -> Result<FencedOutcome> {
        self.writer.write(move |db| jobs::note_file(db, &command)).await
    }

    async fn defer_job(&self, command: DeferJob) -> Result<FencedOutcome> {
        self.writer.write(move |db| jobs::defer(db, &command)).await
    }

    async fn small_document(&self, blob_id: &JobId) -> Result<Option<Vec<u8>>> {
        let blob_id = blob_id.clone();
        self.readers.read(move |db| jobs::small_document(db, &blob_id)).await
    }

    async fn job_fields(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Vec<FieldDefinition>>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.readers.read(move |db| lessons::job_fields(db, &tenant, &id)).await
    }

    async fn correct_job(&self, command: CorrectJob) -> Result<CorrectJobOutcome> {
        self.writer.write(move |db| lessons::correct(db, &command)).await
    }

    async fn lessons(&self, tenant: &Tenant, extractor_id: &ExtractorId) -> Result<Vec<LearntLesson>> {
        let (tenant, extractor_id) = (tenant.clone(), extractor_id.clone());
        self.readers.read(move |db| lessons::list(db, &tenant, &extractor_id)).await
    }

    async fn erase_job(&self, command: EraseJob) -> Result<EraseJobOutcome> {
        self.writer.write(move |db| erasure::erase(db, &command)).await
    }

    async fn erased_blobs(&self, limit: u32) -> Result<Vec<JobId>> {
        self.readers.read(move |db| erasure::blobs(db, limit)).await
    }

    async fn unowned_blobs(&self, blob_ids: Vec<JobId>) -> Result<Vec<JobId>> {
        self.readers.read(move |db| erasure::unowned(db, blob_ids)).await
    }

    async fn forget_blob(&self, blob_id: &JobId) -> Result<()> {
        let blob_id = blob_id.clone();
        self.writer.write(move |db| erasure::forget_blob(db, &blob_id)).await
    }

    async fn account(&self, org_id: &OrgId) -> Result<Option<Account>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| credits::account(db, &org_id)).await
    }

    async fn grant_credits(&self, command: GrantCredits) -> Result<GrantOutcome> {
        self.writer.write(move |db| credits::grant(db, command.clone())).await
    }

    async fn transaction(&self, org_id: &OrgId, id: &TransactionId) -> Result<Option<Transaction>> {
        let (org_id, id) = (org_id.clone(), id.clone());
        self.readers.read(move |db| credits::transaction(db, &org_id, &id)).await
    }

    async fn set_low_balance_threshold(&self, command: SetLowBalanceThreshold) -> Result<Option<Account>> {
        self.writer.write(move |db| credits::set_threshold(db, &command)).await
    }

    async fn transactions(&self, org_id: &OrgId, page: PageRequest) -> Result<Page<Transaction>> {
        let org_id = org_id.clone();
        self.readers.read(move |db| credits::transactions(db, &org_id, &page)).await
    }

    async fn create_webhook(&self, webhook: Webhook) -> Result<CreateWebhookOutcome> {
        self.writer.write(move |db| webhooks::create(db, webhook.clone())).await
    }

    async fn webhook(&self, tenant: &Tenant, id: &WebhookId) -> Result<Option<Webhook>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.readers.read(move |db| webhooks::find(db, &tenant, &id)).await
    }

    async fn webhook_by_url(&self, tenant: &Tenant, url: &str) -> Result<Option<Webhook>> {
        let (tenant, url) = (tenant.clone(), url.to_owned());
        self.readers.read(move |db| webhooks::by_url(db, &tenant, &url)).await
    }

    async fn webhooks(&self, tenant: &Tenant, page: PageRequest) -> Result<Page<Webhook>> {
        let tenant = tenant.clone();
        self.readers.read(move |db| webhooks::list(db, &tenant, &page)).await
    }

    async fn update_webhook(&self, command: UpdateWebhook) -> Result<Option<Webhook>> {
        self.writer.write(move |db| webhooks::update(db, command.clone())).await
    }

    async fn rotate_secret(&self, command: RotateSecret) -> Result<Option<Webhook>> {
        self.writer.write(move |db| webhooks::rotate_secret(db, &command)).await
    }

    async fn delete_webhook(&self, tenant: &Tenant, id: &WebhookId, now: Timestamp) -> Result<DeleteOutcome> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.writer.write(move |db| webhooks::delete(db, &tenant, &id, now)).await
    }

    async fn publish_event(&self, command: PublishEvent) -> Result<Vec<LeasedDelivery>> {
        self.writer.write(move |db| events::publish(db, &command.event, &command.send_lease)).await
    }

    async fn event(&self, tenant: &Tenant, id: &EventId) -> Result<Option<Event>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.readers.read(move |db| events::find(db, &tenant, &id)).await
    }

    async fn events(&self, tenant: &Tenant, filter: EventFilter, page: PageRequest) -> Result<Page<Event>> {
        let tenant = tenant.clone();
        self.readers.read(move |db| events::list(db, &tenant, &filter, &page)).await
    }

    async fn delivery(&self, tenant: &Tenant, id: &DeliveryId) -> Result<Option<(Delivery, Vec<Attempt>)>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.readers.read(move |db| deliveries::find_with_attempts(db, &tenant, &id)).await
    }

    async fn deliveries(
        &self,
        tenant: &Tenant,
        filter: DeliveryFilter,
        page: PageRequest,
    ) -> Result<Page<Delivery>> {
        let tenant = tenant.clone();
        self.readers.read(move |db| deliveries::list(db, &tenant, &filter, &page)).await
    }

    async fn claim_deliveries(&self, command: ClaimDeliveries) -> Result<Vec<LeasedDelivery>> {
        self.writer.write_lease(move |db| deliveries::claim(db, &command)).await
    }

    async fn release_deliveries(&self, leases: Vec<(DeliveryId, String)>) -> Result<()> {
        self.writer.write_lease(move |db| deliveries::release(db, &leases)).await
    }

    async fn record_attempts(&self, command: RecordAttempts) -> Result<RecordedAttempts> {
        let details = command.attempts.iter().map(|record| json_text(&record.attempt));
        let details = details.collect::<Result<Vec<String>>>()?;
        self.writer.write(move |db| attempts::record(db, &command, &details)).await
    }

    async fn attempt_counts(&self, hours: CountedHours) -> Result<Option<Vec<AttemptCount>>> {
        self.readers.read(move |db| stats::counts(db, &hours)).await
    }

    async fn record_test(&self, command: RecordTest) -> Result<()> {
        self.writer.write(move |db| deliveries::record_test(db, &command)).await
    }

    async fn replay_delivery(&self, command: ReplayDelivery) -> Result<ReplayOutcome> {
        self.writer.write(move |db| deliveries::replay(db, command.clone())).await
    }

    async fn create_replay(&self, replay: Replay) -> Result<CreateReplayOutcome> {
        self.writer.write(move |db| replays::create(db, replay.clone())).await
    }

    async fn replay(&self, tenant: &Tenant, id: &ReplayId) -> Result<Option<Replay>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.readers.read(move |db| replays::find(db, &tenant, &id)).await
    }

    async fn cancel_replay(&self, tenant: &Tenant, id: &ReplayId, now: Timestamp) -> Result<Option<Replay>> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.writer.write(move |db| replays::cancel(db, &tenant, &id, now)).await
    }

    async fn step_skips(&self) -> Result<bool> {
        self.writer.write(skips::step).await
    }

    async fn step_replay(&self, command: StepReplay) -> Result<Option<Replay>> {
        self.writer.write(move |db| replays::step(db, command.clone())).await
    }

    async fn release_node(&self, node: &str, now: Timestamp) -> Result<(u64, u64)> {
        let node = node.to_owned();
        self.writer
            .write(move |db| {
                requests::release_node(db, &node)?;
                Ok((jobs::release_node(db, &node, now)?, deliveries::release_node(db, &node)?))
            })
            .await
    }

    async fn prune_log(&self, command: PruneLog) -> Result<PrunedLog> {
        self.writer.write(move |db| deliveries::prune_log(db, &command)).await
    }

    async fn next_due_at(&self) -> Result<NextDue> {
        let next_due_at = |db: &Connection| {
            Ok(NextDue {
                job: jobs::next_due_at(db, false)?,
                fetch: jobs::next_due_at(db, true)?,
                delivery: deliveries::next_due_at(db)?,
            })
        };
        self.readers.read(next_due_at).await
    }

    async fn check_writable(&self) -> Result<()> {
        // Taking the write lock and committing a change is what a real use case does. A reader has to fetch
        // the page that was changed from the file again: a disk that takes writes need not give them back.
        self.writer.write(|db| Ok(db.pragma_update(None, "application_id", APPLICATION_ID)?)).await?;
        let read =
            self.readers.read(|db| Ok(db.pragma_query_value(None, "application_id", |row| row.get(0))?));
        match read.await? {
            APPLICATION_ID => Ok(()),
            other => Err(StoreError::Unavailable(format!("what was just written reads as {other}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use docextract_model::audit::{Actor, AuditAction};
    use docextract_model::delivery::DeliveryStatus;
    use docextract_model::job::JobStatus;
    use docextract_model::tenant::Mode;

    use super::*;

    /// The name of the index that a plan reads, which must be the only thing that it does: sorting means
    /// that everything is read for one page.
    fn index_of(plan: &str) -> &str {
        let mut words = plan.split_whitespace().skip_while(|word| *word != "INDEX").skip(1);
        assert!(!plan.contains("SCAN"), "{plan}");
        words.next().unwrap_or(plan)
    }

    fn empty_database(folder: &Path) -> Connection {
        let vault = Arc::new(Vault::fixed(Vec::new()));
        let mut db = connect(&folder.join("db"), OpenFlags::default(), &vault).unwrap();
        migrate(&mut db).unwrap();
        db
    }

    /// What is pending may be very much, and a start waits for this.
    #[test]
    fn the_leases_of_a_node_are_found_without_reading_rows() {
        let folder = tempfile::tempdir().unwrap();
        let plan = rows::plan_of(&empty_database(folder.path()), deliveries::LEASED_BY_NODE, ["node_1"]);
        assert_eq!(plan, "SCAN deliveries USING COVERING INDEX deliveries_pending");
    }

    #[test]
    fn every_filter_of_a_list_has_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let db = empty_database(folder.path());
        let tenant = Tenant { org_id: OrgId::parse("org_1").unwrap(), mode: Mode::Live };
        let webhook_id = WebhookId::parse("wh_1").ok();
        let event_type = Some("job.failed".to_owned());
        let (failed, any) = (Some(DeliveryStatus::Failed), DeliveryFilter::default());
        for (filter, index) in [
            (any.clone(), "deliveries_of_tenant"),
            (DeliveryFilter { status: failed, ..any.clone() }, "deliveries_failed"),
            (DeliveryFilter { event_type: event_type.clone(), ..any.clone() }, "deliveries_of_type"),
            (DeliveryFilter { event_id: EventId::parse("evt_1").ok(), ..any.clone() }, "deliveries_of_event"),
            (DeliveryFilter { webhook_id: webhook_id.clone(), ..any.clone() }, "deliveries_of_webhook"),
            (DeliveryFilter { webhook_id, status: failed, ..any }, "deliveries_failed_of_webhook"),
        ] {
            let plan = deliveries::list_query(&tenant, &filter).plan(&db);
            assert_eq!(index_of(&plan), index, "{filter:?}: {plan}");
            let is_sorted = plan.contains("TEMP B-TREE");
            assert!(!is_sorted || filter.event_id.is_some(), "{filter:?}: {plan}");
        }
        let plan = deliveries::pending_query(&tenant, &DeliveryFilter::default()).plan(&db);
        for index in ["webhooks_ever", "deliveries_pending"] {
            assert!(plan.contains(index) && !plan.contains("SCAN deliveries"), "{plan}");
        }
        let plan =
            events::list_query(&tenant, &EventFilter { event_type, ..EventFilter::default() }).plan(&db);
        assert_eq!(index_of(&plan), "events_of_type", "{plan}");
        let (actor, target) = (Some(Actor::System), Some("key_1".to_owned()));
        let action = Some(AuditAction::KeyCreated);
        for (filter, index) in [
            (AuditFilter::default(), "audit_log_of_organisation"),
            (AuditFilter { actor: actor.clone(), ..AuditFilter::default() }, "audit_log_of_actor"),
            (AuditFilter { action, ..AuditFilter::default() }, "audit_log_of_action"),
            (AuditFilter { target, ..AuditFilter::default() }, "audit_log_of_target"),
        ] {
            let plan = acts::log_query(&tenant.org_id, &filter).plan(&db);
            assert_eq!(index_of(&plan), index, "{filter:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
        }
        let extractor_id = ExtractorId::parse("ext_1").ok();
        for (filter, index) in [
            (JobFilter::default(), "jobs_of_tenant"),
            (JobFilter { status: Some(JobStatus::Failed), ..JobFilter::default() }, "jobs_failed"),
            (JobFilter { status: Some(JobStatus::Queued), ..JobFilter::default() }, "jobs_queued"),
            (JobFilter { extractor_id, ..JobFilter::default() }, "jobs_of_extractor"),
        ] {
            let plan = jobs::list_query(&tenant, &filter).plan(&db);
            assert_eq!(index_of(&plan), index, "{filter:?}: {plan}");
        }
    }
}
