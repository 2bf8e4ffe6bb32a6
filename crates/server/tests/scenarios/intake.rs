//! Documents on their way in and out: by their address, in pieces, and as pictures of their pages.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse as _;
use axum::routing::get;
use docextract_model::limits;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Given, Receiver, Server, answer, code, message, picture, text};

/// A host of files.
async fn host() -> String {
    let router = axum::Router::new()
        .route("/files/echo%20from%20afar.txt", get(async || "echo FAR-1"))
        .route("/moved", get(async || (StatusCode::FOUND, [(LOCATION, "/files/echo%20from%20afar.txt")])))
        .route("/gone", get(async || StatusCode::GONE.into_response()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn submit_url(server: &Server, url: &str) -> Value {
    let body = json!({"extractor_id": "invoice", "document_url": url});
    let (status, job) = server.post("/v1/documents?wait=30s", body).await;
    assert_eq!(status, 200, "{job}");
    job
}

async fn file(server: &Server, id: &str) -> reqwest::Response {
    let request = server.request(Method::GET, &format!("/v1/documents/{id}/file"));
    request.bearer_auth(&server.live).send().await.unwrap()
}

#[tokio::test]
async fn a_document_is_submitted_by_its_address_kept_shown_retried_and_erased() {
    let (server, host) = (Server::start().await, host().await);
    let url = format!("{host}/files/echo%20from%20afar.txt");
    let job = submit_url(&server, &url).await;
    assert_eq!((&job["status"], &job["document_url"]), (&json!("completed"), &json!(url)));
    assert_eq!((&job["filename"], &job["file_size_bytes"]), (&json!("echo from afar.txt"), &json!(10)));
    assert_eq!(job["extracted_data"]["invoice_number"], "FAR-1");
    let id = text(&job["id"]);
    let kept = file(&server, &id).await;
    assert_eq!(kept.headers()["content-length"], "10");
    assert_eq!(kept.text().await.unwrap(), "echo FAR-1");

    let (status, again) = server.post(&format!("/v1/documents/{id}/retry"), json!({})).await;
    assert_eq!((status, &again["document_url"]), (202, &json!(url)));
    let path = format!("/v1/documents/{id}");
    assert_eq!(server.call(&server.live, "DELETE", &path, None).await.0, 204);
    assert_eq!(file(&server, &text(&again["id"])).await.text().await.unwrap(), "echo FAR-1");

    let moved = submit_url(&server, &format!("{host}/moved")).await;
    assert_eq!(moved["extracted_data"]["invoice_number"], "FAR-1");
}

#[tokio::test]
async fn a_password_that_cannot_be_one_is_refused_and_not_repeated() {
    let server = Server::start().await;
    for wrong in [json!(20_431_771), json!(""), json!("20431771".repeat(100))] {
        let body = json!({"extractor_id": "invoice", "document": "ZWNobyBB", "password": wrong});
        let refused = server.post("/v1/documents", body).await;
        assert_eq!(code(&refused), "422 invalid_request");
        assert_eq!(refused.1["error"]["fields"][0]["field"], "password", "{refused:?}");
        assert!(!refused.1.to_string().contains("20431771"), "{refused:?}");
    }
}

#[tokio::test]
async fn an_address_without_a_document_fails_the_job_and_one_that_may_not_be_called_the_request() {
    let (server, host) = (Server::start().await, host().await);
    let job = submit_url(&server, &format!("{host}/gone")).await;
    assert_eq!(job["error_details"]["code"], "document_unreadable");
    assert!(text(&job["error_details"]["message"]).contains("answered 410"), "{job}");
    let no_file = answer(file(&server, &text(&job["id"])).await).await;
    assert_eq!(code(&no_file), "404 file_not_found");
    assert!(message(&no_file).contains("has not been fetched"));
    for url in ["http://10.0.0.1/a", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "a"] {
        let body = json!({"extractor_id": "invoice", "document_url": url});
        let refused = server.post("/v1/documents", body).await;
        assert_eq!(code(&refused), "422 invalid_request");
        assert!(message(&refused).starts_with("document_url "), "{}", message(&refused));
    }
    let both = json!({"extractor_id": "invoice", "document": "YQ==", "document_url": format!("{host}/gone")});
    assert!(message(&server.post("/v1/documents", both).await).contains("does not go with document"));
}

#[tokio::test]
async fn a_document_comes_out_as_it_went_in_in_either_form() {
    let server = Server::start_with(Given { document_bytes_max: 3_000_000, ..Given::default() }).await;
    let document: String = (0..250_000).map(|n: u32| format!("{n:07} ~\n")).collect();
    let (_, sent) = server.submit_and_see(&server.live, &document, json!({}), "30s").await;
    let encoded = base64(document.as_bytes());
    let in_lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    for encoded in [encoded.clone(), in_lines.join("\r\n")] {
        let body = json!({"document": encoded, "extractor_id": "invoice", "metadata": {"document": "a"}});
        let (status, job) = server.post("/v1/documents?wait=30s", body).await;
        assert_eq!((status, &job["file_size_bytes"]), (200, &json!(document.len())), "{job}");
        assert_eq!(job["metadata"], json!({"document": "a"}));
        assert!(file(&server, &text(&job["id"])).await.text().await.unwrap() == document);
    }
    assert!(file(&server, &text(&sent["id"])).await.text().await.unwrap() == document);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn what_is_wrong_beside_a_document_is_named_and_the_document_is_not() {
    let server = Server::start().await;
    let wrong = |body: Value| async {
        let (status, refused) = server.post("/v1/documents", body).await;
        assert_eq!(status, 422, "{refused}");
        let fields = refused["error"]["fields"].as_array().unwrap().iter();
        fields.map(|problem| text(&problem["field"])).collect::<Vec<String>>()
    };
    let typo = json!({"extractor_id": "invoice", "document": "YQ==", "typo": 1});
    assert_eq!(wrong(typo).await, ["typo"]);
    let number = json!({"extractor_id": "invoice", "document_url": 7, "mime_type": false});
    assert_eq!(wrong(number).await, ["document_url", "mime_type"]);
    assert_eq!(wrong(json!({"extractor_id": "invoice", "document": ""})).await, ["document"]);
}

#[tokio::test]
async fn what_is_refused_leaves_no_file() {
    let server = Server::start_with(Given { document_bytes_max: 10_000, ..Given::default() }).await;
    let live = &server.live;
    let large = "x".repeat(10_001);
    assert_eq!(server.submit_and_see(live, &large, json!({}), "1s").await.0, 413);
    assert_eq!(server.submit_and_see(live, "a", json!([]), "1s").await.0, 422);
    for body in [
        json!({"extractor_id": "nothing", "document": "YQ=="}),
        json!({"extractor_id": "invoice", "document": "YQ=="  , "typo": 1}),
        json!({"extractor_id": "invoice", "document": "YQ"}),
        json!({"extractor_id": "invoice", "document": base64(large.as_bytes())}),
    ] {
        assert!(server.post("/v1/documents", body).await.0 >= 400);
    }
    let truncated = server.request(Method::POST, "/v1/documents").bearer_auth(live);
    let truncated = truncated.header("Content-Type", "application/json").body(r#"{"document": "YWFh"#);
    assert_eq!(code(&answer(truncated.send().await.unwrap()).await), "400 malformed_json");
    fn files(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
    }
    assert_eq!(files(&server.folder.path().join("blobs")), 0);
}

#[tokio::test]
async fn a_page_is_shown_once_and_then_known_by_its_tag() {
    let server = Server::start().await;
    let job = server.submit(&server.live, "pages 3", json!({})).await;
    let path = format!("/v1/documents/{}/pages", text(&job["id"]));
    let get = async |path: &str, tag: &str| {
        let request = server.request(Method::GET, path).bearer_auth(&server.live);
        request.header("If-None-Match", tag).send().await.unwrap()
    };
    let shown = get(&format!("{path}/3.png"), "").await;
    assert_eq!(
        (shown.status(), &shown.headers()["content-type"]),
        (StatusCode::OK, &"image/png".parse().unwrap())
    );
    assert_eq!(shown.headers()["cache-control"], "private, no-cache");
    let tag = shown.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(shown.bytes().await.unwrap(), picture(3, 1_200));
    assert_eq!(get(&format!("{path}/3.png"), &tag).await.status(), 304);
    assert_eq!(get(&format!("{path}/3.png"), &format!("\"x\", W/{tag}")).await.status(), 304);
    let narrower = get(&format!("{path}/3.png?width=300"), &tag).await;
    assert_eq!(
        (narrower.status(), narrower.bytes().await.unwrap()),
        (StatusCode::OK, picture(3, 300).into())
    );

    for page in ["4.png", "0.png", "1", "one.png"] {
        assert_eq!(code(&server.get(&format!("{path}/{page}")).await), "404 page_not_found", "{page}");
    }
    let wide = server.get(&format!("{path}/1.png?width=3001")).await;
    assert!(
        message(&wide).starts_with("width must be a number of pixels from 1 to 3000"),
        "{}",
        message(&wide)
    );
    // Whoever does not see the document sees no page of it, whatever tag was guessed.
    let test = server.key("test", json!(["documents:read"])).await;
    let hidden = server.request(Method::GET, &format!("{path}/3.png")).bearer_auth(&test);
    let hidden = answer(hidden.header("If-None-Match", &tag).send().await.unwrap()).await;
    assert_eq!(code(&hidden), "404 document_not_found");
}

#[tokio::test]
async fn what_has_no_page_to_show_says_why() {
    let server = Server::start().await;
    for (document, expected) in [
        ("some text", "422 document_has_no_pages"),
        ("document_encrypted", "422 page_not_drawn"),
        ("temporary_error", "503 service_unavailable"),
    ] {
        let (_, job) = server.submit_and_see(&server.live, document, json!({}), "0s").await;
        let path = format!("/v1/documents/{}/pages/1.png", text(&job["id"]));
        let refused = server.get(&path).await;
        assert_eq!(code(&refused), expected, "{}", message(&refused));
    }
}

#[tokio::test]
async fn a_wait_answers_at_its_bound_how_the_document_stands() {
    let server = Server::start_without_credits().await;
    let (status, job) = server.submit_and_see(&server.live, "one", json!({}), "50ms").await;
    assert_eq!((status, &job["status"]), (202, &json!("queued")));
    assert_eq!(job["hold_reason"], "insufficient_credits");
}

#[tokio::test]
async fn beyond_so_many_that_wait_a_request_is_answered_at_once() {
    let server = std::sync::Arc::new(Server::start_without_credits().await);
    let beyond = 5;
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..limits::WAITERS_MAX + beyond {
        let server = std::sync::Arc::clone(&server);
        waiting.spawn(async move { server.submit_and_see(&server.live, "one", json!({}), "60s").await });
    }
    for _ in 0..beyond {
        let (status, job) = waiting.join_next().await.unwrap().unwrap();
        assert_eq!((status, &job["hold_reason"]), (202, &json!("insufficient_credits")));
    }
    // None of the others was answered before its document could end.
    assert!(waiting.try_join_next().is_none());
    server.grant(10_000).await;
    for (status, job) in waiting.join_all().await {
        assert_eq!((status, &job["status"]), (200, &json!("completed")));
    }
}

#[tokio::test]
async fn who_stops_waiting_gives_up_the_answer_and_not_the_document() {
    let server = Server::start_without_credits().await;
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["credits.depleted", "job.completed"])).await;
    let body = json!({"extractor_id": "invoice", "document": "YQ=="});
    let request =
        server.request(Method::POST, "/v1/documents?wait=60s").bearer_auth(&server.live).json(&body);
    let waiting = tokio::spawn(request.send());
    // That the event is out tells that the document is in.
    receiver.next().await;
    waiting.abort();
    server.grant(10).await;
    assert_eq!(receiver.next().await.header("X-DocExtract-Event"), "job.completed");
}
