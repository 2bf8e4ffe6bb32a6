//! Query strings: each route names its parameters once, and what it does not name is refused by name.
//!
//! [`query!`] makes the type that a handler takes, from parameters that know how to be read and how to
//! be described. One answer names everything that is wrong.

use std::marker::PhantomData;

use axum::http::request::Parts;
use docextract_model::audit::{Actor, AuditAction};
use docextract_model::delivery::DeliveryStatus;
use docextract_model::id::{EventId, Id, WebhookId};
use docextract_model::job::JobStatus;
use docextract_model::limits;
use docextract_model::time::Timestamp;
use docextract_store::commands::PageRequest;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::describe::Operation;
use super::error::{ErrorCode, Problems, Result};
use super::paging;

/// A type that a parameter may have.
pub(crate) trait Parameter: Sized {
    /// Completes "must be …".
    const EXPECTED: &'static str;
    /// What is answered to a value that cannot be one.
    const REFUSED: ErrorCode = ErrorCode::InvalidRequest;

    fn read(text: &str) -> Option<Self>;
    fn schema() -> Value;
}

/// Makes the type of a route's query string.
macro_rules! query {
    ($(#[$about:meta])* $name:ident { $($(#[doc = $doc:literal])* $parameter:ident: $kind:ty,)* }) => {
        $(#[$about])*
        pub(crate) struct $name {
            $(pub(super) $parameter: Option<$kind>,)*
        }

        impl<S: Send + Sync> axum::extract::FromRequestParts<S> for $name {
            type Rejection = $crate::api::error::ApiError;

            async fn from_request_parts(
                parts: &mut axum::http::request::Parts,
                _: &S,
            ) -> $crate::api::error::Result<Self> {
                let mut given = $crate::api::query::Given::of(parts);
                let query = Self { $($parameter: given.take(stringify!($parameter)),)* };
                given.finish()?;
                Ok(query)
            }
        }

        impl $crate::api::describe::Takes for $name {
            fn describe(operation: &mut $crate::api::describe::Operation) {
                operation.fails_with(&[$crate::api::error::ErrorCode::InvalidRequest]);
                $($crate::api::query::describe::<$kind>(
                    operation,
                    stringify!($parameter),
                    concat!($($doc),*).trim(),
                );)*
            }
        }
    };
}
pub(crate) use query;

pub(crate) fn describe<P: Parameter>(operation: &mut Operation, name: &str, about: &str) {
    operation.fails_with(&[P::REFUSED]);
    operation.parameters.push(json!({
        "name": name,
        "in": "query",
        "description": about,
        "schema": P::schema(),
    }));
}

/// The parameters that were given and not taken yet, and what was wrong with those that were.
pub(crate) struct Given {
    rest: Vec<(String, String)>,
    problems: Problems,
    refused: Option<ErrorCode>,
}

impl Given {
    pub(crate) fn of(parts: &Parts) -> Self {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()).into_owned();
        Self { rest: pairs.collect(), problems: Problems::default(), refused: None }
    }

    pub(crate) fn take<P: Parameter>(&mut self, name: &str) -> Option<P> {
        let index = self.rest.iter().position(|(key, _)| key == name)?;
        let (_, text) = self.rest.remove(index);
        let value = P::read(&text);
        if value.is_none() {
            if P::REFUSED != ErrorCode::InvalidRequest {
                self.refused = Some(P::REFUSED);
            }
            self.problems.push(name, format!("must be {}", P::EXPECTED));
        }
        value
    }

    /// Fails when something was wrong or is left over.
    pub(crate) fn finish(mut self) -> Result<()> {
        for (name, _) in std::mem::take(&mut self.rest) {
            self.problems.push(&name, "is not a parameter here, or stands twice");
        }
        match self.refused {
            Some(code) => Err(code.into()),
            None => self.problems.finish(),
        }
    }
}

/// The schema of a type, all in one place.
fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    schema.to_value()
}

macro_rules! parameters {
    ($($kind:ty: $expected:literal, $read:expr;)+) => {$(
        impl Parameter for $kind {
            const EXPECTED: &'static str = $expected;

            fn read(text: &str) -> Option<Self> {
                $read(text)
            }

            fn schema() -> Value {
                schema_of::<Self>()
            }
        }
    )+};
}

parameters! {
    WebhookId: "a webhook's id", |text| Self::parse(text).ok();
    EventId: "an event's id", |text| Self::parse(text).ok();
    JobStatus: "queued, processing, completed or failed", Self::parse;
    DeliveryStatus: "pending, delivered, failed or skipped", Self::parse;
    Timestamp: "an RFC 3339 time such as 2024-11-23T10:00:00Z", Self::parse;
    Actor: "the id of a user or a key, or command_line, system or nobody", Self::parse;
    AuditAction: "an action such as key.created", Self::parse;
    String: "a text", |text: &str| Some(text.to_owned());
}

/// Objects on one page.
pub(crate) struct Limit(pub(crate) u32);

impl Parameter for Limit {
    const EXPECTED: &'static str = "a whole number from 1 to 100";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|limit| (1..=limits::PAGE_LIMIT_MAX).contains(limit)).map(Self)
    }

    fn schema() -> Value {
        json!({
            "type": "integer",
            "minimum": 1,
            "maximum": limits::PAGE_LIMIT_MAX,
            "default": limits::PAGE_LIMIT_DEFAULT,
        })
    }
}

/// Where a page of objects with ids of kind `I` begins.
pub(crate) struct Cursor<I> {
    after: String,
    kind: PhantomData<I>,
}

impl<I: Id> Parameter for Cursor<I> {
    const EXPECTED: &'static str = "a cursor that this list gave out";
    const REFUSED: ErrorCode = ErrorCode::InvalidCursor;

    fn read(text: &str) -> Option<Self> {
        paging::read_cursor::<I>(text).map(|after| Self { after, kind: PhantomData })
    }

    fn schema() -> Value {
        json!({"type": "string", "format": format!("{}cursor", I::PREFIX)})
    }
}

/// The page that was asked for.
pub(crate) fn page<I>(limit: Option<Limit>, cursor: Option<Cursor<I>>) -> PageRequest {
    let limit = limit.map_or(limits::PAGE_LIMIT_DEFAULT, |limit| limit.0);
    PageRequest { limit, after: cursor.map(|cursor| cursor.after), offset: 0 }
}
