//! `/v1/extractors`: what is read from documents.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::extractor::{
    DOCUMENT_TYPE_PATTERN, DocumentType, FieldDefinition, check_field_definitions,
};
use docextract_model::id::{ExtractorId, OrgId};
use docextract_model::json::{objects, some_objects};
use docextract_model::limits;
use docextract_model::time::Timestamp;
use docextract_store::commands::{
    CreateExtractor, DeleteOutcome, Extractor, ExtractorRef, NewExtractor, UpdateExtractor,
};
use docextract_store::people::DeleteExtractor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::auth::Caller;
use super::body::JsonBody;
use super::describe::{Created, NoContent};
use super::error::{ErrorCode, Problems, Result};
use super::idempotency::Once;
use super::paging::{self, List};
use super::path::{At, found};
use super::query::{Cursor, Limit, page, query};

/// Characters of an extractor's name.
const NAME_CHARS_MAX: usize = 200;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Extractor")]
pub(crate) struct ExtractorView {
    id: ExtractorId,
    org_id: OrgId,
    name: String,
    document_type: DocumentType,
    field_definitions: Vec<FieldDefinition>,
    is_active: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    created_by: String,
    usage_count: u64,
    version: u32,
}

impl From<Extractor> for ExtractorView {
    fn from(extractor: Extractor) -> Self {
        Self {
            id: extractor.id,
            org_id: extractor.tenant.org_id,
            name: extractor.name,
            document_type: extractor.document_type,
            field_definitions: extractor.field_definitions,
            is_active: extractor.is_active,
            created_at: extractor.created_at,
            updated_at: extractor.updated_at,
            created_by: extractor.created_by,
            usage_count: extractor.usage_count,
            version: extractor.version,
        }
    }
}

/// What names an extractor, as a regular expression.
pub(crate) const REFERENCE_PATTERN: &str = "^(ext_[0-9A-Za-z]{1,64}|[a-z0-9_-]{1,64})$";

/// Which extractor a text means: an id, or the document type of a ready-made one.
pub(crate) fn parse_reference(text: &str) -> Option<ExtractorRef> {
    match ExtractorId::parse(text) {
        Ok(id) => Some(ExtractorRef::Id(id)),
        Err(_) => DocumentType::parse(text).ok().map(ExtractorRef::ReadyMade),
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ExtractorCreate")]
pub(crate) struct Create {
    #[schemars(length(max = NAME_CHARS_MAX), regex(pattern = r"\S"))]
    name: String,
    /// What kind of document it is for: `invoice`, or a name of one's own.
    #[schemars(regex(pattern = DOCUMENT_TYPE_PATTERN))]
    document_type: String,
    #[serde(deserialize_with = "objects")]
    #[schemars(length(min = 1, max = limits::EXTRACTOR_FIELDS_MAX))]
    field_definitions: Vec<FieldDefinition>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ExtractorUpdate")]
pub(crate) struct Update {
    #[schemars(length(max = NAME_CHARS_MAX), regex(pattern = r"\S"))]
    name: Option<String>,
    #[schemars(regex(pattern = DOCUMENT_TYPE_PATTERN))]
    document_type: Option<String>,
    #[serde(default, deserialize_with = "some_objects")]
    #[schemars(length(min = 1, max = limits::EXTRACTOR_FIELDS_MAX))]
    field_definitions: Option<Vec<FieldDefinition>>,
    is_active: Option<bool>,
}

fn check_name(name: &str, problems: &mut Problems) {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
        problems.push("name", format!("must be 1 to {NAME_CHARS_MAX} characters"));
    }
}

fn check_document_type(text: &str, problems: &mut Problems) -> Option<DocumentType> {
    DocumentType::parse(text).map_err(|problem| problems.push("document_type", problem)).ok()
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    JsonBody(body): JsonBody<Create>,
) -> Result<Created<ExtractorView>> {
    let mut problems = Problems::default();
    check_name(&body.name, &mut problems);
    let document_type = check_document_type(&body.document_type, &mut problems);
    problems.extend(check_field_definitions(&body.field_definitions));
    problems.finish()?;
    // A type that could not be read is among the problems.
    let document_type = document_type.ok_or(ErrorCode::InvalidRequest)?;
    let id: ExtractorId = once.id();
    if once.is_again
        && let Some(extractor) = app.store.extractor(&caller.tenant, &ExtractorRef::Id(id.clone())).await?
    {
        return Ok(Created(extractor.into()));
    }
    let entry = caller.entry(&app, AuditAction::ExtractorCreated, &id);
    let extractor = NewExtractor {
        id,
        mode: caller.tenant.mode,
        name: body.name,
        document_type,
        field_definitions: body.field_definitions,
        ready_made: false,
        created_by: caller.name(),
    };
    let command = CreateExtractor { org_id: caller.tenant.org_id, extractor, now: once.now };
    let created = app.act(command, entry).await?;
    Ok(Created(created.into()))
}

query! {
    ListExtractors {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<ExtractorId>,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListExtractors,
) -> Result<Json<List<ExtractorView>>> {
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let extractors = app.store.extractors(&caller.tenant, page).await?;
    Ok(paging::list(extractors, limit, |extractor| extractor.id.as_str(), ExtractorView::from))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<ExtractorId>,
) -> Result<Json<ExtractorView>> {
    let extractor = app.store.extractor(&caller.tenant, &ExtractorRef::Id(id.clone())).await?;
    Ok(Json(found(extractor, &id)?.into()))
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<ExtractorId>,
    JsonBody(body): JsonBody<Update>,
) -> Result<Json<ExtractorView>> {
    let mut problems = Problems::default();
    if let Some(name) = &body.name {
        check_name(name, &mut problems);
    }
    let document_type =
        body.document_type.as_deref().and_then(|text| check_document_type(text, &mut problems));
    if let Some(fields) = &body.field_definitions {
        problems.extend(check_field_definitions(fields));
    }
    problems.finish()?;
    let entry = caller.entry(&app, AuditAction::ExtractorUpdated, &id);
    let command = UpdateExtractor {
        tenant: caller.tenant,
        id: id.clone(),
        name: body.name,
        document_type,
        field_definitions: body.field_definitions,
        is_active: body.is_active,
        now: app.ambient.now(),
    };
    Ok(Json(found(app.act(command, entry).await?, &id)?.into()))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<ExtractorId>,
) -> Result<NoContent> {
    let entry = caller.entry(&app, AuditAction::ExtractorDeleted, &id);
    match app.act(DeleteExtractor { tenant: caller.tenant, id }, entry).await? {
        DeleteOutcome::Deleted => Ok(NoContent),
        DeleteOutcome::NotFound => Err(ErrorCode::ExtractorNotFound.into()),
    }
}
