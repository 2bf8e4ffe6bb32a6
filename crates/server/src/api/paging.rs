//! Lists: `{"data": […], "pagination": {…}}`, newest first, behind an opaque cursor.

use axum::Json;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use docextract_model::id::Id;
use docextract_store::commands::Page;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(crate) struct List<T> {
    data: Vec<T>,
    pagination: Pagination,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Pagination {
    limit: u32,
    has_more: bool,
    next_cursor: Option<String>,
}

/// The answer to a list request: each object as `view` shows it, and a cursor made from the last id.
pub(crate) fn list<T, V>(
    page: Page<T>,
    limit: u32,
    id: impl Fn(&T) -> &str,
    view: impl Fn(T) -> V,
) -> Json<List<V>> {
    let last = page.items.last().filter(|_| page.has_more);
    let next_cursor = last.map(|last| URL_SAFE_NO_PAD.encode(id(last)));
    let pagination = Pagination { limit, has_more: page.has_more, next_cursor };
    Json(List { data: page.items.into_iter().map(view).collect(), pagination })
}

/// The id inside a cursor, if it is one of kind `I`.
pub(crate) fn read_cursor<I: Id>(cursor: &str) -> Option<String> {
    let id = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let digits = id.strip_prefix(I::PREFIX)?;
    let fits = (1..=64).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docextract_model::id::{JobId, WebhookId};

    #[test]
    fn a_cursor_reads_back_for_its_own_kind_only() {
        let page = Page { items: vec!["job_0a", "job_09"], has_more: true };
        let Json(list) = list(page, 2, |id| id, |id| id);
        let cursor = list.pagination.next_cursor.unwrap();
        assert_eq!(read_cursor::<JobId>(&cursor).as_deref(), Some("job_09"));
        assert_eq!(read_cursor::<WebhookId>(&cursor), None);
        assert_eq!(read_cursor::<JobId>("job_09"), None);
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let Json(list) = list(Page { items: vec!["job_0a"], has_more: false }, 2, |id| id, |id| id);
        assert_eq!(
            serde_json::to_string(&list).unwrap(),
            r#"{"data":["job_0a"],"pagination":{"limit":2,"has_more":false,"next_cursor":null}}"#
        );
    }
}
