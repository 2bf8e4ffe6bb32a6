//! What a browser shows at `/`: that the server runs, and where to go from here.

use std::sync::Arc;

use axum::extract::State;

use super::app::App;
use crate::html::{Page, escape, page};
use crate::setup::INBOX_PATH;

pub(crate) async fn show(State(app): State<Arc<App>>) -> Page {
    let base = escape(&app.base_url);
    let inbox = if app.inbox.is_some() {
        format!("<p><a href=\"{INBOX_PATH}\">The inbox</a> shows the webhooks that reached it.</p>")
    } else {
        String::new()
    };
    let body = format!(
        "<p>DocExtract {version} runs here. Its API begins at <code>{base}/v1</code> and takes a key, which \
         <code>docextract keys create --mode live --scopes all</code> makes.</p>\
         <pre>curl -sS '{base}/v1/documents?wait=30s' -H \"Authorization: Bearer $KEY\" \\\n  \
         -F extractor_id=invoice -F file=@invoice.pdf</pre>{inbox}\
         <p><a href=\"/sign-in\">Sign in</a>. <a href=\"/docs\">Every route</a>, and <a href=\"/docs/errors\">every error code</a> with what to do \
         about it.</p>",
        version = env!("CARGO_PKG_VERSION"),
    );
    page("DocExtract", &body, None)
}
