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

/// The headers that every attempt has, as they are shown. A row that keeps an attempt names them by their places
/// here, so a new one goes to the end and none is ever taken out.
pub const OUR_HEADERS: [&str; 9] = [
    "Content-Type",
    "User-Agent",
    "X-DocExtract-Signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "X-DocExtract-Event",
    "X-DocExtract-Delivery",
    "X-DocExtract-Attempt",
];

/// One request on the wire. Durations are milliseconds; a phase that did not happen is none. As JSON it is what a
/// row keeps beside its columns: without those, and without what is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// 1 for the first.
    #[serde(skip)]
    pub number: u32,
    #[serde(skip)]
    pub attempted_at: Timestamp,
    #[serde(skip)]
    pub status_code: Option<u16>,
    #[serde(skip)]
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
    #[serde(with = "by_place")]
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

/// Headers as JSON whose names are numbers where they stand in [`OUR_HEADERS`]: a fifth of a row is saved.
mod by_place {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{LoggedHeaders, OUR_HEADERS};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Name<'a> {
        Ours(usize),
        Other(Cow<'a, str>),
    }

    pub(super) fn serialize<S: Serializer>(
        headers: &LoggedHeaders,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        // They nearly always stand in their order, so each is looked for where the last one was found.
        let mut next = 0;
        serializer.collect_seq(headers.iter().map(|(name, value)| {
            let place = OUR_HEADERS[next..].iter().position(|known| known == name);
            match place {
                Some(behind) => {
                    next += behind;
                    (Name::Ours(next), value)
                }
                None => (Name::Other(Cow::Borrowed(&**name)), value),
            }
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LoggedHeaders, D::Error> {
        let headers: Vec<(Name<'_>, String)> = Vec::deserialize(deserializer)?;
        let named = headers.into_iter().map(|(name, value)| match name {
            Name::Ours(place) => match OUR_HEADERS.get(place) {
                Some(known) => Ok((Cow::Borrowed(*known), value)),
                None => Err(serde::de::Error::custom(format!("no header of ours has the place {place}"))),
            },
            Name::Other(name) => Ok((Cow::Owned(name.into_owned()), value)),
        });
        named.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(request_headers: LoggedHeaders) -> Attempt {
        Attempt {
            number: 0,
            attempted_at: Timestamp::default(),
            status_code: None,
            response_time_ms: 0,
            dns_ms: None,
            connect_ms: Some(3),
            tls_ms: None,
            first_byte_ms: None,
            remote_ip: None,
            error: None,
            request_headers,
            response_headers: vec![("Content-Type".into(), "text/plain".to_owned())],
            response_body: None,
        }
    }

    #[test]
    fn a_row_names_our_headers_by_their_places_and_others_as_they_are() {
        let headers = ["X-Team", "webhook-id", "X-DocExtract-Attempt", "Content-Type"];
        let attempt = attempt(headers.map(|name| (name.into(), "1".to_owned())).into());
        let row = serde_json::to_string(&attempt).unwrap();
        let expected = concat!(
            r#"{"connect_ms":3,"request_headers":[["X-Team","1"],[3,"1"],[8,"1"],["Content-Type","1"]],"#,
            r#""response_headers":[["Content-Type","text/plain"]]}"#
        );
        assert_eq!(row, expected);
        assert_eq!(serde_json::from_str::<Attempt>(&row).unwrap(), attempt);
    }

    #[test]
    fn a_row_of_an_earlier_build_is_read_and_one_of_a_later_one_refused() {
        let earlier = concat!(
            r#"{"number":1,"attempted_at":"2026-01-01T00:00:00Z","status_code":200,"response_time_ms":9,"#,
            r#""connect_ms":3,"request_headers":[["webhook-id","evt_1"]],"#,
            r#""response_headers":[["Content-Type","text/plain"]]}"#
        );
        let expected = attempt(vec![("webhook-id".into(), "evt_1".to_owned())]);
        assert_eq!(serde_json::from_str::<Attempt>(earlier).unwrap(), expected);
        let later = r#"{"request_headers":[[9,"1"]],"response_headers":[]}"#;
        let refused = serde_json::from_str::<Attempt>(later).unwrap_err().to_string();
        assert!(refused.contains("the place 9"), "{refused}");
    }
}
