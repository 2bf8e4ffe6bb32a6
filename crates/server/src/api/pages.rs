//! `GET /v1/documents/{document_id}/pages/{page}`: pictures of a document's pages, such as `1.png`.
//!
//! A page is drawn anew for everybody who has not got it yet, by a confined child, and nothing of it is kept
//! here: its `ETag` says whether what a browser kept is still right, without drawing anything.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use docextract_engine::NoPicture;
use docextract_extraction::NotDrawn;
use docextract_model::failure::Failure;
use docextract_model::id::JobId;
use docextract_model::limits;
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::app::App;
use super::auth::Caller;
use super::describe::{Answer, Answers, Operation, Takes};
use super::documents::require_file;
use super::error::{ApiError, ErrorCode, Result};
use super::path::{At, found};
use super::query::{Parameter, query};

/// `1.png`: the first page.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) struct PageFile(#[schemars(with = "String", regex(pattern = r"^[1-9][0-9]{0,9}\.png$"))] u32);

impl PageFile {
    /// Takes a number without leading zeros, and `.png`.
    pub(super) fn parse(text: &str) -> std::result::Result<Self, std::num::ParseIntError> {
        let digits = text.strip_suffix(".png").unwrap_or_default();
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        if is_plain { digits } else { "" }.parse().map(Self)
    }
}

query! {
    DrawPage {
        /// How many pixels the picture is across.
        width: Width,
    }
}

/// Pixels across.
pub(crate) struct Width(u32);

impl Parameter for Width {
    const EXPECTED: &'static str = "a number of pixels from 1 to 3000";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|width| (1..=limits::PICTURE_WIDTH_MAX).contains(width)).map(Self)
    }

    fn schema() -> Value {
        json!({
            "type": "integer",
            "minimum": 1,
            "maximum": limits::PICTURE_WIDTH_MAX,
            "default": limits::PICTURE_WIDTH_DEFAULT,
        })
    }
}

/// The tags of what the client has kept, as its `If-None-Match` lists them.
pub(crate) struct Kept(String);

impl Kept {
    fn has(&self, tag: &str) -> bool {
        self.0.split(',').any(|kept| kept.trim().trim_start_matches("W/") == tag)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Kept {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        let kept = parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        Ok(Self(kept.unwrap_or("").to_owned()))
    }
}

impl Takes for Kept {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(json!({
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` of the picture that is there already: if it is still right, the answer is 304.",
            "schema": {"type": "string"},
        }));
    }
}

/// 200 with a picture, or 304 where it is the one that the client has kept.
pub(crate) struct Picture(Response);

impl IntoResponse for Picture {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Answers for Picture {
    fn describe(operation: &mut Operation) {
        let png = json!({"type": "string", "contentMediaType": "image/png"});
        operation.answers.push(Answer {
            status: StatusCode::OK,
            about: "The page as a picture.",
            content: Some(("image/png", png)),
        });
        operation.answers.push(Answer {
            status: StatusCode::NOT_MODIFIED,
            about: "The picture is the one that `If-None-Match` names.",
            content: None,
        });
    }
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<JobId>,
    At(page): At<PageFile>,
    kept: Kept,
    query: DrawPage,
) -> Result<Picture> {
    let width = query.width.map_or(limits::PICTURE_WIDTH_DEFAULT, |width| width.0);
    let job = found(app.store.job(&caller.tenant, &id).await?, &id)?;
    require_file(&job)?;
    // A blob never changes, and another version of this program may draw it otherwise.
    let tag = format!("\"{}-{}-{width}-{}\"", job.blob_id, page.0, env!("CARGO_PKG_VERSION"));
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if kept.has(&tag) {
        return Ok(Picture((StatusCode::NOT_MODIFIED, caching).into_response()));
    }
    let png = app.engine.draw_page(&job, page.0, width).await.map_err(refusal)?;
    let kind = [
        (header::CONTENT_TYPE, "image/png"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ];
    Ok(Picture((caching, kind, png).into_response()))
}

fn refusal(reason: NoPicture) -> ApiError {
    match reason {
        NoPicture::Busy => ErrorCode::ServiceUnavailable.into(),
        NoPicture::NotDrawn(NotDrawn::NoSuchPage) => ErrorCode::PageNotFound.into(),
        NoPicture::NotDrawn(NotDrawn::NoPages) => ErrorCode::DocumentHasNoPages.into(),
        NoPicture::NotDrawn(NotDrawn::Failed(failure)) if failure.code.is_retryable() => {
            ApiError::with_cause(ErrorCode::ServiceUnavailable, failure.message)
        }
        NoPicture::NotDrawn(NotDrawn::Failed(Failure { message, .. })) => {
            ApiError::with_message(ErrorCode::PageNotDrawn, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_width_must_be_names_the_limit() {
        assert!(
            Width::EXPECTED.ends_with(&format!(" to {}", limits::PICTURE_WIDTH_MAX)),
            "{}",
            Width::EXPECTED
        );
    }

    #[test]
    fn a_page_is_a_plain_number_and_a_png() {
        assert_eq!(PageFile::parse("1.png").map(|page| page.0), Ok(1));
        assert_eq!(PageFile::parse("200.png").map(|page| page.0), Ok(200));
        for wrong in
            ["0.png", "01.png", "+1.png", "-1.png", "1", "1.PNG", ".png", "1.5.png", "99999999999.png"]
        {
            assert!(PageFile::parse(wrong).is_err(), "{wrong}");
        }
    }
}
