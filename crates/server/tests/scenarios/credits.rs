//! Credits: charged with the result, told about when they run low, and worth waiting for.

use serde_json::{Value, json};

use crate::support::{Receiver, Server, text};

/// Submits a document of 21 pages, which costs 8.
async fn spend_8(server: &Server) -> Value {
    let job = server.submit(&server.live, "pages 21", json!({})).await;
    assert_eq!(job["cost_credits"], 8);
    job
}

#[tokio::test]
async fn the_ledger_explains_the_balance() {
    let server = Server::start().await;
    spend_8(&server).await;
    spend_8(&server).await;
    let (_, credits) = server.get("/v1/credits").await;
    assert_eq!(
        credits.to_string(),
        r#"{"balance":984,"total_purchased":1000,"total_used":16,"currency":"USD","last_purchase":{"amount":1000,"price_paid":0,"purchased_at":"2024-11-23T10:00:00Z"},"low_balance_threshold":0}"#
    );
    let (_, ledger) = server.get("/v1/credits/transactions").await;
    let amounts: Vec<i64> =
        ledger["data"].as_array().unwrap().iter().map(|row| row["amount"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [-8, -8, 1_000]);
    assert_eq!(ledger["data"][0]["balance_after"], 984);
}

#[tokio::test]
async fn documents_wait_for_credits_and_resume_after_a_grant() {
    let server = Server::start_without_credits().await;
    let (status, held) = server.submit_and_see(&server.live, "an invoice", json!({}), "0s").await;
    assert_eq!(status, 202);
    assert_eq!((&held["status"], &held["hold_reason"]), (&json!("queued"), &json!("insufficient_credits")));
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["job.completed"])).await;
    let granted = server.grant(10).await;
    assert_eq!((&granted["kind"], &granted["balance_after"]), (&json!("grant"), &json!(10)));
    let event: Value = serde_json::from_str(&receiver.next().await.text()).unwrap();
    assert_eq!(event["data"]["id"], held["id"]);
    let (_, job) = server.get(&format!("/v1/documents/{}", text(&held["id"]))).await;
    assert_eq!((&job["status"], &job["hold_reason"]), (&json!("completed"), &Value::Null));
    assert_eq!(server.get("/v1/credits").await.1["balance"], 8);
}

#[tokio::test]
async fn low_balance_and_depletion_are_told_byte_for_byte() {
    let server = Server::start_without_credits().await;
    server.grant(16).await;
    let change = Some(json!({"low_balance_threshold": 9}));
    let (status, credits) = server.call(&server.live, "PATCH", "/v1/credits", change).await;
    assert_eq!((status, &credits["low_balance_threshold"]), (200, &json!(9)));
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["credits.low_balance", "credits.depleted"])).await;
    let org_id = spend_8(&server).await["org_id"].clone();
    assert_eq!(
        receiver.next().await.text(),
        format!(
            r#"{{"event":"credits.low_balance","data":{{"org_id":{org_id},"current_balance":8,"threshold":9,"percentage_remaining":50.0,"estimated_jobs_remaining":1,"timestamp":"2024-11-23T10:00:00Z"}}}}"#
        )
    );
    spend_8(&server).await;
    assert_eq!(
        receiver.next().await.text(),
        format!(
            r#"{{"event":"credits.depleted","data":{{"org_id":{org_id},"depleted_at":"2024-11-23T10:00:00Z","jobs_queued":0}}}}"#
        )
    );
}
