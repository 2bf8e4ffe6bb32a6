//! The page that `documentation_url` points at, made from the two tables of codes.

use std::fmt::Write as _;

use docextract_model::failure::FailureCode;

use super::error::ErrorCode;
use crate::html::{Page, escape, page};

pub(crate) async fn show() -> Page {
    let mut body = String::from(
        "<p>Every error of the API is <code>{\"error\": {\"code\", \"message\", \"suggestion\", \"status\", \
         \"request_id\", \"documentation_url\"}}</code>. Branch on <code>code</code>; quote \
         <code>request_id</code> to whoever runs the server.</p>\n",
    );
    for code in ErrorCode::ALL {
        let row = code.row();
        section(&mut body, row.code, row.code, row.status.as_str(), row.message, row.suggestion);
    }
    body.push_str("<h2>Why a job failed</h2><p>The codes in a failed job's <code>error_details</code>. A failed job costs 0 credits.</p>\n");
    for code in FailureCode::ALL {
        let anchor = format!("job-{}", code.as_str());
        section(&mut body, &anchor, code.as_str(), "job", code.message(), code.suggestion());
    }
    page("Errors", &body, None)
}

fn section(body: &mut String, anchor: &str, code: &str, status: &str, message: &str, suggestion: &str) {
    let (message, suggestion) = (escape(message), escape(suggestion));
    // Writing to a String cannot fail.
    let _ = writeln!(
        body,
        "<section id=\"{anchor}\"><h2><a href=\"#{anchor}\"><code>{code}</code></a> \
         <span class=\"quiet\">{status}</span></h2><p>{message}</p><p>{suggestion}</p></section>"
    );
}
