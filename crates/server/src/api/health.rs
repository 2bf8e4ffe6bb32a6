//! For whoever watches the server: does it run, and can it do its work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::app::App;
use super::error::Result;

#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
}

/// The process answers.
pub(crate) async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The store takes durable writes; 503 otherwise.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Health>> {
    app.store.check_writable().await?;
    Ok(Json(Health { status: "ok" }))
}
