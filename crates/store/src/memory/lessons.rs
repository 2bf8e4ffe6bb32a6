//! Corrections, and what is learnt from them.

use std::cmp::Reverse;

use docextract_model::extractor::FieldDefinition;
use docextract_model::id::{ExtractorId, JobId};
use docextract_model::job::JobStatus;
use docextract_model::json::RawJson;
use docextract_model::limits::LESSONS_MAX;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;

use super::{Tables, missing};
use crate::commands::{CorrectJob, CorrectJobOutcome, LearntLesson};
use crate::{Result, StoreError};

#[derive(Debug)]
pub(super) struct LessonRow {
    tenant: Tenant,
    extractor_id: ExtractorId,
    lesson: RawJson,
    /// When it was made or last of use.
    used_at: Timestamp,
}

impl Tables {
    pub(super) fn job_fields(&self, tenant: &Tenant, id: &JobId) -> Result<Option<Vec<FieldDefinition>>> {
        let Some(job) = self.job(tenant, id) else { return Ok(None) };
        let extractor = self.extractors.get(&job.extractor_id).ok_or_else(|| missing("extractor"))?;
        let fields = extractor.versions.get(job.extractor_version as usize - 1);
        Ok(Some(fields.ok_or_else(|| missing("extractor version"))?.clone()))
    }

    pub(super) fn correct_job(&mut self, command: CorrectJob) -> Result<CorrectJobOutcome> {
        let Some(job) = self.job(&command.tenant, &command.job_id) else {
            return Ok(CorrectJobOutcome::NotFound);
        };
        if job.status != JobStatus::Completed {
            return Ok(CorrectJobOutcome::NotCompleted(job.status));
        }
        let corrections = match &job.corrections {
            None => command.corrections,
            Some(before) => before
                .with_members_of(&command.corrections)
                .map_err(|error| StoreError::Refused(error.to_string()))?,
        };
        let extractor_id = job.extractor_id.clone();
        if let Some(lesson) = command.lesson {
            let tenant = command.tenant.clone();
            let row = LessonRow { tenant, extractor_id, lesson, used_at: command.now };
            self.lessons.insert(command.job_id.clone(), row);
            self.forget_lessons(&command.tenant);
        }
        let row = self.jobs.get_mut(&command.job_id).ok_or_else(|| missing("job"))?;
        row.job.corrections = Some(corrections);
        row.job.corrected_at = Some(command.now);
        Ok(CorrectJobOutcome::Corrected(row.job.clone()))
    }

    /// The tenant's lessons, the latest of use first.
    fn lessons_by_use(&self, tenant: &Tenant) -> Vec<(&JobId, &LessonRow)> {
        let mut lessons: Vec<_> = self.lessons.iter().filter(|(_, row)| &row.tenant == tenant).collect();
        lessons.sort_by_key(|(id, row)| Reverse((row.used_at, *id)));
        lessons
    }

    fn forget_lessons(&mut self, tenant: &Tenant) {
        let beyond = self.lessons_by_use(tenant).into_iter().skip(LESSONS_MAX as usize);
        let beyond: Vec<JobId> = beyond.map(|(id, _)| id.clone()).collect();
        self.lessons.retain(|id, _| !beyond.contains(id));
    }

    pub(super) fn lessons_of(&self, tenant: &Tenant, extractor_id: &ExtractorId) -> Vec<LearntLesson> {
        let lessons = self.lessons_by_use(tenant).into_iter();
        lessons
            .filter(|(_, row)| &row.extractor_id == extractor_id)
            .map(|(id, row)| LearntLesson { job_id: id.clone(), lesson: row.lesson.clone() })
            .collect()
    }

    /// Only the job's own tenant has lessons that can have been of use to it.
    pub(super) fn note_lessons_used(&mut self, used: &[JobId], tenant: &Tenant, now: Timestamp) {
        for id in used {
            if let Some(row) = self.lessons.get_mut(id).filter(|row| &row.tenant == tenant) {
                row.used_at = row.used_at.max(now);
            }
        }
    }
}
