//! Replays of many deliveries, gone on with a few log rows at a time.
//!
//! A step makes deliveries that are due at once; the senders claim them like retries, so a replay
//! never takes the room of what happens now. Where a replay stands is in the store: after a crash it
//! goes on. Its pace is capped by the pause between two steps.

use docextract_model::limits;
use docextract_store::commands::StepReplay;

use crate::Engine;

impl Engine {
    /// Goes on with ending what is pending for webhooks that were disabled or deleted; whether there was
    /// something to do.
    pub async fn step_skips(&self) -> bool {
        self.store().step_skips().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is pending for a disabled webhook was not ended: it is tried again");
            false
        })
    }

    /// Goes on with the replay that waits longest; whether there was one.
    pub async fn step_replays(&self) -> bool {
        let limit = limits::REPLAY_STEP_ROWS;
        let command = StepReplay { limit, ids: self.ambient().ids(limit), now: self.ambient().now() };
        match self.store().step_replay(command).await {
            Ok(Some(_)) => {
                self.wake_deliveries();
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "a replay could not go on: it is tried again");
                false
            }
        }
    }
}
