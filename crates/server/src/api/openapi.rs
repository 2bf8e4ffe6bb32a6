//! The API's description, OpenAPI 3.1: made from the table of routes, what the handlers' types say of
//! themselves, the table of errors and the events' types.
//!
//! The same document is served at `/openapi.json`, printed by `docextract openapi`, shown at `/docs` and
//! committed as `openapi.json`. It names no server of its own: its paths are relative to where it is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use docextract_model::event::data_schemas;
use docextract_model::limits;
use serde_json::{Map, Value, json};

use super::describe::{Answer, Answers, Operation, Schemas};
use super::envelope::Envelope;
use super::error::ErrorCode;
use super::examples;
use super::routes::{Access, Route, routes};

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// The description.
pub(crate) fn description() -> &'static Value {
    &DOCUMENT
}

/// As it is committed and served.
pub(crate) fn text() -> String {
    // A JSON value always serialises: there is no error to report.
    let mut text = serde_json::to_string_pretty(description()).unwrap_or_default();
    text.push('\n');
    text
}

/// The description as an answer.
pub(crate) struct Served;

impl IntoResponse for Served {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], text()).into_response()
    }
}

impl Answers for Served {
    fn describe(operation: &mut Operation) {
        let content = Some(("application/json", json!({"type": "object"})));
        operation.answers.push(Answer { status: StatusCode::OK, about: "This document.", content });
    }
}

pub(crate) async fn show() -> Served {
    Served
}

/// The groups in which the routes are shown, by how their paths begin.
const TAGS: [(&str, &str, &str); 13] = [
    (
        "/v1/documents",
        "Documents",
        "A submitted document is a job: queued, processing, then completed or failed.",
    ),
    ("/v1/extractors", "Extractors", "What is read from documents."),
    ("/v1/webhooks", "Webhooks", "Where events are sent, and what became of it."),
    ("/v1/replays", "Webhooks", ""),
    ("/v1/events", "Events and deliveries", "What happened, and the log of what was sent."),
    ("/v1/deliveries", "Events and deliveries", ""),
    ("/v1/credits", "Credits", "The balance and its ledger."),
    ("/v1/keys", "API keys", "Shown once, kept as a hash."),
    ("/v1/members", "People", "Who belongs to the organisation, and who did what."),
    ("/v1/invitations", "People", ""),
    ("/v1/audit-log", "People", ""),
    ("/v1/session", "Sessions", "Signing in and out, and one's own account."),
    ("/v1/me", "Sessions", ""),
];
const TAG_SERVER: (&str, &str, &str) = ("/", "Server", "Without a key.");

fn tag(path: &str) -> &'static str {
    let found = TAGS.iter().find(|(begins, ..)| path.starts_with(begins));
    found.map_or(TAG_SERVER.1, |(_, name, _)| name)
}

const ABOUT: &str = "Documents in, structured fields out, and signed, retried, logged webhooks.\n\n\
Send `Authorization: Bearer sk_live_…` or `sk_test_…`; what a test key makes is apart from what a live key makes. \
Every answer has `X-Request-Id` and the three `X-RateLimit-*`; every error has the schema `Error`, and its \
`documentation_url` says what to do. Unknown fields and parameters are refused by name. Send an \
`Idempotency-Key` with a POST that takes one, and it is done once however often it is sent within 24 hours. Lists are newest \
first: pass `pagination.next_cursor` as `cursor` for the next page.";

fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut responses = BTreeMap::new();
    for route in routes() {
        let method = route.method.as_str().to_ascii_lowercase();
        if let Some(described) = operation(&route, &mut schemas, &mut responses) {
            paths.entry(route.path).or_default().insert(method, described);
        }
    }
    schemas.answered::<Envelope>();
    let webhooks = webhooks(&mut schemas);
    let error = |code: &ErrorCode| (code.row().code.to_owned(), json!({"value": examples::error(*code)}));
    let errors: Map<String, Value> = ErrorCode::ALL.iter().map(error).collect();
    let mut tags: Vec<Value> = Vec::new();
    for (_, name, about) in TAGS.iter().chain([&TAG_SERVER]).filter(|(.., about)| !about.is_empty()) {
        tags.push(json!({"name": name, "description": about}));
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "DocExtract",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": tags,
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "securitySchemes": {
                "api_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key: `sk_live_…` or `sk_test_…`.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": crate::cookie::name(true),
                    "description": "The cookie that signing in gives. What changes something must come from a \
                                    page of this server's.",
                },
            },
            "headers": headers(),
            "examples": errors,
            "responses": responses,
            "schemas": {},
        },
    });
    schemas.write_into(&mut document);
    examples::write_into(&mut document);
    document
}

/// Answers with errors, by a name that is made of their codes: most routes share most of them.
type Responses = BTreeMap<String, Value>;

/// The headers that answers have, each said once.
fn headers() -> Value {
    let number = |about: &str| json!({"description": about, "schema": {"type": "integer", "minimum": 0}});
    json!({
        "X-Request-Id": {
            "description": "What to quote to whoever runs the server.",
            "schema": {"type": "string", "pattern": "^req_[0-9A-Za-z]{1,64}$"},
        },
        "X-RateLimit-Limit": number("Requests that the plan allows in the present window."),
        "X-RateLimit-Remaining": number("Requests that are left of it."),
        "X-RateLimit-Reset": number("When the window ends, in Unix seconds."),
        "Retry-After": number("After how many seconds to send the request again."),
        "Idempotent-Replayed": {
            "description": "The answer is that of an earlier request with the same Idempotency-Key.",
            "schema": {"type": "string", "const": "true"},
        },
        "WWW-Authenticate": {
            "description": "How to authenticate.",
            "schema": {"type": "string", "const": "Bearer"},
        },
    })
}

fn header_references(names: &[&str]) -> Map<String, Value> {
    let always = ["X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];
    let references = always.iter().chain(names);
    references
        .map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect()
}

fn operation(route: &Route, schemas: &mut Schemas, shared: &mut Responses) -> Option<Value> {
    let mut operation = route.described(schemas)?;
    if route.takes_idempotency_key() {
        operation.parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key and request within 24 hours gives the first answer again.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": limits::IDEMPOTENCY_KEY_CHARS_MAX,
                "pattern": "^[!-~]([ -~]*[!-~])?$",
            },
        }));
    }
    let mut described = json!({
        "operationId": route.name,
        "summary": route.summary,
        "tags": [tag(route.path)],
    });
    match route.access {
        Access::Public | Access::SignIn => described["security"] = json!([]),
        Access::Session => {
            described["security"] = json!([{"session": []}]);
            described["description"] = json!("Needs a session: an API key is nobody's.");
        }
        Access::Key(scope) => {
            described["security"] = json!([{"api_key": []}, {"session": []}]);
            described["description"] = json!(format!("Needs the scope `{}`.", scope.as_str()));
            described["x-scope"] = json!(scope.as_str());
        }
    }
    if !operation.parameters.is_empty() {
        described["parameters"] = Value::Array(std::mem::take(&mut operation.parameters));
    }
    if !operation.body.is_empty() {
        let content = std::mem::take(&mut operation.body);
        described["requestBody"] = json!({"required": operation.is_body_required, "content": content});
    }
    described["responses"] = Value::Object(responses(route, &operation, shared));
    Some(described)
}

fn responses(route: &Route, operation: &Operation, shared: &mut Responses) -> Map<String, Value> {
    let mut responses = Map::new();
    let is_repeatable = route.takes_idempotency_key();
    for answer in &operation.answers {
        let replayed: &[&str] = if is_repeatable { &["Idempotent-Replayed"] } else { &[] };
        let mut response = json!({"description": answer.about, "headers": header_references(replayed)});
        if let Some((media_type, schema)) = &answer.content {
            response["content"] = json!({*media_type: {"schema": schema}});
        }
        responses.insert(answer.status.as_str().to_owned(), response);
    }
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in &operation.errors {
        by_status.entry(code.row().status.as_u16()).or_default().push(*code);
    }
    for (status, codes) in by_status {
        let names: Vec<&str> = codes.iter().map(|code| code.row().code).collect();
        // What was not let in, and what failed, is not kept.
        let is_kept = is_repeatable && status < 500 && !matches!(status, 401 | 403 | 429);
        let name = format!("{status}.{}{}", names.join("."), if is_kept { ".replayed" } else { "" });
        responses.insert(status.to_string(), json!({"$ref": format!("#/components/responses/{name}")}));
        shared.entry(name).or_insert_with(|| error_response(status, &codes, is_kept));
    }
    responses
}

/// An answer with one of these errors: the schema of all errors, and which codes it can be.
fn error_response(status: u16, codes: &[ErrorCode], is_kept: bool) -> Value {
    let names: Vec<&str> = codes.iter().map(|code| code.row().code).collect();
    let lines: Vec<String> =
        codes.iter().map(|code| format!("- `{}`: {}", code.row().code, code.row().message)).collect();
    let mut headers: Vec<&str> = Vec::new();
    if matches!(status, 429 | 503) || codes.contains(&ErrorCode::IdempotencyInProgress) {
        headers.push("Retry-After");
    }
    if status == 401 {
        headers.push("WWW-Authenticate");
    }
    if is_kept {
        headers.push("Idempotent-Replayed");
    }
    let mut shown = Map::new();
    for code in codes {
        let name = code.row().code;
        shown.insert(name.to_owned(), json!({"$ref": format!("#/components/examples/{name}")}));
    }
    json!({
        "description": lines.join("\n"),
        "headers": header_references(&headers),
        "content": {"application/json": {
            "schema": {
                "allOf": [{"$ref": "#/components/schemas/Error"}],
                "properties": {"error": {"properties": {"code": {"enum": names}}}},
            },
            "examples": shown,
        }},
    })
}

/// What the server sends to a webhook.
fn webhooks(schemas: &mut Schemas) -> Value {
    let mut webhooks = Map::new();
    for (event, data) in data_schemas(schemas.generator()) {
        let body = json!({
            "type": "object",
            "required": ["event", "data"],
            "additionalProperties": false,
            "properties": {"event": {"const": event}, "data": data},
        });
        webhooks.insert(
            event.to_owned(),
            json!({"post": {
                "operationId": format!("on_{}", event.replace('.', "_")),
                "summary": summary_of(event),
                "tags": ["Webhooks"],
                "security": [],
                "parameters": sent_headers(),
                "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
                "responses": {
                    "2XX": {"description": "It was received. It must be complete within 5 seconds."},
                    "410": {"description": "Nothing is wanted here any more: the webhook is disabled."},
                    "default": {"description": "It failed, and is sent again: six attempts within 1 h 12 min 35 s."},
                },
            }}),
        );
    }
    Value::Object(webhooks)
}

fn summary_of(event: &str) -> &'static str {
    match event {
        "job.completed" => "A document was read",
        "job.failed" => "A document could not be read",
        "credits.low_balance" => "The balance fell below the threshold",
        "credits.depleted" => "The balance cannot pay for the next document",
        "webhook.test" => "A test was asked for",
        _ => "Another webhook was disabled by what its endpoint did; only to webhooks that name this type",
    }
}

fn sent_headers() -> Vec<Value> {
    let header = |name: &str, about: &str| json!({"name": name, "in": "header", "required": true, "description": about, "schema": {"type": "string"}});
    vec![
        header(
            "X-DocExtract-Signature",
            "HMAC-SHA256 of the raw body in lowercase hex, keyed with the secret's own bytes.",
        ),
        header("X-DocExtract-Event", "The event's type."),
        header("X-DocExtract-Delivery", "The delivery's id."),
        header("X-DocExtract-Attempt", "1 for the first attempt."),
        header("webhook-id", "The event's id: the same on every retry and replay."),
        header("webhook-timestamp", "When it was sent, in Unix seconds."),
        header(
            "webhook-signature",
            "`v1,` and a signature in base64, as Standard Webhooks have it; one per live secret.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::*;

    /// Every reference of the document, and every operation.
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                    found.push(reference.to_owned());
                }
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = description();
        let mut found = Vec::new();
        references(document, &mut found);
        assert!(found.len() > 100, "{}", found.len());
        for reference in found {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_route_is_described_with_what_it_answers() {
        for route in routes() {
            let method = route.method.as_str().to_ascii_lowercase();
            if route.path == "/sign-in" {
                assert!(description()["paths"].get(route.path).is_none(), "a form is for browsers");
                continue;
            }
            let operation = &description()["paths"][route.path][&method];
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{} {}", method, route.path);
            assert!(responses.contains_key("500"), "{} {}", method, route.path);
            let has_body = matches!(route.method, Method::POST | Method::PATCH);
            let has_none =
                ["enable", "replay_delivery", "cancel"].iter().any(|word| route.name.contains(word));
            assert_eq!(
                operation.get("requestBody").is_some(),
                has_body && !has_none,
                "{} {}",
                method,
                route.path
            );
        }
    }

    #[test]
    fn the_committed_document_is_the_one_that_is_served() {
        let committed = include_str!("../../../../openapi.json");
        assert!(
            committed == text(),
            "openapi.json is not what the code says: cargo run -p docextract-server -- openapi > openapi.json"
        );
    }
}
