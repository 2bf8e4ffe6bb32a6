//! The main job, end to end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Given, Receiver, Server, answer, code, message, text};

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_document_comes_back_as_fields_and_keeps_its_decimals() {
    let server = Server::start().await;
    let job = server.submit(&server.live, "an invoice", json!({"order": 7})).await;
    assert_eq!(
        keys(&job),
        [
            "id",
            "org_id",
            "extractor_id",
            "status",
            "document_url",
            "mime_type",
            "file_size_bytes",
            "extracted_data",
            "confidence",
            "processing_time_ms",
            "cost_credits",
            "error_details",
            "metadata",
            "created_at",
            "started_at",
            "completed_at",
            "citations",
            "corrections",
            "corrected_at",
            "warnings",
            "page_count",
            "filename",
            "hold_reason",
            "retry_of"
        ]
    );
    assert_eq!(job["status"], "completed");
    assert_eq!(
        job["extracted_data"].to_string(),
        r#"{"invoice_number":"A-1","total_amount":1250.50,"due_date":null}"#
    );
    assert_eq!(job["cost_credits"], 2);
    assert_eq!(job["metadata"], json!({"order": 7}));
    assert_eq!(job["created_at"], "2024-11-23T10:00:00Z");
    let (status, again) = server.get(&format!("/v1/documents/{}", text(&job["id"]))).await;
    assert_eq!((status, &again), (200, &job));
}

#[tokio::test]
async fn a_document_in_json_is_the_same_as_one_in_multipart() {
    let server = Server::start().await;
    let body = json!({"extractor_id": "invoice", "document": "YW4gaW52b2ljZQ==", "mime_type": "application/pdf",
        "filename": "b.pdf", "metadata": {"a": [1, 2]}});
    let (status, job) = server.post("/v1/documents?wait=30s", body).await;
    assert_eq!(status, 200, "{job}");
    assert_eq!(job["status"], "completed");
    assert_eq!(job["file_size_bytes"], 10);
    let file = server.request(Method::GET, &format!("/v1/documents/{}/file", text(&job["id"])));
    let file = file.bearer_auth(&server.live).send().await.unwrap();
    assert_eq!(file.headers()["content-disposition"], "attachment; filename*=UTF-8''b.pdf");
    assert_eq!(file.text().await.unwrap(), "an invoice");
}

#[tokio::test]
async fn without_wait_the_answer_is_202_with_the_queued_job() {
    let server = Server::start().await;
    let body = json!({"extractor_id": "invoice", "document": "YQ=="});
    let (status, job) = server.post("/v1/documents", body).await;
    assert_eq!(status, 202);
    assert_eq!(job["status"], "queued");
    assert_eq!(job["extracted_data"], Value::Null);
}

#[tokio::test]
async fn a_failed_document_costs_nothing_and_can_be_retried_as_a_new_one() {
    let server = Server::start().await;
    let failed = server.submit(&server.live, "document_unreadable", json!({})).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["cost_credits"], 0);
    assert_eq!(keys(&failed["error_details"]), ["code", "message", "suggestion"]);
    assert_eq!(failed["error_details"]["code"], "document_unreadable");
    let path = format!("/v1/documents/{}/retry", text(&failed["id"]));
    let (status, retry) = server.call(&server.live, "POST", &path, None).await;
    assert_eq!(status, 202);
    assert_eq!(retry["retry_of"], failed["id"]);
    assert_ne!(retry["id"], failed["id"]);
}

#[tokio::test]
async fn a_test_key_can_force_an_outcome_and_its_documents_are_apart() {
    let server = Server::start().await;
    let test = server.key("test", json!(["documents:read", "documents:write"])).await;
    let job = server.submit(&test, "an invoice", json!({"simulate": "document_encrypted"})).await;
    assert_eq!(job["error_details"]["code"], "document_encrypted");
    let path = format!("/v1/documents/{}", text(&job["id"]));
    assert_eq!(code(&server.get(&path).await), "404 document_not_found");
    let wrong = server.submit_and_see(&test, "x", json!({"simulate": "nonsense"}), "1s").await;
    assert_eq!(code(&wrong), "422 invalid_request");
    assert!(message(&wrong).contains("metadata.simulate must be one of completed, document_unreadable,"));
    let job = server.submit(&test, "document_encrypted", json!({"simulate": "completed"})).await;
    assert_eq!((&job["status"], &job["cost_credits"]), (&json!("completed"), &json!(0)));
    assert_eq!(job["extracted_data"]["invoice_number"], "A-1001");
    assert_eq!(job["extracted_data"]["total_amount"].to_string(), "1190.00");
    assert_eq!(job["extracted_data"]["line_items"][0]["description"], "Example");
    // On the live side it is data like any other.
    let live = server.submit(&server.live, "x", json!({"simulate": "nonsense"})).await;
    assert_eq!(live["status"], "completed");
}

#[tokio::test]
async fn what_cannot_be_submitted_is_refused_with_its_reason() {
    let server = Server::start_with(Given { document_bytes_max: 1_000, ..Given::default() }).await;
    let live = &server.live;
    let large = "x".repeat(1_001);
    assert_eq!(code(&server.submit_and_see(live, &large, json!({}), "1s").await), "413 document_too_large");
    assert_eq!(
        code(&server.submit_and_see(live, &"x".repeat(200_000), json!({}), "1s").await),
        "413 document_too_large"
    );
    assert_eq!(code(&server.submit_and_see(live, "", json!({}), "1s").await), "422 document_empty");
    assert_eq!(code(&server.submit_and_see(live, "a", json!([]), "1s").await), "422 invalid_request");
    assert_eq!(code(&server.submit_and_see(live, "a", json!({}), "61s").await), "422 invalid_request");
    let huge = json!({"a": "x".repeat(16 * 1024)});
    assert!(
        message(&server.submit_and_see(live, "a", huge, "1s").await).contains("metadata must be at most")
    );
    for (body, expected, named) in [
        (json!({"document": "YQ=="}), "422 invalid_request", "extractor_id is missing"),
        (json!({"extractor_id": "invoice"}), "422 invalid_request", "document is missing"),
        (
            json!({"extractor_id": "invoice", "document": "*"}),
            "422 invalid_request",
            "document must be base64",
        ),
        (
            json!({"extractor_id": "invoice", "document_url": "ftp://x"}),
            "422 invalid_request",
            "document_url",
        ),
        (json!({"extractor_id": "nothing", "document": "YQ=="}), "404 extractor_not_found", "nothing"),
        (json!({"extractor_id": "ext_0", "document": "YQ=="}), "404 extractor_not_found", "ext_0"),
        (json!({"extractor_id": "invoice", "document_data": "YQ=="}), "422 invalid_request", "document_data"),
    ] {
        let refused = server.post("/v1/documents", body).await;
        assert_eq!(code(&refused), expected);
        assert!(message(&refused).contains(named), "{}", message(&refused));
    }
    let text_body = server.request(Method::POST, "/v1/documents").bearer_auth(live).body("a");
    let refused = answer(text_body.header("content-type", "text/plain").send().await.unwrap()).await;
    assert_eq!(code(&refused), "415 unsupported_media_type");
}

#[tokio::test]
async fn an_extractor_of_ones_own_is_made_changed_and_taken_away() {
    let server = Server::start().await;
    let fields = json!([{"name": "contract_number", "type": "text", "required": true, "description": ""}]);
    let body = json!({"name": "Contracts", "document_type": "contract", "field_definitions": fields});
    let (status, made) = server.post("/v1/extractors", body).await;
    assert_eq!(status, 201);
    assert_eq!(
        keys(&made)[..10],
        [
            "id",
            "org_id",
            "name",
            "document_type",
            "field_definitions",
            "is_active",
            "created_at",
            "updated_at",
            "created_by",
            "usage_count"
        ]
    );
    assert_eq!(made["field_definitions"], fields);
    let path = format!("/v1/extractors/{}", text(&made["id"]));
    let inactive = server.call(&server.live, "PATCH", &path, Some(json!({"is_active": false}))).await;
    assert_eq!(inactive.1["is_active"], false);
    let submission = json!({"extractor_id": made["id"], "document": "YQ=="});
    assert_eq!(code(&server.post("/v1/documents", submission).await), "422 extractor_inactive");
    assert_eq!(server.call(&server.live, "DELETE", &path, None).await, (204, Value::Null));
    assert_eq!(code(&server.get(&path).await), "404 extractor_not_found");
}

#[tokio::test]
async fn an_unusable_extractor_is_refused_with_every_problem() {
    let server = Server::start().await;
    let body = json!({"name": "", "document_type": "A b", "field_definitions": [
        {"name": "x", "type": "text", "pattern": "("}, {"name": "x", "type": "object"}]});
    let refused = server.post("/v1/extractors", body).await;
    assert_eq!(code(&refused), "422 invalid_request");
    for field in ["name must", "document_type must", "[0].pattern", "[1].name", "[1].fields"] {
        assert!(message(&refused).contains(field), "{}", message(&refused));
    }
}

#[tokio::test]
async fn a_wait_ends_when_the_server_drains_and_the_document_is_kept() {
    let server = Server::start_without_credits().await;
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["credits.depleted"])).await;
    // Held without credits, so that it does not end by itself.
    let body = json!({"extractor_id": "invoice", "document": "YQ=="});
    let request =
        server.request(Method::POST, "/v1/documents?wait=60s").bearer_auth(&server.live).json(&body);
    let waiting = tokio::spawn(request.send());
    // That the event is out tells that the document is in.
    receiver.next().await;
    server.running.drain().await;
    let (status, job) = answer(waiting.await.unwrap().unwrap()).await;
    assert_eq!((status, &job["status"]), (202, &json!("queued")));
}
