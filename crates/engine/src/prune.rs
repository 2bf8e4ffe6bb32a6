//! Retention: events, deliveries and attempts are kept for a time and then removed, a few at a time.
//!
//! Each step is one small transaction, so that what is being sent never waits for it. What has not
//! ended is never removed, however old. What fails is tried again with the next round.

use docextract_model::limits;
use docextract_store::commands::PruneLog;

use crate::Engine;

impl Engine {
    /// Removes one batch of what is too old; whether there may be more.
    pub async fn step_prune(&self) -> bool {
        let before = self.ambient().now().minus_ms(self.config().log_kept_ms);
        match self.store().prune_log(PruneLog { before, limit: limits::PRUNE_BATCH }).await {
            Ok(pruned) => {
                let most = pruned.deliveries.max(pruned.events).max(pruned.counts);
                most >= u64::from(limits::PRUNE_BATCH)
            }
            Err(error) => {
                tracing::warn!(%error, "old log entries were not removed: the next round tries again");
                false
            }
        }
    }
}
