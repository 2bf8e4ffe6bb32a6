//! Extractors and their versions.

use docextract_model::extractor::{DocumentType, FieldDefinition};
use docextract_model::id::{ExtractorId, OrgId};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::rows::{Columns, ListQuery, execute, json_text, one};
use crate::commands::{
    DeleteOutcome, Extractor, ExtractorRef, NewExtractor, Page, PageRequest, UpdateExtractor,
};
use crate::{Result, StoreError};

const SELECT: &str = "SELECT id, org_id, mode, name, document_type, ready_made, is_active, version, created_at, \
     updated_at, created_by, usage_count, (SELECT field_definitions FROM extractor_versions v \
     WHERE v.extractor_id = extractors.id AND v.version = extractors.version) FROM extractors";

pub(super) fn create(
    db: &Connection,
    org_id: &OrgId,
    new: &NewExtractor,
    now: Timestamp,
) -> Result<Extractor> {
    execute(
        db,
        "INSERT INTO extractors (id, org_id, mode, name, document_type, ready_made, is_active, version, \
         created_at, updated_at, created_by, usage_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 1, ?7, ?7, ?8, 0)",
        params![
            new.id.as_str(),
            org_id.as_str(),
            new.mode.as_str(),
            new.name,
            new.document_type.as_str(),
            new.ready_made,
            now.unix_ms(),
            new.created_by,
        ],
    )?;
    add_version(db, &new.id, 1, &new.field_definitions)?;
    let tenant = Tenant { org_id: org_id.clone(), mode: new.mode };
    let created = find(db, &tenant, &ExtractorRef::Id(new.id.clone()))?;
    created.ok_or_else(|| StoreError::Refused(format!("{} was not created", new.id)))
}

fn add_version(db: &Connection, id: &ExtractorId, version: u32, fields: &[FieldDefinition]) -> Result<()> {
    execute(
        db,
        "INSERT INTO extractor_versions (extractor_id, version, field_definitions) VALUES (?, ?, ?)",
        params![id.as_str(), version, json_text(&fields)?],
    )?;
    Ok(())
}

/// The same without its field definitions, which take longer to read than all else.
const SELECT_WITHOUT_FIELDS: &str = "SELECT id, org_id, mode, name, document_type, ready_made, is_active, version, \
     created_at, updated_at, created_by, usage_count, '[]' FROM extractors";

pub(super) fn find(db: &Connection, tenant: &Tenant, which: &ExtractorRef) -> Result<Option<Extractor>> {
    find_by(db, SELECT, tenant, which)
}

/// An extractor that seems to have no fields.
pub(super) fn find_without_fields(
    db: &Connection,
    tenant: &Tenant,
    which: &ExtractorRef,
) -> Result<Option<Extractor>> {
    find_by(db, SELECT_WITHOUT_FIELDS, tenant, which)
}

fn find_by(
    db: &Connection,
    select: &str,
    tenant: &Tenant,
    which: &ExtractorRef,
) -> Result<Option<Extractor>> {
    let (condition, value) = match which {
        ExtractorRef::Id(id) => ("id = ?3", id.as_str()),
        ExtractorRef::ReadyMade(document_type) => {
            ("ready_made = 1 AND document_type = ?3", document_type.as_str())
        }
    };
    let sql = format!(
        "{select} WHERE org_id = ?1 AND mode = ?2 AND deleted_at IS NULL AND {condition} ORDER BY id LIMIT 1"
    );
    one(db, &sql, [tenant.org_id.as_str(), tenant.mode.as_str(), value], read)
}

pub(super) fn list(db: &Connection, tenant: &Tenant, page: &PageRequest) -> Result<Page<Extractor>> {
    let mut query = ListQuery::of_tenant(SELECT, tenant);
    query.only("deleted_at IS NULL");
    query.page(db, page, read)
}

pub(super) fn update(db: &Connection, command: UpdateExtractor) -> Result<Option<Extractor>> {
    let which = ExtractorRef::Id(command.id);
    let Some(mut extractor) = find(db, &command.tenant, &which)? else { return Ok(None) };
    if let Some(fields) = command.field_definitions
        && fields != extractor.field_definitions
    {
        extractor.version += 1;
        add_version(db, &extractor.id, extractor.version, &fields)?;
        extractor.field_definitions = fields;
    }
    extractor.name = command.name.unwrap_or(extractor.name);
    extractor.document_type = command.document_type.unwrap_or(extractor.document_type);
    extractor.is_active = command.is_active.unwrap_or(extractor.is_active);
    extractor.updated_at = command.now;
    execute(
        db,
        "UPDATE extractors SET name = ?, document_type = ?, is_active = ?, version = ?, updated_at = ? \
         WHERE id = ?",
        params![
            extractor.name,
            extractor.document_type.as_str(),
            extractor.is_active,
            extractor.version,
            extractor.updated_at.unix_ms(),
            extractor.id.as_str(),
        ],
    )?;
    Ok(Some(extractor))
}

pub(super) fn delete(db: &Connection, tenant: &Tenant, id: &ExtractorId) -> Result<DeleteOutcome> {
    // Versions stay: jobs that were submitted before still run with theirs.
    let deleted = execute(
        db,
        "UPDATE extractors SET deleted_at = updated_at, is_active = 0 \
         WHERE id = ? AND org_id = ? AND mode = ? AND deleted_at IS NULL",
        [id.as_str(), tenant.org_id.as_str(), tenant.mode.as_str()],
    )?;
    Ok(if deleted == 1 { DeleteOutcome::Deleted } else { DeleteOutcome::NotFound })
}

pub(super) fn count_use(db: &Connection, id: &ExtractorId) -> Result<()> {
    execute(db, "UPDATE extractors SET usage_count = usage_count + 1 WHERE id = ?", [id.as_str()])?;
    Ok(())
}

/// The field definitions of a version, also of a deleted extractor.
pub(super) fn fields_of_version(
    db: &Connection,
    id: &ExtractorId,
    version: u32,
) -> Result<Vec<FieldDefinition>> {
    let sql = "SELECT field_definitions FROM extractor_versions WHERE extractor_id = ? AND version = ?";
    let fields = one(db, sql, params![id.as_str(), version], |columns| columns.json())?;
    fields.ok_or_else(|| StoreError::Refused(format!("{id} has no version {version}")))
}

fn read(columns: &mut Columns<'_, '_>) -> Result<Extractor> {
    Ok(Extractor {
        id: columns.id()?,
        tenant: columns.tenant()?,
        name: columns.get()?,
        document_type: columns.word("document type", |text| DocumentType::parse(text).ok())?,
        ready_made: columns.get()?,
        is_active: columns.get()?,
        version: columns.get()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
        created_by: columns.get()?,
        usage_count: columns.count()?,
        field_definitions: columns.json()?,
    })
}
