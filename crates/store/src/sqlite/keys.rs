//! Organisations and their API keys.

use docextract_model::id::{KeyId, OrgId};
use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::plan::Plan;
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::extractors;
use super::rows::{Columns, ListQuery, all, execute, json_text, ms, one, text};
use crate::Result;
use crate::commands::{
    CreateKey, CreateKeyOutcome, CreateOrganisation, Organisation, Page, PageRequest, RevokeKey,
};

const SELECT_KEY: &str = "SELECT id, org_id, name, mode, scopes, hint, created_at, created_by, last_used_at, \
     expires_at, revoked_at FROM api_keys";

const SELECT_ORGANISATION: &str = "SELECT id, name, plan, created_at FROM organisations";

pub(super) fn create_organisation(db: &Connection, command: &CreateOrganisation) -> Result<()> {
    let created = execute(
        db,
        "INSERT INTO organisations (id, name, created_at, plan, balance, total_purchased, total_used, \
         low_balance_threshold, low_told, depleted_told) VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0) \
         ON CONFLICT (id) DO NOTHING",
        params![command.id.as_str(), command.name, command.now.unix_ms(), Plan::default().as_str()],
    )?;
    if created == 1 {
        for extractor in &command.extractors {
            extractors::create(db, &command.id, extractor, command.now)?;
        }
    }
    Ok(())
}

pub(super) fn organisations(db: &Connection) -> Result<Vec<Organisation>> {
    all(db, &format!("{SELECT_ORGANISATION} ORDER BY id LIMIT 1000"), [], read_organisation)
}

pub(super) fn organisation(db: &Connection, org_id: &OrgId) -> Result<Option<Organisation>> {
    one(db, &format!("{SELECT_ORGANISATION} WHERE id = ?"), [org_id.as_str()], read_organisation)
}

fn read_organisation(columns: &mut Columns<'_, '_>) -> Result<Organisation> {
    Ok(Organisation {
        id: columns.id()?,
        name: columns.get()?,
        plan: columns.word("plan", Plan::parse)?,
        created_at: columns.time()?,
    })
}

pub(super) fn organisation_exists(db: &Connection, org_id: &OrgId) -> Result<bool> {
    let found = one(db, "SELECT 1 FROM organisations WHERE id = ?", [org_id.as_str()], |_| Ok(()))?;
    Ok(found.is_some())
}

pub(super) fn create(db: &Connection, command: &CreateKey) -> Result<CreateKeyOutcome> {
    let key = &command.key;
    if !organisation_exists(db, &key.org_id)? {
        return Ok(CreateKeyOutcome::OrganisationNotFound);
    }
    execute(
        db,
        "INSERT INTO api_keys (id, org_id, name, mode, scopes, hint, hash, created_at, created_by, \
         last_used_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            key.id.as_str(),
            key.org_id.as_str(),
            key.name,
            key.mode.as_str(),
            json_text(&key.scopes)?,
            key.hint,
            command.hash.as_str(),
            key.created_at.unix_ms(),
            key.created_by,
            ms(key.last_used_at),
            ms(key.expires_at),
            ms(key.revoked_at),
        ],
    )?;
    Ok(CreateKeyOutcome::Created(key.clone()))
}

pub(super) fn by_hash(db: &Connection, hash: &KeyHash) -> Result<Option<ApiKey>> {
    one(db, &format!("{SELECT_KEY} WHERE hash = ?"), [hash.as_str()], read_key)
}

pub(super) fn list(db: &Connection, org_id: &OrgId, page: &PageRequest) -> Result<Page<ApiKey>> {
    ListQuery::new(SELECT_KEY, "org_id = ?", [text(org_id.as_str())]).page(db, page, read_key)
}

pub(super) fn touch(db: &Connection, used: &[(KeyId, Timestamp)]) -> Result<()> {
    for (id, at) in used {
        execute(
            db,
            "UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)",
            params![id.as_str(), at.unix_ms()],
        )?;
    }
    Ok(())
}

pub(super) fn revoke(db: &Connection, command: &RevokeKey) -> Result<Option<ApiKey>> {
    let identity = params![command.key_id.as_str(), command.org_id.as_str(), command.now.unix_ms()];
    execute(
        db,
        "UPDATE api_keys SET revoked_at = ?3 WHERE id = ?1 AND org_id = ?2 AND revoked_at IS NULL",
        identity,
    )?;
    let identity = [command.key_id.as_str(), command.org_id.as_str()];
    one(db, &format!("{SELECT_KEY} WHERE id = ? AND org_id = ?"), identity, read_key)
}

fn read_key(columns: &mut Columns<'_, '_>) -> Result<ApiKey> {
    Ok(ApiKey {
        id: columns.id()?,
        org_id: columns.id()?,
        name: columns.get()?,
        mode: columns.word("mode", Mode::parse)?,
        scopes: columns.json()?,
        hint: columns.get()?,
        created_at: columns.time()?,
        created_by: columns.get()?,
        last_used_at: columns.time_or_none()?,
        expires_at: columns.time_or_none()?,
        revoked_at: columns.time_or_none()?,
    })
}
