//! Replays: many deliveries of one webhook sent again, as one stored operation.
//!
//! It walks the webhook's log from `since` to `until`, a few rows at a time, and makes a new delivery
//! of each event whose latest delivery ended in one of `statuses`. Where it stands is stored, so it
//! goes on after a restart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::delivery::DeliveryStatus;
use crate::id::{DeliveryId, ReplayId, WebhookId};
use crate::tenant::Tenant;
use crate::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayStatus {
    Running,
    Completed,
    /// By request, or because its webhook was disabled or deleted.
    Cancelled,
}

impl ReplayStatus {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Completed, Self::Cancelled].into_iter().find(|status| status.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    pub id: ReplayId,
    pub tenant: Tenant,
    pub webhook_id: WebhookId,
    /// Deliveries created from here on.
    pub since: Timestamp,
    /// Deliveries created before.
    pub until: Timestamp,
    /// How a delivery must have ended.
    pub statuses: Vec<DeliveryStatus>,
    pub status: ReplayStatus,
    /// Deliveries that were made.
    pub replayed: u64,
    /// The last delivery that was looked at.
    pub cursor: Option<DeliveryId>,
    /// When that one was created: how far the replay is.
    pub position: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When it was last gone on with.
    pub stepped_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}
