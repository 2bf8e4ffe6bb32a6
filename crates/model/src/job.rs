//! Jobs: a submitted document and what became of it.
//!
//! A job goes `queued → processing → completed | failed` and never back, except that a lease that
//! ran out or a balance that does not suffice returns it from `processing` to `queued`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extractor::DocumentType;
use crate::failure::Failure;
use crate::id::{ExtractorId, JobId, OrgId};
use crate::json::RawJson;
use crate::tenant::Mode;
use crate::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    Queued,
    Processing,
    Completed,
    Failed,
}

impl JobStatus {
    pub const ALL: [JobStatus; 4] = [Self::Queued, Self::Processing, Self::Completed, Self::Failed];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    #[must_use]
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Completed | Self::Failed => true,
            Self::Queued | Self::Processing => false,
        }
    }
}

/// Why a queued job does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    InsufficientCredits,
}

/// What an extraction found; the three maps have the extractor's fields as keys, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobResult {
    pub extracted_data: RawJson,
    /// Per field a probability, 0 for a field that was not found.
    pub confidence: RawJson,
    /// Per field `{page, bbox, text}` or null.
    pub citations: RawJson,
    /// What the user should know about this result, such as an XML that disagrees with the page.
    pub warnings: Vec<String>,
    pub page_count: u32,
    /// The lowest confidence of the values found, in ten-thousandths.
    pub confidence_min_e4: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub org_id: OrgId,
    pub mode: Mode,
    pub extractor_id: ExtractorId,
    pub extractor_version: u32,
    pub document_type: DocumentType,
    pub status: JobStatus,
    pub hold_reason: Option<HoldReason>,
    /// Credits that this job is known to need: the least for its type, or its cost once its pages were counted.
    pub credits_needed: u64,
    /// The job under whose id the file is kept: this one, or the first of its retries.
    pub blob_id: JobId,
    /// Where the document is fetched from, when it was not sent.
    pub source_url: Option<String>,
    /// It has not been fetched yet: there is no file.
    pub awaits_file: bool,
    pub filename: Option<String>,
    pub mime_type: String,
    /// 0 while the file is awaited.
    pub file_size_bytes: u64,
    /// A JSON object of the submitter's own.
    pub metadata: RawJson,
    pub result: Option<JobResult>,
    /// What a person corrected: an object of some of the extractor's fields. The result stays as it was read.
    pub corrections: Option<RawJson>,
    pub corrected_at: Option<Timestamp>,
    pub failure: Option<Failure>,
    pub processing_time_ms: Option<u64>,
    pub cost_credits: u64,
    pub retry_of: Option<JobId>,
    /// How often a worker took this job up.
    pub attempt_count: u32,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    /// When the job ended, completed or failed.
    pub completed_at: Option<Timestamp>,
}
