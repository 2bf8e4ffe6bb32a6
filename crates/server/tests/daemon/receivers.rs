//! Receivers in Node, Python and Go accept what the server sends: with nothing but HMAC, and with the
//! published Standard Webhooks packages.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::support::{Api, Site, root, sample};

#[derive(Deserialize)]
struct Manifested {
    name: String,
    command: Vec<String>,
}

/// A receiver's process and what it prints.
struct Receiver {
    name: String,
    webhook_url: String,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Receiver {
    /// Registers a webhook, starts the receiver with its secret, and points the webhook at it.
    ///
    /// None where the machine's Go is too old for the published package; setup.sh says so as well.
    async fn start(api: &Api, folder: &Path, receiver: Manifested) -> Option<Self> {
        let placeholder = json!({"url": "http://127.0.0.1:99/", "events": ["*"]});
        let (status, webhook) = api.post("/v1/webhooks", &placeholder).await.unwrap();
        assert_eq!(status, 201, "{webhook}");
        let mut process = Command::new(folder.join(&receiver.command[0]))
            .args(&receiver.command[1..])
            .current_dir(folder)
            .env("PORT", "0")
            .env("WEBHOOK_SECRET", webhook["secret"].as_str().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next_line().await.unwrap().unwrap_or_default();
        if let Some(reason) = first.strip_prefix("unavailable: ") {
            println!("{} is left out: {reason}", receiver.name);
            let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
            api.patch(&path, &json!({"status": "disabled"})).await;
            return None;
        }
        let port = first.strip_prefix("listening ").unwrap_or_else(|| {
            panic!("{} did not start (run examples/receivers/setup.sh): {first:?}", receiver.name)
        });
        let webhook_url = format!("http://127.0.0.1:{port}/webhooks/docextract");
        let id = webhook["id"].as_str().unwrap();
        api.patch(&format!("/v1/webhooks/{id}"), &json!({"url": webhook_url})).await;
        Some(Self { name: receiver.name, webhook_url, lines, _process: process })
    }

    /// Reads what the receiver says until it has accepted each of these event types.
    async fn accepts(&mut self, events: &[&str]) {
        let mut missing: BTreeSet<&str> = events.iter().copied().collect();
        while !missing.is_empty() {
            let line = self.lines.next_line().await.unwrap();
            let line = line.unwrap_or_else(|| panic!("{} ended; still missing {missing:?}", self.name));
            let said: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(said["accepted"], true, "{} refused a delivery: {said}", self.name);
            missing.remove(said["event"].as_str().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receivers_in_three_languages_accept_what_is_sent() {
    let folder = root().join("examples/receivers").canonicalize().unwrap();
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: Vec<Manifested> = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest.len(), 6, "three languages, each with and without a library");
    let site = Site::new(100, &[]).await;
    let daemon = site.serve().await;
    let mut receivers = Vec::new();
    for receiver in manifest {
        receivers.extend(Receiver::start(&daemon.api, &folder, receiver).await);
    }
    assert!(receivers.len() >= 5, "only the Go receiver with a library may be left out");
    for name in ["invoice.pdf", "broken.pdf"] {
        let (status, job) = daemon.api.submit("invoice", name, sample(name)).await.unwrap();
        assert_eq!(status, 202, "{job}");
    }
    for receiver in &mut receivers {
        let test = json!({"webhook_url": receiver.webhook_url});
        let (status, answer) = daemon.api.post("/v1/webhooks/test", &test).await.unwrap();
        assert_eq!((status, &answer["delivered"]), (200, &json!(true)), "{}: {answer}", receiver.name);
        receiver.accepts(&["job.completed", "job.failed", "webhook.test"]).await;
    }
    daemon.kill().await;
}
