//! An inbox for webhooks, so that a first try needs no receiver of one's own.
//!
//! It does what a good receiver does: it checks both signatures over the raw body and answers 204. It
//! keeps the last requests in memory, and nothing of it survives the process.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use docextract_model::signature::{verify_hex, verify_standard};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::webhook::Secret;
use serde::Serialize;

use crate::api::app::App;
use crate::api::body::{BODY_BYTES_MAX, read_up_to};
use crate::api::error::{ErrorCode, Result};
use crate::html::{Page, escape, page};
use crate::setup::INBOX_PATH;

/// The same as JSON.
pub(crate) const JSON_PATH: &str = "/dev/inbox.json";

/// Requests that are kept.
const KEPT_MAX: usize = 200;
/// Requests that the page shows.
const SHOWN_MAX: usize = 50;
const REFRESH_SECONDS: u32 = 2;

/// One request that came in.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Received {
    received_at: Timestamp,
    event: String,
    event_id: String,
    delivery_id: String,
    attempt: String,
    /// Both signatures fit the body.
    verified: bool,
    hex_signature_verified: bool,
    standard_signature_verified: bool,
    body: String,
}

#[derive(Debug, Default)]
pub(crate) struct Inbox {
    /// The newest first.
    received: Mutex<VecDeque<Received>>,
}

impl Inbox {
    fn push(&self, received: Received) {
        let mut kept = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front(received);
        kept.truncate(KEPT_MAX);
    }

    fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

fn inbox(app: &App) -> Result<&Inbox> {
    app.inbox.as_ref().ok_or_else(|| ErrorCode::RouteNotFound.into())
}

pub(crate) async fn receive(State(app): State<Arc<App>>, request: Request) -> Result<StatusCode> {
    let (parts, body) = request.into_parts();
    let body = read_up_to(&parts.headers, body, BODY_BYTES_MAX, ErrorCode::RequestTooLarge).await?;
    let text = |name: &str| text_of(&parts.headers, name);
    let secrets = secrets_of(&app, &parts.headers).await?;
    let hex = text("x-docextract-signature");
    let standard = text("webhook-signature");
    let sent_at = text("webhook-timestamp")
        .parse()
        .map_or(Timestamp::default(), |seconds: i64| Timestamp::from_unix_ms(seconds.saturating_mul(1000)));
    let event_id = text("webhook-id");
    let hex_fits = secrets.iter().any(|secret| verify_hex(secret, &body, &hex));
    let standard_fits =
        secrets.iter().any(|secret| verify_standard(secret, &event_id, sent_at, &body, &standard));
    inbox(&app)?.push(Received {
        received_at: app.ambient.now(),
        event: text("x-docextract-event"),
        event_id,
        delivery_id: text("x-docextract-delivery"),
        attempt: text("x-docextract-attempt"),
        verified: hex_fits && standard_fits,
        hex_signature_verified: hex_fits,
        standard_signature_verified: standard_fits,
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    Ok(StatusCode::NO_CONTENT)
}

fn text_of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

/// The secrets of every webhook that has the URL under which this request came in.
async fn secrets_of(app: &Arc<App>, headers: &HeaderMap) -> Result<Vec<Secret>> {
    let url = format!("http://{}{INBOX_PATH}", text_of(headers, header::HOST.as_str()));
    let now = app.ambient.now();
    let mut secrets = Vec::new();
    for organisation in app.store.organisations().await? {
        for mode in Mode::ALL {
            let tenant = Tenant { org_id: organisation.id.clone(), mode };
            if let Some(webhook) = app.store.webhook_by_url(&tenant, &url).await? {
                secrets.extend(webhook.live_secrets(now));
            }
        }
    }
    Ok(secrets)
}

pub(crate) async fn show_json(State(app): State<Arc<App>>) -> Result<Json<Vec<Received>>> {
    Ok(Json(inbox(&app)?.all()))
}

pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Page> {
    let received = inbox(&app)?.all();
    let mut body = format!(
        "<p class=\"quiet\">Webhooks that were sent to <code>{}{INBOX_PATH}</code>, newest first. \
         This page loads itself again every {REFRESH_SECONDS} seconds; \
         <a href=\"{JSON_PATH}\">the same as JSON</a>.</p>\n",
        escape(&app.base_url)
    );
    if received.is_empty() {
        body.push_str("<p>Nothing has come in yet: submit a document.</p>");
    }
    for each in received.iter().take(SHOWN_MAX) {
        show_one(&mut body, each);
    }
    Ok(page("Webhook inbox", &body, Some(REFRESH_SECONDS)))
}

fn show_one(body: &mut String, received: &Received) {
    let verdict = if received.verified {
        "<span class=\"ok\">✓ both signatures verified</span>"
    } else {
        match (received.hex_signature_verified, received.standard_signature_verified) {
            (true, false) => "<span class=\"bad\">✗ webhook-signature does not match</span>",
            (false, true) => "<span class=\"bad\">✗ X-DocExtract-Signature does not match</span>",
            (false | true, _) => "<span class=\"bad\">✗ not signed by a registered webhook</span>",
        }
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        body,
        "<article><h2>{} {verdict}</h2><p class=\"quiet\">{} · delivery <code>{}</code> · attempt {} · \
         event <code>{}</code></p><pre>{}</pre></article>",
        escape(&received.event),
        received.received_at.to_rfc3339(),
        escape(&received.delivery_id),
        escape(&received.attempt),
        escape(&received.event_id),
        escape(&pretty(&received.body)),
    );
}

fn pretty(body: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(body);
    value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| body.to_owned())
}
