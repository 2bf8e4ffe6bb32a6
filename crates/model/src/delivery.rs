//! Deliveries and attempts: an event on its way to one webhook.
//!
//! A delivery goes `pending → delivered | failed | skipped` and never back; a replay is a new
//! delivery of the same event. An attempt is one request on the wire and is never changed.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{DeliveryId, EventId, WebhookId};
use crate::tenant::Tenant;
use crate::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    Pending,
    Delivered,
    Failed,
    /// Its webhook was disabled or deleted: it was kept, not sent.
    Skipped,
}

impl DeliveryStatus {
    pub const ALL: [DeliveryStatus; 4] = [Self::Pending, Self::Delivered, Self::Failed, Self::Skipped];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Why a delivery exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    Event,
    Replay,
    Test,
}

impl Trigger {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Replay => "replay",
            Self::Test => "test",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Event, Self::Replay, Self::Test].into_iter().find(|trigger| trigger.as_str() == text)
    }
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptErrorCode {
    DnsFailed,
    AddressNotAllowed,
    ConnectRefused,
    ConnectTimeout,
    ConnectFailed,
    TlsFailed,
    Reset,
    Timeout,
    RedirectRefused,
    ResponseTooLarge,
    InvalidResponse,
    HttpStatus,
}

impl AttemptErrorCode {
    pub const ALL: [AttemptErrorCode; 12] = [
        Self::DnsFailed,
        Self::AddressNotAllowed,
        Self::ConnectRefused,
        Self::ConnectTimeout,
        Self::ConnectFailed,
        Self::TlsFailed,
        Self::Reset,
        Self::Timeout,
        Self::RedirectRefused,
        Self::ResponseTooLarge,
        Self::InvalidResponse,
        Self::HttpStatus,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DnsFailed => "dns_failed",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::ConnectRefused => "connect_refused",
            Self::ConnectTimeout => "connect_timeout",
            Self::ConnectFailed => "connect_failed",
            Self::TlsFailed => "tls_failed",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::RedirectRefused => "redirect_refused",
            Self::ResponseTooLarge => "response_too_large",
            Self::InvalidResponse => "invalid_response",
            Self::HttpStatus => "http_status",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptError {
    pub code: AttemptErrorCode,
    pub message: String,
}

/// Names and values in the order of the wire. Most names are ours and known beforehand.
pub type LoggedHeaders = Vec<(Cow<'static, str>, String)>;

/// One request on the wire. Durations are milliseconds; a phase that did not happen is none,
/// and left out of the row that keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    pub attempted_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    pub response_time_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_byte_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<AttemptError>,
    pub request_headers: LoggedHeaders,
    pub response_headers: LoggedHeaders,
    /// The first 4 KiB, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    pub tenant: Tenant,
    pub event_id: EventId,
    pub event_type: String,
    /// None for a test of a URL that is not registered.
    pub webhook_id: Option<WebhookId>,
    pub url: String,
    pub status: DeliveryStatus,
    pub trigger: Trigger,
    pub attempt_count: u32,
    /// When the next attempt is due; none when the delivery has ended.
    pub next_attempt_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}
