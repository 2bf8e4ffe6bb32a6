//! The HTTP API: a file per noun, and what they share.
//!
//! A handler reads the request into types, calls one method of the store (or the engine), hands over
//! what that wrote, and shows the outcome. It holds no rule of the product: those are the model's and
//! the store's.

pub(crate) mod app;
pub(crate) mod auth;
pub(crate) mod body;
mod credits;
mod deliveries;
mod documents;
pub(crate) mod envelope;
pub(crate) mod error;
mod error_page;
mod events;
mod extractors;
mod front_page;
pub(crate) mod health;
mod idempotency;
mod keys;
mod paging;
mod path;
mod query;
mod rate;
mod replays;
mod submission;
mod webhook_input;
mod webhook_stats;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};

use self::app::App;

/// Every route of the server.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new()
        .route("/", get(front_page::show))
        .route("/v1/extractors", get(extractors::list).post(extractors::create))
        .route(
            "/v1/extractors/{id}",
            get(extractors::show).patch(extractors::update).delete(extractors::delete),
        )
        .route("/v1/documents", get(documents::list).post(documents::submit))
        .route("/v1/documents/{id}", get(documents::show).delete(documents::erase))
        .route("/v1/documents/{id}/file", get(documents::file))
        .route("/v1/documents/{id}/retry", post(documents::retry))
        .route("/v1/credits", get(credits::show).patch(credits::update))
        .route("/v1/credits/transactions", get(credits::transactions))
        .route("/v1/credits/grants", post(credits::grant))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/v1/webhooks/test", post(webhooks::test))
        .route("/v1/webhooks/{id}", get(webhooks::show).patch(webhooks::update).delete(webhooks::delete))
        .route("/v1/webhooks/{id}/secret", get(webhooks::secret))
        .route("/v1/webhooks/{id}/rotate-secret", post(webhooks::rotate_secret))
        .route("/v1/webhooks/{id}/enable", post(webhooks::enable))
        .route("/v1/webhooks/{id}/stats", get(webhook_stats::show))
        .route("/v1/events", get(events::list).post(events::publish))
        .route("/v1/events/{id}", get(events::show))
        .route("/v1/deliveries", get(deliveries::list))
        .route("/v1/deliveries/{id}", get(deliveries::show))
        .route("/v1/deliveries/{id}/replay", post(deliveries::replay))
        .route("/v1/webhooks/{id}/replay", post(replays::create))
        .route("/v1/replays/{id}", get(replays::show))
        .route("/v1/replays/{id}/cancel", post(replays::cancel))
        .route("/v1/keys", get(keys::list).post(keys::create))
        .route("/v1/keys/{id}", delete(keys::revoke))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/docs/errors", get(error_page::show));
    if app.inbox.is_some() {
        router = router.merge(crate::dev::inbox::router());
    }
    router
        .fallback(envelope::no_route)
        .method_not_allowed_fallback(envelope::no_method)
        .layer(from_fn_with_state(Arc::clone(app), idempotency::layer))
        // Each reader of a body states its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(app), envelope::envelope))
        .with_state(Arc::clone(app))
}
