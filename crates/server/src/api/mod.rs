//! The HTTP API: a file per noun, and what they share.
//!
//! A handler reads the request into types, calls one method of the store (or the engine), hands over
//! what that wrote, and shows the outcome. It holds no rule of the product: those are the model's and
//! the store's.

pub(crate) mod app;
mod audit;
pub(crate) mod auth;
pub(crate) mod body;
mod browser;
mod client;
mod corrections;
mod credits;
mod deliveries;
mod describe;
mod docs_page;
mod documents;
pub(crate) mod envelope;
pub(crate) mod error;
mod error_page;
mod events;
mod examples;
mod extractors;
mod front_page;
pub(crate) mod health;
mod idempotency;
mod invitations;
mod json_document;
mod keys;
pub(crate) mod load;
mod members;
mod oidc;
pub(crate) mod openapi;
mod pages;
mod paging;
mod path;
mod purchases;
mod query;
mod rate;
mod replays;
mod routes;
mod sessions;
mod shape;
mod sign_in;
mod sign_in_page;
pub(crate) mod submission;
mod upload;
mod webhook_input;
mod webhook_stats;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

use self::app::App;

/// Every route of the table, behind what all of them have in common.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let mut rows = routes::routes();
    if app.oidc.is_some() {
        rows.extend(routes::oidc_routes());
    }
    if app.inbox.is_some() {
        rows.extend(routes::dev_routes());
    }
    rows.into_iter()
        .fold(Router::new(), |router, row| router.route(row.path, row.guarded(app)))
        .fallback(envelope::no_route)
        .method_not_allowed_fallback(envelope::no_method)
        // Each reader of a body states its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(app), load::layer))
        .layer(from_fn_with_state(Arc::clone(app), envelope::envelope))
        .with_state(Arc::clone(app))
}
