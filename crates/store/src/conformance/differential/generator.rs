//! The sequence of commands that belongs to a seed.
//!
//! Two organisations, a handful of names and a few steps of time make commands meet: leases run
//! out while a worker is at it, webhooks are disabled with attempts on the wire, balances hover
//! around zero. Lease tokens are never used twice, as in production; what is named wrongly is the
//! token of an earlier lease, or an object of another tenant.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use docextract_model::delivery::DeliveryStatus;
use docextract_model::document_password::DocumentPassword;
use docextract_model::event::Event;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::{
    DeliveryId, ExtractorId, Id, IdBlock, IdSequence, JobId, KeyId, OrgId, ReplayId, WebhookId,
};
use docextract_model::job::JobStatus;
use docextract_model::json::RawJson;
use docextract_model::key::{ApiKey, KeyHash, Scope};
use docextract_model::limits::WEBHOOK_FAILING_MS_MAX;
use docextract_model::plan::Plan;
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::webhook::{
    ClientCertificate, DisabledReason, Secret, Webhook, WebhookHeaders, WebhookStatus,
};
use rust_decimal::Decimal;

use super::command::{Command, Outcome};
use crate::Store;
use crate::commands::{
    AfterAttempt, BeginRequest, ClaimDeliveries, CorrectJob, CreateExtractor, CreateKey, CreateOrganisation,
    DeferJob, DeliveryFilter, EndRequest, EraseJob, EventFilter, ExtractorRef, FINISH_JOB_IDS, FinishJob,
    GrantCredits, JobEnd, JobFilter, KeptAnswer, Lease, LeaseJobs, LeasedDelivery, NewExtractor, NoteFile,
    PageRequest, PruneLog, PublishEvent, RecordAttempt, RecordAttempts, RecordTest, ReplayDelivery,
    RequestEnd, RetryJob, RevokeKey, RotateSecret, SUBMIT_JOB_IDS, SetLowBalanceThreshold, SetPlan,
    StatusChange, StepReplay, SubmitJob, UpdateExtractor, UpdateWebhook,
};
use crate::conformance::bench::{ALL, START, attempt_at, definitions, document_type, result};

/// The document types that sequences name; `form` is nobody's at first.
pub(super) const DOCUMENT_TYPES: [&str; 3] = ["invoice", "receipt", "form"];
const NODES: [&str; 2] = ["node-a", "node-b"];
const URLS: [&str; 2] = ["https://one.example/", "https://two.example/"];
const SUBSCRIPTIONS: [&[&str]; 5] = [
    &["*"],
    &["job.completed", "credits.low_balance"],
    &["credits.depleted", "job.failed", "webhook.disabled"],
    &["order.paid"],
    &["order.paid", "*"],
];
const EVENT_TYPES: [&str; 3] = ["order.paid", "job.completed", "credits.depleted"];

/// SplitMix64: a seed gives the same numbers on every machine and with every version of anything.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or(0)
    }

    /// True once in `n`.
    fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        self.maybe_pick(from).unwrap()
    }

    fn maybe_pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let index = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX)) as usize;
        from.get(index).cloned()
    }
}

#[derive(Debug)]
pub struct Generator {
    dice: Dice,
    now: Timestamp,
    ids: IdSequence,
    leases: u32,
    /// Live sides are named more often, because they have credits.
    tenants: Vec<Tenant>,
    prelude: Vec<Command>,
    keys: Vec<(OrgId, KeyId)>,
    extractors: Vec<(Tenant, ExtractorId)>,
    jobs: Vec<(Tenant, JobId)>,
    /// Leases of jobs, also those that were lost since.
    working: Vec<(JobId, String)>,
    webhooks: Vec<(Tenant, WebhookId)>,
    /// Leases of deliveries, also those that were lost since.
    sending: Vec<LeasedDelivery>,
    replays: Vec<(Tenant, ReplayId)>,
    /// Tenant, key and lease of requests that were begun.
    requests: Vec<(Tenant, String, String)>,
    /// The last grant, which may come again.
    granted: Option<GrantCredits>,
}

impl Generator {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut generator = Self {
            dice: Dice(seed),
            now: START,
            ids: IdSequence::default(),
            leases: 0,
            tenants: Vec::new(),
            prelude: Vec::new(),
            keys: Vec::new(),
            extractors: Vec::new(),
            jobs: Vec::new(),
            working: Vec::new(),
            webhooks: Vec::new(),
            sending: Vec::new(),
            replays: Vec::new(),
            requests: Vec::new(),
            granted: None,
        };
        // Taken from the end: two organisations, credits for the first, and a webhook of each live side.
        let organisations = [generator.organisation(), generator.organisation()];
        let webhook = generator.create_webhook();
        let grant = generator.grant();
        generator.prelude.extend([webhook, grant]);
        generator.prelude.extend(organisations);
        generator
    }

    /// The next command; the reference model says what there is to be named.
    pub async fn next(&mut self, reference: &dyn Store) -> Command {
        if let Some(command) = self.prelude.pop() {
            return command;
        }
        if self.dice.one_in(3) {
            self.pass_time();
        }
        match self.dice.below(179) {
            171..176 => self.correct_job(),
            176..179 => self.lessons(),
            137..139 => self.create_replay(),
            139 => self.cancel_replay(),
            140..145 => self.step_replay(),
            145..149 => self.set_plan(),
            165..171 => self.erase_job(),
            152..158 => self.begin_request(),
            158..164 => self.end_request(),
            164 => {
                let before = self.now.minus_ms(self.dice.pick(&[0, 60_000, 3_600_000]));
                Command::PruneRequests(before, self.dice.pick(&[1, 50]))
            }
            149..152 => Command::TakeRequest(self.tenant().org_id, self.now),
            0..16 => self.submit(),
            16..22 => self.retry(),
            22..36 => self.lease_jobs(),
            36..52 => self.finish(),
            52..55 => self.defer(),
            55..60 => self.grant(),
            60..63 => self.threshold(),
            63..67 => self.create_webhook(),
            67..75 => self.update_webhook(),
            75..77 => self.rotate_secret(),
            77..79 => self.delete_webhook(),
            79..87 => self.publish(),
            87..95 => self.claim(),
            95..97 => self.release_deliveries(),
            97..111 => self.record(),
            111..113 => self.record_test(),
            113..117 => self.replay(reference).await,
            117 => Command::ReleaseNode(self.dice.pick(&NODES).to_owned(), self.now),
            118 => self.prune_log(),
            119 => self.create_extractor(),
            120..126 => self.update_extractor(),
            126..129 => self.delete_extractor(),
            129 => self.create_key(),
            130 => self.revoke_key(),
            131 => self.touch_keys(),
            132..134 => self.list_jobs(),
            134 => self.list_events(),
            _ => self.list_deliveries(),
        }
    }

    /// Takes note of the leases that came out of a command.
    pub fn learn(&mut self, outcome: &Outcome) {
        self.sending.extend(outcome.to_send());
        if let Outcome::Leased(leased) = outcome {
            let token = format!("lease-{}", self.leases - 1);
            self.working.extend(leased.jobs.iter().map(|one| (one.job.id.clone(), token.clone())));
        }
    }

    // ---- what commands are made of ----

    /// Mostly forward, by steps that leases, retries and streaks are sensitive to; clocks also go back.
    fn pass_time(&mut self) {
        let steps = [1, 1_000, 5_000, 60_000, 3_600_000, WEBHOOK_FAILING_MS_MAX / 2, WEBHOOK_FAILING_MS_MAX];
        self.now = if self.dice.one_in(12) {
            self.now.minus_ms(2_000)
        } else {
            self.now.plus_ms(self.dice.pick(&steps))
        };
    }

    fn block(&mut self, count: u32) -> IdBlock {
        self.ids.reserve(self.now, [0; 10], count)
    }

    fn id<I: Id>(&mut self) -> I {
        self.block(1).take().unwrap()
    }

    fn lease(&mut self) -> Lease {
        self.leases += 1;
        let duration_ms = self.dice.pick(&[1_000, 60_000, 60_000]);
        Lease {
            node: self.dice.pick(&NODES).to_owned(),
            token: format!("lease-{}", self.leases),
            until: self.now.plus_ms(duration_ms),
        }
    }

    fn tenant(&mut self) -> Tenant {
        self.dice.pick(&self.tenants)
    }

    /// Mostly whose it is, and now and then somebody else.
    fn mostly(&mut self, tenant: Tenant) -> Tenant {
        if self.dice.one_in(12) { self.tenant() } else { tenant }
    }

    fn some<T>(&mut self, value: T) -> Option<T> {
        self.dice.one_in(2).then_some(value)
    }

    fn instant(&mut self) -> Timestamp {
        let ago_ms = self.dice.pick(&[0, 1_000, 3_600_000]);
        self.now.minus_ms(ago_ms)
    }

    async fn any_delivery(&mut self, reference: &dyn Store) -> (Tenant, DeliveryId) {
        let tenant = self.tenant();
        let status = self.dice.pick(&DeliveryStatus::ALL);
        let filter = DeliveryFilter { status: Some(status), ..DeliveryFilter::default() };
        let deliveries = reference.deliveries(&tenant, filter, ALL).await.unwrap();
        let id = self.dice.maybe_pick(&deliveries.items).map(|delivery| delivery.id);
        let id = id.unwrap_or_else(|| self.id());
        (self.mostly(tenant), id)
    }

    // ---- organisations, keys, extractors ----

    fn organisation(&mut self) -> Command {
        let id: OrgId = self.id();
        let mut extractors = Vec::new();
        for mode in Mode::ALL {
            let tenant = Tenant { org_id: id.clone(), mode };
            let weight = if mode == Mode::Live { 4 } else { 1 };
            self.tenants.extend(std::iter::repeat_n(tenant.clone(), weight));
            for kind in ["invoice", "receipt"] {
                extractors.push(self.new_extractor(&tenant, kind, true));
            }
        }
        Command::CreateOrganisation(CreateOrganisation {
            id,
            name: "Org".to_owned(),
            extractors,
            now: self.now,
        })
    }

    fn new_extractor(&mut self, tenant: &Tenant, kind: &str, ready_made: bool) -> NewExtractor {
        let id: ExtractorId = self.id();
        self.extractors.push((tenant.clone(), id.clone()));
        NewExtractor {
            id,
            mode: tenant.mode,
            name: "Extractor".to_owned(),
            document_type: document_type(kind),
            field_definitions: definitions("total_amount"),
            ready_made,
            created_by: "system".to_owned(),
        }
    }

    fn create_extractor(&mut self) -> Command {
        let tenant = self.tenant();
        let (kind, ready_made) = (self.dice.pick(&DOCUMENT_TYPES), self.dice.one_in(2));
        let extractor = self.new_extractor(&tenant, kind, ready_made);
        Command::CreateExtractor(CreateExtractor { org_id: tenant.org_id, extractor, now: self.now })
    }

    fn update_extractor(&mut self) -> Command {
        let (tenant, id) = self.dice.pick(&self.extractors);
        let (kind, field) = (self.dice.pick(&DOCUMENT_TYPES), self.dice.pick(&["total_amount", "date"]));
        let is_active = self.dice.one_in(2);
        Command::UpdateExtractor(UpdateExtractor {
            tenant: self.mostly(tenant),
            id,
            name: self.some("Renamed".to_owned()),
            document_type: if self.dice.one_in(4) { Some(document_type(kind)) } else { None },
            field_definitions: self.some(definitions(field)),
            is_active: self.some(is_active),
            now: self.now,
        })
    }

    fn delete_extractor(&mut self) -> Command {
        let (tenant, id) = self.dice.pick(&self.extractors);
        Command::DeleteExtractor(self.mostly(tenant), id)
    }

    fn create_key(&mut self) -> Command {
        let id: KeyId = self.id();
        let tenant = self.tenant();
        let org_id = if self.dice.one_in(6) { self.id() } else { tenant.org_id };
        self.keys.push((org_id.clone(), id.clone()));
        let key = ApiKey {
            id: id.clone(),
            org_id,
            name: "Key".to_owned(),
            mode: tenant.mode,
            scopes: vec![Scope::Admin],
            hint: "sk_live_0a0b".to_owned(),
            created_at: self.now,
            created_by: "system".to_owned(),
            last_used_at: None,
            expires_at: self.some(self.now),
            revoked_at: None,
        };
        Command::CreateKey(CreateKey { key, hash: KeyHash::of(id.as_str()) })
    }

    fn revoke_key(&mut self) -> Command {
        let Some((org_id, key_id)) = self.dice.maybe_pick(&self.keys) else { return self.create_key() };
        let org_id = if self.dice.one_in(6) { self.tenant().org_id } else { org_id };
        Command::RevokeKey(RevokeKey { org_id, key_id, now: self.now })
    }

    fn touch_keys(&mut self) -> Command {
        let used = self.keys.clone().into_iter().map(|(_, id)| (id, self.instant())).collect();
        Command::TouchKeys(used)
    }

    // ---- jobs and credits ----

    fn submit(&mut self) -> Command {
        let (tenant, extractor) = if self.dice.one_in(3) {
            let (tenant, id) = self.dice.pick(&self.extractors);
            (self.mostly(tenant), ExtractorRef::Id(id))
        } else {
            let kind = self.dice.pick(&["invoice", "invoice", "receipt", "receipt", "receipt", "form"]);
            (self.tenant(), ExtractorRef::ReadyMade(document_type(kind)))
        };
        let id: JobId = self.id();
        self.jobs.push((tenant.clone(), id.clone()));
        let source_url = self.dice.one_in(4).then(|| "https://files.example.com/scan.pdf".to_owned());
        let is_small = source_url.is_none() && self.dice.one_in(2);
        Command::SubmitJob(SubmitJob {
            id,
            tenant,
            extractor,
            source_url,
            document: is_small.then(|| b"%PDF-1.7".to_vec()),
            filename: self.some("scan.pdf".to_owned()),
            mime_type: "application/pdf".to_owned(),
            file_size_bytes: 1_234,
            metadata: RawJson::empty_object(),
            password: self.password(),
            now: self.now,
            ids: self.block(SUBMIT_JOB_IDS),
            send_lease: self.lease(),
        })
    }

    fn retry(&mut self) -> Command {
        let worked_on = self.dice.maybe_pick(&self.working).map(|(job_id, _)| job_id);
        let likely = self.jobs.iter().find(|(_, id)| Some(id) == worked_on.as_ref()).cloned();
        let Some((tenant, job_id)) = likely.or_else(|| self.dice.maybe_pick(&self.jobs)) else {
            return self.submit();
        };
        let new_id: JobId = self.id();
        self.jobs.push((tenant.clone(), new_id.clone()));
        Command::RetryJob(RetryJob {
            tenant: self.mostly(tenant),
            job_id,
            new_id,
            password: self.password(),
            now: self.now,
            ids: self.block(SUBMIT_JOB_IDS),
            send_lease: self.lease(),
        })
    }

    fn password(&mut self) -> Option<DocumentPassword> {
        let asked = self.dice.one_in(3);
        asked.then(|| DocumentPassword::parse(format!("p-{}", self.now.unix_ms())).ok()).flatten()
    }

    fn lease_jobs(&mut self) -> Command {
        let limit = self.dice.pick(&[1, 2, 10]);
        // The lease before the last is the jobs': `learn` counts on it.
        let (lease, send_lease) = (self.lease(), self.lease());
        Command::LeaseJobs(LeaseJobs {
            awaiting_file: self.dice.one_in(4),
            limit,
            now: self.now,
            lease,
            ids: self.block(limit),
            send_lease,
        })
    }

    /// A job and a token: mostly of a lease that is likely to hold, sometimes of any other.
    fn worked_on(&mut self) -> Option<(JobId, String)> {
        if self.dice.one_in(8) {
            let (job_id, _) = self.dice.maybe_pick(&self.working)?;
            let (_, token) = self.dice.maybe_pick(&self.working)?;
            return Some((job_id, token));
        }
        let recent = self.working.len().saturating_sub(4);
        self.dice.maybe_pick(&self.working[recent..])
    }

    fn finish(&mut self) -> Command {
        let Some((job_id, lease_token)) = self.worked_on() else { return self.lease_jobs() };
        let end = if self.dice.one_in(4) {
            JobEnd::Failed(Failure::new(self.dice.pick(&FailureCode::ALL)))
        } else {
            let (pages, confidence) = (self.dice.pick(&[0, 1, 1, 1, 5, 6, 11, 21]), self.dice.below(10_001));
            JobEnd::Completed(result(pages, confidence))
        };
        Command::FinishJob(FinishJob {
            job_id,
            lease_token,
            end,
            lessons_used: self.dice.maybe_pick(&self.jobs).map(|(_, id)| id).into_iter().collect(),
            mime_type: self.some("image/png".to_owned()),
            processing_time_ms: u64::from(self.dice.below(1_000)),
            now: self.now,
            ids: self.block(FINISH_JOB_IDS),
            send_lease: self.lease(),
        })
    }

    fn defer(&mut self) -> Command {
        let Some((job_id, lease_token)) = self.worked_on() else { return self.lease_jobs() };
        if self.dice.one_in(2) {
            let file_size_bytes = u64::from(self.dice.below(1_000));
            return Command::NoteFile(NoteFile { job_id, lease_token, file_size_bytes });
        }
        let due_at = self.now.plus_ms(self.dice.pick(&[0, 1_000, 30_000]));
        Command::DeferJob(DeferJob { job_id, lease_token, due_at })
    }

    fn grant(&mut self) -> Command {
        if let Some(again) = self.granted.clone()
            && self.dice.one_in(8)
        {
            return Command::GrantCredits(GrantCredits { now: self.now, ..again });
        }
        let org_id = if self.dice.one_in(20) { self.id() } else { self.tenant().org_id };
        let amount =
            self.dice.pick(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 20, u64::MAX, i64::MAX.unsigned_abs()]);
        let price_paid = self.dice.one_in(2).then(|| Decimal::new(self.dice.below(10_000).into(), 2));
        let command = GrantCredits {
            org_id,
            amount,
            price_paid,
            description: "Top-up".to_owned(),
            transaction_id: self.id(),
            now: self.now,
        };
        self.granted = Some(command.clone());
        Command::GrantCredits(command)
    }

    fn begin_request(&mut self) -> Command {
        let lease = self.lease();
        let (tenant, key) = (self.tenant(), self.dice.pick(&["first", "second"]).to_owned());
        self.requests.push((tenant.clone(), key.clone(), lease.token.clone()));
        Command::BeginRequest(BeginRequest {
            tenant,
            key,
            fingerprint: self.dice.pick(&["a", "a", "a", "b"]).to_owned(),
            reserved: self.dice.next().to_string(),
            now: self.now,
            expired_before: self.now.minus_ms(self.dice.pick(&[60_000, 3_600_000])),
            lease,
        })
    }

    fn end_request(&mut self) -> Command {
        let any = (self.tenant(), "first".to_owned(), "nobody's".to_owned());
        let (tenant, key, lease_token) = self.dice.maybe_pick(&self.requests).unwrap_or(any);
        let ends =
            [RequestEnd::Keep(KeptAnswer("an answer".to_owned())), RequestEnd::Release, RequestEnd::Forget];
        Command::EndRequest(EndRequest { tenant, key, lease_token, end: self.dice.pick(&ends) })
    }

    fn correct_job(&mut self) -> Command {
        let any = (self.tenant(), self.id());
        let (tenant, job_id) = self.dice.maybe_pick(&self.jobs).unwrap_or(any);
        let fields = self.dice.pick(&["{}", r#"{"total_amount":1.50}"#, r#"{"total_amount":null,"a":[1]}"#]);
        let corrections = RawJson::parse(fields.to_owned()).unwrap();
        let lesson = self.some(RawJson::parse(format!("[{}]", self.leases)).unwrap());
        let tenant = self.mostly(tenant);
        Command::CorrectJob(CorrectJob { tenant, job_id, corrections, lesson, now: self.now })
    }

    fn lessons(&mut self) -> Command {
        let any = (self.tenant(), self.id());
        let (tenant, id) = self.dice.maybe_pick(&self.extractors).unwrap_or(any);
        Command::Lessons(tenant, id)
    }

    fn erase_job(&mut self) -> Command {
        let any = (self.tenant(), self.id());
        let (tenant, job_id) = self.dice.maybe_pick(&self.jobs).unwrap_or(any);
        Command::EraseJob(EraseJob { tenant: self.mostly(tenant), job_id, now: self.now })
    }

    fn set_plan(&mut self) -> Command {
        // Mostly one that sequences of this length can fill.
        let plan = self.dice.pick(&[Plan::Free, Plan::Free, Plan::Starter, Plan::Enterprise]);
        Command::SetPlan(SetPlan { org_id: self.tenant().org_id, plan, now: self.now })
    }

    fn threshold(&mut self) -> Command {
        let threshold = self.dice.pick(&[0, 2, 5, 50]);
        let org_id = self.tenant().org_id;
        Command::SetLowBalanceThreshold(SetLowBalanceThreshold { org_id, threshold })
    }

    // ---- webhooks ----

    fn subscription(&mut self) -> Vec<String> {
        self.dice.pick(&SUBSCRIPTIONS).iter().map(|&name| name.to_owned()).collect()
    }

    fn create_webhook(&mut self) -> Command {
        let (id, tenant): (WebhookId, _) = (self.id(), self.tenant());
        self.webhooks.push((tenant.clone(), id.clone()));
        Command::CreateWebhook(Webhook {
            id,
            tenant,
            url: self.dice.pick(&URLS).to_owned(),
            description: String::new(),
            events: self.subscription(),
            status: WebhookStatus::Enabled,
            disabled_reason: None,
            headers: WebhookHeaders::default(),
            rate_limit_per_second: None,
            client_certificate: None,
            secret: Secret::new([0; 24]),
            previous_secret: None,
            failing_since: None,
            created_at: self.now,
            updated_at: self.now,
        })
    }

    fn update_webhook(&mut self) -> Command {
        let (tenant, id) = self.dice.pick(&self.webhooks);
        let reasons = [DisabledReason::ByRequest, DisabledReason::Gone, DisabledReason::FailingTooLong];
        let status = match self.dice.below(4) {
            0 => None,
            1 => Some(StatusChange::Disable(self.dice.pick(&reasons))),
            _ => Some(StatusChange::Enable),
        };
        let (url, events) = (self.dice.pick(&URLS).to_owned(), self.subscription());
        let certificate = ClientCertificate::new("chain".to_owned(), "key".to_owned(), "0f".to_owned());
        let (tenant, url, description) =
            (self.mostly(tenant), self.some(url), self.some("Changed".to_owned()));
        let events = if self.dice.one_in(4) { Some(events) } else { None };
        let headers = self.some(vec![("X-Team".to_owned(), "billing".to_owned())].into());
        // Both change together: of what they are, no outcome depends.
        let rate_limit_per_second = self.some(NonZeroU32::new(7));
        Command::UpdateWebhook(UpdateWebhook {
            tenant,
            id,
            url,
            description,
            events,
            headers,
            rate_limit_per_second,
            client_certificate: rate_limit_per_second.map(|_| Some(certificate)),
            status,
            now: self.now,
        })
    }

    fn rotate_secret(&mut self) -> Command {
        let (tenant, id) = self.dice.pick(&self.webhooks);
        let secret = Secret::new([u8::try_from(self.dice.below(256)).unwrap_or(0); 24]);
        let overlap_until = self.now.plus_ms(self.dice.pick(&[0, 5_000, 3_600_000]));
        Command::RotateSecret(RotateSecret {
            tenant: self.mostly(tenant),
            id,
            secret,
            overlap_until,
            now: self.now,
        })
    }

    fn delete_webhook(&mut self) -> Command {
        let (tenant, id) = self.dice.pick(&self.webhooks);
        Command::DeleteWebhook(self.mostly(tenant), id, self.now)
    }

    // ---- events and deliveries ----

    fn event(&mut self, event_type: &str) -> Event {
        Event {
            id: self.id(),
            tenant: self.tenant(),
            event_type: event_type.to_owned(),
            body: b"{}".to_vec().into(),
            job_id: None,
            created_at: self.now,
        }
    }

    fn publish(&mut self) -> Command {
        let event_type = self.dice.pick(&EVENT_TYPES);
        Command::PublishEvent(PublishEvent { event: self.event(event_type), send_lease: self.lease() })
    }

    fn claim(&mut self) -> Command {
        let known = self.dice.maybe_pick(&self.webhooks).map(|(_, id)| id);
        // None for every other one, then one or more: no roll of the dice, since that would change every sequence.
        let room = [0, 1, 0, 3][self.sending.len() % 4];
        Command::ClaimDeliveries(ClaimDeliveries {
            lease: self.lease(),
            now: self.now,
            limit: self.dice.pick(&[1, 3, 20]),
            // No roll of the dice here either.
            bytes_max: [usize::MAX, 500, usize::MAX, 1][self.sending.len() % 4],
            per_webhook: self.dice.pick(&[1, 2, 20]),
            room: if self.dice.one_in(4) {
                known.into_iter().map(|id| (id, room)).collect()
            } else {
                BTreeMap::new()
            },
        })
    }

    /// A delivery and its lease: mostly one that is likely to hold, sometimes another's token.
    fn on_the_wire(&mut self) -> Option<LeasedDelivery> {
        let recent = self.sending.len().saturating_sub(8);
        let mut leased = self.dice.maybe_pick(&self.sending[recent..])?;
        if self.dice.one_in(10) {
            leased.lease = self.dice.maybe_pick(&self.sending)?.lease;
            // That lease may be this delivery's too: who holds it knows which attempt it is for.
            let its_own = self.sending.iter().find(|one| one.id == leased.id && one.lease == leased.lease);
            leased.attempt_number = its_own.map_or(leased.attempt_number, |one| one.attempt_number);
        }
        Some(leased)
    }

    fn release_deliveries(&mut self) -> Command {
        let count = 1 + self.dice.below(3);
        let released = (0..count).filter_map(|_| self.on_the_wire());
        Command::ReleaseDeliveries(released.map(|leased| (leased.id, leased.lease.token)).collect())
    }

    fn record(&mut self) -> Command {
        let count = 1 + self.dice.below(3);
        let records: Vec<RecordAttempt> = (0..count).filter_map(|_| self.recorded()).collect();
        if records.is_empty() {
            return self.publish();
        }
        let ids = self.block(u32::try_from(records.len()).unwrap());
        Command::RecordAttempts(RecordAttempts { attempts: records.into(), ids, send_lease: self.lease() })
    }

    fn recorded(&mut self) -> Option<RecordAttempt> {
        let leased = self.on_the_wire()?;
        let (status_code, after) = match self.dice.below(10) {
            0..2 => (204, AfterAttempt::Delivered),
            2..7 => (503, AfterAttempt::RetryAt(self.now.plus_ms(self.dice.pick(&[0, 5_000, 3_600_000])))),
            7..9 => (500, AfterAttempt::Failed),
            _ => (410, AfterAttempt::Gone),
        };
        Some(RecordAttempt {
            delivery_id: leased.id,
            webhook_id: leased.webhook_id,
            lease_token: leased.lease.token,
            attempt: attempt_at(self.now, leased.attempt_number, status_code),
            after,
            finished_at: self.now.plus_ms(self.dice.pick(&[0, 120])),
        })
    }

    fn create_replay(&mut self) -> Command {
        let (tenant, webhook_id) = self.dice.pick(&self.webhooks);
        let id: ReplayId = self.id();
        self.replays.push((tenant.clone(), id.clone()));
        let statuses: [&[DeliveryStatus]; 3] = [
            &[DeliveryStatus::Failed, DeliveryStatus::Skipped],
            &[DeliveryStatus::Delivered],
            &[DeliveryStatus::Failed],
        ];
        Command::CreateReplay(Replay {
            id,
            tenant: self.mostly(tenant),
            webhook_id,
            since: self.now.minus_ms(self.dice.pick(&[60_000, 3_600_000])),
            until: self.now,
            statuses: self.dice.pick(&statuses).to_vec(),
            status: ReplayStatus::Running,
            replayed: 0,
            cursor: None,
            position: None,
            created_at: self.now,
            stepped_at: self.now,
            finished_at: None,
        })
    }

    fn cancel_replay(&mut self) -> Command {
        let Some((tenant, id)) = self.dice.maybe_pick(&self.replays) else { return self.create_replay() };
        Command::CancelReplay(self.mostly(tenant), id, self.now)
    }

    fn step_replay(&mut self) -> Command {
        let limit = self.dice.pick(&[1, 2, 20]);
        Command::StepReplay(StepReplay { limit, ids: self.block(limit), now: self.now })
    }

    fn prune_log(&mut self) -> Command {
        let before = self.now.minus_ms(self.dice.pick(&[0, 60_000, 3_600_000]));
        Command::PruneLog(PruneLog { before, limit: self.dice.pick(&[1, 2, 50]) })
    }

    fn record_test(&mut self) -> Command {
        let mut event = self.event("webhook.test");
        let mut webhook_id = None;
        if !self.dice.one_in(3) {
            let (tenant, id) = self.dice.pick(&self.webhooks);
            event.tenant = tenant;
            webhook_id = Some(id);
        }
        let status_code = self.dice.pick(&[200, 500]);
        Command::RecordTest(RecordTest {
            event,
            delivery_id: self.id(),
            webhook_id,
            url: self.dice.pick(&URLS).to_owned(),
            attempt: attempt_at(self.now, 1, status_code),
            finished_at: self.now,
        })
    }

    async fn replay(&mut self, reference: &dyn Store) -> Command {
        let (tenant, delivery_id) = self.any_delivery(reference).await;
        Command::ReplayDelivery(ReplayDelivery {
            tenant,
            delivery_id,
            new_id: self.id(),
            now: self.now,
            send_lease: self.lease(),
        })
    }

    // ---- lists ----

    fn page(&mut self, ids: &[String]) -> PageRequest {
        let after = self.dice.maybe_pick(ids);
        PageRequest {
            limit: self.dice.pick(&[1, 3, 100]),
            after: if self.dice.one_in(2) { after } else { None },
            offset: self.dice.pick(&[0, 0, 0, 2]),
        }
    }

    fn list_jobs(&mut self) -> Command {
        let ids: Vec<String> = self.jobs.iter().map(|(_, id)| id.to_string()).collect();
        let (_, extractor_id) = self.dice.pick(&self.extractors);
        let (status, after, before) = (self.dice.pick(&JobStatus::ALL), self.instant(), self.instant());
        let least = self.dice.below(10_001);
        let filter = JobFilter {
            extractor_id: if self.dice.one_in(4) { Some(extractor_id) } else { None },
            status: self.some(status),
            created_after: if self.dice.one_in(4) { Some(after) } else { None },
            created_before: if self.dice.one_in(4) { Some(before) } else { None },
            confidence_min_e4: if self.dice.one_in(4) { Some(least) } else { None },
        };
        Command::ListJobs(self.tenant(), filter, self.page(&ids))
    }

    fn list_events(&mut self) -> Command {
        let ids: Vec<String> = self.sending.iter().map(|leased| leased.event_id.to_string()).collect();
        let event_type = self.dice.pick(&EVENT_TYPES).to_owned();
        let (after, before) = (self.instant(), self.instant());
        let filter = EventFilter {
            event_type: self.some(event_type),
            created_after: if self.dice.one_in(4) { Some(after) } else { None },
            created_before: if self.dice.one_in(4) { Some(before) } else { None },
        };
        Command::ListEvents(self.tenant(), filter, self.page(&ids))
    }

    fn list_deliveries(&mut self) -> Command {
        let ids: Vec<String> = self.sending.iter().map(|leased| leased.id.to_string()).collect();
        let (_, webhook_id) = self.dice.pick(&self.webhooks);
        let event_id = self.dice.maybe_pick(&self.sending).map(|leased| leased.event_id);
        let event_type = self.dice.pick(&EVENT_TYPES).to_owned();
        let (status, after, before) = (self.dice.pick(&DeliveryStatus::ALL), self.instant(), self.instant());
        let filter = DeliveryFilter {
            webhook_id: if self.dice.one_in(4) { Some(webhook_id) } else { None },
            event_id: if self.dice.one_in(8) { event_id } else { None },
            event_type: if self.dice.one_in(4) { Some(event_type) } else { None },
            status: self.some(status),
            created_after: if self.dice.one_in(8) { Some(after) } else { None },
            created_before: if self.dice.one_in(8) { Some(before) } else { None },
        };
        Command::ListDeliveries(self.tenant(), filter, self.page(&ids))
    }
}
