//! Every error that the API answers with, in one table.
//!
//! A handler returns an [`ApiError`]; the envelope is written in one other place
//! ([`super::envelope`]), which knows the request's id and this server's address. The same table
//! makes the page that `documentation_url` points at.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use docextract_model::extractor::FieldProblem;
use docextract_model::member::RoleRefusal;
use docextract_model::plan::RequestWindow;
use docextract_model::time::Timestamp;
use docextract_store::StoreError;

use crate::password::PasswordError;

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErrorRow {
    pub(crate) code: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) message: &'static str,
    pub(crate) suggestion: &'static str,
}

macro_rules! error_codes {
    ($($name:ident = $code:literal, $status:ident, $message:literal, $suggestion:literal;)+) => {
        /// What went wrong, as receivers of the envelope can branch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum ErrorCode {
            $($name,)+
        }

        impl ErrorCode {
            pub(crate) const ALL: &'static [ErrorCode] = &[$(Self::$name,)+];

            pub(crate) fn row(self) -> ErrorRow {
                match self {
                    $(Self::$name => ErrorRow {
                        code: $code,
                        status: StatusCode::$status,
                        message: $message,
                        suggestion: $suggestion,
                    },)+
                }
            }
        }
    };
}

error_codes! {
    MalformedRequest = "malformed_request", BAD_REQUEST,
        "The request could not be read.",
        "Check the URL, the headers and the encoding of the body.";
    MalformedJson = "malformed_json", BAD_REQUEST,
        "The body is not valid JSON.",
        "Send a JSON object in UTF-8, and check quotes, commas and brackets at the place named.";
    InvalidCursor = "invalid_cursor", BAD_REQUEST,
        "The cursor is not one that this list gave out.",
        "Pass pagination.next_cursor of the page before as it is, or leave cursor out to begin anew.";
    MissingAuthorization = "missing_authorization", UNAUTHORIZED,
        "The request has no API key.",
        "Send the header Authorization: Bearer sk_live_… (or sk_test_…).";
    InvalidApiKey = "invalid_api_key", UNAUTHORIZED,
        "The API key is unknown, revoked or expired.",
        "Check that the whole key was copied, or create a new one with: docextract keys create --mode live --scopes all.";
    InvalidSession = "invalid_session", UNAUTHORIZED,
        "The session is unknown or over.",
        "Sign in again with POST /v1/session.";
    OidcFailed = "oidc_failed", UNAUTHORIZED,
        "Signing in at the identity provider did not work.",
        "Try again from the sign-in page; if it persists, ask whoever runs this server.";
    SignInFailed = "sign_in_failed", UNAUTHORIZED,
        "The e-mail address or the password is wrong.",
        "Check both; who is locked out gets a link from an administrator, or from docextract members sign-in-link.";
    InsufficientScope = "insufficient_scope", FORBIDDEN,
        "The API key lacks a scope that this request needs.",
        "Use a key that has the scope named, or create one.";
    LiveKeyRequired = "live_key_required", FORBIDDEN,
        "A test key cannot change live credits or live keys.",
        "Use a live key with the scope admin.";
    SessionRequired = "session_required", FORBIDDEN,
        "This is for people who signed in, and the request came with an API key.",
        "Sign in with POST /v1/session, and leave the Authorization header out.";
    CrossSiteRequest = "cross_site_request", FORBIDDEN,
        "The request was not made by a page of this server.",
        "A session's cookie changes things from this server's own pages only: send the header Origin with this server's address, or use an API key.";
    NotAMember = "not_a_member", FORBIDDEN,
        "The user belongs to no organisation, or not to the one named.",
        "Ask one of the organisation's owners for an invitation.";
    RoleNotAllowed = "role_not_allowed", FORBIDDEN,
        "The role that is given, changed or taken away is above the caller's own.",
        "Ask an owner to do it; an API key acts as an admin, and makes no owners.";
    RouteNotFound = "route_not_found", NOT_FOUND,
        "There is nothing at this address.",
        "Check the path and the API version: every route begins with /v1.";
    DocumentNotFound = "document_not_found", NOT_FOUND,
        "There is no such document.",
        "Check the id and that the key is of the mode (live or test) that the document was submitted in.";
    FileNotFound = "file_not_found", NOT_FOUND,
        "The document's file is no longer kept.",
        "Submit the document again.";
    PurchasesNotEnabled = "purchases_not_enabled", NOT_FOUND,
        "This server sells no credits.",
        "Ask whoever runs this server for credits, who can grant them, or sell them with the configuration [checkout].";
    PageNotFound = "page_not_found", NOT_FOUND,
        "The document has no such page.",
        "Pages are numbered from 1: ask for /pages/1.png up to the document's page_count.";
    ExtractorNotFound = "extractor_not_found", NOT_FOUND,
        "There is no such extractor.",
        "List what exists with GET /v1/extractors; a ready-made one can also be named by its document type, such as invoice.";
    ReplayNotFound = "replay_not_found", NOT_FOUND,
        "There is no such replay.",
        "Check the id, and that the key belongs to the organisation and the mode that it was made in.";
    WebhookNotFound = "webhook_not_found", NOT_FOUND,
        "There is no such webhook.",
        "List what exists with GET /v1/webhooks, using a key of the same mode.";
    EventNotFound = "event_not_found", NOT_FOUND,
        "There is no such event.",
        "List what exists with GET /v1/events, using a key of the same mode.";
    DeliveryNotFound = "delivery_not_found", NOT_FOUND,
        "There is no such delivery.",
        "List what exists with GET /v1/deliveries, using a key of the same mode.";
    KeyNotFound = "key_not_found", NOT_FOUND,
        "There is no such API key.",
        "List what exists with GET /v1/keys.";
    MemberNotFound = "member_not_found", NOT_FOUND,
        "There is no such member.",
        "List who there is with GET /v1/members.";
    InvitationNotFound = "invitation_not_found", NOT_FOUND,
        "There is no such invitation.",
        "List what exists with GET /v1/invitations.";
    SessionNotFound = "session_not_found", NOT_FOUND,
        "There is no such session of yours.",
        "List what exists with GET /v1/sessions.";
    InvitationNotOpen = "invitation_not_open", GONE,
        "The link is unknown, used up, revoked or expired.",
        "Ask whoever sent it for a new one.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED,
        "This address does not take this method.",
        "Use a method that the Allow header names.";
    DocumentNotEnded = "document_not_ended", CONFLICT,
        "The document is still being worked on.",
        "Wait until its status is completed or failed, then retry it.";
    DocumentNotCompleted = "document_not_completed", CONFLICT,
        "The document was not completed: there are no values to correct.",
        "Wait until its status is completed; one that failed can be retried with POST /v1/documents/{id}/retry.";
    IdempotencyConflict = "idempotency_conflict", CONFLICT,
        "The Idempotency-Key was used for another request in the last 24 hours.",
        "Send a new key with each new request, and the same key only with the very same one.";
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT,
        "The request with this Idempotency-Key is still being done.",
        "Send it again after the seconds that Retry-After names: it is answered as the first time.";
    IdempotentAnswerErased = "idempotent_answer_erased", GONE,
        "The answer to this request was erased with its document.",
        "To submit the document again, send the request with a new Idempotency-Key.";
    LastOwner = "last_owner", CONFLICT,
        "An organisation keeps at least one owner.",
        "Make another member an owner first.";
    AlreadyMember = "already_member", CONFLICT,
        "Whom this is for is a member already.",
        "Change the member's role with PATCH /v1/members/{user_id}.";
    EmailTaken = "email_taken", CONFLICT,
        "A user with this e-mail address was made at the same moment.",
        "Send the request again, with that user's password.";
    InvitationAccepted = "invitation_accepted", CONFLICT,
        "The invitation was accepted already.",
        "Remove the member instead, with DELETE /v1/members/{user_id}.";
    DocumentInProgress = "document_in_progress", CONFLICT,
        "The document is still being worked on, and cannot be deleted.",
        "Wait until its status is completed or failed, then delete it.";
    EventErased = "event_erased", GONE,
        "The delivery's event was erased with its document.",
        "There is nothing left to send: submit the document again.";
    WebhookGone = "webhook_gone", CONFLICT,
        "The delivery's webhook no longer exists.",
        "Register the URL again; deliveries of later events go to it.";
    WebhookDisabled = "webhook_disabled", CONFLICT,
        "The delivery's webhook is disabled.",
        "Enable it with POST /v1/webhooks/{id}/enable, then replay.";
    DocumentTooLarge = "document_too_large", PAYLOAD_TOO_LARGE,
        "The document is larger than this server accepts.",
        "Submit a smaller file, or ask the operator to raise limits.document_bytes.";
    NotificationNotGenuine = "notification_not_genuine", BAD_REQUEST,
        "The notification is not one that the payment provider has just signed.",
        "Check that checkout.notification_secret is the provider's signing secret for this address, and that both clocks are right.";
    RequestTooLarge = "request_too_large", PAYLOAD_TOO_LARGE,
        "The body of the request is too large.",
        "Send a smaller body: at most 1 MiB outside of documents.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE,
        "The body is of a media type that this address does not take.",
        "Send the header Content-Type: application/json, or multipart/form-data where a file is uploaded.";
    InvalidRequest = "invalid_request", UNPROCESSABLE_ENTITY,
        "The request has values that cannot be used.",
        "Correct each field that the message names.";
    DocumentEmpty = "document_empty", UNPROCESSABLE_ENTITY,
        "The document has no content: file is 0 bytes long.",
        "Check that the right file was uploaded.";
    DocumentHasNoPages = "document_has_no_pages", UNPROCESSABLE_ENTITY,
        "The document is of a kind that has no pages to draw.",
        "Pages of PDF, PNG, JPEG, TIFF and WebP can be drawn; get any other document with GET /v1/documents/{id}/file.";
    PageNotDrawn = "page_not_drawn", UNPROCESSABLE_ENTITY,
        "The page could not be drawn.",
        "Get the document with GET /v1/documents/{id}/file, and open it in a viewer of its own.";
    ExtractorInactive = "extractor_inactive", UNPROCESSABLE_ENTITY,
        "extractor_id: the extractor is inactive.",
        "Set its is_active to true with PATCH /v1/extractors/{id}, or use another one.";
    WebhookUrlNotHttps = "webhook_url_not_https", UNPROCESSABLE_ENTITY,
        "The webhook's URL must begin with https://.",
        "Serve the endpoint over HTTPS; for local development run docextract serve --dev.";
    WebhookUrlNotAllowed = "webhook_url_not_allowed", UNPROCESSABLE_ENTITY,
        "The webhook's URL points to an address that webhooks may not reach.",
        "Use a public address; an operator can open a range with webhooks.allowed_networks.";
    WebhookLimitReached = "webhook_limit_reached", UNPROCESSABLE_ENTITY,
        "The organisation has as many webhooks as it may have.",
        "Delete webhooks that are no longer used.";
    MemberLimitReached = "member_limit_reached", UNPROCESSABLE_ENTITY,
        "There are as many members or open invitations as there may be.",
        "Remove members or revoke invitations that are no longer needed.";
    TooManySignIns = "too_many_sign_ins", TOO_MANY_REQUESTS,
        "There were too many tries to sign in to this account, or from this address.",
        "Wait the seconds that Retry-After names.";
    RateLimitExceeded = "rate_limit_exceeded", TOO_MANY_REQUESTS,
        "The organisation has made as many requests as its plan allows for now.",
        "Wait the seconds that Retry-After names, and spread requests by X-RateLimit-Remaining; an operator can give another plan with: docextract plan set.";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR,
        "Something went wrong inside the server.",
        "Try again; if it persists, give the request id to the operator, who finds it in the log.";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE,
        "The server has as many requests in hand as it takes at once.",
        "Try again after the seconds that Retry-After names; an operator can raise limits.requests and limits.connections.";
    CheckoutUnavailable = "checkout_unavailable", SERVICE_UNAVAILABLE,
        "The payment provider could not be reached, or refused. Nothing was bought.",
        "Try again later; whoever runs this server finds the reason in its log.";
    ServiceUnavailable = "service_unavailable", SERVICE_UNAVAILABLE,
        "The server cannot do this right now.",
        "Try again after the seconds that Retry-After names.";
}

/// After how many seconds may be asked again what cannot be answered now.
const RETRY_AFTER_SECONDS: u64 = 2;

/// A row of the table, with what is particular to this request.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) code: ErrorCode,
    /// Said instead of the row's message.
    pub(crate) message: Option<String>,
    /// Which fields of the request are wrong, and how.
    pub(crate) fields: Vec<FieldProblem>,
    /// What the log gets to know and the caller does not.
    pub(crate) cause: Option<String>,
    /// After how many seconds it may be asked again, where the row does not say.
    retry_after_seconds: Option<u64>,
}

pub(crate) type Result<T> = std::result::Result<T, ApiError>;

impl ApiError {
    pub(crate) fn with_message(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..code.into() }
    }

    /// An error that names every field that is wrong.
    pub(crate) fn of_fields(code: ErrorCode, fields: Vec<FieldProblem>) -> Self {
        let lines: Vec<String> =
            fields.iter().map(|problem| format!("{} {}", problem.field, problem.problem)).collect();
        Self { fields, ..Self::with_message(code, format!("{}.", lines.join("; "))) }
    }

    /// An error that one field is the cause of.
    pub(crate) fn of_field(code: ErrorCode, field: &str, problem: impl Into<String>) -> Self {
        Self::of_fields(code, vec![FieldProblem { field: field.to_owned(), problem: problem.into() }])
    }

    /// A 422 for one field.
    pub(crate) fn invalid_field(field: &str, problem: impl Into<String>) -> Self {
        Self::of_field(ErrorCode::InvalidRequest, field, problem)
    }

    /// With what the log gets to know beside it.
    pub(crate) fn with_cause(code: ErrorCode, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..code.into() }
    }

    /// Something that must not happen, for the log only.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self::with_cause(ErrorCode::InternalError, cause)
    }

    /// A 429 that says until when.
    pub(crate) fn rate_limited(window: RequestWindow, now: Timestamp) -> Self {
        let message = format!(
            "The organisation has made the {} requests that its plan allows until {}.",
            window.limit,
            window.resets_at.to_rfc3339()
        );
        let seconds = window.resets_at.ms_since(now).div_ceil(1_000).max(1);
        Self {
            retry_after_seconds: Some(seconds),
            ..Self::with_message(ErrorCode::RateLimitExceeded, message)
        }
    }

    /// A 429 for tries to sign in, that says until when.
    pub(crate) fn too_many_sign_ins(until: Timestamp, now: Timestamp) -> Self {
        let seconds = until.ms_since(now).div_ceil(1_000).max(1);
        Self { retry_after_seconds: Some(seconds), ..ErrorCode::TooManySignIns.into() }
    }

    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        let soon = matches!(
            self.code,
            ErrorCode::ServiceUnavailable | ErrorCode::Overloaded | ErrorCode::IdempotencyInProgress
        );
        self.retry_after_seconds.or(soon.then_some(RETRY_AFTER_SECONDS))
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, message: None, fields: Vec::new(), cause: None, retry_after_seconds: None }
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => ErrorCode::ServiceUnavailable.into(),
            PasswordError::Failed(cause) => Self::internal(cause),
        }
    }
}

impl From<RoleRefusal> for ApiError {
    fn from(refusal: RoleRefusal) -> Self {
        match refusal {
            RoleRefusal::AboveOwn => ErrorCode::RoleNotAllowed.into(),
            RoleRefusal::LastOwner => ErrorCode::LastOwner.into(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Unavailable(_) => ErrorCode::ServiceUnavailable,
            StoreError::Refused(_) => ErrorCode::InternalError,
        };
        Self { cause: Some(error.to_string()), ..code.into() }
    }
}

impl IntoResponse for ApiError {
    /// Only the status and, for [`super::envelope`], the error itself.
    fn into_response(self) -> Response {
        let mut response = self.code.row().status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Problems that one answer names: a request can have a million fields that do not exist.
const PROBLEMS_MAX: usize = 100;

/// Gathers what is wrong with a request, so that one answer names all of it.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<(ErrorCode, FieldProblem)>);

impl Problems {
    pub(crate) fn push(&mut self, field: &str, problem: impl Into<String>) {
        if self.0.len() >= PROBLEMS_MAX {
            return;
        }
        self.extend(vec![FieldProblem { field: field.to_owned(), problem: problem.into() }]);
    }

    pub(crate) fn extend(&mut self, problems: Vec<FieldProblem>) {
        self.0.extend(problems.into_iter().map(|problem| (ErrorCode::InvalidRequest, problem)));
    }

    /// Whether there is one of this field.
    pub(crate) fn name(&self, field: &str) -> bool {
        self.0.iter().any(|(_, problem)| problem.field == field)
    }

    /// Takes in an error about fields; another one is the answer by itself.
    pub(crate) fn take<T>(&mut self, checked: Result<T>) -> Result<Option<T>> {
        match checked {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.fields.is_empty() => Err(error),
            Err(error) => {
                self.0.extend(error.fields.into_iter().map(|problem| (error.code, problem)));
                Ok(None)
            }
        }
    }

    /// What is wrong, under the code that all of it has, or as a request that is wrong in several ways.
    pub(crate) fn finish(self) -> Result<()> {
        let Some((first, _)) = self.0.first() else { return Ok(()) };
        let is_of_one_kind = self.0.iter().all(|(code, _)| code == first);
        let code = if is_of_one_kind { *first } else { ErrorCode::InvalidRequest };
        Err(ApiError::of_fields(code, self.0.into_iter().map(|(_, problem)| problem).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_have_sentences() {
        let mut codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.row().code).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
        for code in ErrorCode::ALL {
            let row = code.row();
            assert!(row.message.ends_with('.') && row.suggestion.ends_with('.'), "{}", row.code);
            assert!(row.status.is_client_error() || row.status.is_server_error(), "{}", row.code);
        }
    }
}
