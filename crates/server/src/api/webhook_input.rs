//! What a webhook may be: its URL, its event names and its headers, checked before they are stored.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use docextract_model::address::{UrlRefused, WebhookUrl};
use docextract_model::limits;
use docextract_model::webhook::ClientCertificate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::app::App;
use super::body::Whole;
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::events::subscription_problem;

/// How long a name may take to resolve at registration. It is judged again at every connection.
const RESOLVE_MS_MAX: u64 = 2_000;
pub(crate) const DESCRIPTION_CHARS_MAX: usize = 500;
const HEADER_BYTES_MAX: usize = 4_096;

/// Names that a webhook's own headers may not have: they are the protocol's, or DocExtract's.
const HEADERS_RESERVED: [&str; 12] = [
    "host",
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "user-agent",
];
const HEADER_PREFIXES_RESERVED: [&str; 3] = ["x-docextract-", "webhook-", "proxy-"];

/// Extra request headers: a JSON object outside, pairs in the order given inside.
#[derive(Clone, Default)]
pub(crate) struct Headers(pub(crate) Vec<(String, String)>);

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl JsonSchema for Headers {
    fn schema_name() -> Cow<'static, str> {
        "Headers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "maxProperties": limits::WEBHOOK_HEADERS_MAX,
            "propertyNames": {"pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"},
            "additionalProperties": {
                "type": "string",
                "maxLength": HEADER_BYTES_MAX,
                "pattern": "^([!-~]([ -~]*[!-~])?)?$",
            },
        })
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of header names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Headers, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Headers(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Parses a URL and, when its name resolves now, judges where it leads. A name that does not resolve
/// is accepted: it is judged again at every connection.
pub(crate) async fn check_url(text: &str, field: &str, app: &App) -> Result<WebhookUrl> {
    let url = WebhookUrl::parse(text, &app.addresses).map_err(|refused| match refused {
        UrlRefused::NotHttps => {
            ApiError::of_field(ErrorCode::WebhookUrlNotHttps, field, "must begin with https://")
        }
        UrlRefused::NotAllowed(why) => not_allowed(field, &why),
        UrlRefused::Malformed(why) => ApiError::invalid_field(field, format!("is not a usable URL: {why}")),
    })?;
    let judged =
        tokio::time::timeout(Duration::from_millis(RESOLVE_MS_MAX), app.engine.judge_url(&url)).await;
    match judged {
        Ok(Err(refused)) => Err(not_allowed(field, &format!("it leads to {refused}"))),
        Ok(Ok(())) | Err(_) => Ok(url),
    }
}

fn not_allowed(field: &str, why: &str) -> ApiError {
    ApiError::of_field(ErrorCode::WebhookUrlNotAllowed, field, format!("may not be called: {why}"))
}

pub(crate) fn check_description(text: &str, problems: &mut Problems) {
    if text.chars().count() > DESCRIPTION_CHARS_MAX {
        problems.push("description", format!("must be at most {DESCRIPTION_CHARS_MAX} characters"));
    }
}

pub(crate) fn check_events(events: &[String], problems: &mut Problems) {
    if events.is_empty() || events.len() > limits::WEBHOOK_EVENTS_MAX {
        let most = limits::WEBHOOK_EVENTS_MAX;
        problems
            .push("events", format!("must name 1 to {most} event types, or be [\"*\"] for the core types"));
        return;
    }
    for (index, name) in events.iter().enumerate() {
        let here = format!("events[{index}]");
        if let Some(problem) = subscription_problem(name) {
            problems.push(&here, problem);
        }
        if events[..index].contains(name) {
            problems.push(&here, "stands twice");
        }
    }
}

pub(crate) fn check_rate_limit(per_second: Option<Whole>, problems: &mut Problems) -> Option<NonZeroU32> {
    let per_second = per_second?.0;
    let most = limits::WEBHOOK_RATE_PER_SECOND_MAX;
    let rate = u32::try_from(per_second).ok().filter(|rate| *rate <= most).and_then(NonZeroU32::new);
    if rate.is_none() {
        problems.push("rate_limit_per_second", format!("must be 1 to {most}, or null for no limit"));
    }
    rate
}

/// A chain and its key, both PEM. Not `Debug`: it holds a private key.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientCertificateInput {
    certificate: String,
    private_key: String,
}

pub(crate) fn check_client_certificate(
    input: ClientCertificateInput,
    problems: &mut Problems,
) -> Option<ClientCertificate> {
    let checked = docextract_engine::check_client_certificate(input.certificate, input.private_key);
    checked.map_err(|wrong| problems.push(&format!("client_certificate.{}", wrong.field), wrong.problem)).ok()
}

pub(crate) fn check_headers(headers: &Headers, problems: &mut Problems) {
    if headers.0.len() > limits::WEBHOOK_HEADERS_MAX {
        problems.push("headers", format!("must be at most {}", limits::WEBHOOK_HEADERS_MAX));
    }
    for (index, (name, value)) in headers.0.iter().enumerate() {
        let here = format!("headers.{name}");
        let lower = name.to_ascii_lowercase();
        if axum::http::HeaderName::from_bytes(lower.as_bytes()).is_err() {
            problems.push(&here, "is not a header name");
        }
        if HEADERS_RESERVED.contains(&lower.as_str())
            || HEADER_PREFIXES_RESERVED.iter().any(|prefix| lower.starts_with(prefix))
        {
            problems.push(&here, "is set by DocExtract and cannot be changed");
        }
        if headers.0[..index].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
            problems.push(&here, "stands twice");
        }
        let printable = value.bytes().all(|b| (b' '..=b'~').contains(&b));
        if !printable || value.trim() != value || value.len() > HEADER_BYTES_MAX {
            problems.push(&here, "must be printable ASCII without spaces around it, at most 4096 bytes");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(json: &str) -> String {
        let headers: Headers = serde_json::from_str(json).unwrap();
        let mut problems = Problems::default();
        check_headers(&headers, &mut problems);
        problems.finish().err().and_then(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn headers_keep_their_order() {
        let headers: Headers = serde_json::from_str(r#"{"X-B":"1","Authorization":"Basic eA=="}"#).unwrap();
        assert_eq!(serde_json::to_string(&headers).unwrap(), r#"{"X-B":"1","Authorization":"Basic eA=="}"#);
    }

    #[test]
    fn headers_that_would_change_the_request_are_refused() {
        assert_eq!(problems_of(r#"{"Authorization":"Basic eA=="}"#), "");
        for json in [
            r#"{"Host":"a"}"#,
            r#"{"X-DocExtract-Signature":"a"}"#,
            r#"{"webhook-id":"a"}"#,
            r#"{"a b":"c"}"#,
            r#"{"a":"b\r\nc: d"}"#,
            r#"{"a":"1","A":"2"}"#,
        ] {
            assert_ne!(problems_of(json), "", "{json}");
        }
    }
}
