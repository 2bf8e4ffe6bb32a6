//! The server is killed at random moments, under load, with receivers that fail at random.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::receiver::{Manner, Receiver};
use crate::support::{Api, Site, sample, seed};

const KILLS: usize = 50;

/// Submits documents and grants credits until the server dies under it; returns the ids accepted.
async fn load(api: Api, mut rng: StdRng) -> Vec<String> {
    let mut accepted = Vec::new();
    for _ in 0..20 {
        if rng.random_bool(0.15) {
            let grant = json!({"amount": rng.random_range(1..6)});
            if api.post("/v1/credits/grants", &grant).await.is_err() {
                break;
            }
        }
        let name = if rng.random_bool(0.3) { "broken.pdf" } else { "invoice.pdf" };
        match api.submit("invoice", name, sample(name)).await {
            Ok((202, job)) => accepted.push(job["id"].as_str().unwrap().to_owned()),
            Ok((status, body)) => panic!("the submission was answered {status}: {body}"),
            Err(_) => break,
        }
    }
    accepted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_lose_nothing() {
    let seed = seed("fifty_kills_lose_nothing");
    let mut rng = StdRng::seed_from_u64(seed);
    let env = [
        // Short waits and many of them: a receiver that fails a third of the time must not exhaust them.
        ("DOCEXTRACT_WEBHOOKS_RETRY_WAITS", [["20ms"; 15], ["100ms"; 15]].concat().join(",")),
        ("DOCEXTRACT_WEBHOOKS_ATTEMPT_TIMEOUT", "500ms".to_owned()),
    ];
    let env: Vec<(&'static str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let site = Site::new(30, &env).await;
    let first = site.serve().await;
    first.api.patch("/v1/credits", &json!({"low_balance_threshold": 10})).await;
    let mut receivers = Vec::new();
    for events in [&["*"][..], &["job.completed"], &["job.failed", "credits.depleted", "credits.low_balance"]]
    {
        receivers.push((Receiver::start(&first.api, events, Manner::Unreliable, rng.random()).await, events));
    }
    first.kill().await;

    let mut accepted = BTreeSet::new();
    for round in 0..KILLS {
        let round_seed: u64 = rng.random();
        let mut round_rng = StdRng::seed_from_u64(round_seed);
        let daemon = site.serve().await;
        let loads: Vec<_> = (0..3)
            .map(|_| tokio::spawn(load(daemon.api.clone(), StdRng::seed_from_u64(round_rng.random()))))
            .collect();
        let alive_ms = round_rng.random_range(0..500);
        println!("kill {round}: seed {round_seed}, after {alive_ms} ms");
        tokio::time::sleep(Duration::from_millis(alive_ms)).await;
        daemon.kill().await;
        for load in loads {
            accepted.extend(load.await.unwrap());
        }
    }

    let daemon = site.serve().await;
    let (status, body) = daemon.api.post("/v1/credits/grants", &json!({"amount": 100_000})).await.unwrap();
    assert_eq!(status, 201, "{body}");
    daemon.api.until_idle(&site).await;
    println!("{} documents were accepted", accepted.len());
    check_jobs_and_events(&daemon.api, &accepted, &receivers).await;
    check_ledger(&daemon.api).await;
    daemon.kill().await;
}

async fn check_jobs_and_events(
    api: &Api,
    accepted: &BTreeSet<String>,
    receivers: &[(Arc<Receiver>, &[&str])],
) {
    let jobs = api.all("/v1/documents").await;
    let ids: BTreeSet<String> = jobs.iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect();
    let lost: Vec<&String> = accepted.difference(&ids).collect();
    assert!(lost.is_empty(), "accepted and lost: {lost:?}");

    let events = api.all("/v1/events").await;
    let mut endings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for event in &events {
        if let Some(job) = event["job_id"].as_str() {
            endings.entry(job).or_default().push(event["event"].as_str().unwrap());
        }
    }
    for job in &jobs {
        let expected = match job["status"].as_str().unwrap() {
            "completed" => "job.completed",
            "failed" => "job.failed",
            unfinished => panic!("{} is {unfinished}", job["id"]),
        };
        assert_eq!(
            endings.get(job["id"].as_str().unwrap()),
            Some(&vec![expected]),
            "events of {}",
            job["id"]
        );
    }
    assert_eq!(endings.len(), jobs.len(), "an event reports a job that is not there");

    for (receiver, subscribed) in receivers {
        let acknowledged = receiver.acknowledged.lock().unwrap();
        for event in &events {
            let kind = event["event"].as_str().unwrap();
            let wanted = subscribed.contains(&"*") || subscribed.contains(&kind);
            let id = event["id"].as_str().unwrap();
            assert!(
                !wanted || acknowledged.contains(id),
                "{kind} {id} never reached a receiver of {subscribed:?}"
            );
        }
    }
    let delivered = api.all("/v1/deliveries?status=delivered").await.len();
    assert_eq!(api.all("/v1/deliveries").await.len(), delivered, "a delivery ended otherwise than delivered");
}

pub(crate) async fn check_ledger(api: &Api) {
    let credits = api.get("/v1/credits").await;
    let transactions = api.all("/v1/credits/transactions").await;
    let sum: i64 = transactions.iter().map(|row| row["amount"].as_i64().unwrap()).sum();
    assert_eq!(Some(sum), credits["balance"].as_i64(), "the ledger does not sum to the balance");
    assert!(
        transactions.iter().all(|row| row["balance_after"].as_i64().unwrap() >= 0),
        "a balance below zero"
    );

    let mut charges: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for row in transactions.iter().filter(|row| row["kind"] == "charge") {
        charges.entry(row["job_id"].as_str().unwrap()).or_default().push(-row["amount"].as_i64().unwrap());
    }
    for job in api.all("/v1/documents").await {
        let charged = charges.get(job["id"].as_str().unwrap()).cloned().unwrap_or_default();
        let expected: Vec<i64> = match &job["cost_credits"] {
            Value::Number(cost) if cost.as_i64() != Some(0) => vec![cost.as_i64().unwrap()],
            _ => Vec::new(),
        };
        assert_eq!(charged, expected, "charges of {} ({})", job["id"], job["status"]);
    }
}
