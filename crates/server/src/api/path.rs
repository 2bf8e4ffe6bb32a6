//! Ids in paths: text that cannot be an id of its kind is simply not found.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use docextract_model::id::{DeliveryId, EventId, ExtractorId, JobId, KeyId, ReplayId, WebhookId};

use super::app::App;
use super::error::{ApiError, ErrorCode, Result};

/// A kind of id that a path may carry, with what is said when there is no such object.
pub(crate) trait PathId: Sized {
    const NOT_FOUND: ErrorCode;
    fn from_path(text: &str) -> Option<Self>;
}

macro_rules! path_ids {
    ($($id:ident => $not_found:ident;)+) => {$(
        impl PathId for $id {
            const NOT_FOUND: ErrorCode = ErrorCode::$not_found;
            fn from_path(text: &str) -> Option<Self> {
                Self::parse(text).ok()
            }
        }
    )+};
}

path_ids! {
    JobId => DocumentNotFound;
    ExtractorId => ExtractorNotFound;
    WebhookId => WebhookNotFound;
    EventId => EventNotFound;
    DeliveryId => DeliveryNotFound;
    KeyId => KeyNotFound;
    ReplayId => ReplayNotFound;
}

/// The `{id}` of the path.
pub(crate) struct At<I>(pub(crate) I);

impl<I: PathId> FromRequestParts<Arc<App>> for At<I> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let text = Path::<String>::from_request_parts(parts, app).await.map_err(|_| I::NOT_FOUND)?;
        I::from_path(&text).map(Self).ok_or_else(|| I::NOT_FOUND.into())
    }
}

/// What a method of the store found, or the 404 of its kind.
pub(crate) fn found<I: PathId, T>(object: Option<T>, _id: &I) -> Result<T> {
    object.ok_or_else(|| I::NOT_FOUND.into())
}
