//! Bodies: read up to a limit, then as JSON whose unknown fields are refused by name.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use docextract_model::json::some_object;
use docextract_model::limits::JSON_DEPTH_MAX;
use schemars::JsonSchema;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::{Value, json};

use super::app::App;
use super::describe::{Operation, Takes};
use super::error::{ApiError, ErrorCode, Result};
use super::shape;
use super::upload::next_piece;

/// Bytes of a body, except where a document is uploaded.
pub(crate) const BODY_BYTES_MAX: u64 = 1024 * 1024;

/// A JSON body. No body at all counts as `{}`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema> FromRequest<Arc<App>> for JsonBody<T> {
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

impl<T: JsonSchema> Takes for JsonBody<T> {
    fn describe(operation: &mut Operation) {
        operation.fails_with(&[
            ErrorCode::MalformedRequest,
            ErrorCode::MalformedJson,
            ErrorCode::RequestTooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::InvalidRequest,
        ]);
        let schema = operation.schemas.taken::<T>();
        operation.body.insert("application/json".to_owned(), json!({"schema": schema}));
        // No body counts as {}, which is enough where nothing is required.
        operation.is_body_required = !shape::problems::<T>(&json!({})).is_empty();
    }
}

/// A whole number from 0 on, also where it is written as `5.0`, which JSON means as the same.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Whole(pub(crate) u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        /// Every whole number up to it is a float of its own.
        const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
        let number = serde_json::Number::deserialize(deserializer)?;
        let written_whole = number.as_u64();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and fits")]
        let whole = written_whole.or_else(|| {
            let number = number.as_f64()?;
            (number.fract() == 0.0 && (0.0..=EXACT_MAX).contains(&number)).then_some(number as u64)
        });
        whole.map(Self).ok_or_else(|| D::Error::custom("must be a whole number from 0 on"))
    }
}

/// Tells a field that is null (`Some(None)`) from one that was left out (`None`, by `serde(default)`).
pub(crate) fn null_is_a_value<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The same for a field that is an object.
pub(crate) fn null_or_object<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Option<T>>, D::Error> {
    some_object(deserializer).map(Some)
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
    while let Some(piece) = next_piece(&mut body).await? {
        append_up_to(&mut bytes, &piece, bytes_max, too_large)?;
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

/// Reads a JSON object: 400 for what is no JSON, 422 with every place for what has another shape.
pub(crate) fn parse_json<T: DeserializeOwned + JsonSchema>(bytes: &[u8]) -> Result<T> {
    // A list would otherwise be taken for an object's values in their order.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiError::invalid_field("body", "must be an object"));
    }
    refuse_deep(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        refused::<T>(&path, error.inner(), bytes)
    })?;
    deserializer.end().map_err(|error| refused::<T>(".", &error, bytes))?;
    Ok(value)
}

/// Refuses what is nested deeper than anything here is, before it is read.
fn refuse_deep(bytes: &[u8]) -> Result<()> {
    if is_deeper_than(JSON_DEPTH_MAX, bytes) {
        let message = format!("The body is nested deeper than {JSON_DEPTH_MAX} levels.");
        return Err(ApiError::with_message(ErrorCode::MalformedJson, message));
    }
    Ok(())
}

/// Whether JSON has more levels than these. Who reads what a receiver gets of it may do so recursively.
pub(crate) fn is_deeper_than(levels: usize, bytes: &[u8]) -> bool {
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
        if depth > levels {
            return true;
        }
    }
    false
}

fn refused<T: JsonSchema>(path: &str, error: &serde_json::Error, bytes: &[u8]) -> ApiError {
    use serde_json::error::Category;
    match error.classify() {
        Category::Data => {
            // The shape tells all that is wrong; what it cannot tell, the error does: the first thing.
            let value: Option<Value> = serde_json::from_slice(bytes).ok();
            let problems = value.map(|value| shape::problems::<T>(&value)).unwrap_or_default();
            if !problems.is_empty() {
                return ApiError::of_fields(ErrorCode::InvalidRequest, problems);
            }
            let text = error.to_string();
            // The position adds nothing to a path.
            let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
            let place = if path == "." { "body" } else { path };
            ApiError::invalid_field(place, format!("cannot be read: {text}"))
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

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "only its shape is tested")]
        name: String,
        #[serde(default, deserialize_with = "docextract_model::json::some_objects")]
        fields: Option<Vec<FieldDefinition>>,
        #[schemars(with = "Option<Value>")]
        raw: Option<Box<RawValue>>,
    }

    fn message(text: &str) -> String {
        let error = parse_json::<Shape>(text.as_bytes()).unwrap_err();
        format!("{} {}", error.code.row().status.as_u16(), error.message.unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let unknown = message(r#"{"name": "a", "nmae": 1}"#);
        assert_eq!(unknown, "422 nmae is not a field here; these are: name, fields, raw.");
        assert_eq!(message("{}"), "422 name is missing.");
        let nested = message(r#"{"name": "a", "fields": [{"name": "x", "type": "txt"}]}"#);
        assert!(nested.starts_with("422 fields[0].type must be one of text, number, "), "{nested}");
        assert_eq!(
            message(r#"{"name": "a", "name": "b"}"#),
            "422 body cannot be read: duplicate field `name`."
        );
        assert_eq!(
            message(r#"{"name": "a", "fields": [["x", "text"]]}"#),
            "422 fields[0] must be an object."
        );
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
    fn one_answer_names_everything_that_is_wrong() {
        let wrong = r#"{"nmae": 1, "fields": [{"type": 3, "required": "yes"}, {"name": "", "typ": "text"}]}"#;
        let error = parse_json::<Shape>(wrong.as_bytes()).unwrap_err();
        let fields: Vec<&str> = error.fields.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "name",
                "nmae",
                "fields[0].name",
                "fields[0].type",
                "fields[0].required",
                "fields[1].type",
                "fields[1].name",
                "fields[1].typ"
            ]
        );
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        for (text, number) in
            [("5", Some(5)), ("5.0", Some(5)), ("1e3", Some(1_000)), ("5.5", None), ("-1", None)]
        {
            let read = serde_json::from_str::<Whole>(text).ok().map(|whole| whole.0);
            assert_eq!(read, number, "{text}");
        }
        assert!(serde_json::from_str::<Whole>("\"5\"").is_err());
    }

    #[test]
    fn raw_json_keeps_its_text() {
        let shape: Shape = parse_json(br#"{"name": "a", "raw": {"b":  1250.50}}"#).unwrap();
        assert_eq!(shape.raw.unwrap().get(), r#"{"b":  1250.50}"#);
        assert!(shape.fields.is_none());
    }
}
