//! The server under test: the real program, as a process of its own, on a fresh data directory.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::generator::Target;
use crate::http::{self, Client};

/// Clock ticks in a second, as `/proc` counts processor time on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

pub struct Server {
    process: Child,
    pid: u32,
    data_dir: PathBuf,
    address: SocketAddr,
    key: String,
}

impl Server {
    pub async fn start(program: &Path, work_dir: &Path, options: &[&str]) -> Self {
        let data_dir = work_dir.join("data");
        let _ = fs::remove_dir_all(&data_dir);
        let log = fs::File::create(work_dir.join("server.log")).expect("a log");
        let mut process = Command::new(program)
            .args(["serve", "--dev", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data_dir)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let pid = process.id().expect("a process that runs");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let (mut address, mut key) = (None, None);
        while address.is_none() || key.is_none() {
            let line = lines.next_line().await.expect("its output").expect("an address and a key");
            if let Some(rest) = line.strip_prefix("DocExtract listens on http://") {
                address = rest.split_whitespace().next().and_then(|word| word.parse().ok());
            }
            if let Some(rest) = line.strip_prefix("Your API key, shown only now: ") {
                key = Some(rest.trim().to_owned());
            }
        }
        // What it prints after that is read and dropped, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { process, pid, data_dir, address: address.expect("an address"), key: key.expect("a key") }
    }

    /// Registers an endpoint for events of this type.
    pub async fn register(&self, url: &str, event: &str) {
        let body = format!(r#"{{"url":"{url}","events":["{event}"]}}"#);
        let request = http::post("/v1/webhooks", &self.key, &body);
        let (status, answer) = Client::connect(self.address).await.call(&request).await;
        assert!((200..300).contains(&status), "{url} was not registered: {status} {answer}");
    }

    pub fn target(&self, event: &'static str) -> Target {
        Target {
            address: self.address,
            path: "/v1/events",
            key: self.key.clone(),
            event,
            expected_status: 202,
        }
    }

    /// Seconds of processor time that the process has used.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&format!("/proc/{}/stat", self.pid))
    }

    /// The most memory that it has held, in MB.
    pub fn memory_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
        let kb: f64 = line.split_whitespace().next().expect("a number").parse().expect("a number");
        kb / 1024.0
    }

    /// Ends it without waiting for what it still holds: the figures have been taken.
    pub async fn stop(mut self) {
        let _ = self.process.kill().await;
        let _ = fs::remove_dir_all(&self.data_dir);
    }
}

/// Seconds of processor time in a `/proc/…/stat`.
pub fn cpu_seconds(path: &str) -> f64 {
    let stat = fs::read_to_string(path).expect("process accounting");
    let fields: Vec<&str> = stat[stat.rfind(')').expect("a name") + 2..].split_whitespace().collect();
    let ticks = |i: usize| fields[i].parse::<f64>().expect("ticks");
    (ticks(11) + ticks(12)) / TICKS_PER_SECOND
}
