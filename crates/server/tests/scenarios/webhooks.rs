//! Webhooks: what may be registered, what is logged, and sending again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Given, Receiver, Server, code, message, text};

#[tokio::test]
async fn only_public_https_addresses_can_be_registered() {
    let server = Server::start_with(Given { dev: false, ..Given::default() }).await;
    for (url, expected) in [
        ("http://hooks.invalid/x", "422 webhook_url_not_https"),
        ("https://127.0.0.1/x", "422 webhook_url_not_allowed"),
        ("https://localhost/x", "422 webhook_url_not_allowed"),
        ("https://169.254.169.254/latest", "422 webhook_url_not_allowed"),
        ("https://[::ffff:10.0.0.1]/x", "422 webhook_url_not_allowed"),
        ("https://2130706433/x", "422 webhook_url_not_allowed"),
        ("https://user:pass@hooks.invalid/x", "422 webhook_url_not_allowed"),
        ("not a url", "422 invalid_request"),
    ] {
        let refused = server.post("/v1/webhooks", json!({"url": url})).await;
        assert_eq!(code(&refused), expected, "{url}");
        let refused = server.post("/v1/webhooks/test", json!({"webhook_url": url})).await;
        assert_eq!(code(&refused), expected, "{url}");
        assert!(message(&refused).contains("webhook_url"), "{}", message(&refused));
    }
    // A name that does not resolve is judged at each connection.
    let (status, webhook) = server.post("/v1/webhooks", json!({"url": "https://hooks.invalid/x"})).await;
    assert_eq!(status, 201);
    let path = format!("/v1/webhooks/{}", text(&webhook["id"]));
    let change = Some(json!({"url": "http://hooks.invalid/x"}));
    let refused = server.call(&server.live, "PATCH", &path, change).await;
    assert_eq!(code(&refused), "422 webhook_url_not_https");
}

#[tokio::test]
async fn a_webhook_shows_its_secret_when_it_is_made_and_rotated_only() {
    let server = Server::start().await;
    let body = json!({"url": "https://hooks.invalid/x", "description": "d", "events": ["job.failed"],
        "headers": {"X-B": "1", "Authorization": "Basic eA=="}});
    let (status, made) = server.post("/v1/webhooks", body).await;
    assert_eq!(status, 201);
    let keys: Vec<&str> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "org_id",
            "url",
            "description",
            "events",
            "status",
            "disabled_reason",
            "headers",
            "rate_limit_per_second",
            "client_certificate",
            "secret",
            "created_at",
            "updated_at"
        ]
    );
    assert_eq!(made["headers"].to_string(), r#"{"X-B":"1","Authorization":"Basic eA=="}"#);
    assert!(text(&made["secret"]).starts_with("whsec_"));
    let path = format!("/v1/webhooks/{}", text(&made["id"]));
    assert!(server.get(&path).await.1.get("secret").is_none());
    let (_, rotated) = server.post(&format!("{path}/rotate-secret"), json!({"overlap": "1h"})).await;
    assert_ne!(rotated["secret"], made["secret"]);
    let (_, secret) = server.get(&format!("{path}/secret")).await;
    assert_eq!(secret["secret"], rotated["secret"]);
    assert_eq!(secret["previous_secret"], made["secret"]);
    assert_eq!(secret["previous_secret_expires_at"], "2024-11-23T11:00:00Z");
    server.clock.advance_ms(3_600_000);
    assert_eq!(server.get(&format!("{path}/secret")).await.1["previous_secret"], Value::Null);
    assert_eq!(server.call(&server.live, "DELETE", &path, None).await.0, 204);
    assert_eq!(code(&server.get(&path).await), "404 webhook_not_found");
}

#[tokio::test]
async fn what_a_webhook_cannot_be_is_named() {
    let server = Server::start().await;
    let body = json!({"url": "https://hooks.invalid/x", "events": ["job.complete", "job.failed", "job.failed"],
        "headers": {"Host": "x"}});
    let refused = server.post("/v1/webhooks", body).await;
    assert_eq!(code(&refused), "422 invalid_request");
    for named in ["events[0]", "events[2]", "headers.Host"] {
        assert!(message(&refused).contains(named), "{}", message(&refused));
    }
    let refused = server.post("/v1/webhooks", json!({"url": "https://hooks.invalid/x", "events": []})).await;
    assert_eq!(code(&refused), "422 invalid_request");
    let refused = server.post("/v1/webhooks", json!({"url": "https://a.invalid", "rate_limit": 5})).await;
    assert!(message(&refused).contains("rate_limit"));
}

#[tokio::test]
async fn a_delivery_is_logged_and_replayed_as_a_new_one() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(503).await;
    let webhook = server.webhook(&server.live, &receiver, json!(["job.completed"])).await;
    let deliveries = format!("/v1/deliveries?webhook_id={}", text(&webhook["id"]));
    server.submit(&server.live, "an invoice", json!({})).await;
    let first = receiver.next().await;
    let (_, list) = server.get(&deliveries).await;
    let delivery = &list["data"][0];
    let keys: Vec<&str> = delivery.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "event_id",
            "event_type",
            "webhook_id",
            "url",
            "status",
            "trigger",
            "attempt_count",
            "next_attempt_at",
            "created_at",
            "finished_at"
        ]
    );
    let path = format!("/v1/deliveries/{}", text(&delivery["id"]));
    let (status, replayed) = server.call(&server.live, "POST", &format!("{path}/replay"), None).await;
    assert_eq!(status, 202, "{replayed}");
    assert_eq!((&replayed["trigger"], &replayed["event_id"]), (&json!("replay"), &delivery["event_id"]));
    let again = receiver.next().await;
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(again.header("x-docextract-delivery"), text(&replayed["id"]));
    // Once disabled, nothing more goes there until it is enabled.
    let hook = format!("/v1/webhooks/{}", text(&webhook["id"]));
    let disabled = server.call(&server.live, "PATCH", &hook, Some(json!({"status": "disabled"}))).await.1;
    assert_eq!(disabled["disabled_reason"], "by_request");
    let refused = server.call(&server.live, "POST", &format!("{path}/replay"), None).await;
    assert_eq!(code(&refused), "409 webhook_disabled");
    let (_, enabled) = server.call(&server.live, "POST", &format!("{hook}/enable"), None).await;
    assert_eq!((&enabled["status"], &enabled["disabled_reason"]), (&json!("enabled"), &Value::Null));
    server.call(&server.live, "DELETE", &hook, None).await;
    let refused = server.call(&server.live, "POST", &format!("{path}/replay"), None).await;
    assert_eq!(code(&refused), "409 webhook_gone");
}

#[tokio::test]
async fn what_a_disabled_webhook_missed_is_replayed_at_once() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(200).await;
    let webhook = server.webhook(&server.live, &receiver, json!(["order.paid"])).await;
    let hook = format!("/v1/webhooks/{}", text(&webhook["id"]));
    let set = async |status: &str| {
        server.call(&server.live, "PATCH", &hook, Some(json!({"status": status}))).await;
    };
    let publish = async |number: u32| {
        let event = json!({"event": "order.paid", "data": {"number": number}});
        text(&server.post("/v1/events", event).await.1["id"]).clone()
    };
    publish(0).await;
    receiver.next().await;
    set("disabled").await;
    let mut missed = vec![publish(1).await, publish(2).await];
    set("enabled").await;
    server.clock.advance_ms(60_000);

    let replay = format!("{hook}/replay");
    let refused = server.post(&replay, json!({"since": "2999-01-01T00:00:00Z", "status": ["pending"]})).await;
    assert_eq!(code(&refused), "422 invalid_request");
    assert!(message(&refused).contains("since") && message(&refused).contains("status"));
    let (status, started) = server.post(&replay, json!({"since": "2000-01-01T00:00:00Z"})).await;
    assert_eq!((status, &started["statuses"]), (202, &json!(["failed", "skipped"])), "{started}");

    let mut came = Vec::new();
    for _ in 0..2 {
        came.push(receiver.next().await.header("webhook-id").to_owned());
    }
    came.sort();
    missed.sort();
    assert_eq!(came, missed);
    let path = format!("/v1/replays/{}", text(&started["id"]));
    let (_, ended) = server.get(&path).await;
    assert_eq!((&ended["status"], &ended["replayed"]), (&json!("completed"), &json!(2)), "{ended}");
    let (status, cancelled) = server.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!((status, &cancelled["status"]), (200, &json!("completed")), "it has ended already");
    let refused = server.get("/v1/replays/rpl_0").await;
    assert_eq!(code(&refused), "404 replay_not_found");
}

#[tokio::test]
async fn the_inbox_of_dev_shows_what_came_in_verified() {
    let server = Server::start().await;
    let inbox = server.running.inbox_url.clone().unwrap();
    let (_, result) = server.post("/v1/webhooks/test", json!({"webhook_url": inbox})).await;
    assert_eq!(result["delivered"], true, "{result}");
    let received = server.request(Method::GET, "/dev/inbox.json").send().await.unwrap().text().await.unwrap();
    let received: Value = serde_json::from_str(&received).unwrap();
    assert_eq!((&received[0]["event"], &received[0]["verified"]), (&json!("webhook.test"), &json!(true)));
    // A forged one is taken, and seen for what it is.
    let forged =
        server.request(Method::POST, "/dev/inbox").body("{\"event\":\"<script>\"}").send().await.unwrap();
    assert_eq!(forged.status(), 204);
    let page = server.request(Method::GET, "/dev/inbox").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("✓ both signatures verified") && page.contains("✗ not signed"));
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"));
}

#[tokio::test]
async fn there_is_no_inbox_without_dev() {
    let server = Server::start_with(Given { dev: false, ..Given::default() }).await;
    assert_eq!(code(&server.get("/dev/inbox").await), "404 route_not_found");
    assert!(server.running.inbox_url.is_none() && server.running.first_key.is_none());
}

#[tokio::test]
async fn a_restart_keeps_everything_and_points_the_inbox_webhook_at_its_new_address() {
    let server = Server::start().await;
    let job = server.submit(&server.live, "an invoice", json!({})).await;
    let server = server.restart().await;
    assert!(server.running.first_key.is_none());
    assert_eq!(server.get(&format!("/v1/documents/{}", text(&job["id"]))).await.1["status"], "completed");
    let (_, webhooks) = server.get("/v1/webhooks").await;
    assert_eq!(webhooks["data"].as_array().unwrap().len(), 1);
    assert_eq!(webhooks["data"][0]["url"], json!(server.running.inbox_url));
}

#[tokio::test]
async fn a_rate_limit_is_set_changed_and_taken_away() {
    let server = Server::start().await;
    let url = "https://hooks.invalid/x";
    for wrong in [json!(0), json!(10_001), json!(-1), json!(1.5), json!("5")] {
        let refused = server.post("/v1/webhooks", json!({"url": url, "rate_limit_per_second": wrong})).await;
        assert!(message(&refused).contains("rate_limit_per_second"), "{wrong}: {}", message(&refused));
    }
    let (status, made) = server.post("/v1/webhooks", json!({"url": url, "rate_limit_per_second": 5})).await;
    assert_eq!((status, &made["rate_limit_per_second"]), (201, &json!(5)));
    let path = format!("/v1/webhooks/{}", text(&made["id"]));
    for (change, expected) in [
        (json!({"description": "d"}), json!(5)),
        (json!({"rate_limit_per_second": 10_000}), json!(10_000)),
        (json!({"rate_limit_per_second": null}), Value::Null),
    ] {
        let (status, changed) = server.call(&server.live, "PATCH", &path, Some(change)).await;
        assert_eq!((status, &changed["rate_limit_per_second"]), (200, &expected));
    }
}

#[tokio::test]
async fn a_client_certificate_is_set_shown_without_its_key_and_taken_away() {
    let server = Server::start().await;
    let url = "https://hooks.invalid/x";
    let pair = || {
        let made = rcgen::generate_simple_self_signed(vec!["client.test".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    };
    let ((chain, key), (_, other)) = (pair(), pair());
    for (certificate, private_key, field) in
        [(&chain, &other, "private_key"), (&key, &key, "certificate"), (&chain, &chain, "private_key")]
    {
        let wrong = json!({"certificate": certificate, "private_key": private_key});
        let refused = server.post("/v1/webhooks", json!({"url": url, "client_certificate": wrong})).await;
        let told = message(&refused);
        assert!(told.contains(&format!("client_certificate.{field}")), "{told}");
        assert!(!told.contains("BEGIN") || told.contains("such as") || told.contains("as PEM"), "{told}");
    }
    let given = json!({"certificate": chain, "private_key": key});
    let (status, made) = server.post("/v1/webhooks", json!({"url": url, "client_certificate": given})).await;
    assert_eq!(status, 201);
    let shown = made["client_certificate"].clone();
    assert_eq!(text(&shown["fingerprint_sha256"]).len(), 64);
    assert_eq!(shown.as_object().unwrap().len(), 1, "{shown}");
    let path = format!("/v1/webhooks/{}", text(&made["id"]));
    for (change, expected) in [
        (json!({"description": "d"}), shown.clone()),
        (json!({"client_certificate": null}), Value::Null),
        (json!({"client_certificate": given}), shown),
    ] {
        let (status, changed) = server.call(&server.live, "PATCH", &path, Some(change)).await;
        assert_eq!((status, &changed["client_certificate"]), (200, &expected));
    }
}

#[tokio::test]
async fn a_webhooks_statistics_are_by_the_hour_and_its_owners() {
    let server = Server::start().await;
    let (mut good, mut bad) = (Receiver::start(204).await, Receiver::start(500).await);
    let webhook = server.webhook(&server.live, &good, json!(["order.paid"])).await;
    let webhook = format!("/v1/webhooks/{}", text(&webhook["id"]));
    let path = format!("{webhook}/stats");
    let (status, empty) = server.get(&path).await;
    assert_eq!(status, 200);
    assert_eq!((&empty["attempts"], &empty["success_rate"]), (&json!(0), &Value::Null));
    assert_eq!(empty["hours"], json!([]));

    let paid = json!({"event": "order.paid", "data": {}});
    server.post("/v1/events", paid.clone()).await;
    good.next().await;
    server.call(&server.live, "PATCH", &webhook, Some(json!({"url": bad.url}))).await;
    server.clock.advance_ms(3_600_000);
    server.post("/v1/events", paid).await;
    bad.next().await;
    // A server that has stopped has recorded what it sent.
    let server = server.restart().await;

    let (_, stats) = server.get(&path).await;
    assert_eq!(
        (&stats["attempts"], &stats["succeeded"], &stats["failed"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!((&stats["success_rate"], &stats["errors"]), (&json!(0.5), &json!({"http_status": 1})));
    assert!(stats["response_time_ms"]["p95"].is_u64());
    let hours: Vec<_> = stats["hours"].as_array().unwrap().iter().map(|hour| text(&hour["hour"])).collect();
    assert_eq!(hours, ["2024-11-23T10:00:00Z", "2024-11-23T11:00:00Z"]);
    let (_, first) = server.get(&format!("{path}?until=2024-11-23T11:00:00Z")).await;
    assert_eq!((&first["attempts"], &first["until"]), (&json!(1), &json!("2024-11-23T11:00:00Z")));

    let refused = server.get(&format!("{path}?since=2024-01-01T00:00:00Z")).await;
    assert!(message(&refused).contains("31 days"), "{}", message(&refused));
    let test = server.key("test", json!(["admin"])).await;
    let test_side = server.call(&test, "GET", &path, None).await;
    assert_eq!(code(&test_side), "404 webhook_not_found");
}
