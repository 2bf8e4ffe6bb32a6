//! Documents that are submitted by their address (`document_url`): fetched by a worker, kept like an
//! upload, then read.
//!
//! A pass leases jobs whose documents are still to be fetched, as many as there is room for; they have
//! room of their own, so that a slow host delays no document that is here already. A task per job fetches
//! the document into the blob store, piece by piece, notes in the store that it is kept, and has the job
//! read under the same lease.
//!
//! What is guaranteed: the address is judged at every connection ([`crate::outbound`]), and the time and
//! the bytes are bounded. Whatever is killed when, the document is fetched again or kept: a job that was
//! noted as kept is never fetched again. A host that does not answer, or not well, is `service_unavailable`
//! and asked again like any temporary error; what it refuses fails the job at once.
//!
//! What it never does: fetch for a job that is made to end by `metadata.simulate`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::job::Job;
use docextract_model::limits;
use docextract_model::simulate::Outcome;
use docextract_store::commands::{FencedOutcome, Lease, LeasedJob, NoteFile};

use crate::Engine;
use crate::extract::{Read, lost_lease, temporary};
use crate::outbound::{FetchError, FetchLimits};

/// Counts a fetch out, also when its task panics.
struct Fetching(Arc<Engine>);

impl Fetching {
    fn new(engine: &Arc<Engine>) -> Self {
        engine.fetching.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(engine))
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.0.fetching.fetch_sub(1, Ordering::AcqRel);
        self.0.wake_fetches();
    }
}

/// How many documents are being fetched.
pub(crate) type FetchCount = AtomicUsize;

impl Engine {
    fn fetch_room(&self) -> usize {
        limits::FETCHES_MAX.saturating_sub(self.fetching.load(Ordering::Acquire))
    }

    /// Whether there is room for another document to be fetched.
    pub(crate) fn has_room_for_fetches(&self) -> bool {
        self.fetch_room() > 0
    }

    /// Leases jobs whose documents are to be fetched, as far as there is room, and starts them. Returns how
    /// many.
    pub async fn step_fetches(self: &Arc<Self>) -> usize {
        let _turn = self.fetch_leasing.lock().await;
        let lease_ms = self.config().fetch_ms_max
            + self.config().extraction.extraction_ms_max
            + limits::JOB_LEASE_MARGIN_MS;
        let (jobs, lease) = self.lease_due(self.fetch_room(), lease_ms, true).await;
        let count = jobs.len();
        for job in jobs {
            let fetching = Fetching::new(self);
            let (engine, lease) = (Arc::clone(self), lease.clone());
            self.tasks.spawn(engine.fetch_and_work(job, lease, fetching));
        }
        count
    }

    async fn fetch_and_work(self: Arc<Self>, mut leased: LeasedJob, lease: Lease, fetching: Fetching) {
        let is_fetched = match leased.job.source_url.clone() {
            Some(url) if Outcome::of(&leased.job).is_none() && !leased.is_spent() => {
                let started = self.ambient().now();
                match self.fetch(&leased.job, &url).await {
                    Ok(file_size_bytes) => {
                        leased.job.file_size_bytes = file_size_bytes;
                        self.note_file(&leased.job, &lease).await
                    }
                    Err(failure) => {
                        let ms = self.ambient().now().ms_since(started);
                        drop(fetching);
                        return self.conclude(&leased.job, &lease, Read::failed(failure), ms).await;
                    }
                }
            }
            Some(_) | None => true,
        };
        drop(fetching);
        if is_fetched {
            self.take_in_hand(leased, lease).await;
        }
    }

    /// Whether the job is still this worker's.
    async fn note_file(&self, job: &Job, lease: &Lease) -> bool {
        let command = NoteFile {
            job_id: job.id.clone(),
            lease_token: lease.token.clone(),
            file_size_bytes: job.file_size_bytes,
        };
        let noted = self.while_leased(lease, "a fetched document could not be noted yet", || {
            self.store().note_file(command.clone())
        });
        match noted.await {
            Some(FencedOutcome::Written) => true,
            Some(FencedOutcome::LostLease) => {
                lost_lease(&job.id);
                false
            }
            None => {
                tracing::error!(job.id = %job.id, "a fetched document was not noted: it is fetched again when its lease runs out");
                false
            }
        }
    }

    /// Fetches a job's document and keeps it. Returns its length.
    async fn fetch(&self, job: &Job, url: &str) -> Result<u64, Failure> {
        let not_kept = |error: docextract_store::StoreError| {
            tracing::warn!(%error, job.id = %job.id, "a fetched document could not be kept");
            temporary("The document's file could not be kept.")
        };
        let limits = FetchLimits {
            bytes_max: self.config().extraction.document_bytes_max,
            ms_max: self.config().fetch_ms_max,
        };
        let mut blob = self.blobs().begin().await.map_err(not_kept)?;
        let fetched = self.outbound.fetch(url, &self.config().addresses, limits, blob.as_mut()).await;
        let length = match fetched {
            Ok(0) => {
                return Err(Failure::with_detail(FailureCode::DocumentEmpty, "Nothing is at document_url."));
            }
            Ok(length) => length,
            Err(FetchError::NotKept(error)) => return Err(not_kept(error)),
            Err(error) => return Err(failure_of(&error)),
        };
        blob.keep(&job.blob_id).await.map_err(not_kept)?;
        Ok(length)
    }
}

/// What a submitter is told of a document that could not be fetched. The codes are those that there are:
/// what differs is said.
fn failure_of(error: &FetchError) -> Failure {
    let detail = format!("It was not fetched from document_url: {error}.");
    match error {
        FetchError::Unavailable(_) => Failure::with_detail(FailureCode::ServiceUnavailable, &detail),
        FetchError::TooLarge(_) => Failure::with_detail(FailureCode::DocumentTooLarge, &detail),
        FetchError::NotKept(_) => Failure::new(FailureCode::TemporaryError),
        FetchError::Refused(problem) => Failure {
            code: FailureCode::DocumentUnreadable,
            message: format!("The document could not be fetched from document_url: {problem}."),
            suggestion: "Open document_url without being signed in: it has to lead to the file itself, over \
                         https and on a public address. Or send the document instead of its address."
                .to_owned(),
        },
    }
}
