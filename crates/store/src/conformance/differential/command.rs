//! A use case of the store as data, and what came out of it.

use docextract_model::credit::Account;
use docextract_model::delivery::Delivery;
use docextract_model::event::Event;
use docextract_model::id::{DeliveryId, ExtractorId, JobId, KeyId, OrgId, ReplayId, WebhookId};
use docextract_model::job::Job;
use docextract_model::key::ApiKey;
use docextract_model::plan::TakenRequest;
use docextract_model::replay::Replay;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::Webhook;

use crate::commands::{
    BeginRequest, BeginRequestOutcome, ClaimDeliveries, CorrectJob, CorrectJobOutcome, CreateExtractor,
    CreateKey, CreateKeyOutcome, CreateOrganisation, CreateReplayOutcome, CreateWebhookOutcome, DeferJob,
    DeleteOutcome, DeliveryFilter, EndRequest, EraseJob, EraseJobOutcome, EventFilter, Extractor,
    FencedOutcome, FinishJob, FinishJobOutcome, GrantCredits, GrantOutcome, JobFilter, LearntLesson,
    LeaseJobs, LeasedDelivery, LeasedJobs, NoteFile, Organisation, Page, PageRequest, PruneLog, PrunedLog,
    PublishEvent, RecordAttempts, RecordTest, RecordedAttempts, ReplayDelivery, ReplayOutcome, RetryJob,
    RetryJobOutcome, RevokeKey, RotateSecret, SetLowBalanceThreshold, SetPlan, StepReplay, SubmitJob,
    SubmitJobOutcome, UpdateExtractor, UpdateWebhook,
};
use crate::{Result, Store};

#[derive(Debug, Clone)]
pub enum Command {
    CreateOrganisation(CreateOrganisation),
    SetPlan(SetPlan),
    TakeRequest(OrgId, Timestamp),
    BeginRequest(BeginRequest),
    EndRequest(EndRequest),
    PruneRequests(Timestamp, u32),
    CreateKey(CreateKey),
    TouchKeys(Vec<(KeyId, Timestamp)>),
    RevokeKey(RevokeKey),
    CreateExtractor(CreateExtractor),
    UpdateExtractor(UpdateExtractor),
    DeleteExtractor(Tenant, ExtractorId),
    SubmitJob(SubmitJob),
    RetryJob(RetryJob),
    LeaseJobs(LeaseJobs),
    FinishJob(FinishJob),
    DeferJob(DeferJob),
    NoteFile(NoteFile),
    CorrectJob(CorrectJob),
    Lessons(Tenant, ExtractorId),
    EraseJob(EraseJob),
    GrantCredits(GrantCredits),
    SetLowBalanceThreshold(SetLowBalanceThreshold),
    CreateWebhook(Webhook),
    UpdateWebhook(UpdateWebhook),
    RotateSecret(RotateSecret),
    DeleteWebhook(Tenant, WebhookId, Timestamp),
    PublishEvent(PublishEvent),
    ClaimDeliveries(ClaimDeliveries),
    ReleaseDeliveries(Vec<(DeliveryId, String)>),
    RecordAttempts(RecordAttempts),
    RecordTest(RecordTest),
    ReplayDelivery(ReplayDelivery),
    ReleaseNode(String, Timestamp),
    PruneLog(PruneLog),
    CreateReplay(Replay),
    CancelReplay(Tenant, ReplayId, Timestamp),
    StepReplay(StepReplay),
    ListJobs(Tenant, JobFilter, PageRequest),
    ListEvents(Tenant, EventFilter, PageRequest),
    ListDeliveries(Tenant, DeliveryFilter, PageRequest),
}

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Done,
    OrganisationAsItIs(Option<Organisation>),
    Taken(TakenRequest),
    Begun(BeginRequestOutcome),
    PrunedRequests(u64),
    Key(CreateKeyOutcome),
    KeyAsItIs(Option<ApiKey>),
    ExtractorAsItIs(Option<Extractor>),
    Deleted(DeleteOutcome),
    Submitted(SubmitJobOutcome),
    Retried(RetryJobOutcome),
    Leased(LeasedJobs),
    Finished(FinishJobOutcome),
    Fenced(Vec<FencedOutcome>),
    Corrected(CorrectJobOutcome),
    Lessons(Vec<LearntLesson>),
    Erased(EraseJobOutcome, Vec<JobId>),
    Recorded(RecordedAttempts),
    Granted(GrantOutcome),
    AccountAsItIs(Option<Account>),
    CreatedWebhook(CreateWebhookOutcome),
    WebhookAsItIs(Option<Webhook>),
    ToSend(Vec<LeasedDelivery>),
    Replayed(ReplayOutcome),
    Released(u64, u64),
    Pruned(PrunedLog),
    CreatedReplay(CreateReplayOutcome),
    ReplayAsItIs(Option<Replay>),
    Jobs(Page<Job>),
    Events(Page<Event>),
    Deliveries(Page<Delivery>),
    Error(String),
}

impl Outcome {
    /// Deliveries that the outcome hands to its caller to be sent.
    pub(super) fn to_send(&self) -> Vec<LeasedDelivery> {
        match self {
            Self::Submitted(SubmitJobOutcome::Submitted { to_send, .. })
            | Self::Retried(RetryJobOutcome::Submitted { to_send, .. })
            | Self::Leased(LeasedJobs { to_send, .. })
            | Self::Finished(
                FinishJobOutcome::Finished { to_send, .. } | FinishJobOutcome::Held { to_send, .. },
            )
            | Self::Recorded(RecordedAttempts { to_send, .. })
            | Self::ToSend(to_send) => to_send.clone(),
            Self::Replayed(ReplayOutcome::Replayed { to_send, .. }) => vec![to_send.clone()],
            Self::Done
            | Self::OrganisationAsItIs(_)
            | Self::Taken(_)
            | Self::Begun(_)
            | Self::PrunedRequests(_)
            | Self::Key(_)
            | Self::KeyAsItIs(_)
            | Self::ExtractorAsItIs(_)
            | Self::Deleted(_)
            | Self::Submitted(_)
            | Self::Retried(_)
            | Self::Finished(_)
            | Self::Fenced(_)
            | Self::Corrected(_)
            | Self::Lessons(_)
            | Self::Erased(..)
            | Self::Granted(_)
            | Self::AccountAsItIs(_)
            | Self::CreatedWebhook(_)
            | Self::WebhookAsItIs(_)
            | Self::Replayed(_)
            | Self::Released(..)
            | Self::Pruned(_)
            | Self::CreatedReplay(_)
            | Self::ReplayAsItIs(_)
            | Self::Jobs(_)
            | Self::Events(_)
            | Self::Deliveries(_)
            | Self::Error(_) => Vec::new(),
        }
    }
}

/// Does a command.
pub async fn apply(store: &dyn Store, command: Command) -> Outcome {
    try_apply(store, command).await.unwrap_or_else(|error| Outcome::Error(error.to_string()))
}

async fn try_apply(store: &dyn Store, command: Command) -> Result<Outcome> {
    Ok(match command {
        Command::CreateOrganisation(command) => {
            store.create_organisation(command).await?;
            Outcome::Done
        }
        Command::SetPlan(command) => Outcome::OrganisationAsItIs(store.set_plan(command).await?),
        Command::TakeRequest(org_id, now) => Outcome::Taken(store.take_request(&org_id, now).await?),
        Command::BeginRequest(command) => Outcome::Begun(store.begin_request(command).await?),
        Command::EndRequest(command) => Outcome::Fenced(vec![store.end_request(command).await?]),
        Command::PruneRequests(before, limit) => {
            Outcome::PrunedRequests(store.prune_requests(before, limit).await?)
        }
        Command::CreateKey(command) => Outcome::Key(store.create_key(command).await?),
        Command::TouchKeys(used) => {
            store.touch_keys(used).await?;
            Outcome::Done
        }
        Command::RevokeKey(command) => Outcome::KeyAsItIs(store.revoke_key(command).await?),
        Command::CreateExtractor(command) => {
            Outcome::ExtractorAsItIs(Some(store.create_extractor(command).await?))
        }
        Command::UpdateExtractor(command) => Outcome::ExtractorAsItIs(store.update_extractor(command).await?),
        Command::DeleteExtractor(tenant, id) => Outcome::Deleted(store.delete_extractor(&tenant, &id).await?),
        Command::SubmitJob(command) => Outcome::Submitted(store.submit_job(command).await?),
        Command::RetryJob(command) => Outcome::Retried(store.retry_job(command).await?),
        Command::LeaseJobs(command) => Outcome::Leased(store.lease_jobs(command).await?),
        Command::FinishJob(command) => Outcome::Finished(store.finish_job(command).await?),
        Command::CorrectJob(command) => Outcome::Corrected(store.correct_job(command).await?),
        Command::Lessons(tenant, id) => Outcome::Lessons(store.lessons(&tenant, &id).await?),
        Command::EraseJob(command) => {
            let outcome = store.erase_job(command).await?;
            Outcome::Erased(outcome, store.erased_blobs(100).await?)
        }
        Command::DeferJob(command) => Outcome::Fenced(vec![store.defer_job(command).await?]),
        Command::NoteFile(command) => Outcome::Fenced(vec![store.note_file(command).await?]),
        Command::GrantCredits(command) => Outcome::Granted(store.grant_credits(command).await?),
        Command::SetLowBalanceThreshold(command) => {
            Outcome::AccountAsItIs(store.set_low_balance_threshold(command).await?)
        }
        Command::CreateWebhook(webhook) => Outcome::CreatedWebhook(store.create_webhook(webhook).await?),
        Command::UpdateWebhook(command) => Outcome::WebhookAsItIs(store.update_webhook(command).await?),
        Command::RotateSecret(command) => Outcome::WebhookAsItIs(store.rotate_secret(command).await?),
        Command::DeleteWebhook(tenant, id, now) => {
            Outcome::Deleted(store.delete_webhook(&tenant, &id, now).await?)
        }
        Command::PublishEvent(command) => Outcome::ToSend(store.publish_event(command).await?),
        Command::ClaimDeliveries(command) => Outcome::ToSend(store.claim_deliveries(command).await?),
        Command::ReleaseDeliveries(leases) => {
            store.release_deliveries(leases).await?;
            Outcome::Done
        }
        Command::RecordAttempts(command) => Outcome::Recorded(store.record_attempts(command).await?),
        Command::RecordTest(command) => {
            store.record_test(command).await?;
            Outcome::Done
        }
        Command::ReplayDelivery(command) => Outcome::Replayed(store.replay_delivery(command).await?),
        Command::ReleaseNode(node, now) => {
            let (jobs, deliveries) = store.release_node(&node, now).await?;
            Outcome::Released(jobs, deliveries)
        }
        Command::CreateReplay(replay) => Outcome::CreatedReplay(store.create_replay(replay).await?),
        Command::CancelReplay(tenant, id, now) => {
            Outcome::ReplayAsItIs(store.cancel_replay(&tenant, &id, now).await?)
        }
        Command::StepReplay(command) => Outcome::ReplayAsItIs(store.step_replay(command).await?),
        Command::PruneLog(command) => Outcome::Pruned(store.prune_log(command).await?),
        Command::ListJobs(tenant, filter, page) => Outcome::Jobs(store.jobs(&tenant, filter, page).await?),
        Command::ListEvents(tenant, filter, page) => {
            Outcome::Events(store.events(&tenant, filter, page).await?)
        }
        Command::ListDeliveries(tenant, filter, page) => {
            Outcome::Deliveries(store.deliveries(&tenant, filter, page).await?)
        }
    })
}
