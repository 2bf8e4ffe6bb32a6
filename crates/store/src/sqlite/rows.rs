//! Reading rows and writing values: what every table needs.

use docextract_model::id::{Id, OrgId, id_floor};
use docextract_model::json::RawJson;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use rusqlite::types::{FromSql, Value};
use rusqlite::{Connection, Params, Row, ToSql};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as DeError, StringDeserializer};

use crate::commands::{Page, PageRequest};
use crate::{Result, StoreError};

/// Reads a row's columns one after the other, in the order of the query.
pub(super) struct Columns<'a, 'b> {
    row: &'a Row<'b>,
    next: usize,
}

impl<'a, 'b> Columns<'a, 'b> {
    pub(super) fn of(row: &'a Row<'b>) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn get<T: FromSql>(&mut self) -> Result<T> {
        let index = self.next;
        self.next += 1;
        Ok(self.row.get(index)?)
    }

    /// An id, which is text in the database.
    pub(super) fn id<I: DeserializeOwned>(&mut self) -> Result<I> {
        let text: String = self.get()?;
        id(text)
    }

    pub(super) fn id_or_none<I: DeserializeOwned>(&mut self) -> Result<Option<I>> {
        self.get::<Option<String>>()?.map(id).transpose()
    }

    pub(super) fn time(&mut self) -> Result<Timestamp> {
        Ok(Timestamp::from_unix_ms(self.get()?))
    }

    pub(super) fn time_or_none(&mut self) -> Result<Option<Timestamp>> {
        Ok(self.get::<Option<i64>>()?.map(Timestamp::from_unix_ms))
    }

    /// A count; the tables hold none below zero.
    pub(super) fn count(&mut self) -> Result<u64> {
        let number: i64 = self.get()?;
        u64::try_from(number).map_err(|_| unknown("count", &number.to_string()))
    }

    pub(super) fn count_or_none(&mut self) -> Result<Option<u64>> {
        let number: Option<i64> = self.get()?;
        number.map(|n| u64::try_from(n).map_err(|_| unknown("count", &n.to_string()))).transpose()
    }

    pub(super) fn json<T: DeserializeOwned>(&mut self) -> Result<T> {
        let text: String = self.get()?;
        serde_json::from_str(&text).map_err(|error| unknown("JSON", &error.to_string()))
    }

    pub(super) fn json_or_none<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let text: Option<String> = self.get()?;
        // The text may be a secret: only the place of the fault is told.
        let unreadable = |error: serde_json::Error| unknown("JSON", &format!("column {}", error.column()));
        text.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }

    pub(super) fn raw_json_or_none(&mut self) -> Result<Option<RawJson>> {
        let text: Option<String> = self.get()?;
        text.map(|text| RawJson::parse(text).map_err(|error| unknown("JSON", &error.to_string()))).transpose()
    }

    /// A word of one of our enums.
    pub(super) fn word<T>(&mut self, what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text: String = self.get()?;
        parse(&text).ok_or_else(|| unknown(what, &text))
    }

    pub(super) fn word_or_none<T>(
        &mut self,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let text: Option<String> = self.get()?;
        text.map(|text| parse(&text).ok_or_else(|| unknown(what, &text))).transpose()
    }

    pub(super) fn tenant(&mut self) -> Result<Tenant> {
        let org_id: OrgId = self.id()?;
        Ok(Tenant { org_id, mode: self.word("mode", Mode::parse)? })
    }
}

fn id<I: DeserializeOwned>(text: String) -> Result<I> {
    I::deserialize(StringDeserializer::<DeError>::new(text))
        .map_err(|error| unknown("id", &error.to_string()))
}

fn unknown(what: &str, value: &str) -> StoreError {
    StoreError::Refused(format!("the database holds a {what} that this program does not know: {value}"))
}

/// JSON for a text column.
pub(super) fn json_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Refused(error.to_string()))
}

/// A count for an integer column.
pub(super) fn integer(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|_| StoreError::Refused(format!("{count} does not fit in the database")))
}

pub(super) fn ms(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::unix_ms)
}

/// The next of the ids that a command reserved.
pub(super) fn take_id<I: Id>(ids: &mut docextract_model::id::IdBlock) -> Result<I> {
    ids.take().ok_or_else(|| StoreError::Refused("the command reserved too few ids".to_owned()))
}

/// Runs a statement that changes rows and tells how many.
pub(super) fn execute(db: &Connection, sql: &str, params: impl Params) -> Result<usize> {
    Ok(db.prepare_cached(sql)?.execute(params)?)
}

/// The first row, if there is one.
pub(super) fn one<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&mut Columns<'_, '_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| read(&mut Columns::of(row))).transpose()
}

/// All rows.
pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&mut Columns<'_, '_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    each(db, sql, params, read, |one| {
        found.push(one);
        true
    })?;
    Ok(found)
}

/// Hands over one row after another, each read when the one before it was taken, until `take` wants no more.
pub(super) fn each<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&mut Columns<'_, '_>) -> Result<T>,
    mut take: impl FnMut(T) -> bool,
) -> Result<()> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        if !take(read(&mut Columns::of(row))?) {
            break;
        }
    }
    Ok(())
}

/// How SQLite would carry this out.
#[cfg(test)]
pub(super) fn plan_of(db: &Connection, sql: &str, params: impl Params) -> String {
    let steps = all(db, &format!("EXPLAIN QUERY PLAN {sql}"), params, |columns| {
        let (_, _, _): (i64, i64, i64) = (columns.get()?, columns.get()?, columns.get()?);
        columns.get::<String>()
    });
    steps.unwrap().join("; ")
}

/// How far a clock may have been set back without hiding what was created meanwhile from a list by time. What
/// was created in as long is read in vain for a page of older objects, so it is not long.
const CLOCK_SET_BACK_MS_MAX: u64 = 60 * 1000;

/// A list's query: conditions that are all to hold, newest first, one page.
pub(super) struct ListQuery {
    sql: String,
    values: Vec<Value>,
}

impl ListQuery {
    /// `select` ends behind its table's name; `scope` is the first condition.
    pub(super) fn new(select: &str, scope: &str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: format!("{select} WHERE {scope}"), values: values.into_iter().collect() }
    }

    /// The objects of a tenant.
    pub(super) fn of_tenant(select: &str, tenant: &Tenant) -> Self {
        let values = [text(tenant.org_id.as_str()), text(tenant.mode.as_str())];
        Self::new(select, "org_id = ? AND mode = ?", values)
    }

    /// The objects of a tenant, to be found by another condition, which is narrower: the planner knows no
    /// sizes, and takes an index of the tenant's for as good as any.
    pub(super) fn within_tenant(select: &str, tenant: &Tenant) -> Self {
        let values = [text(tenant.org_id.as_str()), text(tenant.mode.as_str())];
        Self::new(select, "+org_id = ? AND +mode = ?", values)
    }

    /// Adds that an object is in this state: written out, so that an index of that state alone can serve.
    pub(super) fn status(&mut self, status: Option<&'static str>) {
        if let Some(status) = status {
            self.only(&format!("status = '{status}'"));
        }
    }

    /// Adds when an object was created: in `[after, before)`. Ids follow the clock, unless that was set
    /// back, so they bound what is looked at.
    pub(super) fn created<I: Id>(&mut self, after: Option<Timestamp>, before: Option<Timestamp>) {
        self.and("created_at >= ?", after.map(instant));
        self.and("created_at < ?", before.map(instant));
        let floor = |time| text(&id_floor::<I>(time));
        self.and("id >= ?", after.map(|after| floor(after.minus_ms(CLOCK_SET_BACK_MS_MAX))));
        self.and("id < ?", before.map(|before| floor(before.plus_ms(CLOCK_SET_BACK_MS_MAX))));
    }

    /// Adds a condition that takes no value.
    pub(super) fn only(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// Adds a condition with one `?` when there is a value for it.
    pub(super) fn and(&mut self, condition: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.only(condition);
            self.values.push(value);
        }
    }

    fn cut(&mut self, page: &PageRequest) {
        self.and("id < ?", page.after.as_deref().map(text));
        self.sql.push_str(" ORDER BY id DESC LIMIT ? OFFSET ?");
        self.values.push(Value::Integer(i64::from(page.limit) + 1));
        self.values.push(Value::Integer(i64::from(page.offset)));
    }

    /// How SQLite would look for a page.
    #[cfg(test)]
    pub(super) fn plan(mut self, db: &Connection) -> String {
        self.cut(&PageRequest::first(50));
        let values: Vec<&dyn ToSql> = self.values.iter().map(|value| value as &dyn ToSql).collect();
        plan_of(db, &self.sql, values.as_slice())
    }

    pub(super) fn page<T>(
        mut self,
        db: &Connection,
        page: &PageRequest,
        read: impl Fn(&mut Columns<'_, '_>) -> Result<T>,
    ) -> Result<Page<T>> {
        self.cut(page);
        let values: Vec<&dyn ToSql> = self.values.iter().map(|value| value as &dyn ToSql).collect();
        let mut items = all(db, &self.sql, values.as_slice(), read)?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        Ok(Page { items, has_more })
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn instant(time: Timestamp) -> Value {
    Value::Integer(time.unix_ms())
}
