//! A document that is fetched from the address that its submitter gave.
//!
//! It goes the way that webhooks go: every connection is to an address that was judged, through the
//! operator's proxy if there is one, and one deadline covers all of it, a redirect's further requests too.
//! A redirect is followed a few times, and what it leads to is judged as the first address was: the scheme
//! and a literal address here, what a name resolves to at its connection.
//!
//! What it never does: send a header of the submitter's, keep a cookie, decompress, or hold more than a
//! piece of the document.

use std::sync::Arc;
use std::time::Duration;

use docextract_model::address::{AddressPolicy, UrlRefused, WebhookUrl};
use docextract_model::delivery::{AttemptError, AttemptErrorCode};
use docextract_model::limits;
use docextract_store::StoreError;
use docextract_store::blobs::NewBlob;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::{Request, Response, header};
use tokio::time::timeout;

use super::progress::{PROGRESS, Progress};
use super::{Outbound, failure};

const USER_AGENT: &str = concat!("DocExtract/", env!("CARGO_PKG_VERSION"));

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// It may be there another time.
    #[error("{0}")]
    Unavailable(String),
    /// It will not be there another time either.
    #[error("{0}")]
    Refused(String),
    #[error("it is longer than {0} bytes")]
    TooLarge(u64),
    #[error(transparent)]
    NotKept(#[from] StoreError),
}

impl From<AttemptError> for FetchError {
    fn from(error: AttemptError) -> Self {
        match error.code {
            AttemptErrorCode::AddressNotAllowed => Self::Refused(error.message),
            AttemptErrorCode::DnsFailed
            | AttemptErrorCode::ConnectFailed
            | AttemptErrorCode::ConnectRefused
            | AttemptErrorCode::ConnectTimeout
            | AttemptErrorCode::TlsFailed
            | AttemptErrorCode::Timeout
            | AttemptErrorCode::Reset
            | AttemptErrorCode::HttpStatus
            | AttemptErrorCode::RedirectRefused
            | AttemptErrorCode::InvalidResponse
            | AttemptErrorCode::ResponseTooLarge => Self::Unavailable(error.message),
        }
    }
}

/// What a document may cost on its way here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FetchLimits {
    pub(crate) bytes_max: u64,
    pub(crate) ms_max: u64,
}

impl Outbound {
    /// Writes what is at `url` into `blob`, and tells how long it is.
    pub(crate) async fn fetch(
        &self,
        url: &str,
        policy: &AddressPolicy,
        limits: FetchLimits,
        blob: &mut dyn NewBlob,
    ) -> Result<u64, FetchError> {
        let progress = Arc::new(Progress::default());
        let fetching = async {
            let response = self.answer(url, policy, &progress).await?;
            receive(response, limits.bytes_max, blob).await
        };
        let fetched = PROGRESS.scope(Arc::clone(&progress), fetching);
        match timeout(Duration::from_millis(limits.ms_max), fetched).await {
            Ok(fetched) => fetched,
            Err(_elapsed) => Err(progress.deadline_passed(limits.ms_max).into()),
        }
    }

    /// The answer that has the document, behind whatever redirects there are.
    async fn answer(
        &self,
        url: &str,
        policy: &AddressPolicy,
        progress: &Progress,
    ) -> Result<Response<Incoming>, FetchError> {
        let mut url = WebhookUrl::parse(url, policy).map_err(|refused| not_allowed("it", &refused))?;
        for _ in 0..=limits::FETCH_REDIRECTS_MAX {
            let request = Request::get(url.as_str())
                .header(header::ACCEPT, "*/*")
                .header(header::ACCEPT_ENCODING, "identity")
                .header(header::USER_AGENT, USER_AGENT)
                .body(Full::default())
                .map_err(|error| failure::address(format!("this URL cannot be called: {error}")))?;
            let response = self.client.request(request).await.map_err(|error| failure::of_request(&error))?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            let target = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            match (status.as_u16(), target) {
                (301 | 302 | 303 | 307 | 308, Some(target)) => url = redirected(&url, target, policy)?,
                (code @ (408 | 425 | 429 | 500..), _) => {
                    return Err(FetchError::Unavailable(format!("the host answered {code}")));
                }
                (code, _) => return Err(FetchError::Refused(format!("the host answered {code}"))),
            }
            progress.update(|phases| *phases = super::progress::Phases::default());
        }
        let most = limits::FETCH_REDIRECTS_MAX;
        Err(FetchError::Refused(format!("it redirects more than {most} times")))
    }
}

fn redirected(from: &WebhookUrl, target: &str, policy: &AddressPolicy) -> Result<WebhookUrl, FetchError> {
    let joined = from.url().join(target);
    let joined = joined.map_err(|error| FetchError::Refused(format!("it redirects to no URL: {error}")))?;
    WebhookUrl::parse(joined.as_str(), policy)
        .map_err(|refused| not_allowed("where it redirects to", &refused))
}

fn not_allowed(what: &str, refused: &UrlRefused) -> FetchError {
    FetchError::Refused(match refused {
        UrlRefused::Malformed(problem) => format!("{what} is no URL that can be called: {problem}"),
        UrlRefused::NotHttps => format!("{what} does not begin with https://"),
        UrlRefused::NotAllowed(problem) => format!("{what} may not be called: {problem}"),
    })
}

async fn receive(
    response: Response<Incoming>,
    bytes_max: u64,
    blob: &mut dyn NewBlob,
) -> Result<u64, FetchError> {
    let mut body = response.into_body();
    if body.size_hint().lower() > bytes_max {
        return Err(FetchError::TooLarge(bytes_max));
    }
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| failure::of_body(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        length += u64::try_from(data.len()).unwrap_or(u64::MAX);
        if length > bytes_max {
            // Dropping the body closes its connection: the rest is never read.
            return Err(FetchError::TooLarge(bytes_max));
        }
        blob.write(data).await?;
    }
    Ok(length)
}
