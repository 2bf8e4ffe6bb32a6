//! Lists: newest first, in pages, with filters that are checked.

use serde_json::{Value, json};

use crate::support::{Receiver, Server, code, message, text};

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

#[tokio::test]
async fn paging_neither_skips_nor_repeats_while_documents_come_and_go() {
    let server = Server::start().await;
    let submit = async || text(&server.submit(&server.live, "an invoice", json!({})).await["id"]);
    let mut there = Vec::new();
    for _ in 0..30 {
        there.push(submit().await);
    }
    // Every third one goes while the list is read, and as many new ones come.
    let (going, staying): (Vec<_>, Vec<_>) = there.iter().enumerate().partition(|(n, _)| n % 3 == 0);
    let come_and_go = async {
        for (_, id) in &going {
            submit().await;
            assert_eq!(
                server.call(&server.live, "DELETE", &format!("/v1/documents/{id}"), None).await.0,
                204
            );
        }
    };
    let read = async {
        let mut seen = Vec::new();
        let mut path = "/v1/documents?limit=2".to_owned();
        loop {
            let (_, list) = server.get(&path).await;
            seen.extend(ids(&list));
            let Some(cursor) = list["pagination"]["next_cursor"].as_str() else { return seen };
            path = format!("/v1/documents?limit=2&cursor={cursor}");
        }
    };
    let (seen, ()) = tokio::join!(read, come_and_go);
    let mut sorted = seen.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!(seen, sorted, "newest first, and none twice");
    for (_, id) in staying {
        assert!(seen.contains(id), "{id} was there all the time");
    }
}

#[tokio::test]
async fn ids_of_the_other_side_find_nothing_by_way_of_another_object() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(200).await;
    let webhook = server.webhook(&server.live, &receiver, json!(["*"])).await;
    let job = server.submit(&server.live, "an invoice", json!({})).await;
    receiver.next().await;
    let scopes = ["documents:read", "documents:write", "webhooks:read", "webhooks:write"];
    let test = server.key("test", json!(scopes)).await;
    let (webhook_id, job_id) = (text(&webhook["id"]), text(&job["id"]));
    let extractor_id = text(&job["extractor_id"]);
    let deliveries = server.get(&format!("/v1/deliveries?webhook_id={webhook_id}")).await.1;
    let (delivery_id, event_id) =
        (text(&deliveries["data"][0]["id"]), text(&deliveries["data"][0]["event_id"]));

    for path in [
        format!("/v1/deliveries?webhook_id={webhook_id}"),
        format!("/v1/documents?extractor_id={extractor_id}"),
        "/v1/events".to_owned(),
        "/v1/webhooks".to_owned(),
    ] {
        let (status, list) = server.call(&test, "GET", &path, None).await;
        assert_eq!((status, ids(&list)), (200, vec![]), "{path}");
    }
    for (method, path, body) in [
        ("GET", format!("/v1/documents/{job_id}/file"), None),
        ("GET", format!("/v1/documents/{job_id}/pages/1.png"), None),
        ("POST", format!("/v1/documents/{job_id}/retry"), Some(json!({}))),
        ("POST", format!("/v1/deliveries/{delivery_id}/replay"), Some(json!({}))),
        ("POST", format!("/v1/webhooks/{webhook_id}/replay"), Some(json!({"since": "2024-11-22T00:00:00Z"}))),
        ("POST", format!("/v1/webhooks/{webhook_id}/enable"), Some(json!({}))),
        ("GET", format!("/v1/webhooks/{webhook_id}/stats"), None),
        ("GET", format!("/v1/events/{event_id}"), None),
        ("POST", "/v1/documents".to_owned(), Some(json!({"extractor_id": extractor_id, "document": "YQ=="}))),
    ] {
        let refused = server.call(&test, method, &path, body).await;
        assert!(refused.0 == 404 && code(&refused).ends_with("_not_found"), "{method} {path}: {}", refused.1);
    }
    // A test of the same URL is not signed with the other side's secret.
    let (_, tested) =
        server.call(&test, "POST", "/v1/webhooks/test", Some(json!({"webhook_url": receiver.url}))).await;
    assert_ne!(text(&tested["secret"]), text(&webhook["secret"]), "{tested}");
}
