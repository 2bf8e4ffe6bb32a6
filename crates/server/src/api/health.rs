//! For whoever watches the server: does it run, and can it do its work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::time::Timestamp;
use docextract_store::Store;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Mutex;

use super::app::App;
use super::error::Result;

#[derive(Serialize, JsonSchema)]
pub(crate) struct Health {
    status: &'static str,
}

/// For so long what the store said last is the answer: a probe needs no key, and each look is a write.
const FRESH_MS: u64 = 1_000;

/// What the store said last, and when.
#[derive(Default)]
pub(crate) struct Readiness {
    last: Mutex<Option<(Timestamp, docextract_store::Result<()>)>>,
}

impl Readiness {
    async fn check(&self, store: &dyn Store, now: Timestamp) -> docextract_store::Result<()> {
        let mut last = self.last.lock().await;
        if let Some((at, outcome)) = &*last
            && *at <= now
            && now.ms_since(*at) < FRESH_MS
        {
            return outcome.clone();
        }
        let outcome = store.check_writable().await;
        *last = Some((now, outcome.clone()));
        outcome
    }
}

/// The process answers.
pub(crate) async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The store takes durable writes; 503 otherwise.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Health>> {
    app.readiness.check(&*app.store, app.ambient.now()).await?;
    Ok(Json(Health { status: "ok" }))
}
