//! `Idempotency-Key`: a POST that is sent again is answered as the first time, and done once.
//!
//! Who plays: a layer around every POST that takes an API key, the store's *requests*, and handlers that
//! make something. The layer stands behind the one that lets in ([`super::auth::admit`]); it reads the
//! body, and begins the request in the store under organisation, mode and key. What comes then depends
//! on the first one with that key:
//!
//! - none in 24 hours: it is done, and its answer kept, errors below 500 too;
//! - the same path, query and body: the first answer again, with `Idempotent-Replayed: true`;
//! - another one: 409 `idempotency_conflict`; still being done: 409 `idempotency_in_progress`.
//!
//! **A crash between the effect and its answer** must not lead to the effect twice. So the row that is
//! committed before the handler runs carries the number of the id, and the instant, that the object
//! gets ([`Once`]). Who sends the request again after a restart begins it again with the same two; the
//! handler then finds the object that is there by its id and answers it as it is now. That holds for
//! documents, retries, events, grants, replays, extractors and webhooks. It does not for what makes no
//! object that could be shown again: a rotation, a test, and a new API key, whose text nobody keeps.
//!
//! A document goes to the blob store while its request is read, and without a name until the request is
//! known to be a new one. What cannot be received (a body that breaks off, or is too large) is no request
//! yet: its answer is not kept.
//!
//! What it never does: keep an answer of 500 and above, of 401, 403 or 429, or the text of an API key
//! or an invitation (a kept answer to `POST /v1/keys` has `"key": null`). An answer about a document goes with the document.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docextract_model::extractor::FieldProblem;
use docextract_model::id::{Id, RequestId};
use docextract_model::limits;
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_store::commands::{BeginRequest, BeginRequestOutcome, EndRequest, KeptAnswer, RequestEnd};
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::app::App;
use super::auth::Caller;
use super::body::{BODY_BYTES_MAX, media_type, read_up_to};
use super::describe::{Operation, Takes};
use super::error::{ApiError, ErrorCode, Result};
use super::submission::{self, Handed};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// What makes something whose text is shown once, and what the answer calls it.
const SHOWN_ONCE: [(&str, &str); 2] = [("/v1/keys", "key"), ("/v1/invitations", "url")];
const DOCUMENTS_PATH: &str = "/v1/documents";

/// What the object that a request makes is called and dated: the same however often it is begun.
#[derive(Clone)]
pub(crate) struct Once {
    number: u128,
    pub(crate) now: Timestamp,
    /// It was begun before, so its object may be there.
    pub(crate) is_again: bool,
}

impl Once {
    pub(crate) fn id<I: Id>(&self) -> I {
        I::from_number(self.number)
    }
}

impl FromRequestParts<Arc<App>> for Once {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        if let Some(once) = parts.extensions.get::<Self>() {
            return Ok(once.clone());
        }
        let now = app.ambient.now();
        Ok(Self { number: number_of(&new_number(app))?, now, is_again: false })
    }
}

impl Takes for Once {
    /// What a key means is said of every POST.
    fn describe(_: &mut Operation) {}
}

/// A number for an id, in the 32 digits that an id has.
fn new_number(app: &App) -> String {
    app.ambient.id::<RequestId>().as_str()[RequestId::PREFIX.len()..].to_owned()
}

fn number_of(digits: &str) -> Result<u128> {
    u128::from_str_radix(digits, 16).map_err(|_| ApiError::internal(format!("{digits} is no id's number")))
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    /// Written anew, because it names its own request.
    Error {
        code: String,
        message: Option<String>,
        #[serde(default)]
        fields: Vec<FieldProblem>,
    },
    Answer {
        status: u16,
        body: String,
    },
}

pub(crate) async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.headers().contains_key(HEADER) {
        answer(&app, request, next).await.unwrap_or_else(IntoResponse::into_response)
    } else {
        next.run(request).await
    }
}

async fn answer(app: &Arc<App>, request: Request, next: Next) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let Caller { tenant, .. } = Caller::from_request_parts(&mut parts, app).await?;
    let key = checked_key(&parts.headers)?;
    let (said, body) = if parts.uri.path() == DOCUMENTS_PATH {
        // A document is passed on as it comes in; its handler finds what was received.
        let received = submission::receive(&parts, body, app).await?;
        let said = received.fingerprint.clone();
        parts.extensions.insert(Handed::new(received));
        (said, Body::empty())
    } else {
        let too_large = ErrorCode::RequestTooLarge;
        let bytes = read_up_to(&parts.headers, body, BODY_BYTES_MAX, too_large).await?;
        (bytes.clone(), Body::from(bytes))
    };
    let now = app.ambient.now();
    let begin = BeginRequest {
        tenant: tenant.clone(),
        key: key.clone(),
        fingerprint: fingerprint(&parts, &said),
        reserved: new_number(app),
        now,
        expired_before: now.minus_ms(limits::REQUEST_KEPT_MS),
        lease: app.ambient.lease(limits::REQUEST_LEASE_MS),
    };
    let lease_token = begin.lease.token.clone();
    match app.store.begin_request(begin).await? {
        BeginRequestOutcome::Begun { reserved, begun_at, is_again } => {
            parts.extensions.insert(Once { number: number_of(&reserved)?, now: begun_at, is_again });
            let shown_once =
                SHOWN_ONCE.iter().find(|(path, _)| *path == parts.uri.path()).map(|(_, name)| *name);
            let request = Request::from_parts(parts, body);
            let begun = Begun { tenant, key, lease_token };
            begun.run(app, request, next, shown_once).await
        }
        BeginRequestOutcome::Answered(KeptAnswer(kept)) => replayed(&kept),
        BeginRequestOutcome::Erased => Err(ErrorCode::IdempotentAnswerErased.into()),
        BeginRequestOutcome::Differs => Err(ErrorCode::IdempotencyConflict.into()),
        BeginRequestOutcome::InProgress => Err(ErrorCode::IdempotencyInProgress.into()),
    }
}

fn checked_key(headers: &HeaderMap) -> Result<String> {
    let mut values = headers.get_all(HEADER).iter();
    let (first, second) = (values.next(), values.next());
    let key = first.and_then(|value| value.to_str().ok()).unwrap_or("");
    // A tab is the one other character that a header's text may have.
    let is_plain = !key.is_empty() && !key.contains('\t');
    if second.is_some() || !is_plain || key.len() > limits::IDEMPOTENCY_KEY_CHARS_MAX {
        let most = limits::IDEMPOTENCY_KEY_CHARS_MAX;
        let problem = format!("must stand once, with 1 to {most} printable ASCII characters");
        return Err(ApiError::invalid_field("Idempotency-Key", problem));
    }
    Ok(key.to_owned())
}

/// What makes a request the same: its path and query, the kind of its body, and what that says.
fn fingerprint(parts: &Parts, said: &[u8]) -> String {
    let mut digest = Sha256::new();
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let kind = media_type(&parts.headers).unwrap_or_default();
    for part in [target.as_bytes(), kind.as_bytes(), said] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A request that is this one's to do.
struct Begun {
    tenant: Tenant,
    key: String,
    lease_token: String,
}

impl Begun {
    async fn run(
        self,
        app: &App,
        request: Request,
        next: Next,
        shown_once: Option<&str>,
    ) -> Result<Response> {
        let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(panic) => {
                self.end(app, RequestEnd::Release).await;
                resume_unwind(panic)
            }
        };
        let status = response.status();
        let was_not_let_in = matches!(
            status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
        );
        if status.is_server_error() || was_not_let_in {
            // What failed may have been done all the same; what was not let in was not.
            let end = if was_not_let_in { RequestEnd::Forget } else { RequestEnd::Release };
            self.end(app, end).await;
            return Ok(response);
        }
        let (response, kept) = kept(response, shown_once).await?;
        self.end(app, RequestEnd::Keep(KeptAnswer(kept))).await;
        Ok(response)
    }

    /// What was done is done: a store that cannot keep the answer does not take it back.
    async fn end(self, app: &App, end: RequestEnd) {
        let Self { tenant, key, lease_token } = self;
        if let Err(error) = app.store.end_request(EndRequest { tenant, key, lease_token, end }).await {
            tracing::warn!(%error, "the answer to a request with an Idempotency-Key was not kept");
        }
    }
}

async fn kept(response: Response, shown_once: Option<&str>) -> Result<(Response, String)> {
    let (response, kept) = match response.extensions().get::<ApiError>() {
        Some(error) => {
            let kept = Kept::Error {
                code: error.code.row().code.to_owned(),
                message: error.message.clone(),
                fields: error.fields.clone(),
            };
            (response, kept)
        }
        None => {
            let unreadable = |error: &dyn std::fmt::Display| {
                ApiError::internal(format!("an answer could not be read: {error}"))
            };
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.map_err(|error| unreadable(&error))?;
            let text = String::from_utf8(bytes.to_vec()).map_err(|error| unreadable(&error))?;
            let body = shown_once.map_or(Ok(text.clone()), |name| without(&text, name))?;
            let kept = Kept::Answer { status: parts.status.as_u16(), body };
            (Response::from_parts(parts, Body::from(bytes)), kept)
        }
    };
    let text = serde_json::to_string(&kept).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok((response, text))
}

/// The text of a key or an invitation is nobody's to keep.
fn without(answer: &str, name: &str) -> Result<String> {
    let mut json: serde_json::Value =
        serde_json::from_str(answer).map_err(|error| ApiError::internal(error.to_string()))?;
    if let Some(shown) = json.get_mut(name) {
        *shown = serde_json::Value::Null;
    }
    Ok(json.to_string())
}

fn replayed(kept: &str) -> Result<Response> {
    let kept = serde_json::from_str(kept)
        .map_err(|error| ApiError::internal(format!("a kept answer cannot be read: {error}")))?;
    let mut response = match kept {
        Kept::Error { code, message, fields } => {
            let known = ErrorCode::ALL.iter().find(|known| known.row().code == code);
            let code = *known.ok_or_else(|| ApiError::internal(format!("{code} is no error's code")))?;
            let mut error = ApiError::from(code);
            error.message = message;
            error.fields = fields;
            error.into_response()
        }
        Kept::Answer { status, body } => {
            let status =
                StatusCode::from_u16(status).map_err(|error| ApiError::internal(error.to_string()))?;
            let is_empty = body.is_empty();
            let mut response = (status, Body::from(body)).into_response();
            if !is_empty {
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
            }
            response
        }
    };
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
