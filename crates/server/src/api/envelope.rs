//! The outermost layer of every request: its id, its panics, and the one shape of every error.
//!
//! Whatever is inside, the response has an `X-Request-Id`, the three `X-RateLimit-*` and what a browser is
//! to know of it, an error has the envelope, and a failure of the server is logged once, here.
//!
//! A request is handled to its end even if its client goes away: what it has committed must also be
//! sent and cleared up. Reading its body ends with its connection.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docextract_model::extractor::FieldProblem;
use docextract_model::id::RequestId;
use schemars::JsonSchema;
use serde::Serialize;

use super::app::App;
use super::browser;
use super::error::{ApiError, ErrorCode};
use super::idempotency::REPLAYED;
use super::rate::Counted;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct Envelope<'a> {
    error: Body<'a>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ErrorBody")]
struct Body<'a> {
    code: &'a str,
    message: &'a str,
    suggestion: &'a str,
    status: u16,
    request_id: &'a RequestId,
    documentation_url: String,
    /// Only where fields of the request are what is wrong.
    #[serde(skip_serializing_if = "<[FieldProblem]>::is_empty")]
    fields: &'a [FieldProblem],
}

pub(crate) async fn envelope(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id: RequestId = app.ambient.id();
    let counted = Counted::default();
    request.extensions_mut().insert(counted.clone());
    request.extensions_mut().insert(id.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = tokio::spawn(next.run(request)).await.unwrap_or_else(|failed| {
        let cause = match failed.try_into_panic() {
            Ok(panic) => format!("a handler panicked: {}", panic_message(panic.as_ref())),
            Err(cancelled) => cancelled.to_string(),
        };
        ApiError::internal(cause).into_response()
    });
    let mut response = match response.extensions().get::<ApiError>().cloned() {
        None => response,
        Some(error) => {
            // Of an overload there would be too much to say: it is told by `load`.
            if error.code.row().status.is_server_error() && error.code != ErrorCode::Overloaded {
                let cause = error.cause.as_deref().unwrap_or("no cause was given");
                tracing::error!(
                    request.id = %id, http.method = %method, http.path = path, "a request failed: {cause}"
                );
            }
            written(&error, &id, &app, &response)
        }
    };
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert("x-request-id", value);
    }
    counted.write(response.headers_mut(), app.ambient.now());
    browser::tell(response.headers_mut(), &app.base_url);
    response
}

/// The error in the envelope, with the headers that it already had (`Allow` on a 405, `Idempotent-Replayed`).
fn written(error: &ApiError, id: &RequestId, app: &App, bare: &Response) -> Response {
    let row = error.code.row();
    let body = Envelope {
        error: Body {
            code: row.code,
            message: error.message.as_deref().unwrap_or(row.message),
            suggestion: row.suggestion,
            status: row.status.as_u16(),
            request_id: id,
            documentation_url: format!("{}/docs/errors#{}", app.base_url, row.code),
            fields: &error.fields,
        },
    };
    let mut response = (row.status, Json(body)).into_response();
    for name in [header::ALLOW, REPLAYED] {
        if let Some(value) = bare.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    if row.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = error.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

pub(crate) async fn no_route() -> ApiError {
    ErrorCode::RouteNotFound.into()
}

pub(crate) async fn no_method() -> ApiError {
    ErrorCode::MethodNotAllowed.into()
}
