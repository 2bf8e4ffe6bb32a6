//! Retention: events, deliveries and attempts, and answers to requests that came with an
//! `Idempotency-Key`, are kept for a time and then removed, a few at a time; so are sessions that are over
//! and the audit log.
//! Files of erased documents are removed on the same rounds, if they were not at once.
//!
//! Each step is one small transaction, so that what is being sent never waits for it. What has not
//! ended is never removed, however old. What fails is tried again with the next round.

use docextract_model::limits;
use docextract_store::commands::PruneLog;
use docextract_store::people::PruneAccounts;

use crate::Engine;

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
