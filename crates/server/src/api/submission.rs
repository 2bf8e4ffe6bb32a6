//! What `POST /v1/documents` takes: multipart or JSON, a document or its address, checked into one
//! [`Submission`].
//!
//! A request is first received, which passes its document on to the blob store piece by piece, and then
//! checked; until then the document has no name, and whatever refuses the request leaves nothing of it. What
//! a request costs in memory is bounded by [`BODY_BYTES_MAX`] and a few buffers, whatever its document is.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;
use docextract_model::address::{AddressPolicy, UrlRefused, WebhookUrl};
use docextract_model::document_password::DocumentPassword;
use docextract_model::json::RawJson;
use docextract_model::limits;
use docextract_model::simulate::Outcome;
use docextract_model::tenant::Mode;
use docextract_store::commands::ExtractorRef;
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::app::App;
use super::body::{BODY_BYTES_MAX, append_up_to, is_deeper_than, media_type, parse_json, require_json};
use super::describe::{Operation, Takes};
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::extractors::{REFERENCE_PATTERN, parse_reference};
use super::json_document::Splitter;
use super::upload::{Paced, Upload, next_piece};

/// Bytes of a multipart field that is not the file.
const FIELD_BYTES_MAX: u64 = 32 * 1024;
const FILENAME_CHARS_MAX: usize = 255;
/// As deep as it can be inside a JSON body.
const METADATA_LEVELS_MAX: usize = limits::JSON_DEPTH_MAX - 1;
/// What names a media type, as a regular expression.
const MEDIA_TYPE_PATTERN: &str = "^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *;[ -~]*)?$";
const MEDIA_TYPE_CHARS_MAX: usize = 255;
/// What a document is called when neither its sender nor its name says more. Its content decides later.
const MEDIA_TYPE_UNKNOWN: &str = "application/octet-stream";

/// A document that can be submitted.
pub(crate) struct Submission {
    pub(crate) extractor: ExtractorRef,
    pub(crate) document: Sent,
    pub(crate) mime_type: String,
    pub(crate) filename: Option<String>,
    pub(crate) metadata: RawJson,
    pub(crate) password: Option<DocumentPassword>,
}

/// A document, or where it is.
pub(crate) enum Sent {
    Itself(Upload),
    Address(WebhookUrl),
}

/// A request whose body was received, and what tells it from another one.
pub(crate) struct Received {
    draft: Draft,
    pub(crate) fingerprint: Vec<u8>,
}

/// A received request on its way to its handler, who takes it out.
#[derive(Clone)]
pub(crate) struct Handed(Arc<Mutex<Option<Received>>>);

impl Handed {
    pub(crate) fn new(received: Received) -> Self {
        Self(Arc::new(Mutex::new(Some(received))))
    }

    fn take(&self) -> Option<Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What was sent, before it is checked.
#[derive(Default)]
struct Draft {
    extractor_id: Option<String>,
    /// The name of the field that carries the document, for messages.
    file_field: &'static str,
    document: Option<Sent>,
    mime_type: Option<String>,
    filename: Option<String>,
    metadata: Option<String>,
    /// As it was sent.
    password: Option<String>,
    problems: Problems,
}

/// Reads a submission from a request, whichever of the two forms it has.
pub(crate) async fn read(request: Request, app: &Arc<App>, mode: Mode) -> Result<Submission> {
    let (parts, body) = request.into_parts();
    let received = match parts.extensions.get::<Handed>().and_then(Handed::take) {
        Some(received) => received,
        None => receive(&parts, body, app).await?,
    };
    received.draft.check(mode)
}

/// Receives a request's body.
pub(crate) async fn receive(parts: &Parts, body: Body, app: &Arc<App>) -> Result<Received> {
    let announced = parts.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > request_bytes_max(app)) {
        return Err(ErrorCode::DocumentTooLarge.into());
    }
    match media_type(&parts.headers).as_deref() {
        Some("multipart/form-data") => receive_multipart(parts, body, app).await,
        Some(_) | None => receive_json(parts, body, app).await,
    }
}

/// The longest body that a submission can have, in either form: a document in base64, which writes three
/// bytes as four characters, in lines.
pub(crate) fn request_bytes_max(app: &App) -> u64 {
    let encoded = (app.document_bytes_max / 3 + 1).saturating_mul(4);
    encoded.saturating_add(encoded / 16).saturating_add(BODY_BYTES_MAX)
}

/// Two multipart requests are the same when their parts are, in whatever order and with whatever boundary.
async fn receive_multipart(parts: &Parts, body: Body, app: &Arc<App>) -> Result<Received> {
    let malformed = |error: &dyn std::fmt::Display| {
        ApiError::with_message(
            ErrorCode::MalformedRequest,
            format!("The multipart body could not be read: {error}."),
        )
    };
    let request = Request::from_parts(parts.clone(), Paced::body(body));
    let mut multipart = Multipart::from_request(request, app).await.map_err(|error| malformed(&error))?;
    let mut draft = Draft { file_field: "file", ..Draft::default() };
    let mut hashes: Vec<[u8; 32]> = Vec::new();
    while let Some(mut part) = multipart.next_field().await.map_err(|error| malformed(&error))? {
        if hashes.len() >= limits::MULTIPART_PARTS_MAX {
            let most = limits::MULTIPART_PARTS_MAX;
            return Err(malformed(&format!("it has more than {most} parts")));
        }
        let mut digest = Sha256::new();
        for text in [part.name(), part.file_name(), part.content_type()] {
            let text = text.unwrap_or("");
            digest.update(text.len().to_be_bytes());
            digest.update(text);
        }
        let name = part.name().unwrap_or("").to_owned();
        if name == "file" && draft.document.is_none() {
            draft.mime_type = part.content_type().map(str::to_owned);
            draft.filename = part.file_name().map(str::to_owned);
            let mut upload = Upload::begin(app);
            while let Some(piece) = part.chunk().await.map_err(|error| malformed(&error))? {
                digest.update(&piece);
                upload.write(&piece).await?;
            }
            draft.document = Some(Sent::Itself(upload));
        } else {
            let mut bytes = Vec::new();
            while let Some(piece) = part.chunk().await.map_err(|error| malformed(&error))? {
                digest.update(&piece);
                // Nobody wants a second file.
                if name != "file" {
                    append_up_to(&mut bytes, &piece, FIELD_BYTES_MAX, ErrorCode::RequestTooLarge)?;
                }
            }
            draft.take_part(&name, bytes);
        }
        hashes.push(digest.finalize().into());
    }
    hashes.sort_unstable();
    Ok(Received { draft, fingerprint: hashes.concat() })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "DocumentSubmit",
    extend("oneOf" = [
        {"properties": {"document": {"type": "string"}, "document_url": {"type": "null"}}, "required": ["document"]},
        {"properties": {"document_url": {"type": "string"}, "document": {"type": "null"}}, "required": ["document_url"]},
    ])
)]
struct JsonSubmission {
    /// An extractor's id, or the document type of a ready-made one.
    #[schemars(required, regex(pattern = REFERENCE_PATTERN))]
    extractor_id: Option<String>,
    /// The document in base64, or its `document_url`.
    // One character by then: its text was taken out before.
    #[schemars(length(min = 1), extend("format" = "byte", "contentEncoding" = "base64"))]
    document: Option<String>,
    /// Where the document is, in place of `document`: it is fetched after the request was answered.
    #[schemars(length(max = limits::URL_CHARS_MAX), extend("format" = "webhook-url"))]
    document_url: Option<String>,
    #[schemars(length(max = MEDIA_TYPE_CHARS_MAX), regex(pattern = MEDIA_TYPE_PATTERN))]
    mime_type: Option<String>,
    filename: Option<String>,
    #[schemars(with = "Option<Map<String, Value>>")]
    metadata: Option<Box<RawValue>>,
    /// Opens a PDF that is encrypted. Forgotten when the document has been read.
    #[schemars(with = "Option<String>", length(min = 1, max = limits::DOCUMENT_PASSWORD_BYTES_MAX))]
    password: Option<Box<RawValue>>,
}

/// The same as parts of a form.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it describes what is read part by part")]
#[schemars(rename = "DocumentForm", deny_unknown_fields)]
struct FormSubmission {
    /// The document; its name and media type are those of the part.
    #[schemars(length(min = 1), extend("format" = "binary"))]
    file: String,
    /// An extractor's id, or the document type of a ready-made one.
    #[schemars(regex(pattern = REFERENCE_PATTERN))]
    extractor_id: String,
    /// A JSON object.
    #[schemars(with = "Option<Map<String, Value>>")]
    metadata: Option<String>,
    /// Opens a PDF that is encrypted. Forgotten when the document has been read.
    #[schemars(length(min = 1, max = limits::DOCUMENT_PASSWORD_BYTES_MAX))]
    password: Option<String>,
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

async fn receive_json(parts: &Parts, mut body: Body, app: &Arc<App>) -> Result<Received> {
    require_json(&parts.headers)?;
    let mut digest = Sha256::new();
    let mut splitter = Splitter::new(usize::try_from(BODY_BYTES_MAX).unwrap_or(usize::MAX));
    let (mut upload, mut decoded) = (None, Vec::new());
    let mut left = request_bytes_max(app);
    while let Some(piece) = next_piece(&mut body).await? {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        left = left.checked_sub(length).ok_or(ErrorCode::DocumentTooLarge)?;
        digest.update(&piece);
        splitter.take(&piece, &mut decoded)?;
        if splitter.has_document() && upload.is_none() {
            upload = Some(Upload::begin(app));
        }
        if let Some(upload) = &mut upload {
            upload.write(&decoded).await?;
            decoded.clear();
        }
    }
    let json: JsonSubmission = parse_json(splitter.rest())?;
    let mut draft = Draft {
        extractor_id: json.extractor_id,
        file_field: "document",
        mime_type: json.mime_type,
        filename: json.filename,
        metadata: json.metadata.map(|metadata| metadata.get().to_owned()),
        ..Draft::default()
    };
    // Read here, so that no message about a wrong type repeats it.
    match json.password.map(|password| serde_json::from_str::<Option<String>>(password.get())) {
        None => {}
        Some(Ok(password)) => draft.password = password,
        Some(Err(_)) => draft.problems.push("password", "must be a string"),
    }
    if !splitter.is_base64() {
        draft.problems.push("document", "must be base64 (RFC 4648, with + and /)");
    }
    if json.document.is_some() {
        draft.document = upload.map(Sent::Itself);
    }
    if let Some(url) = json.document_url {
        draft.take_url(&url, &app.addresses);
    }
    Ok(Received { draft, fingerprint: digest.finalize().to_vec() })
}

impl Draft {
    fn take_url(&mut self, url: &str, policy: &AddressPolicy) {
        if self.document.is_some() {
            self.problems.push("document_url", "does not go with document: send one of them");
            return;
        }
        match WebhookUrl::parse(url, policy) {
            Ok(url) => {
                self.filename = self.filename.take().or_else(|| last_segment(&url));
                self.document = Some(Sent::Address(url));
            }
            Err(refused) => self.problems.push("document_url", unusable(&refused)),
        }
    }

    fn take_part(&mut self, name: &str, bytes: Vec<u8>) {
        let is_repeated = match name {
            "file" => true,
            "extractor_id" | "metadata" | "password" => match String::from_utf8(bytes) {
                Ok(text) if name == "metadata" => self.metadata.replace(text).is_some(),
                Ok(text) if name == "password" => self.password.replace(text).is_some(),
                Ok(text) => self.extractor_id.replace(text.trim().to_owned()).is_some(),
                Err(_) => {
                    self.problems.push(name, "must be text in UTF-8");
                    false
                }
            },
            _ => {
                self.problems
                    .push(name, "is not a field here: file, extractor_id, metadata and password are");
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
        let password = checked_password(self.password.take(), &mut self.problems);
        if let Some(mime_type) = &self.mime_type
            && !is_media_type(mime_type)
        {
            self.problems.push("mime_type", "must be a media type such as application/pdf");
        }
        let is_told = self.problems.name("document") || self.problems.name("document_url");
        if self.document.is_none() && !is_told {
            let field = self.file_field;
            let instead = if field == "document" { ", or its document_url" } else { "" };
            self.problems.push(field, format!("is missing: send the document itself{instead}"));
        }
        self.problems.finish()?;
        // What could not be used is among the problems.
        let (Some(extractor), Some(metadata), Some(document)) = (extractor, metadata, self.document) else {
            return Err(ErrorCode::InvalidRequest.into());
        };
        if matches!(&document, Sent::Itself(upload) if upload.length() == 0) {
            return Err(ApiError::of_field(ErrorCode::DocumentEmpty, self.file_field, "has no content"));
        }
        let filename = self.filename.as_deref().and_then(clean_filename);
        let mime_type = self.mime_type.unwrap_or_else(|| MEDIA_TYPE_UNKNOWN.to_owned()).to_ascii_lowercase();
        Ok(Submission { extractor, document, mime_type, filename, metadata, password })
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
        if is_deeper_than(METADATA_LEVELS_MAX, text.as_bytes()) {
            self.problems
                .push("metadata", format!("must be nested at most {METADATA_LEVELS_MAX} levels deep"));
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

/// The password of a document, or a problem that does not repeat it.
pub(super) fn checked_password(sent: Option<String>, problems: &mut Problems) -> Option<DocumentPassword> {
    match DocumentPassword::parse(sent?) {
        Ok(password) => Some(password),
        Err(problem) => {
            problems.push("password", problem);
            None
        }
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

fn unusable(refused: &UrlRefused) -> String {
    match refused {
        UrlRefused::Malformed(problem) => format!("is not a URL that can be fetched: {problem}"),
        UrlRefused::NotHttps => "must begin with https://".to_owned(),
        UrlRefused::NotAllowed(problem) => format!("may not be fetched: {problem}"),
    }
}

/// What a file is called that is at this address.
fn last_segment(url: &WebhookUrl) -> Option<String> {
    let segment = url.url().path_segments()?.next_back()?;
    percent_decode_str(segment).decode_utf8().ok().map(|name| name.into_owned())
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

    fn address(url: &str) -> WebhookUrl {
        WebhookUrl::parse(url, &AddressPolicy::default()).unwrap()
    }

    fn draft() -> Draft {
        Draft {
            extractor_id: Some("invoice".to_owned()),
            file_field: "file",
            document: Some(Sent::Address(address("https://example.com/a"))),
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
    fn metadata_in_a_form_is_nested_no_deeper_than_in_json() {
        let with = |text: &str| Draft { metadata: Some(text.to_owned()), ..draft() };
        let nested =
            |levels: usize| format!("{{\"a\": {}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert_eq!(message(with(&nested(METADATA_LEVELS_MAX)), Mode::Live), "");
        let too_deep = message(with(&nested(METADATA_LEVELS_MAX + 1)), Mode::Live);
        assert!(too_deep.contains("metadata must be nested at most 31 levels"), "{too_deep}");
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
    fn a_document_at_an_address_is_called_by_its_last_segment() {
        let name = |url| last_segment(&address(url)).as_deref().and_then(clean_filename);
        assert_eq!(name("https://example.com/a/b%20c.pdf?d=e").as_deref(), Some("b c.pdf"));
        assert_eq!(name("https://example.com/..%2Fpasswd").as_deref(), Some("passwd"));
        assert_eq!(name("https://example.com/"), None);
        assert_eq!(name("https://example.com/%FF"), None);
    }

    #[test]
    fn an_address_that_may_not_be_fetched_is_refused_with_its_reason() {
        let refused = |url: &str| {
            let mut draft = Draft { document: None, ..draft() };
            draft.take_url(url, &AddressPolicy::default());
            message(draft, Mode::Live)
        };
        for (url, problem) in [
            ("http://example.com/a", "document_url must begin with https://"),
            ("https://127.0.0.1/a", "document_url may not be fetched: 127.0.0.1 is a loopback address"),
            ("https://user:pass@example.com/a", "document_url may not be fetched"),
            ("a.pdf", "document_url is not a URL"),
        ] {
            assert!(refused(url).starts_with(problem), "{}", refused(url));
            assert!(!refused(url).contains("is missing"), "{}", refused(url));
        }
        let mut both = draft();
        both.take_url("https://example.com/b", &AddressPolicy::default());
        assert!(message(both, Mode::Live).contains("document_url does not go with document"));
    }
}
