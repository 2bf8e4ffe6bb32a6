//! What uploads cost in memory: buffers, not documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::support::Site;

const UPLOADS: usize = 8;
const DOCUMENT_BYTES: usize = 25 * 1024 * 1024;
/// What all of them together may add: less than two documents. They would be 200 MiB.
const ADDED_KIB_MAX: u64 = 48 * 1024;

/// The kind of a request's body, and the body.
fn body(nth: usize, document: &[u8]) -> (&'static str, Vec<u8>) {
    if nth.is_multiple_of(2) {
        let json = format!(r#"{{"extractor_id": "invoice", "document": "{}"}}"#, STANDARD.encode(document));
        return ("application/json", json.into_bytes());
    }
    let mut body =
        b"--cut\r\nContent-Disposition: form-data; name=\"extractor_id\"\r\n\r\ninvoice\r\n--cut\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n"
            .to_vec();
    body.extend_from_slice(document);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    ("multipart/form-data; boundary=cut", body)
}

/// Sends all but the end of a body, waits for the others to have come as far, and sends the end.
async fn upload(address: String, key: String, nth: usize, all: &tokio::sync::Barrier) -> String {
    // No format that is read: what reading costs is the children's.
    let document = vec![0x80 | u8::try_from(nth).unwrap(); DOCUMENT_BYTES];
    let (kind, body) = body(nth, &document);
    drop(document);
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let keyed = if nth % 4 < 2 { format!("Idempotency-Key: upload-{nth}\r\n") } else { String::new() };
    let head = format!(
        "POST /v1/documents HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n{keyed}\
         Content-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (most, end) = body.split_at(body.len() - 1_000);
    stream.write_all(most).await.unwrap();
    all.wait().await;
    stream.write_all(end).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn uploads_at_the_same_time_cost_their_buffers_and_not_their_documents() {
    let site = Site::new(1_000, &[]).await;
    let server = site.serve().await;
    let before_kib = server.memory_kib_max();
    let address = server.api.base.trim_start_matches("http://").to_owned();
    let all = std::sync::Arc::new(tokio::sync::Barrier::new(UPLOADS));
    let mut uploads = JoinSet::new();
    for nth in 0..UPLOADS {
        let (address, key, all) = (address.clone(), site.key.clone(), all.clone());
        uploads.spawn(async move { upload(address, key, nth, &all).await });
    }
    while let Some(answer) = uploads.join_next().await {
        let answer = answer.unwrap();
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    }
    let uploaded_kib = server.memory_kib_max();
    // All of them are read, and all come out again.
    server.api.until_idle(&site).await;
    let documents = server.api.all("/v1/documents").await;
    let mut files = JoinSet::new();
    for document in documents {
        let api = server.api.clone();
        files.spawn(async move { api.file(document["id"].as_str().unwrap()).await.len() });
    }
    assert_eq!(files.join_all().await, [DOCUMENT_BYTES; UPLOADS]);
    let after_kib = server.memory_kib_max();
    println!(
        "memory at most: {before_kib} KiB before, {uploaded_kib} KiB uploaded, {after_kib} KiB after all"
    );
    let added_kib = after_kib - before_kib;
    assert!(added_kib <= ADDED_KIB_MAX, "{UPLOADS} documents of 25 MiB added {added_kib} KiB");
    server.kill().await;
}
