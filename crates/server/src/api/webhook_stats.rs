//! `/v1/webhooks/{id}/stats`: how an endpoint has answered, by the hour.
//!
//! Summed up from counts that are kept as attempts are recorded: what it costs does not grow with the
//! log. Hours without attempts are not listed.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::id::WebhookId;
use docextract_model::limits;
use docextract_model::stats::{Summary, by_hour, hour_of};
use docextract_model::time::Timestamp;
use docextract_store::commands::CountedHours;
use schemars::JsonSchema;
use serde::Serialize;

use super::app::App;
use super::auth::Caller;
use super::error::{Problems, Result};
use super::path::{At, found};
use super::query::query;

/// What is looked back on when nothing is said.
const LOOK_BACK_MS: u64 = 24 * 60 * 60 * 1000;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AttemptSummary")]
pub(crate) struct SummaryView {
    attempts: u64,
    /// Answered with success.
    succeeded: u64,
    failed: u64,
    /// 0 to 1; null without attempts.
    success_rate: Option<f64>,
    /// Of all attempts, failed ones too; null without any.
    response_time_ms: Percentiles,
    /// Failed attempts by their error's code.
    errors: BTreeMap<&'static str, u64>,
}

#[derive(Serialize, JsonSchema)]
struct Percentiles {
    p50: Option<u64>,
    p95: Option<u64>,
}

impl From<Summary> for SummaryView {
    fn from(summary: Summary) -> Self {
        Self {
            attempts: summary.attempts,
            succeeded: summary.succeeded,
            failed: summary.attempts - summary.succeeded,
            success_rate: summary.success_rate(),
            response_time_ms: Percentiles { p50: summary.percentile_ms(50), p95: summary.percentile_ms(95) },
            errors: summary.errors.iter().map(|(code, attempts)| (code.as_str(), *attempts)).collect(),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AttemptHour")]
struct HourView {
    /// When it began.
    hour: Timestamp,
    #[serde(flatten)]
    summary: SummaryView,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookStats")]
pub(crate) struct StatsView {
    webhook_id: WebhookId,
    /// The beginning of the first hour, and the end of the last.
    since: Timestamp,
    until: Timestamp,
    #[serde(flatten)]
    summary: SummaryView,
    /// The earliest first.
    hours: Vec<HourView>,
}

query! {
    GetStats {
        /// The beginning; a day before `until` when it is left out.
        since: Timestamp,
        /// The end; now when it is left out.
        until: Timestamp,
    }
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(webhook_id): At<WebhookId>,
    query: GetStats,
) -> Result<Json<StatsView>> {
    // The present hour counts, from its first instant on.
    let until = query.until.unwrap_or(app.ambient.now().plus_ms(1));
    let since = query.since.unwrap_or(until.minus_ms(LOOK_BACK_MS));
    let mut problems = Problems::default();
    if until < since {
        problems.push("since", "must not be after until");
    }
    if until.ms_since(since) > limits::STATS_MS_MAX {
        problems.push("since", format!("must be within {} days of until", limits::STATS_MS_MAX / 86_400_000));
    }
    problems.finish()?;
    let (since, until) = (hour_of(since), end_of_hour(until));
    let hours = CountedHours { tenant: caller.tenant, webhook_id: webhook_id.clone(), since, until };
    let counts = found(app.store.attempt_counts(hours).await?, &webhook_id)?;
    let hours = by_hour(&counts).into_iter();
    Ok(Json(StatsView {
        webhook_id,
        since,
        until,
        summary: Summary::of(&counts).into(),
        hours: hours.map(|(hour, summary)| HourView { hour, summary: summary.into() }).collect(),
    }))
}

/// The instant itself where it is a full hour, else when the next one begins.
fn end_of_hour(time: Timestamp) -> Timestamp {
    let last = hour_of(time.minus_ms(1));
    last.plus_ms(60 * 60 * 1000)
}
