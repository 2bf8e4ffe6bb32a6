//! How many requests a plan allows: counted when a key is known to be good, told in every response.
//!
//! The three `X-RateLimit-*` headers describe the window that has the least left, the minute or the
//! hour of the caller's organisation. Where nothing is counted (a plan without limits, a request
//! without a usable key, health, documentation) they name a limit that nobody reaches,
//! [`UNCOUNTED`], always all of it left, and the end of the present minute: a client that paces
//! itself by the headers is never slowed down, and needs no case of its own.
//!
//! A request that the plan refuses is answered 429 with `Retry-After`, is not counted, and reaches no
//! handler. A store that cannot write cannot count either: then requests go through uncounted, because
//! reads go on where the disk allows them, and what would write is refused by itself.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue};
use docextract_model::id::OrgId;
use docextract_model::plan::{Plan, RequestWindow, TakenRequest, minute_ends};
use docextract_model::time::Timestamp;
use docextract_store::StoreError;

use super::app::App;
use super::error::{ApiError, Result};

/// The limit that is told where nothing is counted: the highest number that every client can hold.
const UNCOUNTED: u32 = i32::MAX.unsigned_abs();

/// What the inside of a request tells the outermost layer.
#[derive(Clone, Default)]
pub(crate) struct Counted(Arc<OnceLock<RequestWindow>>);

impl Counted {
    /// Takes a request of an organisation, or refuses it.
    pub(crate) async fn take(&self, app: &App, org_id: &OrgId, plan: Plan, now: Timestamp) -> Result<()> {
        if plan.limits().is_none() {
            return Ok(());
        }
        match app.store.take_request(org_id, now).await {
            Ok(TakenRequest::Unlimited) | Err(StoreError::Unavailable(_)) => Ok(()),
            Ok(TakenRequest::Taken(window)) => {
                self.note(window);
                Ok(())
            }
            Ok(TakenRequest::Refused(window)) => {
                self.note(window);
                Err(ApiError::rate_limited(window, now))
            }
            Err(error @ StoreError::Refused(_)) => Err(error.into()),
        }
    }

    fn note(&self, window: RequestWindow) {
        // A request is counted once.
        let _ = self.0.set(window);
    }

    pub(crate) fn write(&self, headers: &mut HeaderMap, now: Timestamp) {
        let uncounted =
            || RequestWindow { limit: UNCOUNTED, remaining: UNCOUNTED, resets_at: minute_ends(now) };
        let window = self.0.get().copied().unwrap_or_else(uncounted);
        headers.insert("x-ratelimit-limit", HeaderValue::from(window.limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(window.remaining));
        headers.insert("x-ratelimit-reset", HeaderValue::from(window.resets_at.unix_seconds()));
    }
}
