//! Corrections, and what is learnt from them.

use docextract_model::extractor::FieldDefinition;
use docextract_model::id::{ExtractorId, JobId};
use docextract_model::job::{Job, JobStatus};
use docextract_model::limits::LESSONS_MAX;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::rows::{all, execute, ms, one};
use super::{extractors, jobs};
use crate::commands::{CorrectJob, CorrectJobOutcome, LearntLesson};
use crate::{Result, StoreError};

pub(super) fn job_fields(
    db: &Connection,
    tenant: &Tenant,
    id: &JobId,
) -> Result<Option<Vec<FieldDefinition>>> {
    let Some(job) = jobs::find(db, tenant, id)? else { return Ok(None) };
    extractors::fields_of_version(db, &job.extractor_id, job.extractor_version).map(Some)
}

pub(super) fn correct(db: &Connection, command: &CorrectJob) -> Result<CorrectJobOutcome> {
    let Some(mut job) = jobs::find(db, &command.tenant, &command.job_id)? else {
        return Ok(CorrectJobOutcome::NotFound);
    };
    if job.status != JobStatus::Completed {
        return Ok(CorrectJobOutcome::NotCompleted(job.status));
    }
    let corrections = match &job.corrections {
        None => command.corrections.clone(),
        Some(before) => before
            .with_members_of(&command.corrections)
            .map_err(|error| StoreError::Refused(error.to_string()))?,
    };
    job.corrections = Some(corrections);
    job.corrected_at = Some(command.now);
    execute(
        db,
        "UPDATE jobs SET corrections = ?, corrected_at = ? WHERE id = ?",
        params![
            job.corrections.as_ref().map(docextract_model::json::RawJson::as_str),
            ms(job.corrected_at),
            job.id.as_str(),
        ],
    )?;
    learn(db, &job, command)?;
    Ok(CorrectJobOutcome::Corrected(job))
}

fn learn(db: &Connection, job: &Job, command: &CorrectJob) -> Result<()> {
    let Some(lesson) = &command.lesson else { return Ok(()) };
    execute(db, "DELETE FROM lessons WHERE job_id = ?", [job.id.as_str()])?;
    execute(
        db,
        "INSERT INTO lessons (job_id, org_id, mode, extractor_id, lesson, used_at) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            job.id.as_str(),
            job.org_id.as_str(),
            job.mode.as_str(),
            job.extractor_id.as_str(),
            lesson.as_str(),
            command.now.unix_ms(),
        ],
    )?;
    execute(
        db,
        "DELETE FROM lessons WHERE job_id IN (SELECT job_id FROM lessons WHERE org_id = ? AND mode = ? \
         ORDER BY used_at DESC, job_id DESC LIMIT ? OFFSET ?)",
        // One was added: never are more than a few beyond the limit, unless it was lowered.
        params![job.org_id.as_str(), job.mode.as_str(), LESSONS_MAX, LESSONS_MAX],
    )?;
    Ok(())
}

pub(super) fn list(
    db: &Connection,
    tenant: &Tenant,
    extractor_id: &ExtractorId,
) -> Result<Vec<LearntLesson>> {
    let sql = "SELECT job_id, lesson FROM lessons WHERE org_id = ? AND mode = ? AND extractor_id = ? \
               ORDER BY used_at DESC, job_id DESC";
    all(db, sql, [tenant.org_id.as_str(), tenant.mode.as_str(), extractor_id.as_str()], |columns| {
        let job_id = columns.id()?;
        let lesson = columns.raw_json_or_none()?;
        let lesson = lesson.ok_or_else(|| StoreError::Refused("a lesson is empty".to_owned()))?;
        Ok(LearntLesson { job_id, lesson })
    })
}

/// Whether a job's extractor has learnt anything.
pub(super) fn are_there(db: &Connection, job: &Job) -> Result<bool> {
    let sql = "SELECT 1 FROM lessons WHERE org_id = ? AND mode = ? AND extractor_id = ? LIMIT 1";
    let extractor = [job.org_id.as_str(), job.mode.as_str(), job.extractor_id.as_str()];
    Ok(one(db, sql, extractor, |_| Ok(()))?.is_some())
}

/// Only the job's own tenant has lessons that can have been of use to it.
pub(super) fn note_used(db: &Connection, used: &[JobId], job: &Job, now: Timestamp) -> Result<()> {
    for id in used {
        execute(
            db,
            "UPDATE lessons SET used_at = ?1 WHERE job_id = ?2 AND org_id = ?3 AND mode = ?4 AND used_at < ?1",
            params![now.unix_ms(), id.as_str(), job.org_id.as_str(), job.mode.as_str()],
        )?;
    }
    Ok(())
}
