//! `DELETE /v1/documents/{id}`: nothing is left of what was read from a document.

use std::path::Path;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Receiver, Server, answer, code, text};

/// Stands in the document, its file name and its metadata, and in the answer of its receiver.
const MARKER: &str = "MARKER-7f3a91";

/// The files under a folder that hold the marker.
fn files_with_marker(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_marker(&path));
        } else if std::fs::read(&path).unwrap().windows(MARKER.len()).any(|at| at == MARKER.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

async fn submit(server: &Server, number: usize) -> (u16, Value) {
    let file = Part::text(format!("echo {MARKER}{}", "x".repeat(number)))
        .file_name(format!("{MARKER}.pdf"))
        .mime_str("application/pdf")
        .unwrap();
    let form = Form::new()
        .text("extractor_id", "invoice")
        .text("metadata", json!({"order": MARKER}).to_string())
        .part("file", file);
    let request = server.request(Method::POST, "/v1/documents?wait=30s").bearer_auth(&server.live);
    let request = request.header("Idempotency-Key", format!("upload {number}"));
    answer(request.multipart(form).send().await.unwrap()).await
}

#[tokio::test]
async fn nothing_of_a_deleted_document_is_left_in_the_data_directory() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(200).await;
    server.webhook(&server.live, &receiver, json!(["*"])).await;
    let mut jobs = Vec::new();
    for number in 0..8 {
        let (status, job) = submit(&server, number).await;
        assert_eq!(status, 200, "{job}");
        assert_eq!(job["extracted_data"]["invoice_number"], MARKER);
        assert!(receiver.next().await.text().contains(MARKER));
        jobs.push(text(&job["id"]));
    }
    assert!(!files_with_marker(server.folder.path()).is_empty());
    for job in &jobs {
        let path = format!("/v1/documents/{job}");
        assert_eq!(server.call(&server.live, "DELETE", &path, None).await, (204, Value::Null));
        assert_eq!(code(&server.get(&path).await), "404 document_not_found");
        assert_eq!(code(&server.get(&format!("{path}/file")).await), "404 document_not_found");
    }
    assert_eq!(code(&submit(&server, 3).await), "410 idempotent_answer_erased");
    let events = server.get("/v1/events?event_type=job.completed").await.1;
    assert_eq!(events["data"][0]["data"], Value::Null);
    let deliveries = server.get("/v1/deliveries?event_type=job.completed").await.1;
    let replay = format!("/v1/deliveries/{}/replay", text(&deliveries["data"][0]["id"]));
    assert_eq!(code(&server.post(&replay, json!({})).await), "410 event_erased");
    let ledger = server.get("/v1/credits/transactions").await.1;
    assert_eq!(ledger["data"].as_array().unwrap().len(), 9, "the charges and the grant stay");

    // The database's log is written into it, and emptied, when the last process closes it.
    let Server { running, folder, .. } = server;
    running.drain().await;
    let left = async {
        while folder.path().join("docextract.db-wal").exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), left).await.expect("the database stays open");
    assert_eq!(files_with_marker(folder.path()), [] as [String; 0]);
}

#[tokio::test]
async fn a_document_that_waits_cannot_be_deleted_and_that_of_another_does_not_exist() {
    let server = Server::start_without_credits().await;
    let (_, job) = server.submit_and_see(&server.live, "one", json!({}), "0s").await;
    let path = format!("/v1/documents/{}", text(&job["id"]));
    let refused = server.call(&server.live, "DELETE", &path, None).await;
    assert_eq!(code(&refused), "409 document_in_progress");
    server.grant(100).await;
    let test = server.key("test", json!(["documents:read", "documents:write"])).await;
    assert_eq!(code(&server.call(&test, "DELETE", &path, None).await), "404 document_not_found");
    let reader = server.key("live", json!(["documents:read"])).await;
    assert_eq!(code(&server.call(&reader, "DELETE", &path, None).await), "403 insufficient_scope");
}
