//! Bodies: read up to a limit, then as JSON whose unknown fields are refused by name.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use docextract_model::limits::JSON_DEPTH_MAX;
use http_body_util::BodyExt as _;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::app::App;
use super::error::{ApiError, ErrorCode, Result};

/// Bytes of a body, except where a document is uploaded.
pub(crate) const BODY_BYTES_MAX: u64 = 1024 * 1024;

/// A JSON body. No body at all counts as `{}`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let bytes = read_up_to(&parts.headers, body, BODY_BYTES_MAX, ErrorCode::RequestTooLarge).await?;
        if bytes.is_empty() && !parts.headers.contains_key(header::CONTENT_TYPE) {
            return parse_json(b"{}").map(Self);
        }
        require_json(&parts.headers)?;
        parse_json(&bytes).map(Self)
    }
}

/// Tells a field that is null (`Some(None)`) from one that was left out (`None`, by `serde(default)`).
pub(crate) fn null_is_a_value<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The media type of a body in lower case, without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
}

pub(crate) fn require_json(headers: &HeaderMap) -> Result<()> {
    match media_type(headers) {
        Some(kind) if kind == "application/json" || kind.ends_with("+json") => Ok(()),
        Some(_) | None => Err(ErrorCode::UnsupportedMediaType.into()),
    }
}

/// Reads a body, and stops with `too_large` as soon as it is known to be longer than `bytes_max`.
pub(crate) async fn read_up_to(
    headers: &HeaderMap,
    mut body: Body,
    bytes_max: u64,
    too_large: ErrorCode,
) -> Result<Vec<u8>> {
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > bytes_max) {
        return Err(too_large.into());
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            ApiError::with_message(ErrorCode::MalformedRequest, format!("The body ended early: {error}."))
        })?;
        let Ok(data) = frame.into_data() else { continue };
        append_up_to(&mut bytes, &data, bytes_max, too_large)?;
    }
    Ok(bytes)
}

pub(crate) fn append_up_to(
    bytes: &mut Vec<u8>,
    data: &[u8],
    bytes_max: u64,
    too_large: ErrorCode,
) -> Result<()> {
    let length = u64::try_from(bytes.len() + data.len()).unwrap_or(u64::MAX);
    if length > bytes_max {
        return Err(too_large.into());
    }
    bytes.extend_from_slice(data);
    Ok(())
}

/// Reads a JSON object: 400 for what is no JSON, 422 with the place for what has another shape.
pub(crate) fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // A list would otherwise be taken for an object's values in their order.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiError::with_message(ErrorCode::InvalidRequest, "The body must be a JSON object."));
    }
    refuse_deep(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| refused(".", &error))?;
    Ok(value)
}

/// Refuses what is nested deeper than anything here is, before it is read. Who reads what a receiver gets
/// of it may do so recursively.
fn refuse_deep(bytes: &[u8]) -> Result<()> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > JSON_DEPTH_MAX {
            let message = format!("The body is nested deeper than {JSON_DEPTH_MAX} levels.");
            return Err(ApiError::with_message(ErrorCode::MalformedJson, message));
        }
    }
    Ok(())
}

fn refused(path: &str, error: &serde_json::Error) -> ApiError {
    use serde_json::error::Category;
    match error.classify() {
        Category::Data => {
            let text = error.to_string();
            // The position adds nothing to a path.
            let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
            let place = if path == "." { String::new() } else { format!("{path}: ") };
            ApiError::with_message(ErrorCode::InvalidRequest, format!("{place}{text}."))
        }
        Category::Io | Category::Syntax | Category::Eof => {
            ApiError::with_message(ErrorCode::MalformedJson, format!("The body is not valid JSON: {error}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docextract_model::extractor::FieldDefinition;
    use serde::Deserialize;
    use serde_json::value::RawValue;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "only its shape is tested")]
        name: String,
        fields: Option<Vec<FieldDefinition>>,
        raw: Option<Box<RawValue>>,
    }

    fn message(text: &str) -> String {
        let error = parse_json::<Shape>(text.as_bytes()).unwrap_err();
        format!("{} {}", error.code.row().status.as_u16(), error.message.unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert!(message(r#"{"name": "a", "nmae": 1}"#).contains("unknown field `nmae`"));
        assert!(message("{}").starts_with("422 missing field `name`"), "{}", message("{}"));
        let nested = message(r#"{"name": "a", "fields": [{"name": "x", "type": "txt"}]}"#);
        assert!(nested.starts_with("422 fields[0].type: unknown variant `txt`"), "{nested}");
        assert!(message("{").starts_with("400 "));
        assert!(message(r#"{"name": "a"} x"#).starts_with("400 "));
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_wherever_it_stands() {
        let nested = |levels: usize| {
            format!("{{\"name\": \"a\", \"raw\": {}{}}}", "[".repeat(levels), "]".repeat(levels))
        };
        assert!(parse_json::<Shape>(nested(JSON_DEPTH_MAX - 1).as_bytes()).is_ok());
        assert!(message(&nested(JSON_DEPTH_MAX)).contains("nested deeper than"));
        let brackets = format!("{{\"name\": \"\\\"{}\"}}", "[".repeat(1_000));
        assert!(parse_json::<Shape>(brackets.as_bytes()).is_ok(), "brackets in a text are text");
    }

    #[test]
    fn raw_json_keeps_its_text() {
        let shape: Shape = parse_json(br#"{"name": "a", "raw": {"b":  1250.50}}"#).unwrap();
        assert_eq!(shape.raw.unwrap().get(), r#"{"b":  1250.50}"#);
        assert!(shape.fields.is_none());
    }
}
