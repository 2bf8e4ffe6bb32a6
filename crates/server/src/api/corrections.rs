//! `PATCH /v1/documents/{id}/fields`: what a person knows better than the extraction.
//!
//! A correction stands beside the result. `extracted_data`, `confidence` and `citations` stay what was read,
//! and what the receivers of the job's event were told; no event is sent again. The document is then read once
//! more for what the corrected values teach about others of its layout: see `docextract_engine`'s `learn`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::id::JobId;
use docextract_model::job::JobStatus;
use docextract_model::json::RawJson;
use docextract_model::limits::CORRECTIONS_BYTES_MAX;
use docextract_model::value::check_values;
use docextract_store::commands::{CorrectJob, CorrectJobOutcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::JsonBody;
use super::documents::DocumentView;
use super::error::{ApiError, ErrorCode, Problems, Result};
use super::path::{At, found};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DocumentCorrect")]
pub(crate) struct Correct {
    /// The right values of the fields that are wrong, as the extractor's types want them; null for one that the
    /// document does not have.
    #[schemars(extend("minProperties" = 1))]
    fields: Map<String, Value>,
}

/// A corrected document.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DocumentCorrected")]
pub(crate) struct CorrectedView {
    #[serde(flatten)]
    document: DocumentView,
    /// The fields of this request that will be found on other documents of the same layout; those inside an
    /// object behind its name (`bank_iban`).
    learned: Vec<String>,
}

pub(crate) async fn correct(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(job_id): At<JobId>,
    JsonBody(body): JsonBody<Correct>,
) -> Result<Json<CorrectedView>> {
    let job = found(app.store.job(&caller.tenant, &job_id).await?, &job_id)?;
    if job.status != JobStatus::Completed {
        return Err(not_completed(job.status));
    }
    let definitions = found(app.store.job_fields(&caller.tenant, &job_id).await?, &job_id)?;
    let mut problems = Problems::default();
    if body.fields.is_empty() {
        problems.push("fields", "must name at least one field");
    }
    problems.extend(check_values(&definitions, &body.fields, "fields"));
    problems.finish()?;
    let unwritable = |error: serde_json::Error| ApiError::internal(error.to_string());
    let corrections = RawJson::of(&body.fields).map_err(unwritable)?;
    let all = match &job.corrections {
        None => corrections.clone(),
        Some(before) => before.with_members_of(&corrections).map_err(unwritable)?,
    };
    if all.as_str().len() > CORRECTIONS_BYTES_MAX {
        let problem = format!(
            "takes too much: the corrections of a document have at most {CORRECTIONS_BYTES_MAX} bytes"
        );
        return Err(ApiError::invalid_field("fields", problem));
    }
    // What was corrected earlier still stands in the document: a lesson is about all of it.
    let taught: Map<String, Value> = serde_json::from_str(all.as_str()).map_err(unwritable)?;
    let names: Vec<&str> = body.fields.keys().map(String::as_str).collect();
    let entry =
        with_detail(caller.entry(&app, AuditAction::DocumentCorrected, &job_id), "fields", &names.join(", "));
    let learnt = app.engine.learn(&job, definitions, taught).await;
    let (lesson, fields) = learnt.map_or((None, Vec::new()), |learnt| (Some(learnt.lesson), learnt.fields));
    let is_named =
        |field: &String| names.iter().any(|name| field == name || field.starts_with(&format!("{name}_")));
    let learned = fields.into_iter().filter(is_named).collect();
    let now = app.ambient.now();
    let command = CorrectJob { tenant: caller.tenant, job_id, corrections, lesson, now };
    match app.act(command, entry).await? {
        CorrectJobOutcome::Corrected(job) => {
            Ok(Json(CorrectedView { document: DocumentView::of(job, &app), learned }))
        }
        CorrectJobOutcome::NotFound => Err(ErrorCode::DocumentNotFound.into()),
        CorrectJobOutcome::NotCompleted(status) => Err(not_completed(status)),
    }
}

fn not_completed(status: JobStatus) -> ApiError {
    let message = format!("The document is {}: there are no values to correct.", status.as_str());
    ApiError::with_message(ErrorCode::DocumentNotCompleted, message)
}
