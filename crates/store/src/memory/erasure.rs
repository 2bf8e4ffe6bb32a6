//! Erasing a job: what was read from its document goes from everywhere.

use docextract_model::delivery::DeliveryStatus;
use docextract_model::event;
use docextract_model::id::{Id as _, JobId};

use super::Tables;
use crate::commands::{EraseJob, EraseJobOutcome};

impl Tables {
    pub(super) fn erase_job(&mut self, command: &EraseJob) -> EraseJobOutcome {
        let Some(job) = self.job(&command.tenant, &command.job_id) else { return EraseJobOutcome::NotFound };
        if !job.status.is_terminal() {
            return EraseJobOutcome::NotEnded(job.status);
        }
        let blob_id = job.blob_id.clone();
        self.jobs.remove(&command.job_id);
        self.lessons.remove(&command.job_id);
        for event in self.events.values_mut().filter(|event| event.job_id.as_ref() == Some(&command.job_id)) {
            event.body = event::erased(&event.event_type);
            for row in self.deliveries.values_mut().filter(|row| row.delivery.event_id == event.id) {
                if row.is_pending() {
                    row.finish(DeliveryStatus::Skipped, command.now);
                }
                row.lease = None;
                row.attempts.iter_mut().for_each(|attempt| attempt.response_body = None);
            }
        }
        let number = &command.job_id.as_str()[JobId::PREFIX.len()..];
        for request in self.requests.values_mut().filter(|request| request.reserved == number) {
            request.answer = None;
            request.is_erased = true;
        }
        if self.jobs.values().all(|row| row.job.blob_id != blob_id) {
            self.small_documents.remove(&blob_id);
            self.erased_blobs.insert(blob_id);
        }
        EraseJobOutcome::Erased
    }
}
