//! Extraction: due jobs are leased, their documents read, and the jobs ended.
//!
//! A pass leases jobs for the workers that are free, and ahead of them as many as the workers get through
//! in a moment, so that short documents do not wait for one commit each. A task per job
//! waits for a worker, has the document passed on to be read, and finishes the job while the worker reads the next. The
//! result, its charge, its event and its deliveries are one transaction of the store; the deliveries then
//! go out from memory.
//!
//! What is guaranteed: whoever lost the lease writes nothing, and a job that was leased more often
//! than `limits::JOB_LEASES_MAX` fails, since it is what kills its workers. A temporary error puts
//! the job back, after the waits that are configured, before it fails for good. An extractor that
//! panics or does not return costs its job, never the worker. A job that was leased ahead and came to wait
//! so long that its lease could end while it is read is given back.
//!
//! What it never does: parse a byte of a document, or charge anything by itself.

use std::io::Cursor;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::Engine;
use async_trait::async_trait;
use docextract_extraction::sandbox::Sandbox;
use docextract_extraction::{Document, Extraction, Lesson, Limits, NotDrawn, Opened, Request, Size, Source};
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::JobId;
use docextract_model::job::{Job, JobResult};
use docextract_model::json::RawJson;
use docextract_model::limits;
use docextract_model::simulate::{self, Outcome};
use docextract_model::tenant::Mode;
use docextract_store::StoreError;
use docextract_store::blobs::Blob;
use docextract_store::commands::{
    DeferJob, FINISH_JOB_IDS, FencedOutcome, FinishJob, FinishJobOutcome, JobEnd, Lease, LeaseJobs, LeasedJob,
};
use futures_util::FutureExt as _;
use serde_json::{Map, Value};

/// What an extractor gets beyond its own limit before it is given up.
const EXTRACTOR_GRACE_MS: u64 = 5_000;
/// Jobs are leased ahead for as long as this, by what the last ones took.
const AHEAD_US: u64 = 250_000;
/// What a document is taken to need before any was read: nothing is leased ahead of it.
const READING_US_FIRST: u64 = 1_000_000;
/// The clock tells whole milliseconds.
const READING_US_MIN: u64 = 1_000;
const RETRY_WAIT_MS_FIRST: u64 = 50;
const RETRY_WAIT_MS_MAX: u64 = 2_000;

/// Reads a document. The real one is the sandbox of `docextract_extraction`; tests hold fakes.
#[async_trait]
pub trait Extract: Send + Sync + 'static {
    /// The request's own bytes are empty: the document comes beside it.
    async fn extract(&self, request: Request, document: &dyn Document) -> Result<Extraction, Failure>;

    /// Draws one page of a document of this owner as a PNG file.
    async fn draw(
        &self,
        owner: &str,
        document: &dyn Document,
        page: u32,
        width: u32,
        limits: &Limits,
    ) -> Result<Vec<u8>, NotDrawn>;

    /// What the corrected values of a document teach about others of its layout, if anything.
    async fn learn(
        &self,
        request: Request,
        document: &dyn Document,
        corrections: Map<String, Value>,
    ) -> Result<Option<Lesson>, Failure>;
}

#[async_trait]
impl Extract for Sandbox {
    async fn extract(&self, request: Request, document: &dyn Document) -> Result<Extraction, Failure> {
        self.extract_from(request, document).await
    }

    async fn draw(
        &self,
        owner: &str,
        document: &dyn Document,
        page: u32,
        width: u32,
        limits: &Limits,
    ) -> Result<Vec<u8>, NotDrawn> {
        self.draw_page(owner, document, page, Size::Width(width), limits).await
    }

    async fn learn(
        &self,
        request: Request,
        document: &dyn Document,
        corrections: Map<String, Value>,
    ) -> Result<Option<Lesson>, Failure> {
        Self::learn(self, request, document, corrections).await
    }
}

/// A job's document where it is kept.
pub(crate) struct Stored<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) blob_id: &'a JobId,
    pub(crate) length: u64,
}

#[async_trait]
impl Document for Stored<'_> {
    async fn open(&self) -> Result<Opened<'_>, Failure> {
        match self.engine.open_document(self.blob_id, self.length).await {
            Ok(Some(Blob { length, bytes })) => Ok(Opened { length, bytes }),
            Ok(None) => {
                tracing::error!(blob.id = %self.blob_id, "the document of a job is missing");
                Err(temporary("The document's file is missing on the server."))
            }
            Err(error) => {
                tracing::warn!(%error, blob.id = %self.blob_id, "the document of a job could not be opened");
                Err(temporary("The document's file could not be fetched."))
            }
        }
    }
}

/// The jobs that this node has in hand, and how quickly it got through the last ones.
pub(crate) struct InHand {
    jobs: AtomicUsize,
    /// A running mean.
    reading_us: AtomicU64,
}

impl Default for InHand {
    fn default() -> Self {
        Self { jobs: AtomicUsize::new(0), reading_us: AtomicU64::new(READING_US_FIRST) }
    }
}

impl InHand {
    /// How many more jobs may be leased: none until half of those ahead are read, so that leases are few and
    /// bring many.
    fn room(&self, workers: usize) -> usize {
        let reading_us = self.reading_us.load(Ordering::Relaxed).max(READING_US_MIN);
        let ahead = usize::try_from(AHEAD_US / reading_us).unwrap_or(usize::MAX).saturating_mul(workers);
        let ahead = ahead.min(limits::JOBS_AHEAD_MAX);
        let room = workers.saturating_add(ahead).saturating_sub(self.jobs.load(Ordering::Acquire));
        if room > ahead / 2 { room } else { 0 }
    }

    fn note_reading(&self, ms: u64) {
        let (new_us, known_us) = (ms.saturating_mul(1_000), self.reading_us.load(Ordering::Relaxed));
        // Two at once may lose one of their notes: the mean is a hint.
        self.reading_us.store(known_us - known_us / 8 + new_us / 8, Ordering::Relaxed);
    }
}

/// Counts a job out of the hand, also when its task panics.
struct Held(Arc<Engine>);

impl Held {
    fn new(engine: &Arc<Engine>) -> Self {
        engine.in_hand.jobs.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(engine))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.in_hand.jobs.fetch_sub(1, Ordering::AcqRel);
        self.0.wake_jobs();
    }
}

/// How reading a document went.
pub(crate) struct Read {
    end: JobEnd,
    /// Corrected documents whose lessons were of use.
    lessons_used: Vec<JobId>,
    /// As told by the content.
    mime_type: Option<String>,
    /// It may go better another time.
    may_retry: bool,
}

/// Whose document it is, for the children that read documents.
pub(crate) fn owner_of(job: &Job) -> String {
    format!("{}/{}", job.org_id, job.mode.as_str())
}

/// What became of a leased job before it was ended.
enum Worked {
    Read(Read),
    /// Its lease is too short for it by now.
    TooLate,
}

impl Read {
    pub(crate) fn failed(failure: Failure) -> Self {
        let may_retry = failure.code.is_retryable();
        Self { end: JobEnd::Failed(failure), mime_type: None, lessons_used: Vec::new(), may_retry }
    }

    fn failed_for_good(failure: Failure) -> Self {
        Self { may_retry: false, ..Self::failed(failure) }
    }
}

impl Engine {
    /// A job's document, of this length: what is small is with its job, if it came in with it, and all else is a
    /// file. None when there is neither.
    pub async fn open_document(
        &self,
        blob_id: &JobId,
        length: u64,
    ) -> docextract_store::Result<Option<Blob>> {
        if usize::try_from(length).is_ok_and(|length| length <= limits::DOCUMENT_BYTES_WITH_JOB_MAX)
            && let Some(bytes) = self.store().small_document(blob_id).await?
        {
            return Ok(Some(Blob { length, bytes: Box::pin(Cursor::new(bytes)) }));
        }
        self.blobs().open(blob_id).await
    }

    /// Whether there is room for another job.
    pub(crate) fn has_room_for_jobs(&self) -> bool {
        self.in_hand.room(self.config().extraction_workers) > 0
    }

    /// Leases due jobs as far as there is room and starts them. Returns how many.
    pub async fn step_jobs(self: &Arc<Self>) -> usize {
        let _turn = self.leasing.lock().await;
        let room = self.in_hand.room(self.config().extraction_workers);
        let lease_ms = self.config().extraction.extraction_ms_max + limits::JOB_LEASE_MARGIN_MS;
        let (jobs, lease) = self.lease_due(room, lease_ms, false).await;
        let count = jobs.len();
        for job in jobs {
            let held = Held::new(self);
            let (engine, lease) = (Arc::clone(self), lease.clone());
            self.tasks.spawn(async move {
                engine.work(job, lease).await;
                drop(held);
            });
        }
        count
    }

    /// Leases due jobs of one kind, at most as many as there is room for, and sends what that wrote.
    pub(crate) async fn lease_due(
        self: &Arc<Self>,
        room: usize,
        lease_ms: u64,
        awaiting_file: bool,
    ) -> (Vec<LeasedJob>, Lease) {
        let lease = self.ambient().lease(lease_ms);
        if room == 0 {
            return (Vec::new(), lease);
        }
        let limit = u32::try_from(room).unwrap_or(u32::MAX);
        let command = LeaseJobs {
            awaiting_file,
            limit,
            now: self.ambient().now(),
            lease: lease.clone(),
            ids: self.ambient().ids(limit),
            send_lease: self.send_lease(),
        };
        match self.store().lease_jobs(command).await {
            Ok(leased) => {
                self.outages.jobs.ended();
                self.hand_over(leased.to_send);
                (leased.jobs, lease)
            }
            Err(error) => {
                self.outages.jobs.report(&error, "due jobs could not be leased");
                (Vec::new(), lease)
            }
        }
    }

    /// Works on a job that was leased for something else before.
    pub(crate) async fn take_in_hand(self: &Arc<Self>, leased: LeasedJob, lease: Lease) {
        let _held = Held::new(self);
        Arc::clone(self).work(leased, lease).await;
    }

    async fn work(self: Arc<Self>, leased: LeasedJob, lease: Lease) {
        let job = leased.job.clone();
        let mut processing_time_ms = 0;
        match self.read(leased, &lease, &mut processing_time_ms).await {
            Worked::Read(read) => self.conclude(&job, &lease, read, processing_time_ms).await,
            Worked::TooLate => {
                let due_at = self.ambient().now();
                let command = DeferJob { job_id: job.id, lease_token: lease.token.clone(), due_at };
                self.defer(command, &lease).await;
            }
        }
    }

    /// Ends a job, or puts it back to be tried again.
    pub(crate) async fn conclude(
        self: &Arc<Self>,
        job: &Job,
        lease: &Lease,
        read: Read,
        processing_time_ms: u64,
    ) {
        let (job_id, lease_token) = (job.id.clone(), lease.token.clone());
        let wait_ms = if read.may_retry { self.retry_wait_ms(job.attempt_count) } else { None };
        if let Some(wait_ms) = wait_ms {
            let due_at = self.ambient().now().plus_ms(wait_ms);
            self.defer(DeferJob { job_id, lease_token, due_at }, lease).await;
        } else {
            let command = FinishJob {
                job_id,
                lease_token,
                end: read.end,
                mime_type: read.mime_type,
                lessons_used: read.lessons_used,
                processing_time_ms,
                now: self.ambient().now(),
                ids: self.ambient().ids(FINISH_JOB_IDS),
                send_lease: self.send_lease(),
            };
            self.finish(command, lease).await;
        }
    }

    fn retry_wait_ms(&self, attempt_count: u32) -> Option<u64> {
        let index = usize::try_from(attempt_count.saturating_sub(1)).ok()?;
        self.config().job_retry_waits_ms.get(index).copied()
    }

    /// Waits for a worker, and has the document read; notes how long the worker took.
    async fn read(&self, leased: LeasedJob, lease: &Lease, processing_time_ms: &mut u64) -> Worked {
        if leased.is_spent() {
            tracing::error!(job.id = %leased.job.id, "a job was taken up too often without ending: it fails");
            return Worked::Read(Read::failed_for_good(Failure::new(FailureCode::TemporaryError)));
        }
        match Outcome::of(&leased.job) {
            None => {}
            Some(Outcome::Failed(code)) => return Worked::Read(Read::failed(Failure::new(code))),
            Some(Outcome::Completed) => return Worked::Read(simulated(leased)),
        }
        // Nobody closes the workers: without a permit there is only no limit.
        let worker = self.workers.acquire().await.ok();
        let started = self.ambient().now();
        if lease.until.ms_since(started) < self.config().extraction.extraction_ms_max + EXTRACTOR_GRACE_MS {
            return Worked::TooLate;
        }
        let read = self.extract(leased).await;
        *processing_time_ms = self.ambient().now().ms_since(started);
        self.in_hand.note_reading(*processing_time_ms);
        drop(worker);
        Worked::Read(read)
    }

    async fn extract(&self, leased: LeasedJob) -> Read {
        let LeasedJob { job, field_definitions, password, document, has_lessons } = leased;
        let lessons = if has_lessons { self.lessons_for(&job).await } else { Vec::new() };
        let owner = owner_of(&job);
        let limits = self.config().extraction.clone();
        let limit_ms = limits.extraction_ms_max + EXTRACTOR_GRACE_MS;
        let request = Request {
            bytes: Vec::new(),
            filename: job.filename,
            mime_type: Some(job.mime_type),
            password,
            document_type: job.document_type,
            fields: field_definitions,
            owner,
            lessons,
            keep_pages: false,
            // Nothing is charged for a test, and an engine outside may cost its operator money.
            local_only: job.mode == Mode::Test,
            ignore_embedded_xml: false,
            explain: false,
            limits,
        };
        let extractor = Arc::clone(&self.parts.extractor);
        // A panic in there ends the extraction and nothing else.
        let stored = Stored { engine: self, blob_id: &job.blob_id, length: job.file_size_bytes };
        let document: &dyn Document = match &document {
            Some(bytes) => bytes,
            None => &stored,
        };
        let extraction = AssertUnwindSafe(extractor.extract(request, document)).catch_unwind();
        let extracted = tokio::time::timeout(Duration::from_millis(limit_ms), extraction).await;
        match extracted {
            Ok(Ok(Ok(extraction))) => completed(extraction),
            Ok(Ok(Err(failure))) => Read::failed(failure),
            Ok(Err(_panic)) => {
                tracing::error!(job.id = %job.id, "an extraction broke down");
                Read::failed(temporary("The extraction broke down."))
            }
            Err(_elapsed) => Read::failed(Failure::new(FailureCode::ExtractionTimeout)),
        }
    }

    async fn defer(&self, command: DeferJob, lease: &Lease) {
        let job_id = command.job_id.clone();
        let deferred = self.while_leased(lease, "a job could not be put back yet", || {
            self.store().defer_job(command.clone())
        });
        match deferred.await {
            Some(FencedOutcome::Written) => {}
            Some(FencedOutcome::LostLease) => lost_lease(&job_id),
            None => {
                tracing::error!(job.id = %job_id, "a job was not put back: it is due again when its lease runs out");
            }
        }
    }

    async fn finish(self: &Arc<Self>, command: FinishJob, lease: &Lease) {
        let job_id = command.job_id.clone();
        let finished = self
            .while_leased(lease, "a job could not be ended yet", || self.store().finish_job(command.clone()));
        match finished.await {
            Some(FinishJobOutcome::Finished { job, to_send }) => {
                self.hand_over(to_send);
                // Nobody may be listening: that is no error.
                let _ = self.endings.send(job.id);
            }
            Some(FinishJobOutcome::Held { to_send, .. }) => self.hand_over(to_send),
            Some(FinishJobOutcome::LostLease) => lost_lease(&job_id),
            None => {
                tracing::error!(job.id = %job_id, "a job was not ended: it runs again when its lease runs out");
            }
        }
    }

    /// Asks the store until it answers, it refuses, or the lease has run out.
    pub(crate) async fn while_leased<T, F>(&self, lease: &Lease, what: &str, ask: impl Fn() -> F) -> Option<T>
    where
        F: Future<Output = docextract_store::Result<T>>,
    {
        let mut wait_ms = RETRY_WAIT_MS_FIRST;
        while self.ambient().now() < lease.until {
            match ask().await {
                Ok(answer) => return Some(answer),
                Err(error @ StoreError::Refused(_)) => {
                    tracing::error!(%error, "{what}");
                    return None;
                }
                Err(error @ StoreError::Unavailable(_)) if wait_ms == RETRY_WAIT_MS_FIRST => {
                    tracing::warn!(%error, "{what}");
                }
                Err(StoreError::Unavailable(_)) => {}
            }
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            wait_ms = (wait_ms * 2).min(RETRY_WAIT_MS_MAX);
        }
        None
    }
}

pub(crate) fn lost_lease(job_id: &JobId) {
    tracing::info!(job.id = %job_id, "another holds this job by now: its outcome was dropped");
}

pub(crate) fn temporary(detail: &str) -> Failure {
    Failure::with_detail(FailureCode::TemporaryError, detail)
}

/// The end of a test job that asks to be completed: one page, which nobody looked at.
fn simulated(leased: LeasedJob) -> Read {
    let values = simulate::values(&leased.field_definitions);
    completed(Extraction {
        mime_type: leased.job.mime_type,
        page_count: 1,
        source: Source::TextLayer,
        extracted_data: values.extracted_data,
        confidence: values.confidence,
        citations: values.citations,
        warnings: Vec::new(),
        lessons_used: Vec::new(),
        pages: None,
        explanations: Vec::new(),
    })
}

fn completed(extraction: Extraction) -> Read {
    let mime_type = Some(extraction.mime_type.clone());
    let lessons_used = extraction.lessons_used.iter().filter_map(|id| JobId::parse(id).ok());
    let lessons_used = lessons_used.take(limits::LESSONS_MAX as usize).collect();
    match result_of(extraction) {
        Ok(result) => Read { end: JobEnd::Completed(result), mime_type, lessons_used, may_retry: false },
        Err(error) => {
            tracing::error!(%error, "an extraction's result is not JSON");
            Read::failed_for_good(temporary("The result could not be written."))
        }
    }
}

fn result_of(extraction: Extraction) -> Result<JobResult, serde_json::Error> {
    Ok(JobResult {
        confidence_min_e4: confidence_min_e4(&extraction),
        extracted_data: RawJson::of(&extraction.extracted_data)?,
        confidence: RawJson::of(&extraction.confidence)?,
        citations: RawJson::of(&extraction.citations)?,
        warnings: extraction.warnings,
        page_count: extraction.page_count,
    })
}

/// The lowest confidence of the values that were found; 0 when there is none.
fn confidence_min_e4(extraction: &Extraction) -> u32 {
    let found = extraction.extracted_data.iter().filter(|(_, value)| !value.is_null());
    let confidences = found.filter_map(|(name, _)| extraction.confidence.get(name)?.as_f64());
    confidences.map(to_e4).min().unwrap_or(0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 10,000 before")]
fn to_e4(probability: f64) -> u32 {
    (probability * 10_000.0).round().clamp(0.0, 10_000.0) as u32
}
