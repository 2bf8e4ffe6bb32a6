//! The server is killed at random moments, under load, with receivers that fail at random.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use docextract_model::limits;
use futures_util::StreamExt as _;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::receiver::{Manner, Receipt, Receiver};
use crate::support::{Api, Site, sample, seed};

const KILLS: usize = 200;
/// The longest time that a server lives after it was ready.
const ALIVE_MS_MAX: u64 = 250;
/// Who submits to one server, and how.
#[derive(Clone, Copy)]
struct Load {
    submitters: usize,
    /// Between two operations of one submitter.
    pause_ms_max: u64,
    /// What each of them does at most.
    operations_max: usize,
}

/// Enough to be at it when the kill comes, and little enough that what is left at the end is soon done.
const LOAD: Load = Load { submitters: 3, pause_ms_max: 40, operations_max: 12 };
/// As fast as the server answers, so that the kill finds all windows full and much that waits.
const FULL_LOAD: Load = Load { submitters: 32, pause_ms_max: 1, operations_max: 40 };
/// Every so many lives are under full load.
const FULL_LOAD_EVERY: usize = 20;
/// A type of the organisation's own, which costs no extraction.
const EVENT: &str = "order.placed";
/// Requests to the API at the same time, where every object is looked at.
const LOOKS: usize = 8;

/// What the server promised.
#[derive(Default)]
struct Accepted {
    documents: BTreeSet<String>,
    events: BTreeSet<String>,
}

/// Publishes events, submits documents and grants credits until the server dies under it.
async fn load(api: Api, load: Load, mut rng: StdRng) -> Accepted {
    let mut accepted = Accepted::default();
    for _ in 0..load.operations_max {
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..load.pause_ms_max))).await;
        let answer = match rng.random_range(0..100) {
            0..10 => {
                let grant = json!({"amount": rng.random_range(1..6)});
                api.post("/v1/credits/grants", &grant).await.map(|_| None)
            }
            10..25 => {
                let name = ["broken.pdf", "invoice.pdf", "invoice.html"][rng.random_range(0..3)];
                api.submit("invoice", name, sample(name)).await.map(Some)
            }
            _ => {
                let event = json!({"event": EVENT, "data": {"number": rng.random_range(0..1_000_000)}});
                api.post("/v1/events", &event).await.map(Some)
            }
        };
        match answer {
            Ok(None) => {}
            Ok(Some((202, body))) => {
                let id = body["id"].as_str().unwrap().to_owned();
                if id.starts_with("evt_") {
                    accepted.events.insert(id)
                } else {
                    accepted.documents.insert(id)
                };
            }
            Ok(Some((status, body))) => panic!("a submission was answered {status}: {body}"),
            Err(_) => break,
        }
    }
    accepted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_kills_lose_nothing_and_repeat_only_what_was_in_flight() {
    let seed = seed("two_hundred_kills_lose_nothing_and_repeat_only_what_was_in_flight");
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
    for events in
        [&["*", EVENT][..], &["job.completed"], &["job.failed", "credits.depleted", "credits.low_balance"]]
    {
        receivers.push((Receiver::start(&first.api, events, Manner::Unreliable, rng.random()).await, events));
    }
    first.kill().await;

    let mut accepted = Accepted::default();
    for round in 0..KILLS {
        let round_seed: u64 = rng.random();
        let mut round_rng = StdRng::seed_from_u64(round_seed);
        let daemon = site.serve().await;
        let how = if round % FULL_LOAD_EVERY == FULL_LOAD_EVERY - 1 { FULL_LOAD } else { LOAD };
        let loads: Vec<_> = (0..how.submitters)
            .map(|_| tokio::spawn(load(daemon.api.clone(), how, StdRng::seed_from_u64(round_rng.random()))))
            .collect();
        let alive_ms = round_rng.random_range(0..ALIVE_MS_MAX);
        println!("kill {round}: seed {round_seed}, after {alive_ms} ms");
        tokio::time::sleep(Duration::from_millis(alive_ms)).await;
        daemon.kill().await;
        for load in loads {
            let Accepted { documents, events } = load.await.unwrap();
            accepted.documents.extend(documents);
            accepted.events.extend(events);
        }
        for (receiver, _) in &receivers {
            receiver.next_life().await;
        }
    }

    let daemon = site.serve().await;
    let (status, body) = daemon.api.post("/v1/credits/grants", &json!({"amount": 100_000})).await.unwrap();
    assert_eq!(status, 201, "{body}");
    daemon.api.until_idle(&site).await;
    println!("{} documents and {} events were accepted", accepted.documents.len(), accepted.events.len());
    check_jobs_and_events(&daemon.api, &accepted, &receivers).await;
    check_attempts(&daemon.api, &receivers).await;
    check_ledger(&daemon.api).await;
    daemon.kill().await;
}

async fn check_jobs_and_events(api: &Api, accepted: &Accepted, receivers: &[(Arc<Receiver>, &[&str])]) {
    let jobs = api.all("/v1/documents").await;
    let ids: BTreeSet<String> = jobs.iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect();
    let lost: Vec<&String> = accepted.documents.difference(&ids).collect();
    assert!(lost.is_empty(), "accepted and lost: {lost:?}");

    let events = api.all("/v1/events").await;
    let ids: BTreeSet<String> = events.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect();
    let lost: Vec<&String> = accepted.events.difference(&ids).collect();
    assert!(lost.is_empty(), "accepted and lost: {lost:?}");
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

/// Every delivery's attempts are numbered without a gap, the receiver was told those numbers, and an attempt
/// was made again only if a kill came between it and its outcome.
async fn check_attempts(api: &Api, receivers: &[(Arc<Receiver>, &[&str])]) {
    let mut receipts: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
    for (receiver, _) in receivers {
        for receipt in receiver.receipts.lock().unwrap().iter() {
            receipts.entry(receipt.delivery_id.clone()).or_default().push(receipt.clone());
        }
    }
    let ids: Vec<String> = api
        .all("/v1/deliveries")
        .await
        .iter()
        .map(|delivery| delivery["id"].as_str().unwrap().to_owned())
        .collect();
    let looks = ids.iter().map(|id| async move { api.get(&format!("/v1/deliveries/{id}")).await });
    let deliveries: Vec<Value> = futures_util::stream::iter(looks).buffer_unordered(LOOKS).collect().await;

    // Of each life, what was sent and not recorded before the kill.
    let mut unrecorded = vec![0_usize; KILLS + 1];
    for delivery in &deliveries {
        let id = delivery["id"].as_str().unwrap();
        let attempts = delivery["attempts"].as_array().unwrap();
        let numbers: Vec<u64> = attempts.iter().map(|attempt| attempt["number"].as_u64().unwrap()).collect();
        assert!(numbers.iter().copied().eq(1..=attempts.len() as u64), "the attempts of {id}: {numbers:?}");
        assert_eq!(delivery["attempt_count"], attempts.len(), "{id}");
        let (last, earlier) = attempts.split_last().unwrap();
        assert!(last["error"].is_null(), "{id} is delivered: {last}");
        assert!(
            earlier.iter().all(|attempt| attempt["error"].is_object()),
            "{id} was sent again after it had been delivered: {attempts:?}"
        );
        // The inbox of `--dev` is a webhook, too, and keeps no such record.
        if !receivers.iter().any(|(receiver, _)| delivery["url"] == receiver.url.as_str()) {
            continue;
        }
        let received = receipts.remove(id).unwrap_or_default();
        for attempt in attempts {
            let (number, status) = (attempt["number"].as_u64().unwrap(), attempt["status_code"].as_u64());
            let same: Vec<&Receipt> = received.iter().filter(|receipt| receipt.attempt == number).collect();
            assert!(
                status.is_none_or(|status| same.iter().any(|receipt| u64::from(receipt.status) == status)),
                "{id} has an attempt that its receiver knows otherwise: {attempt} and {same:?}"
            );
            let mut lives: Vec<usize> = same.iter().map(|receipt| receipt.life).collect();
            lives.sort_unstable();
            assert!(
                lives.windows(2).all(|pair| pair[0] < pair[1]),
                "attempt {number} of {id} was made twice without a kill between: {lives:?}"
            );
            for life in lives.iter().rev().skip(1) {
                unrecorded[*life] += 1;
            }
        }
        assert!(
            received.iter().all(|receipt| numbers.contains(&receipt.attempt)),
            "{id} was received as an attempt that its log does not have: {numbers:?}, {received:?}"
        );
    }
    assert!(receipts.is_empty(), "deliveries were received and are not in the log: {receipts:?}");
    let most = unrecorded.iter().max().copied().unwrap_or_default();
    let again: usize = unrecorded.iter().sum();
    println!(
        "{} deliveries; {again} attempts were made again, at most {most} after one kill",
        deliveries.len()
    );
    assert!(most <= receivers.len() * limits::LANE_IN_FLIGHT_MAX, "{most} were made again after one kill");
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
