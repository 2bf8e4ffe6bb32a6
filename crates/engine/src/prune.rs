//! Retention: events, deliveries and attempts, and answers to requests that came with an
//! `Idempotency-Key`, are kept for a time and then removed, a few at a time; so are sessions that are over
//! and the audit log.
//! Files of erased documents are removed on the same rounds, if they were not at once.
//!
//! The file of a document that has one is written before its job, so a process that is killed in between leaves a file that
//! nobody knows. Once a day a sweep goes over all files and removes those that no job has and that are so
//! old that none can get one: a file's age is that of the id that it is named by.
//!
//! Each step is one small transaction, so that what is being sent never waits for it. What has not
//! ended is never removed, however old. What fails is tried again with the next round.

use docextract_model::id::{JobId, id_floor};
use docextract_model::limits;
use docextract_model::time::Timestamp;
use docextract_store::commands::PruneLog;
use docextract_store::people::PruneAccounts;

use crate::Engine;

/// How far the sweep over files came, and until when there is none.
#[derive(Default)]
pub(crate) struct Sweep {
    after: Option<JobId>,
    rests_until: Option<Timestamp>,
}

impl Engine {
    /// Removes one batch of what is too old; whether there may be more.
    pub async fn step_prune(&self) -> bool {
        let requests_remain = self.prune_requests().await;
        let accounts_remain = self.prune_accounts().await;
        self.step_erase().await;
        let before = self.ambient().now().minus_ms(self.config().log_kept_ms);
        match self.store().prune_log(PruneLog { before, limit: limits::PRUNE_BATCH }).await {
            Ok(pruned) => {
                let most = pruned.deliveries.max(pruned.events).max(pruned.counts);
                requests_remain || accounts_remain || most >= u64::from(limits::PRUNE_BATCH)
            }
            Err(error) => {
                tracing::warn!(%error, "old log entries were not removed: the next round tries again");
                false
            }
        }
    }

    /// Removes files of erased documents: after their erasure, and of those that a process left behind that
    /// ended in between.
    pub async fn step_erase(&self) {
        if let Err(error) = self.remove_erased_blobs().await {
            tracing::warn!(%error, "files of erased documents were not removed: the next round tries again");
        }
    }

    async fn remove_erased_blobs(&self) -> docextract_store::Result<()> {
        for blob_id in self.store().erased_blobs(limits::PRUNE_BATCH).await? {
            self.blobs().delete(&blob_id).await?;
            self.store().forget_blob(&blob_id).await?;
        }
        Ok(())
    }

    async fn prune_accounts(&self) -> bool {
        let now = self.ambient().now();
        let audit_before = now.minus_ms(self.config().audit_kept_ms);
        let command = PruneAccounts { now, audit_before, limit: limits::PRUNE_BATCH };
        match self.store().prune_accounts(command).await {
            Ok(most) => most >= u64::from(limits::PRUNE_BATCH),
            Err(error) => {
                tracing::warn!(%error, "what is over of people was not removed: the next round tries again");
                false
            }
        }
    }

    /// Looks at some of the documents' files and removes those that nobody has; whether there may be more to
    /// look at.
    pub async fn step_sweep(&self) -> bool {
        let mut sweep = self.sweep.lock().await;
        let now = self.ambient().now();
        if sweep.rests_until.is_some_and(|until| now < until) {
            return false;
        }
        match self.sweep_behind(sweep.after.as_ref(), now).await {
            Ok(Some(last)) => {
                sweep.after = Some(last);
                true
            }
            Ok(None) => {
                *sweep = Sweep { after: None, rests_until: Some(now.plus_ms(limits::SWEEP_EVERY_MS)) };
                false
            }
            Err(error) => {
                tracing::warn!(%error, "files without documents were not removed: the next round tries again");
                false
            }
        }
    }

    /// The last file that was looked at.
    async fn sweep_behind(
        &self,
        after: Option<&JobId>,
        now: Timestamp,
    ) -> docextract_store::Result<Option<JobId>> {
        let names = self.blobs().names(after, limits::SWEEP_BATCH).await?;
        let last = names.last().cloned();
        let too_young = id_floor::<JobId>(now.minus_ms(limits::UNOWNED_FILE_KEPT_MS));
        let old: Vec<JobId> = names.into_iter().filter(|id| id.as_str() < too_young.as_str()).collect();
        if !old.is_empty() {
            for blob_id in self.store().unowned_blobs(old).await? {
                self.blobs().delete(&blob_id).await?;
                tracing::info!(blob.id = %blob_id, "removed a file that no document has");
            }
        }
        Ok(last)
    }

    async fn prune_requests(&self) -> bool {
        let before = self.ambient().now().minus_ms(limits::REQUEST_KEPT_MS);
        match self.store().prune_requests(before, limits::PRUNE_BATCH).await {
            Ok(pruned) => pruned >= u64::from(limits::PRUNE_BATCH),
            Err(error) => {
                tracing::warn!(%error, "old answers were not removed: the next round tries again");
                false
            }
        }
    }
}
