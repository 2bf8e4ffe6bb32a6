//! Learning from a document that a person corrected, and handing on what was learnt.
//!
//! The corrected document is read once more, by the workers that read documents, for what stands around the
//! corrected values. Learning is a benefit, never a condition: whatever goes wrong here is logged, the
//! correction is kept without it, and documents are read without lessons.
//! What it never does: write. The caller stores a lesson with the correction, in one transaction.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use docextract_extraction::{KnownLesson, Lesson, Request};
use docextract_model::extractor::FieldDefinition;
use docextract_model::job::Job;
use docextract_model::json::RawJson;
use docextract_model::limits;
use docextract_model::tenant::Tenant;
use futures_util::FutureExt as _;
use serde_json::{Map, Value};

use crate::Engine;
use crate::extract::{Stored, owner_of};

/// A lesson as it is stored, and the fields that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    pub lesson: RawJson,
    pub fields: Vec<String>,
}

impl Engine {
    /// What a job's corrected values teach about others of its layout; none when nothing was learnt.
    pub async fn learn(
        &self,
        job: &Job,
        fields: Vec<FieldDefinition>,
        corrections: Map<String, Value>,
    ) -> Option<Learnt> {
        let request = Request {
            fields,
            limits: self.config().extraction.clone(),
            bytes: Vec::new(),
            owner: owner_of(job),
            filename: job.filename.clone(),
            mime_type: Some(job.mime_type.clone()),
            password: None,
            document_type: job.document_type.clone(),
            lessons: Vec::new(),
            keep_pages: false,
            local_only: false,
            ignore_embedded_xml: false,
            explain: false,
        };
        let document = Stored { engine: self, blob_id: &job.blob_id, length: job.file_size_bytes };
        let work = async {
            let _worker = self.workers.acquire().await.ok();
            self.parts.extractor.learn(request, &document, corrections).await
        };
        let limit = Duration::from_millis(limits::LEARNING_MS_MAX);
        let lesson = match tokio::time::timeout(limit, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(Ok(lesson))) => lesson?,
            Ok(Ok(Err(failure))) => {
                let code = failure.code.as_str();
                tracing::info!(job.id = %job.id, code, "a corrected document could not be learnt from");
                return None;
            }
            Ok(Err(_panic)) => {
                tracing::error!(job.id = %job.id, "learning from a corrected document broke down");
                return None;
            }
            Err(_elapsed) => {
                tracing::info!(job.id = %job.id, "there was no time to learn from a corrected document");
                return None;
            }
        };
        let names = lesson.fields().map(str::to_owned).collect();
        let lesson = RawJson::of(&lesson).ok()?;
        let fits = lesson.as_str().len() <= limits::LESSON_BYTES_MAX;
        fits.then_some(Learnt { lesson, fields: names })
    }

    /// What the job's extractor has learnt.
    pub(crate) async fn lessons_for(&self, job: &Job) -> Vec<KnownLesson> {
        let tenant = Tenant { org_id: job.org_id.clone(), mode: job.mode };
        let stored = match self.store().lessons(&tenant, &job.extractor_id).await {
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(%error, job.id = %job.id, "a document is read without what was learnt");
                return Vec::new();
            }
        };
        // One that another version wrote may not be understood: it is as if it were not there.
        let read = |text: &RawJson| serde_json::from_str::<Lesson>(text.as_str()).ok();
        let known = stored.into_iter().filter_map(|stored| {
            Some(KnownLesson { id: stored.job_id.to_string(), lesson: read(&stored.lesson)? })
        });
        known.collect()
    }
}
