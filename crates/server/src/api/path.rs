//! Ids in paths: text that cannot be an id of its kind is simply not found.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use docextract_model::id::{
    DeliveryId, EventId, ExtractorId, InvitationId, JobId, KeyId, ReplayId, SessionId, UserId, WebhookId,
};

use schemars::JsonSchema;
use serde_json::json;

use super::app::App;
use super::describe::{Operation, Takes};
use super::error::{ApiError, ErrorCode, Result};
use super::pages::PageFile;

/// A kind of id that a path may carry, with what is said when there is no such object.
pub(crate) trait PathId: Sized {
    /// What a path calls it.
    const PARAMETER: &'static str;
    const NOT_FOUND: ErrorCode;
    fn from_path(text: &str) -> Option<Self>;
}

macro_rules! path_ids {
    ($($id:ident = $parameter:literal => $not_found:ident;)+) => {
        $(impl PathId for $id {
            const PARAMETER: &'static str = $parameter;
            const NOT_FOUND: ErrorCode = ErrorCode::$not_found;
            fn from_path(text: &str) -> Option<Self> {
                Self::parse(text).ok()
            }
        })+

        /// Whether a path may have a parameter of this name.
        #[cfg(test)]
        pub(crate) fn is_known_parameter(name: &str) -> bool {
            [$($parameter),+].contains(&name)
        }
    };
}

path_ids! {
    JobId = "document_id" => DocumentNotFound;
    ExtractorId = "extractor_id" => ExtractorNotFound;
    WebhookId = "webhook_id" => WebhookNotFound;
    EventId = "event_id" => EventNotFound;
    DeliveryId = "delivery_id" => DeliveryNotFound;
    KeyId = "key_id" => KeyNotFound;
    ReplayId = "replay_id" => ReplayNotFound;
    UserId = "user_id" => MemberNotFound;
    InvitationId = "invitation_id" => InvitationNotFound;
    SessionId = "session_id" => SessionNotFound;
    PageFile = "page" => PageNotFound;
}

/// The id of its kind in the path.
pub(crate) struct At<I>(pub(crate) I);

impl<I: PathId> FromRequestParts<Arc<App>> for At<I> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        // What is not UTF-8 is no id either.
        let found = RawPathParams::from_request_parts(parts, app).await.map_err(|_| I::NOT_FOUND)?;
        let text = found.iter().find_map(|(name, text)| (name == I::PARAMETER).then_some(text));
        let text = text.ok_or_else(|| ApiError::internal(format!("the path has no {}", I::PARAMETER)))?;
        I::from_path(text).map(Self).ok_or_else(|| I::NOT_FOUND.into())
    }
}

impl<I: PathId + JsonSchema> Takes for At<I> {
    fn describe(operation: &mut Operation) {
        operation.fails_with(&[I::NOT_FOUND]);
        let schema = operation.schemas.taken::<I>();
        operation.parameters.push(json!({
            "name": I::PARAMETER,
            "in": "path",
            "required": true,
            "schema": schema,
        }));
    }
}

/// What a method of the store found, or the 404 of its kind.
pub(crate) fn found<I: PathId, T>(object: Option<T>, _id: &I) -> Result<T> {
    object.ok_or_else(|| I::NOT_FOUND.into())
}
