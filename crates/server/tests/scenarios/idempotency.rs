//! `Idempotency-Key`: what is sent again is answered again, and done once.

use docextract_model::event::Event;
use docextract_model::id::{EventId, OrgId, TransactionId};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_server::data_dir::DataDir;
use docextract_server::secrets::Secrets;
use docextract_store::Store as _;
use docextract_store::commands::{
    BeginRequest, BeginRequestOutcome, EndRequest, GrantCredits, Lease, PublishEvent, RequestEnd,
};
use docextract_store::sqlite::SqliteStore;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{NOW, Server, answer, code, message, text};

async fn send(server: &Server, api_key: &str, key: &str, path: &str, body: &Value) -> Response {
    let request = server.request(Method::POST, path).bearer_auth(api_key).header("Idempotency-Key", key);
    request.json(body).send().await.unwrap()
}

async fn post(server: &Server, key: &str, path: &str, body: Value) -> (u16, Value) {
    answer(send(server, &server.live, key, path, &body).await).await
}

/// The answer, and whether it was the first one again.
async fn told(response: Response) -> (bool, (u16, Value)) {
    let is_replayed = response.headers().get("idempotent-replayed").is_some_and(|value| value == "true");
    (is_replayed, answer(response).await)
}

async fn balance(server: &Server) -> u64 {
    server.get("/v1/credits").await.1["balance"].as_u64().unwrap()
}

#[tokio::test]
async fn the_same_request_is_done_once_and_answered_as_the_first_time() {
    let server = Server::start().await;
    let body = json!({"amount": 5});
    let grant = async |server: &Server| {
        told(send(server, &server.live, "grant 1", "/v1/credits/grants", &body).await).await
    };
    let (is_replayed, first) = grant(&server).await;
    assert_eq!((is_replayed, first.0), (false, 201), "{first:?}");
    assert_eq!(grant(&server).await, (true, first.clone()));
    assert_eq!(balance(&server).await, 1_005);
    let server = server.restart().await;
    assert_eq!(grant(&server).await, (true, first.clone()), "kept across a restart");
    server.clock.advance_ms(24 * 60 * 60 * 1000 + 1);
    let (is_replayed, later) = grant(&server).await;
    assert!(!is_replayed && later.1["id"] != first.1["id"], "forgotten after a day");
    assert_eq!(balance(&server).await, 1_010);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_a_conflict() {
    let server = Server::start().await;
    assert_eq!(post(&server, "k", "/v1/credits/grants", json!({"amount": 5})).await.0, 201);
    for (path, body) in [
        ("/v1/credits/grants", json!({"amount": 6})),
        ("/v1/events", json!({"amount": 5})),
        ("/v1/credits/grants?x=1", json!({"amount": 5})),
    ] {
        assert_eq!(code(&post(&server, "k", path, body).await), "409 idempotency_conflict");
    }
    assert_eq!(balance(&server).await, 1_005);
}

#[tokio::test]
async fn an_error_is_kept_too_and_names_its_own_request() {
    let server = Server::start().await;
    let body = json!({"amount": 0});
    let path = "/v1/credits/grants";
    let (_, first) = told(send(&server, &server.live, "k", path, &body).await).await;
    let (is_replayed, second) = told(send(&server, &server.live, "k", path, &body).await).await;
    assert!(is_replayed);
    assert_eq!((code(&first), message(&first)), (code(&second), message(&second)));
    assert_ne!(first.1["error"]["request_id"], second.1["error"]["request_id"]);
}

#[tokio::test]
async fn keys_are_apart_by_mode_and_only_those_who_may_ask_are_answered() {
    let server = Server::start().await;
    let (test, reader) = (
        server.key("test", json!(["webhooks:write"])).await,
        server.key("live", json!(["webhooks:read"])).await,
    );
    let body = json!({"event": "order.paid", "data": {}});
    // One that may not do it leaves nothing behind.
    let refused = answer(send(&server, &reader, "k", "/v1/events", &json!({})).await).await;
    assert_eq!(code(&refused), "403 insufficient_scope");
    let first = post(&server, "k", "/v1/events", body.clone()).await;
    assert_eq!(first.0, 202);
    let (is_replayed, other) = told(send(&server, &test, "k", "/v1/events", &body).await).await;
    assert!(!is_replayed && other.1["id"] != first.1["id"]);
    let refused = answer(send(&server, &reader, "k", "/v1/events", &body).await).await;
    assert_eq!(code(&refused), "403 insufficient_scope");
    let unknown = answer(send(&server, "sk_live_x", "k", "/v1/events", &body).await).await;
    assert_eq!(code(&unknown), "401 invalid_api_key");
}

#[tokio::test]
async fn a_key_that_cannot_be_used_is_named() {
    let server = Server::start().await;
    for key in ["", "a\tb", &"k".repeat(256)] {
        let refused = post(&server, key, "/v1/credits/grants", json!({"amount": 5})).await;
        assert_eq!(code(&refused), "422 invalid_request");
        assert!(message(&refused).starts_with("Idempotency-Key must"), "{refused:?}");
    }
    assert_eq!(balance(&server).await, 1_000);
}

#[tokio::test]
async fn an_api_keys_text_is_not_kept() {
    let server = Server::start().await;
    let body = json!({"mode": "test", "scopes": ["documents:read"]});
    let first = post(&server, "k", "/v1/keys", body.clone()).await;
    let (is_replayed, again) = told(send(&server, &server.live, "k", "/v1/keys", &body).await).await;
    assert!(is_replayed && first.1["key"].is_string());
    assert_eq!((&again.1["id"], &again.1["key"]), (&first.1["id"], &Value::Null));
}

/// A form whose boundary is another one each time.
async fn upload(server: &Server, document: &str, is_file_first: bool) -> (bool, (u16, Value)) {
    let file = Part::text(document.to_owned()).file_name("a.pdf").mime_str("application/pdf").unwrap();
    let form = if is_file_first {
        Form::new().part("file", file).text("extractor_id", "invoice")
    } else {
        Form::new().text("extractor_id", "invoice").part("file", file)
    };
    let request = server.request(Method::POST, "/v1/documents?wait=30s").bearer_auth(&server.live);
    told(request.header("Idempotency-Key", "upload").multipart(form).send().await.unwrap()).await
}

#[tokio::test]
async fn an_upload_is_the_same_whatever_its_boundary() {
    let server = Server::start().await;
    let (_, first) = upload(&server, "one", true).await;
    assert_eq!(first.1["status"], "completed");
    assert_eq!(upload(&server, "one", false).await, (true, first));
    assert_eq!(code(&upload(&server, "two", true).await.1), "409 idempotency_conflict");
    assert_eq!(server.get("/v1/documents").await.1["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn of_many_at_once_one_is_done() {
    let server = Server::start().await;
    let many = (0..20).map(|_| post(&server, "k", "/v1/credits/grants", json!({"amount": 5})));
    let answers = futures_util::future::join_all(many).await;
    let done: Vec<_> = answers.iter().filter(|answer| answer.0 == 201).collect();
    assert!(!done.is_empty() && done.iter().all(|answer| answer.1 == done[0].1));
    for other in answers.iter().filter(|answer| answer.0 != 201) {
        assert_eq!(code(other), "409 idempotency_in_progress");
    }
    assert_eq!(balance(&server).await, 1_005);
}

/// The state in which a process leaves the store that is killed between an effect and its answer: the
/// request is begun, its object is there under the reserved id, and no answer is.
struct Killed {
    store: SqliteStore,
    tenant: Tenant,
    reserved: &'static str,
}

impl Killed {
    const LEASE: &'static str = "of the killed process";

    async fn begin(server: &Server, key: &str, path: &str, body: &Value, reserved: &'static str) -> Self {
        let (store, _) = DataDir::open(server.folder.path()).unwrap().store(&Secrets::default()).unwrap();
        let org_id = OrgId::parse(&text(&server.get("/v1/extractors").await.1["data"][0]["org_id"])).unwrap();
        let tenant = Tenant { org_id, mode: Mode::Live };
        let mut digest = Sha256::new();
        let mut said = serde_json::to_vec(body).unwrap();
        if path == "/v1/documents" {
            // A document is not held to be compared: its hash is.
            said = Sha256::digest(&said).to_vec();
        }
        for part in [path.as_bytes(), b"application/json", &said] {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        let fingerprint = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let now = Timestamp::parse(NOW).unwrap();
        let begin = BeginRequest {
            tenant: tenant.clone(),
            key: key.to_owned(),
            fingerprint,
            reserved: reserved.to_owned(),
            now,
            expired_before: now.minus_ms(1),
            lease: lease(now),
        };
        let begun = store.begin_request(begin).await.unwrap();
        assert!(matches!(begun, BeginRequestOutcome::Begun { .. }), "{begun:?}");
        Self { store, tenant, reserved }
    }
}

fn lease(now: Timestamp) -> Lease {
    Lease { node: "local".to_owned(), token: Killed::LEASE.to_owned(), until: now.plus_ms(60_000) }
}

#[tokio::test]
async fn what_was_done_before_a_crash_is_not_done_again() {
    let now = Timestamp::parse(NOW).unwrap();
    let server = Server::start().await;
    let (grants, grant) = ("/v1/credits/grants", json!({"amount": 5}));
    let killed = Killed::begin(&server, "g", grants, &grant, "01935a1b2c3d7000800000000000000a").await;
    let command = GrantCredits {
        org_id: killed.tenant.org_id.clone(),
        amount: 5,
        price_paid: None,
        description: String::new(),
        transaction_id: TransactionId::parse(&format!("txn_{}", killed.reserved)).unwrap(),
        now,
    };
    killed.store.grant_credits(command).await.unwrap();
    assert_eq!(code(&post(&server, "g", grants, grant.clone()).await), "409 idempotency_in_progress");

    let (events, published) = ("/v1/events", json!({"event": "order.paid", "data": {}}));
    let killed = Killed::begin(&server, "e", events, &published, "01935a1b2c3d7000800000000000000b").await;
    let event = Event {
        id: EventId::parse(&format!("evt_{}", killed.reserved)).unwrap(),
        tenant: killed.tenant.clone(),
        event_type: "order.paid".to_owned(),
        body: br#"{"event":"order.paid","data":{}}"#.to_vec().into(),
        job_id: None,
        created_at: now,
    };
    killed.store.publish_event(PublishEvent { event, send_lease: lease(now) }).await.unwrap();

    // A restart gives back what the killed process held.
    let server = server.restart().await;
    let (status, transaction) = post(&server, "g", grants, grant.clone()).await;
    assert_eq!((status, &transaction["id"]), (201, &json!("txn_01935a1b2c3d7000800000000000000a")));
    assert_eq!(balance(&server).await, 1_005);
    let (status, event) = post(&server, "e", events, published).await;
    assert_eq!((status, event), (202, json!({"id": "evt_01935a1b2c3d7000800000000000000b"})));
    let listed = server.get("/v1/events?event_type=order.paid").await.1;
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    let (is_replayed, _) = told(send(&server, &server.live, "g", grants, &grant).await).await;
    assert!(is_replayed, "from then on the answer is kept");
}

#[tokio::test]
async fn what_was_not_done_before_a_crash_is_done_with_the_id_that_was_reserved() {
    let server = Server::start().await;
    let (path, body) =
        ("/v1/documents", json!({"extractor_id": "invoice", "document": "b25l", "filename": "a.pdf"}));
    let killed = Killed::begin(&server, "d", path, &body, "01935a1b2c3d7000800000000000000c").await;
    let release = EndRequest {
        tenant: killed.tenant.clone(),
        key: "d".to_owned(),
        lease_token: Killed::LEASE.to_owned(),
        end: RequestEnd::Release,
    };
    killed.store.end_request(release).await.unwrap();
    let (status, job) = post(&server, "d", path, body).await;
    assert_eq!((status, &job["id"]), (202, &json!("job_01935a1b2c3d7000800000000000000c")));
    assert_eq!(job["created_at"], NOW);
}
