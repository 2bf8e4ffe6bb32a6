//! Secrets at rest: what the files of a data directory and a log at its most talkative do not show, a key
//! that is replaced while the server runs, and one that is not there.

use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{Api, Site, sample, until};

const EVENT: &str = "order.paid";
const HEADER_VALUE: &str = "hunter2-of-a-header";
const MARK: &str = "a description that is no secret";

/// Every file below a folder, but for the key file.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.file_name().is_some_and(|name| name != "secrets.key") {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn assert_nothing_is_shown(folder: &Path, secrets: &[String]) {
    let mut found = Vec::new();
    files(folder, &mut found);
    assert!(found.iter().any(|(_, bytes)| contains(bytes, MARK)), "the search finds what is there");
    for (path, bytes) in &found {
        for secret in secrets {
            assert!(!contains(bytes, secret), "{path} shows {secret}");
        }
    }
}

/// What the server's own inbox has received of our event, once there is as much of it.
async fn received(api: &Api, site: &Site, count: usize) -> Vec<Value> {
    let mut received = Vec::new();
    until(
        &format!("{count} webhooks have come in"),
        || site.log(),
        async || {
            let all = api.get("/dev/inbox.json").await;
            received = all.as_array().unwrap().iter().filter(|one| one["event"] == EVENT).cloned().collect();
            received.len() >= count
        },
    )
    .await;
    received
}

async fn publish(api: &Api) {
    let (status, event) = api.post("/v1/events", &json!({"event": EVENT, "data": {}})).await.unwrap();
    assert_eq!(status, 202, "{event}");
}

/// Has the inbox's webhook ask for our event, and returns it.
async fn subscribe_inbox(api: &Api) -> Value {
    let webhooks = api.get("/v1/webhooks").await;
    let id = webhooks["data"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({"events": [EVENT], "description": MARK, "headers": {"X-Whatever": HEADER_VALUE}});
    api.patch(&format!("/v1/webhooks/{id}"), &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_and_no_log_shows_a_secret() {
    let site = Site::new(100, &[("DOCEXTRACT_LOG_LEVEL", "trace")]).await;
    let daemon = site.serve().await;
    let api = &daemon.api;
    let inbox = subscribe_inbox(api).await;
    let id = inbox["id"].as_str().unwrap();
    let mut shown = Vec::new();
    let mut note = |secret: &Value| {
        let text = secret.as_str().unwrap_or_else(|| panic!("{secret} is no secret")).to_owned();
        // Also as the bytes that it stands for are written.
        shown.push(text.trim_start_matches("whsec_").to_owned());
    };
    note(&api.get(&format!("/v1/webhooks/{id}/secret")).await["secret"]);

    let pair = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["client".to_owned()]).unwrap().self_signed(&pair).unwrap();
    let body = json!({
        "url": "https://127.0.0.1:99/", "events": [EVENT], "description": MARK,
        "client_certificate": {"certificate": certificate.pem(), "private_key": pair.serialize_pem()},
    });
    // Answers to these are kept, secrets and all.
    let created = api.post_once("/v1/webhooks", &body, "create").await;
    assert_eq!(created.status, 201, "{created:?}");
    note(&created.body["secret"]);
    let rotated = api
        .post_once(&format!("/v1/webhooks/{id}/rotate-secret"), &json!({"overlap": "24h"}), "rotate")
        .await;
    assert_eq!(rotated.status, 200, "{rotated:?}");
    note(&rotated.body["secret"]);
    let again = api.post_once("/v1/webhooks", &body, "create").await;
    assert_eq!(again.body, created.body, "the kept answer is the first");
    let (status, key) =
        api.post("/v1/keys", &json!({"mode": "live", "scopes": ["documents:read"]})).await.unwrap();
    assert_eq!(status, 201, "{key}");
    note(&key["key"]);
    publish(api).await;
    assert_eq!(received(api, &site, 1).await[0]["verified"], true);

    let pem = pair.serialize_pem();
    shown.push(pem.lines().nth(1).unwrap().to_owned());
    shown.push(HEADER_VALUE.to_owned());
    shown.push(site.key.clone());
    let key_file = std::fs::read_to_string(site.dir.path().join("secrets.key")).unwrap();
    shown.push(key_file.lines().last().unwrap().to_owned());
    daemon.kill().await;
    assert!(site.dir.path().join("docextract.db-wal").exists(), "what is in the log counts, too");
    assert_nothing_is_shown(site.dir.path(), &shown);
    let daemon = site.serve().await;
    daemon.terminate();
    daemon.wait().await;
    assert_nothing_is_shown(site.dir.path(), &shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_documents_password_waits_sealed_and_is_forgotten_when_the_document_was_read() {
    // One credit pays for no invoice: the job waits, with its password, over a restart.
    let site = Site::new(1, &[("DOCEXTRACT_LOG_LEVEL", "trace")]).await;
    let daemon = site.serve().await;
    let encrypted = STANDARD.encode(sample("encrypted.pdf"));
    let body = json!({
        "extractor_id": "invoice", "document": encrypted, "password": "fernhollow", "metadata": {"mark": MARK},
    });
    let held = daemon.api.post_once("/v1/documents", &body, "once").await;
    assert_eq!(held.body["hold_reason"], "insufficient_credits", "{held:?}");
    daemon.kill().await;
    let shown = ["fernhollow".to_owned()];
    assert_nothing_is_shown(site.dir.path(), &shown);

    let daemon = site.serve().await;
    site.command(&["credits", "grant", "50"]).await;
    let api = &daemon.api;
    let path = format!("/v1/documents/{}", held.body["id"].as_str().unwrap());
    let ended = async |path: &str| {
        let mut job = Value::Null;
        let what = format!("{path} has ended");
        until(
            &what,
            || site.log(),
            async || {
                job = api.get(path).await;
                !job["completed_at"].is_null()
            },
        )
        .await;
        job
    };
    let read = ended(&path).await;
    assert_eq!(read["extracted_data"]["invoice_number"], "HF-2024-0387", "{read}");

    let again = async |body: &Value| {
        let (status, job) = api.post(&format!("{path}/retry"), body).await.unwrap();
        assert_eq!(status, 202, "{job}");
        ended(&format!("/v1/documents/{}", job["id"].as_str().unwrap())).await
    };
    let without = again(&json!({})).await;
    assert_eq!(
        without["error_details"]["code"], "document_encrypted",
        "the first one's is forgotten: {without}"
    );
    assert!(without["error_details"]["suggestion"].as_str().unwrap().contains("`password`"), "{without}");
    let wrong = again(&json!({"password": "fernhollow2"})).await;
    assert!(wrong["error_details"]["message"].as_str().unwrap().contains("does not open"), "{wrong}");
    assert_eq!(again(&json!({"password": "fernhollow"})).await["status"], "completed");

    let form = reqwest::multipart::Form::new()
        .text("extractor_id", "invoice")
        .text("password", "fernhollow")
        .part("file", reqwest::multipart::Part::bytes(sample("encrypted.pdf")));
    let request = reqwest::Client::new().post(format!("http://{}/v1/documents?wait=30s", site.address()));
    let answer = request.bearer_auth(&site.key).multipart(form).send().await.unwrap();
    let job: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(job["status"], "completed", "{job}");
    daemon.terminate();
    daemon.wait().await;
    assert_nothing_is_shown(site.dir.path(), &shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_replaced_while_the_server_runs_and_signatures_stay_right() {
    let site = Site::new(100, &[]).await;
    let daemon = site.serve().await;
    subscribe_inbox(&daemon.api).await;
    let key_file = site.dir.path().join("secrets.key");
    let keys = || {
        let text = std::fs::read_to_string(&key_file).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    let first = keys();
    publish(&daemon.api).await;
    received(&daemon.api, &site, 1).await;
    site.command(&["secrets", "rotate"]).await;
    let both = keys();
    assert_eq!((both.len(), &both[1]), (2, &first[0]));
    publish(&daemon.api).await;
    received(&daemon.api, &site, 2).await;
    // The server writes secrets, too.
    subscribe_inbox(&daemon.api).await;
    site.command(&["secrets", "rotate", "--forget"]).await;
    let last = keys();
    assert!(last.len() == 1 && !both.contains(&last[0]), "{last:?}");
    publish(&daemon.api).await;
    let all = received(&daemon.api, &site, 3).await;
    assert!(all.iter().all(|one| one["verified"] == true), "{all:?}");
    daemon.kill().await;
    // It reads everything with that key alone.
    let daemon = site.serve().await;
    publish(&daemon.api).await;
    assert_eq!(received(&daemon.api, &site, 1).await[0]["verified"], true);
    daemon.kill().await;
}

/// What `serve` says when it does not start.
async fn refusal(site: &Site) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_docextract"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(site.dir.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_missing_or_wrong_is_told_and_none_is_made_up() {
    let site = Site::new(100, &[]).await;
    let (key_file, aside) = (site.dir.path().join("secrets.key"), site.dir.path().join("aside"));
    std::fs::rename(&key_file, &aside).unwrap();
    let missing = refusal(&site).await;
    assert!(
        missing.contains("secrets.key does not exist") && missing.contains("hint: put the key file back"),
        "{missing}"
    );
    assert!(!key_file.exists());
    std::fs::write(&key_file, format!("{}\n", "0a".repeat(32))).unwrap();
    let wrong = refusal(&site).await;
    assert!(wrong.contains("sealed with key") && wrong.contains("hint: give back the key file"), "{wrong}");
    std::fs::write(&key_file, "no key\n").unwrap();
    let malformed = refusal(&site).await;
    assert!(
        malformed.contains("line 1 is no key") && malformed.contains("openssl rand -hex 32"),
        "{malformed}"
    );
    // Somewhere else is as good, and so is the variable.
    let daemon = site.serve_with(&[("DOCEXTRACT_SECRETS_KEY_FILE", aside.clone())]).await;
    daemon.api.get("/v1/webhooks").await;
    daemon.kill().await;
    let key = std::fs::read_to_string(&aside).unwrap().lines().last().unwrap().to_owned();
    let daemon = site.serve_with(&[("DOCEXTRACT_SECRET_KEY", key.into())]).await;
    daemon.api.get("/v1/webhooks").await;
    daemon.kill().await;
}
