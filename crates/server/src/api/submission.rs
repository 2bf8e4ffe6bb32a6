//! What `POST /v1/documents` takes: multipart or JSON, both checked into one [`Submission`].

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docextract_model::json::RawJson;
use docextract_model::limits;
use docextract_model::simulate::Outcome;
use docextract_model::tenant::Mode;
use docextract_store::commands::ExtractorRef;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::app::App;
use super::body::{append_up_to, media_type, parse_json, read_up_to, require_json};
use super::describe::{Operation, Takes};
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::extractors::{REFERENCE_PATTERN, parse_reference};

/// What a request has beside the document itself.
const OVERHEAD_BYTES_MAX: u64 = 64 * 1024;
/// Bytes of a multipart field that is not the file.
const FIELD_BYTES_MAX: u64 = 32 * 1024;
const FILENAME_CHARS_MAX: usize = 255;
/// What names a media type, as a regular expression.
const MEDIA_TYPE_PATTERN: &str = "^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *;[ -~]*)?$";
const MEDIA_TYPE_CHARS_MAX: usize = 255;
/// What a document is called when neither its sender nor its name says more. Its content decides later.
const MEDIA_TYPE_UNKNOWN: &str = "application/octet-stream";

/// A document that can be submitted.
pub(crate) struct Submission {
    pub(crate) extractor: ExtractorRef,
    pub(crate) bytes: Vec<u8>,
    pub(crate) mime_type: String,
    pub(crate) filename: Option<String>,
    pub(crate) metadata: RawJson,
}

/// What was sent, before it is checked.
#[derive(Default)]
struct Draft {
    extractor_id: Option<String>,
    /// The name of the field that carries the document, for messages.
    file_field: &'static str,
    file: Option<Vec<u8>>,
    mime_type: Option<String>,
    filename: Option<String>,
    metadata: Option<String>,
    problems: Problems,
}

/// Reads a submission from a request, whichever of the two forms it has.
pub(crate) async fn read(request: Request, app: &Arc<App>, mode: Mode) -> Result<Submission> {
    let draft = match media_type(request.headers()).as_deref() {
        Some("multipart/form-data") => read_multipart(request, app).await?,
        Some(_) | None => read_json(request, app).await?,
    };
    draft.check(mode)
}

async fn read_multipart(request: Request, app: &Arc<App>) -> Result<Draft> {
    let malformed = |error: &dyn std::fmt::Display| {
        ApiError::with_message(
            ErrorCode::MalformedRequest,
            format!("The multipart body could not be read: {error}."),
        )
    };
    let bytes_max = app.document_bytes_max;
    check_announced(&request, bytes_max.saturating_add(OVERHEAD_BYTES_MAX))?;
    let mut parts = Multipart::from_request(request, app).await.map_err(|error| malformed(&error))?;
    let mut draft = Draft { file_field: "file", ..Draft::default() };
    while let Some(mut part) = parts.next_field().await.map_err(|error| malformed(&error))? {
        let name = part.name().unwrap_or("").to_owned();
        let is_file = name == "file";
        if is_file {
            draft.mime_type = part.content_type().map(str::to_owned);
            draft.filename = part.file_name().map(str::to_owned);
        }
        let (part_max, too_large) = if is_file {
            (bytes_max, ErrorCode::DocumentTooLarge)
        } else {
            (FIELD_BYTES_MAX, ErrorCode::RequestTooLarge)
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|error| malformed(&error))? {
            append_up_to(&mut bytes, &chunk, part_max, too_large)?;
        }
        draft.take_part(&name, bytes);
    }
    Ok(draft)
}

/// Refuses a body that says itself that it is too long, before any of it is read.
fn check_announced(request: &Request<Body>, bytes_max: u64) -> Result<()> {
    use axum::body::HttpBody as _;
    if request.body().size_hint().lower() > bytes_max {
        return Err(ErrorCode::DocumentTooLarge.into());
    }
    Ok(())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DocumentSubmit")]
struct JsonSubmission {
    /// An extractor's id, or the document type of a ready-made one.
    #[schemars(required, regex(pattern = REFERENCE_PATTERN))]
    extractor_id: Option<String>,
    /// The document in base64.
    #[schemars(required, length(min = 1), extend("format" = "byte", "contentEncoding" = "base64"))]
    document: Option<String>,
    /// Not taken yet.
    #[schemars(with = "Option<()>")]
    document_url: Option<String>,
    #[schemars(length(max = MEDIA_TYPE_CHARS_MAX), regex(pattern = MEDIA_TYPE_PATTERN))]
    mime_type: Option<String>,
    filename: Option<String>,
    #[schemars(with = "Option<Map<String, Value>>")]
    metadata: Option<Box<RawValue>>,
}

/// The same as parts of a form.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it describes what is read part by part")]
#[schemars(rename = "DocumentForm", deny_unknown_fields)]
struct FormSubmission {
    /// The document; its name and media type are those of the part.
    #[schemars(extend("format" = "binary"))]
    file: String,
    /// An extractor's id, or the document type of a ready-made one.
    #[schemars(regex(pattern = REFERENCE_PATTERN))]
    extractor_id: String,
    /// A JSON object.
    #[schemars(with = "Option<Map<String, Value>>")]
    metadata: Option<String>,
}

/// A submission in either form, which is read once it is known who sends it.
pub(crate) struct Form(pub(crate) Request);

impl FromRequest<Arc<App>> for Form {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &Arc<App>) -> std::result::Result<Self, Infallible> {
        Ok(Self(request))
    }
}

impl Takes for Form {
    fn describe(operation: &mut Operation) {
        operation.fails_with(&[
            ErrorCode::MalformedRequest,
            ErrorCode::MalformedJson,
            ErrorCode::DocumentTooLarge,
            ErrorCode::RequestTooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::InvalidRequest,
            ErrorCode::DocumentEmpty,
        ]);
        let (json, form) =
            (operation.schemas.taken::<JsonSubmission>(), operation.schemas.taken::<FormSubmission>());
        operation.body.insert("multipart/form-data".to_owned(), json!({"schema": form}));
        operation.body.insert("application/json".to_owned(), json!({"schema": json}));
        operation.is_body_required = true;
    }
}

/// The longest body that a submission can have, in either form.
pub(crate) fn request_bytes_max(app: &App) -> u64 {
    // Base64 writes three bytes as four characters.
    (app.document_bytes_max / 3 + 1).saturating_mul(4).saturating_add(OVERHEAD_BYTES_MAX)
}

async fn read_json(request: Request, app: &Arc<App>) -> Result<Draft> {
    require_json(request.headers())?;
    let bytes_max = request_bytes_max(app);
    let (parts, body) = request.into_parts();
    let bytes = read_up_to(&parts.headers, body, bytes_max, ErrorCode::DocumentTooLarge).await?;
    let json: JsonSubmission = parse_json(&bytes)?;
    drop(bytes);
    let mut draft = Draft {
        extractor_id: json.extractor_id,
        file_field: "document",
        mime_type: json.mime_type,
        filename: json.filename,
        metadata: json.metadata.map(|metadata| metadata.get().to_owned()),
        ..Draft::default()
    };
    if json.document_url.is_some() {
        let problem = "is not supported yet by this server: send the document itself, in base64 as document";
        draft.problems.push("document_url", problem);
    }
    if let Some(encoded) = json.document {
        match decode(encoded) {
            Some(bytes) => draft.file = Some(bytes),
            None => draft.problems.push("document", "must be base64 (RFC 4648, with + and /)"),
        }
    }
    if draft.file.as_ref().is_some_and(|bytes| !fits(bytes, app.document_bytes_max)) {
        return Err(ErrorCode::DocumentTooLarge.into());
    }
    Ok(draft)
}

fn fits(bytes: &[u8], bytes_max: u64) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|length| length <= bytes_max)
}

/// Decodes base64, also in lines as command-line tools write it.
fn decode(mut encoded: String) -> Option<Vec<u8>> {
    encoded.retain(|character| !character.is_ascii_whitespace());
    STANDARD.decode(encoded).ok()
}

impl Draft {
    fn take_part(&mut self, name: &str, bytes: Vec<u8>) {
        let is_repeated = match name {
            "file" => self.file.replace(bytes).is_some(),
            "extractor_id" | "metadata" => match String::from_utf8(bytes) {
                Ok(text) if name == "metadata" => self.metadata.replace(text).is_some(),
                Ok(text) => self.extractor_id.replace(text.trim().to_owned()).is_some(),
                Err(_) => {
                    self.problems.push(name, "must be text in UTF-8");
                    false
                }
            },
            _ => {
                self.problems.push(name, "is not a field here: file, extractor_id and metadata are");
                false
            }
        };
        if is_repeated {
            self.problems.push(name, "stands twice");
        }
    }

    fn check(mut self, mode: Mode) -> Result<Submission> {
        let extractor = self.checked_extractor();
        let metadata = self.checked_metadata(mode);
        if let Some(mime_type) = &self.mime_type
            && !is_media_type(mime_type)
        {
            self.problems.push("mime_type", "must be a media type such as application/pdf");
        }
        if self.file.is_none() {
            let field = self.file_field;
            self.problems.push(field, "is missing: send the document itself");
        }
        self.problems.finish()?;
        // What could not be used is among the problems.
        let (Some(extractor), Some(metadata), Some(bytes)) = (extractor, metadata, self.file) else {
            return Err(ErrorCode::InvalidRequest.into());
        };
        if bytes.is_empty() {
            return Err(ApiError::of_field(ErrorCode::DocumentEmpty, self.file_field, "has no content"));
        }
        let filename = self.filename.as_deref().and_then(clean_filename);
        let mime_type = self.mime_type.unwrap_or_else(|| MEDIA_TYPE_UNKNOWN.to_owned()).to_ascii_lowercase();
        Ok(Submission { extractor, bytes, mime_type, filename, metadata })
    }

    fn checked_extractor(&mut self) -> Option<ExtractorRef> {
        let expected = "an extractor's id, or the document type of a ready-made one such as invoice";
        match self.extractor_id.as_deref() {
            None | Some("") => {
                self.problems.push("extractor_id", format!("is missing: give {expected}"));
                None
            }
            Some(text) => {
                let extractor = parse_reference(text);
                if extractor.is_none() {
                    self.problems.push("extractor_id", format!("must be {expected}"));
                }
                extractor
            }
        }
    }

    /// Metadata is kept as the text it was; it is read only to be checked.
    fn checked_metadata(&mut self, mode: Mode) -> Option<RawJson> {
        let Some(text) = self.metadata.take().filter(|text| !matches!(text.trim(), "" | "null")) else {
            return Some(RawJson::empty_object());
        };
        if text.len() > limits::METADATA_BYTES_MAX {
            self.problems.push("metadata", format!("must be at most {} bytes", limits::METADATA_BYTES_MAX));
            return None;
        }
        let Ok(Value::Object(object)) = serde_json::from_str(&text) else {
            self.problems.push("metadata", "must be a JSON object");
            return None;
        };
        if mode == Mode::Test && !Outcome::is_known_in(&object) {
            self.problems.push("metadata.simulate", format!("must be one of {}", Outcome::names()));
        }
        RawJson::parse(text.trim().to_owned()).ok()
    }
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let essence = text.split(';').next().unwrap_or("").trim();
    text.len() <= MEDIA_TYPE_CHARS_MAX
        && text.bytes().all(|b| (b' '..=b'~').contains(&b))
        && essence.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// The last part of a path that some clients send, without control characters.
fn clean_filename(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).take(FILENAME_CHARS_MAX).collect();
    let clean = clean.trim().to_owned();
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            extractor_id: Some("invoice".to_owned()),
            file_field: "file",
            file: Some(b"%PDF".to_vec()),
            ..Draft::default()
        }
    }

    fn message(draft: Draft, mode: Mode) -> String {
        draft.check(mode).err().and_then(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn one_answer_names_every_field_that_is_wrong() {
        let wrong =
            Draft { metadata: Some("[]".to_owned()), mime_type: Some("pdf".to_owned()), ..Draft::default() };
        let message = message(Draft { file_field: "file", ..wrong }, Mode::Live);
        for field in ["extractor_id is missing", "metadata must be", "mime_type must be", "file is missing"] {
            assert!(message.contains(field), "{message}");
        }
    }

    #[test]
    fn simulate_is_checked_in_test_mode_and_data_in_live_mode() {
        let with = |text: &str| Draft { metadata: Some(text.to_owned()), ..draft() };
        assert!(message(with(r#"{"simulate": "no_such"}"#), Mode::Test).contains("metadata.simulate"));
        assert_eq!(message(with(r#"{"simulate": "no_such"}"#), Mode::Live), "");
        assert_eq!(message(with(r#"{"simulate": "document_unreadable"}"#), Mode::Test), "");
        assert_eq!(message(with(r#"{"simulate": "completed"}"#), Mode::Test), "");
    }

    #[test]
    fn metadata_keeps_its_text() {
        let submission = Draft { metadata: Some("{\"a\":  1.50}\n".to_owned()), ..draft() }
            .check(Mode::Live)
            .ok()
            .unwrap();
        assert_eq!(submission.metadata.as_str(), "{\"a\":  1.50}");
    }

    #[test]
    fn a_file_name_loses_its_folders() {
        assert_eq!(clean_filename("C:\\tmp\\a b.pdf").as_deref(), Some("a b.pdf"));
        assert_eq!(clean_filename("../../etc/passwd\r\n").as_deref(), Some("passwd"));
        assert_eq!(clean_filename("/"), None);
    }

    #[test]
    fn base64_in_lines_is_read() {
        assert_eq!(decode("JVBE\nRg==\n".to_owned()).as_deref(), Some(&b"%PDF"[..]));
        assert_eq!(decode("JVBE*".to_owned()), None);
    }
}
