//! Columns that hold secrets: sealed when they are written, opened when they are read.
//!
//! Two SQL functions do it, `sealed(value, column, row)` and `opened(value, column, row)`, so that a query
//! shows which columns those are. NULL stays NULL. The row `sealing` names the key that seals, and is read
//! in the same transaction as what is written: from the moment it changes, no process seals with another.
//!
//! Replacing a key: the new one is made known, then named in `sealing`, then every value is sealed anew in
//! small steps, in the order of their rows. Cut short anywhere, it is done again from the start; what is
//! sealed with the new key stays as it is.

use std::sync::Arc;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, ToSql, params};

use super::rows::{execute, one};
use crate::vault::{Place, Vault, VaultKeyId, sealed_with};
use crate::{Result, StoreError};

/// A table with secrets: its primary key, and the columns that hold them.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
    columns: &'static [&'static str],
}

const TABLES: [Table; 3] = [
    Table {
        name: "webhooks",
        key: &["id"],
        columns: &["headers", "client_key", "secret", "previous_secret"],
    },
    Table { name: "keyed_requests", key: &["org_id", "mode", "key"], columns: &["answer"] },
    Table { name: "document_passwords", key: &["job_id"], columns: &["password"] },
];

/// Where sealing anew has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resealed {
    table: usize,
    after: Vec<String>,
    /// Rows that were looked at.
    pub rows: u64,
    pub is_done: bool,
}

/// Teaches a connection the two functions.
pub(super) fn teach(connection: &Connection, vault: &Arc<Vault>) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let sealer = Arc::clone(vault);
    connection.create_scalar_function("sealed", 4, flags, move |context| seal(&sealer, context))?;
    let opener = Arc::clone(vault);
    connection.create_scalar_function("opened", 3, flags, move |context| open(&opener, context))?;
    let resealer = Arc::clone(vault);
    connection.create_scalar_function("resealed", 4, flags, move |context| reseal(&resealer, context))?;
    Ok(())
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(Box::new(error))
}

fn place<'a>(context: &'a Context<'_>) -> rusqlite::Result<Place<'a>> {
    let text = |index| context.get_raw(index).as_str().map_err(failed);
    Ok(Place { column: text(1)?, row: text(2)? })
}

fn key_id(context: &Context<'_>) -> rusqlite::Result<VaultKeyId> {
    let text = context.get_raw(3).as_str().map_err(failed)?;
    VaultKeyId::parse(text).ok_or_else(|| failed(StoreError::Refused(format!("{text} names no key"))))
}

fn seal(vault: &Vault, context: &Context<'_>) -> rusqlite::Result<Option<Vec<u8>>> {
    let secret = match context.get_raw(0) {
        ValueRef::Null => return Ok(None),
        other => other.as_str().map_err(failed)?,
    };
    vault.seal(key_id(context)?, place(context)?, secret.as_bytes()).map(Some).map_err(failed)
}

fn open(vault: &Vault, context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let sealed = match context.get_raw(0) {
        ValueRef::Null => return Ok(None),
        other => other.as_blob().map_err(failed)?,
    };
    let opened = vault.open(place(context)?, sealed).map_err(failed)?;
    String::from_utf8(opened).map(Some).map_err(|error| failed(error.utf8_error()))
}

fn reseal(vault: &Vault, context: &Context<'_>) -> rusqlite::Result<Option<Vec<u8>>> {
    let sealed = match context.get_raw(0) {
        ValueRef::Null => return Ok(None),
        other => other.as_blob().map_err(failed)?,
    };
    let key_id = key_id(context)?;
    if sealed_with(sealed) == Some(key_id) {
        return Ok(Some(sealed.to_vec()));
    }
    let place = place(context)?;
    let secret = vault.open(place, sealed).map_err(failed)?;
    vault.seal(key_id, place, &secret).map(Some).map_err(failed)
}

/// The key that seals; a fresh database gets the vault's first.
pub(super) fn ensure_key(db: &Connection, vault: &Vault) -> Result<Option<VaultKeyId>> {
    if let Some(first) = vault.first() {
        execute(
            db,
            "INSERT INTO sealing (id, key_id) VALUES (1, ?) ON CONFLICT DO NOTHING",
            [first.to_string()],
        )?;
    }
    key(db)
}

pub(super) fn key(db: &Connection) -> Result<Option<VaultKeyId>> {
    let text = one(db, "SELECT key_id FROM sealing", [], |columns| columns.get::<String>())?;
    Ok(text.as_deref().and_then(VaultKeyId::parse))
}

pub(super) fn set_key(db: &Connection, id: VaultKeyId) -> Result<()> {
    execute(db, "UPDATE sealing SET key_id = ?", params![id.to_string()])?;
    Ok(())
}

/// Seals the values of some rows anew, with the key that `sealing` names.
pub(super) fn step(db: &Connection, mut done: Resealed, rows_max: u32) -> Result<Resealed> {
    let Some(table) = TABLES.get(done.table) else { return Ok(Resealed { is_done: true, ..done }) };
    let key = table.key.join(", ");
    let behind = |operator: &str| format!("({key}) {operator} ({})", vec!["?"; table.key.len()].join(", "));
    // Nothing is before the empty text.
    done.after.resize(table.key.len(), String::new());
    let mut values: Vec<Value> = done.after.iter().cloned().map(Value::Text).collect();
    values.push(Value::Integer(i64::from(rows_max)));
    let sql = format!(
        "SELECT count(*) OVER (), {key} FROM (SELECT {key} FROM {} WHERE {} ORDER BY {key} LIMIT ?) \
         ORDER BY {} LIMIT 1",
        table.name,
        behind(">"),
        table.key.iter().map(|column| format!("{column} DESC")).collect::<Vec<_>>().join(", "),
    );
    let last = db
        .prepare_cached(&sql)?
        .query_row(rusqlite::params_from_iter(&values), |row| {
            let key: rusqlite::Result<Vec<String>> =
                (1..=table.key.len()).map(|index| row.get(index)).collect();
            Ok((row.get::<_, u32>(0)?, key?))
        })
        .optional()?;
    let Some((rows, last)) = last else {
        return Ok(Resealed { table: done.table + 1, after: Vec::new(), ..done });
    };
    let row = table.key.join(" || '/' || ");
    let set = table.columns.iter().map(|column| {
        format!(
            "{column} = resealed({column}, '{}.{column}', {row}, (SELECT key_id FROM sealing))",
            table.name
        )
    });
    let sql = format!(
        "UPDATE {} SET {} WHERE {} AND {}",
        table.name,
        set.collect::<Vec<_>>().join(", "),
        behind(">"),
        behind("<="),
    );
    let bounds: Vec<&dyn ToSql> = done.after.iter().chain(&last).map(|text| text as &dyn ToSql).collect();
    execute(db, &sql, bounds.as_slice())?;
    Ok(Resealed { after: last, rows: done.rows + u64::from(rows), ..done })
}
