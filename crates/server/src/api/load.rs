//! How much is done at a time: requests beyond it are refused at once, before they cost anything.
//!
//! A refused request is answered 503 `overloaded` with `Retry-After`. `/health/*` is always answered, also
//! on the connections that are let in for nothing else. Refusals are logged once a second at most: who is
//! overloaded has better to do.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::app::App;
use super::error::{ApiError, ErrorCode};
use crate::http::OnlyHealth;

const LOG_EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Load {
    places: Semaphore,
    refused: AtomicU64,
    logged_at: Mutex<Option<Instant>>,
}

impl Load {
    pub(crate) fn new(requests_max: usize) -> Self {
        Self {
            places: Semaphore::new(requests_max.min(Semaphore::MAX_PERMITS)),
            refused: AtomicU64::new(0),
            logged_at: Mutex::default(),
        }
    }

    fn refused(&self) -> ApiError {
        self.refused.fetch_add(1, Ordering::Relaxed);
        let mut logged_at = self.logged_at.lock().unwrap_or_else(PoisonError::into_inner);
        if logged_at.is_none_or(|logged_at| logged_at.elapsed() >= LOG_EVERY) {
            *logged_at = Some(Instant::now());
            let count = self.refused.swap(0, Ordering::Relaxed);
            tracing::warn!(count, "requests were refused: the server has as many in hand as it takes");
        }
        ErrorCode::Overloaded.into()
    }
}

pub(crate) async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/health/") {
        return next.run(request).await;
    }
    let is_only_for_health = request.extensions().get::<OnlyHealth>().is_some();
    match app.load.places.try_acquire() {
        Ok(_place) if !is_only_for_health => next.run(request).await,
        Ok(_) | Err(_) => app.load.refused().into_response(),
    }
}
