//! The few plain pages that the server makes itself: a frame, a style, and escaping.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Text made safe inside an element or a quoted attribute.
#[must_use]
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
color:#1c2430;background:#fff}code,pre{font-family:ui-monospace,monospace;font-size:.875rem}\
pre{background:#f3f5f8;padding:.75rem;overflow-x:auto;border-radius:.375rem}\
section,article{border-top:1px solid #d5dbe3;padding:.5rem 0 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem}\
.ok{color:#0b6b3a}.bad{color:#a1162b}.quiet{color:#5a6573}:target{background:#fff7d6}\
@media(prefers-color-scheme:dark){body{color:#e4e8ee;background:#12161c}pre{background:#1c222b}\
section,article{border-color:#323b47}.ok{color:#5fd39a}.bad{color:#ff8a9a}.quiet{color:#9aa5b4}\
:target{background:#3a3413}}";

/// Nothing is loaded and no script runs; the one style is known by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
});
/// A page as it is answered.
pub(crate) struct Page(Response);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        self.0
    }
}

/// A whole page. `refresh_seconds` makes the browser load it again and again, without any script.
pub(crate) fn page(title: &str, body: &str, refresh_seconds: Option<u32>) -> Page {
    let mut refresh = String::new();
    if let Some(seconds) = refresh_seconds {
        // Writing to a String cannot fail.
        let _ = write!(refresh, "<meta http-equiv=\"refresh\" content=\"{seconds}\">");
    }
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">{refresh}\
         <title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>\n{body}\n</main></body></html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
    ];
    Page((headers, html).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_allows_its_own_style_and_nothing_else() {
        let response = page("Title", "", None);
        let policy = response.0.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("style-src 'sha256-") && policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
