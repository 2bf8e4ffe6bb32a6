//! Jobs: queued, leased, ended.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use docextract_model::credit;
use docextract_model::document_password::DocumentPassword;
use docextract_model::event::{self, Event};
use docextract_model::extractor::DocumentType;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::{IdBlock, JobId};
use docextract_model::job::{HoldReason, Job, JobResult, JobStatus};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::rows::{Columns, ListQuery, all, execute, integer, json_text, ms, one, take_id, text};
use super::{credits, events, extractors, lessons, plans};
use crate::commands::{
    DeferJob, Extractor, ExtractorRef, FencedOutcome, FinishJob, FinishJobOutcome, JobEnd, JobFilter, Lease,
    LeaseJobs, LeasedDelivery, LeasedJob, LeasedJobs, NoteFile, Page, PageRequest, RetryJob, RetryJobOutcome,
    SubmitJob, SubmitJobOutcome,
};
use crate::{Result, StoreError};

const SELECT: &str = "SELECT id, org_id, mode, extractor_id, extractor_version, document_type, status, \
     hold_reason, credits_needed, blob_id, source_url, awaits_file, filename, mime_type, file_size_bytes, metadata, extracted_data, \
     confidence, citations, warnings, page_count, confidence_min_e4, failure_code, failure_message, \
     failure_suggestion, processing_time_ms, cost_credits, retry_of, attempt_count, created_at, started_at, \
     completed_at, corrections, corrected_at FROM jobs";

pub(super) fn submit(db: &Connection, command: SubmitJob) -> Result<SubmitJobOutcome> {
    let Some(extractor) = extractors::find_without_fields(db, &command.tenant, &command.extractor)? else {
        return Ok(SubmitJobOutcome::ExtractorNotFound);
    };
    if !extractor.is_active {
        return Ok(SubmitJobOutcome::ExtractorInactive);
    }
    let job = Job {
        blob_id: command.id.clone(),
        awaits_file: command.source_url.is_some(),
        source_url: command.source_url,
        filename: command.filename,
        mime_type: command.mime_type,
        file_size_bytes: command.file_size_bytes,
        metadata: command.metadata,
        ..queued(command.id, &extractor, command.now)
    };
    keep_password(db, &job.id, command.password.as_ref())?;
    if let Some(document) = &command.document {
        let sql = "INSERT INTO small_documents (blob_id, bytes) VALUES (?, ?)";
        execute(db, sql, params![job.blob_id.as_str(), document])?;
    }
    let (job, to_send) = enqueue(db, job, command.ids, &command.send_lease)?;
    Ok(SubmitJobOutcome::Submitted { job, to_send })
}

pub(super) fn retry(db: &Connection, command: RetryJob) -> Result<RetryJobOutcome> {
    let Some(ended) = find(db, &command.tenant, &command.job_id)? else {
        return Ok(RetryJobOutcome::NotFound);
    };
    if !ended.status.is_terminal() {
        return Ok(RetryJobOutcome::NotEnded(ended.status));
    }
    let which = ExtractorRef::Id(ended.extractor_id);
    let Some(extractor) = extractors::find_without_fields(db, &command.tenant, &which)? else {
        return Ok(RetryJobOutcome::ExtractorNotFound);
    };
    if !extractor.is_active {
        return Ok(RetryJobOutcome::ExtractorInactive);
    }
    let job = Job {
        blob_id: if ended.awaits_file { command.new_id.clone() } else { ended.blob_id },
        awaits_file: ended.awaits_file,
        source_url: ended.source_url,
        filename: ended.filename,
        mime_type: ended.mime_type,
        file_size_bytes: ended.file_size_bytes,
        metadata: ended.metadata,
        retry_of: Some(ended.id),
        ..queued(command.new_id, &extractor, command.now)
    };
    keep_password(db, &job.id, command.password.as_ref())?;
    let (job, to_send) = enqueue(db, job, command.ids, &command.send_lease)?;
    Ok(RetryJobOutcome::Submitted { job, to_send })
}

/// Keeps what opens a document until its job has ended.
fn keep_password(db: &Connection, id: &JobId, password: Option<&DocumentPassword>) -> Result<()> {
    if let Some(password) = password {
        execute(
            db,
            "INSERT INTO document_passwords (job_id, password) \
             VALUES (?1, sealed(?2, 'document_passwords.password', ?1, (SELECT key_id FROM sealing)))",
            params![id.as_str(), password.expose()],
        )?;
    }
    Ok(())
}

fn password(db: &Connection, id: &JobId) -> Result<Option<DocumentPassword>> {
    let sql = "SELECT opened(password, 'document_passwords.password', job_id) FROM document_passwords \
               WHERE job_id = ?";
    let text = one(db, sql, [id.as_str()], |columns| columns.get::<String>())?;
    text.map(|text| DocumentPassword::parse(text).map_err(StoreError::Refused)).transpose()
}

pub(super) fn small_document(db: &Connection, blob_id: &JobId) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM small_documents WHERE blob_id = ?";
    one(db, sql, [blob_id.as_str()], |columns| columns.get())
}

/// A job as it begins, before it is known of which document.
fn queued(id: JobId, extractor: &Extractor, now: Timestamp) -> Job {
    Job {
        blob_id: id.clone(),
        id,
        org_id: extractor.tenant.org_id.clone(),
        mode: extractor.tenant.mode,
        extractor_id: extractor.id.clone(),
        extractor_version: extractor.version,
        document_type: extractor.document_type.clone(),
        status: JobStatus::Queued,
        hold_reason: None,
        credits_needed: credit::cost_min(&extractor.document_type),
        source_url: None,
        awaits_file: false,
        filename: None,
        mime_type: String::new(),
        file_size_bytes: 0,
        metadata: docextract_model::json::RawJson::empty_object(),
        result: None,
        corrections: None,
        corrected_at: None,
        failure: None,
        processing_time_ms: None,
        cost_credits: 0,
        retry_of: None,
        attempt_count: 0,
        created_at: now,
        started_at: None,
        completed_at: None,
    }
}

fn enqueue(
    db: &Connection,
    mut job: Job,
    mut ids: IdBlock,
    send_lease: &Lease,
) -> Result<(Job, Vec<LeasedDelivery>)> {
    let payable = credits::can_pay(db, &job)?;
    if !payable {
        job.hold_reason = Some(HoldReason::InsufficientCredits);
    }
    insert(db, &job)?;
    extractors::count_use(db, &job.extractor_id)?;
    let to_send = if payable {
        if plans::limits(db, &job.org_id)?.is_some() {
            await_slot(db, &job.id)?;
            plans::give_slots(db, &job.org_id, job.created_at)?;
        }
        Vec::new()
    } else {
        credits::tell_depleted(db, &job.org_id, job.created_at, &mut ids, send_lease)?
    };
    Ok((job, to_send))
}

/// Takes a job from the workers' view until it has a slot.
fn await_slot(db: &Connection, id: &JobId) -> Result<()> {
    execute(
        db,
        "UPDATE jobs SET status = 'queued', waits_for_slot = 1, lease_node = NULL, lease_token = NULL \
         WHERE id = ?",
        [id.as_str()],
    )?;
    Ok(())
}

fn insert(db: &Connection, job: &Job) -> Result<()> {
    execute(
        db,
        "INSERT INTO jobs (id, org_id, mode, extractor_id, extractor_version, document_type, status, \
         hold_reason, credits_needed, blob_id, filename, mime_type, file_size_bytes, metadata, cost_credits, \
         retry_of, attempt_count, created_at, due_at, waits_for_slot, source_url, awaits_file) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, ?15, 0, ?16, ?16, 0, ?17, ?18)",
        params![
            job.id.as_str(),
            job.org_id.as_str(),
            job.mode.as_str(),
            job.extractor_id.as_str(),
            job.extractor_version,
            job.document_type.as_str(),
            job.status.as_str(),
            job.hold_reason.map(hold_word),
            integer(job.credits_needed)?,
            job.blob_id.as_str(),
            job.filename,
            job.mime_type,
            integer(job.file_size_bytes)?,
            job.metadata.as_str(),
            job.retry_of.as_ref().map(JobId::as_str),
            job.created_at.unix_ms(),
            job.source_url,
            job.awaits_file,
        ],
    )?;
    Ok(())
}

pub(super) fn find(db: &Connection, tenant: &Tenant, id: &JobId) -> Result<Option<Job>> {
    let sql = format!("{SELECT} WHERE id = ? AND org_id = ? AND mode = ?");
    one(db, &sql, [id.as_str(), tenant.org_id.as_str(), tenant.mode.as_str()], read)
}

pub(super) fn list(
    db: &Connection,
    tenant: &Tenant,
    filter: &JobFilter,
    page: &PageRequest,
) -> Result<Page<Job>> {
    list_query(tenant, filter).page(db, page, read)
}

pub(super) fn list_query(tenant: &Tenant, filter: &JobFilter) -> ListQuery {
    let mut query = ListQuery::of_tenant(SELECT, tenant);
    query.and("extractor_id = ?", filter.extractor_id.as_ref().map(|id| text(id.as_str())));
    query.status(filter.status.map(JobStatus::as_str));
    query.created::<JobId>(filter.created_after, filter.created_before);
    query.and("confidence_min_e4 >= ?", filter.confidence_min_e4.map(|e4| Value::Integer(e4.into())));
    query
}

pub(super) fn lease(db: &Connection, mut command: LeaseJobs) -> Result<LeasedJobs> {
    let sql = format!(
        "{SELECT} WHERE status IN ('queued', 'processing') AND hold_reason IS NULL AND waits_for_slot = 0 \
         AND awaits_file = ? AND due_at <= ? \
         ORDER BY due_at, id LIMIT ?"
    );
    let due = all(db, &sql, params![command.awaiting_file, command.now.unix_ms(), command.limit], read)?;
    let mut leased = LeasedJobs { jobs: Vec::new(), to_send: Vec::new() };
    // Most of what is leased together is for the same extractor.
    let mut definitions = BTreeMap::new();
    for mut job in due {
        if !credits::can_pay(db, &job)? {
            hold(db, &mut job, command.now)?;
            let told =
                credits::tell_depleted(db, &job.org_id, command.now, &mut command.ids, &command.send_lease)?;
            leased.to_send.extend(told);
        } else if plans::has_no_room(db, &job.org_id, &job.id)? {
            await_slot(db, &job.id)?;
        } else {
            job.status = JobStatus::Processing;
            job.started_at = job.started_at.or(Some(command.now));
            job.attempt_count += 1;
            take(db, &job, &command.lease)?;
            let field_definitions = match definitions.entry((job.extractor_id.clone(), job.extractor_version))
            {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let fields = extractors::fields_of_version(db, &job.extractor_id, job.extractor_version)?;
                    new.insert(fields)
                }
            };
            let field_definitions = field_definitions.clone();
            let password = password(db, &job.id)?;
            let document = small_document(db, &job.blob_id)?;
            let has_lessons = lessons::are_there(db, &job)?;
            leased.jobs.push(LeasedJob { job, field_definitions, password, document, has_lessons });
        }
    }
    Ok(leased)
}

fn take(db: &Connection, job: &Job, lease: &Lease) -> Result<()> {
    execute(
        db,
        "UPDATE jobs SET status = 'processing', started_at = ?, attempt_count = ?, due_at = ?, \
         lease_node = ?, lease_token = ? WHERE id = ?",
        params![
            ms(job.started_at),
            job.attempt_count,
            lease.until.unix_ms(),
            lease.node,
            lease.token,
            job.id.as_str(),
        ],
    )?;
    Ok(())
}

/// Puts a job that the balance cannot pay for back into the queue, to wait for credits and without a slot.
fn hold(db: &Connection, job: &mut Job, now: Timestamp) -> Result<()> {
    job.status = JobStatus::Queued;
    job.hold_reason = Some(HoldReason::InsufficientCredits);
    execute(
        db,
        "UPDATE jobs SET status = 'queued', hold_reason = ?, credits_needed = ?, waits_for_slot = 0, \
         lease_node = NULL, lease_token = NULL WHERE id = ?",
        params![hold_word(HoldReason::InsufficientCredits), integer(job.credits_needed)?, job.id.as_str()],
    )?;
    plans::give_slots(db, &job.org_id, now)
}

/// The job, if it is being processed under this lease.
fn held_under(db: &Connection, id: &JobId, lease_token: &str) -> Result<Option<Job>> {
    let sql = format!("{SELECT} WHERE id = ? AND status = 'processing' AND lease_token = ?");
    one(db, &sql, [id.as_str(), lease_token], read)
}

pub(super) fn finish(db: &Connection, command: FinishJob) -> Result<FinishJobOutcome> {
    let Some(mut job) = held_under(db, &command.job_id, &command.lease_token)? else {
        return Ok(FinishJobOutcome::LostLease);
    };
    let mut ids = command.ids;
    let now = command.now;
    match command.end {
        JobEnd::Completed(result) => {
            let cost = match job.mode {
                Mode::Live => credit::cost(&job.document_type, result.page_count),
                Mode::Test => 0,
            };
            if job.mode == Mode::Live {
                // Its pages were counted: this is what it needs, also when it was thought to need more.
                job.credits_needed = cost;
            }
            if !credits::can_pay(db, &job)? {
                hold(db, &mut job, now)?;
                let to_send = credits::tell_depleted(db, &job.org_id, now, &mut ids, &command.send_lease)?;
                // What was set aside for this job may be enough for another that waits.
                release_held(db, &job.org_id, now)?;
                return Ok(FinishJobOutcome::Held { job, to_send });
            }
            job.status = JobStatus::Completed;
            job.cost_credits = cost;
            job.result = Some(result);
        }
        JobEnd::Failed(failure) => {
            job.status = JobStatus::Failed;
            job.failure = Some(failure);
        }
    }
    job.completed_at = Some(now);
    job.processing_time_ms = Some(command.processing_time_ms);
    job.mime_type = command.mime_type.unwrap_or(job.mime_type);
    end(db, &job)?;
    lessons::note_used(db, &command.lessons_used, &job, now)?;
    let to_send = settle_ended(db, &job, now, &mut ids, &command.send_lease)?;
    Ok(FinishJobOutcome::Finished { job, to_send })
}

/// The charge, the events and the jobs that can run now, behind a job that has ended.
fn settle_ended(
    db: &Connection,
    job: &Job,
    now: Timestamp,
    ids: &mut IdBlock,
    send_lease: &Lease,
) -> Result<Vec<LeasedDelivery>> {
    if job.cost_credits > 0 {
        credits::charge(db, job, now, take_id(ids)?)?;
    }
    let (core, body) = event::job_ended(job);
    let ended = Event {
        id: take_id(ids)?,
        tenant: Tenant { org_id: job.org_id.clone(), mode: job.mode },
        event_type: core.as_str().to_owned(),
        body,
        job_id: Some(job.id.clone()),
        created_at: now,
    };
    let mut to_send = events::publish(db, &ended, send_lease)?;
    if job.cost_credits > 0 {
        to_send.extend(credits::tell_after_charge(db, &job.org_id, now, ids, send_lease)?);
    }
    if job.mode == Mode::Live {
        release_held(db, &job.org_id, now)?;
    }
    plans::give_slots(db, &job.org_id, now)?;
    Ok(to_send)
}

fn end(db: &Connection, job: &Job) -> Result<()> {
    let result = job.result.as_ref();
    let failure = job.failure.as_ref();
    execute(db, "DELETE FROM document_passwords WHERE job_id = ?", [job.id.as_str()])?;
    execute(
        db,
        "UPDATE jobs SET status = ?, mime_type = ?, extracted_data = ?, confidence = ?, citations = ?, \
         warnings = ?, page_count = ?, confidence_min_e4 = ?, failure_code = ?, failure_message = ?, \
         failure_suggestion = ?, processing_time_ms = ?, cost_credits = ?, completed_at = ?, \
         credits_needed = ?, lease_node = NULL, lease_token = NULL WHERE id = ?",
        params![
            job.status.as_str(),
            job.mime_type,
            result.map(|result| result.extracted_data.as_str()),
            result.map(|result| result.confidence.as_str()),
            result.map(|result| result.citations.as_str()),
            result.map(|result| json_text(&result.warnings)).transpose()?,
            result.map(|result| result.page_count),
            result.map(|result| result.confidence_min_e4),
            failure.map(|failure| failure.code.as_str()),
            failure.map(|failure| failure.message.as_str()),
            failure.map(|failure| failure.suggestion.as_str()),
            job.processing_time_ms.map(integer).transpose()?,
            integer(job.cost_credits)?,
            ms(job.completed_at),
            integer(job.credits_needed)?,
            job.id.as_str(),
        ],
    )?;
    Ok(())
}

/// Held jobs examined at once; more wait for the next job that ends or the next grant.
const RELEASE_MAX: u32 = 10_000;

/// Lets held jobs run that the balance can pay for, oldest first. Returns how many.
pub(super) fn release_held(
    db: &Connection,
    org_id: &docextract_model::id::OrgId,
    now: Timestamp,
) -> Result<u64> {
    let sql = "SELECT id, credits_needed FROM jobs WHERE org_id = ? AND hold_reason IS NOT NULL \
               ORDER BY id LIMIT ?";
    let held = all(db, sql, params![org_id.as_str(), RELEASE_MAX], |columns| {
        Ok((columns.get::<String>()?, columns.count()?))
    })?;
    if held.is_empty() {
        return Ok(0);
    }
    let mut remaining = credits::balance(db, org_id)?;
    let is_limited = plans::limits(db, org_id)?.is_some();
    let mut released = 0;
    for (id, needed) in held {
        if needed <= remaining {
            remaining -= needed;
            released += 1;
            execute(
                db,
                "UPDATE jobs SET hold_reason = NULL, due_at = ?, waits_for_slot = ? WHERE id = ?",
                params![now.unix_ms(), is_limited, id],
            )?;
        }
    }
    plans::give_slots(db, org_id, now)?;
    Ok(released)
}

pub(super) fn defer(db: &Connection, command: &DeferJob) -> Result<FencedOutcome> {
    let deferred = execute(
        db,
        "UPDATE jobs SET status = 'queued', due_at = ?, lease_node = NULL, lease_token = NULL \
         WHERE id = ? AND status = 'processing' AND lease_token = ?",
        params![command.due_at.unix_ms(), command.job_id.as_str(), command.lease_token],
    )?;
    Ok(if deferred == 1 { FencedOutcome::Written } else { FencedOutcome::LostLease })
}

pub(super) fn note_file(db: &Connection, command: &NoteFile) -> Result<FencedOutcome> {
    let noted = execute(
        db,
        "UPDATE jobs SET awaits_file = 0, file_size_bytes = ? \
         WHERE id = ? AND status = 'processing' AND lease_token = ?",
        params![integer(command.file_size_bytes)?, command.job_id.as_str(), command.lease_token],
    )?;
    Ok(if noted == 1 { FencedOutcome::Written } else { FencedOutcome::LostLease })
}

pub(super) fn count_queued(db: &Connection, org_id: &docextract_model::id::OrgId) -> Result<u64> {
    let sql = "SELECT count(*) FROM jobs INDEXED BY jobs_queued WHERE org_id = ? AND status = 'queued' AND mode = 'live'";
    Ok(one(db, sql, [org_id.as_str()], |columns| columns.count())?.unwrap_or(0))
}

pub(super) fn release_node(db: &Connection, node: &str, now: Timestamp) -> Result<u64> {
    let released = execute(
        db,
        "UPDATE jobs SET status = 'queued', due_at = ?, lease_node = NULL, lease_token = NULL \
         WHERE lease_node = ? AND status = 'processing'",
        params![now.unix_ms(), node],
    )?;
    Ok(released.try_into().unwrap_or(u64::MAX))
}

pub(super) fn next_due_at(db: &Connection, awaiting_file: bool) -> Result<Option<Timestamp>> {
    let sql = "SELECT min(due_at) FROM jobs WHERE status IN ('queued', 'processing') AND hold_reason IS NULL \
               AND waits_for_slot = 0 AND awaits_file = ?";
    Ok(one(db, sql, [awaiting_file], |columns| columns.time_or_none())?.flatten())
}

fn hold_word(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::InsufficientCredits => "insufficient_credits",
    }
}

fn read(columns: &mut Columns<'_, '_>) -> Result<Job> {
    Ok(Job {
        id: columns.id()?,
        org_id: columns.id()?,
        mode: columns.word("mode", Mode::parse)?,
        extractor_id: columns.id()?,
        extractor_version: columns.get()?,
        document_type: columns.word("document type", |text| DocumentType::parse(text).ok())?,
        status: columns.word("job status", JobStatus::parse)?,
        hold_reason: columns.word_or_none("hold reason", |word| {
            (word == hold_word(HoldReason::InsufficientCredits)).then_some(HoldReason::InsufficientCredits)
        })?,
        credits_needed: columns.count()?,
        blob_id: columns.id()?,
        source_url: columns.get()?,
        awaits_file: columns.get()?,
        filename: columns.get()?,
        mime_type: columns.get()?,
        file_size_bytes: columns.count()?,
        metadata: columns
            .raw_json_or_none()?
            .ok_or_else(|| StoreError::Refused("a job has no metadata".to_owned()))?,
        result: read_result(columns)?,
        failure: read_failure(columns)?,
        processing_time_ms: columns.count_or_none()?,
        cost_credits: columns.count()?,
        retry_of: columns.id_or_none()?,
        attempt_count: columns.get()?,
        created_at: columns.time()?,
        started_at: columns.time_or_none()?,
        completed_at: columns.time_or_none()?,
        corrections: columns.raw_json_or_none()?,
        corrected_at: columns.time_or_none()?,
    })
}

fn read_result(columns: &mut Columns<'_, '_>) -> Result<Option<JobResult>> {
    let extracted_data = columns.raw_json_or_none()?;
    let confidence = columns.raw_json_or_none()?;
    let citations = columns.raw_json_or_none()?;
    let warnings: Option<String> = columns.get()?;
    let page_count: Option<u32> = columns.get()?;
    let confidence_min_e4: Option<u32> = columns.get()?;
    let (Some(extracted_data), Some(confidence), Some(citations)) = (extracted_data, confidence, citations)
    else {
        return Ok(None);
    };
    let warnings = serde_json::from_str(warnings.as_deref().unwrap_or("[]"))
        .map_err(|error| StoreError::Refused(error.to_string()))?;
    Ok(Some(JobResult {
        extracted_data,
        confidence,
        citations,
        warnings,
        page_count: page_count.unwrap_or(0),
        confidence_min_e4: confidence_min_e4.unwrap_or(0),
    }))
}

fn read_failure(columns: &mut Columns<'_, '_>) -> Result<Option<Failure>> {
    let code = columns.word_or_none("failure code", FailureCode::parse)?;
    let message: Option<String> = columns.get()?;
    let suggestion: Option<String> = columns.get()?;
    Ok(code.map(|code| Failure {
        code,
        message: message.unwrap_or_default(),
        suggestion: suggestion.unwrap_or_default(),
    }))
}
