//! The page at `/docs`: every route, from the table that the router is made from.

use std::fmt::Write as _;

use axum::response::Response;

use super::routes::{Access, routes};
use crate::html::{escape, page};

pub(crate) async fn show() -> Response {
    let mut body = String::from("<p><a href=\"/docs/errors\">Every error code</a>.</p>\n");
    for route in routes() {
        let access = match route.access {
            Access::Public | Access::SignIn => "no key",
            Access::Session => "a session",
            Access::Key(scope) => scope.as_str(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            body,
            "<section id=\"{name}\"><h2><a href=\"#{name}\"><code>{method} {path}</code></a> \
             <span class=\"quiet\">{access}</span></h2><p>{summary}</p></section>",
            name = route.name,
            method = route.method,
            path = escape(route.path),
            summary = escape(route.summary),
        );
    }
    page("API", &body, None)
}
