//! One shape for everything that goes wrong, whoever notices it.

use reqwest::Method;
use serde_json::json;

use crate::support::{Server, answer, code, message, stranger, text};

#[tokio::test]
async fn every_route_wants_a_key_and_says_which_scope() {
    let server = Server::start().await;
    let bare = |method: Method, path: &str| server.request(method, path).send();
    let refused = answer(bare(Method::GET, "/v1/documents").await.unwrap()).await;
    assert_eq!(code(&refused), "401 missing_authorization");
    for key in ["sk_live_unknown", "Basic"] {
        let refused = server.call(key, "GET", "/v1/documents", None).await;
        assert_eq!(code(&refused), "401 invalid_api_key", "{key}");
    }
    let reader = server.key("live", json!(["documents:read"])).await;
    assert_eq!(server.call(&reader, "GET", "/v1/documents", None).await.0, 200);
    for (method, path, scope) in [
        ("POST", "/v1/documents", "documents:write"),
        ("GET", "/v1/extractors", "extractors:read"),
        ("POST", "/v1/extractors", "extractors:write"),
        ("GET", "/v1/webhooks", "webhooks:read"),
        ("GET", "/v1/events", "webhooks:read"),
        ("GET", "/v1/deliveries", "webhooks:read"),
        ("POST", "/v1/webhooks", "webhooks:write"),
        ("POST", "/v1/events", "webhooks:write"),
        ("GET", "/v1/credits", "credits:read"),
        ("PATCH", "/v1/credits", "admin"),
        ("POST", "/v1/credits/grants", "admin"),
        ("GET", "/v1/keys", "admin"),
    ] {
        let refused = server.call(&reader, method, path, None).await;
        assert_eq!(code(&refused), "403 insufficient_scope", "{method} {path}");
        assert!(message(&refused).contains(scope), "{method} {path}: {}", message(&refused));
    }
}

#[tokio::test]
async fn unknown_routes_methods_and_bodies_have_the_envelope_too() {
    let server = Server::start().await;
    assert_eq!(code(&server.get("/v2/documents").await), "404 route_not_found");
    assert_eq!(code(&server.get("/nothing").await), "404 route_not_found");
    let front = server.request(Method::GET, "/").send().await.unwrap();
    assert!(front.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{front:?}");
    let refused = server.request(Method::PUT, "/v1/documents").send().await.unwrap();
    let allow = refused.headers()["allow"].to_str().unwrap().to_owned();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    assert_eq!(code(&answer(refused).await), "405 method_not_allowed");
    let with_body = |kind: &'static str, body: String| {
        let request = server.request(Method::POST, "/v1/webhooks").bearer_auth(&server.live);
        request.header("content-type", kind).body(body).send()
    };
    for (kind, body, expected) in [
        ("application/json", "{".to_owned(), "400 malformed_json"),
        ("application/json", String::new(), "400 malformed_json"),
        ("application/json", "[]".to_owned(), "422 invalid_request"),
        ("application/json", "x".repeat(1_100_000), "413 request_too_large"),
        ("application/x-www-form-urlencoded", "{}".to_owned(), "415 unsupported_media_type"),
        (
            "application/json",
            r#"{"url": "https://a.example", "secret": "x"}"#.to_owned(),
            "422 invalid_request",
        ),
    ] {
        let refused = answer(with_body(kind, body).await.unwrap()).await;
        assert_eq!(code(&refused), expected, "{}", message(&refused));
    }
    let multipart = server.request(Method::POST, "/v1/documents").bearer_auth(&server.live);
    let multipart = multipart.header("content-type", "multipart/form-data; boundary=x").body("--y");
    assert_eq!(code(&answer(multipart.send().await.unwrap()).await), "400 malformed_request");
}

#[tokio::test]
async fn another_organisations_objects_do_not_exist() {
    let server = Server::start().await;
    let job = server.submit(&server.live, "an invoice", json!({})).await;
    let (_, events) = server.get("/v1/events").await;
    let (_, deliveries) = server.get("/v1/deliveries").await;
    let (_, webhooks) = server.get("/v1/webhooks").await;
    let (_, extractors) = server.get("/v1/extractors").await;
    let stranger = stranger(&server).await;
    for (path, expected) in [
        (format!("/v1/documents/{}", text(&job["id"])), "404 document_not_found"),
        (format!("/v1/documents/{}/file", text(&job["id"])), "404 document_not_found"),
        (format!("/v1/events/{}", text(&events["data"][0]["id"])), "404 event_not_found"),
        (format!("/v1/deliveries/{}", text(&deliveries["data"][0]["id"])), "404 delivery_not_found"),
        (format!("/v1/webhooks/{}", text(&webhooks["data"][0]["id"])), "404 webhook_not_found"),
        (format!("/v1/webhooks/{}/secret", text(&webhooks["data"][0]["id"])), "404 webhook_not_found"),
        (format!("/v1/extractors/{}", text(&extractors["data"][0]["id"])), "404 extractor_not_found"),
        ("/v1/documents/../x".to_owned(), "404 route_not_found"),
        ("/v1/documents/nonsense".to_owned(), "404 document_not_found"),
    ] {
        assert_eq!(code(&server.call(&stranger, "GET", &path, None).await), expected, "{path}");
    }
    let replay = format!("/v1/deliveries/{}/replay", text(&deliveries["data"][0]["id"]));
    assert_eq!(code(&server.call(&stranger, "POST", &replay, None).await), "404 delivery_not_found");
    for list in ["/v1/documents", "/v1/events", "/v1/deliveries", "/v1/webhooks", "/v1/extractors"] {
        assert_eq!(server.call(&stranger, "GET", list, None).await.1["data"], json!([]), "{list}");
    }
}

#[tokio::test]
async fn the_error_page_has_an_anchor_for_what_an_error_points_at() {
    let server = Server::start().await;
    let refused = server.get("/v1/documents/nonsense").await;
    let url = text(&refused.1["error"]["documentation_url"]);
    let (_, anchor) = url.split_once('#').unwrap();
    let page = server.request(Method::GET, "/docs/errors").send().await.unwrap().text().await.unwrap();
    assert!(page.contains(&format!("id=\"{anchor}\"")));
}

#[tokio::test]
async fn health_needs_no_key() {
    let server = Server::start().await;
    for path in ["/health/live", "/health/ready"] {
        let health = answer(server.request(Method::GET, path).send().await.unwrap()).await;
        assert_eq!(health, (200, json!({"status": "ok"})), "{path}");
    }
}
