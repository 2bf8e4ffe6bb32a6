//! `/v1/documents`: a submitted document is a job.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use docextract_model::audit::AuditAction;
use docextract_model::document_password::DocumentPassword;
use docextract_model::failure::Failure;
use docextract_model::id::{ExtractorId, JobId, OrgId};
use docextract_model::job::{HoldReason, Job, JobStatus};
use docextract_model::json::RawJson;
use docextract_model::limits;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_store::commands::{
    EraseJob, EraseJobOutcome, ExtractorRef, JobFilter, RetryJob, RetryJobOutcome, SUBMIT_JOB_IDS, SubmitJob,
    SubmitJobOutcome,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::io::ReaderStream;

use super::app::App;
use super::auth::Caller;
use super::body::JsonBody;
use super::describe::{Accepted, Answer, Answers, NoContent, Operation};
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::extractors::{REFERENCE_PATTERN, parse_reference};
use super::idempotency::Once;
use super::paging::{self, List};
use super::path::{At, found};
use super::query::{Cursor, Limit, Parameter, page, query};
use super::submission::{self, Form, Sent, Submission};
use crate::duration::DurationMs;

/// How an object is described whose fields are the user's.
type JsonObject = serde_json::Map<String, Value>;

/// Bytes of a document that are sent at a time.
const FILE_PIECE_BYTES: usize = 64 * 1024;
/// The longest `wait`.
const WAIT_MS_MAX: u64 = 60_000;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Document")]
pub(crate) struct DocumentView {
    id: JobId,
    org_id: OrgId,
    extractor_id: ExtractorId,
    status: JobStatus,
    document_url: String,
    mime_type: String,
    file_size_bytes: u64,
    #[schemars(with = "Option<JsonObject>")]
    extracted_data: Option<RawJson>,
    /// Per field a probability; 0 for a field that was not found.
    #[schemars(with = "Option<JsonObject>")]
    confidence: Option<RawJson>,
    processing_time_ms: Option<u64>,
    cost_credits: u64,
    error_details: Option<Failure>,
    /// As it was submitted.
    #[schemars(with = "JsonObject")]
    metadata: RawJson,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    /// Per field where its value stands, or null.
    #[schemars(with = "Option<JsonObject>")]
    citations: Option<RawJson>,
    /// What people corrected: values that count before those of `extracted_data`, which stay as they were read.
    #[schemars(with = "Option<JsonObject>")]
    corrections: Option<RawJson>,
    corrected_at: Option<Timestamp>,
    warnings: Vec<String>,
    page_count: Option<u32>,
    filename: Option<String>,
    hold_reason: Option<HoldReason>,
    retry_of: Option<JobId>,
}

impl DocumentView {
    pub(crate) fn of(job: Job, app: &App) -> Self {
        let document_url =
            job.source_url.unwrap_or_else(|| format!("{}/v1/documents/{}/file", app.base_url, job.id));
        let (mut extracted_data, mut confidence, mut citations) = (None, None, None);
        let (mut warnings, mut page_count) = (Vec::new(), None);
        if let Some(result) = job.result {
            extracted_data = Some(result.extracted_data);
            confidence = Some(result.confidence);
            citations = Some(result.citations);
            warnings = result.warnings;
            page_count = Some(result.page_count);
        }
        Self {
            id: job.id,
            org_id: job.org_id,
            extractor_id: job.extractor_id,
            status: job.status,
            document_url,
            mime_type: job.mime_type,
            file_size_bytes: job.file_size_bytes,
            extracted_data,
            confidence,
            processing_time_ms: job.processing_time_ms,
            cost_credits: job.cost_credits,
            error_details: job.failure,
            metadata: job.metadata,
            created_at: job.created_at,
            started_at: job.started_at,
            completed_at: job.completed_at,
            citations,
            corrections: job.corrections,
            corrected_at: job.corrected_at,
            warnings,
            page_count,
            filename: job.filename,
            hold_reason: job.hold_reason,
            retry_of: job.retry_of,
        }
    }
}

/// How long to wait for a document's end.
pub(crate) struct Wait(DurationMs);

impl Parameter for Wait {
    const EXPECTED: &'static str = "a duration of at most 60s, such as 30s";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|wait: &DurationMs| wait.0 <= WAIT_MS_MAX).map(Self)
    }

    fn schema() -> Value {
        json!({"type": "string", "pattern": "^([1-5]?[0-9]{1,4}ms|60000ms|([0-9]|[1-5][0-9]|60)s|[01]m)$"})
    }
}

query! {
    SubmitDocument {
        /// Answer when the document has been read, or after this time: at most 60s.
        wait: Wait,
    }
}

pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    query: SubmitDocument,
    Form(request): Form,
) -> Result<Submitted> {
    let wait = query.wait.map(|wait| wait.0);
    let submission = submission::read(request, &app, caller.tenant.mode).await?;
    // Listening begins before the job exists, so that its end cannot be missed.
    let endings = wait.map(|wait| (wait, app.engine.subscribe_job_endings()));
    let job = match made_before(&app, &caller.tenant, &once).await? {
        Some(job) => job,
        None => write(&app, &caller.tenant, submission, &once).await?,
    };
    let job = match endings {
        None => job,
        Some((wait, endings)) => wait_for_end(&app, &caller.tenant, job, wait, endings).await?,
    };
    let has_ended = job.status.is_terminal();
    let view = DocumentView::of(job, &app);
    Ok(if has_ended { Submitted::Ended(Json(view)) } else { Submitted::Accepted(Accepted(view)) })
}

/// 200 with a document that ended while its sender waited, else 202.
pub(crate) enum Submitted {
    Ended(Json<DocumentView>),
    Accepted(Accepted<DocumentView>),
}

impl IntoResponse for Submitted {
    fn into_response(self) -> Response {
        match self {
            Self::Ended(ended) => ended.into_response(),
            Self::Accepted(accepted) => accepted.into_response(),
        }
    }
}

impl Answers for Submitted {
    fn describe(operation: &mut Operation) {
        Json::<DocumentView>::describe(operation);
        Accepted::<DocumentView>::describe(operation);
    }
}

/// The job of a request that was begun before and not answered, if it came that far.
async fn made_before(app: &Arc<App>, tenant: &Tenant, once: &Once) -> Result<Option<Job>> {
    if !once.is_again {
        return Ok(None);
    }
    Ok(app.store.job(tenant, &once.id()).await?)
}

/// Makes the submission durable: first its file, if it has one, then its job.
async fn write(app: &Arc<App>, tenant: &Tenant, submission: Submission, once: &Once) -> Result<Job> {
    let which = submission.extractor.clone();
    if matches!(&submission.document, Sent::Itself(upload) if upload.is_file()) {
        // It is only written for an extractor that is there.
        refuse_unusable(app, tenant, &which).await?;
    }
    let id: JobId = once.id();
    let (source_url, document, file_size_bytes) = match submission.document {
        Sent::Address(url) => (Some(url.as_str().to_owned()), None, 0),
        Sent::Itself(upload) => {
            let file_size_bytes = upload.length();
            (None, upload.keep(&id).await?, file_size_bytes)
        }
    };
    let has_file = source_url.is_none() && document.is_none();
    let command = SubmitJob {
        id: id.clone(),
        tenant: tenant.clone(),
        extractor: submission.extractor,
        source_url,
        document,
        filename: submission.filename,
        mime_type: submission.mime_type,
        file_size_bytes,
        metadata: submission.metadata,
        password: submission.password,
        now: once.now,
        ids: app.ambient.ids(SUBMIT_JOB_IDS),
        send_lease: app.send_lease(),
    };
    let refusal: ApiError = match app.store.submit_job(command).await {
        Ok(SubmitJobOutcome::Submitted { job, to_send }) => {
            app.hand_over(to_send);
            wake(app, &job);
            return Ok(job);
        }
        Ok(SubmitJobOutcome::ExtractorNotFound) => no_extractor(&which),
        Ok(SubmitJobOutcome::ExtractorInactive) => ErrorCode::ExtractorInactive.into(),
        Err(error) => error.into(),
    };
    // Nobody will ever ask for this file, and a disk that is full has no room for it.
    if has_file && let Err(error) = app.blobs.delete(&id).await {
        tracing::warn!(%error, "the file of a document that was not accepted stays");
    }
    Err(refusal)
}

/// A hint that there is a job to be read, or a document to be fetched.
fn wake(app: &App, job: &Job) {
    if job.awaits_file {
        app.engine.wake_fetches();
    } else {
        app.engine.wake_jobs();
    }
}

async fn refuse_unusable(app: &Arc<App>, tenant: &Tenant, which: &ExtractorRef) -> Result<()> {
    match app.store.extractor(tenant, which).await? {
        Some(extractor) if extractor.is_active => Ok(()),
        Some(_) => Err(ErrorCode::ExtractorInactive.into()),
        None => Err(no_extractor(which)),
    }
}

fn no_extractor(which: &ExtractorRef) -> ApiError {
    let name = match which {
        ExtractorRef::Id(id) => id.as_str(),
        ExtractorRef::ReadyMade(document_type) => document_type.as_str(),
    };
    let message = format!("extractor_id: there is no extractor {name}.");
    ApiError::with_message(ErrorCode::ExtractorNotFound, message)
}

/// The job when it has ended, or as it is when the time is over or the server drains; as it was accepted
/// when the store cannot tell.
async fn wait_for_end(
    app: &Arc<App>,
    tenant: &Tenant,
    job: Job,
    wait: DurationMs,
    mut endings: broadcast::Receiver<JobId>,
) -> Result<Job> {
    // Every end wakes all who wait. Beyond so many, whoever asks hears how it stands, and may look again.
    let Ok(_place) = app.waiters.try_acquire() else { return Ok(job) };
    let ended = async {
        loop {
            match endings.recv().await {
                Ok(id) if id == job.id => return,
                // Some endings were missed: this job's may be one of them.
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => match app.store.job(tenant, &job.id).await {
                    Ok(Some(now)) if !now.status.is_terminal() => {}
                    Ok(_) | Err(_) => return,
                },
                Err(RecvError::Closed) => return,
            }
        }
    };
    let mut stopping = app.stopping.clone();
    tokio::select! {
        () = ended => {}
        () = tokio::time::sleep(Duration::from_millis(wait.0)) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    // It is accepted, whatever is the matter with the store by now: an error would have it submitted again.
    let now = app.store.job(tenant, &job.id).await;
    Ok(now.ok().flatten().unwrap_or(job))
}

query! {
    ListDocuments {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<JobId>,
        /// Objects to leave out first; not together with `cursor`.
        offset: Offset,
        /// An extractor's id, or the document type of a ready-made one.
        extractor_id: ExtractorRef,
        /// Only documents with this status.
        status: JobStatus,
        /// Only documents submitted after this instant.
        created_after: Timestamp,
        /// Only documents submitted before this instant.
        created_before: Timestamp,
        /// Only documents whose values all have at least this confidence.
        min_confidence: ConfidenceMin,
    }
}

/// How many objects to leave out.
pub(crate) struct Offset(u32);

impl Parameter for Offset {
    const EXPECTED: &'static str = "a whole number";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    fn schema() -> Value {
        json!({"type": "integer", "minimum": 0, "maximum": u32::MAX, "default": 0})
    }
}

impl Parameter for ExtractorRef {
    const EXPECTED: &'static str = "an extractor's id or document type";

    fn read(text: &str) -> Option<Self> {
        parse_reference(text)
    }

    fn schema() -> Value {
        json!({"type": "string", "pattern": REFERENCE_PATTERN})
    }
}

/// A number from 0 to 1 in ten-thousandths.
pub(crate) struct ConfidenceMin(u32);

impl Parameter for ConfidenceMin {
    const EXPECTED: &'static str = "a number from 0 to 1";

    fn read(text: &str) -> Option<Self> {
        parse_confidence(text).map(Self)
    }

    fn schema() -> Value {
        json!({"type": "number", "minimum": 0, "maximum": 1})
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListDocuments,
) -> Result<Json<List<DocumentView>>> {
    let mut page = page(query.limit, query.cursor);
    page.offset = query.offset.map_or(0, |offset| offset.0);
    if page.offset > 0 && page.after.is_some() {
        return Err(ApiError::invalid_field("offset", "does not go with cursor: use one of them"));
    }
    let filter = JobFilter {
        extractor_id: resolve(&app, &caller.tenant, query.extractor_id).await?,
        status: query.status,
        created_after: query.created_after,
        created_before: query.created_before,
        confidence_min_e4: query.min_confidence.map(|least| least.0),
    };
    let limit = page.limit;
    let jobs = app.store.jobs(&caller.tenant, filter, page).await?;
    Ok(paging::list(jobs, limit, |job| job.id.as_str(), |job| DocumentView::of(job, &app)))
}

/// The id of the extractor that a filter names. One that was deleted still has documents, so an id
/// need not exist.
async fn resolve(
    app: &Arc<App>,
    tenant: &Tenant,
    extractor: Option<ExtractorRef>,
) -> Result<Option<ExtractorId>> {
    match extractor {
        None => Ok(None),
        Some(ExtractorRef::Id(id)) => Ok(Some(id)),
        Some(ready_made @ ExtractorRef::ReadyMade(_)) => {
            let extractor = app.store.extractor(tenant, &ready_made).await?;
            Ok(Some(extractor.ok_or(ErrorCode::ExtractorNotFound)?.id))
        }
    }
}

/// A number from 0 to 1 in ten-thousandths.
fn parse_confidence(text: &str) -> Option<u32> {
    let number: f64 = text.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10,000 fits")]
    (0.0..=1.0).contains(&number).then(|| (number * 10_000.0).round() as u32)
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<JobId>,
) -> Result<Json<DocumentView>> {
    let job = found(app.store.job(&caller.tenant, &id).await?, &id)?;
    Ok(Json(DocumentView::of(job, &app)))
}

/// A document that is still to be fetched has no file.
pub(super) fn require_file(job: &Job) -> Result<()> {
    if job.awaits_file {
        let message = "The document has not been fetched from its document_url.";
        return Err(ApiError::with_message(ErrorCode::FileNotFound, message));
    }
    Ok(())
}

/// The document as it was submitted. It is a stranger's file: a browser may store it, never show it
/// as a page of this server.
pub(crate) async fn file(State(app): State<Arc<App>>, caller: Caller, At(id): At<JobId>) -> Result<File> {
    let job = found(app.store.job(&caller.tenant, &id).await?, &id)?;
    require_file(&job)?;
    let blob = app.engine.open_document(&job.blob_id, job.file_size_bytes).await?;
    let blob = blob.ok_or(ErrorCode::FileNotFound)?;
    let name = job.filename.unwrap_or_else(|| job.id.to_string());
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let headers = [
        (header::CONTENT_LENGTH, blob.length.to_string()),
        (header::CONTENT_TYPE, job.mime_type),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{}", encoded.replace('+', "%20")),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    let pieces = ReaderStream::with_capacity(blob.bytes, FILE_PIECE_BYTES);
    Ok(File((headers, Body::from_stream(pieces)).into_response()))
}

/// A document's bytes.
pub(crate) struct File(Response);

impl IntoResponse for File {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Answers for File {
    fn describe(operation: &mut Operation) {
        let about = "The bytes that were submitted, with the media type that they were found to have.";
        operation.answers.push(Answer { status: StatusCode::OK, about, content: Some(("*/*", json!({}))) });
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DocumentRetry")]
pub(crate) struct Retry {
    /// Opens a PDF that is encrypted: the password of the first time is no longer known.
    #[serde(default)]
    #[schemars(with = "Option<String>", length(min = 1, max = limits::DOCUMENT_PASSWORD_BYTES_MAX))]
    password: Option<Box<RawValue>>,
}

impl Retry {
    /// Read here, so that no message about a wrong type repeats it.
    fn checked_password(self) -> Result<Option<DocumentPassword>> {
        let mut problems = Problems::default();
        let sent = match self.password.map(|text| serde_json::from_str::<Option<String>>(text.get())) {
            None => None,
            Some(Ok(sent)) => sent,
            Some(Err(_)) => {
                problems.push("password", "must be a string");
                None
            }
        };
        let password = submission::checked_password(sent, &mut problems);
        problems.finish()?;
        Ok(password)
    }
}

pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    At(job_id): At<JobId>,
    JsonBody(body): JsonBody<Retry>,
) -> Result<Accepted<DocumentView>> {
    let password = body.checked_password()?;
    if let Some(job) = made_before(&app, &caller.tenant, &once).await? {
        return Ok(Accepted(DocumentView::of(job, &app)));
    }
    let command = RetryJob {
        tenant: caller.tenant,
        job_id,
        new_id: once.id(),
        password,
        now: once.now,
        ids: app.ambient.ids(SUBMIT_JOB_IDS),
        send_lease: app.send_lease(),
    };
    match app.store.retry_job(command).await? {
        RetryJobOutcome::Submitted { job, to_send } => {
            app.hand_over(to_send);
            wake(&app, &job);
            Ok(Accepted(DocumentView::of(job, &app)))
        }
        RetryJobOutcome::NotFound => Err(ErrorCode::DocumentNotFound.into()),
        RetryJobOutcome::NotEnded(status) => Err(ApiError::with_message(
            ErrorCode::DocumentNotEnded,
            format!("The document is still {}.", status.as_str()),
        )),
        RetryJobOutcome::ExtractorNotFound => Err(ErrorCode::ExtractorNotFound.into()),
        RetryJobOutcome::ExtractorInactive => Err(ErrorCode::ExtractorInactive.into()),
    }
}

pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(job_id): At<JobId>,
) -> Result<NoContent> {
    let entry = caller.entry(&app, AuditAction::DocumentErased, &job_id);
    let command = EraseJob { tenant: caller.tenant, job_id, now: app.ambient.now() };
    match app.act(command, entry).await? {
        EraseJobOutcome::Erased => {
            // What cannot be removed now is removed by a later pass of the engine's.
            app.engine.step_erase().await;
            Ok(NoContent)
        }
        EraseJobOutcome::NotFound => Err(ErrorCode::DocumentNotFound.into()),
        EraseJobOutcome::NotEnded(status) => Err(ApiError::with_message(
            ErrorCode::DocumentInProgress,
            format!("The document is still {}, and cannot be deleted.", status.as_str()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_a_number_from_0_to_1() {
        assert_eq!(parse_confidence("0.9"), Some(9_000));
        assert_eq!(parse_confidence("1"), Some(10_000));
        for wrong in ["1.1", "-0.1", "NaN", "high", ""] {
            assert_eq!(parse_confidence(wrong), None, "{wrong}");
        }
    }
}
