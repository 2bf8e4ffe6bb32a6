//! Keys: shown once, and useless once revoked or expired.

use serde_json::{Value, json};

use crate::support::{Server, code, message, text};

#[tokio::test]
async fn a_key_is_shown_once_and_ends_when_it_is_revoked() {
    let server = Server::start().await;
    let (status, made) =
        server.post("/v1/keys", json!({"name": "ci", "mode": "live", "scopes": ["documents:read"]})).await;
    assert_eq!(status, 201);
    let secret = text(&made["key"]);
    assert!(secret.starts_with("sk_live_"));
    let (_, list) = server.get("/v1/keys").await;
    let listed = &list["data"][0];
    assert_eq!((&listed["id"], &listed["name"], &listed["key"]), (&made["id"], &json!("ci"), &Value::Null));
    assert!(!list.to_string().contains(&secret));
    assert_eq!(server.call(&secret, "GET", "/v1/documents", None).await.0, 200);
    assert!(text(&made["created_by"]).starts_with("key_"), "the key that made it");
    let path = format!("/v1/keys/{}", text(&made["id"]));
    assert_eq!(server.call(&server.live, "DELETE", &path, None).await.0, 204);
    assert_eq!(code(&server.call(&secret, "GET", "/v1/documents", None).await), "401 invalid_api_key");
    assert_eq!(code(&server.call(&server.live, "DELETE", "/v1/keys/key_0", None).await), "404 key_not_found");
}

#[tokio::test]
async fn a_key_ends_at_its_time() {
    let server = Server::start().await;
    let body = json!({"mode": "live", "scopes": ["documents:read"], "expires_at": "2024-11-23T10:00:01Z"});
    let (_, made) = server.post("/v1/keys", body).await;
    let secret = text(&made["key"]);
    assert_eq!(server.call(&secret, "GET", "/v1/documents", None).await.0, 200);
    server.clock.advance_ms(1_000);
    let refused = server.call(&secret, "GET", "/v1/documents", None).await;
    assert_eq!(code(&refused), "401 invalid_api_key");
    assert_eq!(message(&refused), "The API key expired at 2024-11-23T10:00:01Z.");
}

#[tokio::test]
async fn a_test_key_cannot_make_itself_a_live_one_or_credits() {
    let server = Server::start().await;
    let test = server.key("test", json!(["admin"])).await;
    let body = json!({"mode": "live", "scopes": ["admin"]});
    assert_eq!(code(&server.call(&test, "POST", "/v1/keys", Some(body)).await), "403 live_key_required");
    let grant = json!({"amount": 5});
    assert_eq!(
        code(&server.call(&test, "POST", "/v1/credits/grants", Some(grant)).await),
        "403 live_key_required"
    );
}

#[tokio::test]
async fn a_key_with_wrong_scopes_is_refused_by_name() {
    let server = Server::start().await;
    let refused = server.post("/v1/keys", json!({"mode": "live", "scopes": ["documents:peek"]})).await;
    assert_eq!(code(&refused), "422 invalid_request");
    assert!(message(&refused).contains("scopes[0]") && message(&refused).contains("documents:peek"));
    assert_eq!(
        code(&server.post("/v1/keys", json!({"mode": "live", "scopes": []})).await),
        "422 invalid_request"
    );
}

#[tokio::test]
async fn only_a_key_that_may_do_everything_makes_keys() {
    let server = Server::start().await;
    let all_but_admin = json!([
        "documents:read",
        "documents:write",
        "extractors:read",
        "extractors:write",
        "webhooks:read",
        "webhooks:write",
        "credits:read"
    ]);
    let key = server.key("live", all_but_admin).await;
    for scopes in [json!(["documents:read"]), json!(["admin"])] {
        let body = json!({"mode": "live", "scopes": scopes});
        assert_eq!(code(&server.call(&key, "POST", "/v1/keys", Some(body)).await), "403 insufficient_scope");
    }
}
