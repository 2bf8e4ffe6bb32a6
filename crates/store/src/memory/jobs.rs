//! Jobs: queued, leased, held, ended.

use docextract_model::credit;
use docextract_model::document_password::DocumentPassword;
use docextract_model::event::{self, Event};
use docextract_model::failure::Failure;
use docextract_model::id::{IdBlock, JobId};
use docextract_model::job::{HoldReason, Job, JobResult, JobStatus};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;

use super::{Tables, missing, page, require_ids, take_id, within};
use crate::Result;
use crate::commands::{
    DeferJob, Extractor, ExtractorRef, FINISH_JOB_IDS, FencedOutcome, FinishJob, FinishJobOutcome, JobEnd,
    JobFilter, Lease, LeaseJobs, LeasedDelivery, LeasedJob, LeasedJobs, NoteFile, Page, PageRequest,
    RetryJob, RetryJobOutcome, SUBMIT_JOB_IDS, SubmitJob, SubmitJobOutcome,
};

#[derive(Debug)]
pub(super) struct JobRow {
    pub(super) job: Job,
    /// When it may be leased: of a queued job its turn, of a processing one the end of its lease.
    /// Means nothing while the job is held or once it has ended.
    pub(super) due_at: Timestamp,
    /// Its organisation's plan has no slot for it yet. Never of a held or ended job.
    pub(super) waits_for_slot: bool,
    /// There is one exactly while the job is processing.
    lease: Option<Lease>,
    /// Until the job has ended.
    password: Option<DocumentPassword>,
}

impl JobRow {
    /// Whether a worker takes it when it is due.
    pub(super) fn has_slot(&self) -> bool {
        !self.job.status.is_terminal() && self.job.hold_reason.is_none() && !self.waits_for_slot
    }

    fn is_leased_with(&self, token: &str) -> bool {
        self.job.status == JobStatus::Processing
            && self.lease.as_ref().is_some_and(|lease| lease.token == token)
    }

    pub(super) fn requeue(&mut self, due_at: Timestamp) {
        self.job.status = JobStatus::Queued;
        self.lease = None;
        self.due_at = due_at;
    }
}

fn tenant_of(job: &Job) -> Tenant {
    Tenant { org_id: job.org_id.clone(), mode: job.mode }
}

/// A job as it is before it was submitted: the file's particulars are the caller's to fill in.
fn new_job(id: JobId, extractor: &Extractor, file: SubmittedFile, now: Timestamp) -> Job {
    Job {
        blob_id: file.blob_id,
        awaits_file: file.awaits_file,
        source_url: file.source_url,
        filename: file.filename,
        mime_type: file.mime_type,
        file_size_bytes: file.file_size_bytes,
        metadata: file.metadata,
        retry_of: file.retry_of,
        id,
        org_id: extractor.tenant.org_id.clone(),
        mode: extractor.tenant.mode,
        extractor_id: extractor.id.clone(),
        extractor_version: extractor.version,
        document_type: extractor.document_type.clone(),
        status: JobStatus::Queued,
        hold_reason: None,
        credits_needed: credit::cost_min(&extractor.document_type),
        result: None,
        corrections: None,
        corrected_at: None,
        failure: None,
        processing_time_ms: None,
        cost_credits: 0,
        attempt_count: 0,
        created_at: now,
        started_at: None,
        completed_at: None,
    }
}

struct SubmittedFile {
    blob_id: JobId,
    source_url: Option<String>,
    awaits_file: bool,
    filename: Option<String>,
    mime_type: String,
    file_size_bytes: u64,
    metadata: docextract_model::json::RawJson,
    retry_of: Option<JobId>,
}

impl Tables {
    pub(super) fn submit_job(&mut self, mut command: SubmitJob) -> Result<SubmitJobOutcome> {
        require_ids(&command.ids, SUBMIT_JOB_IDS)?;
        let Some(extractor) = self.extractor(&command.tenant, &command.extractor) else {
            return Ok(SubmitJobOutcome::ExtractorNotFound);
        };
        if !extractor.is_active {
            return Ok(SubmitJobOutcome::ExtractorInactive);
        }
        let file = SubmittedFile {
            blob_id: command.id.clone(),
            awaits_file: command.source_url.is_some(),
            source_url: command.source_url,
            filename: command.filename,
            mime_type: command.mime_type,
            file_size_bytes: command.file_size_bytes,
            metadata: command.metadata,
            retry_of: None,
        };
        let job = new_job(command.id, extractor, file, command.now);
        self.small_documents.extend(command.document.map(|document| (job.id.clone(), document)));
        let (job, to_send) = self.enqueue(job, command.password, &mut command.ids, &command.send_lease)?;
        Ok(SubmitJobOutcome::Submitted { job, to_send })
    }

    pub(super) fn retry_job(&mut self, mut command: RetryJob) -> Result<RetryJobOutcome> {
        require_ids(&command.ids, SUBMIT_JOB_IDS)?;
        let Some(ended) = self.job(&command.tenant, &command.job_id) else {
            return Ok(RetryJobOutcome::NotFound);
        };
        if !ended.status.is_terminal() {
            return Ok(RetryJobOutcome::NotEnded(ended.status));
        }
        let which = ExtractorRef::Id(ended.extractor_id.clone());
        let Some(extractor) = self.extractor(&command.tenant, &which) else {
            return Ok(RetryJobOutcome::ExtractorNotFound);
        };
        if !extractor.is_active {
            return Ok(RetryJobOutcome::ExtractorInactive);
        }
        let file = SubmittedFile {
            blob_id: if ended.awaits_file { command.new_id.clone() } else { ended.blob_id.clone() },
            awaits_file: ended.awaits_file,
            source_url: ended.source_url.clone(),
            filename: ended.filename.clone(),
            mime_type: ended.mime_type.clone(),
            file_size_bytes: ended.file_size_bytes,
            metadata: ended.metadata.clone(),
            retry_of: Some(ended.id.clone()),
        };
        let job = new_job(command.new_id, extractor, file, command.now);
        let (job, to_send) = self.enqueue(job, command.password, &mut command.ids, &command.send_lease)?;
        Ok(RetryJobOutcome::Submitted { job, to_send })
    }

    /// Writes a new job; holds it at once when the balance cannot pay for it.
    fn enqueue(
        &mut self,
        job: Job,
        password: Option<DocumentPassword>,
        ids: &mut IdBlock,
        send_lease: &Lease,
    ) -> Result<(Job, Vec<LeasedDelivery>)> {
        if let Some(row) = self.extractors.get_mut(&job.extractor_id) {
            row.extractor.usage_count += 1;
        }
        let (id, now) = (job.id.clone(), job.created_at);
        let org_id = job.org_id.clone();
        let waits_for_slot = self.plan_limits(&org_id).is_some();
        self.jobs.insert(id.clone(), JobRow { job, due_at: now, waits_for_slot, lease: None, password });
        let to_send = if self.cannot_pay(&id) {
            self.hold(&id, ids, now, send_lease)?
        } else {
            self.give_slots(&org_id, now);
            Vec::new()
        };
        Ok((self.job_row(&id)?.job.clone(), to_send))
    }

    fn cannot_pay(&self, id: &JobId) -> bool {
        self.jobs.get(id).is_some_and(|row| {
            row.job.mode == Mode::Live && self.balance(&row.job.org_id) < row.job.credits_needed
        })
    }

    /// Lets a job wait, unleased, until there are credits, and says so once.
    fn hold(
        &mut self,
        id: &JobId,
        ids: &mut IdBlock,
        now: Timestamp,
        send_lease: &Lease,
    ) -> Result<Vec<LeasedDelivery>> {
        let row = self.job_row(id)?;
        row.requeue(now);
        row.job.hold_reason = Some(HoldReason::InsufficientCredits);
        row.waits_for_slot = false;
        let org_id = row.job.org_id.clone();
        self.give_slots(&org_id, now);
        self.tell_depleted(&org_id, ids, now, send_lease)
    }

    fn job_row(&mut self, id: &JobId) -> Result<&mut JobRow> {
        self.jobs.get_mut(id).ok_or_else(|| missing("job"))
    }

    pub(super) fn job(&self, tenant: &Tenant, id: &JobId) -> Option<&Job> {
        self.jobs.get(id).map(|row| &row.job).filter(|job| &tenant_of(job) == tenant)
    }

    pub(super) fn jobs(&self, tenant: &Tenant, filter: &JobFilter, request: &PageRequest) -> Page<Job> {
        let newest_first = self.jobs.values().rev().map(|row| &row.job).filter(|job| {
            &tenant_of(job) == tenant
                && filter.extractor_id.as_ref().is_none_or(|id| id == &job.extractor_id)
                && filter.status.is_none_or(|status| status == job.status)
                && within(job.created_at, filter.created_after, filter.created_before)
                && filter.confidence_min_e4.is_none_or(|least| {
                    job.result.as_ref().is_some_and(|result| result.confidence_min_e4 >= least)
                })
        });
        page(newest_first, |job| job.id.as_str(), request)
    }

    pub(super) fn lease_jobs(&mut self, mut command: LeaseJobs) -> Result<LeasedJobs> {
        require_ids(&command.ids, command.limit)?;
        let mut due: Vec<(Timestamp, JobId)> = self
            .jobs
            .values()
            .filter(|row| row.has_slot() && row.due_at <= command.now)
            .filter(|row| row.job.awaits_file == command.awaiting_file)
            .map(|row| (row.due_at, row.job.id.clone()))
            .collect();
        due.sort();
        due.truncate(command.limit as usize);
        let mut leased = LeasedJobs { jobs: Vec::new(), to_send: Vec::new() };
        for (_, id) in due {
            if self.cannot_pay(&id) {
                let to_send = self.hold(&id, &mut command.ids, command.now, &command.send_lease)?;
                leased.to_send.extend(to_send);
            } else if self.has_no_room(&id) {
                let row = self.job_row(&id)?;
                row.requeue(row.due_at);
                row.waits_for_slot = true;
            } else {
                leased.jobs.push(self.lease_job(&id, &command.lease, command.now)?);
            }
        }
        Ok(leased)
    }

    fn lease_job(&mut self, id: &JobId, lease: &Lease, now: Timestamp) -> Result<LeasedJob> {
        let row = self.job_row(id)?;
        row.job.status = JobStatus::Processing;
        row.job.started_at = row.job.started_at.or(Some(now));
        row.job.attempt_count += 1;
        row.lease = Some(lease.clone());
        row.due_at = lease.until;
        let (job, password) = (row.job.clone(), row.password.clone());
        let version = job.extractor_version as usize - 1;
        let extractor = self.extractors.get(&job.extractor_id).ok_or_else(|| missing("extractor"))?;
        let field_definitions =
            extractor.versions.get(version).ok_or_else(|| missing("extractor version"))?.clone();
        let document = self.small_documents.get(&job.blob_id).cloned();
        let has_lessons = !self.lessons_of(&tenant_of(&job), &job.extractor_id).is_empty();
        Ok(LeasedJob { job, field_definitions, password, document, has_lessons })
    }

    pub(super) fn finish_job(&mut self, mut command: FinishJob) -> Result<FinishJobOutcome> {
        require_ids(&command.ids, FINISH_JOB_IDS)?;
        let Some(row) =
            self.jobs.get_mut(&command.job_id).filter(|row| row.is_leased_with(&command.lease_token))
        else {
            return Ok(FinishJobOutcome::LostLease);
        };
        let is_live = row.job.mode == Mode::Live;
        let org_id = row.job.org_id.clone();
        let now = command.now;
        let outcome = match command.end.clone() {
            JobEnd::Failed(failure) => self.fail(command, failure)?,
            JobEnd::Completed(result) => {
                let cost = if is_live { credit::cost(&row.job.document_type, result.page_count) } else { 0 };
                if is_live {
                    // Its pages were counted: from now on this is what it is known to need.
                    row.job.credits_needed = cost;
                }
                if self.cannot_pay(&command.job_id) {
                    let to_send = self.hold(&command.job_id, &mut command.ids, now, &command.send_lease)?;
                    FinishJobOutcome::Held { job: self.job_row(&command.job_id)?.job.clone(), to_send }
                } else {
                    self.complete(command, result, cost)?
                }
            }
        };
        // What was set aside for this job and not spent may be enough for one that waits.
        if is_live {
            self.release_held_jobs(&org_id, now);
        }
        self.give_slots(&org_id, now);
        Ok(outcome)
    }

    fn complete(&mut self, mut command: FinishJob, result: JobResult, cost: u64) -> Result<FinishJobOutcome> {
        let row = self.job_row(&command.job_id)?;
        let (org_id, mode) = (row.job.org_id.clone(), row.job.mode);
        row.job.status = JobStatus::Completed;
        row.job.cost_credits = cost;
        row.job.result = Some(result);
        self.charge(&org_id, &command.job_id, cost, &mut command.ids, command.now)?;
        let (job, mut to_send) = self.end(&mut command)?;
        if mode == Mode::Live {
            to_send.extend(self.tell_balance(&org_id, &mut command.ids, command.now, &command.send_lease)?);
        }
        Ok(FinishJobOutcome::Finished { job, to_send })
    }

    fn fail(&mut self, mut command: FinishJob, failure: Failure) -> Result<FinishJobOutcome> {
        let row = self.job_row(&command.job_id)?;
        row.job.status = JobStatus::Failed;
        row.job.failure = Some(failure);
        let (job, to_send) = self.end(&mut command)?;
        Ok(FinishJobOutcome::Finished { job, to_send })
    }

    /// What every end has in common: the lease is gone, the times stand, the event is published.
    fn end(&mut self, command: &mut FinishJob) -> Result<(Job, Vec<LeasedDelivery>)> {
        let row = self.job_row(&command.job_id)?;
        row.lease = None;
        row.password = None;
        row.job.processing_time_ms = Some(command.processing_time_ms);
        row.job.completed_at = Some(command.now);
        if let Some(mime_type) = command.mime_type.take() {
            row.job.mime_type = mime_type;
        }
        let job = row.job.clone();
        self.note_lessons_used(&command.lessons_used, &tenant_of(&job), command.now);
        let (core, body) = event::job_ended(&job);
        let event = Event {
            id: take_id(&mut command.ids)?,
            tenant: tenant_of(&job),
            event_type: core.as_str().to_owned(),
            body,
            job_id: Some(job.id.clone()),
            created_at: command.now,
        };
        let to_send = self.publish(event, &command.send_lease);
        Ok((job, to_send))
    }

    pub(super) fn defer_job(&mut self, command: &DeferJob) -> FencedOutcome {
        match self.jobs.get_mut(&command.job_id).filter(|row| row.is_leased_with(&command.lease_token)) {
            None => FencedOutcome::LostLease,
            Some(row) => {
                row.requeue(command.due_at);
                FencedOutcome::Written
            }
        }
    }

    pub(super) fn release_jobs_of_node(&mut self, node: &str, now: Timestamp) -> u64 {
        let mut released = 0;
        for row in self.jobs.values_mut() {
            if row.lease.as_ref().is_some_and(|lease| lease.node == node) {
                row.requeue(now);
                released += 1;
            }
        }
        released
    }

    pub(super) fn note_file(&mut self, command: &NoteFile) -> FencedOutcome {
        match self.jobs.get_mut(&command.job_id).filter(|row| row.is_leased_with(&command.lease_token)) {
            None => FencedOutcome::LostLease,
            Some(row) => {
                row.job.awaits_file = false;
                row.job.file_size_bytes = command.file_size_bytes;
                FencedOutcome::Written
            }
        }
    }

    pub(super) fn next_job_due_at(&self, awaiting_file: bool) -> Option<Timestamp> {
        let due = self.jobs.values().filter(|row| row.has_slot() && row.job.awaits_file == awaiting_file);
        due.map(|row| row.due_at).min()
    }
}
