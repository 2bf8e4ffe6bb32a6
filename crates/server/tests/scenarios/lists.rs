//! Lists: newest first, in pages, with filters that are checked.

use serde_json::{Value, json};

use crate::support::{Server, code, message, text};

fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|each| text(&each["id"])).collect()
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let server = Server::start().await;
    let mut submitted = Vec::new();
    for _ in 0..5 {
        let job = server.submit(&server.live, "an invoice", json!({})).await;
        submitted.insert(0, text(&job["id"]));
    }
    let mut seen = Vec::new();
    let mut path = "/v1/documents?limit=2".to_owned();
    loop {
        let (status, list) = server.get(&path).await;
        assert_eq!(status, 200);
        assert_eq!(list["pagination"]["limit"], 2);
        seen.extend(ids(&list));
        assert_eq!(list["pagination"]["has_more"], json!(list["pagination"]["next_cursor"].is_string()));
        let Some(cursor) = list["pagination"]["next_cursor"].as_str() else { break };
        path = format!("/v1/documents?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, submitted);
    let (_, list) = server.get("/v1/documents?limit=2&offset=3").await;
    assert_eq!(ids(&list), submitted[3..]);
}

#[tokio::test]
async fn documents_are_filtered() {
    let server = Server::start().await;
    let good = server.submit(&server.live, "an invoice", json!({})).await;
    let bad = server.submit(&server.live, "document_empty", json!({})).await;
    for (filter, expected) in [
        ("status=completed", vec![&good]),
        ("status=failed", vec![&bad]),
        ("min_confidence=0.9", vec![&good]),
        ("min_confidence=0.91", vec![]),
        ("extractor_id=invoice", vec![&bad, &good]),
        ("extractor_id=receipt", vec![]),
        ("created_after=2024-11-23T09:00:00Z", vec![&bad, &good]),
        ("created_before=2024-11-23T09:00:00Z", vec![]),
    ] {
        let (status, list) = server.get(&format!("/v1/documents?{filter}")).await;
        assert_eq!(status, 200, "{filter}: {list}");
        let expected: Vec<String> = expected.into_iter().map(|job| text(&job["id"])).collect();
        assert_eq!(ids(&list), expected, "{filter}");
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named_and_a_foreign_cursor_refused() {
    let server = Server::start().await;
    for (path, expected, named) in [
        ("/v1/documents?limit=0", "422 invalid_request", "limit"),
        ("/v1/documents?limit=101", "422 invalid_request", "limit"),
        ("/v1/documents?statsu=failed", "422 invalid_request", "statsu"),
        ("/v1/documents?status=done&created_after=now", "422 invalid_request", "created_after"),
        ("/v1/webhooks?offset=3", "422 invalid_request", "offset"),
        ("/v1/documents?cursor=nonsense", "400 invalid_cursor", "cursor"),
        // The cursor of another kind of list: wh_0 in base64url.
        ("/v1/documents?cursor=d2hfMA", "400 invalid_cursor", "cursor"),
    ] {
        let refused = server.get(path).await;
        assert_eq!(code(&refused), expected, "{path}");
        assert!(message(&refused).contains(named), "{path}: {}", message(&refused));
    }
}
