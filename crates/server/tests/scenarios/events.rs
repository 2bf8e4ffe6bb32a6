//! The exact bytes of what receivers get, and both signatures over them.

use docextract_model::signature::{verify_hex, verify_standard};
use docextract_model::time::Timestamp;
use docextract_model::webhook::Secret;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::{Received, Receiver, Server, code, message, text};

fn assert_signed(received: &Received, webhook: &Value) {
    let secret = Secret::from_text(text(&webhook["secret"]));
    assert!(verify_hex(&secret, &received.body, received.header("x-docextract-signature")));
    let seconds: i64 = received.header("webhook-timestamp").parse().unwrap();
    let sent_at = Timestamp::from_unix_ms(seconds * 1000);
    let (id, signature) = (received.header("webhook-id"), received.header("webhook-signature"));
    assert!(verify_standard(&secret, id, sent_at, &received.body, signature));
}

#[tokio::test]
async fn a_completed_job_is_reported_byte_for_byte() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(204).await;
    let webhook = server.webhook(&server.live, &receiver, json!(["*"])).await;
    let job = server.submit(&server.live, "an invoice", json!({"order": 7})).await;
    let received = receiver.next().await;
    assert_eq!(
        received.text(),
        format!(
            r#"{{"event":"job.completed","data":{{"id":{},"org_id":{},"extractor_id":{},"status":"completed","extracted_data":{{"invoice_number":"A-1","total_amount":1250.50,"due_date":null}},"confidence":{{"invoice_number":0.97,"total_amount":0.9,"due_date":0}},"processing_time_ms":0,"cost_credits":2,"metadata":{{"order":7}},"created_at":"2024-11-23T10:00:00Z","completed_at":"2024-11-23T10:00:00Z"}}}}"#,
            job["id"], job["org_id"], job["extractor_id"]
        )
    );
    assert_signed(&received, &webhook);
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.header("x-docextract-event"), "job.completed");
    assert_eq!(received.header("x-docextract-attempt"), "1");
    assert!(received.header("user-agent").starts_with("DocExtract-Webhooks/"));
}

#[tokio::test]
async fn a_failed_job_is_reported_byte_for_byte() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(200).await;
    let webhook = server.webhook(&server.live, &receiver, json!(["job.failed"])).await;
    let job = server.submit(&server.live, "document_unreadable", json!({})).await;
    let received = receiver.next().await;
    assert_eq!(
        received.text(),
        format!(
            r#"{{"event":"job.failed","data":{{"id":{},"org_id":{},"extractor_id":{},"status":"failed","error_details":{{"code":"document_unreadable","message":"The document could not be read: no usable text was found on it.","suggestion":"Submit a sharper scan (300 dpi, straight, good contrast) or the original file."}},"processing_time_ms":0,"cost_credits":0,"metadata":{{}},"created_at":"2024-11-23T10:00:00Z","failed_at":"2024-11-23T10:00:00Z"}}}}"#,
            job["id"], job["org_id"], job["extractor_id"]
        )
    );
    assert_signed(&received, &webhook);
}

#[tokio::test]
async fn a_test_is_a_real_signed_request_and_tells_what_came_of_it() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(204).await;
    let webhook = server.webhook(&server.live, &receiver, json!(["job.failed"])).await;
    let (status, result) = server.post("/v1/webhooks/test", json!({"webhook_url": receiver.url})).await;
    assert_eq!(status, 200);
    let keys: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["delivered", "status_code", "response_time_ms", "error", "delivery_id"]);
    assert_eq!((&result["delivered"], &result["status_code"]), (&json!(true), &json!(204)));
    let received = receiver.next().await;
    assert_eq!(
        received.text(),
        r#"{"event":"webhook.test","data":{"message":"This is a test event from DocExtract.","timestamp":"2024-11-23T10:00:00Z"}}"#
    );
    assert_signed(&received, &webhook);
    let (_, delivery) = server.get(&format!("/v1/deliveries/{}", text(&result["delivery_id"]))).await;
    assert_eq!((&delivery["trigger"], &delivery["status"]), (&json!("test"), &json!("delivered")));
    assert_eq!(delivery["attempts"].as_array().unwrap().len(), 1);

    let mut unregistered = Receiver::start(500).await;
    let (_, result) = server.post("/v1/webhooks/test", json!({"webhook_url": unregistered.url})).await;
    assert_eq!((&result["delivered"], &result["status_code"]), (&json!(false), &json!(500)));
    assert_eq!(result["error"]["code"], "http_status");
    assert_signed(&unregistered.next().await, &result);
}

#[tokio::test]
async fn an_event_of_ones_own_goes_to_who_names_it_with_its_data_as_sent() {
    let server = Server::start().await;
    let (mut named, mut all) = (Receiver::start(204).await, Receiver::start(204).await);
    let webhook = server.webhook(&server.live, &named, json!(["order.approved"])).await;
    server.webhook(&server.live, &all, json!(["*"])).await;
    let raw = r#"{"event": "order.approved", "data": {"amount":  1250.50,"b":"é"}}"#;
    let request = server.request(reqwest::Method::POST, "/v1/events").bearer_auth(&server.live);
    let response = request.header("content-type", "application/json").body(raw).send().await.unwrap();
    let (status, published) = crate::support::answer(response).await;
    assert_eq!(status, 202);
    let received = named.next().await;
    assert_eq!(received.text(), r#"{"event":"order.approved","data":{"amount":  1250.50,"b":"é"}}"#);
    assert_eq!(received.header("webhook-id"), text(&published["id"]));
    assert_signed(&received, &webhook);
    // `*` means the core types: the next thing that arrives there is a job's.
    server.submit(&server.live, "an invoice", json!({})).await;
    assert_eq!(all.next().await.header("x-docextract-event"), "job.completed");
    for (event, data) in [("job.completed", json!({})), ("order", json!({})), ("order.x", json!([]))] {
        let refused = server.post("/v1/events", json!({"event": event, "data": data})).await;
        assert_eq!(code(&refused), "422 invalid_request", "{event}: {}", message(&refused));
    }
}

#[tokio::test]
async fn an_event_is_shown_as_it_was_sent() {
    let server = Server::start().await;
    let job = server.submit(&server.live, "an invoice", json!({})).await;
    let (_, events) = server.get("/v1/events?event_type=job.completed").await;
    let event = &events["data"][0];
    let keys: Vec<&str> = event.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "org_id", "event", "data", "job_id", "created_at"]);
    assert_eq!((&event["job_id"], &event["data"]["id"]), (&job["id"], &job["id"]));
    let (_, one) = server.get(&format!("/v1/events/{}", text(&event["id"]))).await;
    assert_eq!(&one, event);
}

/// The clock stands still: what was not handed to the sender would wait for its lease for ever.
#[tokio::test]
async fn an_event_is_sent_although_its_client_went_away() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["order.paid"])).await;
    let body = r#"{"event": "order.paid", "data": {}}"#;
    let request = format!(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        server.live,
        body.len()
    );
    for _ in 0..50 {
        let mut client = tokio::net::TcpStream::connect(server.running.address).await.unwrap();
        client.write_all(request.as_bytes()).await.unwrap();
    }
    server.post("/v1/events", json!({"event": "order.paid", "data": {}})).await;
    let (_, accepted) = server.get("/v1/events?event_type=order.paid&limit=100").await;
    let accepted = accepted["data"].as_array().unwrap().len();
    assert!(accepted > 1, "no client went away after its request had been read");
    for _ in 0..accepted {
        receiver.next().await;
    }
}
