//! Retention: events, deliveries and attempts, and answers to requests that came with an
//! `Idempotency-Key`, are kept for a time and then removed, a few at a time.
//!
//! Each step is one small transaction, so that what is being sent never waits for it. What has not
//! ended is never removed, however old. What fails is tried again with the next round.

use docextract_model::limits;
use docextract_store::commands::PruneLog;

use crate::Engine;

impl Engine {
    /// Removes one batch of what is too old; whether there may be more.
    pub async fn step_prune(&self) -> bool {
        let requests_remain = self.prune_requests().await;
        let before = self.ambient().now().minus_ms(self.config().log_kept_ms);
        match self.store().prune_log(PruneLog { before, limit: limits::PRUNE_BATCH }).await {
            Ok(pruned) => {
                let most = pruned.deliveries.max(pruned.events).max(pruned.counts);
                requests_remain || most >= u64::from(limits::PRUNE_BATCH)
            }
            Err(error) => {
                tracing::warn!(%error, "old log entries were not removed: the next round tries again");
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
