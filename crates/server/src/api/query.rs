//! Query strings: each parameter is taken by name, and what nobody took is refused by name.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use docextract_model::id::Id;
use docextract_model::time::Timestamp;
use docextract_store::commands::PageRequest;
use url::form_urlencoded;

use super::error::{ErrorCode, Problems, Result};
use super::paging;

/// The parameters that were not taken yet, and what was wrong with those that were.
#[derive(Debug, Default)]
pub(crate) struct Query {
    rest: Vec<(String, String)>,
    problems: Problems,
    bad_cursor: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()).into_owned();
        Ok(Self { rest: pairs.collect(), ..Self::default() })
    }
}

impl Query {
    /// Takes a parameter as text. An empty one counts as not given.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let index = self.rest.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.rest.remove(index);
        (!value.is_empty()).then_some(value)
    }

    /// Takes a parameter that `parse` understands; `expected` completes "must be …".
    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.problems.push(name, format!("must be {expected}"));
        }
        value
    }

    pub(crate) fn time(&mut self, name: &str) -> Option<Timestamp> {
        self.parsed(name, "an RFC 3339 time such as 2024-11-23T10:00:00Z", Timestamp::parse)
    }

    /// Takes `limit` and `cursor` of a list whose objects have ids of kind `I`.
    pub(crate) fn page<I: Id>(&mut self) -> PageRequest {
        let limit = self.parsed("limit", paging::LIMIT_EXPECTED, paging::parse_limit);
        let cursor = self.text("cursor");
        let after = cursor.as_deref().and_then(paging::read_cursor::<I>);
        self.bad_cursor |= cursor.is_some() && after.is_none();
        PageRequest { limit: limit.unwrap_or(paging::LIMIT_DEFAULT), after, offset: 0 }
    }

    pub(crate) fn problem(&mut self, name: &str, problem: impl Into<String>) {
        self.problems.push(name, problem);
    }

    /// Fails when something was wrong or is left over.
    pub(crate) fn finish(mut self) -> Result<()> {
        for (name, _) in std::mem::take(&mut self.rest) {
            self.problems.push(&name, "is not a parameter here, or stands twice");
        }
        if self.bad_cursor {
            return Err(ErrorCode::InvalidCursor.into());
        }
        self.problems.finish()
    }
}
